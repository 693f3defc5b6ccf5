# %% [markdown] item="q8a"
# 32

# %% [markdown] item="q8b"
# b

# %% [markdown] item="q8c"
# 1-e, 2-d, 3-b, 4-a

# %% [markdown] item="q8"
# Strides and pooling layers shrink the feature maps from layer to layer, and so the network loses spatial resolution:
# at the end it knows what is in the image, but only roughly where.
# Segmentation needs a label for each single pixel, so the lost resolution must be restored, for example by upsampling
# with transposed convolutions and by skip connections from earlier layers whose maps are still fine.
