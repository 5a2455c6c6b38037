"""What must hold in the report: every field of a block is held by a line, and every line asks what is there."""

from __future__ import annotations

from collections.abc import Callable

from unknot.knowledge.files import Content
from unknot.knowledge.rows import Found


def _fields_are_held(content: Content) -> Found:
    for block in content.report.block:
        held = {field for line in block.line for field in line.covers}
        for field in sorted(set(block.fields) - held):
            yield "report", f"report.{block.id}", f"no line covers '{field}'"
        for field in sorted(held - set(block.fields)):
            yield "report", f"report.{block.id}", f"a line covers '{field}', which is no field of the block"


def _lines_ask_what_is_there(content: Content) -> Found:
    asked: set[str] = {question.id for question in content.questions}
    daily: set[str] = {row.id for row in content.daily}
    meta = content.report.meta
    for name in sorted({str(meta.usual_place), str(meta.onset_days)} - asked):
        yield "report", "report.meta", f"'{name}' is not a question"
    rated = {row.id for row in content.instruments if row.item}
    if meta.own_tasks not in rated:
        yield "report", "report.meta", f"'{meta.own_tasks}' is no instrument with items"
    for block in content.report.block:
        for line in block.line:
            if line.rated and line.rated not in rated:
                yield "report", f"report.{block.id}.{line.id}", f"'{line.rated}' is no instrument with items"
            for name in sorted({str(name) for name in line.asks} - asked):
                yield "report", f"report.{block.id}.{line.id}", f"'{name}' is not a question"
            for name in sorted(set(line.daily) - daily):
                yield "report", f"report.{block.id}.{line.id}", f"'{name}' is not asked of a day"


def _lines_say_one_thing(content: Content) -> Found:
    for block in content.report.block:
        for line in block.line:
            kinds = (line.gives is not None, line.blank, bool(line.rated), bool(line.asks or line.daily))
            if sum(kinds) > 1:
                yield (
                    "report",
                    f"report.{block.id}.{line.id}",
                    "choose one of: asks with daily, gives, rated, blank",
                )


REPORT_RULES: tuple[Callable[[Content], Found], ...] = (
    _fields_are_held,
    _lines_ask_what_is_there,
    _lines_say_one_thing,
)
