# %% [markdown] item="q5a"
# 4

# %% [markdown] item="q5b"
# a

# %% [markdown] item="q5c"
# a, e

# %% [markdown] item="q5"
# It subtracts the mean of the batch and divides by its standard deviation, so that training becomes faster and more stable.
