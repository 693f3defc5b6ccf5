"""The class page: who earned what, where marks were lost, what waits."""

from __future__ import annotations

import base64
import hashlib

import pytest

import sample_reports
from gradetape.domain import Report, Score, State
from gradetape.report import class_page
from gradetape.report.pages import relative_link
from reading_pages import Element, read_page
from sample_reports import finding, item

LINKS = {report.student: f"students/{number}/report.html" for number, report in enumerate(sample_reports.a_class())}


@pytest.fixture(scope="module")
def page() -> Element:
    return read_page(class_page(sample_reports.a_class(), sample_reports.COURSE, LINKS, sample_reports.TITLES))


def test_every_student_has_a_row_with_a_link(page: Element) -> None:
    rows = page.all("tbody")[0].all("tr")
    assert [row.all("th")[0].all("a")[0].attributes["href"] for row in rows] == [f"./{path}" for path in LINKS.values()]


def test_header_cells_say_what_they_head(page: Element) -> None:
    assert all(header.attributes["scope"] in ("col", "row") for header in page.all("th"))
    assert [header.text for header in page.all("thead")[0].all("th")] == [
        "Student",
        "Total",
        "Waiting",
        "Q1",
        "Q2",
        "Q4",
        "Q6",
        "Q9",
        "Q10",
    ]


def test_each_cell_says_its_points_and_its_state_in_words(page: Element) -> None:
    cells = page.all("tbody")[0].all("tr")[0].all("td")
    assert [cell.text for cell in cells[2:5]] == [
        "3.2 of 5, Waiting for a person",
        "1.9 of 6, Partly met",
        "0 of 2, Missed",
    ]


def test_an_exercise_that_a_report_lacks_is_a_dash(page: Element) -> None:
    assert page.all("tbody")[0].all("tr")[-1].all("td")[2].text == "–"


def test_the_greatest_loss_comes_first_with_how_many_lost_it(page: Element) -> None:
    losses = [entry.text for entry in page.all("ol", class_="losses")[0].all("li")]
    assert losses[0] == "q10 The program runs from its first line to its last. 6 of 9 students, 24 points"


def test_points_that_wait_are_not_counted_as_lost() -> None:
    waiting = finding("point", State.PENDING, "?", 0, 2)
    html = class_page([Report("x", (item("q1", "q01_a", State.PENDING, Score(0, 2, 2), waiting),))], "C")
    assert "nobody has lost a mark for certain" in html


def test_what_waits_is_listed_with_its_suggestion(page: Element) -> None:
    waiting = page.all("ul", class_="reviews")[0].all("li")
    assert len(waiting) == 6
    assert waiting[0].text.startswith("q1 Ann Keller suggested 2.8 of 4, 1 open")


def test_recognised_slips_are_counted(page: Element) -> None:
    assert page.all("ul", class_="slips")[0].all("li")[0].text == "q2a forgets biases 6 students"


def test_the_policy_allows_the_script_by_its_hash_alone(page: Element) -> None:
    script = str(page.all("script")[0].children[0])
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = page.all("meta", **{"http-equiv": "Content-Security-Policy"})[0].attributes["content"]
    assert f"script-src 'sha256-{digest}';" in policy
    assert "unsafe" not in policy


def test_a_name_that_attacks_makes_no_element(page: Element) -> None:
    assert len(page.all("script")) == 1
    assert not page.all("img")


@pytest.mark.parametrize("path", ["javascript:alert(1)", "//evil.example/x", "a b/ü.html", "https://evil.example"])
def test_a_link_stays_beside_the_page(path: str) -> None:
    link = relative_link(path)
    assert link.startswith("./")
    assert ":" not in link


def test_an_empty_class_is_still_a_page() -> None:
    assert "No submissions yet." in read_page(class_page([], "Course")).all("main")[0].text


def test_the_same_class_makes_the_same_bytes() -> None:
    first, second = (class_page(sample_reports.a_class(), sample_reports.COURSE, LINKS) for _ in range(2))
    assert first == second
