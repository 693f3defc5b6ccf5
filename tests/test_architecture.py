"""architecture.py and layer_rules.py: what is let through, what is refused, and that sizes are Keras' own."""

from __future__ import annotations

import copy
import itertools
import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradetape import architecture
from gradetape.architecture import Architecture, Refusal

MODULE = "keras.src.layers.convolutional.conv2d"


def layer(kind: str, name: str, inputs: list[str] | None = None, **config: Any) -> dict[str, Any]:
    return {"name": name, "class": kind, "module": MODULE, "config": config, "inputs": inputs or [], "trainable": True}


def chain(*layers: dict[str, Any]) -> dict[str, Any]:
    linked = copy.deepcopy(list(layers))
    for before, after in itertools.pairwise(linked):
        after["inputs"] = [before["name"]]
    return {"connected": True, "layers": linked}


CONVOLUTION = layer("Conv2D", "c", filters=8, kernel_size=[3, 3], padding="same", activation="relu")
DENSE = layer("Dense", "d", units=10, activation="softmax")
SMALL = chain(CONVOLUTION, layer("MaxPooling2D", "p", pool_size=[2, 2]), layer("Flatten", "f"), DENSE)


def read(model: Any, most: int = 5_000_000) -> Architecture | Refusal:
    return architecture.read(model, most_parameters=most)


def refused(model: Any, most: int = 5_000_000) -> str:
    found = read(model, most)
    assert isinstance(found, Refusal), found
    return " ".join(found.reasons)


def test_shapes_and_parameters_are_known_before_anything_is_built() -> None:
    found = read(SMALL)
    assert isinstance(found, Architecture)
    assert [node.shape for node in found.nodes] == [(28, 28, 8), (14, 14, 8), (1568,), (10,)]
    assert found.parameters == (9 * 1 * 8 + 8) + (1568 * 10 + 10)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"class": "Lambda"}, "not among the layers"),
        ({"class": ["Conv2D"]}, "not among the layers"),
        ({"module": "submission"}, "not among the layers"),
        ({"config": {"filters": 10**9, "kernel_size": [3, 3]}}, "filters must be a whole number"),
        ({"config": {"filters": True, "kernel_size": [3, 3]}}, "filters must be a whole number"),
        ({"config": {"filters": 8}}, "kernel_size is missing"),
        ({"config": {"filters": 8, "kernel_size": [3, 3, 3]}}, "kernel_size must be two numbers"),
        ({"config": {"filters": 8, "kernel_size": [29, 29]}}, "does not fit into 28 pixels"),
        ({"config": {"filters": 8, "kernel_size": [3, 3], "padding": "../etc"}}, "padding must be same or valid"),
        ({"config": {"filters": 8, "kernel_size": [3, 3], "activation": {"class": "function"}}}, "activation"),
        (
            {"config": {"filters": 8, "kernel_size": [3, 3], "kernel_initializer": {"class": "eval"}}},
            "kernel_initializer `eval`",
        ),
        ({"config": {"filters": 8, "kernel_size": [3, 3], "groups": 3}}, "groups do not divide"),
        ({"inputs": ["nobody"]}, "is fed by `nobody`"),
        ({"inputs": "c"}, "does not say what feeds it"),
        ({"repeats": "nobody"}, "shares the weights"),
        ({"name": None}, "has no name"),
    ],
)
def test_a_layer_outside_the_list_is_refused_with_its_reason(change: dict[str, Any], reason: str) -> None:
    model = copy.deepcopy(SMALL)
    model["layers"][0].update(change)
    assert reason in refused(model)


def test_too_many_parameters_are_refused_however_they_are_spread() -> None:
    wide = chain(layer("Flatten", "f"), layer("Dense", "a", units=16384), layer("Dense", "b", units=16384))
    assert "parameters; at most" in refused(wide)
    assert "parameters; at most" in refused(SMALL, most=15_000)


def test_a_map_too_large_to_hold_is_refused() -> None:
    padded = chain(*(layer("ZeroPadding2D", f"z{n}", padding=[[32, 32], [32, 32]]) for n in range(150)))
    assert "impossible size" in refused(padded)


def test_a_model_whose_connections_are_unknown_is_refused() -> None:
    assert "running its own code" in refused({**SMALL, "connected": False})


def test_an_input_layer_of_another_size_is_refused() -> None:
    start = layer("InputLayer", "i", batch_shape=[None, 32, 32, 1])
    assert "Its input is (32, 32, 1)" in refused(chain(start, CONVOLUTION))


def test_a_repeated_layer_costs_its_parameters_once() -> None:
    again = {**layer("Conv2D", "c#2", ["c"], **{**CONVOLUTION["config"], "kernel_size": [1, 1]}), "repeats": "c"}
    found = read({"connected": True, "layers": [CONVOLUTION, again]})
    assert isinstance(found, Architecture)
    assert found.parameters == 80


def test_branches_meet_only_in_one_shape() -> None:
    left = layer("Conv2D", "l", [], filters=4, kernel_size=[3, 3], padding="same")
    right = layer("Conv2D", "r", [], filters=4, kernel_size=[3, 3], padding="valid")
    together = layer("Add", "a", ["l", "r"])
    assert "one shape" in refused({"connected": True, "layers": [left, right, together]})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.sampled_from(sorted(architecture.RULES)),
    st.dictionaries(
        st.sampled_from(sorted({name for rule in architecture.RULES.values() for name in rule.settings})), json_values
    ),
    json_values,
)
def test_no_configuration_makes_reading_crash(kind: str, config: dict[str, Any], inputs: Any) -> None:
    model = {"connected": True, "layers": [{**layer(kind, "x"), "config": config, "inputs": inputs}]}
    assert isinstance(read(model), (Architecture, Refusal))


@given(json_values)
def test_no_json_at_all_makes_reading_crash(anything: Any) -> None:
    assert isinstance(read({"connected": True, "layers": anything}), Refusal)
    assert isinstance(read({"connected": True, "layers": [anything]}), Refusal)


KERAS_SAYS = """
import json, sys
import keras
from gradetape import architecture
from gradetape.probes.structure import describe
from gradetape.probes.training import assembled

L = keras.layers
pixels = keras.Input((28, 28, 1))
maps = L.Conv2D(12, (5, 3), strides=(2, 1), padding="valid", activation="elu")(pixels)
maps = L.SeparableConv2D(16, 3, padding="same", depth_multiplier=2, use_bias=False)(maps)
maps = L.PReLU(shared_axes=[1, 2])(L.BatchNormalization()(maps))
side = L.DepthwiseConv2D(3, padding="same", depth_multiplier=1)(maps)
maps = L.LayerNormalization()(L.Add()([maps, side]))
maps = L.Conv2D(8, 3, dilation_rate=2, groups=4, padding="valid", kernel_regularizer="l2")(maps)
maps = L.AveragePooling2D((3, 2), strides=2, padding="same")(maps)
maps = L.Concatenate()([maps, L.LeakyReLU()(maps)])
vector = L.Concatenate()([L.GlobalMaxPooling2D()(maps), L.Flatten()(L.ZeroPadding2D(((1, 0), (2, 3)))(maps))])
vector = L.Dropout(0.4)(L.Dense(20, "gelu", kernel_initializer=keras.initializers.VarianceScaling(2.0))(vector))
model = keras.Model(pixels, L.Softmax()(L.Dense(10)(vector)))
facts = describe(model, (28, 28, 1))
found = architecture.read(facts, most_parameters=5_000_000)
again = assembled(found.as_json())
print(json.dumps({
    "theirs": [[l["name"], l["output_shape"][1:], l["parameters"]] for l in facts["layers"] if l["class"] != "InputLayer"],
    "ours": [[n.name, list(n.shape), n.parameters] for n in found.nodes],
    "built": [again.count_params(), list(again.output_shape)],
    "parameters": facts["parameters"],
}))
"""


def test_sizes_and_parameters_are_those_that_keras_gives() -> None:
    ended = subprocess.run([sys.executable, "-c", KERAS_SAYS], capture_output=True, text=True, timeout=300, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    said = json.loads(ended.stdout.splitlines()[-1])
    assert said["ours"] == said["theirs"]
    assert said["built"] == [said["parameters"], [None, 10]]
