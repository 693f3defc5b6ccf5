# %%
import keras
import tensorflow_datasets as tfds


# %%
def load_data(name):
    raw = tfds.load(name, split=["train[:75%]", "train[75%:]", "test"], as_supervised=True)
    return raw, tfds.builder(name).info.features["label"].num_classes


# %%
def prepare(dataset, training):
    crop = keras.layers.Resizing(224, 224, crop_to_aspect_ratio=True)
    dataset = dataset.map(lambda image, label: (crop(image), label))
    return dataset.shuffle(200).batch(4) if training else dataset.batch(32)


# %%
def build_model(n_classes):
    inputs = keras.Input((224, 224, 3))
    scaled = keras.layers.Rescaling(1 / 127.5, offset=-1)(inputs)
    base = keras.applications.Xception(include_top=False, input_tensor=scaled)
    x = keras.layers.concatenate(
        [keras.layers.GlobalAveragePooling2D()(base.output), keras.layers.GlobalMaxPooling2D()(base.output)]
    )
    return keras.Model(inputs, keras.layers.Dense(n_classes, activation="softmax")(x)), base


# %%
def phase(model, optimizer, train_set, valid_set):
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model.fit(train_set, validation_data=valid_set, epochs=3)


def train_head(model, base_model, train_set, valid_set):
    base_model.trainable = False
    return phase(model, keras.optimizers.SGD(0.05, momentum=0.9), train_set, valid_set)


def fine_tune(model, base_model, train_set, valid_set):
    for layer in base_model.layers[-20:]:
        layer.trainable = True
    return phase(model, keras.optimizers.SGD(0.002, momentum=0.9), train_set, valid_set)
