"""The form of one spasm, ready to be printed: what stands in its fields, and what can be chosen."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Final

import msgspec

from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Option
from unknot.pathway.diary import Episode, Site
from unknot.pathway.revisions import Revision
from unknot.service.voice import Voice, voice_of
from unknot.web.diary.reading import Said, one, said_of
from unknot.web.drawing import Area, Choice, areas
from unknot.web.reading import Fault

MOST_CHIPS: Final = 6
NOTHING_SAID: Final[Said] = {}


class Hidden(msgspec.Struct, frozen=True):
    """Fields that nobody sees, each a name and a value."""

    fields: tuple[tuple[str, str], ...]


class LogForm(msgspec.Struct, frozen=True):
    """The fields of one spasm; ``more`` is whether the rest of them is open."""

    hidden: Hidden
    chips: tuple[Choice, ...]
    areas: tuple[Area, ...]
    worst: tuple[Choice, ...]
    sides: tuple[Choice, ...]
    interference: tuple[Choice, ...]
    doing: tuple[Choice, ...]
    woke: tuple[Choice, ...]
    date: str
    time: str
    minutes: str
    note: str
    going: bool
    more: bool
    faults: tuple[Fault, ...]

    @property
    def elsewhere(self) -> bool:
        """Whether a place is ticked that is no chip."""
        return any(spot.ticked for area in self.areas for spot in area.spots)

    def fault(self, field: str) -> str:
        """What is wrong with a field, if anything."""
        return next((fault.words for fault in self.faults if fault.field == field), "")


def new_ids() -> tuple[tuple[str, str], ...]:
    """The ids of an entry that is still to be said; made with the page, so that it is saved once."""
    return (("entry", str(uuid.uuid4())), ("revision", str(uuid.uuid4())))


def change_ids(entry: str, parents: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The ids of a change of an entry, with the versions it is made from."""
    return (("entry", entry), ("revision", str(uuid.uuid4())), *(("parent", parent) for parent in parents))


def log_form(
    knowledge: Knowledge,
    *,
    ids: tuple[tuple[str, str], ...],
    lately: tuple[Site, ...] = (),
    said: Said = NOTHING_SAID,
    faults: tuple[Fault, ...] = (),
) -> LogForm:
    """The form with what was said in its fields."""
    voice, form = voice_of(knowledge.language), knowledge.content.diary_form
    chips = _chips(lately, said, knowledge)
    offered = {chip.value for chip in chips}
    worst = one(said, "worst")
    places = knowledge.questions[form.place_question].options
    ticked = set(said.get("place", ()))
    others = tuple(
        Choice(place.id, place.text, place.id in ticked and place.id not in offered)
        for place in places
        if place.id in knowledge.regions
    )
    return LogForm(
        hidden=Hidden((*ids, ("kind", "episode"), *_when_hidden(said))),
        chips=chips,
        areas=areas(others, knowledge),
        worst=_scores(worst, voice) if worst else _numbers(worst),
        sides=_options(knowledge.questions[form.side_question].options, one(said, "side"), voice),
        interference=_scores(one(said, "interference"), voice),
        doing=_options(form.doing, one(said, "doing"), voice),
        woke=_yes_no(one(said, "woke"), voice),
        date=one(said, "date"),
        time=one(said, "time"),
        minutes=one(said, "minutes"),
        note=one(said, "note"),
        going=bool(said.get("going")),
        more=any(said.get(name) for name in _MORE) or any(fault.field in _MORE for fault in faults),
        faults=faults,
    )


_MORE: Final = ("date", "time", "side", "minutes", "going", "interference", "doing", "woke", "note")


def same_again(last: Revision) -> Hidden:
    """The last spasm said again as a new one, now: where, how bad, and what was going on."""
    said = said_of(last.body) if isinstance(last.body, Episode) else {}
    again = ("kind", "place", "worst", "interference", "doing", "woke")
    fields = [(name, value) for name in again for value in said.get(name, ())]
    return Hidden((*new_ids(), ("at", ""), ("zone", ""), *fields))


def none_today() -> Hidden:
    """A day without a spasm, in one tap."""
    return Hidden((*new_ids(), ("kind", "none_today"), ("at", ""), ("zone", "")))


def has_ended(open_one: Revision) -> Hidden:
    """A spasm that was still going, and is over now."""
    said = said_of(open_one.body) if isinstance(open_one.body, Episode) else {}
    fields = [(name, value) for name, values in said.items() if name != "going" for value in values]
    return Hidden((*change_ids(open_one.entry, (open_one.id,)), *fields, ("ended", "now")))


def used_lately(episodes: Iterable[Revision]) -> tuple[Site, ...]:
    """The places of the spasms so far, each once, in the order given."""
    sites = (site for one in episodes if isinstance(one.body, Episode) for site in one.body.sites)
    return tuple(dict.fromkeys(sites))[:MOST_CHIPS]


def site_value(site: Site) -> str:
    """A place and its side as the form sends it."""
    return f"{site.place}:{site.side}" if site.side else site.place


def site_text(site: Site, knowledge: Knowledge) -> str:
    """A place and its side in words."""
    region = knowledge.regions.get(site.place)
    options = knowledge.questions[knowledge.content.diary_form.side_question].options
    side = next((option.text for option in options if option.id == site.side), "")
    name = region.name if region else site.place
    return f"{name} ({side.lower()})" if side else name


def _chips(lately: tuple[Site, ...], said: Said, knowledge: Knowledge) -> tuple[Choice, ...]:
    """The places of lately, and whatever stands with its side in what was said."""
    ticked = said.get("place", ())
    with_side = (Site(*value.split(":", 1)) for value in ticked if ":" in value)
    sites = dict.fromkeys((*lately, *(site for site in with_side if site.place in knowledge.regions)))
    return tuple(
        Choice(value, site_text(site, knowledge), value in ticked)
        for site in sites
        if (value := site_value(site)) and site.place in knowledge.regions
    )


def _when_hidden(said: Said) -> tuple[tuple[str, str], ...]:
    return (("at", one(said, "at")), ("zone", one(said, "zone")))


def _scores(chosen: str, voice: Voice) -> tuple[Choice, ...]:
    return (*_numbers(chosen), Choice("", voice.gettext("Not said"), not chosen))


def _numbers(chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(str(n), str(n), str(n) == chosen) for n in range(11))


def _options(options: tuple[Option, ...], chosen: str, voice: Voice) -> tuple[Choice, ...]:
    rows = tuple(Choice(option.id, option.text, option.id == chosen) for option in options)
    return (*rows, Choice("", voice.gettext("Not said"), not chosen))


def _yes_no(chosen: str, voice: Voice) -> tuple[Choice, ...]:
    rows = (("yes", voice.gettext("Yes")), ("no", voice.gettext("No")), ("", voice.gettext("Not said")))
    return tuple(Choice(value, text, value == chosen) for value, text in rows)
