# %% [markdown]
# # Why not simply connect everything?
#
# A dense layer is fair to a fault. It gives every pixel a weight, treats the top left corner and the tip of the nose alike, and
# would not notice if somebody had put the image through a shredder, provided that all images went through in the same way.
#
# A convolutional layer is prejudiced. It believes that what stands close together belongs together, and that
# a thing worth recognising here is worth recognising there. With images the prejudice happens to be right, and it pays.
#
# First you count what it pays. Then a prank and a church window show what it buys. At the end you say it in your own words: not
# only *that* a convolutional network is better off, but *which* of its properties each advantage comes from.

# %% [markdown]
# **q1a** (1 point) A colour image of 100×120 pixels (three channels) is flattened and fed to a dense layer of 64 units. How many parameters does that one layer have?
#
# *Answer with one number and, where it has one, its unit. Count parameters.*

# %% [markdown] item="q1a"
# 2.304.064

# %% [markdown]
# **q1b** (1 point) The same image goes instead into a convolutional layer with 64 filters of 5×5. How many parameters does this layer have?
#
# *Answer with one number and, where it has one, its unit. Count parameters.*

# %% [markdown] item="q1b"
# 4.864

# %% [markdown]
# **q1c** (2 points) One convolutional filter has learned to answer strongly to a particular church window, which in the training photographs always stood at the top left. Nothing is trained any further. For which new photographs will its feature map still contain an answer that is just as strong, somewhere?
#
# - **a** The window stands at the bottom right.
# - **b** The window lies on its side, because someone held the camera that way.
# - **c** The window stands five pixels further left than it ever did.
# - **d** The window is three times as large.
# - **e** There are two such windows, one in each half of the picture.
#
# *Answer with all letters that apply; a wrong one costs as much as a right one earns.*

# %% [markdown] item="q1c"
# a; c; e

# %% [markdown]
# **q1d** (1 point) A prankster rearranges the pixels of every training and test image, always by the same secret permutation. Both a dense network and a convolutional one are trained from scratch on the result. Whom does the prank hurt?
#
# - **a** Neither. The information is all still there.
# - **b** The dense network, which has to learn so many weights afresh.
# - **c** The convolutional network; the dense one does as well as before.
# - **d** Both, and by about as much.
#
# *Answer with one letter.*

# %% [markdown] item="q1d"
# c

# %% [markdown]
# **q1** (4 points) What does a convolutional network have over a network of dense layers when the inputs are images? Give the advantages, each with the property of the convolution that it comes from.
#
# *Answer in a few sentences of your own.*

# %% [markdown] item="q1"
# The weights of a filter are shared over the whole picture and a neuron sees only a small region, so there are much less parameters as in a dense network, what makes the training faster and the risk of overfitting smaller. When a filter has learned a feature at one place, it finds it at every other place too. Neighbouring pixels belong together, and the CNN knows this from its architecture; the first layers find simple things like edges and the later layers combine these to bigger things.
