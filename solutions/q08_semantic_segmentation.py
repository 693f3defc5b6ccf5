# %% [markdown]
# Why: five strides of 2 make a cell 2 · 2 · 2 · 2 · 2 = 32 pixels wide and as high, and 32 · 32 pixels lie in it.

# %% [markdown] item="q8a"
# 1,024

# %% [markdown]
# Why: copying restores the size and adds no knowledge. Where inside a block an outline runs, the small map never knew.

# %% [markdown] item="q8b"
# b

# %% [markdown]
# Why: a word, boxes, areas by class, outlines by animal: each task tells more about the place than the one before.

# %% [markdown] item="q8c"
# 1-e, 2-d, 3-b, 4-a

# %% [markdown]
# Why two halves: the first is the cause, the second is what it obliges a network to do.

# %% [markdown] item="q8"
# Strides and pooling layers shrink the feature maps from layer to layer, and so the network loses spatial resolution:
# at the end it knows what is in the image, but only roughly where.
# Segmentation needs a label for each single pixel, so the lost resolution must be restored, for example by upsampling
# with transposed convolutions and by skip connections from earlier layers whose maps are still fine.
