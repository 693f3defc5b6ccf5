# %% [markdown] item="q1a"
# 2,304,064

# %% [markdown] item="q1b"
# 4,864

# %% [markdown] item="q1c"
# a, c, e

# %% [markdown] item="q1d"
# c

# %% [markdown] item="q1"
# A CNN has fewer parameters than a dense network.
