"""Every ending that a run can come to, reached by a small program that really runs behind the wall."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from gradetape.domain import Array, Ending
from gradetape.errors import GradeTapeError
from gradetape.sandbox import Job, Limits, Outcome, Stopped, run, stop_all
from gradetape.sandbox.processes import WATCHED, is_alive

pytestmark = pytest.mark.skipif(os.name != "posix", reason="programs are run on POSIX systems only")
PATIENT = {"wall_seconds": 120.0, "cpu_seconds": 60}
needs_proc = pytest.mark.skipif(not WATCHED, reason="memory and strays are watched through /proc, which is Linux")


def canary(does: str, *, limits: dict[str, Any] | None = None, **asked: Any) -> Outcome:
    return run(Job("canary", {"does": does, **asked}, limits=Limits(**{**PATIENT, **(limits or {})})))


def submit(source: str, *, limits: dict[str, Any] | None = None) -> Outcome:
    files = {"submission.py": source.encode()}
    return run(
        Job("canary", {"does": "submission", "defines": ["answer"]}, files, Limits(**{**PATIENT, **(limits or {})}))
    )


def test_facts_and_arrays_arrive_as_they_were_sent() -> None:
    outcome = canary("well")
    assert outcome.ending is Ending.FINISHED
    assert outcome.facts["layers"] == ["Conv2D"]
    assert outcome.facts["shape"] == [None, 10]
    assert outcome.facts["stages"] == ["structure"]
    little_endian = b"".join(bytes.fromhex(part) for part in ("00000000", "0000803f", "00000040"))
    assert outcome.arrays["ramp"].data.startswith(little_endian)
    assert (outcome.arrays["ramp"].dtype, outcome.arrays["ramp"].shape) == ("float32", (2, 3))
    assert isinstance(outcome.arrays["ramp"], Array)


def test_a_loss_that_is_no_number_arrives_as_text() -> None:
    assert canary("well").facts["loss"] == "NaN"


def test_the_time_and_the_level_of_a_run_are_told() -> None:
    outcome = canary("well")
    assert outcome.cpu_seconds > 0
    assert outcome.wall_seconds > 0
    assert outcome.isolation == "limits"


def test_an_endless_loop_runs_out_of_computing_time() -> None:
    outcome = canary("loop", limits={"cpu_seconds": 1})
    assert outcome.ending is Ending.OUT_OF_TIME
    assert "computing" in outcome.detail


def test_endless_waiting_runs_out_of_time_on_the_wall() -> None:
    outcome = canary("sleep", limits={"wall_seconds": 1.5})
    assert outcome.ending is Ending.OUT_OF_TIME
    assert "1.5 seconds" in outcome.detail


@needs_proc
def test_hoarded_memory_runs_out() -> None:
    assert canary("fill_memory", limits={"memory_mebibytes": 256}).ending is Ending.OUT_OF_MEMORY


@needs_proc
def test_memory_is_counted_over_all_processes_of_a_run() -> None:
    outcome = canary("fill_memory_in_children", mebibytes=120, limits={"memory_mebibytes": 300})
    assert outcome.ending is Ending.OUT_OF_MEMORY


def test_ten_gigabytes_at_once_are_out_of_memory() -> None:
    outcome = submit("def answer():\n    return len(bytearray(10**10))\n", limits={"memory_mebibytes": 1024})
    assert outcome.ending is Ending.OUT_OF_MEMORY


def test_a_million_lines_are_too_much_output_and_both_ends_of_it_are_kept() -> None:
    outcome = submit("def answer():\n    for i in range(10**6):\n        print('line', i)\n    print('last')\n")
    assert outcome.ending is Ending.TOO_MUCH_OUTPUT
    assert outcome.output.startswith("line 0\nline 1\n")
    assert "left out" in outcome.output
    assert len(outcome.output) < 20_000


def test_a_file_stops_growing_at_its_limit() -> None:
    outcome = canary("fill_file", mebibytes=12, limits={"file_mebibytes": 4})
    assert outcome.facts["stopped"]
    assert outcome.facts["mebibytes"] <= 4


@pytest.mark.parametrize("way_out", ["import sys; sys.exit(0)", "raise SystemExit('done')"])
def test_sys_exit_is_told_as_leaving(way_out: str) -> None:
    outcome = submit(f"def answer():\n    {way_out}\n")
    assert outcome.ending is Ending.EXITED
    assert outcome.facts["errors"][0]["line"] == 2


def test_leaving_with_a_forged_score_on_the_screen_leaves_no_facts() -> None:
    outcome = canary("leave")
    assert outcome.ending is Ending.EXITED
    assert dict(outcome.facts) == {"stages": ["program"]}
    assert '"score": 1.0' in outcome.output


def test_what_was_noted_before_a_crash_is_kept() -> None:
    outcome = canary("kill_itself")
    assert outcome.ending is Ending.KILLED
    assert "SIGKILL" in outcome.detail
    assert outcome.facts["layers"] == ["Dense"]
    assert outcome.facts["stages"] == ["structure", "program"]


def test_an_exception_is_told_with_the_students_own_line() -> None:
    outcome = submit("def answer():\n    return halve(0)\n\ndef halve(n):\n    return 1 / n\n")
    assert outcome.ending is Ending.RAISED
    (error,) = outcome.facts["errors"]
    assert (error["type"], error["line"], error["source_line"]) == ("ZeroDivisionError", 5, "return 1 / n")
    assert error["traceback"] == ["line 2, in answer: return halve(0)", "line 5, in halve: return 1 / n"]


def test_a_syntax_error_is_told_with_line_and_caret() -> None:
    outcome = submit("def answer():\n    return (1 +\n")
    assert outcome.ending is Ending.RAISED
    (error,) = outcome.facts["errors"]
    assert (error["stage"], error["type"], error["line"]) == ("syntax", "SyntaxError", 2)
    assert error["source_line"][error["caret"].index("^")] == "("


def test_warnings_and_errors_on_the_screen_are_nothing() -> None:
    outcome = submit(
        "import sys, warnings\nwarnings.warn('deprecated')\nprint('oh no', file=sys.stderr)\ndef answer(): return 5\n"
    )
    assert outcome.ending is Ending.FINISHED
    assert outcome.facts["value"] == 5
    assert "oh no" in outcome.output


def test_a_defect_of_the_probe_is_our_fault() -> None:
    outcome = canary("fail")
    assert outcome.ending is Ending.OUR_FAULT
    assert "this probe has a defect" in outcome.detail


@pytest.mark.parametrize("job", [Job("no_such_probe"), Job("canary", {"does": "forget"}), Job("canary", {})])
def test_a_probe_that_cannot_do_its_work_is_our_fault(job: Job) -> None:
    assert run(job).ending is Ending.OUR_FAULT


@pytest.mark.parametrize(
    ("sent", "complaint"),
    [
        (b"score: 10\n", "begin no frame"),
        (b"GTF1\xff\xff\xff\xff", "a header of"),
        (b"GTF1\x00\x00\x00\x02{}", "kind, stage, facts"),
        (b"GTF1\x00\x00\x00\x09{}", "stops in the middle"),
    ],
)
def test_bytes_that_are_no_artefact_are_refused(sent: bytes, complaint: str) -> None:
    outcome = canary("send_bytes", bytes=sent.hex())
    assert outcome.ending is Ending.BAD_ARTEFACT
    assert complaint in outcome.detail


def test_more_artefact_than_allowed_is_refused() -> None:
    outcome = canary("send_much", mebibytes=3, limits={"artefact_bytes": 1_000_000})
    assert outcome.ending is Ending.BAD_ARTEFACT
    assert not outcome.arrays


def test_a_child_process_does_not_outlive_the_run() -> None:
    assert not is_alive(canary("leave_a_child").facts["child"])


@needs_proc
def test_a_process_in_a_session_of_its_own_does_not_outlive_the_run() -> None:
    assert not is_alive(canary("leave_a_daemon").facts["child"])


@needs_proc
def test_processes_without_end_are_ended() -> None:
    outcome = canary("fork_bomb", limits={"processes": 20})
    assert outcome.ending is Ending.KILLED
    assert "20 processes" in outcome.detail


def test_a_copy_that_the_submission_forks_off_does_not_speak_for_it() -> None:
    outcome = submit("import os\ndef answer():\n    return 'copy' if os.fork() == 0 else 'original'\n")
    assert outcome.ending is Ending.FINISHED
    assert outcome.facts["value"] == "original"


def test_the_runs_folder_is_gone_whatever_it_held() -> None:
    outcome = canary("lock_folders", deep=1500)
    assert outcome.ending is Ending.FINISHED
    assert not os.path.lexists(Path(outcome.facts["folder"]).parent)


def test_nothing_of_our_environment_enters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADETAPE_TEST_TOKEN", "a-secret-of-ours")
    monkeypatch.setenv("PYTHONPATH", "/somewhere/else")
    seen = canary("look_around").facts
    assert "a-secret-of-ours" not in str(seen)
    assert "/somewhere/else" not in seen["path"]
    assert Path(seen["environment"]["HOME"]).parent == Path(seen["folder"]).parent
    assert seen["input"] == ""


def test_no_folder_of_the_run_is_searched_for_modules() -> None:
    seen = canary("look_around").facts
    assert "" not in seen["path"]
    assert seen["folder"] not in seen["path"]
    assert not any(entry.endswith("probes") for entry in seen["path"])


def test_a_submission_named_like_a_library_does_not_stand_in_for_it() -> None:
    job = Job("canary", {"does": "well"}, {"json.py": b"raise SystemExit(3)", "numpy.py": b"raise SystemExit(3)"})
    assert run(job).ending is Ending.FINISHED


def test_sets_of_names_iterate_alike_in_every_run() -> None:
    assert canary("look_around").facts["order"] == canary("look_around").facts["order"]


def test_variables_that_are_not_known_to_be_harmless_are_refused() -> None:
    with pytest.raises(GradeTapeError, match="AWS_SECRET_ACCESS_KEY"):
        run(Job("canary", {"does": "well"}, environment={"AWS_SECRET_ACCESS_KEY": "x"}))


def test_known_variables_enter() -> None:
    outcome = run(Job("canary", {"does": "look_around"}, environment={"KERAS_BACKEND": "jax"}))
    assert outcome.facts["environment"]["KERAS_BACKEND"] == "jax"


@pytest.mark.parametrize("name", ["../outside.py", "/etc/passwd", "a\\b", "", "nul\0"])
def test_a_file_name_that_leads_outside_is_refused(name: str) -> None:
    with pytest.raises(GradeTapeError, match="file name"):
        run(Job("canary", {"does": "well"}, {name: b""}))


def test_runs_side_by_side_keep_their_own_results() -> None:
    def value_of(number: int) -> Any:
        return submit(f"def answer(): return {number}\n").facts["value"]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(value_of, range(8))) == list(range(8))


def test_stopping_ends_a_run_under_way_and_says_nothing_of_the_submission() -> None:
    said: list[BaseException] = []

    def wait() -> None:
        try:
            canary("sleep")
        except Stopped as reason:
            said.append(reason)

    waiting = threading.Thread(target=wait)
    waiting.start()
    while waiting.is_alive():
        stop_all()
        time.sleep(0.05)  # until the run has begun there is nothing to stop
    assert len(said) == 1
    assert canary("well").ending is Ending.FINISHED


def test_ctrl_c_leaves_no_process_and_no_folder(tmp_path: Path) -> None:
    script = (
        # a shell's background job is started deaf to Ctrl-C, and so would be everything in it
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from gradetape.sandbox import Job, run\n"
        "run(Job('canary', {'does': 'submission'}, {'submission.py': b'''\n"
        "import os, time\n"
        f"open({str(tmp_path / 'started')!r}, 'w').write(str(os.getpid()))\n"
        "time.sleep(600)'''}))\n"
    )
    folder = tmp_path / "temporary"
    folder.mkdir()
    parent = subprocess.Popen(
        [sys.executable, "-c", script], env={**os.environ, "TMPDIR": str(folder)}, stderr=subprocess.PIPE, text=True
    )
    started = tmp_path / "started"
    while parent.poll() is None and not (started.exists() and started.read_text()):
        time.sleep(0.05)  # waiting for the submission's first line, however slow the machine is
    parent.send_signal(signal.SIGINT)
    _, complaint = parent.communicate()
    assert "KeyboardInterrupt" in complaint
    assert not is_alive(int(started.read_text()))
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent has died")
def test_a_killed_supervisor_leaves_no_process(tmp_path: Path) -> None:
    started = tmp_path / "started"
    script = (
        "from gradetape.sandbox import Job, run\n"
        "run(Job('canary', {'does': 'submission'}, {'submission.py': b'''\n"
        "import os, time\n"
        f"open({str(started)!r}, 'w').write(str(os.getpid()))\n"
        "time.sleep(600)'''}))\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], env={**os.environ, "TMPDIR": str(tmp_path)})
    while parent.poll() is None and not (started.exists() and started.read_text()):
        time.sleep(0.05)  # waiting for the submission's first line, however slow the machine is
    child = int(started.read_text())
    parent.kill()
    parent.wait()
    while is_alive(child):  # a hang here is the failure: the kernel ends it at once, or never
        time.sleep(0.05)
    assert not is_alive(child)


def test_what_escapes_a_probe_from_a_line_of_the_submission_is_the_submissions() -> None:
    outcome = submit("class Sly:\n    def __str__(self): raise KeyError('gotcha')\ndef answer(): return Sly()\n")
    assert outcome.ending is Ending.RAISED
    (error,) = outcome.facts["errors"]
    assert (error["type"], error["line"]) == ("KeyError", 2)


def test_a_symbolic_link_in_the_folders_place_is_not_followed(tmp_path: Path) -> None:
    kept = tmp_path / "ours"
    kept.write_text("still here")
    source = (
        "import os\n"
        "def answer():\n"
        "    run = os.path.dirname(os.getcwd())\n"
        f"    os.symlink({str(tmp_path)!r}, 'link')\n"
        f"    os.rename(run, {str(tmp_path / 'moved')!r})\n"
        f"    os.symlink({str(tmp_path)!r}, run)\n"
        "    return run\n"
    )
    outcome = submit(source)
    assert outcome.ending is Ending.FINISHED
    assert kept.read_text() == "still here"
    assert not os.path.lexists(outcome.facts["value"])
