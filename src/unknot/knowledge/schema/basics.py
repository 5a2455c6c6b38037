"""What every noun of the knowledge base shares: frozen rows, parsed conditions, named ids."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Final, Literal, NewType, TypeAlias

import msgspec

from unknot.engine.condition import Condition, names, parse
from unknot.engine.rules import Evaluator, Facts, compile_condition, trace

QuestionId = NewType("QuestionId", str)
FindingId = NewType("FindingId", str)
LevelId = NewType("LevelId", str)
RemedyId = NewType("RemedyId", str)
CauseId = NewType("CauseId", str)
FamilyId = NewType("FamilyId", str)
SourceId = NewType("SourceId", str)
RegionId = NewType("RegionId", str)

Grade: TypeAlias = Literal["A", "B", "C"]
Share: TypeAlias = Annotated[float, msgspec.Meta(gt=0, lt=1)]
Factor: TypeAlias = Annotated[float, msgspec.Meta(gt=0)]
Review: TypeAlias = Literal["draft", "reviewed"]
Words: TypeAlias = Annotated[str, msgspec.Meta(min_length=1)]
Within: TypeAlias = Literal["now", "1h", "4h", "24h", "3d", "7d", "14d", "3d-14d", "4w", "6w", "none"]

HOURS: Final[Mapping[Within, float]] = {
    "now": 0, "1h": 1, "4h": 4, "24h": 24, "3d": 72, "7d": 168, "3d-14d": 336, "14d": 336,
    "4w": 672, "6w": 1008, "none": 10_000,
}  # fmt: skip
"""How soon each word is, in hours; a span of time counts as its end."""


class Noun(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table row: frozen, and no key that the schema does not know."""


class When(msgspec.Struct, frozen=True, array_like=True, dict=True):
    """A condition over findings and answers, parsed once and compiled at first use."""

    text: str
    condition: Condition

    @classmethod
    def of(cls, text: str) -> When:
        """Parse the text of a condition."""
        return cls(text, parse(text))

    @cached_property
    def holds(self) -> Evaluator:
        """The truth of this condition, given the findings."""
        return compile_condition(self.condition)

    @cached_property
    def names(self) -> frozenset[str]:
        """The questions and findings this condition reads."""
        return names(self.condition)

    def deciding(self, facts: Facts) -> list[str]:
        """The names that make this condition what it is: true, false, or unknown."""
        return trace(self.condition, facts)[1]
