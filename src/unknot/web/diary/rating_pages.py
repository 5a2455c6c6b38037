"""Short questions asked from time to time, each instrument on a page: answered, left empty, or left for later."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

import msgspec
from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from unknot.knowledge.base import Knowledge
from unknot.knowledge.reference import Instrument, InstrumentItem
from unknot.pathway.diary import Rating
from unknot.pathway.ratings import asked
from unknot.service.ratings import keep_rating, standing
from unknot.service.voice import voice_of
from unknot.web.diary.common import Answer, Book, Known, Posted, Press, Site, done
from unknot.web.diary.keeping import Mine
from unknot.web.diary.reading import Said, one
from unknot.web.drawing import Choice
from unknot.web.reading import Fault
from unknot.web.threads import in_a_thread

_MOST: Final = 10


class ItemShown(msgspec.Struct, frozen=True):
    """One item: its words, the words of the two ends of its numbers, and its choices."""

    id: str
    ask: str
    low: str
    high: str
    choices: tuple[Choice, ...]


@get("/diary/rating/{name:str}")
@in_a_thread
def rating_page(
    name: FromPath[str], mine: Book, site: Site, knowledge: Known, printer: Press
) -> Response[str]:
    """The items of an instrument, with what was said today already."""
    instrument = _instrument(name, knowledge)
    return _print(instrument, _said_today(mine, name, site.now().day), printer)


@post("/diary/rating/{name:str}")
@in_a_thread
def take_rating(
    name: FromPath[str], posted: Posted, mine: Book, site: Site, knowledge: Known, printer: Press
) -> Answer:
    """Keep the answers; one item at least must have one."""
    instrument, now = _instrument(name, knowledge), site.now()
    found = [_read(item, one(posted, item.id)) for item in instrument.item]
    answers = {
        item.id: value for item, value in zip(instrument.item, found, strict=True) if value is not None
    }
    if not answers:
        words = voice_of(knowledge.language).gettext("Choose an answer, or come back later")
        return _print(instrument, posted, printer, (Fault(instrument.item[0].id, words),))
    body = Rating(when=now, instrument=name, answers=answers)
    kept = keep_rating(mine.store, mine.writer, body, now, knowledge)
    return done(f"/diary?entry={kept.entry}&saved={kept.id}", mine, site)


def _instrument(name: str, knowledge: Knowledge) -> Instrument:
    found = next((row for row in asked(knowledge) if row.id == name), None)
    if found is None:
        raise NotFoundException
    return found


def _said_today(mine: Mine, name: str, today: str) -> Said:
    _, row = standing(mine.store, mine.writer, name, today)
    body = row.body if row is not None else None
    return {item: (str(value),) for item, value in body.answers.items()} if isinstance(body, Rating) else {}


def _read(item: InstrumentItem, text: str) -> int | str | None:
    if item.options:
        return text if text in {option.id for option in item.options} else None
    return int(text) if text in {str(n) for n in range(_MOST + 1)} else None


def _print(
    instrument: Instrument, said: Said, printer: Press, faults: tuple[Fault, ...] = ()
) -> Response[str]:
    return printer.page(
        "diary/rating.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        title=instrument.plain,
        rated=instrument.id,
        items=[_shown(item, one(said, item.id)) for item in instrument.item],
        faults=faults,
    )


def _shown(item: InstrumentItem, chosen: str) -> ItemShown:
    pairs = [(option.id, option.text) for option in item.options] or [
        (str(n), str(n)) for n in range(_MOST + 1)
    ]
    choices = tuple(Choice(value, text, value == chosen) for value, text in pairs)
    return ItemShown(item.id, item.ask, item.low, item.high, choices)


RATING_PAGES: Final[tuple[HTTPRouteHandler, ...]] = (rating_page, take_rating)
