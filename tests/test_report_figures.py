"""Curves and models are drawn from facts that may be anything."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sample_reports
from gradetape.report.figures import curve_svg
from gradetape.report.model_drawing import LAYERS_AT_EACH_END, draw_model, shape_text
from gradetape.report.training_curve import read_curve

json_values: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["images", "accuracy", "loss", "$x^"]), inner, max_size=3)
    ),
    max_leaves=12,
)
layer_values = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        (
            "class",
            "name",
            "output_shape",
            "parameters",
            "trainable",
            "config",
            "kernel_size",
            "strides",
            "rate",
            "activation",
        ),
        json_values,
    ),
)


@pytest.mark.parametrize(
    "curve",
    [
        [0.1, 0.5, 0.8],
        [[200, 0.1], [400, 0.5], [600, 0.8]],
        [{"images": 200, "accuracy": 0.1}, {"images": 400, "accuracy": 0.5}, {"images": 600, "accuracy": 0.8}],
        {"images": [200, 400, 600], "accuracy": [0.1, 0.5, 0.8], "loss": [2.0, 1.0, 0.3]},
        {"val_accuracy": [0.1, 0.5, 0.8]},
    ],
)
def test_every_shape_of_a_curve_is_one_line_from_first_to_last(curve: object) -> None:
    read = read_curve({"training": {"curve": curve, "threshold": 0.7}})
    assert read is not None
    assert [[up for _, up in series.points] for series in read.series] == [[0.1, 0.5, 0.8]]
    assert "enough" in read.words


def test_the_words_say_what_the_figure_shows() -> None:
    read = read_curve(sample_reports.q9_facts())
    assert read is not None
    words = read.words.replace("\N{NO-BREAK SPACE}", " ")
    assert words == (
        "Accuracy while training went from 11 % at 200 training images seen to 81 % at 2,000. "
        "On held-out images it is 83.8 %. That is enough: 60 % is needed."
    )


def test_an_accuracy_below_the_threshold_is_not_enough() -> None:
    read = read_curve({"training": {"curve": [0.1, 0.2], "threshold": 0.7, "accuracy": 0.3}})
    assert read is not None
    assert "That is not enough" in read.words


@given(json_values, json_values, json_values)
def test_no_fact_breaks_the_reading_of_a_curve(curve: object, threshold: object, accuracy: object) -> None:
    read = read_curve({"training": {"curve": curve, "threshold": threshold, "accuracy": accuracy}})
    assert read is None or all(0 <= up <= 1 for series in read.series for _, up in series.points)


@settings(max_examples=10, deadline=None)  # matplotlib takes a tenth of a second for each
@given(
    st.lists(
        st.dictionaries(st.sampled_from(["images", "accuracy", "$\\frac$ acc"]), st.floats(0, 1), min_size=1),
        min_size=1,
        max_size=5,
    )
)
def test_every_curve_that_is_read_can_be_drawn(curve: object) -> None:
    read = read_curve({"training": {"curve": curve, "threshold": 0.5, "accuracy": 0.6}})
    if read is not None:
        ElementTree.fromstring(curve_svg(read, "q9"))


def test_a_figure_obeys_a_policy_that_forbids_inline_styles() -> None:
    read = read_curve(sample_reports.q9_facts())
    assert read is not None
    root = ElementTree.fromstring(curve_svg(read, "q9"))
    assert not [
        element for element in root.iter() if "style" in element.attrib or element.tag.endswith(("style", "script"))
    ]
    assert root.attrib["aria-label"] == read.words
    assert "needed:" in "".join(root.itertext())


def test_a_figure_is_the_same_each_time_and_two_on_a_page_share_no_id() -> None:
    read = read_curve(sample_reports.q9_facts())
    assert read is not None
    one, other = curve_svg(read, "q9"), curve_svg(read, "q10")
    assert one == curve_svg(read, "q9")
    ids = [
        {element.attrib["id"] for element in ElementTree.fromstring(svg).iter() if "id" in element.attrib}
        for svg in (one, other)
    ]
    assert ids[0]
    assert not ids[0] & ids[1]


def test_matplotlib_is_not_imported_for_a_report_without_a_curve() -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import sample_reports, gradetape.report as report; "
        "report.student_page(sample_reports.empty(), 'Course'); report.class_page(sample_reports.a_class(), 'Course'); "
        "print('matplotlib' in sys.modules)"
    )
    folder = sample_reports.__file__.rpartition("/")[0]
    ran = subprocess.run([sys.executable, "-c", program, folder], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


def test_each_layer_shows_its_shape_its_settings_and_its_parameters() -> None:
    drawing = draw_model(sample_reports.q9_facts())
    assert drawing is not None
    first = drawing.first[0]
    assert (first.class_name, first.shape, first.parameters, first.detail, first.kind) == (
        "Conv2D",
        "28 × 28 × 64",
        "3,200",
        "7×7, same padding, relu",
        "convolution",
    )
    assert drawing.summary.startswith(
        "11 layers, 4 of them convolutional and 2 dense; 816,138 parameters, all of which can learn"
    )


def test_settings_inside_a_config_are_found_too() -> None:
    layer = {
        "class": "Conv2D",
        "output_shape": [None, 9, 9, 4],
        "config": {"kernel_size": [3, 3], "strides": [2, 2], "activation": {"class": "ReLU"}},
    }
    drawing = draw_model({"model": {"layers": [layer]}})
    assert drawing is not None
    assert drawing.layers[0].detail == "3×3, stride 2×2, ReLU"


def test_a_larger_map_has_a_larger_face_and_more_maps_a_deeper_box() -> None:
    shapes = [[None, 28, 28, 8], [None, 14, 14, 8], [None, 14, 14, 64]]
    drawing = draw_model({"model": {"layers": [{"class": "Conv2D", "output_shape": shape} for shape in shapes]}})
    assert drawing is not None
    large, small, deep = (layer.box for layer in drawing.layers)
    assert large.face > small.face == deep.face
    assert large.depth == small.depth < deep.depth


def test_a_deep_model_is_drawn_at_both_ends_and_counted_between() -> None:
    drawing = draw_model(sample_reports.q10_facts())
    assert drawing is not None
    assert len(drawing.first) == len(drawing.last) == LAYERS_AT_EACH_END
    assert len(drawing.layers) == 135
    assert drawing.between.startswith("119 more layers")


def test_a_layer_that_cannot_learn_is_frozen_and_one_without_parameters_is_not() -> None:
    layers = [
        {"class": "Dense", "parameters": 10, "trainable": False},
        {"class": "Xception", "parameters": 10, "trainable_parameters": 0},
        {"class": "Flatten", "parameters": 0, "trainable": False},
        {"class": "Dense", "parameters": 10, "trainable": True},
    ]
    drawing = draw_model({"model": {"layers": layers}})
    assert drawing is not None
    assert [layer.frozen for layer in drawing.layers] == [True, True, False, False]


@given(st.lists(layer_values | json_values, max_size=4), json_values)
def test_no_fact_breaks_the_drawing(layers: object, total: object) -> None:
    drawing = draw_model({"model": {"layers": layers, "parameters": total}})
    if drawing is not None:
        assert all(0 <= layer.share <= 100 and layer.box.outlines for layer in drawing.layers)
        json.dumps(drawing.summary)


@pytest.mark.parametrize(
    "facts", [{}, {"model": None}, {"model": {"layers": "Conv2D"}}, {"model": {"layers": []}}, {"model": [1]}]
)
def test_no_model_is_no_drawing(facts: dict[str, object]) -> None:
    assert draw_model(facts) is None


def test_the_first_of_several_outputs_is_shown() -> None:
    assert shape_text([[None, 10], [None, 4]]) == "10"
