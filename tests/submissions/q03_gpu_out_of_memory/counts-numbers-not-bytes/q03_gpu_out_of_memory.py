# %% [markdown] item="q3a"
# 38,535,168 bytes

# %% [markdown] item="q3b"
# b, e

# %% [markdown] item="q3c"
# a, b, d

# %% [markdown] item="q3"
# 1. Make the batch smaller. Fewer images then keep their feature maps in memory until the backward pass.
# 2. Let an early layer have a larger stride, or put a pooling layer there. All feature maps behind it become smaller.
# 3. Take out some layers. What is not there has neither feature maps nor parameters to store.
# 4. Train in mixed precision. Most numbers are 16-bit floats then, which take half the memory of 32-bit floats.
# 5. Use gradient checkpointing. Only some activations are kept, and the others are computed again in the backward
# pass.
