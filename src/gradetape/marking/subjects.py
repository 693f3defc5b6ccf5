"""Whom each word of an answer is about, when a question asks about several: one network, then the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradetape.marking.clauses import Text

COMPARING = frozenset(
    ["than", "unlike", "vs", "versus", "over", "beyond", "replacing", "compared", "comparison", "contrast"]
)
"""Words before a name that is only there to compare with."""

Found = list[tuple[int, int, str]]


def subjects_of(text: Text, found: Mapping[str, Sequence[tuple[int, int]]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """For each word, its subject and the subject its sentence opened with; "" where there is none.

    A sentence that names one subject is about it, before and after the name; one that names several is about
    each from its name on; one that names none goes on about the last. Names to compare with count for nothing.
    """
    mentions = _mentions(text, found)
    near = [""] * len(text.words)
    leading = [""] * len(text.words)
    current = ""
    for span in text.sentences().values():
        here = [(first, name) for first, _, name in mentions if first in span]
        lead = here[0][1] if here else current
        subject = lead
        starts = dict(here)
        for index in span:
            subject = starts.get(index, subject)
            near[index], leading[index] = subject, lead
        current = lead
    return tuple(near), tuple(leading)


def _mentions(text: Text, found: Mapping[str, Sequence[tuple[int, int]]]) -> Found:
    """Names of subjects in the order of the text, without those to compare with."""
    kept: Found = []
    compared_until = -10
    for first, last, name in sorted((first, last, name) for name, spans in found.items() for first, last in spans):
        before = text.words[max(0, first - 2) : first]
        chained = first - compared_until <= 2 and bool({"and", "or"} & set(before))
        opens = first == 0 or text.sentence[first - 1] != text.sentence[first]
        if not opens and (chained or any(word in COMPARING for word in before)):
            compared_until = last
        else:
            kept.append((first, last, name))
    return kept
