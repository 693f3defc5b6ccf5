# %%
import tensorflow as tf
import tensorflow_datasets as tfds

# %% [markdown]
# ## The data
#
# Three splits that share no picture. `tfds.load` can cut a split in two: look up how it reads `"train[:80%]"`.


# %%
def load_data(name):
    """Return (train_raw, valid_raw, test_raw), n_classes; each data set holds pairs of an image and its label."""
    raise NotImplementedError


# %% [markdown]
# ## The pipeline
#
# Resize to 224×224, scale the pixels as your base expects them, shuffle where it helps, batch.


# %%
def prepare(dataset, training):
    """Return batches of pictures of shape (n, 224, 224, 3) and labels, ready for the model."""
    raise NotImplementedError


# %% [markdown]
# ## The model
#
# A pretrained network without its top, and your own layers for `n_classes` classes.


# %%
def build_model(n_classes):
    """Return (model, base_model): the whole model, and the pretrained part of it."""
    raise NotImplementedError


# %% [markdown]
# ## Two phases of training


# %%
def train_head(model, base_model, train_set, valid_set):
    """Phase 1: freeze the base, compile, fit. Return the History."""
    raise NotImplementedError


# %%
def fine_tune(model, base_model, train_set, valid_set):
    """Phase 2: let some of the base learn as well. Return the History."""
    raise NotImplementedError
