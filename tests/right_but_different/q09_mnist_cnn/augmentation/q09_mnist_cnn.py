# %% [markdown]
# Every epoch sees slightly different digits.

# %%
import keras


# %%
def build_model():
    distort = keras.Sequential(
        [keras.layers.RandomRotation(0.03), keras.layers.RandomTranslation(0.08, 0.08), keras.layers.RandomZoom(0.1)]
    )
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            distort,
            keras.layers.Conv2D(16, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(32, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )


# %%
def train(model, x_train, y_train, x_valid, y_valid):
    model.compile(loss="sparse_categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    return model.fit(x_train, y_train, epochs=10, validation_data=(x_valid, y_valid))
