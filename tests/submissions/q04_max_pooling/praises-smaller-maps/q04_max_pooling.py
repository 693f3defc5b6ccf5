# %% [markdown] item="q4a"
# 36,928

# %% [markdown] item="q4b"
# b, c, e

# %% [markdown] item="q4c"
# a

# %% [markdown] item="q4"
# Max pooling reduces the number of parameters of the network, which prevents overfitting.
