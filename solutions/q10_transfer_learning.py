# %% [markdown]
# # Borrowed eyes: one good answer

# %%
import tensorflow as tf
import tensorflow_datasets as tfds

# %% [markdown]
# ## The data


# %%
def load_data(name):
    """Training, validation and test pictures as (image, label) pairs, and how many classes there are."""
    # The validation pictures are cut from the training split: the test split stays untouched until the very end.
    splits, info = tfds.load(name, split=["train[:80%]", "train[80%:]", "test"], as_supervised=True, with_info=True)
    return tuple(splits), info.features["label"].num_classes


# %% [markdown]
# ## The pipeline

# %%
# Cropping keeps the proportions; stretching a tall picture into a square would show the base shapes it has never seen.
resize = tf.keras.layers.Resizing(height=224, width=224, crop_to_aspect_ratio=True)


def prepare(dataset, training):
    """Batches of 224×224 pictures scaled to -1…1, which is what Xception was trained on."""

    def preprocess(image, label):
        return tf.keras.applications.xception.preprocess_input(tf.cast(resize(image), tf.float32)), label

    dataset = dataset.map(preprocess, num_parallel_calls=tf.data.AUTOTUNE)
    if training:
        # Without shuffling, batches follow the order of the files, and gradients follow it too.
        dataset = dataset.shuffle(1000, seed=42)
    # While the model works on one batch, the next is already being prepared.
    return dataset.batch(32).prefetch(1)


# %% [markdown]
# ## The model


# %%
def build_model(n_classes):
    """Xception without its own classes, and a small head with ours. Returns the model and the base."""
    base_model = tf.keras.applications.Xception(weights="imagenet", include_top=False)
    hidden = tf.keras.layers.Dense(800, activation="relu", kernel_regularizer=tf.keras.regularizers.l2(0.01))
    # The dense layer reads the maps before they are averaged, so it works like a 1×1 convolution at every place.
    averaged = tf.keras.layers.GlobalAveragePooling2D()(hidden(base_model.output))
    output = tf.keras.layers.Dense(n_classes, activation="softmax")(averaged)
    return tf.keras.Model(inputs=base_model.input, outputs=output), base_model


# %% [markdown]
# ## The two phases of training

# %%
FIRST_UNFROZEN_LAYER = 120


def compile_model(model, learning_rate):
    """Both phases differ in nothing but what is trainable and how large the steps are."""
    model.compile(
        loss="sparse_categorical_crossentropy",
        optimizer=tf.keras.optimizers.SGD(learning_rate=learning_rate, momentum=0.9),
        metrics=["accuracy"],
    )


def train_head(model, base_model, train_set, valid_set):
    """Phase 1: only the new layers learn."""
    # The head starts at random, so its first gradients are large and would wreck what the base has learned.
    for layer in base_model.layers:
        layer.trainable = False
    compile_model(model, learning_rate=0.1)
    return model.fit(train_set, validation_data=valid_set, epochs=3)


def fine_tune(model, base_model, train_set, valid_set):
    """Phase 2: the upper layers of the base follow, in smaller steps."""
    # Low layers see edges and colours, which serve any picture; high layers see parts of objects, which need adapting.
    for layer in base_model.layers[FIRST_UNFROZEN_LAYER:]:
        layer.trainable = True
    # Keras notes what is trainable when the model is compiled: without this line nothing would have been unfrozen.
    compile_model(model, learning_rate=0.01)
    return model.fit(train_set, validation_data=valid_set, epochs=10)
