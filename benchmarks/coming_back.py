"""How long coming back takes when nothing is new: the page of two questions, the first signs, how bad it is.

The same simulated people as ``checkin.py``, three weeks after a whole check-in, and as they were.
What is new for somebody leads to the check-in of ``checkin.py`` with what lasts known, and is not
measured here. That coming back is never calmer is tested: ``tests/property/test_coming_back.py``.

    python benchmarks/coming_back.py [--people 200] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Final

import msgspec
import simulate
from checkin import THREE_WEEKS, Took, Truth, interview, person, spread

from unknot.knowledge.base import Knowledge
from unknot.knowledge.load import load_knowledge
from unknot.pathway.again import Now, still_known
from unknot.pathway.answers import Answers

TAPS: Final = 3
"""How it is, "none of these", "continue"."""


def coming_back(truth: Truth, last: Answers, knowledge: Knowledge) -> Took:
    """What it takes somebody to come back who says "about the same" and that nothing is new."""
    again = knowledge.content.again
    now = Now(again.calm[-1], frozenset())
    known = still_known(last, {}, now, knowledge, since=THREE_WEEKS)
    took, _ = interview(truth, knowledge, known.answers.given)
    words = sum(len(text.split()) for text in texts(last, knowledge))
    return msgspec.structs.replace(
        took, pages=took.pages + 1, items=took.items + 2, words=took.words + words, taps=took.taps + TAPS
    )


def texts(last: Answers, knowledge: Knowledge) -> list[str]:
    """Every text in sight on the page of two questions, the reminder of last time among them."""
    again = knowledge.content.again
    found = [again.title, again.compared, again.anything_new, again.last_time]
    found += [option.text for option in again.options] + [row.text for row in knowledge.content.news]
    for name in again.describes:
        question, value = knowledge.questions[name], last.given.get(name)
        if isinstance(value, frozenset):
            found += [question.label, *(o.text for o in question.options if o.id in value)]
        elif isinstance(value, bool):
            found += [question.label, "Yes"]
    return found


def main() -> None:
    """Measure, print, and write the numbers where they are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    knowledge = load_knowledge()
    took = []
    for seed, one in enumerate(
        simulate.simulate("network", options.people, 4, knowledge, missing=0.0, flipped=0.0)
    ):
        truth = person(seed, one, knowledge)
        _, found = interview(truth, knowledge)
        took.append(coming_back(truth, found.findings.answers, knowledge))
    found_all = {"people": options.people, "coming_back": spread(took)}
    print(json.dumps(found_all, indent=1))
    if options.json:
        options.json.write_text(json.dumps(found_all, indent=1))


if __name__ == "__main__":
    main()
