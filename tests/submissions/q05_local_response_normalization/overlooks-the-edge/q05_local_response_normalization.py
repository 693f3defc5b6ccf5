# %% [markdown] item="q5a"
# 5

# %% [markdown] item="q5b"
# b

# %% [markdown] item="q5c"
# c, e

# %% [markdown] item="q5"
# It lets neurons compete across feature maps. A strongly activated neuron inhibits the neurons at the same position
# in the neighbouring feature maps.
# A feature map that is always beaten by its neighbour gains nothing by looking for the same thing. So the maps
# specialise and become different from each other, and together they cover a wider range of features.
# One puts it in the lower layers, shortly after the input, where the simple features are found. The upper layers then
# have a richer choice to combine, and the network generalises better.
