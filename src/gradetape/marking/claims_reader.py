"""A text -> its claims, by recursive descent. Words between numbers and operators are labels ("100 filters × 3 × 3");
operators may stand on lines of their own."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from gradetape.marking.arithmetic import Leaf, Node, Power, Product, Shape, Sum, amount_of
from gradetape.marking.claims import Chain, Claims, Link, nearly
from gradetape.marking.tokens import Token, read_tokens, without_marks
from gradetape.quantity import Quantity, QuantityState, Unit, quantity_at

DEEPEST = 12
MOST_CHAINS = 500
MOST_TERMS = 60
MOST_LABELS = 7
ROUNDED_TWICE = 0.12
ALTERNATIVE = 0.02  # what an "or" sets farther apart is another number


def read_claims(text: str, *, locales: Sequence[str] = ("en",), whole: bool = False) -> Claims:
    """The claims of a student's text; never raises."""
    cleaned = without_marks(text)
    tokens = read_tokens(cleaned, locales=locales, whole=whole)
    words = frozenset(token.text.lower() for token in tokens if token.kind == "word")
    return Claims(cleaned, tuple(_Reader(tokens).chains()), words)


RESTATES = re.compile(
    r"or|about|approximately|approx|roughly|around|circa|ca|ie|e|which|is|equals?|to|that|this|thus|gives|makes|mb|so"
    r"|nearly|almost|of|meaning|i|bytes|ram|memory",
    re.IGNORECASE,
)


class _Reader:
    """Reads chains from tokens by recursive descent. Holds the names that code has assigned so far."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.assigned: dict[str, Quantity] = {}

    def kind(self, at: int) -> str:
        return self.tokens[at].kind if 0 <= at < len(self.tokens) else "end"

    def chains(self) -> list[Chain]:
        found: list[Chain] = []
        at = 0
        while at < len(self.tokens) and len(found) < MOST_CHAINS:
            read = self._expression(at, 0) if self._may_begin(at) else None
            if read is None:
                at += 1
                continue
            chain, after = self._chain(at, *read)
            found.append(chain)
            self._remember(at, chain)
            at = max(after, at + 1)
        return found

    def _may_begin(self, at: int) -> bool:
        if self.kind(at) in ("num", "open"):
            return True
        return self.tokens[at].text in self.assigned and "op" in (self.kind(at + 1), self.kind(at - 1))

    def _chain(self, first: int, node: Node, at: int) -> tuple[Chain, int]:
        links = [self._link(first, node, at)]
        while True:
            beginning = self._after_equals(self._past_labels(at, 0))
            read = self._expression(beginning, 0) if beginning else None
            if read is not None:
                links.append(self._link(beginning, *read))
                at = read[1]
                continue
            restated = self._restated(at, links[-1])
            if restated is None:
                return Chain(tuple(links), broken=self.kind(first - 1) == "op"), at
            links.append(restated[0])
            at = restated[1]

    def _link(self, first: int, node: Node, after: int) -> Link:
        stated = isinstance(node, Leaf) or (isinstance(node, Shape) and node.leaf is not None)
        return Link(node, self.tokens[first].start, self.tokens[after - 1].end, stated)

    def _after_equals(self, at: int) -> int:
        """Where the other side of an equation begins, or 0."""
        if self.kind(at) != "equals":
            return 0
        while self.kind(at) == "equals":
            at += 1
        words = 0
        while self.kind(at) in ("word", "line") and words < 4 and not self._may_begin(at):
            at, words = at + 1, words + 1
        return at if self.kind(at) in ("num", "open") or (at < len(self.tokens) and self._may_begin(at)) else 0

    def _restated(self, at: int, last: Link) -> tuple[Link, int] | None:
        """The same value said again: "(6 MB)", "or about 9 MB". Only if it is nearly the same."""
        begin, opened, said, near = at, False, False, ROUNDED_TWICE
        while self.kind(at) in ("word", "open", "mark", "equals") and at - begin < 6:
            token = self.tokens[at]
            if not (token.kind in ("open", "equals") or token.text in ",:" or RESTATES.fullmatch(token.text)):
                return None
            near = ALTERNATIVE if token.text.lower() == "or" else near
            opened, said, at = opened or token.kind == "open", said or token.kind != "mark", at + 1
        if not said or self.kind(at) != "num" or self.kind(at + 1) == "op":
            return None
        leaf = self._leaf(at)
        if leaf.quantity.unit is not Unit.BYTES or not nearly(last.node, leaf, near):
            return None
        end = at + 2 if opened and self.kind(at + 1) == "close" else at + 1
        return Link(leaf, self.tokens[at].start, self.tokens[at].end, stated=True), end

    def _remember(self, first: int, chain: Chain) -> None:
        """Note `name = expression` of code, so that the name may stand in a later expression."""
        name = self.tokens[first - 2] if first >= 2 and self.kind(first - 1) == "equals" else None
        if name is None or self.kind(first - 3) not in ("line", "end") or not re.fullmatch(r"[a-z_]\w*", name.text):
            return
        amount = amount_of(chain.links[-1].node)
        if not math.isnan(amount.raw):
            value = amount.raw * amount.scale
            number = int(value) if value.is_integer() else value
            self.assigned[name.text] = Quantity(QuantityState.READ, (number,), amount.unit, name.text)

    def _expression(self, at: int, depth: int) -> tuple[Node, int] | None:
        read = self._term(at, depth)
        if read is None:
            return None
        terms, at = [(1, read[0])], read[1]
        while len(terms) < MOST_TERMS and (operator := self._operator(at, "+-", depth)) is not None:
            sign = -1 if self.tokens[operator].text == "-" else 1
            read = self._term(self._past_words(operator + 1), depth)
            if read is None:
                break
            terms.append((sign, read[0]))
            at = read[1]
        return (terms[0][1] if len(terms) == 1 else Sum(tuple(terms))), at

    def _term(self, at: int, depth: int) -> tuple[Node, int] | None:
        read = self._power(at, depth)
        if read is None:
            return None
        over: list[Node] = [read[0]]
        under: list[Node] = []
        at = read[1]
        while True:
            operator = self._operator(at, "*/", depth)
            touching = self.kind(at - 1) == "close" and self.kind(at) == "open" and operator is None
            if operator is None and not touching:
                break
            read = self._power(at if operator is None else self._past_words(operator + 1), depth)
            if read is None or isinstance(read[0], Shape):
                break
            if len(over) + len(under) > MOST_TERMS:
                break
            (under if operator is not None and self.tokens[operator].text == "/" else over).append(read[0])
            at = read[1]
        return (over[0] if len(over) == 1 and not under else Product(tuple(over), tuple(under))), at

    def _power(self, at: int, depth: int) -> tuple[Node, int] | None:
        read = self._atom(at, depth)
        if read is None or self.kind(read[1]) != "op" or self.tokens[read[1]].text != "^":
            return read
        exponent = self.tokens[read[1] + 1].quantity if self.kind(read[1] + 1) == "num" else None
        if exponent is None or not isinstance(exponent.value, int) or not 0 <= exponent.value <= 40:
            return read
        return Power(read[0], exponent.value), read[1] + 2

    def _atom(self, at: int, depth: int) -> tuple[Node, int] | None:
        if depth > DEEPEST:
            return None
        if self.kind(at) == "num":
            return self._leaf(at), at + 1
        if self.kind(at) == "word" and self.tokens[at].text in self.assigned:
            return Leaf(self.assigned[self.tokens[at].text]), at + 1
        if self.kind(at) != "open":
            return None
        return self._bracket(at, depth + 1)

    def _bracket(self, at: int, depth: int) -> tuple[Node, int] | None:
        begin = self._past_words(at + 1)
        if self.kind(begin) == "word" and self.kind(begin + 1) == "mark" and self.kind(begin + 2) == "num":
            begin += 2  # (None, 100, 150, 100): the batch has no size yet
        read = self._expression(begin, depth)
        if read is None:
            return None
        node, after = read[0], self._past_labels(read[1], depth)
        sides = [node]
        while self.kind(after) == "mark" and self.tokens[after].text == "," and self.kind(after + 1) == "num":
            sides.append(self._leaf(after + 1))
            after += 2
        if self.kind(after) != "close":
            return None
        if len(sides) > 1:
            return Shape(tuple(amount_of(side).raw for side in sides)), after + 1
        if isinstance(node, Leaf) and re.fullmatch(r"\d{1,3}(?:,\d{1,3})+", node.quantity.written):
            return Shape(tuple(float(side) for side in node.quantity.written.split(",")), node), after + 1
        return self._with_unit(node, after)

    def _with_unit(self, node: Node, close: int) -> tuple[Node, int]:
        """The bracket, and the unit behind it: (6 + 3) MB."""
        if self.kind(close + 1) != "word":
            return node, close + 1
        unit = quantity_at(f"1 {self.tokens[close + 1].text}", 0)
        if unit.unit is not Unit.BYTES or isinstance(node, Leaf):
            return node, close + 1
        return Product((node, Leaf(unit))), close + 2

    def _leaf(self, at: int) -> Leaf:
        quantity = self.tokens[at].quantity
        assert quantity is not None, "only num tokens become leaves"
        return Leaf(quantity)

    def _operator(self, at: int, signs: str, depth: int) -> int | None:
        """Where the next operator stands, past the labels of a number, if it is one of `signs`."""
        if self.kind(at) == "op":
            return at if self.tokens[at].text in signs else None
        past = self._past_labels(at, depth)
        is_one = self.kind(past) == "op" and self.tokens[past].text in signs and self.tokens[past].text != "-"
        return past if is_one else None

    def _past_labels(self, at: int, depth: int) -> int:
        """Past the words after a number ("100 filters", "3 channels (RGB)"), if an operator or = follows them."""
        past, words = at, 0
        while words <= MOST_LABELS:
            if self.kind(past) == "word":
                past, words = past + 1, words + 1
            elif self.kind(past) == "open" and (close := self._close_of_words(past)):
                past, words = close + 1, words + 1
            else:
                break
        return past if self.kind(past) in ("op", "equals") or (depth and self.kind(past) in ("close", "mark")) else at

    def _close_of_words(self, at: int) -> int:
        for past in range(at + 1, at + 8):
            if self.kind(past) == "close":
                return past
            if self.kind(past) != "word":
                return 0
        return 0

    def _past_words(self, at: int) -> int:
        """Past at most three words before a number ("plus bias 100")."""
        past = at
        while self.kind(past) == "word" and past - at < 3 and self.tokens[past].text not in self.assigned:
            past += 1
        return past if self.kind(past) in ("num", "open") else at
