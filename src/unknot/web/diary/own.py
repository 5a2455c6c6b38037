"""What is hard for a person and what they want: three things with a number each, and a goal, in their words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from unknot.knowledge.base import Knowledge
from unknot.pathway.diary import LONGEST_QUESTION, LONGEST_TASK, Entry, OwnGoal, OwnTask, must_make_sense
from unknot.pathway.moments import Moment
from unknot.service import logbook
from unknot.service.voice import Voice
from unknot.web.diary.keeping import Mine
from unknot.web.diary.reading import Said, one
from unknot.web.diary.saving import put_once, versions_of
from unknot.web.drawing import Choice
from unknot.web.reading import Fault

SLOTS: Final = (1, 2, 3)
_GOAL: Final = "goal"
_MOST: Final = 10
_SCORES: Final = tuple(str(n) for n in range(_MOST + 1))


class OwnFields(msgspec.Struct, frozen=True):
    """The fields as they stand: three things, a number for each, a goal."""

    tasks: tuple[str, ...]
    scores: tuple[tuple[Choice, ...], ...]
    goal: str


def own_fields(said: Said) -> OwnFields:
    """The fields with what was typed in them."""
    return _fields({name: one(said, name) for name in _names()})


def standing_fields(mine: Mine) -> OwnFields:
    """The fields with what is kept."""
    shown: dict[str, str] = {}
    for slot in SLOTS:
        body = _body(mine, f"task{slot}")
        if isinstance(body, OwnTask):
            shown |= {f"task{slot}": body.name, f"score{slot}": "" if body.score is None else str(body.score)}
    goal = _body(mine, _GOAL)
    return _fields(shown | ({_GOAL: goal.text} if isinstance(goal, OwnGoal) else {}))


def read_own(said: Said, voice: Voice, now: Moment) -> tuple[dict[str, Entry | None], tuple[Fault, ...]]:
    """What the form says, field by field; and what is too long."""
    faults: list[Fault] = []
    found: dict[str, Entry | None] = {}
    for slot in SLOTS:
        name, score = _line(said, f"task{slot}"), one(said, f"score{slot}")
        number = int(score) if score in _SCORES else None
        found[f"task{slot}"] = OwnTask(when=now, name=name, score=number) if name else None
        if len(name) > LONGEST_TASK:
            words = voice.gettext(
                "Thing %(number)s: at most %(most)s letters", number=slot, most=LONGEST_TASK
            )
            faults.append(Fault(f"task{slot}", words))
    goal = _line(said, _GOAL)
    found[_GOAL] = OwnGoal(when=now, text=goal) if goal else None
    if len(goal) > LONGEST_QUESTION:
        words = voice.gettext("What you want: at most %(most)s letters", most=LONGEST_QUESTION)
        faults.append(Fault(_GOAL, words))
    return found, tuple(faults)


def keep_own(mine: Mine, found: Mapping[str, Entry | None], now: Moment, knowledge: Knowledge) -> None:
    """Write what differs from what stands; nothing in a field takes back what stood there."""
    for name, body in found.items():
        standing = _body(mine, name)
        if body is not None:
            must_make_sense(body, knowledge)
        if _words(body) == _words(standing):
            continue
        entry = _entry(mine, name)
        parents = tuple(row.id for row in versions_of(mine, entry))
        revision = logbook.id_from("own", entry, *parents, "is", *_words(body))
        put_once(mine, entry, body, name=revision, now=now, parents=parents)


def _fields(shown: Mapping[str, str]) -> OwnFields:
    return OwnFields(
        tasks=tuple(shown.get(f"task{slot}", "") for slot in SLOTS),
        scores=tuple(_choices(shown.get(f"score{slot}", "")) for slot in SLOTS),
        goal=shown.get(_GOAL, ""),
    )


def _choices(chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(value, value or "-", value == chosen) for value in ("", *_SCORES))


def _names() -> tuple[str, ...]:
    return (*(f"{kind}{slot}" for kind in ("task", "score") for slot in SLOTS), _GOAL)


def _line(said: Said, name: str) -> str:
    return " ".join(one(said, name).split())


def _entry(mine: Mine, name: str) -> str:
    return logbook.id_from("own", mine.writer.person, name)


def _body(mine: Mine, name: str) -> Entry | None:
    live = [row.body for row in versions_of(mine, _entry(mine, name)) if row.body is not None]
    return live[-1] if live else None


def _words(body: Entry | None) -> tuple[str, ...]:
    if isinstance(body, OwnTask):
        return (body.name, str(body.score))
    return (body.text,) if isinstance(body, OwnGoal) else ()
