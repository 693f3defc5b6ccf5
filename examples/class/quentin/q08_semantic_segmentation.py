# %% [markdown]
# # A label for every pixel
#
# A classifier looks at a meadow and says "sheep". It has earned its reputation by not caring *where* the sheep stands: layer by layer it
# trades the where for the what, until there is a great deal of what on a very small map.
#
# Semantic segmentation wants both. It asks for a label for every single pixel, ears and fence posts included, and so it asks
# the classifier for the very thing that the classifier was built to give away.
#
# Work out how much of the image hides under one cell of the last feature map, see why blowing the map up does not settle it, keep the
# neighbouring tasks apart, and then name the difficulty: its cause, and what a network must do about it.

# %% [markdown] item="q8a"
# 1,024

# %% [markdown] item="q8b"
# b

# %% [markdown] item="q8c"
# 1-e, 2-d, 3-b, 4-a

# %% [markdown] item="q8"
# Classification networks trade resolution for meaning: each stride or pooling step halves the resolution, so spatial detail is lost. To label single pixels it has to be restored, by upsampling and by mixing in the finer maps of earlier layers through skip connections.
