# %% [markdown]
# Why: (3 · 3 · 64 + 1) · 64 for the convolution, and nothing at all for the pooling. The size of the maps does not matter.

# %% [markdown] item="q4a"
# 36,928

# %% [markdown]
# Why: pooling keeps the largest value of each window in each map, and neither its address nor its losing neighbours.

# %% [markdown] item="q4b"
# b, c, e

# %% [markdown]
# Why: what both layers do in the same way can be no reason to prefer one of them.

# %% [markdown] item="q4c"
# d

# %% [markdown]
# Why the first sentence comes first: it is the whole answer. The others are reasons too, and smaller ones.

# %% [markdown] item="q4"
# Max pooling has no parameters: taking the largest of four values needs nothing to be learned. The convolution would
# add parameters, 36,928 of them in the example above, which have to be stored and trained.
# Pooling is also cheaper to compute, it makes the network a little invariant to small shifts of the image, and it
# keeps the strongest signal of each window.
