"""What the diary tells: triggers, what helps, whether it changes, and what is not known yet."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import Final

import msgspec
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from unknot.knowledge.base import Knowledge
from unknot.pathway.alarm import Verdict
from unknot.pathway.insight import Insight
from unknot.pathway.verdicts import Ratio, Standing, Trigger
from unknot.report.patterns import STANDINGS, TICKS, sentences
from unknot.service.insights import insight_of
from unknot.service.voice import Voice, voice_of
from unknot.web.diary.common import Book, Known, Press, Site
from unknot.web.diary.keeping import Mine, SiteDiary
from unknot.web.threads import in_a_thread

_WIDTH, _ROW, _TEXT, _LINE, _FOOT, _EDGE = 320, 46, 13, 31, 20, 8
_NAMED: Final = (Standing.LIKELY, Standing.WORTH, Standing.CONSEQUENCE)


class Mark(msgspec.Struct, frozen=True):
    """A place of the axis and its words."""

    at: float
    words: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One thing: its words and numbers, and where they are drawn."""

    name: str
    word: str
    best: str
    range: str
    top: int
    y: int
    low: float
    high: float
    at: float


class Plot(msgspec.Struct, frozen=True):
    """The whole picture; ``middle`` is where nothing changes."""

    rows: tuple[Row, ...]
    ticks: tuple[Mark, ...]
    middle: float
    floor: int
    height: int
    width: int = _WIDTH


@get("/diary/insight")
@in_a_thread
def insight_page(mine: Book, site: Site, knowledge: Known, printer: Press) -> Response[str]:
    """Everything the diary tells, worked out once for each state of the diary."""
    found, voice = insight_now(mine, site, knowledge), voice_of(knowledge.language)
    weighed = [(row, row.ratio) for row in found.triggers if row.ratio is not None]
    return printer.page(
        "diary/insight.html",
        found=found,
        worse=found.change.verdict is Verdict.WORSE,
        named=_of(found, *_NAMED),
        unlinked=_of(found, Standing.NONE_SEEN),
        early=_of(found, Standing.TOO_EARLY),
        plot=plot_of(weighed, voice) if weighed else None,
        summary=" ".join(sentences(weighed, voice)),
    )


def insight_now(mine: Mine, site: SiteDiary, knowledge: Knowledge) -> Insight:
    """What the diary tells as it stands now; what was worked out is kept until something is written."""
    now = site.now()
    state = (mine.store.head()[1], now.day, knowledge.version)
    return site.insights.get(state, lambda: insight_of(mine.store, mine.writer, knowledge, now))


def plot_of(rows: Sequence[tuple[Trigger, Ratio]], voice: Voice) -> Plot:
    """The picture: on a scale on which half as many is as far from the middle as twice as many."""
    low = min(0.0, *(log(ratio.low) for _, ratio in rows))
    high = max(0.0, *(log(ratio.high) for _, ratio in rows))
    scale = (_WIDTH - 2 * _EDGE) / (high - low)

    def at(ratio: float) -> float:
        return round(_EDGE + (log(ratio) - low) * scale, 1)

    floor = len(rows) * _ROW
    ticks = tuple(Mark(at(tick), voice.number(tick)) for tick in TICKS if low <= log(tick) <= high)
    drawn = tuple(
        Row(
            name=row.name,
            word=voice.gettext(STANDINGS[row.standing]),
            best=voice.number(ratio.estimate, ".1f"),
            range=voice.gettext(
                "%(low)s to %(high)s",
                low=voice.number(ratio.low, ".1f"),
                high=voice.number(ratio.high, ".1f"),
            ),
            top=place * _ROW + _TEXT,
            y=place * _ROW + _LINE,
            low=at(ratio.low),
            high=at(ratio.high),
            at=at(ratio.estimate),
        )
        for place, (row, ratio) in enumerate(rows)
    )
    return Plot(drawn, ticks, at(1.0), floor, floor + _FOOT)


def _of(found: Insight, *standings: Standing) -> tuple[Trigger, ...]:
    return tuple(row for row in found.triggers if row.standing in standings)


INSIGHT_PAGES: Final[tuple[HTTPRouteHandler, ...]] = (insight_page,)
