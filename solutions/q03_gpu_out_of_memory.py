# %% [markdown]
# Why: 112 · 112 · 64 numbers of 4 bytes for one image, times the 64 - 16 = 48 images that are no longer there: 154,140,672 bytes.

# %% [markdown] item="q3a"
# 154.1 MB

# %% [markdown]
# Why: only what exists once for each image grows with the batch. Weights, gradients and momentum exist once for each weight.

# %% [markdown] item="q3b"
# b, e

# %% [markdown]
# Why: learning rate, saving to disk and the number of epochs change no tensor of a training step. Pooling shrinks the maps behind it.

# %% [markdown] item="q3c"
# a, b, d

# %% [markdown]
# Why these five: each shrinks another factor of what training must hold, so none of them is another one in disguise.

# %% [markdown] item="q3"
# 1. Make the batch smaller. Fewer images then keep their feature maps in memory until the backward pass.
# 2. Let an early layer have a larger stride, or put a pooling layer there. All feature maps behind it become smaller.
# 3. Take out some layers. What is not there has neither feature maps nor parameters to store.
# 4. Train in mixed precision. Most numbers are 16-bit floats then, which take half the memory of 32-bit floats.
# 5. Use gradient checkpointing. Only some activations are kept, and the others are computed again in the backward
# pass.
