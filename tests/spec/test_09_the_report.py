"""Chapter 9. "A physiatrist may look closer": the one page they want, made from what a person said and wrote."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from datetime import date, timedelta
from hashlib import sha256

import msgspec
import pytest

import unknot
from people import CONTENT, KNOWLEDGE
from unknot import Particulars, read_answers, read_medicines, write_report
from unknot.knowledge.reference import Gives
from unknot.knowledge.schema import Status
from unknot.pathway import diary as d
from unknot.pathway.journey import CheckIn, check_in
from unknot.pathway.revisions import Revision
from unknot.report.case import Trial
from unknot.report.compose import _GIVES
from unknot.report.document import Block, Document, Line, Part, Picture, Table, is_whole
from unknot.report.html import as_html, style_source
from unknot.report.red_flags import sort_red_flags
from unknot.report.text import WIDTH, as_text
from unknot.service import clock

TODAY = date(2026, 11, 22)
DAYS = clock.days_back(TODAY.isoformat(), 84)
ABOUT = Particulars(today=TODAY.isoformat(), name="A. Person", questions=("Is it my pill?",))
CALM = {"age_years": 45, "region": ["calf"], "region_main": "calf", "side": "left", "severity_0_10": 5}
STEP = "stretch_daily"


def checked(unlisted: str = "no", **said: object) -> CheckIn:
    return check_in(read_answers({**CALM, **said}, KNOWLEDGE, unlisted=unlisted), KNOWLEDGE)


def report(check: CheckIn, rows: list[Revision] | None = None, **more: object) -> Document:
    diary = (rows, DAYS) if rows else ((), ())
    return write_report(check, KNOWLEDGE, particulars=ABOUT, diary=diary, **more)


def block(document: Document, name: str) -> Block:
    return next(one for one in document.blocks if one.id == name)


def line(document: Document, name: str, label: str) -> Line:
    return next(p for p in block(document, name).parts if isinstance(p, Line) and p.label == label)


def table(document: Document, name: str) -> Table:
    return next(part for part in block(document, name).parts if isinstance(part, Table))


def wrote(*said: tuple[int, Callable[[clock.Moment], d.Entry]]) -> list[Revision]:
    """Entries, each so many days before today."""
    rows = []
    for number, (ago, body) in enumerate(said):
        when = clock.moment_of((TODAY - timedelta(days=ago)).isoformat(), "12:00", "UTC")
        name = f"00000000-0000-0000-0000-{number:012}"
        rows.append(Revision(id=name, entry=name, person=name, device="p", written=when, body=body(when)))
    return rows


def spasm(worst: int | None = 5) -> Callable[[clock.Moment], d.Entry]:
    return lambda when: d.Episode(when=when, sites=(d.Site("calf", "left"),), worst=worst)


def none(when: clock.Moment) -> d.Entry:
    return d.NoneToday(when=when)


def remedy(name: str, did: d.Did = d.Did.DONE) -> Callable[[clock.Moment], d.Entry]:
    return lambda when: d.RemedyFact(when=when, remedy=name, did=did)


def words_of(part: Part) -> str:
    return msgspec.json.encode(part).decode()


def test_the_blocks_stand_in_the_order_of_the_knowledge() -> None:
    """Fourteen blocks, as a physiatrist reads them; each has a title and something in it."""
    found = report(checked()).blocks
    assert [one.id for one in found] == [
        row.id for row in sorted(CONTENT.report.block, key=lambda b: b.order)
    ]
    assert all(one.title and one.parts for one in found)


def test_every_field_is_accounted_for() -> None:
    """Every field has a line; every line stands on the page by its label, alone or among those gathered."""
    for one in (report(checked()), report(checked("unknown")), report(checked(chest_pressure="yes"))):
        for row in CONTENT.report.block:
            assert {field for entry in row.line for field in entry.covers} == set(row.fields)
            said = " ".join(map(words_of, block(one, row.id).parts))
            missing = [
                entry.label
                for entry in row.line
                if entry.label not in said and entry.gives is not Gives.CAUSES
            ]
            assert not missing, (row.id, missing)


def test_everything_the_program_gives_is_used_once() -> None:
    """Each thing the program can work out is on exactly one line, and each has somebody who works it out."""
    used = [entry.gives for row in CONTENT.report.block for entry in row.line if entry.gives]
    assert sorted(used, key=str) == sorted(Gives, key=str)
    assert set(_GIVES) == set(Gives)


def test_nothing_is_left_empty() -> None:
    """Somebody who said almost nothing gets a page that says so: no empty cell, no empty line."""
    found = report(check_in(read_answers({}, KNOWLEDGE), KNOWLEDGE))
    for one in (*found.blocks, *found.appendix):
        for part in one.parts:
            if isinstance(part, Line):
                assert part.words, (one.id, part)
            elif isinstance(part, Table | Picture):
                rows = part.rows if isinstance(part, Table) else part.table.rows
                assert all(cell for row in rows for cell in row), (one.id, part)
    assert line(found, "conditions", "Not asked").text.startswith("Kidneys; ")
    assert line(found, "problem", "How often").text == "not enough diary yet"
    assert line(found, "medicines", "Not asked").text.startswith("Medicines; ")


def test_no_and_not_asked_and_not_sure_are_three_things() -> None:
    """A denied question, one nobody asked and one somebody was unsure of read differently."""
    found = report(checked("unknown", hx_cirrhosis="no", hx_diabetes="not_sure", hx_cancer="yes"))
    assert line(found, "conditions", "No to").text == "Liver"
    assert line(found, "conditions", "Sugar").text == "not sure: Has diabetes"
    assert line(found, "conditions", "Cancer").found == KNOWLEDGE.label("hx_cancer")
    assert "Kidneys" in line(found, "conditions", "Not asked").text


def test_the_level_names_its_rules_and_the_flags_are_counted() -> None:
    """The level says how soon and by which rules; every red flag is present, unsure, not asked or absent."""
    found = report(checked(chest_pressure="yes"))
    level = line(found, "bottom_line", "Level of care")
    assert "Right now" in level.text
    present = line(found, "bottom_line", "Red flags present")
    calmest = min(level.rank for level in CONTENT.levels)
    flags = checked(chest_pressure="yes").flags.raised
    raised = [flag.id for flag in flags if KNOWLEDGE.rank(flag.level) > calmest]
    assert raised
    assert not [name for name in raised if f"({name})" not in present.found]
    assert present.note == "the check stops asking below the level it reached"
    listed = next(one for one in found.appendix if one.id == "all_flags")
    ids = [flag.id for flag in CONTENT.flags if KNOWLEDGE.rank(flag.level) > calmest]
    said = " ".join(part.words for part in listed.parts)
    assert [said.count(f"({name})") for name in ids] == [1] * len(ids)


def test_a_flag_is_unsure_only_where_the_person_was() -> None:
    """What only a diary or a program could tell was not asked; what a person did not know is not sure."""
    back = {"region": ["low_back"], "region_main": "low_back"}
    check = checked("no", hx_cancer="not_sure", **back)
    found = sort_red_flags(check, KNOWLEDGE)
    unsure = {name for flag in found.unsure for name in KNOWLEDGE.questions_behind(flag.when)}
    assert "hx_cancer" in unsure
    assert found.count == len(found.present) + len(found.unsure) + len(found.not_asked) + len(found.absent)
    for flag in found.unsure:
        assert KNOWLEDGE.questions_behind(flag.when) & {"hx_cancer"}, flag.id


def test_at_a_high_level_no_cause_is_ranked() -> None:
    """At same-day level and above the causes are hidden, and that is said."""
    (only,) = block(report(checked(chest_pressure="yes")), "ranked_causes").parts
    assert only.words == "not ranked at this level of care"


def test_the_causes_come_with_facts_and_codes() -> None:
    """At most three, each with a band, facts for and against, what was not asked, and ICD-10-CM; no percentage."""
    found = block(
        report(checked(wakes_sleep="yes", hard_knot="yes", timing_main="night_rest")), "ranked_causes"
    )
    first = found.parts[0]
    assert first.found in {band.words for band in CONTENT.model.bands}
    assert first.text.startswith("For: ")
    assert "Against: " in first.text
    assert "Not asked: " in first.text
    assert first.code.startswith("ICD-10-CM ")
    named = [part for part in found.parts if part.label != "Next in rank"]
    assert len(named) <= CONTENT.report.meta.most_causes
    assert not any("%" in words_of(part) for part in found.parts)


def test_medicines_stand_as_they_were_entered() -> None:
    """The person's own words, what they were read as, a code, and a mark in words where a link is known."""
    typed = ("hydrochlorothiazide 25 mg", "levothyroxine", "zzzzpill", "lisinoprill")
    check = check_in(
        read_answers(CALM, KNOWLEDGE), KNOWLEDGE, medicines=read_medicines(typed, KNOWLEDGE, complete=True)
    )
    about = msgspec.structs.replace(ABOUT, medicines=typed)
    found = write_report(check, KNOWLEDGE, particulars=about)
    rows = {row[0]: row[1:] for row in table(found, "medicines").rows}
    assert list(rows) == list(typed)
    assert rows[typed[0]][2] == "LINKED"
    assert rows[typed[0]][1].endswith("?"), "a code that was recalled is marked"
    assert rows[typed[1]][2] == "no link known"
    assert rows[typed[2]][0] == "name not recognized"
    assert rows[typed[3]][0].startswith("not sure: ")
    again = write_report(check, KNOWLEDGE, particulars=ABOUT)
    assert len(table(again, "medicines").rows) == len(typed), (
        "the list as it was read serves without the words"
    )


def test_a_closed_empty_list_is_none() -> None:
    """No medicines is something that was said; nobody asked is another."""
    empty = read_medicines((), KNOWLEDGE, complete=True)
    check = check_in(read_answers(CALM, KNOWLEDGE), KNOWLEDGE, medicines=empty)
    assert line(report(check), "medicines", "Medicines").text == "none"


def test_what_was_tried_is_counted_and_credited_with_nothing() -> None:
    """Since when, on how many days, and no result before anybody analysed it."""
    rows = wrote((9, remedy(STEP, d.Did.CHOSEN)), (8, remedy(STEP)), (7, remedy(STEP)), (0, none))
    found = table(report(checked(), rows), "tried")
    (row,) = found.rows
    assert row[:4] == ("1", KNOWLEDGE.remedies[STEP].label, DAYS[-10], "2 of 10 (20%)")
    assert row[5] == "not analysed"
    assert "credits nothing" in found.note


def test_a_result_comes_with_its_interval_and_word() -> None:
    """Where a self-experiment was analysed its row says so, in a picture too; a remedy without one says that."""
    rows = wrote((9, remedy(STEP)), (8, remedy("heat")), (0, none))
    trial = Trial(remedy=STEP, estimate=-1.5, low=-2.5, high=-0.5, word="likely helps")
    found = block(report(checked(), rows, trials=(trial,)), "tried")
    results = [row[5] for row in found.parts[0].rows]
    assert results == ["-1.5 (-2.5 to -0.5), likely helps", "not enough diary yet"]
    picture = next(part for part in found.parts if isinstance(part, Picture))
    assert picture.table.rows == ((KNOWLEDGE.remedies[STEP].label, "-1.5", "-2.5", "-0.5", "likely helps"),)


def test_a_withheld_remedy_is_history_and_no_advice() -> None:
    """What the rules withhold is marked so where it was tried; its advice is printed for nobody."""
    check = checked(hx_ckd="yes", on_dialysis="yes")
    if check.plan is None:
        pytest.fail("the example must reach a plan")
    withheld = next(step.remedy for step in check.plan.withheld if step.status is Status.EXCLUDE)
    found = report(check, wrote((5, remedy(withheld.id)), (0, none)))
    (row,) = table(found, "tried").rows
    assert row[4].startswith("not advised (")
    assert withheld.text not in as_html(found)


def test_the_week_chart_and_its_numbers_are_the_diary() -> None:
    """Bars, table and sentence say the same; a week of silence is a question mark, not a zero."""
    rows = wrote(*((ago, spasm()) for ago in (0, 0, 1, 3, 8, 30)), *((ago, none) for ago in range(2, 7)))
    picture = next(p for p in block(report(checked(), rows), "trend").parts if isinstance(p, Picture))
    weeks = picture.table.rows
    assert len(weeks) == CONTENT.report.meta.chart_weeks
    assert [row[1] for row in weeks[-5:]] == ["1", "0", "0", "1", "4"]
    assert [row[2] for row in weeks[-5:]] == ["1", "0", "0", "1", "7"]
    assert ">?<" in picture.svg
    assert "Hatched or ?" in picture.summary


def test_often_and_how_bad_come_from_the_diary() -> None:
    """Spasms of the latest four weeks, on how many of the days that were said."""
    rows = wrote((0, spasm(8)), (1, spasm(4)), (2, none), (60, spasm(9)))
    found = report(checked(), rows)
    assert line(found, "problem", "How often").found == "2 spasms on 2 of the last 28 days (3 days said)"
    assert line(found, "problem", "Pain, diary").found == "worst 8, mean 6 of 10 (2 spasms rated)"


def test_own_questions_come_first_and_from_the_diary_too() -> None:
    """What the person asks stands in their own words, said now or written before."""
    rows = wrote((3, lambda when: d.OwnQuestion(when=when, text="Should I be tested?")))
    assert (
        line(report(checked(), rows), "bottom_line", "Question").found
        == "Is it my pill? / Should I be tested?"
    )


def test_the_seal_breaks_when_a_word_is_changed() -> None:
    """The checksum is that of the content: the same said twice has the same, another word another."""
    found = report(checked())
    assert is_whole(found)
    assert found.seal == report(checked()).seal
    assert not is_whole(msgspec.structs.replace(found, title="Another"))
    assert len(found.seal) == 64


def test_every_form_says_whole_document() -> None:
    """Text and page print every title, label and cell of the first page, the banner and the seal."""
    rows = wrote((9, remedy(STEP)), (3, spasm()), (1, spasm()), (0, none))
    found = report(checked(), rows)
    page, text = as_html(found), " ".join(as_text(found).split())
    assert max(map(len, as_text(found).splitlines())) <= WIDTH
    for words in (found.banner, found.seal, *(one.title for one in found.blocks)):
        assert words in page
        assert words in text
    for one in found.blocks:
        for part in one.parts:
            assert part.label in page if not isinstance(part, Table) else part.caption in page
            if isinstance(part, Line) and "'" not in part.words:
                assert part.words.replace(";", "").split()[-1] in text


def test_a_strict_policy_can_let_the_style_in() -> None:
    """The hash for the policy is that of the style as it stands in the page, which is its only one."""
    (style,) = re.findall(r"<style>(.*?)</style>", as_html(report(checked())), re.DOTALL)
    assert style_source() == f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'"
    assert " style=" not in as_html(report(checked()))


def test_what_a_person_typed_stays_text() -> None:
    """A name or a question with marks of a markup is printed and not obeyed."""
    about = Particulars(today=TODAY.isoformat(), name="<b>x</b>", questions=("<script>1</script> \x1b[31m",))
    found = write_report(checked(), KNOWLEDGE, particulars=about)
    assert "<script" not in as_html(found)
    assert "<b>x" not in as_html(found)
    assert "\x1b" not in as_text(found)


def test_the_library_makes_a_report_in_a_few_lines() -> None:
    """As a program that embeds us would: answers in, a page out."""
    knowledge = unknot.load_knowledge()
    answers = unknot.read_answers({"age_years": 57, "region": ["calf"]}, knowledge)
    check = unknot.check_in(answers, knowledge)
    document = unknot.write_report(check, knowledge, particulars=unknot.Particulars(today="2026-11-22"))
    assert as_html(document).startswith("<!DOCTYPE html>")
