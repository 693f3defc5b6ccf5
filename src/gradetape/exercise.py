"""What a grader writes: an Exercise with its checks, its computed items and how its models are trained.

mnist = Exercise("q09_mnist_cnn", item="q9", probe="keras_classifier", defines=["build_model", "train"])

@mnist.check(points=2)
def tells_ten_digits_apart(model: Classifier) -> Finding:
    '''`build_model()` takes 28×28 grey images and returns ten classes.'''
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from gradetape.computed import Computed, sentence_of, slug_of
from gradetape.domain import Finding
from gradetape.errors import CourseError

if TYPE_CHECKING:
    from gradetape.thresholds import Thresholds  # pydantic comes with it, which the command line must not wait for

Judge = TypeVar("Judge", bound=Callable[..., Finding])


@dataclass(frozen=True)
class Check:
    """One demand on a program. `judge` takes a view of the evidence, named by its parameter's annotation."""

    name: str
    sentence: str
    points: float
    judge: Callable[..., Finding]
    needs: tuple[str, ...] = ()
    view: str = ""
    hidden: bool = False


@dataclass(frozen=True)
class TrainingPlan:
    """That an exercise's models are trained by us: on which data set (see datasets.py), within which thresholds.

    With a `base`, a class name of keras.applications, only the layers on top of a pretrained network are trained, on the
    features that this base finds (see transfer.py). Models with more than `most_parameters` are not trained. `view` names the view whose checks need the training:
    it is begun only when all that one of them needs is met.
    """

    data: str
    thresholds: Thresholds
    most_parameters: int = 5_000_000
    view: str = "Training"
    base: str = ""


class Exercise:
    """One exercise's grader: its checks, or its computed items.

    `probe` names the module of gradetape.probes that runs the student's program; `defines` the functions
    it must define; `item` the id its score goes under; `subject` turns a drawn variant into what the
    computed items' functions take; `training` says how its models are trained, if they are.
    """

    def __init__(
        self,
        slug: str,
        *,
        item: str = "",
        probe: str = "",
        defines: Sequence[str] = (),
        subject: Callable[[Mapping[str, Any]], Any] = dict,
        training: TrainingPlan | None = None,
    ) -> None:
        self.slug = slug
        self.training = training
        self.item = item
        self.probe = probe
        self.defines = tuple(defines)
        self.subject = subject
        self.checks: list[Check] = []
        self.computed: dict[str, Computed] = {}

    def check(
        self, *, points: float, needs: Sequence[Callable[..., Finding]] = (), hidden: bool = False
    ) -> Callable[[Judge], Judge]:
        """Register a check. Its docstring is what the student reads; `needs` are checks that must be met first."""

        def register(judge: Judge) -> Judge:
            names = {check.name for check in self.checks}
            wanted = tuple(slug_of(need) for need in needs)
            if unknown := [name for name in wanted if name not in names]:
                raise CourseError(
                    f"graders/{self.slug}.py, check {slug_of(judge)}",
                    expected="needs that are checks defined above it",
                    found=", ".join(unknown),
                    next_step="Move the needed check up.",
                )
            if not sentence_of(judge):
                raise CourseError(
                    f"graders/{self.slug}.py, check {slug_of(judge)}",
                    expected="a docstring, which is the sentence the student reads",
                    found="none",
                    next_step="Write what the submission must do.",
                )
            self.checks.append(
                Check(slug_of(judge), sentence_of(judge), points, judge, wanted, _view_of(judge), hidden)
            )
            return judge

        return register

    def computes(self, item: str, *, unit: str) -> Computed:
        """Declare an item whose answer is computed."""
        self.computed[item] = Computed(item, unit)
        return self.computed[item]


def _view_of(judge: Callable[..., Finding]) -> str:
    annotations = [parameter.annotation for parameter in inspect.signature(judge).parameters.values()]
    if len(annotations) != 1:
        raise TypeError(f"{judge.__name__}: a check takes exactly one view of the evidence, found {len(annotations)}")
    view = annotations[0]
    return view if isinstance(view, str) else getattr(view, "__name__", "")
