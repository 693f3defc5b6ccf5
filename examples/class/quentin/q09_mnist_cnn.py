# %% [markdown]
# # A network that reads handwriting
#
# Sixty thousand people's sevens, ones and fours taught a generation of researchers what a convolution is good for. Now it is your turn: build a
# convolutional network, from scratch, that tells handwritten digits apart as well as you can make it.
#
# You write two functions.
#
# - `build_model()` returns a Keras model, compiled or not. It takes 28×28 grey images, an array of shape `(n, 28, 28, 1)` with values between 0 and 1,
#   and says for each of the ten digits how likely it is.
# - `train(model, x_train, y_train, x_valid, y_valid)` compiles the model, if you have not done so, and fits it. The labels are whole numbers from 0 to 9.
#   Return what `fit` returns, or nothing.
#
# Any style is welcome: `Sequential`, functional or subclassed; softmax or logits; integer or one-hot labels; your own training loop.
# What counts is that the parts fit together: convolutions that find strokes and shapes, something that shrinks the maps on the way, a loss
# that matches the last layer and the labels, and some protection against learning the training images by heart.
#
# **How it is graded.** First your model's structure is read, and your `train` is watched for a few steps. Then your architecture starts again from
# fresh random weights and trains on a small budget, with dropout switched off so that it learns quickly; after that it must read
# digits that nobody showed it. An accuracy printed by your program is kind of you, but it earns nothing: we measure our own.

# %%
import keras
from keras import layers

# %%
class DigitReader(keras.Model):
    """Two convolutional stages and a small classifier; call() says how they are wired."""

    def __init__(self):
        super().__init__()
        self.first = layers.Conv2D(24, 5, activation="relu", padding="same")
        self.second = layers.Conv2D(48, 3, activation="relu", padding="same")
        self.pool = layers.MaxPooling2D()
        self.flatten = layers.Flatten()
        self.hidden = layers.Dense(64, activation="relu")
        self.dropout = layers.Dropout(0.3)
        self.out = layers.Dense(10, activation="softmax")

    def call(self, images, training=False):
        x = self.pool(self.first(images))
        x = self.pool(self.second(x))
        x = self.hidden(self.flatten(x))
        return self.out(self.dropout(x, training=training))


def build_model():
    return DigitReader()

# %%
def train(model, x_train, y_train, x_valid, y_valid):
    model.compile(
        optimizer=keras.optimizers.Adam(0.001),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    return model.fit(
        x_train, y_train, batch_size=32, epochs=12, validation_data=(x_valid, y_valid),
        callbacks=[keras.callbacks.EarlyStopping(monitor="val_accuracy", patience=3, restore_best_weights=True)],
    )
