# %% [markdown]
# # What does a small network weigh?
#
# Three convolutional layers, nothing fancy. Every one of them halves the height and width of what it gets and finds more features than the one before.
# It looks like a toy. It is a good idea to work out on paper what it needs before asking a machine to hold it, because the answer comes in two parts that
# have little to do with each other: the parameters, which you pay for once, and the feature maps, which you pay for with every image.
#
# The layer with the most parameters is not the layer with the most numbers in its maps. Find out which is which, and you will never again look for
# memory in the wrong place.
#
# Show your working. If a step goes wrong, the steps behind it still count, and the report can tell you where you left the road. MB and MiB are both
# welcome; say which you mean.

# %% [markdown]
# **q2a** (4 points) A network reads RGB images of 200×300 pixels. It has three convolutional layers, one behind the other, each with 3×3 kernels, a stride of 2 and `same` padding. From the image upwards they put out 100, 200 and 400 feature maps. How many parameters does the network have? Show how you get there: one line for each layer will do.
#
# *Show your working and end with your result: a right path with a slip in it still earns marks. Count parameters.*

# %% [markdown] item="q2a"
# 1. layer: (3 * 3 * 3 + 1) * 100 = 2.800
# 2. layer: (3 * 3 * 100 + 1) * 200 = 180.200
# 3. layer: (3 * 3 * 200 + 1) * 400 = 720.400
# Sum: 903.400 parameters

# %% [markdown]
# **q2b** (4 points) All numbers are 32-bit floats. What is the least memory that this network needs while it makes a prediction for a single image? Say what is in memory at the moment when it is fullest.
#
# *Show your working and end with your result: a right path with a slip in it still earns marks.*

# %% [markdown] item="q2b"
# 4 Byte per number.
# 1. layer: 100 * 150 * 100 * 4 = 6.000.000 Byte
# 2. layer: 50 * 75 * 200 * 4 = 3.000.000 Byte
# 3. layer: 25 * 38 * 400 * 4 = 1.520.000 Byte
# At the same time one needs only two layers, so 9 MB, and the parameters 903.400 * 4 = 3.613.600 Byte = 3,6 MB.
# 9 MB + 3,6 MB = 12,6 MB

# %% [markdown]
# **q2c** (4 points) Now the network is trained on mini-batches of 50 images. How much memory does a step need at the very least? Say for each kind of number why it must be kept, and how many times.
#
# *Show your working and end with your result: a right path with a slip in it still earns marks.*

# %% [markdown] item="q2c"
# All feature maps of all 50 pictures must be kept for the backpropagation:
# 50 * 10,52 MB = 526 MB
# + 50 pictures: 50 * 0,72 MB = 36 MB
# + parameters: 3,6 MB
# = 565,6 MB
