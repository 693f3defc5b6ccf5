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
# Transfer learning: we transfer what we learned in exercise 9 to exercise 10
import keras

# %%
def build_model(n_classes=10):
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        keras.layers.Conv2D(32, 3, activation="relu"),
        keras.layers.MaxPooling2D(),
        keras.layers.Flatten(),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %%
def main():
    (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
    model = build_model()
    model.fit(x_train[..., None] / 255, y_train, epochs=5)
    print(model.evaluate(x_test[..., None] / 255, y_test))


if __name__ == "__main__":
    main()
