# %% [markdown]
# A generator shifts each digit a little.

# %%
import keras
import numpy as np


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
def shifted(images, labels, batch_size=32):
    chance = np.random.default_rng(5)
    while True:
        chosen = chance.integers(0, len(images), batch_size)
        moved = np.roll(images[chosen], chance.integers(-2, 3), axis=int(chance.integers(1, 3)))
        yield moved, labels[chosen]


def train(model, x_train, y_train, x_valid, y_valid):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model.fit(
        shifted(x_train, y_train),
        steps_per_epoch=len(x_train) // 32,
        epochs=10,
        validation_data=(x_valid, y_valid),
    )
