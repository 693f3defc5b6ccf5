# %% [markdown] item="q6a"
# 1-f, 2-c, 3-e, 4-d, 5-a, 6-b

# %% [markdown] item="q6b"
# c, e, f, a, d, b

# %% [markdown] item="q6c"
# 33,920

# %% [markdown] item="q6d"
# c

# %% [markdown] item="q6"
# *Replace this line by your answer.*
