# %% [markdown] item="q8a"
# 1,024

# %% [markdown] item="q8b"
# b

# %% [markdown] item="q8c"
# 1-e, 2-d, 3-b, 4-a

# %% [markdown] item="q8"
# A CNN learns to recognise an object wherever it stands. Segmentation has to know the place of the object.
