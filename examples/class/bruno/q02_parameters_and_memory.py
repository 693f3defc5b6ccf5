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
# first layer:  3*3*3*100 + 100 = 2800
# second layer: 3*3*100*200 + 200 = 180200
# third layer:  3*3*200*400 + 400 = 720400
# total: 903400

# %% [markdown]
# **q2b** (4 points) All numbers are 32-bit floats. What is the least memory that this network needs while it makes a prediction for a single image? Say what is in memory at the moment when it is fullest.
#
# *Show your working and end with your result: a right path with a slip in it still earns marks.*

# %% [markdown] item="q2b"
# feature maps: 100x150x100, then 50x75x200, then 25x38x400
# in bytes (x4): 6 MB, 3 MB, 1.52 MB
#
# for a prediction I can forget a layer once the next one is computed, so I only need two of them at a time. the first two are the biggest: 6 + 3 = 9 MB
# plus parameters 903400 * 4 = 3.6 MB
#
# => 12.6 MB

# %% [markdown]
# **q2c** (4 points) Now the network is trained on mini-batches of 50 images. How much memory does a step need at the very least? Say for each kind of number why it must be kept, and how many times.
#
# *Show your working and end with your result: a right path with a slip in it still earns marks.*

# %% [markdown] item="q2c"
# for training nothing can be thrown away since backprop needs all activations.
# one image: 6 + 3 + 1.52 = 10.52 MB
# 50 images: 526 MB
# input images: 50 * 200 * 300 * 3 * 4 = 36 MB
# sum: 562 MB
