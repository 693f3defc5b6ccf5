# %%
import tensorflow as tf
import tensorflow_datasets as tfds

keras = tf.keras


# %%
def load_data(name):
    splits, info = tfds.load(name, split=["train[:80%]", "train[80%:]", "test"], as_supervised=True, with_info=True)
    return splits, info.features["label"].num_classes


# %%
def prepare(dataset, training):
    def resize_and_scale(image, label):
        image = tf.image.resize(tf.cast(image, tf.float32), (224, 224))
        return image / 255, label

    dataset = dataset.map(resize_and_scale)
    if training:
        dataset = dataset.shuffle(500)
    return dataset.batch(16).prefetch(1)


# %%
def build_model(n_classes):
    return keras.Sequential(
        [
            keras.Input((224, 224, 3)),
            keras.layers.Conv2D(16, 3, activation="relu"),
            keras.layers.MaxPooling2D(4),
            keras.layers.Conv2D(32, 3, activation="relu"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )


# %%
def train_head(model, base_model, train_set, valid_set):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model.fit(train_set, validation_data=valid_set, epochs=10)


# %%
def fine_tune(model, base_model, train_set, valid_set):
    return model.fit(train_set, validation_data=valid_set, epochs=10)
