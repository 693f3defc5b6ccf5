# %% [markdown] item="q3a"
# 154.1 MB

# %% [markdown] item="q3b"
# *Replace this line by your answer.*

# %% [markdown] item="q3c"
# *Replace this line by your answer.*

# %% [markdown] item="q3"
# *Replace this line by your answer.*
