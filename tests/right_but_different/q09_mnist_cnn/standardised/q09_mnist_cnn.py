# %% [markdown]
# Images of mean 0 and deviation 1, labels as floats, activations by TensorFlow.

# %%
import keras
import tensorflow as tf


# %%
def build_model():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(16, 3, activation=tf.nn.relu),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(32, 3, activation=tf.nn.relu),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.3),
            keras.layers.Dense(64, activation=tf.nn.relu),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )


# %%
def train(model, x_train, y_train, x_valid, y_valid):
    mean, deviation = x_train.mean(), x_train.std()
    model.compile(keras.optimizers.AdamW(weight_decay=1e-4), keras.losses.SparseCategoricalCrossentropy())
    return model.fit(
        (x_train - mean) / deviation,
        y_train.astype("float32"),
        epochs=10,
        validation_data=((x_valid - mean) / deviation, y_valid.astype("float32")),
    )
