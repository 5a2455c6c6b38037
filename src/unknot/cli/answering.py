"""Records in, results out: an assessment for each, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from unknot.cli import reading, writing
from unknot.errors import InputError
from unknot.knowledge.base import Knowledge
from unknot.pathway.answers import Unlisted
from unknot.service.batch import assess_record, id_of, read_record
from unknot.service.views import Assessment


def assess_all(
    items: Iterable[reading.Item], knowledge: Knowledge, *, lines: bool, unlisted: Unlisted
) -> Iterator[Assessment | writing.Refused]:
    """One result for each record, in order: an assessment, or the reason why there is none."""
    for item in items:
        try:
            yield assess_record(read_record(_raw(item), knowledge, unlisted=unlisted), knowledge)
        except InputError as error:
            name, why = id_of(item.raw), str(error)
            if lines:
                yield writing.Refused(id=name, line=item.place, error=why)
            else:
                yield writing.Refused(id=name, record=item.place, error=why)


def _raw(item: reading.Item) -> object:
    if item.refused:
        raise InputError(item.refused)
    return item.raw
