# %% [markdown]
# # A network that reads handwriting
#
# Sixty thousand people's sevens, ones and fours taught a generation of researchers what a convolution is good for. Now it is your turn: build a
# convolutional network, from scratch, that tells handwritten digits apart as well as you can make it.
#
# You write two functions.
#
# - `build_model()` returns a Keras model, compiled or not. It takes 28×28 grey images, an array of shape `(n, 28, 28, 1)` with values between 0 and 1,
#   and says for each of the ten digits how likely it is.
# - `train(model, x_train, y_train, x_valid, y_valid)` compiles the model, if you have not done so, and fits it. The labels are whole numbers from 0 to 9.
#   Return what `fit` returns, or nothing.
#
# Any style is welcome: `Sequential`, functional or subclassed; softmax or logits; integer or one-hot labels; your own training loop.
# What counts is that the parts fit together: convolutions that find strokes and shapes, something that shrinks the maps on the way, a loss
# that matches the last layer and the labels, and some protection against learning the training images by heart.
#
# **How it is graded.** First your model's structure is read, and your `train` is watched for a few steps. Then your architecture starts again from
# fresh random weights and trains on a small budget, with dropout switched off so that it learns quickly; after that it must read
# digits that nobody showed it. An accuracy printed by your program is kind of you, but it earns nothing: we measure our own.

# %%
import keras

# %% [markdown]
# ## The model
#
# Think of it as two halves: convolutions and something that shrinks, then a small classifier on top.


# %%
def build_model():
    """Return a Keras model from images of shape (n, 28, 28, 1), values 0 to 1, to ten classes."""
    raise NotImplementedError


# %% [markdown]
# ## The training
#
# `x_train` and `x_valid` are float32 arrays of shape `(n, 28, 28, 1)` between 0 and 1; `y_train` and `y_valid` hold whole numbers from 0 to 9.


# %%
def train(model, x_train, y_train, x_valid, y_valid):
    """Compile the model if need be, fit it on the training images while watching the validation images, return the History."""
    raise NotImplementedError
