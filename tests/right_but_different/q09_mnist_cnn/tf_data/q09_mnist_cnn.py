# %% [markdown]
# The images come through a tf.data pipeline.

# %%
import keras
import tensorflow as tf


# %%
def build_model():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(16, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(32, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.3),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )


# %%
def train(model, x_train, y_train, x_valid, y_valid):
    def brighten(image, label):
        return tf.image.random_brightness(image, 0.1), label

    training = tf.data.Dataset.from_tensor_slices((x_train, y_train)).shuffle(1000).map(brighten).batch(32).prefetch(1)
    watching = tf.data.Dataset.from_tensor_slices((x_valid, y_valid)).batch(32)
    model.compile(loss="sparse_categorical_crossentropy", optimizer="nadam", metrics=["accuracy"])
    return model.fit(training, validation_data=watching, epochs=5)
