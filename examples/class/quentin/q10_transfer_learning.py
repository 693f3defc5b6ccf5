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
import keras
import tensorflow as tf
import tensorflow_datasets as tfds

SIDE = 224

# %%
def load_data(name):
    """Training, validation and test images. MobileNetV2 comes later, so nothing is scaled here."""
    splits = ["train[:85%]", "train[85%:]", "test"]
    (train, valid, test), info = tfds.load(name, split=splits, as_supervised=True, with_info=True)
    return (train, valid, test), info.features["label"].num_classes

# %%
def prepare(dataset, training):
    def resized(image, label):
        return tf.image.resize_with_pad(image, SIDE, SIDE), label

    dataset = dataset.map(resized, num_parallel_calls=tf.data.AUTOTUNE).cache()
    if training:
        dataset = dataset.shuffle(1000)
    return dataset.batch(32).prefetch(tf.data.AUTOTUNE)

# %%
def build_model(n_classes):
    base = keras.applications.MobileNetV2(input_shape=(SIDE, SIDE, 3), include_top=False, weights="imagenet")
    images = keras.Input((SIDE, SIDE, 3))
    x = keras.layers.RandomFlip("horizontal")(images)
    x = keras.applications.mobilenet_v2.preprocess_input(x)
    x = base(x, training=False)
    x = keras.layers.GlobalAveragePooling2D()(x)
    x = keras.layers.Dropout(0.2)(x)
    return keras.Model(images, keras.layers.Dense(n_classes)(x)), base

# %%
def settings(rate):
    return {
        "optimizer": keras.optimizers.RMSprop(rate),
        "loss": keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        "metrics": ["accuracy"],
    }


def train_head(model, base_model, train_set, valid_set):
    base_model.trainable = False
    model.compile(**settings(1e-3))
    return model.fit(train_set, epochs=5, validation_data=valid_set)


def fine_tune(model, base_model, train_set, valid_set):
    base_model.trainable = True
    for layer in base_model.layers[:100]:
        layer.trainable = False
    model.compile(**settings(1e-5))
    return model.fit(train_set, epochs=10, validation_data=valid_set)
