# %% [markdown] item="q2a"
# Each layer has kernel × kernel × maps in × maps out weights.
#
# 3·3·3·100 = 2,700
#
# 3·3·100·200 = 180,000
#
# 3·3·200·400 = 720,000
#
# Total 902,700

# %% [markdown] item="q2b"
# 6 MB for layer 1 and 3 MB for layer 2, and 902,700·4 = 3,610,800 bytes of parameters, so 12.61 MB.

# %% [markdown] item="q2c"
# 526 MB of maps, 36 MB of images and 3.61 MB of parameters: 565.6 MB
