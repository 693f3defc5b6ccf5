# %% [markdown] item="q4a"
# 36,928

# %% [markdown] item="q4b"
# b, c, e

# %% [markdown] item="q4c"
# d

# %% [markdown] item="q4"
# *Replace this line by your answer.*
