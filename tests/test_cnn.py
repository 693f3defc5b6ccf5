"""The calculator agrees with the answer key, and with Keras over random stacks."""

from __future__ import annotations

import doctest
import math
import os
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradetape import cnn
from gradetape.cnn import FLOAT32_BYTES, Conv, Dense, Flatten, Pool, SeparableConv, Stack

Q2 = Stack((200, 300, 3), (Conv(100, stride=2), Conv(200, stride=2), Conv(400, stride=2)))


def test_docstrings_show_what_the_code_does():
    outcome = doctest.testmod(cnn)
    assert outcome.attempted >= 8
    assert outcome.failed == 0


def test_question_two_has_the_shapes_of_the_answer_key():
    assert Q2.shapes == ((100, 150, 100), (50, 75, 200), (25, 38, 400))


def test_question_two_has_the_parameters_of_the_answer_key():
    assert Q2.layer_parameters == (2_800, 180_200, 720_400)
    assert Q2.parameters == 903_400
    assert Q2.weights == 902_700
    assert Q2.biases == 700
    assert Q2.layer_weights == (2_700, 180_000, 720_000)


def test_question_two_has_the_memory_of_the_answer_key():
    assert Q2.input_floats == 180_000
    assert Q2.layer_floats == (1_500_000, 750_000, 380_000)
    assert Q2.floats == 2_630_000
    assert [floats * FLOAT32_BYTES for floats in Q2.layer_floats] == [6_000_000, 3_000_000, 1_520_000]
    assert Q2.floats * FLOAT32_BYTES == 10_520_000


def test_prediction_memory_follows_from_the_stack_in_both_readings():
    floats = (Q2.input_floats, *Q2.layer_floats)
    resident = Q2.parameters + max(own + following for own, following in pairwise(floats[1:]))
    streamed = max(
        own + before + after for own, before, after in zip(Q2.layer_parameters, floats[:-1], floats[1:], strict=True)
    )
    assert resident * FLOAT32_BYTES == 12_613_600
    assert streamed * FLOAT32_BYTES == 9_720_800


def test_training_memory_follows_from_the_stack():
    assert (50 * (Q2.floats + Q2.input_floats) + Q2.parameters) * FLOAT32_BYTES == 565_613_600


def test_a_depthwise_separable_layer_counts_both_of_its_parts():
    net = Stack((28, 28, 32), [SeparableConv(64, depth_multiplier=2)])
    assert net.layer_weights == (3 * 3 * 32 * 2 + 32 * 2 * 64,)
    assert net.layer_biases == (64,)


def test_lists_of_layers_become_tuples_so_that_a_stack_can_be_a_key():
    assert Stack([8, 8, 1], [Flatten()]) == Stack((8, 8, 1), (Flatten(),))
    assert hash(Stack([8, 8, 1], [Flatten()])) == hash(Stack((8, 8, 1), (Flatten(),)))


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda: Stack((4, 9, 1), [Conv(2), Conv(2, kernel=5, padding="valid")]), "layer 2, Conv: .*window of 5.*of 4"),
        (lambda: Stack((4, 4, 1), [Conv(2, kernel=3, dilation=2, padding="valid")]), "window of 5"),
        (lambda: Stack((1, 4, 1), [Pool(2)]), "layer 1, Pool: "),
        (lambda: Stack((4, 4, 1), [Flatten(), Conv(2)]), r"layer 2, Conv: .*found \(16,\)"),
        (lambda: Conv(2, stride=2, dilation=2), "Keras allows only one"),
        (lambda: SeparableConv(2, stride=(1, 2), dilation=(2, 1)), "Keras allows only one"),
        (lambda: Conv(0), "filters: .*at least 1, found 0"),
        (lambda: Conv(2, kernel=(3, 3, 3)), r"kernel: .*found \(3, 3, 3\)"),
        (lambda: Conv(2, padding="full"), "padding: .*'full'"),
        (lambda: Conv(2, stride=0), "stride: "),
        (lambda: Dense(1.5), "units: .*1.5"),
        (lambda: Stack((), []), "input shape: "),
        (lambda: Stack((0, 3, 3), []), "input shape: "),
    ],
)
def test_impossible_stacks_are_refused_with_their_place_and_reason(build, says):
    with pytest.raises(ValueError, match=says):
        build()


SIZES = st.one_of(st.integers(1, 3), st.tuples(st.integers(1, 3), st.integers(1, 3)))
KERNELS = st.one_of(st.integers(1, 5), st.tuples(st.integers(1, 5), st.integers(1, 5)))
PADDINGS = st.sampled_from(["same", "valid"])
POOLS = st.builds(Pool, SIZES, st.none() | SIZES, PADDINGS)


@st.composite
def convolutions(draw):
    slide = draw(st.sampled_from([{}, {"stride": draw(SIZES)}, {"dilation": draw(SIZES)}]))
    shared = dict(filters=draw(st.integers(1, 6)), kernel=draw(KERNELS), padding=draw(PADDINGS), **slide)
    if draw(st.booleans()):
        return Conv(**shared, bias=draw(st.booleans()))
    return SeparableConv(**shared, bias=draw(st.booleans()), depth_multiplier=draw(st.integers(1, 3)))


DENSES = st.builds(Dense, st.integers(1, 7), st.booleans())
INPUTS = st.tuples(st.integers(1, 40), st.integers(1, 40), st.integers(1, 4))


@st.composite
def layer_lists(draw):
    images = draw(st.lists(st.one_of(convolutions(), POOLS, DENSES), min_size=1, max_size=4))
    return [*images, *draw(st.sampled_from([[], [Flatten(), *draw(st.lists(DENSES, max_size=2))]]))]


@settings(deadline=None)
@given(INPUTS, layer_lists())
def test_parameters_are_weights_and_biases_and_floats_are_the_products_of_shapes(shape, layers):
    try:
        net = Stack(shape, layers)
    except ValueError:
        return
    assert net.parameters == sum(net.layer_parameters) == net.weights + net.biases
    assert net.floats == sum(math.prod(each) for each in net.shapes)
    assert all(size >= 1 for each in net.shapes for size in each)


@pytest.fixture(scope="module")
def keras():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    return pytest.importorskip("keras", reason="the proof against Keras needs the keras extra")


def in_keras(keras, layer):
    """The Keras layer that `layer` describes."""
    if isinstance(layer, Flatten):
        return keras.layers.Flatten()
    if isinstance(layer, Dense):
        return keras.layers.Dense(layer.units, use_bias=layer.bias)
    if isinstance(layer, Pool):
        return keras.layers.MaxPooling2D(layer.size, strides=layer.stride, padding=layer.padding)
    shared = {
        "strides": layer.stride,
        "padding": layer.padding,
        "dilation_rate": layer.dilation,
        "use_bias": layer.bias,
    }
    if isinstance(layer, Conv):
        return keras.layers.Conv2D(layer.filters, layer.kernel, **shared)
    return keras.layers.SeparableConv2D(layer.filters, layer.kernel, depth_multiplier=layer.depth_multiplier, **shared)


def keras_account(keras, shape, layers):
    """(output shapes, parameters of each layer) according to Keras, or None where Keras refuses the stack."""
    shapes, parameters = [], []
    current = (None, *shape)
    for layer in layers:
        try:
            twin = in_keras(keras, layer)
            following = twin.compute_output_shape(current)
        except ValueError:
            return None
        if 0 in following:  # Keras up to 3.12 lets a window that does not fit give an empty map
            return None
        twin.build(current)
        shapes.append(tuple(following[1:]))
        parameters.append(twin.count_params())
        current = following
    return tuple(shapes), tuple(parameters)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(INPUTS, layer_lists())
def test_every_random_stack_has_the_shapes_and_parameters_that_keras_gives_it(keras, shape, layers):
    theirs = keras_account(keras, shape, layers)
    try:
        net = Stack(shape, layers)
    except ValueError:
        assert theirs is None
        return
    assert (net.shapes, net.layer_parameters) == theirs
