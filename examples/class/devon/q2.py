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
# Layer 1: (3x3x3 + 1) x 100 = 2,800
# Layer 2: (3x3x100 + 1) x 200 = 180,200
# Layer 3: (3x3x200 + 1) x 400 = 702,400
#
# Total = 2,800 + 180,200 + 702,400 = 885,400 parameters

# %% [markdown]
# **q2b** (4 points) All numbers are 32-bit floats. What is the least memory that this network needs while it makes a prediction for a single image? Say what is in memory at the moment when it is fullest.
#
# *Show your working and end with your result: a right path with a slip in it still earns marks.*

# %% [markdown] item="q2b"
# Layer 1 output: 100 x 150 x 100 x 4 bytes = 6,000,000 bytes
# Layer 2 output: 50 x 75 x 200 x 4 bytes = 3,000,000 bytes
# Layer 3 output: 25 x 38 x 400 x 4 bytes = 1,520,000 bytes
#
# Only two layers have to be in memory at the same time, so 6 MB + 3 MB = 9 MB
# Parameters: 885,400 x 4 = 3,541,600 bytes
# Total: 12,541,600 bytes = 12.5 MB

# %% [markdown]
# **q2c** (4 points) Now the network is trained on mini-batches of 50 images. How much memory does a step need at the very least? Say for each kind of number why it must be kept, and how many times.
#
# *Show your working and end with your result: a right path with a slip in it still earns marks.*

# %% [markdown] item="q2c"
# All layers are needed for backprop: 6 + 3 + 1.52 = 10.52 MB per image
# 50 x 10.52 = 536 MB
# Images: 50 x 200 x 300 x 3 x 4 = 36 MB
# Parameters 3.5 MB
#
# Total = 575.5 MB
