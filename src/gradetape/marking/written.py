"""A written answer and its rubric -> a Mark: which key points are made, in which words, and how sure that is.

It gives full marks by itself only for enough points in plain sentences with nothing said against them, and none only for
an answer that says nothing; all else is a suggestion with an interval, for a human to decide. It knows words, not truth:
fluent nonsense around the right words gets by.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from gradetape.course.items import WrittenItem
from gradetape.course.rubric import KeyPoint, Misconception, Part, Phrasing
from gradetape.domain import Finding, Mark, Route, State
from gradetape.marking import gates
from gradetape.marking.clauses import Text, read_text
from gradetape.marking.phrases import Hit, Reading, compile_rubric
from gradetape.marking.subjects import subjects_of

DOUBT = 0.2
"""How much of what was recognised a human may still take away, and how far a human may go beyond it, when some of the answer
was not recognised: two examiners with the key differ by a quarter on one answer in ten."""

CROWD = 3
"""Points in one clause, or subjects in one sentence, that are too many to be sure who is said to do what."""

FEWEST_WORDS = 6
"""Words for each of several points, below which an answer is a heap of key words in the shape of sentences."""

LONGEST_BREATH = 30
"""Words without a comma among them, beyond which a sentence that makes several points is looked at."""

REVERSED, HEAPED = 0.25, 0.5
"""What is expected to remain of a point whose opposite is said too, or whose words stand in a long heap of nouns."""


@dataclass(frozen=True)
class Made:
    """What became of one key point: the shares of it that are earned, at least and by our best estimate."""

    point: KeyPoint
    sure: float = 0.0
    likely: float = 0.0
    denied: bool = False
    hits: tuple[Hit, ...] = ()
    parts: tuple[str, ...] = ()


@dataclass
class Answer:
    """One answer being marked: its words, what is found in it, and which of its sentences can earn anything."""

    item: WrittenItem
    text: Text
    reading: Reading
    sentences: dict[int, range]
    plain: dict[int, bool] = field(default_factory=dict)
    echoed: set[int] = field(default_factory=set)
    subjects: tuple[str, ...] = ()
    leading: tuple[str, ...] = ()


def mark_written(item: WrittenItem, text: str) -> Mark:
    """The mark of a written answer, with the words that earned each point. Any text at all can be marked."""
    words = read_text(text)
    if gates.says_nothing(words):
        return _nothing(item, words, text)
    answer = _read(item, words)
    made = [_made(answer, point) for point in answer.reading.grammar.rubric.points]
    beliefs = [belief for belief in answer.reading.grammar.rubric.misconceptions if _says(answer, belief.shown_by)]
    gated = list(gates.text_gates(words))
    return _mark(answer, made, beliefs, gated, [*gated, *_doubts(answer, made, beliefs)])


def _read(item: WrittenItem, text: Text) -> Answer:
    grammar = compile_rubric(item.rubric)
    answer = Answer(item, text, Reading(grammar, text), text.sentences())
    hangs = gates.is_item if item.rubric.form == "list" else gates.is_sentence
    for number, span in answer.sentences.items():
        words = text.words[span.start : span.stop]
        answer.plain[number] = hangs(words)
        if gates.echoes(words, item.prompt):
            answer.echoed.add(number)
    if grammar.subjects:
        found = {name: answer.reading.found.get(number, []) for name, number in grammar.subjects.items()}
        answer.subjects, answer.leading = subjects_of(text, found)
    return answer


def _made(answer: Answer, point: KeyPoint) -> Made:
    """The best that the answer says of one point."""
    denied = _says(answer, point.contradicted_by)
    spoilt = {answer.text.sentence[hit.first] for hit in answer.reading.hits(point.rejects)}
    made = _parts(answer, point, spoilt) if point.parts else _levels(answer, point, spoilt)
    likely = made.likely * (REVERSED if denied else HEAPED if _is_heap(answer, made.hits) else 1)
    return Made(point, min(made.sure, likely), likely, made.denied or denied, made.hits, made.parts)


def _says(answer: Answer, phrasings: tuple[Phrasing, ...]) -> bool:
    return any(not hit.negated for hit in answer.reading.hits(phrasings))


def _levels(answer: Answer, point: KeyPoint, spoilt: set[int]) -> Made:
    best = Made(point)
    denied = False
    for share, phrasings in ((1.0, point.accepts), *((level.share, level.accepts) for level in point.partial)):
        for hit in _counting(answer, point, phrasings, spoilt):
            if hit.negated:
                denied = denied or (share == 1 and not answer.reading.speaks_of_a_foil(hit))
                continue
            sure = share if _is_strong(answer, point, hit) else 0.0
            if (sure, share) > (best.sure, best.likely):
                best = Made(point, max(sure, best.sure), max(share, best.likely), hits=(hit,))
    return Made(point, best.sure, best.likely, denied, best.hits)


def _parts(answer: Answer, point: KeyPoint, spoilt: set[int]) -> Made:
    sure = likely = 0
    hits: list[Hit] = []
    named: list[str] = []
    denied = False
    for part in point.parts:
        found = list(_counting(answer, point, part.accepts, spoilt))
        denied = denied or (bool(found) and all(hit.negated for hit in found))
        if good := [hit for hit in found if not hit.negated]:
            strong = [hit for hit in good if _is_strong(answer, point, hit)]
            sure, likely = sure + bool(strong), likely + 1
            hits.append((strong or good)[0])
            named.append(part.name)
    full = point.needed
    return Made(point, min(sure, full) / full, min(likely, full) / full, denied, tuple(hits), tuple(named))


def _counting(answer: Answer, point: KeyPoint, phrasings: tuple[Phrasing, ...], spoilt: set[int]) -> Iterator[Hit]:
    """Hits in sentences that may earn something for this point."""
    for hit in answer.reading.hits(phrasings):
        sentence = answer.text.sentence[hit.first]
        if sentence not in spoilt and sentence not in answer.echoed and _is_about(answer, point, hit):
            yield hit


def _is_about(answer: Answer, point: KeyPoint, hit: Hit) -> bool:
    if not point.subject:
        return True
    return all(point.subject in (answer.subjects[first], answer.leading[first]) for first, _ in hit.spans)


def _is_strong(answer: Answer, point: KeyPoint, hit: Hit) -> bool:
    """Said in a sentence that hangs together, by a phrasing that leaves no doubt, and about nothing else."""
    about = not point.subject or all(answer.subjects[first] == point.subject for first, _ in hit.spans)
    return hit.strong and about and answer.plain[answer.text.sentence[hit.first]]


def _is_heap(answer: Answer, hits: tuple[Hit, ...]) -> bool:
    """All of it stands in long sentences that do not hang together: words thrown in, where notes would be short."""
    numbers = {answer.text.sentence[hit.first] for hit in hits}
    return bool(numbers) and all(not answer.plain[number] and len(answer.sentences[number]) > 10 for number in numbers)


def _doubts(answer: Answer, made: list[Made], beliefs: list[Misconception]) -> Iterator[str]:
    """Why a human should look, as far as the key points tell."""
    for one in made:
        if one.denied:
            yield f"The answer also seems to deny or reverse a key point: {one.point.topic}."
    for belief in (belief for belief in beliefs if belief.review):
        yield f"Something here may be a misunderstanding. {belief.reply}"
    if any(not answer.plain[answer.text.sentence[hit.first]] for one in made for hit in one.hits):
        yield "Key words stand in a list without sentences."
    if answer.echoed and len(answer.echoed) * 2 >= len(answer.plain):
        yield "Much of the answer repeats the question."
    if _terse(answer, made):
        yield "The answer is very short for the many key points in it."
    if answer.item.rubric.form == "prose" and gates.repeats_a_frame(answer.text):
        yield "Several sentences begin alike, as if key words had been put into a frame."
    if _crowded(answer, made):
        yield "One clause or sentence seems to make several key points at once."
    if _total(answer, [one.sure for one in made], made) < 1 - 1e-6:
        missing = [one.point.topic for one in made if one.sure < 1]
        yield f"Not every key point was recognised for certain: {'; '.join(missing)}."


def _crowded(answer: Answer, made: list[Made]) -> bool:
    """More points in one clause than a clause can make, or more subjects in one sentence.

    Of a point's parts only as many count as it asks for.
    """
    lists = answer.item.rubric.form == "list"
    clauses: list[int] = []
    for one in made:
        own = Counter(answer.text.clause[hit.first] for hit in (one.hits if lists else one.hits[:1]))
        for clause, count in own.items():
            clauses += [clause] * min(count, max(1, one.point.needed))
    sentences = Counter(answer.text.sentence[one.hits[0].first] for one in made if one.hits and one.point.subject)
    return any(count >= CROWD for count in (*Counter(clauses).values(), *sentences.values())) or _breathless(
        answer, made
    )


def _terse(answer: Answer, made: list[Made]) -> bool:
    """Several points in next to no words; lists may be as short as they like."""
    points = sum(bool(one.hits) for one in made)
    return answer.item.rubric.form == "prose" and points > 1 and len(answer.text.words) < FEWEST_WORDS * points


def _breathless(answer: Answer, made: list[Made]) -> bool:
    """Two points or more in a run of words that no comma or full stop parts."""
    points = [hit.first for one in made for hit in one.hits]
    if len(points) < 2:
        return False
    starts = [index for index, joined in enumerate(answer.text.joined) if not joined]
    runs = [bisect_right(starts, point) for point in points]
    ends = [*starts[1:], len(answer.text.words)]
    return any(runs.count(run) >= 2 and ends[run - 1] - starts[run - 1] > LONGEST_BREATH for run in set(runs))


def _total(answer: Answer, shares: list[float], made: list[Made]) -> float:
    """Weighted shares, capped as the rubric says."""
    total = sum(share * one.point.weight for share, one in zip(shares, made, strict=True))
    earning = {one.point.name for share, one in zip(shares, made, strict=True) if share > 0}
    for cap in answer.item.rubric.caps:
        if not earning & set(cap.unless):
            total = min(total, cap.at_most)
    return min(1.0, round(total, 6))


def _mark(answer: Answer, made: list[Made], beliefs: list[Misconception], gated: list[str], reasons: list[str]) -> Mark:
    score = _total(answer, [one.likely for one in made], made)
    route = Route.REVIEW if reasons else Route.AUTO
    low, high = (_low(answer, made), 1.0 if gated else _high(answer, made, score)) if reasons else (score, score)
    findings = (
        *(_finding(answer, one, route) for one in made),
        *(Finding(belief.name, State.NOT_JUDGED, belief.reply) for belief in beliefs),
    )
    slips = tuple(belief.name for belief in beliefs)
    return Mark(score, min(low, score), max(high, score), route, findings, slips, tuple(reasons))


def _low(answer: Answer, made: list[Made]) -> float:
    """What is left when every doubt goes against the student."""
    sure = _total(answer, [0.0 if one.denied else one.sure for one in made], made)
    return round(sure * (1 - DOUBT), 6)


def _high(answer: Answer, made: list[Made], score: float) -> float:
    """What is reached when what was not recognised turns out to be right: bounded by how much of that there is."""
    used = {answer.text.sentence[hit.first] for one in made for hit in one.hits} | answer.echoed
    unread = sum(len(span) for number, span in answer.sentences.items() if number not in used)
    if unread < 4 and not any(one.denied for one in made):
        return min(1.0, score + DOUBT)
    return 1.0


def _nothing(item: WrittenItem, words: Text, text: str) -> Mark:
    """Nothing was said. Signs that are no words (a picture, emoji) are for a human."""
    strange = not words.words and any(not sign.isspace() and sign not in "?-–—.*_#/\\'\"" for sign in text)
    if strange:
        reasons = ("The answer holds no words that could be read.",)
        return Mark(0.0, 0.0, 1.0, Route.REVIEW, _unsaid(item, State.PENDING), (), reasons)
    attempted = bool(words.words)
    state = State.MISSED if attempted else State.NOT_ATTEMPTED
    return Mark(0.0, 0.0, 0.0, Route.AUTO, _unsaid(item, state), (), (), attempted)


def _unsaid(item: WrittenItem, state: State) -> tuple[Finding, ...]:
    return tuple(
        Finding(point.name, state, "Nothing was found about this yet.", point.hint, 0.0, point.weight)
        for point in item.rubric.points
    )


def _finding(answer: Answer, one: Made, route: Route) -> Finding:
    point = one.point
    evidence = tuple(answer.text.quote(hit.first, hit.last) for hit in one.hits)
    earned = round(one.likely * point.weight, 6)
    if one.denied or (route is Route.REVIEW and one.likely and one.sure < one.likely):
        message, state = "Your words touch this point; a person reads them.", State.PENDING
    elif one.likely >= 1:
        message, state = point.says, State.MET
    elif one.likely > 0:
        message, state = _part_message(one), State.PARTLY
    elif route is Route.AUTO:
        message, state = "Not needed for full marks here, and not found.", State.NOT_JUDGED
    else:
        message, state = "Not found by the first reading; a person reads the answer.", State.PENDING
    hint = "" if state is State.MET else point.hint
    return Finding(point.name, state, message, hint, earned, point.weight, evidence)


def _part_message(one: Made) -> str:
    if one.point.parts:
        return f"{len(one.parts)} of {one.point.needed} found: {', '.join(_words(one.point.parts, one.parts))}."
    level = next((level for level in one.point.partial if level.share == one.likely and level.says), None)
    return level.says if level else "Part of this point is there."


def _words(parts: tuple[Part, ...], names: tuple[str, ...]) -> list[str]:
    return [part.says.rstrip(".") or part.name.replace("-", " ") for part in parts if part.name in names]
