# %% [markdown]
# A model as a class, which knows no input shape until it is called.

# %%
import keras


# %%
class DigitReader(keras.Model):
    def __init__(self):
        super().__init__()
        self.first = keras.layers.Conv2D(16, 3)
        self.second = keras.layers.Conv2D(32, 3)
        self.pool = keras.layers.MaxPooling2D()
        self.flatten = keras.layers.Flatten()
        self.dropout = keras.layers.Dropout(0.25)
        self.hidden = keras.layers.Dense(64, activation="relu")
        self.scores = keras.layers.Dense(10, activation="softmax")

    def call(self, images, training=None):
        maps = self.pool(keras.ops.relu(self.first(images)))
        maps = self.pool(keras.ops.relu(self.second(maps)))
        return self.scores(self.hidden(self.dropout(self.flatten(maps), training=training)))


def build_model():
    return DigitReader()


# %%
def train(model, x_train, y_train, x_valid, y_valid):
    model.compile(loss="sparse_categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    return model.fit(x_train, y_train, epochs=10, validation_data=(x_valid, y_valid))
