# %% [markdown]
# Skip connections, in a layer of its own.

# %%
import keras


# %%
class Residual(keras.layers.Layer):
    def __init__(self, filters, **kwargs):
        super().__init__(**kwargs)
        self.first = keras.layers.Conv2D(filters, 3, padding="same", activation="relu")
        self.second = keras.layers.Conv2D(filters, 3, padding="same")
        self.short = keras.layers.Conv2D(filters, 1)

    def call(self, maps):
        return keras.ops.relu(self.second(self.first(maps)) + self.short(maps))


def build_model():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            Residual(12),
            keras.layers.MaxPooling2D(),
            Residual(24),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.3),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )


# %%
def train(model, x_train, y_train, x_valid, y_valid):
    model.compile(loss="sparse_categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    return model.fit(x_train, y_train, epochs=10, validation_data=(x_valid, y_valid))
