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
