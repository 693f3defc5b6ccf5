"""What a training by GradeTape showed: a view for judges."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from gradetape.domain import Evidence, Finding, JsonValue
from gradetape.evidence.arrays import unpacked
from gradetape.expect import cannot_tell, met, missed, show, undecided
from gradetape.thresholds import Bounds, Thresholds

NOT_YET = "The model has not been trained yet: its training is waited for."
FOREVER = "out of time"


@dataclass(frozen=True)
class Training:
    """Every run of a trained model, against labels that no run ever saw.

    `facts` is what trainer.py recorded; `predictions` has the shape (runs, images, classes), `labels` (images,).
    """

    facts: Mapping[str, JsonValue]
    predictions: np.ndarray[Any, Any] | None
    labels: np.ndarray[Any, Any] | None

    @classmethod
    def of(cls, evidence: Evidence) -> Training:
        """The view of `evidence`; without a training in it, a view that cannot tell."""
        found = {name: unpacked(evidence.arrays[name]) for name in ("predictions", "labels") if name in evidence.arrays}
        facts = evidence.facts.get("training")
        return cls(facts if isinstance(facts, Mapping) else {}, found.get("predictions"), found.get("labels"))

    @cached_property
    def accuracies(self) -> tuple[float, ...]:
        """The share of held-out images that each run read rightly; 0 for a run that gave no numbers."""
        if self.predictions is None or self.labels is None or self.predictions.ndim != 3:
            return ()
        if self.predictions.shape[1] != len(self.labels):
            return ()
        right = self.predictions.argmax(axis=2) == self.labels
        sane = np.isfinite(self.predictions).all(axis=2)
        return tuple(float(share) for share in (right & sane).mean(axis=1))

    @property
    def device(self) -> str:
        return str(self.facts.get("device", "CPU"))

    @property
    def circumstances(self) -> str:
        """Data, budget, seeds, device and backend, as one sentence for the report."""
        told = self.facts
        seeds = ", ".join(str(seed) for seed in told.get("seeds", ()))
        by = "the submission's own code" if told.get("by") == "submission" else "GradeTape"
        return (
            f"Trained by {by}: {show(told.get('images'))} images of {told.get('data')}, {_times(told.get('passes'))}, "
            f"{show(told.get('batch_size'))} a step, seed {seeds}, on {self.device} with {told.get('backend')}."
        )

    def verdict(self, thresholds: Thresholds, *, what: str = "held-out images", hint: str = "") -> Finding:
        """Met, missed, or undecided, by the bounds that hold on the device the model was trained on."""
        if not self.facts:
            return cannot_tell(NOT_YET)
        if not self.accuracies:
            return self._without_numbers(hint)
        bounds = thresholds.bounds_on(self.device)
        told = " and ".join(f"{accuracy:.0%}" for accuracy in self.accuracies)
        if max(self.accuracies) >= bounds.pass_at:
            return met(f"It read {told} of the {what} rightly ({bounds.pass_at:.0%} are enough). {self.circumstances}")
        found = f"It read {told} of the {what} rightly; expected at least {bounds.pass_at:.0%}."
        if max(self.accuracies) < bounds.fail_below:
            return missed(f"{found} {self.circumstances}", hint or self._why())
        return undecided(f"{found} That is too close to call, so a human will look at it. {self.circumstances}", hint)

    def _without_numbers(self, hint: str) -> Finding:
        reason = str(self.facts.get("failed") or "no predictions came back")
        if self.facts.get("our_fault") is True:
            return cannot_tell(f"GradeTape could not train the model ({reason}). That is our fault, not yours.")
        if self.facts.get("ending") == FOREVER:
            return undecided(f"The training was stopped: {reason}. A human will look at it.", hint)
        return missed(f"The training ended without a result: {reason}", hint)

    def _why(self) -> str:
        curve = self.facts.get("curve")
        told = [point.get("loss") for point in curve if isinstance(point, Mapping)] if isinstance(curve, list) else []
        losses = [loss for loss in told if isinstance(loss, (int, float))]
        if len(losses) < len(told):
            return "The loss became infinite or no number at all: is the learning rate far too high?"
        classes = self.predictions.shape[-1] if self.predictions is not None else 2
        if losses and max(losses) > 2 * math.log(classes) and losses[-1] > 0.9 * math.log(classes):
            return "The loss leapt up in the first steps: the learning rate is probably far too high."
        if losses and losses[-1] > 0.97 * losses[0]:
            return (
                "The loss hardly moved. Look at the learning rate, at hidden activations that flatten the gradient, "
                "and at layers that were frozen."
            )
        return "The loss fell, but slowly. A higher learning rate, He initialisation or batch normalisation would help."


def _times(passes: JsonValue) -> str:
    return "each seen once" if passes == 1 else f"each seen {show(passes)} times"


def undecided_between(accuracies: tuple[float, ...], bounds: Bounds) -> bool:
    """Whether runs with these accuracies settle nothing, so that another seed is worth its time."""
    return bool(accuracies) and bounds.fail_below <= max(accuracies) < bounds.pass_at
