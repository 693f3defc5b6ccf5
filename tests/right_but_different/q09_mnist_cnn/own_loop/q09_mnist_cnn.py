# %% [markdown]
# A training loop of its own.

# %%
import keras
import tensorflow as tf


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
def train(model, x_train, y_train, x_valid, y_valid):
    measure = keras.losses.SparseCategoricalCrossentropy()
    optimizer = keras.optimizers.Adam()
    batches = tf.data.Dataset.from_tensor_slices((x_train, y_train)).shuffle(2000, seed=1).batch(16)

    @tf.function
    def step(images, labels):
        with tf.GradientTape() as tape:
            loss = measure(labels, model(images, training=True))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
        return loss

    best = 0.0
    for epoch in range(3):
        for images, labels in batches:
            step(images, labels)
        right = (model(x_valid, training=False).numpy().argmax(axis=1) == y_valid).mean()
        best = max(best, right)
        print(f"epoch {epoch}: {right:.3f} of the validation images, best {best:.3f}")
