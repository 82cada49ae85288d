"""Misread or wrong in the source? What the constraints of a document say of each one that does not hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lanci.document import CellRef, ConflictVerdict, TextSource
from lanci.validate.constraints import Constraint
from lanci.validate.graph import Graph, is_proof
from lanci.validate.misreading.explanations import ConstraintKey, Explanation, Search, is_violated, key_of

_SURE = 0.95
"""Share of all explanations' odds that one reading must have to be proposed."""
_LIKELY = 0.9
"""The same for a verdict."""
_UNKNOWN = 0.05
"""How often what looks wrong in the source was misread in a way that no usual mistake explains."""
_MOST_VIOLATED = 24
"""More constraints than this do not break together by a few misreadings."""
_MOST_SEARCHES = 60
"""A document with more groups of broken constraints than this was not read well enough to be mended."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is thought of one constraint that does not hold.

    Attributes:
        verdict: whether an amount was misread or the source has it so.
        culprit: the amount that is more likely wrong than right; None for none.
        proposal: how that would be printed, if only one reading is likely.
    """

    verdict: ConflictVerdict
    culprit: CellRef | None = None
    proposal: str | None = None


@dataclass(frozen=True, slots=True)
class Misreadings:
    """The judgements of a document; by cell, the readings that are proposed and how likely a cell was misread.

    The latter is known of the cells of constraints that do not hold and for which explanations were found.
    """

    judgements: Mapping[ConstraintKey, Judgement]
    proposals: Mapping[CellRef, str]
    misread: Mapping[CellRef, float]

    def of(self, one: Constraint) -> Judgement:
        """The judgement of a constraint; open for one that holds."""
        return self.judgements.get(key_of(one), Judgement(ConflictVerdict.OPEN))

    def of_all(self, broken: Sequence[Constraint]) -> Judgement:
        """One judgement for constraints of one finding: that with a proposal if there is any, else the first."""
        judged = [self.of(one) for one in broken]
        return next((judgement for judgement in judged if judgement.proposal is not None), judged[0])


def lead(cells: Sequence[CellRef], first: CellRef | None) -> tuple[CellRef, ...]:
    """The cells with one of them in front."""
    return tuple(cells) if first is None else (first, *(ref for ref in cells if ref != first))


def find_misreadings(graph: Graph) -> Misreadings:
    """Judge every constraint of a document that does not hold.

    Only amounts read by OCR can be misread. Where none is among the terms, the source has it so, and nothing is
    searched.
    """
    violated = {key_of(one): one for one in graph.constraints if is_violated(one)}
    judgements = {key: Judgement(ConflictVerdict.SOURCE) for key, one in violated.items() if not _may_be_misread(one)}
    proposals: dict[CellRef, str] = {}
    misread: dict[CellRef, float] = {}
    doubted = [one for key, one in violated.items() if key not in judgements]
    if doubted:
        sums = [one for one in graph.constraints if is_proof(one) and len(one.parts) > 1]
        # As if one of two more did, so that few sums do not prove that all are exact.
        inexact = (1 + sum(one.difference != 0 for one in sums)) / (2 + len(sums))
        search = Search(graph, inexact)
        for number, group in enumerate(_group(doubted)):
            is_bounded = len(group) <= _MOST_VIOLATED and number < _MOST_SEARCHES
            explanations = search.explain(group) if is_bounded else ()
            judged, readings = _judge(group, explanations)
            judgements.update(judged)
            proposals.update(readings)
            misread.update(_share_misread(group, explanations))
    return Misreadings(judgements, proposals, misread)


def _may_be_misread(one: Constraint) -> bool:
    return any(term.cell.source is TextSource.OCR for term in one.terms)


def _group(violated: Iterable[Constraint]) -> list[list[Constraint]]:
    """Constraints that share a cell, directly or by others, together."""
    groups: list[tuple[set[CellRef], list[Constraint]]] = []
    for one in violated:
        cells, members = set(one.cells), [one]
        apart = []
        for group in groups:
            if cells.isdisjoint(group[0]):
                apart.append(group)
            else:
                cells |= group[0]
                members = [*group[1], *members]
        groups = [*apart, (cells, members)]
    return [members for _, members in groups]


def _judge(
    group: Sequence[Constraint], explanations: Sequence[Explanation]
) -> tuple[dict[ConstraintKey, Judgement], dict[CellRef, str]]:
    whole = sum(one.odds for one in explanations)
    if not whole:
        return {key_of(one): Judgement(ConflictVerdict.OPEN) for one in group}, {}
    wrong: dict[CellRef, float] = {}
    read: dict[tuple[CellRef, Decimal], float] = {}
    texts: dict[tuple[CellRef, Decimal], str | None] = {}
    for explanation in explanations:
        share = explanation.odds / whole
        for change in explanation.changes:
            wrong[change.ref] = wrong.get(change.ref, 0.0) + share
            if change.misread:
                name = (change.ref, change.value)
                read[name] = read.get(name, 0.0) + share
                texts.setdefault(name, change.text)
    proposals = {name[0]: text for name, share in read.items() if share >= _SURE and (text := texts[name]) is not None}
    judgements = {}
    for one in group:
        likeliest = max(one.cells, key=lambda ref: wrong.get(ref, 0.0))
        culprit = likeliest if wrong.get(likeliest, 0.0) > 1 / 2 else None
        proposal = proposals.get(culprit) if culprit is not None else None
        judgements[key_of(one)] = Judgement(_find_verdict(one, explanations, whole), culprit, proposal)
    return judgements, proposals


def _share_misread(group: Sequence[Constraint], explanations: Sequence[Explanation]) -> dict[CellRef, float]:
    """By cell, the probability that it was misread, one way or another; nothing without explanations."""
    whole = sum(one.odds for one in explanations)
    shares = {ref: 0.0 for one in group for ref in one.cells} if whole else {}
    for one in explanations:
        for change in one.changes:
            part = 1.0 if change.misread else _UNKNOWN
            shares[change.ref] = shares.get(change.ref, 0.0) + part * one.odds / whole
    return shares


def _find_verdict(one: Constraint, explanations: Sequence[Explanation], whole: float) -> ConflictVerdict:
    cells = set(one.cells)
    misread = sum(
        explanation.odds
        for explanation in explanations
        if any(change.misread and change.ref in cells for change in explanation.changes)
    )
    if misread >= _LIKELY * whole:
        return ConflictVerdict.MISREADING
    return ConflictVerdict.SOURCE if misread <= (1 - _LIKELY) * whole else ConflictVerdict.OPEN
