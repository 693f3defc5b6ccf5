# %% [markdown] item="q7a"
# 102,764,544

# %% [markdown] item="q7b"
# 112

# %% [markdown] item="q7c"
# d, b, e, a, c

# %% [markdown] item="q7d"
# b, d, e

# %% [markdown] item="q7"
# A fully convolutional network has convolutional and pooling layers only. It accepts images of any size. To convert a dense layer into a convolutional layer, the kernel gets the size of the layer's input, with stride 1 and valid padding.
