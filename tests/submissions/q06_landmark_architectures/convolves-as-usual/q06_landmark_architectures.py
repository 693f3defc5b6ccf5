# %% [markdown] item="q6a"
# 1-f, 2-c, 3-e, 4-d, 5-a, 6-b

# %% [markdown] item="q6b"
# c, e, f, a, d, b

# %% [markdown] item="q6c"
# 294,912

# %% [markdown] item="q6d"
# a

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
