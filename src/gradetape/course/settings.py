"""What course.yaml may say."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gradetape.facts import Facts

Positive = Annotated[int, Field(gt=0)]


class RunLimits(Facts):
    """What one submission may use, per run. Sizes in the unit that the name ends with."""

    wall_seconds: Positive = 180
    cpu_seconds: Positive = 180
    memory_mebibytes: Positive = 6144
    output_bytes: Positive = 1_000_000


class Settings(Facts):
    """One course: its title, its exercises in order, and how its submissions are run.

    `variants`: everybody gets the canonical numbers, or each student their own, drawn with the key that the
    environment variable GRADETAPE_VARIANT_KEY holds. `isolation` is the least level a run may have.
    """

    course: str
    exercises: Annotated[tuple[str, ...], Field(min_length=1)]
    locale: Literal["en", "de", "fr"] = "en"
    seed: int = 7
    variants: Literal["canonical", "per-student"] = "canonical"
    isolation: Literal["limits", "landlock", "strict"] = "limits"
    limits: RunLimits = Field(default_factory=RunLimits)
    network: bool = False
