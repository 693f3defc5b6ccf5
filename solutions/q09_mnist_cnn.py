# %% [markdown]
# # A network that reads handwriting: one good answer

# %%
from functools import partial

import keras

# %% [markdown]
# ## The model

# %%
# He initialisation keeps the scale of the signal through many ReLU layers; without it, plain SGD starts very slowly.
Convolution = partial(
    keras.layers.Conv2D, kernel_size=3, padding="same", activation="relu", kernel_initializer="he_normal"
)
Dense = partial(keras.layers.Dense, activation="relu", kernel_initializer="he_normal")


def build_model():
    """A stack that halves the picture three times while it doubles the number of feature maps."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            # The first layer sees one grey map, so a wide kernel is still cheap: 3,200 parameters.
            Convolution(filters=64, kernel_size=7),
            keras.layers.MaxPooling2D(),
            # Two 3×3 layers in a row see 5×5 pixels with fewer parameters than one 5×5 layer.
            Convolution(filters=128),
            Convolution(filters=128),
            Convolution(filters=256),
            keras.layers.MaxPooling2D(),
            Convolution(filters=256),
            Convolution(filters=256),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            # The dense layers hold little more than a tenth of the parameters, yet overfit first: hence dropout here.
            Dense(units=128),
            keras.layers.Dropout(0.5),
            Dense(units=64),
            keras.layers.Dropout(0.5),
            # Softmax makes ten probabilities; the loss below therefore keeps from_logits=False, its default.
            keras.layers.Dense(units=10, activation="softmax"),
        ]
    )


# %% [markdown]
# ## The training


# %%
def train(model, x_train, y_train, x_valid, y_valid):
    """Fit until the validation loss stops falling, then keep the best weights rather than the last ones."""
    # "sparse", because the labels are digits 0-9 and not rows of ten zeros and ones.
    model.compile(loss="sparse_categorical_crossentropy", optimizer="sgd", metrics=["accuracy"])
    early_stopping = keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)
    # The validation images only decide when to stop; no gradient ever comes from them.
    return model.fit(
        x_train,
        y_train,
        epochs=30,
        validation_data=(x_valid, y_valid),
        callbacks=[early_stopping],
    )
