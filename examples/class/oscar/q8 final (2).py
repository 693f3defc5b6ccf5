# %% [markdown]
# # A label for every pixel
#
# A classifier looks at a meadow and says "sheep". It has earned its reputation by not caring *where* the sheep stands: layer by layer it
# trades the where for the what, until there is a great deal of what on a very small map.
#
# Semantic segmentation wants both. It asks for a label for every single pixel, ears and fence posts included, and so it asks
# the classifier for the very thing that the classifier was built to give away.
#
# Work out how much of the image hides under one cell of the last feature map, see why blowing the map up does not settle it, keep the
# neighbouring tasks apart, and then name the difficulty: its cause, and what a network must do about it.

# %% [markdown]
# **q8a** (2 points) An ordinary classifier reads images of 512×512 pixels. On the way to its last feature maps it has 5 layers with stride 2 and `same` padding; all other layers have stride 1. The last maps are laid over the image like a chessboard. How many pixels of the image lie under one cell?
#
# *Answer with one number and, where it has one, its unit. Count pixels.*

# %% [markdown] item="q8a"
# 1,024

# %% [markdown]
# **q8b** (1 point) The classifier's last maps are 32 times smaller than the image. You enlarge them to the image's size by copying each value into a block of 32×32. What is wrong with the mask that you get?
#
# - **a** It has the wrong shape; there is no label for some of the pixels.
# - **b** The right number of labels is there, but no edge finer than a block.
# - **c** The labels of the classes get mixed up by the copying.
# - **d** Nothing, if the classifier was accurate.
#
# *Answer with one letter.*

# %% [markdown] item="q8b"
# b

# %% [markdown]
# **q8c** (2 points) A photograph shows three sheep, partly behind one another, and a dog. What does each task hand back? One answer is left over.
#
# - **1** Image classification
# - **2** Object detection
# - **3** Semantic segmentation
# - **4** Instance segmentation
#
# - **a** The outline of each of the four animals, with its class, the three sheep apart from one another
# - **b** A class for every pixel, and one single woolly area for the sheep
# - **c** The same photograph with the animals removed
# - **d** Four boxes, each with a class
# - **e** One word for the picture, such as sheep
#
# *Answer in pairs, such as `1-c, 2-a`.*

# %% [markdown] item="q8c"
# 1-e, 2-d, 3-b, 4-a

# %% [markdown]
# **q8** (4 points) What is the main technical difficulty of semantic segmentation with a convolutional network? Say where it comes from and what has to be done about it.
#
# *Answer in a few sentences of your own.*

# %% [markdown] item="q8"
# Pooling and strides lose the spatial resolution, and it has to be restored by upsampling before each pixel can get its class.
