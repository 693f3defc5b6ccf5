"""One student's report as one HTML file: what was met, what was not and why, and what to try next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from gradetape.domain import EMPTY, Ending, ItemReport, JsonValue, Report, Route, RunRecord, Score, State
from gradetape.report.figures import curve_svg
from gradetape.report.model_drawing import Drawing, draw_model
from gradetape.report.pages import exercise_label, exercise_title, render
from gradetape.report.safe_text import count, excerpt, one_line
from gradetape.report.training_curve import read_curve

_ROWS = {
    "device": "Device",
    "ran_on": "Ran on",
    "backend": "Backend",
    "keras": "Keras",
    "data": "Data",
    "dataset": "Data set",
    "origin": "Where the data is from",
    "note": "About the data",
    "weights": "Weights",
    "by": "Trained by",
    "reasons": "Trained by its own code because",
    "seed": "Seed",
    "seeds": "Seeds",
    "budget": "Budget",
    "images": "Training images",
    "passes": "Passes over them",
    "batch_size": "Images a step",
    "held_out": "Held-out images",
    "accuracy": "Accuracy on them",
    "threshold": "Accuracy needed",
}
_SAID_BY = {"trainer": "GradeTape, with new weights and no student code", "submission": "the submission's own code"}
_ISOLATION_WORDS = {
    "strict": "strict: its own root, no network, confined system calls, limits",
    "landlock": "landlock: confined files and system calls, limits",
    "limits": "limits only: a fresh process with limits on time, memory and output",
    "none": "no student code was run",
}
_ENDING_WORDS = {
    Ending.FINISHED: "ran to its end",
    Ending.RAISED: "stopped at an error",
    Ending.EXITED: "ended itself early",
    Ending.KILLED: "was killed",
    Ending.OUT_OF_TIME: "ran out of time",
    Ending.OUT_OF_MEMORY: "ran out of memory",
    Ending.TOO_MUCH_OUTPUT: "printed too much",
    Ending.BAD_ARTEFACT: "sent back something unreadable",
    Ending.OUR_FAULT: "could not be run, through a fault of ours",
}


@dataclass(frozen=True)
class ShownItem:
    """One item with the hint that it gets when none of its findings has one, and why it waits where no finding says so."""

    report: ItemReport
    heading: str
    waits: bool
    reasons: tuple[str, ...]
    hint: str


@dataclass(frozen=True)
class ShownExercise:
    """One exercise: its items, and the model and the training that its run saw."""

    slug: str
    label: str
    title: str
    state: State
    score: Score
    items: tuple[ShownItem, ...]
    drawing: Drawing | None
    curve: Markup | None
    curve_words: str


@dataclass(frozen=True)
class ShownRun:
    """How one exercise's evidence came to be, as rows of a name and a value."""

    label: str
    rows: tuple[tuple[str, str], ...]


def student_page(
    report: Report,
    course_title: str,
    titles: Mapping[str, str] = EMPTY,
    hints: Mapping[str, Sequence[str]] = EMPTY,
    *,
    index: str = "",
    templates: Path | None = None,
) -> str:
    """The page as HTML text, the same for the same report.

    `titles`: exercise slug -> title. `hints`: item id -> graded hints, of which the first is shown where an item
    is not full and no finding has its own. `index`: relative path of the class page, if the reader may see it.
    """
    exercises = [_exercise(slug, report, titles, hints) for slug in exercise_order(report)]
    return render(
        "report.html.j2",
        templates=templates,
        course_title=course_title,
        report=report,
        score=report.score,
        score_bar=score_bar(report.score),
        exercises=exercises,
        waiting=[item for item in report.items if item.route is Route.REVIEW or item.score.pending],
        runs=[_run(run, report.seed) for run in report.runs],
        index=index,
    )


def exercise_order(report: Report) -> list[str]:
    """The slugs of a report's exercises, in the order in which its items name them."""
    return list(dict.fromkeys(item.exercise for item in report.items))


def joint_state(items: Sequence[ItemReport]) -> State:
    """One state for several items: waiting if any waits, their common state if they have one, else partly."""
    states = {item.state for item in items}
    if State.PENDING in states:
        return State.PENDING
    return states.pop() if len(states) == 1 else State.PARTLY


def score_bar(score: Score) -> tuple[float, float]:
    """Earned and pending points in percent of those possible, for drawing: never beyond a whole."""
    if score.possible <= 0:
        return 0.0, 0.0
    earned = min(100.0, max(0.0, 100 * score.earned / score.possible))
    return round(earned, 2), round(min(100 - earned, max(0.0, 100 * score.pending / score.possible)), 2)


def _exercise(
    slug: str, report: Report, titles: Mapping[str, str], hints: Mapping[str, Sequence[str]]
) -> ShownExercise:
    items = [item for item in report.items if item.exercise == slug]
    title = titles.get(slug) or exercise_title(slug)
    facts = next((run.facts for run in report.runs if run.exercise == slug), EMPTY)
    curve = read_curve(facts)
    svg = curve_svg(curve, exercise_label(slug).lower()) if curve else None
    return ShownExercise(
        slug=slug,
        label=exercise_label(slug),
        title=title,
        state=joint_state(items),
        score=sum((item.score for item in items), Score()),
        items=tuple(_item(item, title, hints.get(item.item, ())) for item in items),
        drawing=draw_model(facts),
        curve=Markup(svg) if svg else None,
        curve_words=curve.words if curve else "",
    )


def _item(item: ItemReport, exercise_title: str, hints: Sequence[str]) -> ShownItem:
    full = item.state is State.MET
    told = {finding.message for finding in item.findings}
    has_own = any(finding.hint and not finding.hidden for finding in item.findings)
    return ShownItem(
        report=item,
        heading=item.title if item.title != exercise_title else "",
        waits=item.route is Route.REVIEW or item.score.pending > 0,
        reasons=tuple(reason for reason in item.reasons if reason not in told),
        hint="" if full or has_own or not hints else hints[0],
    )


def _run(run: RunRecord, seed: int) -> ShownRun:
    rows = [("Program", _ENDING_WORDS[run.ending])] if run.isolation != "none" else []
    rows.append(("Isolation", _ISOLATION_WORDS.get(run.isolation, run.isolation)))
    rows += _told(run.facts)
    if run.variant:
        rows.append(("Your numbers", _plain(dict(run.variant))))
    rows += [
        ("Course seed", str(seed)),
        ("CPU time", f"{run.cpu_seconds:.1f} s"),
        ("Grader", run.grader),
        ("Evidence", run.evidence),
    ]
    return ShownRun(exercise_label(run.exercise), tuple((name, value) for name, value in rows if value))


def _told(facts: Mapping[str, JsonValue]) -> list[tuple[str, str]]:
    """What a run and its training say of themselves; where both say it, the training."""
    told: dict[str, JsonValue] = {}
    for part in (facts, facts.get("run"), facts.get("training")):
        if isinstance(part, Mapping):
            told |= {name: part[name] for name in _ROWS if part.get(name) not in (None, "", [])}
    if isinstance(by := told.get("by"), str):
        told["by"] = _SAID_BY.get(by, by)
    if isinstance(seeds := told.get("seeds"), list):
        told["seeds"] = " and ".join(str(seed) for seed in seeds[:8] if isinstance(seed, int) and abs(seed) < 2**64)
    return [(words, _plain(told[name])) for name, words in _ROWS.items() if name in told]


def _plain(value: JsonValue) -> str:
    """A fact of a run in one short line, whatever its type."""
    if isinstance(value, Mapping):
        return excerpt(
            "; ".join(f"{one_line(str(key))}: {_plain(inner)}" for key, inner in list(value.items())[:12]), 300
        )
    if isinstance(value, (list, tuple)):
        return excerpt(", ".join(_plain(inner) for inner in value[:12]), 300)
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, int) and not isinstance(value, bool):
        return count(value)
    return "none" if value is None else excerpt(one_line(str(value)), 300)
