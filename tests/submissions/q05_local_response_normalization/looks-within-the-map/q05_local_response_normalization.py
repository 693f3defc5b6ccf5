# %% [markdown] item="q5a"
# 25

# %% [markdown] item="q5b"
# b

# %% [markdown] item="q5c"
# c, d, e

# %% [markdown] item="q5"
# The strongest neurons inhibit the neurons next to them in the same feature map.
