# %% [markdown] item="q3a"
# 154.1 MB

# %% [markdown] item="q3b"
# b, e

# %% [markdown] item="q3c"
# a, b, d

# %% [markdown] item="q3"
# Use a smaller batch size.
# Use a larger stride.
# Add pooling layers.
# Feed smaller images.
