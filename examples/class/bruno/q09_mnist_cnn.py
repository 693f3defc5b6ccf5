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
def block(x, filters):
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    return layers.MaxPooling2D()(x)


def build_model():
    inputs = keras.Input((28, 28, 1))
    x = block(inputs, 16)
    x = block(x, 32)
    x = block(x, 64)
    x = layers.GlobalAveragePooling2D()(x)
    outputs = layers.Dense(10, activation="softmax")(x)
    model = keras.Model(inputs, outputs)
    model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %%
def train(model, x_train, y_train, x_valid, y_valid):
    # already compiled in build_model
    return model.fit(x_train, y_train, batch_size=64, epochs=10, validation_data=(x_valid, y_valid))

# %%
if __name__ == "__main__":
    build_model().summary()
