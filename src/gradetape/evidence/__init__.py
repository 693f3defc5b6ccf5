"""Views of evidence: what a grader's checks take, named by their parameter's annotation."""

from __future__ import annotations

from typing import Protocol

from gradetape.domain import Evidence
from gradetape.evidence.classifier import Classifier
from gradetape.evidence.training import Training
from gradetape.evidence.transfer import TransferLearning

__all__ = ["VIEWS", "Classifier", "Training", "TransferLearning", "View"]


class View(Protocol):
    """A class that makes plain evidence readable: `of(evidence)` never fails, whatever the evidence holds."""

    @classmethod
    def of(cls, evidence: Evidence) -> View:
        """The view of `evidence`."""


VIEWS: dict[str, type[View]] = {"Classifier": Classifier, "Training": Training, "TransferLearning": TransferLearning}
