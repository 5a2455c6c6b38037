"""Laws 1, 2 and 3: the level of care, what may never lower it, and when a calm one may be shown."""

from __future__ import annotations

from collections import Counter
from random import Random

import msgspec

from people import CONTENT, KNOWLEDGE, LEVELS, Person, found, law, meet, random_answer, random_person, rank
from polarity import raising_conditions, read_against
from unknot import CheckIn
from unknot.engine.condition import All, Always, Condition, Either, Not
from unknot.engine.kleene import UNKNOWN
from unknot.engine.rules import compile_condition
from unknot.knowledge.base import Knowledge
from unknot.knowledge.schema import Flag, Kind, When
from unknot.pathway.answers import NOT_SURE
from unknot.pathway.findings import find_reading_as_no, open_questions

LOCKED = CONTENT.completeness.locked_levels
SIGNS = tuple(q.id for q in CONTENT.questions if q.kind is Kind.YES_NO and not q.computed)
MAY_LOWER = read_against(raising_conditions(KNOWLEDGE), KNOWLEDGE)
RED = tuple(name for name in SIGNS if name not in MAY_LOWER)


def _raised(seen: CheckIn) -> set[str]:
    return {flag.id for flag in seen.flags.raised}


def _unasked(person: Person, seen: CheckIn) -> list[str]:
    return [name for name in SIGNS if name not in person.answers and seen.findings[name] is UNKNOWN]


def _some(names: list[str] | tuple[str, ...], chance: Random, most: int) -> list[str]:
    return chance.sample(sorted(names), min(len(names), chance.randint(1, most)))


def test_the_people_are_varied_enough() -> None:
    """Every level of care is reached, plans are built, and nearly every flag is raised by someone."""
    chance = Random(0)
    met = [meet(random_person(chance)) for _ in range(1_000)]
    levels = Counter(seen.care.level.id if seen.care.level else "none" for seen in met)
    assert min(levels[level] for level in (*LEVELS, "none")) >= 20
    assert sum(seen.plan is not None for seen in met) >= 100
    assert len({flag for seen in met for flag in _raised(seen)}) >= 0.95 * len(CONTENT.flags)


# Law 1. Flags run before and apart from causes; nothing lowers a level.


def _other_causes() -> Knowledge:
    """The same knowledge with every number of every cause turned upside down."""
    causes = tuple(
        msgspec.structs.replace(
            cause,
            weight=msgspec.structs.replace(cause.weight, p=1 - cause.weight.p),
            findings=tuple(msgspec.structs.replace(row, p=1 - row.p) for row in cause.findings),
            gate=None,
        )
        for cause in reversed(CONTENT.causes)
    )
    return Knowledge(msgspec.structs.replace(CONTENT, causes=causes), version="", site=KNOWLEDGE.site)


OTHER_CAUSES = _other_causes()


@law
def test_1_causes_never_touch_the_level(person: Person, _chance: Random) -> None:
    """Whatever the numbers of the causes say, the flags, the level and its reasons are the same."""
    seen, other = meet(person), meet(person, OTHER_CAUSES)
    assert seen.flags == other.flags
    assert seen.care == other.care


@law
def test_1_a_no_never_takes_back_what_was_found(person: Person, chance: Random) -> None:
    """Saying "no" to what was not asked yet clears no raised flag and lowers nothing that was found.

    Only one thing may: a flag that was raised because somebody was not sure of an exclusion, when
    that exclusion becomes known to be true.
    """
    before = meet(person)
    after = meet(person.but(**dict.fromkeys(_some(_unasked(person, before), chance, 60), "no")))
    for flag in before.flags.raised:
        if flag.id not in _raised(after):
            assert flag.when.holds(before.findings) is UNKNOWN
            assert any(when.holds(after.findings) is True for when in flag.exclusions)
            return
    assert found(after.care) >= found(before.care)


@law
def test_1_not_sure_is_never_calmer_than_no(person: Person, chance: Random) -> None:
    """Where "no" reaches a level, "not sure" reaches at least that level.

    While something else could still settle the exclusion of a flag, that is asked first: the
    result then says that it is not complete, and what would raise it.
    """
    name = chance.choice(SIGNS)
    no, unsure = meet(person.but(**{name: "no"})), meet(person.but(**{name: "not_sure"}))
    if rank(unsure.care) >= rank(no.care):
        return
    assert not unsure.care.complete
    waiting = {
        flag.id for flag in unsure.flags.undecided if open_questions(flag.when, unsure.findings, KNOWLEDGE)
    }
    assert waiting & (_raised(no) - _raised(unsure))


@law
def test_1_an_emergency_latches(person: Person, chance: Random) -> None:
    """An emergency of an earlier answer set stays for the episode; a calmer level changes nothing."""
    now = msgspec.structs.replace(person, earlier=None)
    earlier = chance.choice(LEVELS)
    seen, again = meet(now), meet(msgspec.structs.replace(now, earlier=earlier))
    if KNOWLEDGE.levels[earlier].latches:
        assert rank(again.care) == max(found(seen.care), KNOWLEDGE.rank(earlier))
        assert "earlier" in {demand.reason.rule for demand in again.care.demands}
    else:
        assert again.care == seen.care


# Law 2. Unknown is not "no".


@law
def test_2_a_calm_level_needs_a_finished_safety_check(person: Person, _chance: Random) -> None:
    """Self-care and routine are shown only when nothing unanswered on a page that may apply can matter.

    Unknown stays unknown here: a higher flag must be false whatever the unanswered questions are.
    """
    seen = meet(person)
    if seen.care.level is None or seen.care.level.id not in LOCKED:
        return
    findings, given = seen.findings, seen.findings.answers.given
    on_pages = set()
    for screen in CONTENT.screens:
        applies = screen.kind == "always" or (screen.when and screen.when.holds(findings) is not False)
        on_pages.update(item for page in screen.pages for item in page.items if applies)
    assert seen.care.complete
    assert all(findings[name] is not UNKNOWN for name in CONTENT.completeness.required)
    out_of_play = frozenset(KNOWLEDGE.questions) - on_pages - set(given)
    read = find_reading_as_no(findings, out_of_play, KNOWLEDGE)
    higher = [flag for flag in CONTENT.flags if KNOWLEDGE.rank(flag.level) > seen.care.level.rank]
    assert not [flag.id for flag in higher if flag.when.holds(read) is not False]


def _settle(person: Person, seen: CheckIn, chance: Random) -> Person:
    """The same person, had every "not sure" been an answer, and every unasked question a "no"."""
    unsure = [name for name, value in seen.findings.answers.given.items() if value is NOT_SURE]
    settled = {name: random_answer(KNOWLEDGE.questions[name], chance) for name in unsure}
    denied = dict.fromkeys(_unasked(person, seen), "no")
    return person.but(**{**denied, **settled})


@law
def test_2_whatever_the_unsure_answers_are_a_calm_level_holds(person: Person, chance: Random) -> None:
    """At self-care and routine, no way of settling the "not sure" answers raises a higher flag."""
    seen = meet(person)
    if seen.care.level is None or seen.care.level.id not in LOCKED:
        return
    settled = meet(_settle(person, seen, chance))
    above = {flag.id for flag in settled.flags.raised if KNOWLEDGE.rank(flag.level) > seen.care.level.rank}
    assert not above


@law
def test_2_whatever_the_unsure_answers_are_a_scope_or_caution_asks_for_no_more(
    person: Person, chance: Random
) -> None:
    """At self-care and routine, no way of settling the "not sure" answers asks for a higher level at all."""
    seen = meet(person)
    if seen.care.level is None or seen.care.level.id not in LOCKED:
        return
    settled = meet(_settle(person, seen, chance))
    assert found(settled.care) <= seen.care.level.rank, settled.care.leading[0].reason.rule


def _without_exclusions(condition: Condition, exclusions: frozenset[Condition]) -> Condition:
    match condition:
        case Not(part) if part in exclusions:
            return Always()
        case All(parts):
            return All(tuple(_without_exclusions(part, exclusions) for part in parts))
        case Either(parts):
            return Either(tuple(_without_exclusions(part, exclusions) for part in parts))
    return condition


EXCLUDED = {
    flag.id: compile_condition(
        _without_exclusions(flag.when.condition, frozenset(when.condition for when in flag.exclusions))
    )
    for flag in CONTENT.flags
    if flag.exclusions
}


@law
def test_2_an_exclusion_excludes_only_when_known_to_be_true(person: Person, _chance: Random) -> None:
    """A flag whose other parts hold is raised, or open, or one of its listed exclusions is true.

    Where no plan is allowed it may stay open only while a question about an exclusion is open.
    """
    seen = meet(person)
    open_, raised = {flag.id for flag in seen.flags.undecided}, _raised(seen)
    for name, holds in EXCLUDED.items():
        flag = KNOWLEDGE.flags[name]
        if name in raised or holds(seen.findings) is not True:
            continue
        if not any(when.holds(seen.findings) is True for when in flag.exclusions):
            assert name in open_, name
            assert _may_wait(flag, seen), name


def _may_wait(flag: Flag, seen: CheckIn) -> bool:
    def waits(when: When) -> bool:
        return bool(open_questions(when, seen.findings, KNOWLEDGE))

    return KNOWLEDGE.levels[flag.level].plan_allowed or any(waits(when) for when in flag.exclusions)


@law
def test_2_a_cleared_flag_stays_cleared_whatever_is_not_known(person: Person, chance: Random) -> None:
    """A flag is cleared only when no answer to what is not known yet could raise it.

    An answer that overturns an earlier "no" (pain below the knee, after "no" to pain in one limb)
    is another story, not a missing answer, and is left out here.
    """
    seen = meet(person)
    cleared = set(KNOWLEDGE.flags) - _raised(seen) - {flag.id for flag in seen.flags.undecided}
    unknown = [q for q in CONTENT.questions if seen.findings[q.id] is UNKNOWN and not q.filled_from]
    told = {q.id: random_answer(q, chance) for q in unknown if chance.random() < 0.5}
    after = meet(person.but(**told))
    known = [name for name in KNOWLEDGE.questions if seen.findings[name] is not UNKNOWN]
    if all(
        after.findings[name] == seen.findings[name]
        for name in known
        if seen.findings[name] == seen.findings[name]
    ):
        assert not cleared & _raised(after)


# Law 3. A red-flag finding never lowers the level; order never matters.


def test_3_few_answers_can_lower_a_level() -> None:
    """Most signs can only ever raise the level; those that can lower it stand behind a "not"."""
    assert len(RED) > 300
    assert not set(RED) & MAY_LOWER


@law
def test_3_a_red_flag_finding_never_lowers_the_level(person: Person, chance: Random) -> None:
    """A sign that is there is at least as urgent as the same sign denied, and takes nothing back.

    A denied sign may be the parent of an exclusion, which is denied with it; while that exclusion
    can still be asked about, its flag stays open, and the result says that it is not complete.
    """
    name = chance.choice(RED)
    no, yes = meet(person.but(**{name: "no"})), meet(person.but(**{name: "yes"}))
    assert found(yes.care) >= found(meet(person.without(name)).care), name
    assert rank(yes.care) >= rank(no.care) or not yes.care.complete, name
    open_ = {flag.id: flag for flag in yes.flags.undecided}
    for flag in (open_[lost] for lost in _raised(no) - _raised(yes)):
        assert any(open_questions(when, yes.findings, KNOWLEDGE) for when in flag.exclusions), name
    if open_.keys().isdisjoint(_raised(no)):
        assert rank(yes.care) >= rank(no.care), name


@law
def test_3_a_red_flag_finding_is_at_least_as_urgent_as_being_unsure_of_it(
    person: Person, chance: Random
) -> None:
    """Being sure of a sign asks for at least what being unsure of it asks for.

    While the rest is not answered yet, a higher flag that the sign takes part in may still be open.
    """
    name = chance.choice(RED)
    unsure, yes = meet(person.but(**{name: "not_sure"})), meet(person.but(**{name: "yes"}))
    still = max((KNOWLEDGE.rank(flag.level) for flag in yes.flags.undecided), default=0)
    assert max(found(yes.care), still) >= found(unsure.care), name


@law
def test_3_one_more_place_or_feeling_never_lowers_the_level(person: Person, chance: Random) -> None:
    """Naming one more option of a list never takes back what was found."""
    question = chance.choice(
        [q for q in CONTENT.questions if q.kind is Kind.ANY_OF and q.id not in MAY_LOWER]
    )
    said = person.answers.get(question.id)
    if not isinstance(said, list) or not said:
        return
    more = sorted({*said, chance.choice(question.options).id})
    assert found(meet(person.but(**{question.id: more})).care) >= found(meet(person).care)
