# %% [markdown] item="q8a"
# 1,024

# %% [markdown] item="q8b"
# b

# %% [markdown] item="q8c"
# 1-e, 2-d, 3-b, 4-a

# %% [markdown] item="q8"
# *Replace this line by your answer.*
