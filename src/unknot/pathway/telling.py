"""Insight in sentences: every verdict with its interval in words, or with when it will be known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from unknot.knowledge.base import Knowledge
from unknot.pathway.alarm import Change, Verdict
from unknot.pathway.series import Exposure, Series
from unknot.pathway.verdicts import (
    Helped,
    Known,
    Standing,
    Trigger,
    Use,
    judge_trigger,
    judge_use,
    ratio_of,
    weeks_for,
    weeks_to_look,
    weeks_to_weigh,
)

if TYPE_CHECKING:
    from unknot.pathway.associations import Association, Associations, Effect, Proof, Size
    from unknot.pathway.series import Taken

_TEN: Final = 10
_ORDER: Final = tuple(Standing)


class Speech:
    """The sentences of one diary, in the language of the knowledge."""

    def __init__(self, series: Series, knowledge: Knowledge) -> None:
        """Know the diary and the words."""
        self._series, self._knowledge = series, knowledge
        self._rules = knowledge.content.insight
        self._words = self._rules.words

    def of_triggers(self, found: Associations | None) -> tuple[Trigger, ...]:
        """Every exposure that anything was said of, the surest first."""
        if found is None:
            rows = [
                self._unseen(one, weeks_to_look(self._series, self._rules)) for one in self._series.exposures
            ]
        else:
            rows = [self._weighed(one, found.proof) for one in found.found]
            rows += [self._unweighed(one) for one in found.unweighed]
        return tuple(sorted(rows, key=lambda row: _ORDER.index(row.standing)))

    def of_remedies(self, found: Associations | None, named: frozenset[str]) -> tuple[Helped, ...]:
        """What was done, as far as the plan of the check-in offers it."""
        if found is None:
            rows = [self._remedy(one, Use.TOO_EARLY) for one in self._series.taken]
        else:
            rows = [self._effect(one) for one in found.effects]
            rows += [self._remedy(one, Use.NO_CONTRAST) for one in found.unread]
        return tuple(row for row in rows if row.remedy in named)

    def of_change(self, change: Change) -> tuple[str, ...]:
        """What became of the spasms."""
        words = self._words
        said = {
            Verdict.WORSE: words.change_worse,
            Verdict.BETTER: words.change_better,
            Verdict.SAME: words.change_same,
            Verdict.UNKNOWN: words.change_unknown,
        }[change.verdict]
        return (said,) if change.needed is None else (said, _fill(words.change_wait, count=change.needed))

    def of_the_way(self, change: Change, *, informed: bool) -> tuple[Known, ...]:
        """The steps on the way to knowing, in the order they come."""
        words, enough, series = self._words, self._rules.enough, self._series
        if not series.written:
            return (Known("begun", reached=False, words=words.nothing),)
        past = len(series.days) > self._rules.change.run_in_days
        waits = _fill(words.triggers_wait, spasms=enough.spasms, days=enough.spasm_days)
        needed = change.needed
        return (
            Known("begun", True, _fill(words.begun, days=series.written, spasms=series.spasms)),  # noqa: FBT003
            Known("run_in", past, words.run_in if past else words.run_in_wait),
            Known("triggers", informed, words.triggers_ready if informed else waits),
            Known(
                "change",
                needed is None,
                words.change_ready if needed is None else _fill(words.change_wait, count=needed),
            ),
        )

    def beside(self, proof: Proof | None) -> tuple[str, ...]:
        """What must stand beside everything: how far the sums hold, and what no pattern shows."""
        words = self._words
        sums = () if proof is None else (self._sums(proof),)
        return (words.pattern, words.before_after, words.medicine, *sums)

    def _sums(self, proof: Proof) -> str:
        words = self._words
        return words.rough if not proof.holds else words.exact if proof.exact else words.close

    def _weighed(self, found: Association, proof: Proof) -> Trigger:
        standing = judge_trigger(found, proof, self._rules)
        open_ = standing is Standing.TOO_EARLY
        weeks = weeks_for(found.size, self._series, self._rules) if open_ else None
        return Trigger(
            ids=tuple(one.id for one in found.exposures),
            name=", ".join(one.name for one in found.exposures),
            standing=standing,
            words=tuple(self._of_an_association(found, standing, weeks)),
            inclusion=found.inclusion,
            ratio=ratio_of(found.size),
            weeks=weeks,
        )

    def _of_an_association(self, found: Association, standing: Standing, weeks: int | None) -> Iterator[str]:
        words, days = self._words, found.exposures[0].days
        more = found.size.mean > 0
        template = {
            Standing.LIKELY: words.likely_more if more else words.likely_fewer,
            Standing.WORTH: words.worth_more if more else words.worth_fewer,
            Standing.CONSEQUENCE: words.consequence,
            Standing.NONE_SEEN: words.none_seen,
            Standing.TOO_EARLY: words.early,
        }[standing]
        yield _fill(template, days=days)
        if standing is not Standing.TOO_EARLY:
            yield self._interval(found.size)
        if len(found.exposures) > 1:
            yield _fill(words.together, names=", ".join(one.name for one in found.exposures))
        if standing is Standing.LIKELY:
            yield words.firm if found.firm else words.weak
        if weeks is not None:
            yield self._when(weeks)

    def _unweighed(self, one: Exposure) -> Trigger:
        weeks = weeks_to_weigh(one.values, self._series, self._rules)
        each = _fill(self._words.each, count=self._rules.enough.days_each)
        row = self._unseen(one, weeks)
        return (
            row
            if weeks
            else Trigger(ids=row.ids, name=row.name, standing=row.standing, words=(row.words[0], each))
        )

    def _unseen(self, one: Exposure, weeks: int) -> Trigger:
        early = _fill(self._words.early, days=one.days)
        return Trigger(
            ids=(one.id,),
            name=one.name,
            standing=Standing.TOO_EARLY,
            words=(early, self._when(weeks)),
            weeks=weeks,
        )

    def _when(self, weeks: int) -> str:
        return _fill(self._words.weeks, count=weeks) if weeks else self._words.long

    def _interval(self, size: Size) -> str:
        """The ratio as a count: so many spasms for each ten at other times."""
        ratio = ratio_of(size)
        count, low, high = (round(_TEN * value) for value in (ratio.estimate, ratio.low, ratio.high))
        return _fill(self._words.interval, count=count, low=low, high=high)

    def _effect(self, effect: Effect) -> Helped:
        use = judge_use(effect, self._rules)
        row = self._remedy(effect.taken, use)
        told = use in (Use.FEWER, Use.AS_MANY, Use.NOT_FEWER)
        return Helped(
            remedy=row.remedy,
            name=row.name,
            use=use,
            words=(*row.words, self._interval(effect.size)) if told else row.words,
            chance=effect.size.below,
            ratio=ratio_of(effect.size),
        )

    def _remedy(self, one: Taken, use: Use) -> Helped:
        words, known = self._words, self._knowledge.remedies.get(one.remedy)
        said = {
            Use.FEWER: words.remedy_fewer,
            Use.AS_MANY: words.remedy_none,
            Use.NOT_FEWER: words.remedy_more,
            Use.REACTIVE: words.remedy_reactive,
            Use.NO_CONTRAST: words.remedy_always,
            Use.TOO_EARLY: words.remedy_early,
        }[use]
        return Helped(remedy=one.remedy, name=known.label if known else one.remedy, use=use, words=(said,))


def _fill(words: str, **values: object) -> str:
    """A sentence with what belongs in its brackets."""
    for name, value in values.items():
        words = words.replace("{" + name + "}", str(value))
    return words
