# %% [markdown]
# Two branches, joined: the functional way.

# %%
import keras


# %%
def build_model():
    pixels = keras.Input((28, 28, 1))
    strokes = keras.layers.Conv2D(16, 5, padding="same", activation="elu")(pixels)
    strokes = keras.layers.MaxPool2D()(strokes)
    fine = keras.layers.Conv2D(16, 3, padding="same", activation="elu")(strokes)
    wide = keras.layers.Conv2D(16, 5, padding="same", activation="elu")(strokes)
    both = keras.layers.Concatenate()([fine, wide])
    pooled = keras.layers.GlobalMaxPooling2D()(both)
    hidden = keras.layers.Dense(64, activation="elu", kernel_regularizer=keras.regularizers.L2(1e-4))(pooled)
    return keras.Model(pixels, keras.layers.Dense(10, activation="softmax")(hidden))


# %%
def train(model, x_train, y_train, x_valid, y_valid):
    model.compile(loss="sparse_categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    return model.fit(x_train, y_train, epochs=10, validation_data=(x_valid, y_valid))

# %% [markdown]
# How I tried it out at home:

# %%
import numpy as np

stored = np.load("my_digits.npz")
model = build_model()
train(model, stored["x"][:2000], stored["y"][:2000], stored["x"][2000:], stored["y"][2000:])
