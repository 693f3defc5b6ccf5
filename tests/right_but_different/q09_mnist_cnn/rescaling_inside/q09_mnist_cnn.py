# %% [markdown]
# A model for bytes: it divides by 255 itself, so it is fed 0 to 255.

# %%
import keras


# %%
def build_model():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Rescaling(1 / 255),
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
def train(model, x_train, y_train, x_valid, y_valid):
    early_stopping = keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)
    model.compile(loss="sparse_categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    return model.fit(
        255 * x_train, y_train, epochs=10, validation_data=(255 * x_valid, y_valid), callbacks=[early_stopping]
    )
