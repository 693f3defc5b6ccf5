# %%
import keras
import tensorflow as tf
import tensorflow_datasets as tfds

N_CLASSES = None


# %%
def load_data(name):
    global N_CLASSES
    builder = tfds.builder(name)
    N_CLASSES = builder.info.features["label"].num_classes
    train, valid, test = tfds.load(name, split=["train[20%:]", "train[:20%]", "test"])
    return train, valid, test, N_CLASSES


# %%
def prepare(dataset, training):
    resize = keras.layers.Resizing(224, 224, pad_to_aspect_ratio=True)
    augment = keras.Sequential([keras.layers.RandomFlip("horizontal"), keras.layers.RandomContrast(0.2)])

    def convert(example):
        image = resize(example["image"])
        if training:
            image = augment(image, training=True)
        return tf.cast(image, "float32"), tf.one_hot(example["label"], N_CLASSES)

    if training:
        dataset = dataset.shuffle(300)
    return dataset.map(convert).batch(24).prefetch(2)


# %%
def build_model(n_classes):
    return keras.Sequential(
        [
            keras.Input((224, 224, 3)),
            keras.applications.EfficientNetB0(weights="imagenet", include_top=False),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.BatchNormalization(),
            keras.layers.Dense(n_classes),
            keras.layers.Softmax(),
        ]
    )


def base_of(model):
    return next(layer for layer in model.layers if isinstance(layer, keras.Model))


# %%
def train_head(model, base_model, train_set, valid_set):
    base_of(model).trainable = False
    model.compile("adam", keras.losses.CategoricalCrossentropy(label_smoothing=0.1), metrics=["accuracy"])
    return model.fit(train_set, validation_data=valid_set, epochs=8)


# %%
def fine_tune(model, base_model, train_set, valid_set):
    for layer in base_of(model).layers[-30:]:
        if not isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = True
    base_of(model).trainable = True
    for layer in base_of(model).layers[:-30]:
        layer.trainable = False
    schedule = keras.optimizers.schedules.CosineDecay(1e-4, 200)
    model.compile(keras.optimizers.Adam(schedule), keras.losses.CategoricalCrossentropy(label_smoothing=0.1))
    return model.fit(train_set, validation_data=valid_set, epochs=8)
