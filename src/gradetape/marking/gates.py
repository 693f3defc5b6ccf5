"""What a human must see before an answer is marked: no sentences, the question again, another language, a plea."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from gradetape.marking.clauses import Text, read_text

_ENGLISH = """
a about after all also an and any are as at be because been being between but by can could do does each every few for
from get gets give gives had has have if in into is it its just less like many more most much must need needs no not of
on one only onto or other our out over same should so some such than that the their them then there these they this
those through to too two under use uses using was we were what when where which while who will with within without
would you your
across again along although both even how since still though very whereas
"""
ENGLISH = frozenset(_ENGLISH.split())
"""Words that hold English sentences together."""

_FOREIGN = """
der das und ist ein eine nicht mit auf für von werden wird keine kein weil auch sind sich wie zu dem den durch
le les des une est pas dans pour qui que sur avec sont aux cette ce il elle nous plus par
el los las una es por con para como del más pero son al lo sus está
il gli che di è non per una sono della nel più con come questo
o os um uma não com para são mais ao dos das pela
het een van zijn niet met voor dat wordt ook
nie jest się na z do w i och att som är inte det av för
"""
FOREIGN = frozenset(_FOREIGN.split()) - ENGLISH
"""Words that hold sentences of the languages around us together, and no English ones."""

_VERBS = """
using is are was were be has have had does do can will makes make uses use used learns learn learned reduces reduce allows
allow becomes become gets get needs need gives give shares share detects detect recognizes recognize recognises requires
require adds add keeps keep lets let helps help means mean leads lead encourages encourage forces force causes cause
inhibits inhibit suppresses suppress competes compete introduced introduces introduce added replaced replaces replace
consists contains loses lose lost goes go passes pass works work knows know embeds assumes assume takes take enables
enable improves improve trains train exploits exploit captures capture must should scales scale stacks stacked equals
called named set sets reshape reshaped copy copied accepts accept becomes disappears disappear
decrease decreases lower remove drop distribute split employed brought started came come
ignore ignores run runs built builds build combine combines treat treats separate separates look looks see sees find finds found
increase increases grow grows store stores process processes recalibrate recalibrates normalise normalises normalize normalizes
restore restores recover recovers halve halves shrink shrinks shrank forget forgets disregard disregards care cares compute computes sum sums tell tells
"""
VERBS = frozenset(_VERBS.split())
"""Verbs that answers about networks are made with; no list holds them all."""

_TO_GRADER = re.compile(
    r"\b(full (marks?|points|credit|score)|ignore (all |any |the )?(previous|prior|above)|(dear|hey|hello) (grader|marker|examiner|teacher)"
    r"|(grader|grading|marking) (system|script|software|instructions?)|as an ai\b|language model|system prompt"
    r"|(mark|grade|score|award) (this|me|my|it)\b|please (pass|give|award)|rubric)",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(see|as (stated|mentioned|explained|shown)( in)?|refer to)\s+(the\s+)?(above|below|previous|earlier|attach\w*|figure|image|notebook|"
    r"lecture|book|chapter|mentioned)|\bmentioned (above|earlier|before)\b",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\b(wrong|false|incorrect|untrue|myth|not true|nonsense|on the contrary|the opposite|useless|pointless|forbidden|worse|not so for|none of (these|those|them|this|that|it|the above))\b",
    re.IGNORECASE,
)
_LESS, _MORE = r"(smaller|fewer|less|lower|shorter)", r"(larger|bigger|more|higher|longer|greater)"
_OPEN = re.compile(rf"\b({_LESS} or {_MORE}|{_MORE} or {_LESS})\b", re.IGNORECASE)
_EXCEPTS = re.compile(r"\b(except|excepting|apart from|aside from)\b", re.IGNORECASE)
_SUPPOSES = re.compile(
    r"\bif (it|they|one|we|(a|an|the)( \w+){1,2}) (could|would|was|were|had)\b|\bif only\b", re.IGNORECASE
)
_UNSURE = re.compile(
    r"\b(supposedly|allegedly|(i|we) (was|were) told|(do|does|did)( not|n['’]?t) (believe|agree)|i doubt"
    r"|not (really |quite )?sure|perhaps|maybe|i guess|no idea|don'?t know|might be wrong|or the other way)\b",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"(i )?(really )?(do not|dont|don t|can not|cant) (know|understand|remember|recall|answer|say)( it| this| that| the answer| yet)*( sorry)?"
    r"|idk|dunno|no (idea|clue|answer)|(i have )?no (idea|clue)|(i am |im |i m )?not sure|n a|na|none|nothing|nil|todo|to do|tbd|skip(ped)?|pass|blank|empty"
    r"|sorry|answer|ans|(\* ?)?replace this line by your answer"
)


_ARTICLES = frozenset(["the", "a", "an", "its", "their", "every"])
_AFTER_NONE = frozenset(
    [
        "of",
        "and",
        "is",
        "are",
        "to",
        "the",
        "a",
        "an",
        "in",
        "by",
        "with",
        "from",
        "that",
        "because",
        "for",
        "or",
        "at",
        "has",
        "have",
    ]
)


def says_nothing(text: Text) -> bool:
    """The answer is blank, or no more than "I don't know"."""
    return len(text.words) <= 12 and (not text.words or _NOTHING.fullmatch(" ".join(text.words)) is not None)


def text_gates(text: Text) -> Iterator[str]:
    """Why the answer as a whole needs a human reader, whatever it says."""
    if text.cut:
        yield "The answer is very long; only its first part was read."
    if not is_english(text):
        yield "The answer does not seem to be in English."
    if _TO_GRADER.search(text.source):
        yield "Part of the text speaks to whoever marks it."
    if _ELSEWHERE.search(text.source):
        yield "The answer refers to something outside itself."
    if _DENIES.search(text.source):
        yield "The answer calls something wrong, worse or useless; a person sees what."
    if _OPEN.search(text.source):
        yield "The answer leaves open which of two opposites is meant."
    if _EXCEPTS.search(text.source):
        yield "The answer makes an exception; a person sees of what."
    if _SUPPOSES.search(text.source):
        yield "The answer says what would be, where the question asks what is."
    if is_jumbled(text):
        yield "The words stand in no order that makes sentences."
    if _UNSURE.search(text.source):
        yield "The answer says that it is a guess, or that its writer doubts it."


def is_english(text: Text) -> bool:
    """Nothing speaks for another language: other letters, or more of another language's small words."""
    letters = sum(map(len, text.words))
    strange = sum(not word.isascii() for word in text.words)
    if letters == 0 or strange * 4 > len(text.words):
        return letters == 0 and not any(ord(letter) > 0x2FF for letter in text.source if letter.isalpha())
    foreign = sum(word in FOREIGN for word in text.words)
    return foreign < 2 or foreign * 2 <= sum(word in ENGLISH for word in text.words)


def is_jumbled(text: Text) -> bool:
    """Twice or more, an article or the like is followed by what no article can be followed by: shuffled words."""
    pairs = zip(text.words, text.words[1:], text.joined[1:], strict=False)  # the last word has none after it
    return sum(joined and one in _ARTICLES and other in _AFTER_NONE for one, other, joined in pairs) >= 2


def repeats_a_frame(text: Text) -> bool:
    """Three sentences or more begin with the same four words: a frame into which key words were put.

    >>> repeats_a_frame(read_text("It is about sharing weights. It is about speed. It is about pixels."))
    False
    >>> repeats_a_frame(read_text("The answer is about weights. The answer is about speed. The answer is about pixels."))
    True
    """
    openings = Counter(text.words[span.start : span.start + 4] for span in text.sentences().values() if len(span) > 4)
    return any(count >= 3 for count in openings.values())


def is_sentence(words: tuple[str, ...]) -> bool:
    """The words hang together: many small words between the large ones, or some and a verb that is known here.

    >>> is_sentence(("the", "filters", "share", "their", "weights"))
    True
    >>> is_sentence(("filters", "weights", "sharing", "fewer", "parameters"))
    False
    """
    small = sum(word in ENGLISH for word in words)
    verbs = sum(word in VERBS and word not in ENGLISH for word in words)
    if verbs and small:
        return small * 100 >= 16 * len(words) or (small + verbs) * 100 >= 25 * len(words)
    return _is_bare_sentence(words) or small * 100 >= (16 if any(word in VERBS for word in words) else 30) * len(words)


def _is_bare_sentence(words: tuple[str, ...]) -> bool:
    """Somebody does something, in so few words that no small one is needed: "CNNs ignore location"."""
    verbs = [index for index, word in enumerate(words) if word in VERBS]
    return 3 <= len(words) <= 6 and len(verbs) == 1 and 0 < verbs[0] < len(words) - 1


def is_item(words: tuple[str, ...]) -> bool:
    """The words make a list item: short, or held together by small words, or a sentence."""
    return len(words) <= 7 or sum(word in ENGLISH for word in words) * 100 >= 12 * len(words) or is_sentence(words)


def echoes(words: tuple[str, ...], prompt: str) -> bool:
    """A sentence of some length whose words nearly all stand in the question."""
    content = [_stem(word) for word in words if word not in _SMALL]
    if len(content) < 3:
        return False
    asked = _content(prompt)
    return sum(word in asked for word in content) >= 0.85 * len(content)


_TELLING = "no not only same less many more most all any each every other between under over"
_SMALL = ENGLISH - frozenset(_TELLING.split())
"""Words that say nothing by themselves; a sentence that adds a "no" or an "only" to the question does say something."""


@lru_cache(maxsize=256)
def _content(prompt: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in read_text(prompt).words if word not in _SMALL)


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s"):
        if len(word) > len(ending) + 3 and word.endswith(ending):
            return word[: -len(ending)]
    return word
