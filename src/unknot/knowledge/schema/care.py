"""The nouns of care: flags, levels, scopes and what to do while waiting."""

from __future__ import annotations

from unknot.knowledge.schema.basics import LevelId, Noun, RemedyId, Review, SourceId, When, Within, Words


class Flag(Noun, frozen=True, kw_only=True):
    """A warning rule: what must not be missed."""

    id: str
    title: Words
    level: LevelId
    within: Within
    when: When
    because: Words
    sources: tuple[SourceId, ...]
    memory_only: bool
    status: Review
    rationale: str = ""
    protects_against: tuple[str, ...] = ()
    do_now: str = ""
    refer_to: str = ""
    action: str = ""
    exclusions: tuple[When, ...] = ()
    origin: str = ""


class Level(Noun, frozen=True, kw_only=True):
    """One of the levels of care."""

    id: LevelId
    rank: int
    within: Within
    title: Words
    who: Words
    do: Words
    plan_allowed: bool
    latches: bool
    status: Review
    maps: dict[str, str]


class CareWords(Noun, frozen=True, kw_only=True):
    """The rule that joins the levels, and the words that go with every result."""

    combine: str
    within: str
    latch: str
    latch_words: Words
    self_care_safety_net: Words
    unsigned_banner: Words
    translated_banner: Words


class WhileYouWait(Noun, frozen=True, kw_only=True):
    """What to do, and not to do, until somebody has looked."""

    id: str
    when: When
    say: Words
    sources: tuple[SourceId, ...]
    status: Review


class Block(Noun, frozen=True, kw_only=True):
    """Something a scope can take away."""

    id: str
    means: Words
    remedies: tuple[RemedyId, ...] = ()
    warns: tuple[RemedyId, ...] = ()
    stops_plan: bool = False


class Scope(Noun, frozen=True, kw_only=True):
    """Who must not be served by the whole pathway, and what they get instead."""

    id: str
    when: When
    floor: LevelId
    blocks: tuple[str, ...]
    say: Words
    gets: Words
    status: Review
    within: Within | None = None
