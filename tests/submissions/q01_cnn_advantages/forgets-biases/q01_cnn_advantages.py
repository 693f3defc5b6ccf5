# %% [markdown] item="q1a"
# 2,304,000

# %% [markdown] item="q1b"
# 4,800

# %% [markdown] item="q1c"
# a, c, e

# %% [markdown] item="q1d"
# c

# %% [markdown] item="q1"
# Weights are saved twice over in a convolutional layer. A neuron is connected only to a small patch of the layer
# below (partial connectivity), and all neurons of a feature map share the same weights. So it has far fewer
# parameters than a dense layer: 4,864 instead of 2,304,064 in the example above.
# With fewer parameters the network trains faster, overfits less and needs fewer training images.
# A feature that was learned in one place of the image is detected in every other place too, because the same kernel
# slides over the whole image. A dense network would have to learn the feature again at each position.
# The architecture also knows in advance that neighbouring pixels belong together: a kernel looks at a local
# neighbourhood, and later layers combine small local features into larger ones. A dense network treats all pixels
# alike, whether they are neighbours or far apart.
