# %% [markdown]
# Much like LeNet-5, and compiled where it is built.

# %%
import keras


# %%
def build_model():
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.ZeroPadding2D(2),
            keras.layers.Conv2D(6, 5, activation="tanh"),
            keras.layers.AveragePooling2D(2),
            keras.layers.Activation("tanh"),
            keras.layers.Conv2D(16, 5, activation="tanh"),
            keras.layers.AveragePooling2D(2),
            keras.layers.Activation("tanh"),
            keras.layers.Conv2D(120, 5, activation="tanh"),
            keras.layers.Flatten(),
            keras.layers.Dense(84, activation="tanh", kernel_regularizer="l2"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(loss="sparse_categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    return model


# %%
def train(model, x_train, y_train, x_valid, y_valid):
    return model.fit(x_train, y_train, epochs=10, validation_data=(x_valid, y_valid))
