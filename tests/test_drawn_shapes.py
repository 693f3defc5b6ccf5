"""The drawn scenes: the same for everybody, different from one another, and a real data set."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from gradetape.domain import Ending
from gradetape.evidence.arrays import unpacked
from gradetape.sandbox import Job, Limits, run

BUILDER = Path(__file__).parents[1] / "exercises" / "data" / "drawn_shapes.py"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def drawn() -> Any:
    specification = importlib.util.spec_from_file_location("drawn_shapes", BUILDER)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@settings(max_examples=15, deadline=None)
@given(data=some.data())
def test_an_index_always_gives_the_same_colour_picture(drawn: Any, data: Any) -> None:
    kind, index = data.draw(some.sampled_from(drawn.CLASSES)), data.draw(some.integers(0, 10_000))
    picture = drawn.draw(kind, index)
    assert (picture == drawn.draw(kind, index)).all()
    assert picture.dtype.name == "uint8"
    assert picture.shape[2] == 3
    assert drawn.HEIGHTS[0] <= picture.shape[0] < drawn.HEIGHTS[1]
    assert drawn.WIDTHS[0] <= picture.shape[1] < drawn.WIDTHS[1]


def test_no_two_pictures_of_the_set_are_alike_and_sizes_differ(drawn: Any) -> None:
    each = (drawn.TRAIN_IMAGES + drawn.TEST_IMAGES) // len(drawn.CLASSES)
    pictures = [drawn.draw(kind, index) for kind in drawn.CLASSES for index in range(each)]
    assert len({picture.tobytes() for picture in pictures}) == len(pictures)
    assert len({picture.shape for picture in pictures}) > len(pictures) // 2


def test_the_prepared_set_has_balanced_splits_and_only_its_own_files() -> None:
    request = {"builder": BUILDER.name, "class": "DrawnShapes"}
    outcome = run(Job("drawn_data", request, {BUILDER.name: BUILDER.read_bytes()}, Limits(wall_seconds=300)))
    assert outcome.ending is Ending.FINISHED, (outcome.detail, outcome.output)
    assert outcome.facts["name"] == "drawn_shapes"
    assert outcome.facts["splits"] == {"train": 128, "test": 48}
    assert all(name.startswith("drawn_shapes/1.0.0/") for name in outcome.arrays)
    features = json.loads(unpacked(outcome.arrays["drawn_shapes/1.0.0/features.json"]).tobytes())
    assert set(features["featuresDict"]["features"]) == {"image", "label"}
