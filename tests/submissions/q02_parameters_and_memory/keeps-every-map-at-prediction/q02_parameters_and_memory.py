# %% [markdown] item="q2a"
# Layer 1: (3·3·3 + 1)·100 = 2,800
#
# Layer 2: (3·3·100 + 1)·200 = 180,200
#
# Layer 3: (3·3·200 + 1)·400 = 720,400
#
# Together: 2,800 + 180,200 + 720,400 = 903,400

# %% [markdown] item="q2b"
# Maps: 6,000,000 + 3,000,000 + 1,520,000 = 10,520,000 bytes. Parameters: 3,613,600 bytes. Together 14,133,600 bytes = 14.13 MB.

# %% [markdown] item="q2c"
# 50 times 14.13 MB: 50·14,133,600 bytes = 706,680,000 bytes, 706.7 MB
