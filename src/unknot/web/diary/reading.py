"""A form of the diary, read strictly into a revision; and a revision as the fields of a form.

``read_entry`` depends on nothing but the fields, the writer and the moment given: read again with
the moment at which a revision was written, the same fields are the same revision. That is how a form
that was sent twice is known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, TypeAlias

import msgspec

from unknot.errors import InputError
from unknot.knowledge.base import Knowledge
from unknot.pathway.diary import Did, Entry, Episode, NoneToday, RemedyFact, Site, must_make_sense
from unknot.pathway.moments import Moment
from unknot.pathway.revisions import Revision
from unknot.service import clock, logbook
from unknot.service.logbook import Writer
from unknot.service.voice import N_, Voice, voice_of
from unknot.web.reading import Fault, Fields

Said: TypeAlias = Mapping[str, tuple[str, ...]]
"""The fields of a form, each with every value it was sent with."""

NOW: Final = "now"
MOST_NOTE: Final = 4_000
_MINUTE_MS: Final = 60_000
_SLACK_MS: Final = 26 * 3_600_000
_NUMBER: Final = re.compile(r"[0-9]{1,5}([.,][0-9]{1,3})?")
_INSTANT: Final = re.compile(r"-?[0-9]{1,13}")
_SCORES: Final = frozenset(map(str, range(11)))
_WORST: Final = N_("How bad at its worst: choose a number from 0 to 10")
_GOT_IN_THE_WAY: Final = N_("How much it got in the way: choose a number from 0 to 10")


class Refused(msgspec.Struct, frozen=True):
    """What is wrong with a form; nothing was saved."""

    faults: tuple[Fault, ...]


class FaultyFieldError(Exception):
    """One field that cannot be read."""

    def __init__(self, fault: Fault) -> None:
        """Keep the field and what to say."""
        super().__init__(fault.field)
        self.fault = fault


def said_in(form: Fields, names: tuple[str, ...]) -> Said:
    """The text fields of a posted form; a file is none."""
    found = {name: tuple(v for v in form.getall(name, []) if isinstance(v, str)) for name in names}
    return {name: values for name, values in found.items() if values}


def ids_of(said: Said) -> tuple[str, str, tuple[str, ...]]:
    """The entry, the revision and the revisions it was made from.

    Raises
    ------
    InputError
        When they are missing, or are no ids.

    """
    ids = (one(said, "entry"), one(said, "revision"), *said.get("parent", ()))
    logbook.must_be_ids(*ids)
    return ids[0], ids[1], ids[2:]


def read_entry(said: Said, knowledge: Knowledge, *, now: Moment, writer: Writer) -> Revision | Refused:
    """What a form says, as a revision; or what is wrong with it, field by field.

    Raises
    ------
    InputError
        When it is no form of ours.

    """
    entry, revision, parents = ids_of(said)
    voice = voice_of(knowledge.language)
    try:
        body = _body(said, knowledge, now, voice)
    except FaultyFieldError as error:
        return Refused((error.fault,))
    return Revision(
        id=revision,
        entry=entry,
        person=writer.person,
        parents=parents,
        device=writer.device,
        written=now,
        body=body,
    )


def said_of(body: Entry) -> Said:
    """The fields that say the same again, but for the ids; the date and the time as typed."""
    when = {"at": (str(body.when.at),), "zone": (body.when.zone,)}
    match body:
        case Episode():
            said = {
                "kind": ("episode",),
                "place": tuple(
                    f"{site.place}:{site.side}" if site.side else site.place for site in body.sites
                ),
                "worst": _text(body.worst),
                "minutes": _text(body.minutes),
                "going": ("yes",) if body.going else (),
                "interference": _text(body.interference),
                "doing": _text(body.doing or None),
                "woke": () if body.woke is None else ("yes" if body.woke else "no",),
                "note": _text(body.note or None),
            }
            return {**when, **{name: values for name, values in said.items() if values}}
        case NoneToday():
            return {**when, "kind": ("none_today",)}
        case _:
            return {}


def one(said: Said, name: str) -> str:
    """The first value of a field, without spaces around it; empty when there is none."""
    return next(iter(said.get(name, ())), "").strip()


def _text(value: float | str | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value if isinstance(value, str) else f"{value:g}",)


def _body(said: Said, knowledge: Knowledge, now: Moment, voice: Voice) -> Entry | None:
    match one(said, "kind"):
        case "episode":
            return _episode(said, knowledge, now, voice)
        case "none_today":
            return NoneToday(when=read_when(said, now, voice))
        case "remedy":
            return _remedy(said, knowledge, now, voice)
        case "deleted":
            return None
        case _:
            msg = "that form cannot be used; open the page again"
            raise InputError(msg)


def _episode(said: Said, knowledge: Knowledge, now: Moment, voice: Voice) -> Episode:
    when = read_when(said, now, voice)
    ended = one(said, "ended")
    going = bool(said.get("going")) and not ended
    most = knowledge.content.diary_form.most_minutes
    minutes = _lasted(when, ended, now, most) if ended else _minutes(said, most, voice)
    if going and minutes is not None:
        words = voice.gettext("How long: leave this empty while it is still going")
        raise FaultyFieldError(Fault("minutes", words))
    body = Episode(
        when=when,
        sites=_sites(said, knowledge, voice),
        worst=_score(said, "worst", voice.gettext(_WORST)),
        minutes=minutes,
        going=going,
        interference=_score(said, "interference", voice.gettext(_GOT_IN_THE_WAY)),
        doing=one(said, "doing"),
        woke={"yes": True, "no": False}.get(one(said, "woke")),
        note=_note(said, voice),
    )
    must_make_sense(body, knowledge)
    return body


def _remedy(said: Said, knowledge: Knowledge, now: Moment, voice: Voice) -> RemedyFact:
    try:
        did = Did(one(said, "did"))
    except ValueError:
        msg = "that form cannot be used; open the page again"
        raise InputError(msg) from None
    body = RemedyFact(when=read_when(said, now, voice), remedy=one(said, "remedy"), did=did)
    must_make_sense(body, knowledge)
    return body


def read_when(said: Said, now: Moment, voice: Voice) -> Moment:
    """When it was: as typed, else as the device says, else now."""
    zone = _known_zone(one(said, "zone"), now)
    date, time = one(said, "date"), one(said, "time")
    if (date or time) and not _is_as_it_was(said, date, time, zone):
        when = _typed_when(date, time, clock.moment_at(now.at, zone), voice)
    elif one(said, "at"):
        when = _instant(one(said, "at"), zone)
    else:
        when = clock.moment_at(now.at, zone)
    if when.at > now.at + _SLACK_MS:
        raise FaultyFieldError(Fault("date", voice.gettext("When: that is still to come. Check the date")))
    return when


def _is_as_it_was(said: Said, date: str, time: str, zone: str) -> bool:
    """Whether the date and the time are those of the instant in the form: it keeps its seconds then."""
    if not one(said, "at"):
        return False
    shown = typed_of(_instant(one(said, "at"), zone))
    return (date, time) == shown


def typed_of(moment: Moment) -> tuple[str, str]:
    """The date and the time of a moment as they are typed."""
    return moment.day, clock.local_text(moment)[11:16]


def _typed_when(date: str, time: str, here: Moment, voice: Voice) -> Moment:
    """A time without a date is the last one that was; a date without a time is noon, or now if earlier."""
    try:
        when = clock.moment_of(date or here.day, time or "12:00", here.zone)
        if not date and when.at > here.at:
            when = clock.moment_of(clock.days_back(here.day, 2)[0], time, here.zone)
    except InputError:
        words = voice.gettext("When: write the date as 2026-11-30 and the time as 22:15")
        raise FaultyFieldError(Fault("date", words)) from None
    return here if not time and when.day == here.day and when.at > here.at else when


def _known_zone(zone: str, now: Moment) -> str:
    """The zone of the device, or ours where we do not know it: an entry is not lost to a new name."""
    try:
        return clock.moment_at(now.at, zone or now.zone).zone
    except InputError:
        return now.zone


def _instant(text: str, zone: str) -> Moment:
    try:
        if _INSTANT.fullmatch(text):
            return msgspec.convert(msgspec.to_builtins(clock.moment_at(int(text), zone)), Moment)
    except (OverflowError, msgspec.ValidationError):
        pass
    msg = "that form cannot be used; open the page again"
    raise InputError(msg)


def _lasted(when: Moment, ended: str, now: Moment, most: int) -> float | None:
    """The minutes until it ended; more than the diary can say is left unsaid."""
    end = now.at if ended == NOW else _instant(ended, now.zone).at
    minutes = max(0, round((end - when.at) / _MINUTE_MS))
    return minutes if minutes <= most else None


def _minutes(said: Said, most: int, voice: Voice) -> float | None:
    text = one(said, "minutes")
    if not text:
        return None
    if _NUMBER.fullmatch(text) and float(text.replace(",", ".")) <= most:
        return float(text.replace(",", "."))
    words = voice.gettext(
        "How long: write the minutes as a number up to %(most)s", most=voice.number(most, ",.10g")
    )
    raise FaultyFieldError(Fault("minutes", words))


def _score(said: Said, name: str, words: str) -> int | None:
    text = one(said, name)
    if text and text not in _SCORES:
        raise FaultyFieldError(Fault(name, words))
    return int(text) if text else None


def _note(said: Said, voice: Voice) -> str:
    text = one(said, "note").replace("\r\n", "\n")
    if len(text) > MOST_NOTE:
        words = voice.gettext("Note: use %(most)s letters or fewer", most=voice.number(MOST_NOTE, ",.10g"))
        raise FaultyFieldError(Fault("note", words))
    return text


def _sites(said: Said, knowledge: Knowledge, voice: Voice) -> tuple[Site, ...]:
    """The places, each once; a side that stands with a place goes before the side of them all."""
    sides: dict[str, str] = {}
    for value in said.get("place", ()):
        place, _, side = value.partition(":")
        if side and sides.get(place, "") not in {"", side}:
            words = voice.gettext("Where: choose one side for each place")
            raise FaultyFieldError(Fault("place", words))
        sides[place] = side or sides.get(place, "")
    if not sides or not sides.keys() <= knowledge.regions.keys():
        raise FaultyFieldError(Fault("place", voice.gettext("Where: choose a place")))
    return tuple(Site(place, side or one(said, "side")) for place, side in sides.items())
