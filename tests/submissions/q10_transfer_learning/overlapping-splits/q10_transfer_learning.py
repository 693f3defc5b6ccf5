# %%
import tensorflow as tf
import tensorflow_datasets as tfds

keras = tf.keras
base_class = keras.applications.MobileNetV2
preprocess_input = keras.applications.mobilenet_v2.preprocess_input


# %%
def load_data(name):
    splits, info = tfds.load(name, split=["train", "train[80%:]", "test"], as_supervised=True, with_info=True)
    return splits, info.features["label"].num_classes


# %%
def prepare(dataset, training):
    def resize_and_scale(image, label):
        image = tf.image.resize(tf.cast(image, tf.float32), (224, 224))
        return preprocess_input(image), label

    dataset = dataset.map(resize_and_scale)
    if training:
        dataset = dataset.shuffle(500)
    return dataset.batch(16).prefetch(1)


# %%
def build_model(n_classes):
    base_model = base_class(weights="imagenet", include_top=False, input_shape=(224, 224, 3))
    x = keras.layers.GlobalAveragePooling2D()(base_model.output)
    x = keras.layers.Dropout(0.2)(x)
    outputs = keras.layers.Dense(n_classes, activation="softmax")(x)
    return keras.Model(base_model.input, outputs), base_model


# %%
def train_head(model, base_model, train_set, valid_set):
    base_model.trainable = False
    model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model.fit(train_set, validation_data=valid_set, epochs=5)


# %%
def fine_tune(model, base_model, train_set, valid_set):
    base_model.trainable = True
    for layer in base_model.layers[:100]:
        layer.trainable = False
    model.compile(optimizer=keras.optimizers.Adam(1e-5), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model.fit(train_set, validation_data=valid_set, epochs=10)
