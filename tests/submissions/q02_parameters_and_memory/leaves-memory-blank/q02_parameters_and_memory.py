# %% [markdown] item="q2a"
# Layer 1: (3·3·3 + 1)·100 = 2,800
#
# Layer 2: (3·3·100 + 1)·200 = 180,200
#
# Layer 3: (3·3·200 + 1)·400 = 720,400
#
# Together: 2,800 + 180,200 + 720,400 = 903,400

# %% [markdown] item="q2b"
# *Replace this line by your answer.*

# %% [markdown] item="q2c"
# *Replace this line by your answer.*
