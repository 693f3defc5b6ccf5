# %% [markdown] item="q6a"
# 1-f, 2-c, 3-e, 4-d, 5-a, 6-b

# %% [markdown] item="q6b"
# c, e, f, a, d, b

# %% [markdown] item="q6c"
# 33,920

# %% [markdown] item="q6d"
# c

# %% [markdown] item="q6"
# AlexNet was much larger and deeper than LeNet-5, and it used ReLU and dropout.
# GoogLeNet introduced inception modules with 1×1 convolutions as bottlenecks.
# ResNet introduced skip connections: the input of a residual unit is added to its output, so that very deep networks can be trained.
