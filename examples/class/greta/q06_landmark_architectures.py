# %% [markdown]
# # Six networks and the idea behind each
#
# Progress in image recognition can be told as a list of scores, which is dull, or as a list of annoyances that somebody got tired of.
#
# It is too slow to learn and it overfits. The right size of kernel is anybody's guess. Deeper ought to be better, and is worse. All feature maps are treated as
# equally interesting. Convolutions do two jobs at once. Networks are made larger by whim.
#
# Each of these sentences was answered by a network whose name you know. Match them, put them in time, compute one of the tricks and take another
# to its limit. Then write down the six ideas as you would tell them to a friend who missed the lecture: one or two sentences each, with the thing itself and not only its name.

# %% [markdown]
# **q6a** (3 points) Which idea made which network known? Two ideas are left over.
#
# - **1** AlexNet
# - **2** GoogLeNet
# - **3** ResNet
# - **4** SENet
# - **5** Xception
# - **6** EfficientNet
#
# - **a** Look at where and at which channel separately, one after the other.
# - **b** If you can afford a larger network, do not grow it in one direction only; keep the proportions.
# - **c** Several sizes of glasses worn at once, and a cheap narrowing in front of the expensive ones.
# - **d** Before passing the maps on, ask which of them matter for this image, and turn the others down.
# - **e** Leave the input a way around the layers, so that they need only learn what to change about it.
# - **f** The recipe of the nineties once more, but much larger, on GPUs, with new tricks against slow learning and overfitting.
# - **g** Let two networks compete, one drawing images and the other unmasking them.
# - **h** Cut the image into patches and let each patch attend to all the others.
#
# *Answer in pairs, such as `1-c, 2-a`.*

# %% [markdown] item="q6a"
# 1-a, 2-e, 3-c, 4-b, 5-d, 6-g

# %% [markdown]
# **q6b** (1 point) Put these networks in order, the oldest first.
#
# - **a** ResNet
# - **b** EfficientNet
# - **c** LeNet-5
# - **d** SENet
# - **e** AlexNet
# - **f** GoogLeNet
#
# *Answer with all letters in order, such as `c, a, b`.*

# %% [markdown] item="q6b"
# b, d, a, f, e, c

# %% [markdown]
# **q6c** (1 point) Xception's favourite layer gets 128 feature maps and puts out 256. Its kernels measure 3×3 where they look at neighbours, and it has no biases. How many weights is that?
#
# *Answer with one number and, where it has one, its unit. Count weights.*

# %% [markdown] item="q6c"
# 294,912

# %% [markdown]
# **q6d** (1 point) Somebody sets all weights and biases of the convolutions inside one residual unit to zero (the unit keeps the size of its maps, and its input comes from a ReLU). What does the unit put out?
#
# - **a** Zeros, and everything behind it is blind.
# - **b** Random noise, until training begins.
# - **c** What it was given.
# - **d** The mean of its input.
#
# *Answer with one letter.*

# %% [markdown] item="q6d"
# a

# %% [markdown]
# **q6** (4 points) AlexNet, GoogLeNet, ResNet, SENet, Xception, EfficientNet: name the main innovation of each, compared with what came before, in a sentence or two that a fellow student would understand. For AlexNet, name at least two.
#
# *Answer in a few sentences of your own.*

# %% [markdown] item="q6"
# AlexNet introduced skip connections. GoogLeNet introduced depthwise separable convolutions. ResNet is an ensemble of many networks. SENet is the Swedish version of ResNet. Xception is an extreme version of AlexNet. EfficientNet uses less electricity.
