# %% [markdown]
# Why: (7 · 7 · 512 + 1) · 4,096, exactly as many as the dense layer had. The same numbers are computed from the same weights.

# %% [markdown] item="q7a"
# 102,764,544

# %% [markdown]
# Why: a kernel of 7 fits at 14 - 7 + 1 = 8 heights and 20 - 7 + 1 = 14 widths.

# %% [markdown] item="q7b"
# 112

# %% [markdown]
# Why: the shape gives the kernel, the kernel gives the layer, the layer takes the weights; then the test, and then the reward.

# %% [markdown] item="q7c"
# d, b, e, a, c

# %% [markdown]
# Why: what is learned for a kernel or a channel does not depend on height and width. What is learned for a position does.

# %% [markdown] item="q7d"
# b, d, e

# %% [markdown]
# Why six statements: two about the network, four ingredients of the recipe, and nothing that a colleague would have to guess.

# %% [markdown] item="q7"
# A fully convolutional network is made of convolutional and pooling layers only; it has no dense layer anywhere.
# So it takes images of any size, whereas a dense layer needs a fixed number of inputs. A larger image simply yields a
# grid of predictions.
# To convert a dense layer into a convolutional layer, make the kernel as large as the feature maps that come in: 7×7
# in the example above.
# Give it as many filters as the dense layer has units.
# Take valid padding and a stride of 1. Then reshape the weights of the dense layer into the shape of the kernels and
# copy them, with the biases.
