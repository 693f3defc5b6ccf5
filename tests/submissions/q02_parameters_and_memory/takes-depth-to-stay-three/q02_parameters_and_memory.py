# %% [markdown] item="q2a"
# (3·3·3 + 1)·100 + (3·3·3 + 1)·200 + (3·3·3 + 1)·400 = 2,800 + 5,600 + 11,200 = 19,600

# %% [markdown] item="q2b"
# The two largest layers take 6 MB + 3 MB = 9 MB. The parameters take 19,600·4 = 78,400 bytes. Total 9.08 MB.

# %% [markdown] item="q2c"
# 50·10.52 MB = 526 MB for the maps, 50·0.72 MB = 36 MB for the images, 0.0784 MB for the parameters: 562.08 MB in total.
