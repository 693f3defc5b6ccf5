"""report.json keeps its contract, and loses nothing."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sample_reports
from gradetape.domain import Ending, Fault, Finding, ItemReport, Report, Route, RunRecord, Score, State
from gradetape.report import from_json, json_text, to_json
from gradetape.report.json_report import weakest_isolation

texts = st.text(st.characters(), max_size=12)
numbers = st.floats(0, 100)
facts = st.dictionaries(
    texts, st.none() | st.booleans() | st.integers() | texts | st.lists(numbers, max_size=3), max_size=2
)
findings = st.builds(
    Finding,
    texts,
    st.sampled_from(State),
    texts,
    texts,
    numbers,
    numbers,
    st.lists(texts, max_size=2).map(tuple),
    st.booleans(),
    texts,
)
items = st.builds(
    ItemReport,
    texts,
    texts,
    texts,
    st.sampled_from(State),
    st.sampled_from(Route),
    st.builds(Score, numbers, numbers, numbers),
    st.lists(findings, max_size=2).map(tuple),
    st.lists(texts, max_size=2).map(tuple),
    st.lists(texts, max_size=2).map(tuple),
    numbers,
)
runs = st.builds(RunRecord, texts, texts, st.sampled_from(Ending), texts, texts, numbers, facts, facts)
reports = st.builds(
    Report,
    texts,
    st.lists(items, max_size=3).map(tuple),
    st.lists(runs, max_size=2).map(tuple),
    st.lists(st.builds(Fault, texts, texts, texts), max_size=2).map(tuple),
    st.integers(0, 2**63),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])  # a report is a large thing to draw
@given(reports)
def test_a_report_comes_back_equal_from_its_json_text(report: Report) -> None:
    written = json_text(report).encode("utf-8")
    assert from_json(json.loads(written)) == report


def test_the_contract_of_format_version_1_is_kept() -> None:
    plain = to_json(sample_reports.typical())
    assert list(plain)[:5] == ["format_version", "student", "score", "items", "run"]
    assert plain["format_version"] == 1
    assert plain["score"] == {"earned": 19.6, "possible": 35, "pending": 1}
    by_name = {item["item"]: item for item in plain["items"]}
    assert {"item", "exercise", "state", "route", "earned", "possible", "findings", "slips"} <= set(by_name["q2a"])
    assert by_name["q2a"]["slips"] == ["forgets-biases"]
    assert (
        by_name["q2a"]["findings"][0] | {"check": "parameters", "state": "missed", "earned": 0.5, "possible": 2}
        == by_name["q2a"]["findings"][0]
    )
    assert set(plain["run"]) == {"isolation", "seed", "grader", "evidence", "cpu_seconds"}


def test_whole_points_are_written_without_a_decimal_point() -> None:
    assert '"possible": 35,' in json_text(sample_reports.typical())


def test_a_demand_and_a_hidden_check_survive() -> None:
    report = sample_reports.typical()
    again = from_json(json.loads(json_text(report)))
    assert [finding.demand for finding in again.items[7].findings] == [
        finding.demand for finding in report.items[7].findings
    ]
    assert again.items[8].findings[1].hidden


def test_the_same_report_has_the_same_bytes() -> None:
    assert json_text(sample_reports.typical()) == json_text(sample_reports.typical())


def test_a_report_is_as_isolated_as_its_weakest_run() -> None:
    strict, limits = (replace(sample_reports.run("q9"), isolation=level) for level in ("strict", "limits"))
    assert weakest_isolation([strict, limits]) == "limits"
    assert weakest_isolation([strict, replace(strict, isolation="homemade"), limits]) == "homemade"
    assert weakest_isolation([]) == "none"


def test_an_exercise_that_ran_no_code_weakens_no_isolation() -> None:
    assert to_json(sample_reports.typical())["run"]["isolation"] == "limits"


def test_another_format_version_is_refused_with_what_to_do() -> None:
    with pytest.raises(ValueError, match="expected format_version 1, found 2"):
        from_json(to_json(sample_reports.typical()) | {"format_version": 2})
