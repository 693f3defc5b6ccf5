"""Hostile and broken files become a Fault that names them; nothing raises, and the rest is still read."""

from __future__ import annotations

import io
import json
import os
import socket
import stat
import struct
import zipfile
import zlib
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradetape.domain import Evidence
from gradetape.intake import (
    ExerciseOutline,
    Handed,
    IntakeLimits,
    ItemOutline,
    Outline,
    find_submissions,
    read_submission,
    shown,
    unpack,
)
from gradetape.intake.text import Refused

OUTLINE = Outline(
    (
        ExerciseOutline("q04_max_pooling", (ItemOutline("q4a", "*Replace me.*", "**q4a** (1 point) How many?"),)),
        ExerciseOutline(
            "q09_mnist_cnn", defines=("build_model",), starter="def build_model():\n    ...\n", is_program=True
        ),
    )
)
SLUGS = [exercise.slug for exercise in OUTLINE.exercises]
SMALL = IntakeLimits(
    notebook_bytes=100_000,
    source_bytes=50_000,
    archive_bytes=200_000,
    unpacked_bytes=300_000,
    archive_members=20,
    cells=50,
)
ANSWER = {"cell_type": "markdown", "metadata": {"item": "q4a"}, "source": "7"}
GOOD = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [ANSWER]}).encode()
on_posix = pytest.mark.skipif(os.name != "posix", reason="links, pipes and devices of this kind exist on POSIX only")


def hand_in(folder, limits=SMALL):
    """The Submission of the one student whose folder this is, beside a classmate who must stay untouched."""
    (folder / "zoe").mkdir(exist_ok=True)
    (folder / "zoe" / "q04_max_pooling.ipynb").write_bytes(GOOD)
    read = {each.student: read_submission(each, OUTLINE, limits) for each in find_submissions(folder, SLUGS, limits)}
    assert read["zoe"].answers["q4a"].text == "7"
    assert read["zoe"].faults == ()
    return read["ann"]


def put(folder, name, data):
    place = folder / "ann" / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    return place


def zipped(members, **options):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return packed.getvalue()


def only_fault(submission):
    (fault,) = submission.faults
    return fault


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (GOOD[:-20], "cut off"),
        (GOOD[: len(GOOD) // 2], "cut off"),
        (b"{}", "not a notebook"),
        (b"[]", "not a notebook"),
        (b"not json", "not valid JSON"),
        (b'{"cells": [1]}', "Cell 1"),
        (b'{"cells": [{"cell_type": "markdown", "metadata": {}, "source": 7}]}', "Cell 1"),
        (b'{"cells": [{"cell_type": "evil", "metadata": {}, "source": ""}]}', "Cell 1"),
        (b'{"cells": [{"cell_type": ["code"], "metadata": {}, "source": ""}]}', "Cell 1"),
        (b'{"cells": [{"cell_type": "code", "metadata": 3, "source": ""}]}', "Cell 1"),
        (b'{"cells": {"a": 1}}', "not a notebook"),
        (GOOD.replace(b"7", b"\xff"), "byte 0xff in line 1"),
        (GOOD.decode().encode("utf-16"), "UTF-16"),
        (b"\x89PNG\r\n\x1a\n\xff\xd8", "not UTF-8"),
        (b'{"cells": ' + b"[" * 40_000, "nested too deeply"),
        (b'{"cells": [], "x": ' + b'{"a":' * 9_000 + b"1" + b"}" * 9_001, "nested too deeply"),
        (b'{"cells": [], "x": ' + b"9" * 2_000 + b"}", "1,000 digits"),
        (GOOD + b" " * 200_000, "too large"),
        (json.dumps({"cells": [ANSWER] * 60}).encode(), "60 cells"),
        (json.dumps({"cells": [{**ANSWER, "source": "7" * 60_000}]}).encode(), "60,000 characters"),
    ],
)
def test_a_broken_notebook_is_a_fault_that_names_file_and_cause(tmp_path, data, says):
    put(tmp_path, "q04_max_pooling.ipynb", data)
    submission = hand_in(tmp_path)
    assert only_fault(submission).file == "q04_max_pooling.ipynb"
    assert says in only_fault(submission).message
    assert not submission.answers["q4a"].attempted


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"x = '\xe9'\n", "0xe9 in line 1"),
        (b"#" * 60_000, "too large"),
        (b"# %%\nx\n" * 60, "50 cells"),
        (b"# %% " + b"item=" * 300, "longer than 1,000"),
    ],
)
def test_a_broken_py_file_is_a_fault(tmp_path, data, says):
    put(tmp_path, "q04_max_pooling.py", data)
    assert says in only_fault(hand_in(tmp_path)).message


def test_one_broken_file_leaves_the_students_other_files_graded(tmp_path):
    put(tmp_path, "q04_max_pooling.ipynb", GOOD)
    put(tmp_path, "q09_mnist_cnn.ipynb", GOOD[:40])
    submission = hand_in(tmp_path)
    assert submission.answers["q4a"].text == "7"
    assert only_fault(submission).file == "q09_mnist_cnn.ipynb"


def test_nan_and_repeated_keys_do_not_matter_to_a_notebook(tmp_path):
    put(
        tmp_path,
        "q04_max_pooling.ipynb",
        GOOD.replace(b'"metadata": {}, "cells"', b'"x": NaN, "x": -Infinity, "cells"'),
    )
    assert hand_in(tmp_path).answers["q4a"].text == "7"


def test_a_file_that_cannot_be_read_is_told_rather_than_passed_over(tmp_path):
    put(tmp_path, "homework.docx", b"PK")
    assert "cannot be read. Hand in .ipynb" in only_fault(hand_in(tmp_path)).message


def test_a_folder_where_a_file_was_expected_is_a_fault(tmp_path):
    (tmp_path / "ann" / "q04_max_pooling.ipynb").mkdir(parents=True)
    assert "folder where a file" in only_fault(hand_in(tmp_path)).message
    (alone,) = find_submissions(tmp_path / "ann" / "q04_max_pooling.ipynb", SLUGS)
    assert "folder where a file" in only_fault(read_submission(alone, OUTLINE)).message


@on_posix
def test_links_to_files_and_folders_are_refused(tmp_path):
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "q04_max_pooling.ipynb").write_bytes(GOOD)
    (tmp_path / "class" / "ann").mkdir(parents=True)
    (tmp_path / "class" / "ann" / "q04_max_pooling.ipynb").symlink_to(secret / "q04_max_pooling.ipynb")
    (tmp_path / "class" / "ann" / "more").symlink_to(secret)
    submission = hand_in(tmp_path / "class")
    assert [fault.file for fault in submission.faults] == ["more", "q04_max_pooling.ipynb"]
    assert all("link to another place" in fault.message for fault in submission.faults)
    assert not submission.answers["q4a"].attempted


@on_posix
def test_a_students_whole_folder_that_is_a_link_is_refused(tmp_path):
    (tmp_path / "secret").mkdir()
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "ann").symlink_to(tmp_path / "secret")
    assert "link to another place" in only_fault(hand_in(tmp_path / "class")).message


@on_posix
def test_a_folder_swapped_for_a_link_after_it_was_found_is_refused(tmp_path):
    put(tmp_path, "week/q04_max_pooling.ipynb", GOOD)
    handed = next(each for each in find_submissions(tmp_path / "ann", SLUGS))
    (tmp_path / "ann" / "week").rename(tmp_path / "elsewhere")
    (tmp_path / "ann" / "week").symlink_to(tmp_path / "elsewhere")
    found = read_submission(Handed("ann", (tmp_path / "ann/week/q04_max_pooling.ipynb",), tmp_path / "ann"), OUTLINE)
    assert handed.files
    assert "link to another place" in only_fault(found).message


@on_posix
def test_a_hard_link_is_refused(tmp_path):
    (tmp_path / "ann").mkdir()
    secret = tmp_path / "secret.txt"
    secret.write_bytes(GOOD)
    os.link(secret, tmp_path / "ann" / "q04_max_pooling.ipynb")
    assert "hard link" in only_fault(hand_in(tmp_path)).message


@on_posix
def test_pipes_and_sockets_are_refused_without_waiting(tmp_path, monkeypatch):
    (tmp_path / "ann").mkdir()
    os.mkfifo(tmp_path / "ann" / "q04_max_pooling.ipynb")
    monkeypatch.chdir(tmp_path / "ann")  # a socket's path may have a hundred bytes only
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("q09_mnist_cnn.py")
        submission = hand_in(tmp_path)
    assert len(submission.faults) == 2
    assert all("not an ordinary file" in fault.message for fault in submission.faults)


@on_posix
def test_a_device_is_refused(tmp_path):
    handed = Handed("ann", (type(tmp_path)("/dev/zero"),))
    assert "not an ordinary file" in only_fault(read_submission(handed, OUTLINE)).message


def test_a_file_that_vanished_is_a_fault(tmp_path):
    handed = Handed("ann", (tmp_path / "q04_max_pooling.ipynb",))
    assert "could not be opened" in only_fault(read_submission(handed, OUTLINE)).message


def test_folders_without_end_and_too_many_files_are_told(tmp_path):
    put(tmp_path, "/".join("abcdefg") + "/q04_max_pooling.ipynb", GOOD)
    assert "too deep" in only_fault(hand_in(tmp_path)).message
    for number in range(8):
        put(tmp_path, f"{number}.py", b"x = 1\n")
    assert any("only the first 3" in fault.message for fault in hand_in(tmp_path, replace(SMALL, files=3)).faults)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("../q04_max_pooling.ipynb", "leads out"),
        ("a/../../q04_max_pooling.ipynb", "leads out"),
        ("..\\q04_max_pooling.ipynb", "leads out"),
        ("/etc/q04_max_pooling.ipynb", "root of a disk"),
        ("\\\\host\\q04_max_pooling.ipynb", "root of a disk"),
        ("C:q04_max_pooling.ipynb", "root of a disk"),
        ("c:/q04_max_pooling.ipynb", "root of a disk"),
        ("work\\q04_max_pooling.ipynb", "backslashes"),
        ("q04_max\npooling.ipynb", "control characters"),
        ("../../etc/passwd", "leads out"),
        ("inner.zip", "zip inside the zip"),
    ],
)
def test_a_dangerous_member_of_a_zip_is_refused_and_the_others_are_read(tmp_path, name, says):
    put(tmp_path, "ann.zip", zipped([(name, b"x"), ("ok/q04_max_pooling.ipynb", GOOD)]))
    submission = hand_in(tmp_path)
    assert says in only_fault(submission).message
    assert only_fault(submission).file == f"ann.zip: {shown(name)}"
    assert submission.answers["q4a"].text == "7"
    assert not (tmp_path / "q04_max_pooling.ipynb").exists()


def test_a_nul_in_a_members_name_hides_nothing():
    data = zipped([("q4.ipynbX.txt", GOOD)]).replace(b"q4.ipynbX", b"q4.ipynb\0")
    unpacked = unpack(data)
    assert unpacked.files == {}
    assert "control characters" in unpacked.refusals[0][1]


@pytest.mark.parametrize(
    ("kind", "says"), [(stat.S_IFLNK, "link"), (stat.S_IFIFO, "not an ordinary"), (stat.S_IFCHR, "not an ordinary")]
)
def test_links_and_devices_in_a_zip_are_refused(kind, says):
    member = zipfile.ZipInfo("q04_max_pooling.ipynb")
    member.create_system = 3
    member.external_attr = (kind | 0o777) << 16
    unpacked = unpack(zipped([(member, b"/etc/passwd")]))
    assert unpacked.files == {}
    assert says in unpacked.refusals[0][1]


def test_names_that_are_one_file_on_some_disks_collide():
    unpacked = unpack(zipped([("q1.py", b"1"), ("Q1.py", b"2"), ("ﬁ.py", b"3"), ("fi.py", b"4")]))
    assert unpacked.files == {"q1.py": b"1", "ﬁ.py": b"3"}
    assert [name for name, _ in unpacked.refusals] == ["Q1.py", "fi.py"]


def test_a_bomb_is_refused_by_what_it_declares(tmp_path):
    put(tmp_path, "ann.zip", zipped([("q04_max_pooling.ipynb", b"0" * 10_000_000)]))
    assert "Unpacked, the zip holds more than" in only_fault(hand_in(tmp_path)).message


def test_a_bomb_that_lies_about_its_size_gains_nothing():
    bomb = bytearray(zipped([("q1.py", b"0" * 5_000_000)]))
    directory = bomb.index(b"PK\x01\x02")
    struct.pack_into("<I", bomb, directory + 24, 10)
    struct.pack_into("<I", bomb, 22, 10)
    unpacked = unpack(bytes(bomb), SMALL)
    assert unpacked.files == {}
    assert "damaged" in unpacked.refusals[0][1]


def test_members_that_share_their_bytes_are_counted_each(tmp_path):
    one = zipped([("q0.py", b"0" * 100_000)])
    start, end = one.index(b"PK\x01\x02"), one.index(b"PK\x05\x06")
    entry, tail = one[start:end], bytearray(one[end:])
    directory = b"".join(entry.replace(b"q0.py", b"q%d.py" % number) for number in range(10))
    struct.pack_into("<HHI", tail, 8, 10, 10, len(directory))
    with pytest.raises(Refused, match="Unpacked"):
        unpack(one[:start].replace(b"q0.py", b"q9.py") + directory + bytes(tail), SMALL)


@pytest.mark.parametrize("count", [21, 500])
def test_too_many_members_are_refused_before_any_is_opened(tmp_path, count):
    put(tmp_path, "ann.zip", zipped([(f"{number}.py", b"") for number in range(count)]))
    assert "more than 20 files" in only_fault(hand_in(tmp_path)).message


def test_a_member_count_that_lies_is_not_believed():
    lying = bytearray(zipped([(f"{number}.py", b"") for number in range(500)]))
    struct.pack_into("<HH", lying, lying.index(b"PK\x05\x06") + 8, 1, 1)
    with pytest.raises(Refused, match="more than 20 files"):
        unpack(bytes(lying), SMALL)


def test_a_locked_or_oddly_packed_member_is_refused():
    locked = bytearray(zipped([("q1.py", b"x")]))
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert "password" in unpack(bytes(locked)).refusals[0][1]
    odd = io.BytesIO()
    with zipfile.ZipFile(odd, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("q1.py", b"x")
    assert "unusual" in unpack(odd.getvalue()).refusals[0][1]


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x05\x06" + b"\0" * 18, zipped([("a.txt", b"")]), b"Rar!\x1a\x07"])
def test_a_zip_that_is_none_or_holds_no_work_is_a_fault(tmp_path, data):
    put(tmp_path, "ann.zip", data)
    assert only_fault(hand_in(tmp_path)).file == "ann.zip"


def test_a_flood_of_faults_is_counted_rather_than_listed(tmp_path):
    put(tmp_path, "ann.zip", zipped([(f"../{number}.py", b"") for number in range(300)]))
    submission = hand_in(tmp_path, replace(SMALL, archive_members=1_000))
    assert len(submission.faults) == 51
    assert submission.faults[-1].message.startswith("250 more")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"[" * 50_000, "nested"),
        (b'"text"', "no answers"),
        (b'{"q4a": ', "cut off"),
        (b'{"q4a": "\xff"}', "not UTF-8"),
    ],
)
def test_a_broken_answers_file_is_a_fault(tmp_path, data, says):
    put(tmp_path, "answers.json", data)
    assert says in only_fault(hand_in(tmp_path)).message


def test_a_file_with_no_function_of_any_exercise_is_left_out_and_told(tmp_path):
    put(tmp_path, "helpers.py", b"def tidy():\n    return 1\n")
    submission = hand_in(tmp_path)
    assert submission.programs == {}
    assert "it was left out" in only_fault(submission).message


def test_another_learners_rows_in_ones_own_folder_are_refused(tmp_path):
    rows = [{"learner": learner, "question": "q4a", "text": "7"} for learner in ("ann", "bob")]
    put(tmp_path, "answers.jsonl", "\n".join(map(json.dumps, rows)).encode())
    assert "several learners" in only_fault(hand_in(tmp_path)).message


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("an\u202en", "an\\u{202e}n"),
        ("an\u200bn", "an\\u{200b}n"),
        ("an\x1b[31m", "an\\u{1b}[31m"),
        ("an\\u{202e}n", "an\\u{5c}u{202e}n"),
        ("\udcff", "\\u{dcff}"),
        ("Åsa Łukasz-李", "Åsa Łukasz-李"),
    ],
)
def test_names_are_shown_with_what_cannot_be_seen_spelled_out(name, expected):
    assert shown(name) == expected


@on_posix
def test_a_students_name_is_made_safe_to_show(tmp_path):
    (tmp_path / "an\u202en").mkdir()
    (tmp_path / os.fsdecode(b"b\xffb")).mkdir()
    (tmp_path / "an\u202en" / "x\u200b.py").write_text("")
    handed = find_submissions(tmp_path, SLUGS)
    assert [each.student for each in handed] == ["an\\u{202e}n", "b\\u{dcff}b"]
    assert only_fault(read_submission(handed[0], OUTLINE)).file == "x\\u{200b}.py"


@given(st.text(), st.text())
def test_two_names_are_never_shown_as_one(one, other):
    assert (shown(one) == shown(other)) == (one == other) or not (one and other)
    assert shown(one).encode()


NOTEBOOKS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda children: (
        st.lists(children, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["cells", "worksheets", "cell_type", "source", "input", "metadata", "item", "nbgrader", "grade_id", "x"]
            )
            | st.text(max_size=5),
            children | st.sampled_from(["code", "markdown", "q4a"]),
            max_size=6,
        )
    ),
    max_leaves=30,
)
NAMES = st.sampled_from(
    [f"{stem}{suffix}" for stem in ("q04_max_pooling", "q09_mnist_cnn", "my") for suffix in (".ipynb", ".py")]
    + [f"answers{suffix}" for suffix in (".json", ".jsonl", ".csv")]
    + ["ann.zip"]
)
SCRAPS = st.lists(
    st.sampled_from(
        [
            "# %%",
            " [markdown]",
            ' item="q4a"',
            "\n",
            "# ",
            '"""',
            "q4a: 1",
            "!ls",
            "%%bash",
            "\\",
            "(",
            "def f():",
            "# ---\n",
            "jupyter:",
            "\0",
        ]
    )
    | st.text(max_size=6),
    max_size=40,
).map("".join)
CONTENTS = st.one_of(
    st.binary(max_size=300),
    st.binary(max_size=60).map(lambda data: GOOD[:30] + data + GOOD[30:]),
    NOTEBOOKS.map(json.dumps).map(str.encode),
    NOTEBOOKS.map(lambda cells: json.dumps({"cells": [cells, ANSWER]}).encode()),
    SCRAPS.map(str.encode),
    st.lists(
        st.tuples(st.text(min_size=1, max_size=12).map(lambda name: f"a{name}.py"), st.binary(max_size=40)), max_size=4
    ).map(zipped),
    st.tuples(st.integers(0, 200), st.integers(0, 255)).map(lambda hit: corrupted(*hit)),
)


def corrupted(place, byte):
    data = bytearray(zipped([("q04_max_pooling.ipynb", GOOD), ("q9.py", b"x = 1\n")]))
    data[place * len(data) // 201] = byte
    return bytes(data)


@pytest.mark.filterwarnings("ignore:Duplicate name")  # zipfile warns about what the strategy wants to make
@settings(
    max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.dictionaries(NAMES, CONTENTS, min_size=1, max_size=3))
def test_whatever_is_handed_in_gives_a_submission_that_can_be_stored(tmp_path, files):
    folder = tmp_path / "ann"
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    submission = read_submission(Handed("ann", tuple(folder / name for name in sorted(files)), folder), OUTLINE, SMALL)
    assert set(submission.answers) == {"q4a"}
    assert all(fault.message and fault.file for fault in submission.faults)
    stored = Evidence("q", submission.answers, {"programs": dict(submission.programs)}, faults=submission.faults)
    assert stored.digest().startswith("sha256:")
    assert not any("A human should look" in fault.message for fault in submission.faults)


def test_the_property_above_would_notice_damage_inside_a_zip():
    damaged = bytearray(zipped([("q9.py", zlib.compress(b"noise") * 20)]))
    damaged[50] ^= 0xFF
    assert unpack(bytes(damaged)).files == {}
