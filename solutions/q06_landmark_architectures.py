# %% [markdown]
# Why: f is the large and bold one, c has kernels side by side behind bottlenecks, e goes around, d recalibrates, a separates, b grows in proportion.
# Competing networks draw images, and patches that attend to each other are transformers: neither belongs here.

# %% [markdown] item="q6a"
# 1-f, 2-c, 3-e, 4-d, 5-a, 6-b

# %% [markdown]
# Why: 1998, 2012, 2014, 2015, 2017, 2019.

# %% [markdown] item="q6b"
# c, e, f, a, d, b

# %% [markdown]
# Why: 3 · 3 weights for each of 128 maps, and then 128 · 256 to mix them: 1,152 + 32,768.

# %% [markdown] item="q6c"
# 33,920

# %% [markdown]
# Why: nothing comes through the layers, the input comes around them, and nothing plus the input is the input.

# %% [markdown] item="q6d"
# c

# %% [markdown]
# Why each sentence has a name and a deed: the name alone would not tell a fellow student anything.

# %% [markdown] item="q6"
# AlexNet was much larger and deeper than LeNet-5, used the ReLU activation function, and fought overfitting with
# dropout and data augmentation.
# GoogLeNet is built of inception modules: kernels of several sizes work side by side, and 1×1 convolutions serve as
# bottlenecks in front of the expensive ones.
# ResNet introduced skip connections: the input of a residual unit is added to its output, so that the layers only
# learn the difference and very deep networks can be trained.
# SENet introduced squeeze-and-excitation blocks: a little network looks at all feature maps and recalibrates them,
# turning up those that matter for this image and turning down the others.
# Xception is built of depthwise separable convolutions: first each map is filtered by itself, then a 1×1 convolution
# mixes the channels.
# EfficientNet introduced compound scaling: depth, width and resolution grow together, in a fixed proportion.
