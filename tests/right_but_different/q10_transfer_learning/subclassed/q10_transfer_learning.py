# %%
import tensorflow as tf
import tensorflow_datasets as tfds

keras = tf.keras
base_class = keras.applications.MobileNetV2
preprocess_input = keras.applications.mobilenet_v2.preprocess_input


# %%
def load_data(name):
    splits, info = tfds.load(name, split=["train[:80%]", "train[80%:]", "test"], as_supervised=True, with_info=True)
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
class Transfer(keras.Model):
    def __init__(self, n_classes):
        super().__init__()
        self.eyes = base_class(weights="imagenet", include_top=False, input_shape=(224, 224, 3))
        self.pool = keras.layers.GlobalAveragePooling2D()
        self.classify = keras.layers.Dense(n_classes, activation="softmax")

    def call(self, images, training=False):
        return self.classify(self.pool(self.eyes(images, training=False)))


def build_model(n_classes):
    model = Transfer(n_classes)
    return model, model.eyes


# %%
def compile_and_fit(model, rate, train_set, valid_set):
    model.compile(keras.optimizers.Adam(rate), keras.losses.SparseCategoricalCrossentropy(), metrics=["accuracy"])
    return model.fit(train_set, validation_data=valid_set, epochs=4, callbacks=[keras.callbacks.EarlyStopping(patience=2)])


def train_head(model, base_model, train_set, valid_set):
    base_model.trainable = False
    return compile_and_fit(model, 1e-3, train_set, valid_set)


def fine_tune(model, base_model, train_set, valid_set):
    base_model.trainable = True
    return compile_and_fit(model, 1e-5, train_set, valid_set)
