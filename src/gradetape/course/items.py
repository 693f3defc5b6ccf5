"""What a quiz file may say: one model per kind of item. Unknown keys are refused.

Facts only: prompts, choices, pairs, rubrics, the ranges of variants. Numbers are computed in graders/.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from gradetape.course.rubric import Rubric
from gradetape.facts import Facts

ItemId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,3}$")]


class Choice(Facts):
    """One option. A wrong one says in `reply` why it is wrong."""

    key: Key
    text: str
    right: bool = False
    reply: str = ""

    @model_validator(mode="after")
    def wrong_choices_are_answered(self) -> Choice:
        if not self.right and not self.reply.strip():
            raise ValueError(f"choice {self.key} is wrong and has no reply; say why it is wrong")
        return self


class ItemFacts(Facts):
    """What every item has."""

    id: ItemId
    points: Annotated[float, Field(gt=0, le=100)]
    prompt: Annotated[str, Field(min_length=1)]
    title: str = ""


class NumberItem(ItemFacts):
    """A short numeric answer, computed in the grader. `unit` is "bytes" for memory, else the noun counted."""

    kind: Literal["number"]
    unit: str


class WorkedItem(ItemFacts):
    """A numeric answer whose working is marked, computed in the grader."""

    kind: Literal["worked"]
    unit: str


class ChoiceItem(ItemFacts):
    """Exactly one option is right."""

    kind: Literal["choice"]
    choices: Annotated[tuple[Choice, ...], Field(min_length=2)]

    @model_validator(mode="after")
    def one_choice_is_right(self) -> ChoiceItem:
        _keys_differ(self.choices)
        if (right := sum(choice.right for choice in self.choices)) != 1:
            raise ValueError(f"expected exactly one right choice, found {right}")
        return self


class ChoicesItem(ItemFacts):
    """Any number of options is right; omissions and extras both cost."""

    kind: Literal["choices"]
    choices: Annotated[tuple[Choice, ...], Field(min_length=2)]

    @model_validator(mode="after")
    def some_choice_is_right(self) -> ChoicesItem:
        _keys_differ(self.choices)
        if not any(choice.right for choice in self.choices):
            raise ValueError("expected at least one right choice, found none")
        return self


class MatchingItem(ItemFacts):
    """Each entry on the left belongs to one on the right, which may hold distractors.

    `replies` answer a wrong pair, by "left-right".
    """

    kind: Literal["matching"]
    left: dict[Key, str]
    right: dict[Key, str]
    pairs: dict[Key, Key]
    replies: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def pairs_name_both_sides(self) -> MatchingItem:
        if set(self.pairs) != set(self.left):
            raise ValueError(f"pairs must name each of {sorted(self.left)} once, found {sorted(self.pairs)}")
        if strangers := set(self.pairs.values()) - set(self.right):
            raise ValueError(f"pairs name {sorted(strangers)}, which the right side does not have")
        known = {f"{one}-{other}" for one in self.left for other in self.right}
        if strangers := set(self.replies) - known:
            raise ValueError(f"replies name pairs that cannot be given: {sorted(strangers)}")
        return self


class OrderingItem(ItemFacts):
    """Steps to be put in order."""

    kind: Literal["ordering"]
    steps: dict[Key, str]
    order: tuple[Key, ...]

    @model_validator(mode="after")
    def order_names_each_step_once(self) -> OrderingItem:
        if sorted(self.order) != sorted(self.steps):
            raise ValueError(f"order must name each of {sorted(self.steps)} once, found {list(self.order)}")
        return self


class WrittenItem(ItemFacts):
    """An answer in sentences, marked against weighted key points."""

    kind: Literal["written"]
    rubric: Rubric


Item = NumberItem | WorkedItem | ChoiceItem | ChoicesItem | MatchingItem | OrderingItem | WrittenItem


class Quiz(Facts):
    """One quiz file: the items of one theory exercise, and the ranges its variants are drawn from."""

    exercise: str
    title: str
    canonical: dict[str, Any] = Field(default_factory=dict)
    variant: dict[str, list[Any]] = Field(default_factory=dict)
    items: Annotated[tuple[Annotated[Item, Field(discriminator="kind")], ...], Field(min_length=1)]

    @model_validator(mode="after")
    def variants_cover_the_canonical_one(self) -> Quiz:
        if set(self.variant) - set(self.canonical):
            raise ValueError(f"canonical lacks {sorted(set(self.variant) - set(self.canonical))}")
        ids = [item.id for item in self.items]
        if len(set(ids)) != len(ids):
            raise ValueError(f"item ids must differ, found {ids}")
        return self


def _keys_differ(choices: tuple[Choice, ...]) -> None:
    keys = [choice.key for choice in choices]
    if len(set(keys)) != len(keys):
        raise ValueError(f"choice keys must differ, found {keys}")
