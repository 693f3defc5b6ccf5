# %% [markdown] item="q3a"
# 154.1 MB

# %% [markdown] item="q3b"
# b, e

# %% [markdown] item="q3c"
# c

# %% [markdown] item="q3"
# Buy a bigger GPU.
# Augment the images on the fly.
# Use transfer learning.
# Save checkpoints more often.
# Lower the learning rate.
