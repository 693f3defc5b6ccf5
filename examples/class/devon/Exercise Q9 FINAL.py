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
import tensorflow as tf

# %%
def build_model():
    model = tf.keras.models.Sequential()
    model.add(tf.keras.layers.Conv2D(8, (3, 3), activation='relu', input_shape=(28, 28, 1)))
    model.add(tf.keras.layers.MaxPooling2D((2, 2)))
    model.add(tf.keras.layers.Conv2D(16, (3, 3)))
    model.add(tf.keras.layers.Flatten())
    model.add(tf.keras.layers.Dense(32, activation='relu'))
    model.add(tf.keras.layers.Dense(10, activation='softmax'))
    return model

# %%
def train(model, x_train, y_train, x_valid, y_valid):
    model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
    model.fit(x_train, y_train, epochs=5)
