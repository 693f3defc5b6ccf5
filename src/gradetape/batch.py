"""A class: many submissions, N at a time, each recorded and judged as soon as its runs are done.

This process is the only writer of the tape. What was graded before an interruption is on the tape, and the
next run goes on from there.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from pathlib import Path

from gradetape.course import Course, CourseExercise
from gradetape.domain import Evidence, ItemReport, JsonValue, Report, RunRecord, Submission
from gradetape.errors import GradeTapeError
from gradetape.evidence import Training
from gradetape.intake import find_submissions, read_submission
from gradetape.judge import judge_exercise, variant_of
from gradetape.report import from_json, write_class, write_student
from gradetape.run import observe, source_digest
from gradetape.sandbox import stop_all
from gradetape.stub import outline_of
from gradetape.tape import Tape

KEY_VARIABLE = "GRADETAPE_VARIANT_KEY"
HANDED_IN = ""  # the tape's name for what intake had to say about a submission as a whole


@dataclass
class _Student:
    """One submission on its way: the evidence that has come, and how much is still out."""

    submission: Submission
    evidence: dict[str, Evidence] = field(default_factory=dict)
    running: int = 0


Progress = Callable[[str, int, int], None]


def grade(
    course: Course,
    paths: Sequence[Path],
    out: Path,
    *,
    workers: int = 1,
    executor: Executor | None = None,
    progress: Progress = lambda student, done, total: None,
) -> list[Report]:
    """Grade everything handed in under `paths` into `out`, and return the reports, sorted by student.

    Writes `tape.db`, `index.html`, `scores.csv` and, per student, `report.html` and `report.json`. A student's pages are
    written as soon as they are judged; `progress(student, done, total)` is called then. Evidence that the tape
    already holds for the same source is used again. Raises GradeTapeError when the disk is full.
    """
    students = [_Student(submission) for submission in read_all(course, paths)]
    out.mkdir(parents=True, exist_ok=True)
    tape = Tape.at(out / "tape.db")
    reports: dict[str, Report] = {}
    pool = executor or ThreadPoolExecutor(max_workers=workers)
    try:
        for student in _finished(course, tape, students, pool):
            report = judge_student(course, student.submission.student, student.evidence)
            reports[report.student] = report
            _keep(course, tape, out, report)
            progress(report.student, len(reports), len(students))
    except OSError as error:
        raise GradeTapeError(
            f"could not write to {out}: {error.strerror or error}. What was graded is kept; make room and run the same "
            "command again to go on from there."
        ) from error
    finally:
        if executor is None:
            pool.shutdown(wait=False, cancel_futures=True)  # nothing new begins, then what runs is ended
            stop_all()
            pool.shutdown(wait=True)
        ordered = [reports[name] for name in sorted(reports)]
        write_class(course, ordered, out)
        tape.close()
    return ordered


def read_all(course: Course, paths: Sequence[Path]) -> Iterator[Submission]:
    """Every submission under `paths`, read and checked; a broken one comes with its faults, and the others follow."""
    outline = outline_of(course)
    seen: set[str] = set()
    for path in paths:
        for handed in find_submissions(path, tuple(course.exercises)):
            submission = read_submission(handed, outline)
            if submission.student in seen:
                continue
            seen.add(submission.student)
            yield submission


def judge_student(course: Course, student: str, evidence: Mapping[str, Evidence]) -> Report:
    """The report on one student, from evidence alone."""
    key = os.environ.get(KEY_VARIABLE, "").encode() if course.settings.variants == "per-student" else b""
    items: list[ItemReport] = []
    runs: list[RunRecord] = []
    for slug, exercise in course.exercises.items():
        seen = evidence.get(slug, Evidence(slug))
        variant = variant_of(exercise, student, key, course.settings.locale)
        items += judge_exercise(exercise, seen, variant, course.settings.locale)
        runs.append(
            RunRecord(
                exercise=slug,
                isolation=seen.isolation,
                ending=seen.ending,
                grader=exercise.digest,
                evidence=seen.digest(),
                cpu_seconds=seen.seconds,
                variant=variant,
                facts=_shown(exercise, seen),
            )
        )
    faults = tuple(
        fault for slug in (HANDED_IN, *course.exercises) for fault in evidence.get(slug, Evidence(slug)).faults
    )
    return Report(student, tuple(items), tuple(runs), faults, course.settings.seed)


def _shown(exercise: CourseExercise, seen: Evidence) -> Mapping[str, JsonValue]:
    """The facts as the pages draw them: with what a training reached beside what it had to reach."""
    training, plan = Training.of(seen), exercise.grader.training
    if plan is None or not training.accuracies:
        return seen.facts
    needed = plan.thresholds.bounds_on(training.device).pass_at
    return {
        **seen.facts,
        "training": {**training.facts, "accuracy": max(training.accuracies), "threshold": needed},
    }


def check_own_work(course: Course, paths: Sequence[Path]) -> Report:
    """One student's own files, judged as the grader will, without its hidden checks; only the exercises handed in."""
    merged = Submission("you")
    for submission in read_all(course, paths):
        merged = Submission(
            "you",
            {**merged.answers, **{item: answer for item, answer in submission.answers.items() if answer.attempted}},
            {**merged.programs, **submission.programs},
            (*merged.faults, *submission.faults),
        )
    chosen = {
        slug: observe(course, exercise, merged)
        for slug, exercise in course.exercises.items()
        if slug in merged.programs or any(item in merged.answers for item in exercise.item_ids)
    }
    report = judge_student(course, merged.student, chosen)
    items = tuple(
        replace(item, findings=tuple(finding for finding in item.findings if not finding.hidden))
        for item in report.items
        if item.exercise in chosen
    )
    return replace(report, items=items, faults=merged.faults)


def rejudge(course: Course, out: Path, *, progress: Progress = lambda student, done, total: None) -> list[Report]:
    """Judge a class again from its tape alone, with the course as it is now, and write its pages anew."""
    tape = Tape.at(out / "tape.db")
    try:
        names = tape.students()
        reports = []
        for number, name in enumerate(names, start=1):
            evidence = {slug: recorded.evidence for slug, recorded in tape.evidence(name).items()}
            report = judge_student(course, name, evidence)
            _keep(course, tape, out, report)
            reports.append(report)
            progress(name, number, len(names))
    finally:
        tape.close()
    write_class(course, reports, out)
    return reports


def report_again(course: Course, out: Path) -> list[Report]:
    """Write a class's pages anew from the verdicts on its tape, and return the reports, sorted by student."""
    tape = Tape.at(out / "tape.db")
    try:
        reports = [from_json(verdict) for _, verdict in tape.verdicts()]
    finally:
        tape.close()
    for report in reports:
        write_student(course, report, out)
    write_class(course, reports, out)
    return reports


def _finished(course: Course, tape: Tape, students: Iterable[_Student], pool: Executor) -> Iterator[_Student]:
    """Each student when all their evidence is in: who has no program to run comes at once."""
    out: dict[Future[Evidence], tuple[_Student, str]] = {}
    for student in students:
        _begin(course, tape, student, pool, out)
        if not student.running:
            yield student
    while out:
        done, _ = wait(out, return_when=FIRST_COMPLETED)
        for future in done:
            student, source = out.pop(future)
            _take(tape, student, source, future.result())
            student.running -= 1
            if not student.running:
                yield student


def _begin(
    course: Course, tape: Tape, student: _Student, pool: Executor, out: dict[Future[Evidence], tuple[_Student, str]]
) -> None:
    submission = student.submission
    known = tape.evidence(submission.student)
    general = tuple(fault for fault in submission.faults if fault.exercise not in course.exercises)
    student.evidence[HANDED_IN] = Evidence(HANDED_IN, faults=general)
    tape.record(submission.student, "", student.evidence[HANDED_IN])
    for slug, exercise in course.exercises.items():
        source = source_digest(course, exercise, submission)
        if slug in known and known[slug].source == source:
            student.evidence[slug] = known[slug].evidence
        elif exercise.is_program and submission.programs.get(slug):
            out[pool.submit(observe, course, exercise, submission)] = (student, source)
            student.running += 1
        else:
            _take(tape, student, source, observe(course, exercise, submission))


def _take(tape: Tape, student: _Student, source: str, evidence: Evidence) -> None:
    student.evidence[evidence.exercise] = evidence
    tape.record(student.submission.student, source, evidence)


def _keep(course: Course, tape: Tape, out: Path, report: Report) -> None:
    tape.decide(report.student, "judge", write_student(course, report, out))
