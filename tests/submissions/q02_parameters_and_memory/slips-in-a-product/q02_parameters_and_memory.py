# %% [markdown] item="q2a"
# Layer 1: (3·3·3 + 1)·100 = 2,800
#
# Layer 2: (3·3·100 + 1)·200 = 182,200
#
# Layer 3: (3·3·200 + 1)·400 = 720,400
#
# Together: 905,400

# %% [markdown] item="q2b"
# Layers 1 and 2 are alive together: 100·150·100·4 = 6,000,000 bytes and 50·75·200·4 = 3,000,000 bytes.
#
# The parameters: 905,400·4 = 3,621,600 bytes. All in all 12,621,600 bytes, or 12.6 MB.

# %% [markdown] item="q2c"
# All maps of 50 images: 50·10.52 MB = 526 MB. The images: 50·0.72 MB = 36 MB. The parameters: 3.6 MB.
#
# In total 565.6 MB.
