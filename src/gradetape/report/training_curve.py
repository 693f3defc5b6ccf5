"""The training curve that a run recorded, read from facts that student code may have shaped."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gradetape.domain import JsonValue
from gradetape.report.safe_text import count, one_line

MOST_POINTS = 2000
MOST_SERIES = 4
_X_NAMES = {
    "images": "training images seen",
    "steps": "training steps",
    "step": "training steps",
    "epochs": "epochs",
    "epoch": "epochs",
    "seconds": "seconds",
}


@dataclass(frozen=True)
class Series:
    """One line of the figure: accuracies from 0 to 1 over what had been trained on by then."""

    name: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Curve:
    """What the figure shows, and the words that say the same. `accuracy` is the final one, on held-out images."""

    series: tuple[Series, ...]
    x_name: str
    threshold: float | None
    accuracy: float | None
    words: str


def read_curve(facts: Mapping[str, JsonValue]) -> Curve | None:
    """The training curve that a run recorded, in any of the shapes it may have; None where there is none to draw.

    Understood: a list of accuracies, of [x, y] pairs or of records such as {"images": 200, "accuracy": 0.4},
    and a mapping from names to lists.
    """
    training = facts.get("training")
    if not isinstance(training, Mapping):
        return None
    x_name, series = _read_series(training.get("curve"))
    if not series:
        return None
    threshold, accuracy = _share(training.get("threshold")), _share(training.get("accuracy"))
    return Curve(series, x_name, threshold, accuracy, _words(series, x_name, threshold, accuracy))


def _read_series(curve: JsonValue) -> tuple[str, tuple[Series, ...]]:
    if isinstance(curve, Mapping):
        lists = {name: values for name, values in curve.items() if isinstance(values, list)}
        x_key = next((key for key in _X_NAMES if key in lists), "")
        across = lists.pop(x_key, [])
        named = {
            name: [[x, y] for x, y in zip(across or range(1, len(ys) + 1), ys, strict=False)]
            for name, ys in lists.items()
        }
        return _X_NAMES.get(x_key, "epochs"), _series(named)
    if not isinstance(curve, list) or not curve:
        return "", ()
    if all(isinstance(point, Mapping) for point in curve):
        x_key = next((key for key in _X_NAMES if key in curve[0]), "")
        names = [name for name in curve[0] if name != x_key]
        named = {
            name: [[point.get(x_key, place), point.get(name)] for place, point in enumerate(curve, start=1)]
            for name in names
        }
        return _X_NAMES.get(x_key, "checks"), _series(named)
    if all(isinstance(point, (list, tuple)) and len(point) == 2 for point in curve):
        return "training images seen", _series({"accuracy": curve})
    return "checks", _series({"accuracy": [[place, value] for place, value in enumerate(curve, start=1)]})


def _series(named: Mapping[str, Sequence[JsonValue]]) -> tuple[Series, ...]:
    """The series that are accuracies, by their names; where no name says so, every one that stays between 0 and 1."""
    told = {name: points for name, points in named.items() if "acc" in str(name)} or {
        name: points for name, points in named.items() if "loss" not in str(name)
    }
    read = [Series(_series_name(name), tuple(_drawable(points))) for name, points in list(told.items())[:MOST_SERIES]]
    return tuple(series for series in read if series.points)


def _drawable(points: Sequence[JsonValue]) -> Iterator[tuple[float, float]]:
    every = max(1, math.ceil(len(points) / MOST_POINTS))
    for across, up in points[::every]:
        share = _share(up)
        if share is not None and _is_number(across) and 0 <= across <= 1e12:
            yield float(across), share


def _series_name(name: str) -> str:
    """Short and ASCII, because matplotlib knows neither other scripts nor a student's humour."""
    plain = one_line(str(name))[:30].replace("_", " ")
    return {"val accuracy": "held-out accuracy"}.get(plain, plain if plain.isascii() else "accuracy")


def _words(series: Sequence[Series], x_name: str, threshold: float | None, accuracy: float | None) -> str:
    line = max(series, key=lambda one: "held-out" in one.name or "val" in one.name)
    (x0, first), (x1, last) = line.points[0], line.points[-1]
    held_out = "held-out" in line.name or "val" in line.name
    name = line.name.capitalize() + ("" if held_out else " while training")
    sentence = f"{name} went from {percent(first)} at {_round(x0)} {x_name} to {percent(last)} at {_round(x1)}."
    if accuracy is not None:
        sentence += f" On held-out images it is {percent(accuracy)}."
    if threshold is None:
        return sentence
    enough = "enough" if (last if accuracy is None else accuracy) >= threshold else "not enough"
    return f"{sentence} That is {enough}: {percent(threshold)} is needed."


def _round(value: float) -> str:
    return count(int(value)) if float(value).is_integer() else f"{value:,.4g}"


def percent(share: float) -> str:
    """A share of 1 in percent, to a tenth.

    >>> percent(0.7).split(), percent(0.8451).split()
    (['70', '%'], ['84.5', '%'])
    """
    return f"{100 * share:.1f}".rstrip("0").rstrip(".") + "\N{NO-BREAK SPACE}%"


def _share(value: JsonValue) -> float | None:
    return float(value) if _is_number(value) and 0 <= value <= 1 else None


def _is_number(value: JsonValue) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
