# %% [markdown]
# Strides in the place of pooling, a schedule in the place of a rate, a share of the training images to validate on.

# %%
import keras


# %%
def build_model():
    model = keras.Sequential([keras.Input((28, 28, 1))])
    for filters in (16, 32, 64):
        model.add(keras.layers.Conv2D(filters, 3, strides=2, padding="same", use_bias=False))
        model.add(keras.layers.BatchNormalization())
        model.add(keras.layers.ReLU())
    model.add(keras.layers.GlobalAveragePooling2D())
    model.add(keras.layers.Dense(10))
    model.add(keras.layers.Softmax())
    return model


# %%
def train(model, x_train, y_train, x_valid, y_valid):
    schedule = keras.optimizers.schedules.CosineDecay(0.03, decay_steps=10_000)
    model.compile(keras.optimizers.SGD(schedule, momentum=0.9, nesterov=True), "sparse_categorical_crossentropy")
    return model.fit(x_train, y_train, epochs=10, validation_split=0.1, verbose=0)
