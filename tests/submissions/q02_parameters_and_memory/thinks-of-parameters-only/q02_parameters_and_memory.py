# %% [markdown] item="q2a"
# Layer 1: (3·3·3 + 1)·100 = 2,800
#
# Layer 2: (3·3·100 + 1)·200 = 180,200
#
# Layer 3: (3·3·200 + 1)·400 = 720,400
#
# Together: 2,800 + 180,200 + 720,400 = 903,400

# %% [markdown] item="q2b"
# 903,400·4 bytes = 3,613,600 bytes, about 3.6 MB

# %% [markdown] item="q2c"
# For 50 images 50·3.6 MB = 180 MB
