# %% [markdown] item="q4a"
# 36864

# %% [markdown] item="q4b"
# b, c, e

# %% [markdown] item="q4c"
# d

# %% [markdown] item="q4"
# Max pooling has no parameters: taking the largest of four values needs nothing to be learned. The convolution would
# add parameters, 36,928 of them in the example above, which have to be stored and trained.
# Pooling is also cheaper to compute, it makes the network a little invariant to small shifts of the image, and it
# keeps the strongest signal of each window.
