# %% [markdown]
# Sigmoid in six layers: hardly any gradient arrives at the first.

# %%
import keras


# %%
def build_model():
    model = keras.Sequential([keras.Input((28, 28, 1))])
    for filters in (16, 32, 32):
        model.add(keras.layers.Conv2D(filters, 3, padding="same", activation="sigmoid"))
        model.add(keras.layers.MaxPooling2D())
    model.add(keras.layers.Flatten())
    for units in (64, 64, 32):
        model.add(keras.layers.Dense(units, activation="sigmoid"))
    model.add(keras.layers.Dropout(0.5))
    model.add(keras.layers.Dense(10, activation="softmax"))
    return model


# %%
def train(model, x_train, y_train, x_valid, y_valid):
    model.compile(loss="sparse_categorical_crossentropy", optimizer="sgd", metrics=["accuracy"])
    return model.fit(x_train, y_train, epochs=10, validation_data=(x_valid, y_valid))
