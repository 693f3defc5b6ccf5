# %% [markdown]
# Why: maps 0, 1, 2 and 3. Map number 1 has only one neighbour before it, although the radius would allow two.

# %% [markdown] item="q5a"
# 4

# %% [markdown]
# Why: B stands above the line in both places; below the line, beside A, stands a much larger sum.

# %% [markdown] item="q5b"
# b

# %% [markdown]
# Why: the layer is a fixed formula over neighbouring maps of one image. It learns nothing, and the batch does not enter.

# %% [markdown] item="q5c"
# c, e

# %% [markdown]
# Why "neighbouring maps" stands in the first sentence: without it the answer would fit many layers.

# %% [markdown] item="q5"
# It lets neurons compete across feature maps. A strongly activated neuron inhibits the neurons at the same position
# in the neighbouring feature maps.
# A feature map that is always beaten by its neighbour gains nothing by looking for the same thing. So the maps
# specialise and become different from each other, and together they cover a wider range of features.
# One puts it in the lower layers, shortly after the input, where the simple features are found. The upper layers then
# have a richer choice to combine, and the network generalises better.
