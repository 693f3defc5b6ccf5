# %% [markdown] item="q7a"
# 102,764,544

# %% [markdown] item="q7b"
# 1

# %% [markdown] item="q7c"
# d, b, e, a, c

# %% [markdown] item="q7d"
# b, d, e

# %% [markdown] item="q7"
# A fully convolutional network is made of convolutional and pooling layers only; it has no dense layer anywhere.
# So it takes images of any size, whereas a dense layer needs a fixed number of inputs. A larger image simply yields a
# grid of predictions.
# To convert a dense layer into a convolutional layer, make the kernel as large as the feature maps that come in: 7×7
# in the example above.
# Give it as many filters as the dense layer has units.
# Take valid padding and a stride of 1. Then reshape the weights of the dense layer into the shape of the kernels and
# copy them, with the biases.
