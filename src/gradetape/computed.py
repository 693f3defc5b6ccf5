"""An item whose answer is computed: what a grader registers, and the question it makes of a variant.

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
from typing import Any, TypeVar

from gradetape.question import ComputedSlip, ComputedStep, Misreading, Number, Reading, Trace, WorkedQuestion

Judged = TypeVar("Judged", bound=Callable[..., Any])
Compute = Callable[..., Number]


def slug_of(function: Callable[..., Any]) -> str:
    """`forgets_biases` is told to students and tools as `forgets-biases`."""
    return function.__name__.replace("_", "-")


def sentence_of(function: Callable[..., Any]) -> str:
    """The first paragraph of a docstring, on one line: the sentence the student reads."""
    return " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split())


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
    series: list[Callable[..., Sequence[str]]] = field(default_factory=list)
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

    def listed(self, compute: Callable[..., Sequence[str]]) -> Callable[..., Sequence[str]]:
        """Register the names of values that are added up in this order, one term each: such a sum, in which most terms
        are those values, gives the student's own for all of them.
        """
        self.series.append(compute)
        return compute

    def carry(self, name: str, item: str) -> None:
        """Say that the value `name` is the answer of an earlier item, so that an error there is charged there."""
        self.carries[name] = item

    def question(self, subject: Any, *, locale: str = "en") -> WorkedQuestion:
        """Everything computed for one variant's subject."""
        values = self._values(subject)
        units = {name: unit for compute, unit in self.values for name in _named(compute, subject)}
        right = {(units[name], number) for name, number in values.items()}
        wrong = []
        for change, reply, costs in self.misreadings:
            misread = self._values(change(subject))
            apart = {name: number for name, number in misread.items() if (units[name], number) not in right}
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
            units=units,
            carries=dict(self.carries),
            given=frozenset(number for compute in self.givens for number in compute(subject)),
            decoys=frozenset(tuple(sorted(compute(subject))) for compute in self.decoys),
            misreadings=tuple(wrong),
            series=tuple(tuple(compute(subject)) for compute in self.series),
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
