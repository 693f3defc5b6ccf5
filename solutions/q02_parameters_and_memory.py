# %% [markdown] item="q2a"
# A filter reads a 3×3 window of every map below it and adds one bias, so each layer has
# (3·3·maps in + 1)·maps out parameters.
#
# - Layer 1 reads the three colours: (3·3·3 + 1)·100 = 28·100 = 2,800
# - Layer 2 reads 100 maps: (3·3·100 + 1)·200 = 901·200 = 180,200
# - Layer 3 reads 200 maps: (3·3·200 + 1)·400 = 1,801·400 = 720,400
#
# In total 2,800 + 180,200 + 720,400 = 903,400 parameters. Neither the size of the image nor the stride plays a part.

# %% [markdown] item="q2b"
# With `same` padding, height and width are divided by the stride and rounded up. A float takes 4 bytes.
#
# - Layer 1: 100·150·100 = 1,500,000 floats, 6,000,000 bytes
# - Layer 2: 50·75·200 = 750,000 floats, 3,000,000 bytes
# - Layer 3: 25·38·400 = 380,000 floats, 1,520,000 bytes
#
# A layer's maps can go as soon as the next layer has read them, so two neighbours are in memory at a time, and the
# fullest moment is the end of layer 2: 6,000,000 + 3,000,000 = 9,000,000 bytes. The parameters stay all the time:
# 903,400·4 = 3,613,600 bytes.
#
# At least 9,000,000 + 3,613,600 = 12,613,600 bytes, about 12.6 MB.

# %% [markdown] item="q2c"
# The way back needs every value of the way forward, so nothing can be released and every image needs its own maps:
# 50·(6,000,000 + 3,000,000 + 1,520,000) = 50·10,520,000 = 526,000,000 bytes.
#
# The images themselves: 50·200·300·3·4 = 36,000,000 bytes.
#
# The parameters are shared by all images: 3,613,600 bytes, once.
#
# In total 526,000,000 + 36,000,000 + 3,613,600 = 565,613,600 bytes, about 566 MB. Gradients of the parameters could
# add another 3.6 MB; they can be applied and released layer by layer.
