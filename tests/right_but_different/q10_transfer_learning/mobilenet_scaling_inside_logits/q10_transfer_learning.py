# %%
import tensorflow as tf
import tensorflow_datasets as tfds

# %%
SPLITS = ["train[:80%]", "train[80%:]", "test"]


def load_data(name):
    (train, valid, test), info = tfds.load(name, split=SPLITS, as_supervised=True, with_info=True, shuffle_files=True)
    return (train, valid, test), info.features["label"].num_classes


# %%
def prepare(dataset, training):
    dataset = dataset.map(lambda image, label: (tf.image.resize(image, [224, 224]), label))
    if training:
        dataset = dataset.cache().shuffle(1000)
    return dataset.batch(8, drop_remainder=training).prefetch(tf.data.AUTOTUNE)


# %%
def build_model(n_classes):
    base_model = tf.keras.applications.MobileNetV2(input_shape=(224, 224, 3), include_top=False, weights="imagenet")
    base_model.trainable = False
    augment = tf.keras.Sequential([tf.keras.layers.RandomFlip("horizontal"), tf.keras.layers.RandomRotation(0.2)])

    inputs = tf.keras.Input(shape=(224, 224, 3))
    x = augment(inputs)
    x = tf.keras.applications.mobilenet_v2.preprocess_input(x)
    x = base_model(x, training=False)
    x = tf.keras.layers.GlobalAveragePooling2D()(x)
    x = tf.keras.layers.Dropout(0.2)(x)
    outputs = tf.keras.layers.Dense(n_classes)(x)
    return tf.keras.Model(inputs, outputs), base_model


# %%
rate = 0.0001


def train_head(model, base_model, train_set, valid_set):
    model.compile(
        optimizer=tf.keras.optimizers.Adam(learning_rate=rate),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    model.evaluate(valid_set)
    return model.fit(train_set, epochs=10, validation_data=valid_set)


# %%
def fine_tune(model, base_model, train_set, valid_set):
    base_model.trainable = True
    for layer in base_model.layers[:100]:
        layer.trainable = False
    model.compile(
        optimizer=tf.keras.optimizers.RMSprop(learning_rate=rate / 10),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model.fit(train_set, epochs=20, initial_epoch=10, validation_data=valid_set)
