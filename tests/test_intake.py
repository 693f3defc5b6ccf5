"""What can be matched is taken, wherever it stands; what is missing is not attempted."""

from __future__ import annotations

import doctest
import io
import json
import zipfile

import pytest

import gradetape.intake.archive
import gradetape.intake.door
import gradetape.intake.layout
import gradetape.intake.magics
import gradetape.intake.text
from gradetape.domain import Answer
from gradetape.errors import UsageError
from gradetape.intake import (
    ExerciseOutline,
    Handed,
    ItemOutline,
    Outline,
    find_submissions,
    read_answers,
    read_submission,
)
from gradetape.intake.magics import without_magics
from gradetape.intake.remarks import Noted, Remark, faults_of

PLACEHOLDER = "*Replace this line by your answer.*"
STARTER = '# %%\nimport keras\n\n\n# %%\ndef build_model():\n    """A model."""\n    raise NotImplementedError\n'
PROMPTS = {
    "q4a": "**q4a** (1 point) How many weights has a pooling layer over {maps} maps?\n\n*Answer with one number.*",
    "q4": "**q4** (4 points) Why pool at all?\n\n*Answer in a few sentences of your own.*",
}
OUTLINE = Outline(
    (
        ExerciseOutline(
            "q04_max_pooling", tuple(ItemOutline(id, PLACEHOLDER, prompt) for id, prompt in PROMPTS.items())
        ),
        ExerciseOutline("q06_networks", (ItemOutline("q6a", PLACEHOLDER, "**q6a** (1 point) Pair them."),)),
        ExerciseOutline("q09_mnist_cnn", defines=("build_model", "train"), starter=STARTER, is_program=True),
        ExerciseOutline(
            "q10_transfer", defines=("build_model", "fine_tune"), starter="def fine_tune():\n    ...\n", is_program=True
        ),
    )
)
SLUGS = [exercise.slug for exercise in OUTLINE.exercises]


def md(text, item=None, **metadata):
    return {"cell_type": "markdown", "metadata": {**({"item": item} if item else {}), **metadata}, "source": text}


def code(text, item=None):
    metadata = {"item": item} if item else {}
    return {"cell_type": "code", "metadata": metadata, "source": text, "outputs": [], "execution_count": 3}


def notebook(*cells, minor=5):
    return json.dumps({"nbformat": 4, "nbformat_minor": minor, "metadata": {}, "cells": list(cells)})


def prompt(item, maps=100):
    return md(PROMPTS[item].replace("{maps}", str(maps)))


@pytest.fixture
def hand_in(tmp_path):
    """A function: file names and contents -> the Submission of the student who handed them in."""

    def read(files):
        folder = tmp_path / "ann"
        for name, content in files.items():
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content if isinstance(content, bytes) else content.encode())
        files = tuple(folder / name for name in sorted(files))
        return read_submission(Handed("ann", files, folder), OUTLINE)

    return read


def messages(submission):
    return "\n".join(f"{fault.file} | {fault.exercise} | {fault.message}" for fault in submission.faults)


@pytest.mark.parametrize(
    "module",
    [
        gradetape.intake.archive,
        gradetape.intake.door,
        gradetape.intake.layout,
        gradetape.intake.magics,
        gradetape.intake.text,
    ],
)
def test_docstrings_show_what_the_code_does(module):
    outcome = doctest.testmod(module)
    assert outcome.attempted
    assert not outcome.failed


def test_answers_of_a_notebook_are_found_by_the_item_in_the_cells_metadata(hand_in):
    submission = hand_in({"q04_max_pooling.ipynb": notebook(prompt("q4a"), md("0", "q4a"), md("It shrinks.", "q4"))})
    assert submission.answers["q4a"] == Answer("q4a", "0")
    assert submission.answers["q4"] == Answer("q4", "It shrinks.")
    assert submission.faults == ()


def test_percent_files_and_notebooks_give_the_same_answers(hand_in):
    percent = (
        '# %% [markdown]\n# Hello\n\n# %% [markdown] item="q4a"\n# 0\n\n# %% [markdown] item="q4"\n# It\n# shrinks.\n'
    )
    from_percent = hand_in({"q04_max_pooling.py": percent})
    from_notebook = hand_in({"q04_max_pooling.ipynb": notebook(md("0", "q4a"), md("It\nshrinks.", "q4"))})
    assert from_percent.answers == from_notebook.answers
    assert from_percent.faults == from_notebook.faults == ()


def test_every_item_of_the_course_has_an_answer_attempted_or_not(hand_in):
    submission = hand_in({"q04_max_pooling.ipynb": notebook(md("0", "q4a"), md(PLACEHOLDER, "q4"))})
    assert set(submission.answers) == {"q4a", "q4", "q6a"}
    assert [item for item, answer in submission.answers.items() if answer.attempted] == ["q4a"]
    assert submission.programs == {}


@pytest.mark.parametrize(
    "text", ["", "  \n", PLACEHOLDER, "Replace this line by your answer.", "q4a:", "**q4a.**", "- ?"]
)
def test_an_untouched_answer_is_not_attempted(hand_in, text):
    submission = hand_in({"q04_max_pooling.ipynb": notebook(md(text, "q4a"), md("x", "q4"))})
    assert not submission.answers["q4a"].attempted


@pytest.mark.parametrize("text", ["0", f"{PLACEHOLDER}\n\n0", "q4a: 0", "**Q4a)** 0", "# q4a = 0"])
def test_the_answer_is_what_the_student_added(hand_in, text):
    submission = hand_in({"q04_max_pooling.ipynb": notebook(md(text, "q4a"), md("x", "q4"))})
    assert submission.answers["q4a"] == Answer("q4a", "0")


def test_a_label_inside_the_text_stays_there(hand_in):
    submission = hand_in({"q04_max_pooling.ipynb": notebook(md("0\nq4a: is what I mean", "q4a"), md("x", "q4"))})
    assert submission.answers["q4a"].text == "0\nq4a: is what I mean"


def test_a_missing_answer_cell_is_told_and_counts_as_not_attempted(hand_in):
    submission = hand_in({"q04_max_pooling.ipynb": notebook(md("0", "q4a"))})
    assert submission.answers["q4a"].attempted
    assert not submission.answers["q4"].attempted
    assert "q04_max_pooling.ipynb | q04_max_pooling | There is no answer cell for q4" in messages(submission)


def test_reordered_cells_keep_their_answers(hand_in):
    submission = hand_in({"q04_max_pooling.ipynb": notebook(md("why", "q4"), prompt("q4"), md("0", "q4a"))})
    assert (submission.answers["q4a"].text, submission.answers["q4"].text) == ("0", "why")
    assert submission.faults == ()


def test_of_a_duplicated_cell_the_attempted_one_counts(hand_in):
    submission = hand_in({"q04_max_pooling.ipynb": notebook(md("0", "q4a"), md(PLACEHOLDER, "q4a"), md("w", "q4"))})
    assert submission.answers["q4a"].text == "0"
    assert submission.faults == ()


def test_of_two_attempts_the_last_counts_and_is_told(hand_in):
    cells = [md("0", "q4a"), md("w", "q4"), md(PLACEHOLDER, "q4a"), md("7", "q4a")]
    submission = hand_in({"q04_max_pooling.ipynb": notebook(*cells)})
    assert submission.answers["q4a"].text == "7"
    assert "q4a: 2 different answers" in messages(submission)


def test_halves_of_a_split_cell_are_one_answer_in_their_order(hand_in):
    cells = [md("0", "q4a"), md("First.", "q4"), md("", "q4"), md("Second.", "q4"), md("Second.", "q4")]
    submission = hand_in({"q04_max_pooling.ipynb": notebook(*cells)})
    assert submission.answers["q4"].text == "First.\n\nSecond."
    assert [fault.message for fault in submission.faults] == [
        "q4: the answer stands in 2 cells, one after the other; they were read as one."
    ]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (0, 2, 1)])
def test_a_code_cell_never_overrides_an_answer_in_text(hand_in, order):
    cells = [md("Because it has no weights.", "q4"), md("0", "q4a"), code("print('give me all')", "q4")]
    submission = hand_in({"q04_max_pooling.ipynb": notebook(*(cells[number] for number in order))})
    assert submission.answers["q4"].text == "Because it has no weights."
    assert "q4: the answer in text counts; the code cell beside it was left aside." in messages(submission)


def test_a_code_cell_beside_an_untouched_text_cell_is_the_answer(hand_in):
    cells = [md(PLACEHOLDER, "q4a"), code("n = 2", "q4a"), code("n * 0", "q4a"), md("w", "q4")]
    submission = hand_in({"q04_max_pooling.ipynb": notebook(*cells)})
    assert submission.answers["q4a"].text == "n = 2\n\nn * 0"


def test_the_cell_after_its_prompt_answers_when_metadata_are_lost_whatever_the_variant(hand_in):
    cells = [prompt("q4a", maps=64), md("0"), prompt("q4"), md("Because.")]
    submission = hand_in({"q04_max_pooling.ipynb": notebook(*cells)})
    assert (submission.answers["q4a"].text, submission.answers["q4"].text) == ("0", "Because.")


def test_an_answer_typed_under_the_prompt_in_its_cell_is_found(hand_in):
    cells = [md(PROMPTS["q4a"] + "\n\n0"), prompt("q4"), md(PLACEHOLDER, "q4")]
    submission = hand_in({"q04_max_pooling.ipynb": notebook(*cells)})
    assert submission.answers["q4a"] == Answer("q4a", "0")
    assert "prompt's own cell" in messages(submission)


def test_an_edited_prompt_is_still_no_answer(hand_in):
    cells = [md("**q4a** (1 point) How many??"), md(PLACEHOLDER), md("w", "q4")]
    submission = hand_in({"q04_max_pooling.ipynb": notebook(*cells)})
    assert not submission.answers["q4a"].attempted


def test_labels_answer_when_metadata_are_lost_also_several_in_one_cell(hand_in):
    submission = hand_in({"q04_max_pooling.ipynb": notebook(md("# My work"), md("q4a: 0\nQ4. Because\nof this."))})
    assert (submission.answers["q4a"].text, submission.answers["q4"].text) == ("0", "Because\nof this.")


def test_answers_found_alike_are_told_in_one_sentence(hand_in):
    cells = [md("q4a: 0"), md("q4: Because."), md("q6a: 1-a")]
    faults = hand_in({"all.ipynb": notebook(*cells)}).faults
    alike = [fault for fault in faults if "label" in fault.message]
    assert [(fault.file, fault.exercise, fault.message) for fault in alike] == [
        ("all.ipynb", "", "3 answers were read from cells that begin with their labels: q4a, q4, q6a.")
    ]


def test_many_answers_found_alike_are_counted_rather_than_all_named():
    noted = [("all.ipynb", "q01", Noted(Remark.LABELLED, f"q1{number}")) for number in range(30)]
    [fault] = faults_of(noted)
    assert fault.message.startswith("30 answers were read")
    assert fault.message.endswith("q110, q111 and 18 more.")


def test_an_answer_in_a_new_cell_below_the_untouched_one_is_found(hand_in):
    cells = [md(PLACEHOLDER, "q4a"), code("2 * 0  # none"), prompt("q4"), md("w", "q4")]
    submission = hand_in({"q04_max_pooling.ipynb": notebook(*cells)})
    assert submission.answers["q4a"].text == "2 * 0  # none"
    assert "cell below" in messages(submission)


def test_an_answer_in_a_code_cell_counts_with_its_comments(hand_in):
    submission = hand_in({"q04_max_pooling.ipynb": notebook(code("# none\n0 * 3", "q4a"), md("w", "q4"))})
    assert submission.answers["q4a"].text == "# none\n0 * 3"


def test_nbgraders_cells_are_found_by_their_grade_id(hand_in):
    cells = [md("0", nbgrader={"grade_id": "q4a", "points": 99, "locked": False}), md("w", "q4")]
    submission = hand_in({"q04_max_pooling.ipynb": notebook(*cells)})
    assert submission.answers["q4a"].text == "0"


def test_percent_metadata_that_a_student_broke_still_name_the_item(hand_in):
    submission = hand_in({"q04_max_pooling.py": '# %% [markdown] item=\'q4a\n# 0\n\n# %% [markdown] item="q4"\n# w\n'})
    assert submission.answers["q4a"].text == "0"


def test_a_notebook_that_lacks_cell_ids_is_accepted_and_one_with_strange_ids_too(hand_in):
    strange = {**md("0", "q4a"), "id": "not an id!"}
    assert hand_in({"q04_max_pooling.ipynb": notebook(md("0", "q4a"), md("w", "q4"), minor=5)}).faults == ()
    assert hand_in({"q04_max_pooling.ipynb": notebook(strange, strange, md("w", "q4"))}).faults == ()


def test_a_notebook_of_format_three_is_read(hand_in):
    sheet = {"cells": [md("0", "q4a"), {"cell_type": "code", "input": ["# why\n", "w"], "metadata": {"item": "q4"}}]}
    old = json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [sheet]})
    submission = hand_in({"q04_max_pooling.ipynb": old})
    assert (submission.answers["q4a"].text, submission.answers["q4"].text) == ("0", "# why\nw")


def test_forged_outputs_and_metadata_never_enter(hand_in):
    forged = {**code("x = 1"), "outputs": [{"output_type": "stream", "name": "stdout", "text": "Tests passed"}]}
    submission = hand_in({"q09_mnist_cnn.ipynb": notebook(forged)})
    assert submission.programs == {"q09_mnist_cnn": "x = 1\n"}


def test_a_very_long_answer_is_cut_and_told(hand_in):
    submission = hand_in({"q04_max_pooling.ipynb": notebook(md("a" * 30_000, "q4a"), md("w", "q4"))})
    assert len(submission.answers["q4a"].text) == 20_000
    assert "only its first 20,000 characters are read" in messages(submission)


def test_lone_surrogates_are_replaced_so_that_the_text_can_be_stored(hand_in):
    cells = notebook(md("SURROGATE 0", "q4a"), code("x = 'SURROGATE'"), md("w", "q4")).replace("SURROGATE", "\\ud800")
    submission = hand_in({"q04_max_pooling.ipynb": cells, "q09_mnist_cnn.ipynb": cells})
    assert submission.answers["q4a"].text == "\ufffd 0"
    assert submission.programs["q09_mnist_cnn"].encode()


def test_a_program_is_all_code_cells_in_order(hand_in):
    submission = hand_in(
        {"q09_mnist_cnn.ipynb": notebook(code("a = 1"), md("so"), code(""), code(["b = 2\n", "c = 3"]))}
    )
    assert submission.programs["q09_mnist_cnn"] == "a = 1\n\nb = 2\nc = 3\n"


def test_a_percent_program_keeps_its_own_line_numbers(hand_in):
    source = "# %% [markdown]\n# Mine\n\n# %%\nx = (\n"
    assert hand_in({"q09_mnist_cnn.py": source}).programs["q09_mnist_cnn"] == source


def test_the_starter_is_not_attempted_also_as_a_notebook_or_with_comments(hand_in):
    as_cells = notebook(md("Read me"), code("# mine\nimport keras\n"), code(STARTER.split("# %%\n")[2]))
    for handed in ({"q09_mnist_cnn.py": "# hi\n" + STARTER}, {"q09_mnist_cnn.ipynb": as_cells}):
        assert hand_in(handed).programs == {}
    changed = STARTER.replace("raise NotImplementedError", "return 3")
    assert "q09_mnist_cnn" in hand_in({"q09_mnist_cnn.py": changed}).programs


def test_a_program_of_comments_alone_is_not_attempted(hand_in):
    assert hand_in({"q09_mnist_cnn.py": "# %%\n# todo\n"}).programs == {}


def test_a_percent_files_header_cannot_switch_its_format(hand_in):
    header = "# ---\n# jupyter:\n#   jupytext:\n#     formats: ipynb,py:light\n# ---\n\n"
    cells = '# %% [markdown] item="q4a"\n# 0\n\n# %% [markdown] item="q4"\n# w\n'
    assert hand_in({"q04_max_pooling.py": header + cells}).answers["q4a"].text == "0"


def test_an_unparsable_program_is_kept_for_the_run_to_report(hand_in):
    assert hand_in({"q09_mnist_cnn.py": "def broken(:\n"}).programs["q09_mnist_cnn"] == "def broken(:\n"


def test_characters_that_cannot_be_seen_in_a_program_are_told(hand_in):
    submission = hand_in({"q09_mnist_cnn.py": "x = 1\ny = 'a\u202eb'\n"})
    assert "Line 2" in messages(submission)
    assert "U+202E" in messages(submission)
    assert "\u202e" in submission.programs["q09_mnist_cnn"]


def test_a_renamed_theory_file_is_known_by_its_items(hand_in):
    submission = hand_in({"homework final.ipynb": notebook(md("0", "q4a"), md("w", "q4"))})
    assert submission.answers["q4a"].text == "0"
    assert "homework final.ipynb | q04_max_pooling | The file is not named after" in messages(submission)


def test_one_file_may_hold_several_exercises(hand_in):
    submission = hand_in({"all.ipynb": notebook(md("0", "q4a"), md("w", "q4"), md("1-a", "q6a"))})
    assert (submission.answers["q4a"].text, submission.answers["q6a"].text) == ("0", "1-a")


def test_a_file_named_like_another_exercise_is_known_by_its_items(hand_in):
    submission = hand_in({"q06_networks.ipynb": notebook(md("0", "q4a"), md("w", "q4"))})
    assert submission.answers["q4a"].text == "0"
    assert not submission.answers["q6a"].attempted


def test_a_renamed_program_is_known_by_the_functions_it_defines(hand_in):
    submission = hand_in({"final.py": "def build_model():\n    return 1\n\ndef fine_tune(model):\n    return model\n"})
    assert set(submission.programs) == {"q10_transfer"}


def test_a_file_named_after_its_exercise_is_that_exercise_whatever_is_in_it(hand_in):
    source = "def build_model():\n    return 1\n\ndef train(model):\n    return model\n"
    submission = hand_in({"q10_transfer.py": source, "q10_transfer.ipynb": notebook(code(source))})
    assert set(submission.programs) == {"q10_transfer"}
    assert submission.faults == ()
    assert set(hand_in({"Q10-Transfer (1).py": source}).programs) == {"q10_transfer"}
    assert set(hand_in({"my q10.py": source}).programs) == {"q10_transfer"}


def test_a_program_that_could_be_two_exercises_goes_by_the_number_in_its_name(hand_in):
    source = "def build_model():\n    return 1\n"
    assert set(hand_in({"my Q9.py": source}).programs) == {"q09_mnist_cnn"}


def test_a_program_that_could_be_two_exercises_and_says_nothing_is_left_out_and_told(hand_in):
    submission = hand_in({"final.py": "def build_model():\n    return 1\n"})
    assert submission.programs == {}
    assert "named after no exercise" in messages(submission)


@pytest.mark.parametrize("name", ["Q09-MNIST cnn.py", "q9.py", "q09_mnist_cnn (1).py", "ann_q09.py"])
def test_small_changes_of_a_name_are_understood(hand_in, name):
    assert "q09_mnist_cnn" in hand_in({name: "x = 1\n"}).programs


def test_a_paired_notebook_and_its_percent_file_that_agree_are_one_hand_in(hand_in):
    submission = hand_in({"q09_mnist_cnn.ipynb": notebook(code("x = 1")), "q09_mnist_cnn.py": "# %%\nx = 1\n"})
    assert submission.faults == ()


def test_of_a_notebook_and_a_percent_file_that_differ_the_notebook_counts_and_it_is_told(hand_in):
    submission = hand_in({"q09_mnist_cnn.ipynb": notebook(code("x = 1")), "q09_mnist_cnn.py": "x = 2\n"})
    assert submission.programs["q09_mnist_cnn"] == "x = 1\n"
    assert "different program" in messages(submission)


def test_of_a_pair_the_touched_one_counts(hand_in):
    submission = hand_in({"q09_mnist_cnn.ipynb": notebook(code(STARTER)), "q09_mnist_cnn.py": "x = 2\n"})
    assert submission.programs["q09_mnist_cnn"] == "x = 2\n"
    assert submission.faults == ()


@pytest.mark.parametrize("wrap", [lambda answers: answers, lambda answers: {"answers": answers, "version": 1}])
def test_answers_json_answers_with_selections_of_every_kind(hand_in, wrap):
    typed = {"Q4a": 0, "q4": ["a", "c"], "q6a": {"1": "c", "2": "a"}}
    submission = hand_in({"answers.json": json.dumps(wrap(typed))})
    assert {item: answer.text for item, answer in submission.answers.items()} == {
        "q4a": "0",
        "q4": "a, c",
        "q6a": "1-c, 2-a",
    }
    assert submission.faults == ()


def test_a_key_that_typed_answers_lack_is_not_attempted_and_no_fault(hand_in):
    submission = hand_in({"answers.json": '{"q4a": "0"}'})
    assert not submission.answers["q4"].attempted
    assert submission.faults == ()


def test_unknown_ids_in_an_answers_file_are_told(hand_in):
    submission = hand_in({"answers.json": '{"q4a": "0", "q99": "b", "q4": null}'})
    assert "No theory item is called q99" in messages(submission)
    assert not submission.answers["q4"].attempted


def test_a_zip_is_read_like_a_folder(hand_in):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("work/q04_max_pooling.ipynb", notebook(md("0", "q4a"), md("w", "q4")))
        archive.writestr("work/picture.png", b"\x89PNG")
        archive.writestr("__MACOSX/._q04_max_pooling.ipynb", b"\0\5")
    submission = hand_in({"ann.zip": packed.getvalue()})
    assert submission.answers["q4a"].text == "0"
    assert submission.faults == ()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("%matplotlib inline\nx = 1", "# %matplotlib inline\nx = 1"),
        ("if x:\n    !ls", "if x:\n    pass  # !ls"),
        ("files = !ls -l", "files = None  # !ls -l"),
        ("model.fit?\n??model", "# model.fit?\n# ??model"),
        ("%%bash\nls\n\nrm x", "# %%bash\n# ls\n#\n# rm x"),
        ("%%time\nx = 1\n!ls", "# %%time\nx = 1\n# !ls"),
        ("!pip install a \\\n    b\nx = 1", "# !pip install a \\\n# b\nx = 1"),
        ("get_ipython().system('ls')", "# get_ipython().system('ls')"),
        ('"""\n!stays\n"""\n!goes', '"""\n!stays\n"""\n# !goes'),
        ("x = (7\n  % y)", "x = (7\n  % y)"),
        ("x = 7 \\\n  % y", "x = 7 \\\n  % y"),
        ("s = '\"'\n!ls", "s = '\"'\n# !ls"),
        ("a = 5 % 3\nb = a != 2\nprint('what?')", "a = 5 % 3\nb = a != 2\nprint('what?')"),
    ],
)
def test_notebook_commands_become_comments_and_python_stays(source, expected):
    assert without_magics(source) == expected


def lay(root, *names):
    for name in names:
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("{}")
    return root


def whose(path):
    return {
        handed.student: sorted(str(file.relative_to(handed.below)) for file in handed.files)
        for handed in find_submissions(path, SLUGS)
    }


def test_a_file_is_named_after_its_student_or_stands_in_their_folder(tmp_path):
    lay(tmp_path, "bob/q09_mnist_cnn.py", "carla.ipynb", "dan.zip")
    assert set(whose(tmp_path / "carla.ipynb")) == {"carla"}
    assert set(whose(tmp_path / "dan.zip")) == {"dan"}
    assert set(whose(tmp_path / "bob" / "q09_mnist_cnn.py")) == {"bob"}


def test_a_folder_with_exercises_or_answers_json_is_one_students(tmp_path):
    lay(tmp_path, "bob/q09_mnist_cnn.py", "bob/extra.py", "eve/answers.json", "fay/q09_mnist_cnn/main.py")
    assert whose(tmp_path / "bob") == {"bob": ["extra.py", "q09_mnist_cnn.py"]}
    assert whose(tmp_path / "eve") == {"eve": ["answers.json"]}
    assert whose(tmp_path / "fay") == {"fay": ["q09_mnist_cnn/main.py"]}


def test_a_folder_of_other_files_has_a_student_a_file(tmp_path):
    lay(tmp_path, "ann.ipynb", "bob.py", "cem.zip", "dee.docx", "README.md", "scores.csv", ".hidden.py")
    assert set(whose(tmp_path)) == {"ann", "bob", "cem", "dee"}


def test_a_folder_of_folders_has_a_student_a_folder(tmp_path):
    lay(tmp_path, "ann/q09_mnist_cnn.py", "bob/week 3/q04_max_pooling.ipynb", "ann/.ipynb_checkpoints/q09_mnist_cnn.py")
    assert whose(tmp_path) == {"ann": ["ann/q09_mnist_cnn.py"], "bob": ["bob/week 3/q04_max_pooling.ipynb"]}


def test_nbgraders_course_folder_is_understood(tmp_path):
    lay(
        tmp_path, "source/cnn/q09_mnist_cnn.ipynb", "submitted/ann/cnn/q09_mnist_cnn.ipynb", "submitted/bob/cnn/x.ipynb"
    )
    expected = {"ann": ["ann/cnn/q09_mnist_cnn.ipynb"], "bob": ["bob/cnn/x.ipynb"]}
    assert whose(tmp_path) == whose(tmp_path / "submitted") == expected


def test_a_students_folder_and_zip_are_one_hand_in(tmp_path):
    lay(tmp_path, "ann/q09_mnist_cnn.py", "ann.zip")
    assert whose(tmp_path) == {"ann": ["ann.zip", "ann/q09_mnist_cnn.py"]}


def test_an_empty_folder_in_a_class_is_a_student_who_attempted_nothing(tmp_path):
    (tmp_path / "ann").mkdir()
    (handed,) = find_submissions(tmp_path, SLUGS)
    submission = read_submission(handed, OUTLINE)
    assert not any(answer.attempted for answer in submission.answers.values())


def test_a_path_that_is_not_there_is_the_instructors_mistake(tmp_path):
    with pytest.raises(UsageError, match="no such file"):
        find_submissions(tmp_path / "nowhere", SLUGS)


def test_a_class_in_one_answers_file_is_graded_by_learner(tmp_path):
    rows = [("ann", "q4a", "0"), ("bob", "q4a", "7"), ("ann", "q4", "w")]
    file = tmp_path / "class.jsonl"
    file.write_text(
        "".join(json.dumps(dict(zip(("learner", "question", "text"), row, strict=True))) + "\n" for row in rows)
    )
    read = {handed.student: read_submission(handed, OUTLINE) for handed in find_submissions(file, SLUGS)}
    assert {student: submission.answers["q4a"].text for student, submission in read.items()} == {"ann": "0", "bob": "7"}


def test_json_lines_are_read_and_bad_lines_told_by_number(tmp_path):
    good = {"learner": "ann", "question": "q4a", "text": "a\u2028b"}
    lines = [
        json.dumps(good, ensure_ascii=False),
        "",
        "{broken",
        "[1]",
        '{"learner": "ann"}',
        json.dumps({**good, "text": 7}),
    ]
    file = tmp_path / "answers.jsonl"
    file.write_bytes("\n".join(lines).encode() + b'\n{"learner": "b\xff", "question": "q", "text": "t"}\n')
    rows, faults = read_answers(file)
    assert [(row.learner, row.question, row.text, row.line) for row in rows] == [
        ("ann", "q4a", "a\u2028b", 1),
        ("ann", "q4a", "7", 6),
    ]
    assert [fault.file for fault in faults] == [f"answers.jsonl, line {number}" for number in (3, 4, 5, 7)]
    assert "question, text missing" in faults[2].message


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_is_read_with_the_separators_that_spreadsheets_write(tmp_path, separator):
    rows = [
        ["Learner", "question", "extra", "text"],
        ["ann", "q4a", "", '"12,6\nMB; so"'],
        ["bob", "q4a"],
        ["", "q", "", "t"],
    ]
    file = tmp_path / "answers.csv"
    file.write_text("\ufeff" + "\n".join(separator.join(row) for row in rows) + "\n", "utf-8")
    found, faults = read_answers(file)
    assert [(row.learner, row.text, row.line) for row in found] == [("ann", "12,6\nMB; so", 2)]
    assert [fault.file for fault in faults] == ["answers.csv, line 4", "answers.csv, line 5"]


def test_a_file_of_a_thousand_bad_lines_is_read_no_further(tmp_path):
    file = tmp_path / "answers.jsonl"
    file.write_text("{\n" * 1_500 + '{"learner": "ann", "question": "q4a", "text": "0"}\n')
    rows, faults = read_answers(file)
    assert rows == []
    assert len(faults) == 1_001
    assert "nothing after line 1000" in faults[-1].message


def test_csv_without_its_columns_is_told(tmp_path):
    file = tmp_path / "answers.csv"
    file.write_text("name,answer\nann,b\n")
    assert read_answers(file)[0] == []
    assert "learner, question, text missing" in read_answers(file)[1][0].message


def test_answers_that_cannot_be_read_at_all_are_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="could not be read"):
        read_answers(tmp_path / "none.jsonl")
    (tmp_path / "answers.json").write_text("[")
    with pytest.raises(UsageError, match="cut off"):
        read_answers(tmp_path / "answers.json")
