"""Choices, pairs and orders as students write them -> a Mark. What is plain is marked at once; the rest is for a human."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from gradetape.course.items import Choice, ChoiceItem, ChoicesItem, MatchingItem, OrderingItem
from gradetape.domain import Finding, Mark, Route, State
from gradetape.marking.clauses import read_text
from gradetape.marking.gates import says_nothing

LONGEST = 5_000
_LEAD = re.compile(
    r"^\W*(?:(?:the |my )?(?:correct |right |final )?(?:answers?|choices?|options?|solutions?|order|ans)\b"
    r"(?:\s+(?:is|are|would be))?|i (?:choose|pick|think|tick)(?: it is)?|it is)[\s:=]*",
    re.IGNORECASE,
)
_FILLERS = frozenset(
    {
        "and",
        "und",
        "or",
        "then",
        "option",
        "options",
        "choice",
        "choices",
        "answer",
        "answers",
        "letter",
        "the",
        "both",
        "is",
        "are",
    }
)
_DENYING = frozenset({"not", "except", "but", "neither", "nor", "without", "cannot", "isn", "aren", "don"})
_WORD = re.compile(r"[^\W_]+")
_LINK = r"\s*\)?\s*(?:->|=>|→|⇒|↔|[-–—:=.)]|(?:is|with|to|goes with|belongs to)\b)?\s*\(?"
_PAIR = re.compile(rf"(?<![^\W_])([0-9]{{1,3}}|[A-Za-z](?=\s*[-–—:=→⇒(])){_LINK}([A-Za-z]|[0-9]{{1,3}})(?![^\W_])")
_PARTING = re.compile(r"[,;/>→&+\n\s.()\[\]|-]+")
_NUMBERED = re.compile(r"^\s*\d{1,2}[.):]\s+", re.MULTILINE)
_SPACE = re.compile(r"\s+")


def mark_choice(item: ChoiceItem, text: str) -> Mark:
    """Full marks for the one right choice, none for another; several where one is asked are none."""
    if blank := _blank(text):
        return blank
    keys = _keys({choice.key: choice.text for choice in item.choices}, text)
    if keys is None:
        return _unreadable("one letter", item.choices)
    if len(keys) > 1:
        message = f"Expected one letter, found {_list(keys)}. Only one choice can be right."
        return _sure((Finding("answer", State.MISSED, message, "Make up your mind for one.", 0.0, 1.0),))
    chosen = next(choice for choice in item.choices if choice.key == keys[0])
    if chosen.right:
        return _sure((Finding("answer", State.MET, f"{chosen.key} is right.", "", 1.0, 1.0, (chosen.text,)),))
    return _sure((Finding("answer", State.MISSED, f"{chosen.key}: {chosen.reply}", "", 0.0, 1.0, (chosen.text,)),))


def mark_choices(item: ChoicesItem, text: str) -> Mark:
    """max(0, right ticks - wrong ticks) / number of right choices: omissions and extras both cost a tick's worth.

    Ticking everything therefore earns nothing wherever half of the choices or more are wrong. "None" ticks nothing.
    """
    none = " ".join(read_text(text[:40]).words) in ("none", "none of them", "none of these", "none of the above")
    if not none and (blank := _blank(text)):
        return blank
    keys = () if none else _keys({choice.key: choice.text for choice in item.choices}, text)
    if keys is None:
        return _unreadable("letters, such as `a, c`", item.choices)
    wanted = sum(choice.right for choice in item.choices)
    wrong = sum(not choice.right for choice in item.choices if choice.key in keys)
    right = len(keys) - wrong
    score = max(0, right - wrong) / wanted
    return _sure(tuple(_tick(choice, choice.key in keys, 1 / wanted) for choice in item.choices), score)


def _tick(choice: Choice, ticked: bool, worth: float) -> Finding:
    name = f"choice-{choice.key.lower()}"
    if choice.right and ticked:
        return Finding(name, State.MET, f"{choice.key} is right.", "", worth, worth)
    if choice.right:
        return Finding(
            name, State.MISSED, "One right choice was not ticked.", "Go through the unticked ones again.", 0.0, worth
        )
    if ticked:
        return Finding(name, State.MISSED, f"{choice.key} is not right. {choice.reply}")
    return Finding(name, State.MET, f"{choice.key} was rightly left out.")


def mark_matching(item: MatchingItem, text: str) -> Mark:
    """The share of entries on the left that were given their partner. One given two partners counts as wrong."""
    if blank := _blank(text):
        return blank
    given = _pairs(item, text)
    if not given:
        return _unreadable("pairs, such as `1-c, 2-a`", ())
    worth = 1 / len(item.left)
    findings = tuple(_pair(item, left, given.get(left, ()), worth) for left in item.left)
    return _sure(findings, sum(finding.state is State.MET for finding in findings) / len(findings))


def _pair(item: MatchingItem, left: str, partners: tuple[str, ...], worth: float) -> Finding:
    name, shown = f"pair-{left.lower()}", item.left[left]
    if not partners:
        return Finding(name, State.NOT_ATTEMPTED, f"{shown}: no partner was given.", "", 0.0, worth)
    if len(partners) > 1:
        message = f"{shown}: expected one partner, found {_list(partners)}."
        return Finding(name, State.MISSED, message, "Keep the one that fits best.", 0.0, worth)
    right = partners[0]
    if item.pairs[left] == right:
        return Finding(name, State.MET, f"{shown}: {right} is right.", "", worth, worth)
    reply = item.replies.get(f"{left}-{right}", "That is not its partner.")
    return Finding(name, State.MISSED, f"{shown}: {reply}", "", 0.0, worth)


def mark_ordering(item: OrderingItem, text: str) -> Mark:
    """The share of pairs of steps that stand in the right order, beyond what the reverse of chance would give.

    With C concordant and D discordant of the n(n-1)/2 pairs, the score is max(0, (C - D) / all pairs): Kendall's tau,
    cut off at 0. A step moved by one place costs little and a random order earns nothing on average, where the share of
    neighbours kept would punish one misplaced step three times. A pair with a step that was left out, or that was put in
    several places, is neither.
    """
    if blank := _blank(text):
        return blank
    keys = _keys(item.steps, text, ordered=True)
    if keys is None or len(keys) < 2:
        return _unreadable("letters in order, such as `c, a, b`", ())
    place = {key: index for index, key in enumerate(keys) if keys.count(key) == 1}
    concord = discord = 0
    for index, first in enumerate(item.order):
        for second in item.order[index + 1 :]:
            if first in place and second in place:
                concord, discord = concord + (place[first] < place[second]), discord + (place[first] > place[second])
    pairs = len(item.order) * (len(item.order) - 1) // 2
    score = max(0.0, (concord - discord) / pairs)
    return _sure((_order_finding(item, keys, discord, score),), score)


def _order_finding(item: OrderingItem, keys: tuple[str, ...], discord: int, score: float) -> Finding:
    given = " > ".join(keys)
    if keys == item.order:
        return Finding("answer", State.MET, f"{given}: all in order.", "", 1.0, 1.0)
    faults = []
    if absent := [key for key in item.order if key not in keys]:
        faults.append(f"{_list(absent)} left out")
    if repeated := [key for key in item.order if keys.count(key) > 1]:
        faults.append(f"{_list(repeated)} named more than once")
    if discord:
        faults.append(f"{discord} pair{'s' if discord > 1 else ''} of steps the wrong way round")
    state = State.PARTLY if score else State.MISSED
    hint = "Take two neighbours at a time and ask which needs the other."
    return Finding("answer", state, f"{given}: {' and '.join(faults)}.", hint, score, 1.0)


def _sure(findings: tuple[Finding, ...], score: float | None = None) -> Mark:
    score = min(1.0, max(0.0, sum(finding.earned for finding in findings) if score is None else score))
    return Mark(score, score, score, Route.AUTO, findings)


def _blank(text: str) -> Mark | None:
    """The mark of an answer that says nothing, else None."""
    if len(text) > LONGEST:
        return _unreadable("a short answer", ())
    if len(text) > 60 or (text.isascii() and len(text) < 4 and any(map(str.isalnum, text))):
        return None
    words = read_text(text)
    signs = any(not sign.isspace() and sign not in "?-–—.*_#/\\'\"" for sign in text)
    if (not words.words and signs) or not says_nothing(words):
        return None
    attempted = bool(words.words)
    state = State.MISSED if attempted else State.NOT_ATTEMPTED
    finding = Finding("answer", state, "No answer was given.", "", 0.0, 1.0)
    return Mark(0.0, 0.0, 0.0, Route.AUTO, (finding,), attempted=attempted)


def _unreadable(expected: str, choices: Iterable[Choice]) -> Mark:
    known = ", ".join(choice.key for choice in choices)
    message = (
        f"Expected {expected}{f' out of {known}' if known else ''}; the answer could not be read. A person reads it."
    )
    finding = Finding("answer", State.PENDING, message, "", 0.0, 1.0)
    return Mark(0.0, 0.0, 1.0, Route.REVIEW, (finding,), reasons=("The answer could not be read as a selection.",))


def _list(keys: Iterable[str]) -> str:
    return ", ".join(keys)


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text.replace("`", "").replace("*", "").replace('"', "")).strip(" .;:!\t\n").casefold()


def _keys(options: Mapping[str, str], text: str, *, ordered: bool = False) -> tuple[str, ...] | None:
    """The keys that the answer names, as letters or by their whole text: each once, or `ordered` as often as it stands.

    None when they cannot be read.
    """
    keys, texts = _lookup(tuple(options.items()))
    plain = _plain(text)
    if plain in texts:
        return (texts[plain],)
    if plain in keys:
        return (keys[plain],)
    body = _LEAD.sub("", text.strip().replace("`", "").replace("*", " "))
    if not any(map(str.isdigit, keys)):
        body = _NUMBERED.sub("", body)
    if (by_letter := _letters(keys, body)) is not None:
        return by_letter if ordered else tuple(key for key in options if key in by_letter)
    by_text = _by_text(keys, texts, body)
    return by_text if ordered or by_text is None else tuple(dict.fromkeys(by_text))


@lru_cache(maxsize=512)
def _lookup(options: tuple[tuple[str, str], ...]) -> tuple[dict[str, str], dict[str, str]]:
    return {key.casefold(): key for key, _ in options}, {_plain(text): key for key, text in options}


def _letters(keys: Mapping[str, str], body: str) -> tuple[str, ...] | None:
    """`b`, `(B)`, `a and c`, `c > a > b`, `acd`: keys and words that only join them, nothing else."""
    found: list[str] = []
    words = [word.casefold() for word in _PARTING.split(body) if word]
    if len(words) > 3 * len(keys) + 6 or any(word in _DENYING for word in words):
        return None
    for word in (word.strip("'\":=") for word in words):
        if word in keys:
            found.append(keys[word])
        elif 1 < len(word) == len(words[0]) and len(words) == 1 and all(letter in keys for letter in word):
            found.extend(keys[letter] for letter in word)
        elif word and word not in _FILLERS:
            return None
    return tuple(found) or None


def _by_text(keys: Mapping[str, str], texts: Mapping[str, str], body: str) -> tuple[str, ...] | None:
    """Choices written out, one a line or after their letter: `b) The dense network`."""
    found = []
    lines = [line for line in body.splitlines() if line.strip()]
    for line in lines:
        plain = _plain(line.lstrip("-•+ "))
        letter, _, rest = plain.lstrip("( ").partition(" ")
        key = keys.get(letter.rstrip("):.,"))
        if plain in texts:
            found.append(texts[plain])
        elif (
            key is not None
            and (texts.get(rest.strip(" -:").strip()) == key or letter[-1:] in (")", ":", "."))
            and _only(keys, rest)
        ):
            found.append(key)
        else:
            return None
    return tuple(found) or None


def _only(keys: Mapping[str, str], rest: str) -> bool:
    """A reason given behind a letter that neither takes it back nor names another."""
    words = [word.casefold() for word in _WORD.findall(rest)]
    return not any(word in _DENYING or (word in keys and word not in ("a", "i")) for word in words)


def _pairs(item: MatchingItem, text: str) -> dict[str, tuple[str, ...]]:
    """Every `left-right` in the answer, by letters or by names; empty when any part of it cannot be read."""
    given: dict[str, tuple[str, ...]] = {}
    lefts, left_texts = _lookup(tuple(item.left.items()))
    rights, right_texts = _lookup(tuple(item.right.items()))
    body = _LEAD.sub("", text.replace("`", "").replace("**", ""))
    others = {word.casefold() for word in _WORD.findall(_PAIR.sub(" ", body))}
    for left, right in _PAIR.findall(body) if others <= _FILLERS else _written_pairs(body):
        one = lefts.get(_plain(left)) or left_texts.get(_plain(left))
        other = rights.get(_plain(right)) or right_texts.get(_plain(right))
        if one is None or other is None:
            return {}
        given[one] = tuple(dict.fromkeys((*given.get(one, ()), other)))
    return given


def _written_pairs(body: str) -> list[tuple[str, str]]:
    """`AlexNet: f`, a line or a comma each."""
    pieces = [piece for piece in re.split(r"[\n;]+", body) if piece.strip()]
    if len(pieces) == 1 and "," in body:
        pieces = body.split(",")
    found = [re.split(r"\s*(?:->|=>|→|⇒|↔|:|=|\s[-–—]\s)\s*", piece.strip(" ,-•"), maxsplit=1) for piece in pieces]
    return [(parts[0], parts[1].strip("()")) if len(parts) == 2 else ("", "") for parts in found]
