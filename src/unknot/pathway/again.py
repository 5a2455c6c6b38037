"""Coming back: what the last answers are still good for, when the person says how it is and what is new.

Three kinds of answers are kept. What lasts is kept as long as its question says. What "nothing is
new" stands for is said again: a "no" only, or what was shown to the person as a description. All
the rest is asked as at first. A "yes" to a sign and a "not sure" are never said for anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

import msgspec

from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import News
from unknot.pathway.answers import NOT_SURE, Answer, Answers


class Now(msgspec.Struct, frozen=True):
    """How it is compared with last time, and which rows of news are ticked; ``None`` for not sure of them."""

    compared: str = ""
    news: frozenset[str] | None = None


class StillKnown(msgspec.Struct, frozen=True):
    """What need not be asked: answers that last, answers that were said again now, and what "worse" says."""

    lasting: Mapping[str, Answer]
    said_again: Mapping[str, Answer]
    medicines: bool

    @property
    def answers(self) -> Answers:
        """All of it."""
        return Answers({**self.lasting, **self.said_again})


def still_known(
    last: Answers, ages: Mapping[str, int], now: Now, knowledge: Knowledge, *, since: int, listed: int = 0
) -> StillKnown:
    """What of the last check-in, ``since`` days ago, still stands.

    ``ages`` says how many days ago an answer was said, where that was before the last check-in;
    ``listed`` how many days ago the medicine list was typed.
    """
    reopened = _named([row for row in knowledge.content.news if row.id in (now.news or ())], knowledge)
    lasting = {
        name: value
        for name, value in last.given.items()
        if 0 < knowledge.questions[name].keep_days >= ages.get(name, since) and name not in reopened
    }
    again = _said_again(last, knowledge, since) if is_short(now, since, knowledge) else {}
    keeps = max(listed, since) <= knowledge.content.completeness.profile_keep_days
    new_list = any(row.medicines for row in knowledge.content.news if row.id in (now.news or ()))
    return StillKnown(lasting, {**again, **_worse(now, knowledge)}, keeps and not new_list)


def is_short(now: Now, since: int, knowledge: Knowledge) -> bool:
    """Whether nothing changed, so that the last answers may be said again."""
    row = knowledge.content.again
    return now.compared in row.calm and now.news == frozenset() and since <= row.most_days


def _said_again(last: Answers, knowledge: Knowledge, since: int) -> dict[str, Answer]:
    row, named = knowledge.content.again, _named(knowledge.content.news, knowledge)
    again: dict[str, Answer] = {
        name: value for name, value in last.given.items() if value is False and name in named
    }
    for name in row.describes:
        if last.given.get(name, NOT_SURE) is not NOT_SURE:
            again[name] = last.given[name]
    for name in row.counts_on:
        if isinstance(days := last.given.get(name), float):
            again[name] = min(days + since, knowledge.questions[name].max or days)
    return again


def _worse(now: Now, knowledge: Knowledge) -> dict[str, Answer]:
    row = knowledge.content.again
    return dict.fromkeys(row.worse_sets, True) if now.compared in row.worse else {}


def _named(rows: Iterable[News], knowledge: Knowledge) -> frozenset[str]:
    by_row = named_by(knowledge)
    return frozenset[str]().union(*(by_row[row.id] for row in rows))


@lru_cache(maxsize=4)
def named_by(knowledge: Knowledge) -> Mapping[str, frozenset[str]]:
    """Every question that each row of news stands for, the signs behind its gates among them."""
    return {row.id: _stands_for(row, knowledge) for row in knowledge.content.news}


def _stands_for(row: News, knowledge: Knowledge) -> frozenset[str]:
    items = (item for page in row.pages for item in knowledge.pages[page].items)
    named = {str(name) for name in (*row.stands_for, *items)}
    for name in tuple(named):
        when = knowledge.questions[name].also_true_when
        named |= when.names if when else set()
    return frozenset(named & knowledge.questions.keys()) - _asked_first(knowledge)


@lru_cache(maxsize=4)
def _asked_first(knowledge: Knowledge) -> frozenset[str]:
    """The first warning signs, and whatever stands behind a gate among them: asked each time."""
    first = {str(item) for page in knowledge.screens[0].pages for item in page.items}
    gates = (knowledge.questions[name].also_true_when for name in first)
    return frozenset(first).union(*(when.names for when in gates if when))
