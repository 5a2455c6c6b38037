"""Law 1, of a diary: earlier check-ins can raise the level of a later one, and lower none."""

from __future__ import annotations

from random import Random

from people import KNOWLEDGE, Person, law, random_person, rank
from unknot import check_in, read_answers, read_medicines
from unknot.pathway.course import History, follow


@law
def test_history_only_raises(person: Person, chance: Random) -> None:
    """Whatever was said before, the level is never below what today's answers alone would give."""
    earlier = [random_person(chance) for _ in range(chance.randint(1, 2))]
    before = [read_answers(one.answers, KNOWLEDGE) for one in earlier]
    now = read_answers(person.answers, KNOWLEDGE, unlisted=person.unlisted)  # type: ignore[arg-type]
    medicines = read_medicines(person.medicines, KNOWLEDGE, complete=person.list_complete)
    alone = check_in(now, KNOWLEDGE, medicines=medicines, earlier=person.earlier)
    course = follow(History(tuple(before)), now, KNOWLEDGE, medicines=medicines, latched=person.earlier)
    assert rank(course.check_in.care) >= rank(alone.care)
    if not course.noticed:
        assert rank(course.check_in.care) == rank(alone.care)
