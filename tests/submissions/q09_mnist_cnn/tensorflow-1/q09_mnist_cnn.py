# %% [markdown]
# A program for a TensorFlow of long ago.

# %%
import tensorflow as tf

X = tf.placeholder(tf.float32, shape=(None, 28, 28, 1))


# %%
def build_model():
    return tf.keras.Sequential(
        [
            tf.keras.Input((28, 28, 1)),
            tf.keras.layers.Conv2D(16, 3, activation="relu"),
            tf.keras.layers.MaxPooling2D(),
            tf.keras.layers.Conv2D(32, 3, activation="relu"),
            tf.keras.layers.MaxPooling2D(),
            tf.keras.layers.Flatten(),
            tf.keras.layers.Dropout(0.3),
            tf.keras.layers.Dense(64, activation="relu"),
            tf.keras.layers.Dense(10, activation="softmax"),
        ]
    )


# %%
def train(model, x_train, y_train, x_valid, y_valid):
    model.compile(loss="sparse_categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    return model.fit(x_train, y_train, epochs=10, validation_data=(x_valid, y_valid))
