"""The student's page says everything once, in words, and lets nothing that a student wrote act."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sample_reports
from gradetape.domain import Report, Score, State
from gradetape.report import student_page
from reading_pages import Element, read_page
from sample_reports import finding, item


def page_of(report: Report) -> Element:
    return read_page(student_page(report, sample_reports.COURSE, sample_reports.TITLES, sample_reports.HINTS))


@pytest.fixture(scope="module")
def typical() -> Element:
    return page_of(sample_reports.typical())


def article(page: Element, name: str) -> Element:
    return next(one for one in page.all("article") if one.all("h3")[0].text.split()[0] == name)


def test_pending_points_are_told_apart_from_the_total(typical: Element) -> None:
    total = typical.all(class_="total")[0].text
    assert "19.6 of 35 points" in total
    assert "up to 1 more, once a person has read 1 answer" in total


def test_every_exercise_has_a_heading_and_a_link_to_it(typical: Element) -> None:
    headings = {heading.attributes["id"]: heading.text for heading in typical.all("h2") if heading.all(class_="number")}
    links = [link.attributes["href"].removeprefix("#") for nav in typical.all("nav") for link in nav.all("a")]
    assert list(headings) == links
    assert headings["exercise-2"] == "Q2 Counting parameters and bytes"


def test_every_state_stands_there_as_a_word(typical: Element) -> None:
    words = {badge.text for badge in typical.all("span", class_="state")} | {
        verdict.all("span")[0].text for verdict in typical.all(class_="verdict")
    }
    assert words == {"Met", "Partly met", "Missed", "Not attempted", "Not judged", "Waiting for a person"}


def test_a_missed_check_has_its_sentence_its_reason_and_one_hint(typical: Element) -> None:
    missed = article(typical, "q9").all("li", class_="missed")[0]
    assert missed.all(class_="demand")[0].text == "Loss, labels and the last activation belong together."
    assert missed.all(class_="message")[0].text.startswith("Loss: expected sparse categorical cross-entropy")
    assert [hint.text for hint in missed.all(class_="hint")] == [
        "Hint Your labels are whole numbers, not one-hot rows."
    ]


def test_a_graded_hint_is_shown_only_where_no_finding_has_its_own(typical: Element) -> None:
    assert [hint.text for hint in article(typical, "q4").all(class_="hint")] == [
        "Hint Count what each of the two has to learn."
    ]
    assert len(article(typical, "q2a").all(class_="hint")) == 1


def test_a_full_item_gets_no_hint() -> None:
    assert not page_of(sample_reports.perfect()).all(class_="hint")


def test_not_attempted_is_told_apart_from_wrong(typical: Element) -> None:
    assert "Not attempted is not wrong" in article(typical, "q2c").text


def test_a_traceback_keeps_its_lines(typical: Element) -> None:
    trace = article(typical, "q10").all("pre")[0]
    assert "NameError: name 'Flase' is not defined" in str(trace.children[0]).splitlines()[-1]


def test_a_private_check_shows_its_state_and_nothing_more(typical: Element) -> None:
    html = student_page(sample_reports.typical(), sample_reports.COURSE)
    assert "A check that is kept private." in article(typical, "q10").text
    assert "secret" not in html
    assert "hidden-shift" not in html
    assert "hidden shift" not in html


def test_a_waiting_answer_says_why_and_what_is_open(typical: Element) -> None:
    waiting = article(typical, "q1").all(class_="waiting")[0].text
    assert (
        "A person decides this one. Certain so far: 2.2 of 4. Still open: 1. A first reading suggests 2.8 in all."
        in waiting
    )
    assert "names invariance" in waiting


def test_a_reason_that_a_finding_already_tells_is_not_told_twice() -> None:
    pending = finding("runs", State.PENDING, "A human looks at this.", 0, 2)
    page = page_of(
        Report(
            "x",
            (item("q9", "q09_mnist_cnn", State.PENDING, Score(0, 2, 2), pending, reasons=("A human looks at this.",)),),
        )
    )
    assert page.all("main")[0].text.count("A human looks at this.") == 1


def test_file_faults_stand_before_the_exercises(typical: Element) -> None:
    first = typical.all("main")[0].all("section")[0]
    assert "About the files you handed in" in first.text
    assert "q06_landmark_architectures.ipynb" in first.text


def test_how_it_was_run_names_device_data_weights_seed_budget_and_isolation(typical: Element) -> None:
    run = typical.all("details", class_="runs")[0]
    told = [(name.text, value.text) for name, value in zip(run.all("dt"), run.all("dd"), strict=True)]
    assert {
        ("Device", "CPU"),
        ("Data", "handwritten digits"),
        ("Weights", "drawn anew"),
        ("Seeds", "7"),
        ("Training images", "2,000"),
        ("Trained by", "GradeTape, with new weights and no student code"),
        ("Isolation", "limits only: a fresh process with limits on time, memory and output"),
        ("Course seed", "7"),
        ("CPU time", "21.4 s"),
    } <= set(told)
    assert "Trained by its own code because" not in run.text
    assert "stopped at an error" in run.text


def test_the_model_is_a_list_of_layers_in_order(typical: Element) -> None:
    layers = typical.all("ol", class_="layers")[0].all("li")
    assert [layer.attributes["value"] for layer in layers] == [str(place) for place in range(1, 12)]
    assert layers[0].text.startswith("Conv2D 7×7, same padding, relu output 28 × 28 × 64 3,200 parameters")


def test_layers_after_a_gap_keep_their_numbers(typical: Element) -> None:
    layers = typical.all("ol", class_="layers")[1].all("li", class_="layer")
    assert layers[-1].attributes["value"] == "135"


def test_the_curve_has_its_words_beside_it(typical: Element) -> None:
    figure = typical.all("figure")[0]
    assert figure.all("svg")[0].attributes["aria-label"] == figure.all("figcaption")[0].children[0]


def test_headings_never_skip_a_level(typical: Element) -> None:
    levels = [int(element.tag[1]) for element in typical.all() if re.fullmatch("h[1-6]", element.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in itertools.pairwise(levels))


def test_no_id_is_given_twice(typical: Element) -> None:
    ids = [element.attributes["id"] for element in typical.all() if "id" in element.attributes]
    assert len(ids) == len(set(ids))


def policy_of(page: Element) -> str:
    return page.all("meta", **{"http-equiv": "Content-Security-Policy"})[0].attributes["content"]


def test_the_policy_allows_the_page_its_own_style_and_nothing_else(typical: Element) -> None:
    style = typical.all("style")[0].children[0]
    digest = base64.b64encode(hashlib.sha256(str(style).encode()).digest()).decode()
    assert policy_of(typical) == (
        f"default-src 'none'; style-src 'sha256-{digest}'; script-src 'none'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def test_nothing_is_loaded_from_anywhere(typical: Element) -> None:
    assert not [element for element in typical.all() if element.tag in ("link", "img", "iframe", "object", "script")]
    assert not [element for element in typical.all() if "style" in element.attributes]
    assert all(element.attributes.get("href", "#").startswith("#") for element in typical.all("a"))


def test_a_hostile_report_makes_no_element_and_hides_no_character() -> None:
    html = student_page(sample_reports.hostile(), sample_reports.COURSE)
    page = read_page(html)
    assert not page.all("script")
    assert not page.all("img")
    assert "‹U+202E›" in page.all("h1")[0].text
    assert not set(html) & {"\u202e", "\u200b", "\x1b", "\ud800"}
    assert "{{ 7*7 }}" in page.text
    html.encode("utf-8")


@settings(max_examples=40, deadline=None)  # the first page reads the templates
@given(st.text(st.characters(), min_size=1))
def test_text_of_a_student_is_always_text(text: str) -> None:
    told = finding(text, State.MISSED, text, 0, 1, hint=text, demand=text, evidence=(text,))
    report = Report(text, (item("q4", "q04_max_pooling", State.MISSED, Score(0, 1), told, slips=(text,), title=text),))
    plain = replace(
        report,
        student="x",
        items=(
            item(
                "q4",
                "q04_max_pooling",
                State.MISSED,
                Score(0, 1),
                finding("x", State.MISSED, "x", 0, 1, hint="x", demand="x", evidence=("x",)),
                slips=("x",),
                title="x",
            ),
        ),
    )
    odd = {"code", "pre", "span"}  # what `…`, a second line or a heading's title make of text is ours, not theirs
    tags = [[element.tag for element in page_of(one).all() if element.tag not in odd] for one in (report, plain)]
    assert tags[0] == tags[1]


@pytest.mark.parametrize(
    "report", [sample_reports.empty(), sample_reports.perfect(), sample_reports.hostile(), Report("nobody", ())]
)
def test_every_kind_of_report_makes_a_whole_page(report: Report) -> None:
    assert page_of(report).all("main")


def test_the_same_report_makes_the_same_bytes() -> None:
    first, second = (
        student_page(sample_reports.typical(), sample_reports.COURSE, sample_reports.TITLES) for _ in range(2)
    )
    assert first == second


def test_a_link_back_to_the_class_is_there_only_when_asked_for() -> None:
    html = student_page(sample_reports.empty(), sample_reports.COURSE, index="../index.html")
    assert read_page(html).all("a", href="../index.html")
