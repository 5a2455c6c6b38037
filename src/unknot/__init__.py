"""Unknot: muscle spasms. Find out why, do what is safe, see what helps, know when to stop.

>>> import unknot
>>> knowledge = unknot.load_knowledge()
>>> answers = unknot.read_answers({"age_years": 40, "chest_pressure": "yes"}, knowledge)
>>> unknot.check_in(answers, knowledge).care.level.id
'emergency_call'

The content is a draft: no clinician has reviewed it. It must not be used for care.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unknot.errors import InputError, KnowledgeError, SettingsError, UnknotError
    from unknot.knowledge.load import load_knowledge
    from unknot.knowledge.site import Site
    from unknot.pathway.answers import read_answers
    from unknot.pathway.insight import Insight
    from unknot.pathway.journey import CheckIn, check_in
    from unknot.pathway.medicines import read_medicines
    from unknot.report.case import Particulars
    from unknot.service.archive import read_diary
    from unknot.service.insights import insight
    from unknot.service.reporting import write_report

__version__ = "0.1.0"

__all__ = [
    "CheckIn",
    "InputError",
    "Insight",
    "KnowledgeError",
    "Particulars",
    "SettingsError",
    "Site",
    "UnknotError",
    "__version__",
    "check_in",
    "insight",
    "load_knowledge",
    "read_answers",
    "read_diary",
    "read_medicines",
    "write_report",
]

_HOMES = {
    "CheckIn": "unknot.pathway.journey",
    "InputError": "unknot.errors",
    "Insight": "unknot.pathway.insight",
    "KnowledgeError": "unknot.errors",
    "Particulars": "unknot.report.case",
    "SettingsError": "unknot.errors",
    "Site": "unknot.knowledge.site",
    "UnknotError": "unknot.errors",
    "check_in": "unknot.pathway.journey",
    "insight": "unknot.service.insights",
    "load_knowledge": "unknot.knowledge.load",
    "read_answers": "unknot.pathway.answers",
    "read_diary": "unknot.service.archive",
    "read_medicines": "unknot.pathway.medicines",
    "write_report": "unknot.service.reporting",
}


def __getattr__(name: str) -> object:
    """Import a name at first use, so that a command pays only for what it needs."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    msg = f"module 'unknot' has no attribute '{name}'"
    raise AttributeError(msg)
