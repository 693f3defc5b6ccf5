# %% [markdown]
# # Why pool at all?
#
# Max pooling may be the laziest layer there is. It looks at four numbers, passes the largest on and goes back to sleep. A convolution with stride 2 makes the maps
# just as small and works for its living: it weighs, it adds, it learns.
#
# So why do people hire the lazy one? There is a reason, it is short, and you can put a number on it. There are two or three smaller reasons besides. There is also
# a popular one that is no reason at all, because both layers do it; a friend of yours is about to walk into it.
#
# Compute the number, sort the true sentences from the merely plausible ones, and then defend the lazy layer.

# %% [markdown]
# **q4a** (2 points) 64 feature maps of 56×56 shall be halved in height and width. Network A does it by max pooling with 2×2 windows and stride 2; network B by a convolution with 64 filters of 3×3, stride 2 and `same` padding. Everything else is equal. How many parameters does B have more than A?
#
# *Answer with one number and, where it has one, its unit. Count parameters.*

# %% [markdown] item="q4a"
# 640

# %% [markdown]
# **q4b** (2 points) Which of these sentences about a max pooling layer (2×2, stride 2) are true?
#
# - **a** It turns 64 feature maps into 32.
# - **b** Of the four values in a window, only one receives a gradient.
# - **c** If the image moves by one pixel, many of its outputs stay as they are.
# - **d** If the image is turned by 90 degrees, its outputs stay as they are.
# - **e** It forgets where in its window the largest value stood.
#
# *Answer with all letters that apply; a wrong one costs as much as a right one earns.*

# %% [markdown] item="q4b"
# c, e

# %% [markdown]
# **q4c** (1 point) A friend writes: "I prefer max pooling to a convolution with stride 2, because it makes the maps smaller, and so the dense layer at the end has fewer weights." What is wrong with the argument?
#
# - **a** The number of weights of a dense layer does not depend on the size of the maps before it.
# - **b** Pooling does not make the maps smaller, it only smooths them.
# - **c** Nothing. That is the reason.
# - **d** The convolution makes the maps just as small, so this cannot be what tells the two apart.
#
# *Answer with one letter.*

# %% [markdown] item="q4c"
# c

# %% [markdown]
# **q4** (4 points) A convolution with stride 2 shrinks feature maps as well as a max pooling layer does. Why might you add the max pooling layer nevertheless?
#
# *Answer in a few sentences of your own.*

# %% [markdown] item="q4"
# Max pooling reduces the size of the feature maps and therefore the number of parameters of the network, which also helps against overfitting.
