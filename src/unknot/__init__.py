"""Unknot: muscle spasms. Find out why, do what is safe, see what helps, know when to stop.

>>> import unknot
>>> knowledge = unknot.load_knowledge()
>>> answers = unknot.read_answers({"age_years": 40, "chest_pressure": "yes"}, knowledge)
>>> unknot.check_in(answers, knowledge).care.level.id
'emergency_call'

The content is a draft: no clinician has reviewed it. It must not be used for care.
"""

from unknot.errors import InputError, KnowledgeError, SettingsError, UnknotError
from unknot.knowledge.load import load_knowledge
from unknot.knowledge.site import Site
from unknot.pathway.answers import read_answers
from unknot.pathway.journey import CheckIn, check_in
from unknot.pathway.medicines import read_medicines

__version__ = "0.1.0"

__all__ = [
    "CheckIn",
    "InputError",
    "KnowledgeError",
    "SettingsError",
    "Site",
    "UnknotError",
    "__version__",
    "check_in",
    "load_knowledge",
    "read_answers",
    "read_medicines",
]
