"""What a grader writes: an Exercise with its checks, its computed answers and its slips.

mnist = Exercise("q09_mnist_cnn", item="q9", probe="keras_classifier", defines=["build_model", "train"])

@mnist.check(points=2)
def tells_ten_digits_apart(model: Classifier) -> Finding:
    '''`build_model()` takes 28×28 grey images and returns ten classes.'''

memory = Exercise("q02_parameters_and_memory")
q2a = memory.computes("q2a", unit="parameters")

@q2a.answer
def parameters(net): ...

@q2a.slip("Those are all the weights. What else does each filter own?")
def forgets_biases(net): ...
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from gradetape.domain import Finding
from gradetape.errors import CourseError

if TYPE_CHECKING:
    from gradetape.thresholds import Thresholds  # pydantic comes with it, which the command line must not wait for

Judge = TypeVar("Judge", bound=Callable[..., Finding])
Judged = TypeVar("Judged", bound=Callable[..., Any])
Number = float
Compute = Callable[..., Number]


def slug_of(function: Callable[..., Any]) -> str:
    """`forgets_biases` is told to students and tools as `forgets-biases`."""
    return function.__name__.replace("_", "-")


def sentence_of(function: Callable[..., Any]) -> str:
    """The first paragraph of a docstring, on one line: the sentence the student reads."""
    return " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split())


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
class Reading:
    """A defensible right answer for one variant, in base units, with the bounds that are accepted for it.

    `shown`: the relative deviation that is accepted where the working is shown.
    """

    name: str
    value: Number
    low: Number
    high: Number
    sentence: str = ""
    shown: float = 0.0


@dataclass(frozen=True)
class ComputedSlip:
    """A known wrong path, computed for one variant, and what to say to who took it.

    `share` is what a human leaves of full marks for it when nothing but the number is written.
    `others` are further numbers that only this path gives. `within`: how far off, relatively, still counts.
    """

    name: str
    value: Number
    reply: str
    share: float = 0.0
    others: tuple[Number, ...] = ()
    within: float = 0.0


@dataclass(frozen=True)
class Trace:
    """A number whose appearance shows a step, or the `parts` of it named here.

    `worth`: of those parts, from 0 to 1. `unit`: "bytes", or what is counted; the question's when empty.
    `plain`: the expression is as good as its value (100×150 is a size). `alone`: it must not be multiplied on.
    `apart_from`: it shows nothing in a sum that has one of these as a further term.
    """

    value: Number
    parts: tuple[str, ...] = ("",)
    worth: float = 1.0
    unit: str = ""
    plain: bool = False
    alone: bool = False
    apart_from: tuple[Number, ...] = ()


@dataclass(frozen=True)
class ComputedStep:
    """An intermediate result whose appearance in the working earns `share` of the marks.

    `missing` is said to who did not show it. `words`: groups of words; a sentence with one of every group says
    that the step is known, which earns half of it.
    """

    name: str
    share: float
    sentence: str
    values: tuple[Number, ...]
    traces: tuple[Trace, ...] = ()
    missing: str = ""
    words: tuple[tuple[str, ...], ...] = ()
    final: bool = False


@dataclass(frozen=True)
class Misreading:
    """The question misread in a known way, followed through: the intermediate values that come of it, by name."""

    name: str
    reply: str
    values: Mapping[str, Number]
    costs: str = ""


@dataclass(frozen=True)
class WorkedQuestion:
    """All that is known of one computed item for one variant: what marking/number and marking/worked read.

    `values` are named right intermediate values, `units` says which of them are bytes. `carries` maps such names
    to the earlier item whose answer they are. `again` computes the question from the student's own values. `given` numbers stand in the question; `decoys`
    are products (their factors, sorted) that mean something else than a value they may happen to equal.
    """

    item: str
    unit: str
    readings: tuple[Reading, ...]
    slips: tuple[ComputedSlip, ...] = ()
    steps: tuple[ComputedStep, ...] = ()
    values: Mapping[str, Number] = field(default_factory=dict)
    locale: str = "en"
    units: Mapping[str, str] = field(default_factory=dict)
    carries: Mapping[str, str] = field(default_factory=dict)
    given: frozenset[Number] = frozenset()
    decoys: frozenset[tuple[Number, ...]] = frozenset()
    misreadings: tuple[Misreading, ...] = ()
    again: Callable[[Mapping[str, Number]], WorkedQuestion] | None = None


@dataclass(frozen=True)
class _Step:
    compute: Callable[..., Sequence[Number | Trace]]
    share: float
    missing: str
    words: tuple[tuple[str, ...], ...]
    final: bool


@dataclass
class Computed:
    """An item whose answer is computed from the variant, never typed.

    `unit` is "parameters" (a bare count), "bytes", or any other noun for a count.
    Functions registered here take what the exercise's `subject` makes of the drawn variant. A subject with a
    method `believing(own)` lets errors be followed: it returns a subject that holds the student's own values.
    """

    item: str
    unit: str
    answers: list[tuple[Compute, float, float, float]] = field(default_factory=list)
    slips: list[tuple[Callable[..., Any], str, float, float]] = field(default_factory=list)
    steps: list[_Step] = field(default_factory=list)
    values: list[tuple[Callable[..., Any], str]] = field(default_factory=list)
    misreadings: list[tuple[Callable[[Any], Any], str, str]] = field(default_factory=list)
    carries: dict[str, str] = field(default_factory=dict)
    givens: list[Callable[..., Sequence[Number]]] = field(default_factory=list)
    decoys: list[Callable[..., Sequence[Number]]] = field(default_factory=list)

    def answer(
        self, function: Compute | None = None, *, below: float = 0.0, above: float = 0.0, shown: float = 0.0
    ) -> Any:
        """Register a right reading; its docstring says which. `below`, `above`: accepted relative deviation;
        `shown`: accepted either way where the working is shown.
        """

        def register(compute: Compute) -> Compute:
            self.answers.append((compute, below, above, shown))
            return compute

        return register(function) if function is not None else register

    def slip(self, reply: str, *, share: float = 0.0, within: float = 0.0) -> Callable[[Judged], Judged]:
        """Register a wrong path with the reply that names what was forgotten.

        The function returns its number, or several of which the first is the answer it leads to.
        """

        def register(compute: Judged) -> Judged:
            self.slips.append((compute, reply, share, within))
            return compute

        return register

    def step(
        self, share: float, *, missing: str = "", words: Sequence[Sequence[str]] = (), final: bool = False
    ) -> Callable[[Judged], Judged]:
        """Register an intermediate result: a function to the numbers or Traces that show the step was taken."""

        def register(compute: Judged) -> Judged:
            self.steps.append(_Step(compute, share, missing, tuple(tuple(group) for group in words), final))
            return compute

        return register

    def value(self, function: Callable[..., Any] | None = None, *, unit: str = "") -> Any:
        """Register a named right intermediate value, or a mapping of several, that earns nothing by itself."""

        def register(compute: Callable[..., Any]) -> Callable[..., Any]:
            self.values.append((compute, unit or self.unit))
            return compute

        return register(function) if function is not None else register

    def given(self, compute: Callable[..., Sequence[Number]]) -> Callable[..., Sequence[Number]]:
        """Register the numbers that stand in the question itself, which claim nothing when repeated."""
        self.givens.append(compute)
        return compute

    def decoy(self, compute: Callable[..., Sequence[Number]]) -> Callable[..., Sequence[Number]]:
        """Register a product by its factors, as the image's sides, that shows no step even where its value would."""
        self.decoys.append(compute)
        return compute

    def misreading(self, reply: str, *, costs: str = "") -> Callable[[Judged], Judged]:
        """Register a way to misread the question: a function from the subject to the subject misread.

        `costs` names the step that is only half earned by who misreads it so.
        """

        def register(change: Judged) -> Judged:
            self.misreadings.append((change, reply, costs))
            return change

        return register

    def carry(self, name: str, item: str) -> None:
        """Say that the value `name` is the answer of an earlier item, so that an error there is charged there."""
        self.carries[name] = item

    def question(self, subject: Any, *, locale: str = "en") -> WorkedQuestion:
        """Everything computed for one variant's subject."""
        values = self._values(subject)
        wrong = []
        for change, reply, costs in self.misreadings:
            misread = self._values(change(subject))
            apart = {name: number for name, number in misread.items() if number not in values.values()}
            wrong.append(Misreading(slug_of(change), reply, apart, costs))
        follow = getattr(subject, "believing", None)
        return WorkedQuestion(
            item=self.item,
            unit=self.unit,
            readings=tuple(self._reading(subject, *answer) for answer in self.answers),
            slips=tuple(self._slip(subject, *slip) for slip in self.slips),
            steps=tuple(self._step(subject, step) for step in self.steps),
            values=values,
            locale=locale,
            units={name: unit for compute, unit in self.values for name in _named(compute, subject)},
            carries=dict(self.carries),
            given=frozenset(number for compute in self.givens for number in compute(subject)),
            decoys=frozenset(tuple(sorted(compute(subject))) for compute in self.decoys),
            misreadings=tuple(wrong),
            again=None if follow is None else lambda own: self.question(follow(own), locale=locale),
        )

    def _values(self, subject: Any) -> dict[str, Number]:
        return {name: number for compute, _ in self.values for name, number in _named(compute, subject).items()}

    @staticmethod
    def _reading(subject: Any, compute: Compute, below: float, above: float, shown: float) -> Reading:
        right = compute(subject)
        return Reading(slug_of(compute), right, right * (1 - below), right * (1 + above), sentence_of(compute), shown)

    @staticmethod
    def _slip(subject: Any, compute: Callable[..., Any], reply: str, share: float, within: float) -> ComputedSlip:
        numbers = compute(subject)
        first, *others = numbers if isinstance(numbers, (tuple, list)) else (numbers,)
        return ComputedSlip(slug_of(compute), first, reply, share, tuple(others), within)

    @staticmethod
    def _step(subject: Any, step: _Step) -> ComputedStep:
        seen = step.compute(subject)
        traces = tuple(
            trace if isinstance(trace, Trace) else Trace(trace, (str(place),)) for place, trace in enumerate(seen)
        )
        return ComputedStep(
            slug_of(step.compute),
            step.share,
            sentence_of(step.compute),
            tuple(trace.value for trace in traces),
            traces,
            step.missing,
            step.words,
            step.final,
        )


def _named(compute: Callable[..., Any], subject: Any) -> dict[str, Number]:
    numbers = compute(subject)
    return dict(numbers) if isinstance(numbers, Mapping) else {slug_of(compute): numbers}


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
