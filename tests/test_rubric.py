"""A rubric says what is wrong with it before anybody is marked against it."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from gradetape.course.rubric import KeyPoint, Rubric


def rubric(**changes: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "concepts": {"fewer": ["fewer", "less"], "weights": ["parameter*"]},
        "points": [{"name": "small", "weight": 1.0, "says": "It is small.", "accepts": [["fewer", "weights"]]}],
    }
    return plain | changes


def point(**changes: Any) -> dict[str, Any]:
    return {"name": "small", "weight": 1.0, "says": "It is small.", "accepts": [["fewer", "weights"]]} | changes


def test_a_list_is_a_phrasing_that_needs_all_of_it() -> None:
    read = Rubric.model_validate(rubric())
    assert read.points[0].accepts[0].all == ("fewer", "weights")
    assert read.points[0].accepts[0].scope == "sentence"


def test_a_list_inside_is_a_concept_without_a_name() -> None:
    read = Rubric.model_validate(rubric(points=[point(accepts=[["fewer", ["weight*", "bias*"]]])]))
    assert read.points[0].accepts[0].all == ("fewer", ("weight*", "bias*"))


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (rubric(points=[point(accepts=[["fewer", "wheights"]])]), "'wheights' is none of the concepts"),
        (rubric(points=[point(accepts=[{"all": ["fewer"], "without": ["more"]}])]), "'more' is none of the concepts"),
        (rubric(points=[point(weight=0.4)]), "add up to 0.4"),
        (rubric(points=[point(weight=0.5), point(weight=0.5)]), "the name is taken twice"),
        (rubric(points=[point(accepts=[])]), "either `accepts` or `parts`"),
        (
            rubric(points=[point(parts=[{"name": "one", "accepts": [["fewer"]]}], needed=1)]),
            "either `accepts` or `parts`",
        ),
        (
            rubric(points=[point(accepts=[], parts=[{"name": "one", "accepts": [["fewer"]]}], needed=2)]),
            "must be 1 to 1",
        ),
        (rubric(points=[point(needed=2)]), "counts `parts`"),
        (rubric(concepts={"fewer": ["few-er"], "weights": ["w"]}), "'few-er' is no phrase"),
        (rubric(concepts={"fewer": ["* few"], "weights": ["w"]}), "is no phrase"),
        (rubric(caps=[{"at_most": 0.5, "unless": ["big"], "because": "It is so."}]), "'big' is none of the key points"),
        (rubric(points=[point(subject="network")]), "'network' is none of the concepts"),
        (rubric(foils=["dense"]), "'dense' is none of the concepts"),
        (rubric(colour="red"), "Extra inputs"),
        (rubric(points=[]), "at least 1"),
    ],
)
def test_a_broken_rubric_is_refused_with_its_fault(broken: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says.replace("`", ".").replace("*", r"\*")):
        Rubric.model_validate(broken)


def test_a_points_topic_is_its_title_or_its_name_in_words() -> None:
    point = {"name": "fewer-weights", "weight": 1, "says": "It has fewer.", "accepts": [[["fewer"]]]}
    assert KeyPoint.model_validate(point).topic == "fewer weights"
    assert KeyPoint.model_validate(point | {"title": "what it has to learn"}).topic == "what it has to learn"


def test_equal_rubrics_have_equal_hashes() -> None:
    one, other = Rubric.model_validate(rubric()), Rubric.model_validate(rubric())
    assert one == other
    assert hash(one) == hash(other)
