# %%
import tensorflow as tf
from tensorflow.keras import layers


# %%
def load_data(name="mnist"):
    (x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
    train = tf.data.Dataset.from_tensor_slices((x_train[:54000], y_train[:54000]))
    valid = tf.data.Dataset.from_tensor_slices((x_train[54000:], y_train[54000:]))
    return (train, valid, tf.data.Dataset.from_tensor_slices((x_test, y_test))), 10


# %%
def prepare(dataset, training):
    return dataset.map(lambda x, y: (tf.cast(x, tf.float32)[..., None] / 255, y)).batch(32)


# %%
def build_model(n_classes=10):
    return tf.keras.Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )


# %%
def train_head(model, base_model, train_set, valid_set):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model.fit(train_set, validation_data=valid_set, epochs=10)


# %%
def fine_tune(model, base_model, train_set, valid_set):
    return model.fit(train_set, validation_data=valid_set, epochs=10)
