"""What watches a student's training and pipeline, on models and pictures small enough to think about."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.slow
keras = pytest.importorskip("keras", reason="needs the keras extra")
tf = pytest.importorskip("tensorflow", reason="needs the keras extra")

from gradetape.probes import pictures, pipeline  # noqa: E402  (they need TensorFlow)
from gradetape.probes.fit_watch import watch_fit  # noqa: E402
from gradetape.probes.pretrained import SCALES, family_of, pretrained_offline  # noqa: E402

RNG = np.random.default_rng(4)
X, Y = RNG.normal(size=(40, 5)).astype("float32"), RNG.integers(0, 2, 40)


def two_layers() -> Any:
    return keras.Sequential([keras.Input((5,)), keras.layers.Dense(4), keras.layers.Dense(2, activation="softmax")])


def scene(seed: int, height: int = 90, width: int = 120) -> Any:
    chance = np.random.default_rng(seed)
    patches = chance.integers(0, 255, (6, 6, 3)).repeat(height // 6, 0).repeat(width // 6, 1)
    return np.clip(patches + np.array([0, 20, 60]), 0, 255).astype("uint8")


def test_what_fit_was_asked_is_recorded_and_what_is_run_is_capped() -> None:
    model = two_layers()
    with watch_fit(limit_steps=2, limit_epochs=1) as watch:
        model.compile("sgd", "sparse_categorical_crossentropy")
        history = model.fit(X, Y, epochs=30, batch_size=4, verbose=0)
    (fit,) = watch.fits
    assert fit.epochs == 30
    assert len(history.history["loss"]) == 1
    assert int(model.optimizer.iterations) == 2
    assert watch.compiles[0].facts["optimizer"]["class"] == "SGD"


def test_keras_is_as_before_when_the_watch_ends() -> None:
    before = keras.Model.fit, keras.Model.compile, keras.Model.evaluate
    with pytest.raises(KeyError), watch_fit():
        raise KeyError
    assert (keras.Model.fit, keras.Model.compile, keras.Model.evaluate) == before


def test_unfreezing_without_a_compile_makes_a_fit_stale_and_nothing_is_run() -> None:
    model = two_layers()
    with watch_fit(1, 1) as watch:
        model.layers[0].trainable = False
        model.compile("sgd", "sparse_categorical_crossentropy")
        model.fit(X, Y, verbose=0)
        frozen = model.layers[0].get_weights()[0].copy()
        model.layers[0].trainable = True
        model.fit(X, Y, verbose=0)
    assert [fit.stale for fit in watch.fits] == [False, True]
    assert (model.layers[0].get_weights()[0] == frozen).all()


def test_freezing_after_the_compile_shows_in_what_was_trainable() -> None:
    model = two_layers()
    with watch_fit(1, 1) as watch:
        model.compile("sgd", "sparse_categorical_crossentropy")
        model.layers[0].trainable = False
        model.fit(X, Y, verbose=0)
    assert len(watch.compiles[0].trainable) == 4
    assert len(watch.fits[0].trainable) == 2
    assert not watch.fits[0].stale


@pytest.mark.parametrize("scale", ["symmetric", "centred", "standardised", "raw", "unit"])
def test_the_scale_of_prepared_pictures_is_recognised_after_any_plain_resizing(scale: str) -> None:
    raw = [scene(seed) for seed in range(6)]
    for way in range(4):
        resized = np.stack([pictures.plainly_resized(picture, 64, 64)[way] for picture in raw])
        if way != 2:  # padding adds borders, which change the mean: only the next line must hold for it
            assert pictures.scale_of(SCALES[scale](resized), raw) == scale
        assert pictures.alteration(SCALES[scale](resized[0]), raw[0], scale) < pictures.UNALTERED


def test_a_mirrored_picture_is_altered() -> None:
    resized = pictures.plainly_resized(scene(1), 64, 64)[0][:, ::-1]
    assert pictures.alteration(SCALES["unit"](resized), scene(1), "unit") > pictures.UNALTERED


def test_prepared_pictures_are_traced_back_to_their_split() -> None:
    splits = pictures.Splits({"training": [scene(n) for n in range(8)], "test": [scene(n) for n in range(8, 16)]})
    shown = [SCALES["centred"](pictures.plainly_resized(scene(n), 64, 64)[1]) for n in range(9, 13)]
    assert splits.name_of(shown) == "test"
    assert splits.name_of([scene(99)]) == "unknown"


def test_steps_of_a_pipeline_are_counted_only_inside() -> None:
    numbers = tf.data.Dataset.range(10)
    with pipeline.counted_steps() as steps:
        numbers.shuffle(3).batch(2).prefetch(1)
    numbers.batch(5)
    assert dict(steps) == {"shuffle": 1, "batch": 1, "prefetch": 1}


def test_load_data_may_return_its_parts_nested_or_in_a_row() -> None:
    one = tf.data.Dataset.range(3)
    assert pipeline.three_splits(((one, one, one), 4)) == pipeline.three_splits((one, one, one, 4))
    for wrong in (one, (one, one), ((one, one, one), "four"), None):
        with pytest.raises(TypeError, match="load_data: expected"):
            pipeline.three_splits(wrong)


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("xception", "Xception"),
        ("resnet50", "ResNet"),
        ("resnet101v2", "ResNetV2"),
        ("efficientnetv2-b0", "EfficientNetV2"),
    ],
)
def test_families_are_told_apart_by_name(name: str, family: str) -> None:
    found = family_of(name)
    assert found is not None
    assert found.name == family


def test_nothing_is_downloaded_while_grading() -> None:
    with pretrained_offline(None), pytest.raises(FileNotFoundError, match=r"`no_such_file.npz` is not on this machine"):
        keras.utils.get_file("no_such_file.npz", origin="http://127.0.0.1:9/no_such_file.npz")


def test_imagenet_weights_without_a_network_give_signals_of_ordinary_size() -> None:
    keras.utils.set_random_seed(3)
    with pretrained_offline(None) as shelf:
        base = keras.applications.MobileNetV2(
            weights="imagenet", include_top=False, input_shape=(96, 96, 3), alpha=0.35
        )
    assert [entry.weights for entry in shelf.loaded] == ["stand-in"]
    assert not shelf.loaded[0].with_top
    shown = np.stack([pictures.plainly_resized(scene(n), 96, 96)[0] for n in range(4)])
    spread = float(np.std(base(SCALES["symmetric"](shown).astype("float32"), training=False)))
    assert 0.05 < spread < 20
