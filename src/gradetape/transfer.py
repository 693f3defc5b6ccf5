"""Exercises on pretrained networks: what their probe needs to see, and how a head is trained on a base's features.

    prepared = prepare("drawn_shapes", base="Xception", exercises=Path("exercises"), seed=7)
    job = look_job(exercise, program, prepared, seed=7, limits=limits)
    evidence = train(evidence, exercise, prepared, seed=7)

Both the data set and the features are made once, in confined processes that hold no student's code, and kept in the
cache folder. A head is trained on the same features whatever base it came with, so that one threshold fits all.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from gradetape import architecture, recipe, trainer
from gradetape.architecture import Architecture, Refusal
from gradetape.datasets import PARTS, ImageSet
from gradetape.domain import Ending, Evidence, JsonValue
from gradetape.errors import CourseError, GradeTapeError
from gradetape.evidence.arrays import unpacked
from gradetape.exercise import Exercise
from gradetape.recipe import Recipe
from gradetape.sandbox import Job, Limits, Outcome, run

DATA = Path("data")
CLASSES = {"drawn_shapes": "DrawnShapes"}
SIDE = 224
MAKING = Limits(wall_seconds=900, cpu_seconds=400, artefact_bytes=96 * 1024 * 1024)
PROBES = Path(__file__).parent / "probes"
MAKERS = ("features.py", "pretrained.py", "drawn_data.py")
ONE_AT_A_TIME = threading.Lock()  # the features take half a minute: no second thread should begin them too


@dataclass(frozen=True)
class Prepared:
    """A data set in a folder that tfds reads, and the features that a base finds in it.

    `weights` is the folder of cached ImageNet weights, None where there are none; `weights_used` says what the
    features were made with: "imagenet" or "stand-in". `features.x_train` has the shape (n, height, width, maps).
    """

    name: str
    folder: Path
    weights: Path | None
    weights_used: str
    features: ImageSet


def cache_folder() -> Path:
    """Where what is costly to make is kept: below XDG_CACHE_HOME, else ~/.cache."""
    given = os.environ.get("XDG_CACHE_HOME")
    return (Path(given) if given else Path.home() / ".cache") / "gradetape"


def cached_weights(base: str) -> Path | None:
    """Keras' own folder, if weights of `base` without its top are cached there."""
    home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
    found = any((home / "models").glob(f"{base.lower()}*notop*")) or any(
        (home / "models").glob(f"{base.lower()}*no_top*")
    )
    return home if found else None


def prepare(name: str, *, base: str, exercises: Path, seed: int, cache: Path | None = None) -> Prepared:
    """The data set `name` and its features under `base`, made now if they are not in the cache.

    Raises CourseError for a data set the course does not have, GradeTapeError when they cannot be made.
    """
    source = exercises / DATA / f"{name}.py"
    if name not in CLASSES or not source.is_file():
        raise CourseError(
            f"exercises/{DATA.as_posix()}/{name}.py",
            expected="a data set that the course draws",
            found="none of that name",
            next_step=f"Name one of {', '.join(CLASSES)} in the grader.",
        )
    weights = cached_weights(base)
    key = _digest(source, base, seed, weights)
    home = cache or cache_folder()
    with ONE_AT_A_TIME:
        folder = _kept(home / f"{name}-{_digest(source)}", lambda target: _draw(name, source, target))
        made = _kept(home / f"features-{key}", lambda target: _compute(name, base, seed, weights, folder, target))
    return Prepared(name, folder, weights, (made / "weights").read_text(encoding="utf-8"), _features(made, name, base))


def look_job(exercise: Exercise, program: str, prepared: Prepared, *, seed: int, limits: Limits) -> Job:
    """The job in which the exercise's probe looks at a program."""
    also = [folder for folder in (Path.home() / "tensorflow_datasets",) if folder.is_dir()]
    weights = [prepared.weights] if prepared.weights is not None else []
    return Job(
        probe=exercise.probe,
        request={
            "defines": list(exercise.defines),
            "dataset": prepared.name,
            "weights": str(prepared.weights or ""),
            "data_dirs": [str(folder) for folder in also],
            "seed": seed,
            "file": trainer.PROGRAM,
        },
        files={trainer.PROGRAM: program.encode("utf-8")},
        limits=limits,
        readable=(prepared.folder, *weights, *also),
        environment={"TFDS_DATA_DIR": str(prepared.folder), "CUDA_VISIBLE_DEVICES": "-1"},  # two steps are worth no GPU
    )


def train(evidence: Evidence, exercise: Exercise, prepared: Prepared, *, seed: int) -> Evidence:
    """`evidence` with the training of its head on the base's features, as trainer.train tells it.

    A head that cannot be rebuilt is not trained: facts["training"]["refused"] says why.
    """
    assert exercise.training is not None  # the caller asks for a training only where one is planned
    features, head = _fitting(prepared.features, evidence), head_facts(evidence.facts)
    most = exercise.training.most_parameters
    shape = features.x_train.shape[1:]
    parts = (
        architecture.read(head["model"], most_parameters=most, input_shape=shape),
        recipe.read(head),
    )
    reasons = [reason for part in parts if isinstance(part, Refusal) for reason in part.reasons]
    if reasons or not isinstance(parts[0], Architecture) or not isinstance(parts[1], Recipe):
        return dataclasses.replace(evidence, facts={**evidence.facts, "training": {"refused": reasons}})
    alone = dataclasses.replace(evidence, facts=head, arrays={})
    trained = trainer.train(alone, exercise, features, "", seed=seed)
    told = {**trained.facts["training"], "weights": prepared.weights_used}
    return dataclasses.replace(
        evidence, facts={**evidence.facts, "training": told}, arrays=trained.arrays, seconds=trained.seconds
    )


def head_facts(facts: Mapping[str, JsonValue]) -> dict[str, Any]:
    """The head as trainer.train reads a model: its layers, and the fit of the first phase."""
    head, phase = facts.get("head"), facts.get("head_phase")
    fits = phase.get("fits") if isinstance(phase, Mapping) else None
    first = fits[0] if isinstance(fits, list) and fits and isinstance(fits[0], Mapping) else None
    told = [{"compile": {"loss": first.get("loss"), "optimizer": first.get("optimizer")}}] if first else []
    return {"model": head if isinstance(head, Mapping) else {}, "fits": told}


def _fitting(features: ImageSet, evidence: Evidence) -> ImageSet:
    """The features as maps, or averaged over each map where the base has pooled them by itself."""
    head = evidence.facts.get("head")
    if not isinstance(head, Mapping) or head.get("rank") != 2:
        return features
    pooled = {part: getattr(features, part).astype("float32").mean((1, 2)) for part in ("x_train", "x_held_out")}
    return dataclasses.replace(features, **pooled)


def _draw(name: str, source: Path, target: Path) -> None:
    outcome = run(
        Job("drawn_data", {"builder": source.name, "class": CLASSES[name]}, {source.name: source.read_bytes()}, MAKING)
    )
    for path, array in _arrays(outcome, f"the data set {name}").items():
        file = target / path
        if target.resolve() not in file.resolve().parents:
            raise GradeTapeError(f"The data set {name} names a file outside its folder: {path}")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(array.tobytes())


def _compute(name: str, base: str, seed: int, weights: Path | None, folder: Path, target: Path) -> None:
    request = {"dataset": name, "base": base, "weights": str(weights or ""), "seed": seed, "side": SIDE}
    readable = (folder, *([weights] if weights else []))
    outcome = run(Job("features", request, {}, MAKING, readable, {"TFDS_DATA_DIR": str(folder)}))
    arrays = _arrays(outcome, f"the features of {base}")
    (target / "features.npz").write_bytes(trainer.stored({part: arrays[part] for part in PARTS}))
    (target / "weights").write_text(str(outcome.facts["weights"]), encoding="utf-8")


def _arrays(outcome: Outcome, what: str) -> dict[str, np.ndarray[Any, Any]]:
    if outcome.ending is not Ending.FINISHED or not outcome.arrays:
        raise GradeTapeError(f"{what[0].upper()}{what[1:]} could not be made: {outcome.detail or outcome.ending.value}")
    return {name: unpacked(array) for name, array in outcome.arrays.items()}


def _features(made: Path, name: str, base: str) -> ImageSet:
    with np.load(made / "features.npz", allow_pickle=False) as stored:
        parts = {part: stored[part] for part in PARTS}
    return ImageSet(f"{base} features of {name}", f"scenes drawn by the course, seen by {base}", **parts)


def _kept(target: Path, make: Callable[[Path], None]) -> Path:
    """`target`, made whole or not at all; when two processes make it, the first stays."""
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        make(half)
        os.replace(half, target)
    except OSError:
        if not target.is_dir():
            raise
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return target


def _digest(source: Path, *rest: object) -> str:
    """Changes with the data set's source, our code that works on it, the libraries, and `rest`."""
    seen = hashlib.sha256(source.read_bytes())
    for maker in MAKERS:
        seen.update((PROBES / maker).read_bytes())
    libraries = [version(name) for name in ("keras", "tensorflow-datasets", "numpy")]
    seen.update(repr([*libraries, *rest]).encode())
    return seen.hexdigest()[:16]
