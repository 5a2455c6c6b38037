"""The knowledge, checked and indexed: what every step of the pathway is given."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from unknot.engine.condition import Condition, Name, with_exclusions
from unknot.engine.rules import Evaluator, needs
from unknot.knowledge.language import ENGLISH, Language
from unknot.knowledge.schema import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from unknot.engine.draws import Draws
    from unknot.engine.network import Network
    from unknot.knowledge import reference as ref
    from unknot.knowledge import schema as s
    from unknot.knowledge.files import Content
    from unknot.knowledge.site import Site

Row = TypeVar("Row")


def _by_id(rows: Iterable[Row]) -> dict[str, Row]:
    return {row.id: row for row in rows}  # type: ignore[attr-defined]


def _reached(start: str, pairs: Mapping[str, set[str]]) -> set[str]:
    """Every name that pairs lead to, the start included."""
    found, waiting = {start}, [start]
    while waiting:
        new = pairs.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


class Knowledge:
    """The content of one knowledge folder, with the look-ups that the pathway needs.

    ``version`` is the first 12 hexadecimal digits of the SHA-256 of all files, so two results
    with the same version were made from the same words and numbers.
    """

    def __init__(
        self,
        content: Content,
        *,
        version: str,
        site: Site,
        kept: Path | None = None,
        language: Language = ENGLISH,
    ) -> None:
        """Keep the content; look-ups are made at first use.

        ``kept`` is where the drawn numbers of the causes may be kept between runs; ``language`` is
        what the words are said in.
        """
        self.content = content
        self.version = version
        self.site = site
        self.language = language
        self._kept = kept

    @cached_property
    def network(self) -> Network:
        """The causes as a network."""
        from unknot.knowledge.network import build_network  # noqa: PLC0415 - brings NumPy

        return build_network(self.content)

    @cached_property
    def draws(self) -> Draws:
        """The numbers of the causes, drawn from their ranges."""
        from unknot.knowledge.network import kept_draws  # noqa: PLC0415 - brings NumPy

        return kept_draws(self.content, self.network, self._kept)

    @cached_property
    def questions(self) -> Mapping[str, s.Question]:
        """Every question by its id."""
        return _by_id(self.content.questions)

    @cached_property
    def findings(self) -> Mapping[str, s.Finding]:
        """Every derived finding by its id."""
        return _by_id(self.content.findings)

    @cached_property
    def finding_rules(self) -> Mapping[str, Evaluator]:
        """How each derived finding is worked out."""
        return {row.id: row.when.holds for row in self.content.findings}

    @cached_property
    def flags(self) -> Mapping[str, s.Flag]:
        """Every flag by its id."""
        return _by_id(self.content.flags)

    @cached_property
    def flags_by_urgency(self) -> tuple[s.Flag, ...]:
        """Every flag, most urgent level first."""
        return tuple(sorted(self.content.flags, key=lambda flag: -self.rank(flag.level)))

    @cached_property
    def flag_rules(self) -> tuple[tuple[s.Flag, Evaluator, frozenset[str] | None], ...]:
        """Every flag with its rule and what it needs at the least, most urgent level first."""
        return tuple((flag, flag.when.holds, needs(flag.when.condition)) for flag in self.flags_by_urgency)

    @cached_property
    def needed_by_flags(self) -> frozenset[str]:
        """Every finding that some flag needs at the least."""
        return frozenset[str]().union(*(need for _, _, need in self.flag_rules if need))

    @cached_property
    def guarded(self) -> Mapping[str, Condition]:
        """The condition of each flag at which no plan is allowed, with its exclusions marked."""
        return {
            flag.id: with_exclusions(flag.when.condition, tuple(when.condition for when in flag.exclusions))
            for flag in self.content.flags
            if flag.exclusions and not self.levels[flag.level].plan_allowed
        }

    @cached_property
    def levels(self) -> Mapping[str, s.Level]:
        """Every level of care by its id."""
        return _by_id(self.content.levels)

    @cached_property
    def causes(self) -> Mapping[str, s.Cause]:
        """Every cause by its id."""
        return _by_id(self.content.causes)

    @cached_property
    def families(self) -> Mapping[str, s.Family]:
        """Every family of causes by its id."""
        return _by_id(self.content.families)

    @cached_property
    def remedies(self) -> Mapping[str, s.Remedy]:
        """Every remedy by its id."""
        return _by_id(self.content.remedies)

    @cached_property
    def regions(self) -> Mapping[str, s.Region]:
        """Every region of the body by its id."""
        return _by_id(self.content.regions)

    @cached_property
    def daily(self) -> Mapping[str, s.Daily]:
        """What a day can be asked about, by its id."""
        return _by_id(self.content.daily)

    @cached_property
    def instruments(self) -> Mapping[str, ref.Instrument]:
        """Every instrument by its id."""
        return _by_id(self.content.instruments)

    @cached_property
    def sources(self) -> Mapping[str, ref.Source]:
        """Every source by its id."""
        return _by_id(self.content.sources)

    @cached_property
    def medicine_classes(self) -> Mapping[str, ref.MedicineClass]:
        """Every class of medicines by its id."""
        return _by_id(self.content.medicine_classes)

    @cached_property
    def direction_rank(self) -> Mapping[str, int]:
        """How good each direction of evidence is; larger is better."""
        return {row.id: row.rank for row in self.content.direction}

    @cached_property
    def certainty_rank(self) -> Mapping[str, int]:
        """How sure each certainty word is; larger is surer."""
        return {row.id: row.rank for row in self.content.certainty}

    @cached_property
    def _evidence_words(self) -> Mapping[str, str]:
        rows = (*self.content.direction, *self.content.certainty)
        return {row.id: row.words for row in rows}

    def benefit_words(self, remedy: s.Remedy) -> str:
        """What a remedy may do, never without how sure that is."""
        evidence = remedy.evidence
        return f"{self._evidence_words[evidence.direction]} {self._evidence_words[evidence.certainty]}"

    @cached_property
    def review(self) -> s.Review:
        """Whether a clinician has signed every flag, remedy and caution, and their translation."""
        content = self.content
        states = {
            *({"draft"} if self.language.translation == "draft" else ()),
            *(row.status for row in content.flags),
            *(row.status for row in content.remedies),
            *(row.status for row in content.levels),
            *(row.review for row in content.cautions),
        }
        return "reviewed" if states == {"reviewed"} else "draft"

    @property
    def banner(self) -> str:
        """What everybody must be told about words that nobody has signed."""
        words = self.content.care_words
        by_machine = self.language.translation == "draft" and self.language.made_by == "machine"
        return f"{words.unsigned_banner} {words.translated_banner}" if by_machine else words.unsigned_banner

    @cached_property
    def cause_bands(self) -> tuple[s.CauseBand, ...]:
        """The words for how well a cause fits, best first."""
        return tuple(sorted(self.content.model.bands, key=lambda band: -band.at_least))

    @cached_property
    def least_shown_share(self) -> float:
        """The share from which a main cause is named."""
        return min(band.at_least for band in self.cause_bands if band.at_least > 0)

    @cached_property
    def exposures_of(self) -> Mapping[str, tuple[s.Exposure, ...]]:
        """The exposures that belong to each family."""
        return {
            family.id: tuple(row for row in self.content.exposures if row.family == family.id)
            for family in self.content.families
        }

    def blocks_of(self, scope: s.Scope) -> tuple[s.Block, ...]:
        """What a scope takes away."""
        return tuple(block for block in self.content.blocks if block.id in scope.blocks)

    @cached_property
    def screens(self) -> tuple[s.Screen, ...]:
        """The screens in the order they are asked."""
        return tuple(sorted(self.content.screens, key=lambda screen: screen.order))

    @cached_property
    def pages(self) -> Mapping[str, s.Page]:
        """Every page by its id."""
        return {page.id: page for screen in self.screens for page in screen.pages}

    def questions_behind(self, condition: s.When) -> frozenset[str]:
        """Every question that a condition reads, through findings, and through what asks for its questions."""
        found: set[str] = set()
        waiting = [*condition.names]
        while waiting:
            name = waiting.pop()
            finding = self.findings.get(name)
            if finding is not None:
                waiting += finding.when.names
            elif name not in found:
                found.add(name)
                question = self.questions[name]
                for when in (question.also_true_when, question.only_if):
                    waiting += when.names if when else ()
        return frozenset(found)

    @cached_property
    def listed_medicine_questions(self) -> frozenset[str]:
        """The questions that a closed medicine list answers."""
        return frozenset(q.id for q in self.content.questions if q.from_medicine_list)

    @cached_property
    def linked_questions(self) -> frozenset[str]:
        """The questions whose value depends on other questions."""
        rows = self.content.questions
        return frozenset(q.id for q in rows if q.only_if or q.also_true_when or q.filled_from)

    @cached_property
    def true_by_others(self) -> frozenset[str]:
        """The questions that another answer can make true."""
        return frozenset(q.id for q in self.content.questions if q.also_true_when)

    @cached_property
    def unanswered(self) -> Mapping[str, None]:
        """Every question that stands alone, as unknown."""
        return dict.fromkeys(q.id for q in self.content.questions if q.id not in self.linked_questions)

    @cached_property
    def circles(self) -> Mapping[str, frozenset[str]]:
        """For a question that leads back to itself, the others on the way (parents and children)."""
        reads: dict[str, frozenset[str]] = {
            q.id: frozenset[str]().union(*(when.names for when in (q.only_if, q.also_true_when) if when))
            for q in self.content.questions
        }
        pairs: dict[str, set[str]] = {
            a: {b for b in read if a in reads.get(b, ())} for a, read in reads.items()
        }
        return {name: frozenset(_reached(name, pairs) - {name}) for name, others in pairs.items() if others}

    @cached_property
    def gates(self) -> Mapping[str, str]:
        """The gate of each question that is asked under that gate alone and that nothing else makes true.

        Such a question, not answered, tells its gate nothing.
        """
        return {
            q.id: q.only_if.condition.name
            for q in self.content.questions
            if q.only_if and isinstance(q.only_if.condition, Name) and not q.also_true_when
            if q.kind is Kind.YES_NO and q.only_if.condition.name in self.circles.get(q.id, ())
        }

    @cached_property
    def yes_no(self) -> frozenset[str]:
        """The questions that are answered yes or no."""
        return frozenset(q.id for q in self.content.questions if q.kind is Kind.YES_NO)

    def rank(self, level: str) -> int:
        """How urgent a level is; a larger rank is more urgent."""
        return self.levels[level].rank

    def label(self, name: str) -> str:
        """The words for a question or finding that is present."""
        question = self.questions.get(name)
        return question.label if question else self.findings[name].label
