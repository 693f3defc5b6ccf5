# %% [markdown]
# # Dense layers in disguise
#
# A trained classifier insists on images of exactly one size. Show it a panorama and it refuses, which seems petty, for
# a convolution could not care less how far it has to slide. Somebody in the network is pedantic, and it is not hard to guess who.
#
# The remedy is one of the prettiest tricks in the trade. Without training anything again you turn the pedant into a convolution that computes the very same numbers, and suddenly the
# network reads images of any size and answers with a grid of predictions where there used to be one.
#
# Count the parameters before and after (you may be surprised by how little happens), see how many answers a panorama gets, put
# the steps in order, and then write the recipe down so that a colleague could follow it.

# %% [markdown]
# **q7a** (1 point) 512 feature maps of 7×7 are flattened into a dense layer of 4096 units. You replace both by one convolutional layer that computes the same numbers. How many parameters does it have, biases included?
#
# *Answer with one number and, where it has one, its unit. Count parameters.*

# %% [markdown] item="q7a"
# 102764544

# %% [markdown]
# **q7b** (1 point) Now a larger image comes in, and the feature maps that reach your converted layer measure 14×20 instead of 7×7. At how many positions (height times width of its output) does the layer give an answer?
#
# *Answer with one number and, where it has one, its unit. Count positions.*

# %% [markdown] item="q7b"
# 112

# %% [markdown]
# **q7c** (2 points) You convert a trained network whose head is `Flatten` and one dense layer. Put the steps in order.
#
# - **a** Show both networks an image of the old size and compare their outputs.
# - **b** Create the convolutional layer that takes the place of `Flatten` and the dense layer.
# - **c** Show the new network a larger image and read a grid of predictions.
# - **d** Note the shape of the feature maps that arrive at `Flatten`.
# - **e** Bring the dense layer's weight matrix into the shape of the new kernels and copy it, with the biases.
#
# *Answer with all letters in order, such as `c, a, b`.*

# %% [markdown] item="q7c"
# d, b, e, a, c

# %% [markdown]
# **q7d** (2 points) Which of these layers can be built without knowing the height and width of the maps they will get?
#
# - **a** A `Dense` layer after `Flatten`
# - **b** `Conv2D`
# - **c** A layer that adds a learned bias of its own to every pixel position
# - **d** `MaxPool2D`
# - **e** `BatchNormalization` over the channels
#
# *Answer with all letters that apply; a wrong one costs as much as a right one earns.*

# %% [markdown] item="q7d"
# b, d

# %% [markdown]
# **q7** (4 points) What is a fully convolutional network, and what can it do that a network with dense layers at the end cannot? Describe how you turn a dense layer into a convolutional layer: its kernel, its filters, its padding and its weights.
#
# *Answer in a few sentences of your own.*

# %% [markdown] item="q7"
# It is a network which only has convolutional (and pooling) layers, no dense layers. You can feed it images of any size. To convert a dense layer you take a conv layer with a kernel as big as the input feature maps and with as many filters as the dense layer had neurons.
