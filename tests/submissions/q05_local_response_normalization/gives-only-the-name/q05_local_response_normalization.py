# %% [markdown] item="q5a"
# 4

# %% [markdown] item="q5b"
# b

# %% [markdown] item="q5c"
# c, e

# %% [markdown] item="q5"
# It is a local response normalisation layer.
