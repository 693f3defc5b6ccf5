# %% [markdown] item="q5a"
# 4

# %% [markdown] item="q5b"
# d

# %% [markdown] item="q5c"
# b, c, e

# %% [markdown] item="q5"
# It makes bright and dark parts of a photograph equally bright before the convolutions see them.
