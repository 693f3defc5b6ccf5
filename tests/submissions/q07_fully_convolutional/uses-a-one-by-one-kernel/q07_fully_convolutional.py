# %% [markdown] item="q7a"
# 2,101,248

# %% [markdown] item="q7b"
# 112

# %% [markdown] item="q7c"
# d, b, e, a, c

# %% [markdown] item="q7d"
# b, d, e

# %% [markdown] item="q7"
# A fully convolutional network is made of convolutional and pooling layers only. It can take images of any size. To convert a dense layer, replace it by a 1×1 convolution.
