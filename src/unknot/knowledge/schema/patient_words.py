"""Which fields of the knowledge a person reads: the only place where this is said.

Everything named here is held to plain language and is what a translation must say. Whatever is
not named is for programs and clinicians: reasons for a number, sources, rules, notes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from unknot.knowledge import reference as ref
from unknot.knowledge import schema as s

PATIENT_WORDS: Final[Mapping[type[s.Noun], tuple[str, ...]]] = {
    s.Question: ("ask", "label", "help", "unit", "also_unit"),
    s.Option: ("text",),
    s.Finding: ("label",),
    s.Screen: ("title",),
    s.Page: ("title",),
    s.Packing: ("plan_title",),
    s.Pool: ("title",),
    s.Purposes: ("safety", "open_flag", "plan", "causes"),
    s.Completeness: ("no_level_title", "otherwise_words", "unsure_words"),
    s.Flag: ("title", "because", "do_now"),
    s.Level: ("title", "who", "do"),
    s.CareWords: ("latch_words", "self_care_safety_net", "unsigned_banner", "translated_banner"),
    s.WhileYouWait: ("say",),
    s.Block: ("means",),
    s.Scope: ("say",),
    s.Cause: ("name", "tells"),
    s.Family: ("label",),
    s.Exposure: ("evidence",),
    s.CauseModel: ("contributes_words",),
    s.CauseBand: ("words",),
    s.Remedy: ("label", "text", "reassurance", "time_to_effect", "dose", "regions"),
    s.NotRecommended: ("text",),
    s.Caution: ("say",),
    s.ShortPlan: ("during_title",),
    s.RankedWords: ("words",),
    s.Region: ("name", "area", "means"),
    s.Daily: ("ask", "label", "unit"),
    s.NoticedChange: ("words",),
    s.Tested: ("days",),
    s.Sought: ("words",),
    s.InsightWords: s.InsightWords.__struct_fields__,
    s.Again: ("title", "compared", "anything_new", "nothing_new", "last_time"),
    s.News: ("text",),
    ref.Segment: ("name",),
    ref.MedicineClass: ("plain",),
    ref.ClinicianMedicine: ("patient_line",),
    ref.Food: ("food", "serving"),
    ref.Instrument: ("plain",),
    ref.InstrumentItem: ("ask", "low", "high"),
    ref.ReportBlock: ("title",),
    ref.ReportLine: ("label", "note"),
}
"""Noun -> its fields that hold words; in a mapping (``dose``, ``regions``) the texts are the words."""
