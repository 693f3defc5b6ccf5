"""The tape gives back what it was given, newest first, and loses nothing to a kill."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradetape.domain import Answer, Array, Ending, Evidence, Fault
from gradetape.tape import Tape

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
evidence = st.builds(
    Evidence,
    exercise=words,
    answers=st.dictionaries(words, words, max_size=3).map(lambda d: {k: Answer(k, v, bool(v)) for k, v in d.items()}),
    facts=st.dictionaries(words, json_values, max_size=3),
    arrays=st.dictionaries(words, st.binary(max_size=40), max_size=2).map(
        lambda d: {k: Array("uint8", (len(v),), v) for k, v in d.items()}
    ),
    ending=st.sampled_from(Ending),
    faults=st.lists(st.builds(Fault, words, words, words), max_size=2).map(tuple),
    seconds=st.floats(0, 1e6),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seen=evidence)
def test_evidence_comes_back_as_it_was_recorded(tmp_path: Path, seen: Evidence) -> None:
    tape = Tape("sqlite://")
    tape.record("ann", "source", seen)
    back = tape.evidence("ann")[seen.exercise]
    assert back.evidence == seen
    assert back.evidence.digest() == seen.digest()


def test_the_newest_evidence_wins_and_the_old_stays(tmp_path: Path) -> None:
    tape = Tape.at(tmp_path / "tape.db")
    tape.record("ann", "first", Evidence("q01"))
    tape.record("ann", "second", Evidence("q01", facts={"attempted": True}))
    assert tape.evidence("ann")["q01"].source == "second"
    assert tape.recorded("first") == Evidence("q01")
    assert tape.recorded("third") is None


def test_the_newest_verdict_on_each_student_is_told_in_order(tmp_path: Path) -> None:
    tape = Tape.at(tmp_path / "tape.db")
    for student, mark in [("bob", 1), ("ann", 2), ("bob", 3)]:
        tape.decide(student, "judge", {"mark": mark})
    assert list(tape.verdicts()) == [("ann", {"mark": 2}), ("bob", {"mark": 3})]


def test_the_digest_tells_evidence_apart_but_not_its_cost() -> None:
    one = Evidence("q01", facts={"a": 1}, seconds=1.0)
    assert one.digest() == Evidence("q01", facts={"a": 1}, seconds=2.0).digest()
    assert one.digest() != Evidence("q01", facts={"a": 2}).digest()
