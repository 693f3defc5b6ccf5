# %% [markdown]
# # Borrowed eyes
#
# Nobody learns to see anew for every question they are asked. A network that once told a thousand kinds of things apart in a million photographs
# already knows edges, fur, wheels and foliage; you can borrow its eyes and teach it, with a few hundred pictures of your own, what *you* want to know.
# In this exercise you carry such a transfer from the raw files to the last fine adjustment.
#
# You write five functions. Read from top to bottom, they are a notebook.
#
# - `load_data(name)` loads the data set of that name with `tfds.load` and returns `(train_raw, valid_raw, test_raw), n_classes`: three data sets of
#   `(image, label)` pairs, none of whose pictures stands in two of them. The images are colour pictures of any size.
# - `prepare(dataset, training)` turns such a data set into batches of 224×224 colour pictures with their labels, ready for the model. `training` says
#   whether these are the pictures to learn from. Augmentation is welcome there, and only there.
# - `build_model(n_classes)` puts your own layers on a pretrained network from `keras.applications`, without that network's own classes, and returns
#   `(model, base_model)`.
# - `train_head(model, base_model, train_set, valid_set)` is the first phase: the base is frozen and only your layers learn. Return what `fit` returns.
# - `fine_tune(model, base_model, train_set, valid_set)` is the second phase: some of the base is freed and adapts, in small steps. Return what `fit` returns.
#
# Any base will do, and so will any style: preprocessing in the pipeline or in the model, softmax or logits, whole-number or one-hot labels.
# Try your program on `load_data("caltech_birds2011")`, two hundred kinds of birds, if you have a GPU and an evening; the first numbers come sooner
# with `train_raw.take(500)`.
#
# **How it is graded.** Your functions run on a small set of drawn scenes, so nothing is downloaded. `weights="imagenet"` works as always; where the
# ImageNet weights are not at hand, random ones take their place, and the report says so. Each phase really takes one step on two pictures while we watch
# what is frozen, what is compiled, and which weights move; `epochs=10` costs you nothing. Then your layers alone are trained, by us, on features that a base
# has computed beforehand. The pictures you see and the accuracy you print are for you; the marks are for how the parts fit together.

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
