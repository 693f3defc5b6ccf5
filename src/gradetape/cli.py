"""The `gradetape` command: what students, instructors and CI type. Each command imports what it needs, when it needs it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gradetape.errors import GradeTapeError, UsageError

if TYPE_CHECKING:
    from gradetape.course import Course

Paths = tuple[Path, ...]
MOST_WORKERS = 4  # a run that trains holds up to 2 GiB; who has more memory asks for more workers
EXISTING = click.Path(exists=True, path_type=Path)
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
workers = click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=lambda: min(MOST_WORKERS, os.cpu_count() or 1),
    show_default=f"one a core, at most {MOST_WORKERS}",
    help="Submissions at a time.",
)


class Commands(click.Group):
    """Tells a fault of ours in one sentence, with the exit code that the contract gives it."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except GradeTapeError as error:
            click.echo(f"gradetape: {error}", err=True)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo("\nStopped. What was graded is kept; the same command goes on from there.", err=True)
            ctx.exit(130)


@click.group(cls=Commands, context_settings=CONTEXT)
@click.option(
    "--course",
    "course_root",
    type=click.Path(path_type=Path),
    help="The course's folder; else the nearest course.yaml.",
)
@click.version_option(package_name="gradetape")
@click.pass_context
def main(ctx: click.Context, course_root: Path | None) -> None:
    """Exercises and quizzes for deep-learning courses, judged from recorded evidence and explained.

    \b
    Students:     check, hint
    Instructors:  grade, mark, report, rejudge
    Everyone:     validate, doctor, demo
    """
    ctx.obj = course_root


@main.command()
@click.argument("files", nargs=-1, type=EXISTING)
@as_json
@click.pass_obj
def check(course_root: Path | None, files: Paths, as_json: bool) -> None:
    """Check your own work: FILE… or the folder you are in. Exits with 1 while something is missing."""
    from gradetape.batch import check_own_work
    from gradetape.domain import State
    from gradetape.report import terminal_lines, to_json

    course = _course(course_root)
    with _busy("Checking; a program of yours is run, which takes a while"):
        report = check_own_work(course, files or (Path(),))
    if as_json:
        _print_json(to_json(report))
    else:
        click.echo("\n".join(terminal_lines(report)))
    sys.exit(int(any(item.state is not State.MET for item in report.items)))


@main.command()
@click.argument("item")
@click.option("--level", type=click.IntRange(1, 3), default=1, show_default=True, help="1 nudges, 3 nearly tells.")
@click.pass_obj
def hint(course_root: Path | None, item: str, level: int) -> None:
    """Give a hint on ITEM, such as q2a."""
    exercise = _course(course_root).exercise_of(item)
    hints = exercise.hints.get(item) or next(iter(exercise.hints.values()))
    click.echo(hints[level - 1].strip())
    if level < 3:
        click.echo(f"(More: gradetape hint {item} --level {level + 1})", err=True)


@main.command()
@click.argument("paths", nargs=-1, required=True, type=EXISTING)
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("graded"), show_default=True, help="Where the pages go."
)
@click.option(
    "--isolation",
    type=click.Choice(["limits", "landlock", "strict"]),
    help="Demand this level instead of the course's.",
)
@workers
@as_json
@click.pass_obj
def grade(
    course_root: Path | None, paths: Paths, out: Path, isolation: str | None, workers: int, as_json: bool
) -> None:
    """Grade PATH…: a file, a folder of files, or a folder of student folders."""
    from gradetape.batch import grade as grade_class
    from gradetape.report import to_json
    from gradetape.run import demand_isolation

    course = _course(course_root)
    demand_isolation(isolation or course.settings.isolation)
    with _progress("Grading", quiet=as_json) as tell:
        reports = grade_class(course, paths, out, workers=workers, progress=tell)
    if as_json:
        _print_json([to_json(report) for report in reports])
        return
    pending = sum(report.score.pending > 0 for report in reports)
    click.echo(f"{len(reports)} submissions graded; {pending} with something for a human to decide.")
    click.echo(f"Open {out / 'index.html'}")


@main.command()
@click.argument("answers", type=EXISTING)
@click.option("--out", type=click.Path(path_type=Path), help="Write the marks here instead of printing them.")
@click.pass_obj
def mark(course_root: Path | None, answers: Path, out: Path | None) -> None:
    """Mark ANSWERS: JSON lines or CSV with learner, question and text. Prints one JSON line each."""
    from gradetape.marks import mark_answers

    course = _course(course_root)
    with _busy("Marking"):
        lines, faults = mark_answers(course, answers)
    for fault in faults:
        click.echo(f"gradetape: {fault.file}: {fault.message}", err=True)
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")


@main.command()
@click.argument("out", type=EXISTING, default=Path("graded"))
@click.pass_obj
def report(course_root: Path | None, out: Path) -> None:
    """Write a graded class's pages anew from its tape, verdicts as they stand."""
    from gradetape.batch import report_again

    reports = report_again(_course(course_root), out)
    click.echo(f"{len(reports)} reports written. Open {out / 'index.html'}")


@main.command()
@click.argument("out", type=EXISTING, default=Path("graded"))
@click.pass_obj
def rejudge(course_root: Path | None, out: Path) -> None:
    """Judge a graded class again from its tape, with the course as it is now. Runs nothing."""
    from gradetape.batch import rejudge as judge_again

    with _progress("Judging") as tell:
        reports = judge_again(_course(course_root), out, progress=tell)
    click.echo(f"{len(reports)} submissions judged again. Open {out / 'index.html'}")


@main.command()
@click.argument("slugs", nargs=-1)
@click.option("--no-runs", is_flag=True, help="Prove texts, stubs, theory and variants only; run no program.")
@click.option("--junit", type=click.Path(path_type=Path), help="Also write a JUnit report here.")
@click.option("--write-stubs", is_flag=True, help="Bring the students' files up to date first.")
@click.option("--update-goldens", is_flag=True, help="Write what the wrong submissions get into their expected.json.")
@workers
@as_json
@click.pass_obj
def validate(
    course_root: Path | None,
    slugs: tuple[str, ...],
    no_runs: bool,
    junit: Path | None,
    write_stubs: bool,
    update_goldens: bool,
    workers: int,
    as_json: bool,
) -> None:
    """Prove the course: stubs fall short, solutions earn all, wrong submissions lose what they name."""
    from gradetape.validate import junit_xml, stale_stubs, trials_of
    from gradetape.validate import validate as prove

    course = _course(course_root)
    for slug in slugs:
        course.exercise_of(slug)
    stale = stale_stubs(course, write=write_stubs)
    chosen = [e for e in course.exercises.values() if not slugs or e.slug in slugs]
    total = sum(1 for e in chosen for _ in trials_of(course, e) if not (no_runs and e.is_program))
    done = 0
    with _progress("Validating", quiet=as_json) as tell:

        def told(trial: Any) -> None:
            nonlocal done
            done += 1
            tell(f"{trial.exercise.slug} {trial.name}", done, total)

        proofs = prove(
            course,
            [e.slug for e in chosen],
            runs=not no_runs,
            workers=workers,
            update_goldens=update_goldens,
            progress=told,
        )
    if junit:
        junit.write_text(junit_xml(proofs), encoding="utf-8")
    if as_json:
        _print_json([proof.to_json() for proof in proofs])
    else:
        for proof in proofs:
            click.echo(proof.sentence())
    if stale and not write_stubs:
        names = ", ".join(path.name for path in stale)
        click.echo(f"Stubs out of date: {names}. Run gradetape validate --write-stubs.", err=True)
    sys.exit(int(bool(stale and not write_stubs) or not all(proof.holds for proof in proofs)))


@main.command()
@as_json
@click.pass_obj
def doctor(course_root: Path | None, as_json: bool) -> None:
    """Say what this machine can do: isolation tried by attacks, devices, data, versions."""
    from gradetape.doctor import examine

    with _busy("Trying what this machine can isolate"):
        diagnosis = examine(course_root)
    if as_json:
        _print_json(diagnosis.as_json())
    else:
        click.echo("\n".join(diagnosis.lines()))
    sys.exit(3 if diagnosis.broken else 0)


@main.command()
@click.option("--out", type=click.Path(path_type=Path), default=Path("graded"), show_default=True)
@workers
@click.pass_obj
def demo(course_root: Path | None, out: Path, workers: int) -> None:
    """Grade the class that comes with the course and say where its page is."""
    from gradetape.batch import grade as grade_class

    course = _course(course_root)
    with _progress("Grading examples/class") as tell:
        reports = grade_class(course, [course.root / "examples" / "class"], out, workers=workers, progress=tell)
    for each in reports:
        score = each.score
        waiting = f"  ({score.pending:g} more wait for a human)" if score.pending else ""
        click.echo(f"  {each.student:<22} {score.earned:6.1f} of {score.possible:g}{waiting}")
    click.echo(f"\n{len(reports)} submissions graded. Open {(out / 'index.html').resolve()}")


def _course(root: Path | None) -> Course:
    from gradetape.course import find_course, load_course

    if root is not None and not (root / "course.yaml").is_file():
        raise UsageError(f"{root} holds no course.yaml.")
    return load_course(root or find_course(Path()))


@contextmanager
def _busy(title: str) -> Iterator[None]:
    """A spinner on stderr where somebody watches, nothing where nobody does."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(f"{title} …"):
        yield


@contextmanager
def _progress(title: str, *, quiet: bool = False) -> Iterator[Any]:
    """A progress bar on stderr where somebody watches, a line per submission where nobody does."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True, quiet=quiet)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=None)

        def tell(name: str, done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, description=f"{title}: {name}", refresh=True)
            if not console.is_terminal:
                console.print(f"{title}: {done} of {total}, {name}", markup=False, highlight=False)

        yield tell


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))
