"""Runs the reference head of Q10 and known broken heads over many seeds, and says what their accuracies justify.

    python benchmarks/calibrate_heads.py --record heads.jsonl            # every run; continues where it stopped
    python benchmarks/calibrate_heads.py --record heads.jsonl --write    # …and puts them into graders/thresholds.yaml

Heads are trained by the very trainer that grades, on the same features. See calibrate.py, which does it for Q9.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.util
import json
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

from calibrate import OTHER_SEEDS, REFERENCE_SEEDS, ROOT, Facts, Model, one_run, rate, relu_output, report, shuffled
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq

from gradetape import transfer
from gradetape.exercise import Exercise
from gradetape.sandbox import Limits, run

SLUG = "q10_transfer_learning"
SEED = 7
NOTE = (
    "Weights of the base: {weights}. With 48 held-out pictures one picture is .02. The bounds were chosen after a first look at "
    "such runs, above the heads of one unit (.79) and below every sound head, so these runs are no independent test of them."
)


def layers(facts: Facts) -> list[Facts]:
    """The head's layers with weights, to be changed in place."""
    return [layer for layer in facts["model"]["layers"] if layer["class"] == "Dense"]


def hidden(name: str, value: Any) -> Any:
    """The hidden layer's setting `name` is `value`."""

    def change(facts: Facts) -> None:
        layers(facts)[0]["config"][name] = value

    return change


def without_hidden_layer(facts: Facts) -> None:
    """Average and classify: the smallest head that can work."""
    first = layers(facts)[0]
    for layer in facts["model"]["layers"]:
        layer["inputs"] = [first["inputs"][0] if name == first["name"] else name for name in layer["inputs"]]
    facts["model"]["layers"].remove(first)


def optimizer(name: str, learning_rate: float) -> Any:
    """Another optimizer with its default settings."""

    def change(facts: Facts) -> None:
        facts["fits"][-1]["compile"]["optimizer"] = {"class": name, "learning_rate": learning_rate, "settings": {}}

    return change


def small(name: str, learning_rate: float) -> Any:
    """The smallest head, with another optimizer."""

    def change(facts: Facts) -> None:
        without_hidden_layer(facts)
        optimizer(name, learning_rate)(facts)

    return change


HEADS = (
    Model("reference", sound=True),
    Model("no hidden layer, Adam .001", sound=True, change=small("Adam", 1e-3)),
    Model("no hidden layer, Adam .0001", sound=True, change=small("Adam", 1e-4)),
    Model("no hidden layer, SGD .01", sound=True, change=small("SGD", 1e-2)),
    Model(
        "hidden layer of 64, RMSprop .001",
        sound=True,
        change=lambda facts: (hidden("units", 64)(facts), optimizer("RMSprop", 1e-3)(facts)),
    ),
    Model("learning rate 0", sound=False, change=rate(0.0)),
    Model("learning rate 100", sound=False, change=rate(100.0)),
    Model("shuffled labels", sound=False, images=shuffled),
    Model("ReLU output", sound=False, change=relu_output),
    Model("hidden layer of one unit", sound=False, change=hidden("units", 1)),
    Model("hidden layer with L2 of 10", sound=False, change=hidden("kernel_regularizer", {"class": "L2", "l2": 10.0})),
)


def grader() -> Exercise:
    """The exercise as the course defines it."""
    spec = importlib.util.spec_from_file_location(SLUG, ROOT / "graders" / f"{SLUG}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return next(value for value in vars(module).values() if isinstance(value, Exercise))


def measure(record: Path, exercise: Exercise, prepared: transfer.Prepared) -> list[Facts]:
    """All runs; those that `record` already holds are not made again."""
    runs = [json.loads(line) for line in record.read_text().splitlines()] if record.exists() else []
    done = {(entry["model"], entry["seed"]) for entry in runs}
    program = (ROOT / "solutions" / f"{SLUG}.py").read_text(encoding="utf-8")
    outcome = run(transfer.look_job(exercise, program, prepared, seed=SEED, limits=Limits()))
    facts = transfer.head_facts(json.loads(json.dumps(dict(outcome.facts))))
    for model in HEADS:
        for seed in range(1, 1 + (REFERENCE_SEEDS if model.name == "reference" else OTHER_SEEDS)):
            if (model.name, seed) in done:
                continue
            runs.append(one_run(model, facts, exercise, prepared.features, seed))
            with record.open("a") as held:
                held.write(json.dumps(runs[-1]) + "\n")
            print(f"{model.name:34} seed {seed:2}  {runs[-1]['accuracy']:.3f}", flush=True)
    return runs


def _entry(model: Model, runs: list[Facts]) -> Facts:
    found = CommentedSeq(run["accuracy"] for run in runs if run["model"] == model.name)
    found.fa.set_flow_style()  # one line a model
    return {"model": model.name, "sound": model.sound, "accuracies": found}


def main() -> None:
    """Measure, print, and write if asked to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--record", type=Path, required=True, help="a file of JSON lines; runs in it are kept")
    parser.add_argument("--write", action="store_true", help="put the runs into graders/thresholds.yaml")
    asked = parser.parse_args()
    exercise = grader()
    assert exercise.training is not None
    wanted = exercise.training
    prepared = transfer.prepare(wanted.data, base=wanted.base, exercises=ROOT / "exercises", seed=SEED)
    runs = measure(asked.record, exercise, prepared)
    entries = [_entry(model, runs) for model in HEADS]
    path = ROOT / "graders" / "thresholds.yaml"
    yaml = YAML()
    yaml.width = 120
    held = yaml.load(path.read_text(encoding="utf-8"))
    bounds = held[SLUG]["bounds"]
    print(report(entries, bounds["pass_at"], bounds["fail_below"]))
    if asked.write:
        images = prepared.features
        held[SLUG]["calibration"] = {
            "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
            "command": "python benchmarks/calibrate_heads.py --record heads.jsonl --write",
            "versions": ", ".join(f"{name} {version(name)}" for name in ("tensorflow", "keras", "numpy")),
            "machine": f"{platform.machine()}, {' and '.join(sorted({entry['device'] for entry in runs}))}",
            "data": f"{images.name}: {len(images.y_train)} to train from, {len(images.y_held_out)} held out",
            "note": NOTE.format(weights=prepared.weights_used),
            "runs": entries,
        }
        with path.open("w", encoding="utf-8") as target:
            yaml.dump(held, target)


if __name__ == "__main__":
    main()
