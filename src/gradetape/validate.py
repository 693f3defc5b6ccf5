"""The course proves itself: stubs fall short, solutions earn full marks, every wrong submission loses what it names."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from gradetape.batch import judge_student
from gradetape.course import Course, CourseExercise
from gradetape.domain import Evidence, ItemReport, State, Submission
from gradetape.errors import CourseError
from gradetape.intake import Handed, read_submission
from gradetape.judge import question_of, variant_of
from gradetape.run import observe
from gradetape.stub import outline_of, stubs
from gradetape.variants import consistent_question

VARIANTS_PROVED = 200
MEASURED_VIEWS = {"Training"}  # what was measured in a training run differs in its digits from machine to machine


@dataclass
class Proof:
    """What was proved of one exercise, and each problem in a sentence."""

    exercise: str
    stub: dict[str, float] = field(default_factory=dict)
    solution: dict[str, float] = field(default_factory=dict)
    right: list[dict[str, Any]] = field(default_factory=list)
    wrong: list[dict[str, Any]] = field(default_factory=list)
    variants: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.problems

    def sentence(self) -> str:
        """The proof in a line, and each problem in one of its own."""
        if not self.solution:
            return "\n".join(
                [f"--  {self.exercise}: a program, which was not run", *(f"      {it}" for it in self.problems)]
            )
        told = f"{self.exercise}: stub {self.stub.get('earned', 0):g}, solution {self.solution.get('earned', 0):g} of "
        told += (
            f"{self.solution.get('possible', 0):g}, {len(self.right)} right but different, {len(self.wrong)} wrong, "
        )
        told += f"{self.variants} variants"
        return "\n".join(
            [("ok  " if self.holds else "NO  ") + told, *(f"      {problem}" for problem in self.problems)]
        )

    def to_json(self) -> dict[str, Any]:
        return {"exercise": self.exercise, "ok": self.holds, **{k: v for k, v in vars(self).items() if k != "exercise"}}


@dataclass(frozen=True)
class Trial:
    """One submission that the course brings along: its stub, solution, or a right or wrong way to answer."""

    exercise: CourseExercise
    kind: str
    name: str
    file: Path


Verdict = tuple[Trial, tuple[ItemReport, ...]]


def validate(
    course: Course,
    slugs: Sequence[str] = (),
    *,
    runs: bool = True,
    workers: int = 1,
    update_goldens: bool = False,
    progress: Callable[[Trial], None] = lambda trial: None,
) -> list[Proof]:
    """Prove the exercises named, or all. Without `runs`, programs are not run: only texts, stubs and variants are proved."""
    chosen = [exercise for exercise in course.exercises.values() if not slugs or exercise.slug in slugs]
    proofs = {exercise.slug: _prove_text(course, exercise) for exercise in chosen}
    trials = [trial for exercise in chosen for trial in trials_of(course, exercise) if runs or not exercise.is_program]
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for trial, items in pool.map(lambda trial: (trial, _judge(course, trial)), trials):
            _compare(proofs[trial.exercise.slug], trial, items, update_goldens)
            progress(trial)
    return list(proofs.values())


def trials_of(course: Course, exercise: CourseExercise) -> Iterator[Trial]:
    """Stub, solution, and each folder of tests/right_but_different and tests/submissions."""
    slug = exercise.slug
    yield Trial(exercise, "stub", "stub", exercise.folder / f"{slug}.py")
    yield Trial(exercise, "solution", "solution", course.root / "solutions" / f"{slug}.py")
    for kind, folder in (("right", "right_but_different"), ("wrong", "submissions")):
        for way in sorted((course.root / "tests" / folder / slug).glob("*/")):
            files = sorted(way.glob(f"{slug}.*"))
            if len(files) != 1:
                raise CourseError(
                    f"tests/{folder}/{slug}/{way.name}",
                    expected=f"one file {slug}.py or {slug}.ipynb",
                    found=", ".join(file.name for file in files) or "none",
                    next_step="Add it, or delete the folder.",
                )
            yield Trial(exercise, kind, way.name, files[0])


def stale_stubs(course: Course, *, write: bool = False) -> list[Path]:
    """Stub files that differ from what the course's facts make of them; brought up to date when `write`."""
    stale = [(path, text) for path, text in stubs(course) if not path.is_file() or path.read_text("utf-8") != text]
    if write:
        for path, text in stale:
            path.write_text(text, "utf-8")
    return [path for path, _ in stale]


def junit_xml(proofs: Sequence[Proof]) -> str:
    """The proofs as a JUnit report: a case for each exercise, failed by its problems."""
    suite = ElementTree.Element("testsuite", name="gradetape validate", tests=str(len(proofs)))
    suite.set("failures", str(sum(not proof.holds for proof in proofs)))
    for proof in proofs:
        case = ElementTree.SubElement(suite, "testcase", classname="course", name=proof.exercise)
        if proof.problems:
            failure = ElementTree.SubElement(case, "failure", message=proof.problems[0])
            failure.text = "\n".join(proof.problems)
    return ElementTree.tostring(suite, encoding="unicode") + "\n"


def _judge(course: Course, trial: Trial) -> tuple[ItemReport, ...]:
    submission = read_submission(Handed("course", (trial.file,)), outline_of(course))
    one = Submission("course", submission.answers, submission.programs, submission.faults)
    evidence: Evidence = observe(course, trial.exercise, one)
    report = judge_student(course, "course", {trial.exercise.slug: evidence})
    return tuple(item for item in report.items if item.exercise == trial.exercise.slug)


def _prove_text(course: Course, exercise: CourseExercise) -> Proof:
    proof = Proof(exercise.slug)
    if exercise.quiz is not None and exercise.grader.computed:
        proof.variants = _prove_variants(course, exercise, proof)
    if not exercise.hints:
        proof.problems.append(f"exercises/{exercise.slug}/hints.yaml: expected hints, found none.")
    return proof


def _prove_variants(course: Course, exercise: CourseExercise, proof: Proof) -> int:
    locale = course.settings.locale
    for item in exercise.grader.computed:
        if reason := consistent_question(question_of(exercise, item, exercise.canonical, locale)):
            proof.problems.append(f"quizzes/{exercise.slug}.yaml, canonical: {reason}.")
    if not (exercise.quiz and exercise.quiz.variant):
        return 1
    for number in range(VARIANTS_PROVED):
        variant = variant_of(exercise, f"student-{number}", b"validate", locale)
        for item in exercise.grader.computed:
            if reason := consistent_question(question_of(exercise, item, variant, locale)):
                proof.problems.append(f"quizzes/{exercise.slug}.yaml, variant {dict(variant)}: {reason}.")
    return VARIANTS_PROVED


def _compare(proof: Proof, trial: Trial, items: tuple[ItemReport, ...], update: bool) -> None:
    earned, possible = sum(item.score.earned for item in items), sum(item.score.possible for item in items)
    full = earned >= possible - 1e-6
    marks = {"earned": round(earned, 3), "possible": round(possible, 3)}
    lost = lost_checks(items)
    if trial.kind == "stub":
        proof.stub = marks
        if full:
            proof.problems.append(f"the stub earns all {possible:g} points; it must leave something to do.")
    elif trial.kind == "solution":
        proof.solution = marks
        if not full:
            proof.problems.append(
                f"{trial.file.name}: the solution earns {earned:g} of {possible:g}; it loses {_told(items, lost)}."
            )
    elif trial.kind == "right":
        proof.right.append({"name": trial.name, **marks})
        if not full:
            proof.problems.append(f"{trial.name} is right but different, and loses {_told(items, lost)}.")
    else:
        proof.wrong.append({"name": trial.name, "loses": lost, **marks})
        _compare_golden(proof, trial, items, lost, update)


def _compare_golden(proof: Proof, trial: Trial, items: tuple[ItemReport, ...], lost: list[str], update: bool) -> None:
    path = trial.file.parent / "expected.json"
    expected = json.loads(path.read_text("utf-8"))
    golden = golden_of(trial.exercise, items)
    if update:
        path.write_text(
            json.dumps({"loses": expected["loses"], "report": golden}, indent=1, ensure_ascii=False) + "\n", "utf-8"
        )
    if sorted(expected["loses"]) != lost:
        proof.problems.append(
            f"{trial.name}: expected to lose {sorted(expected['loses'])}, loses {_told(items, lost)}."
        )
    elif not update and expected["report"] != golden:
        proof.problems.append(
            f"{trial.name}: its report differs from expected.json. Read the difference; if it is meant, run "
            f"gradetape validate {trial.exercise.slug} --update-goldens."
        )


def lost_checks(items: Sequence[ItemReport]) -> list[str]:
    """`item/check` for every finding that is not met, and `item` alone for one that was not attempted; sorted."""
    lost = [item.item for item in items if item.state is State.NOT_ATTEMPTED]
    lost += [
        f"{item.item}/{finding.check}" for item in items for finding in item.findings if finding.state is not State.MET
    ]
    return sorted(lost)


def golden_of(exercise: CourseExercise, items: Sequence[ItemReport]) -> list[dict[str, Any]]:
    """What a student reads, item by item, without digits that a training run measured."""
    measured = {check.name for check in exercise.grader.checks if check.view in MEASURED_VIEWS}
    return [
        {
            "item": item.item,
            "state": item.state.value,
            "earned": item.score.earned,
            "pending": item.score.pending,
            "possible": item.score.possible,
            "slips": list(item.slips),
            "findings": [
                {
                    "check": finding.check,
                    "state": finding.state.value,
                    "message": re.sub(r"\d+(?:[.,]\d+)*", "#", finding.message)
                    if finding.check in measured
                    else finding.message,
                    "hint": finding.hint,
                    "earned": finding.earned,
                }
                for finding in item.findings
            ],
        }
        for item in items
    ]


def _told(items: Sequence[ItemReport], lost: Sequence[str]) -> str:
    messages = [
        finding.message
        for item in items
        for finding in item.findings
        if finding.state not in (State.MET, State.NOT_JUDGED) and finding.message
    ]
    return ", ".join(lost) + (f" ({messages[0]})" if messages else "")
