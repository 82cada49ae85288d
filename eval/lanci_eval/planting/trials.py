"""Plant, interpret, validate, and compare with what was said before."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from zlib import crc32

import numpy as np

from lanci.document import AmountStatus, CellRef, ConflictVerdict, Finding, Severity, Table
from lanci.interpret import interpret, is_nothing
from lanci.numbers import parse_amount
from lanci.validate import build_graph, validate
from lanci.validate.constraints import CERTAIN, Constraint
from lanci.validate.context import DocumentContext
from lanci.validate.graph import Graph
from lanci.validate.misreading.explanations import key_of
from lanci_eval.planting.cells import CELL_PLANTERS, Ground
from lanci_eval.planting.records import Kind, Place, Planted, Proposal, Specimen, Trial
from lanci_eval.planting.rows import ROW_PLANTERS

PLANTERS = dict((*CELL_PLANTERS, *ROW_PLANTERS))
_Told = tuple[str, str, str | None]
"""What makes two findings the same: rule, message, proposal."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """What validation says of a document in which nothing is planted.

    Attributes:
        tables: as checked.
        graph: its constraints.
        told: its warnings and errors.
        proposals: how many of these propose another reading; all of them are wrong.
        seconds: what it took.
    """

    tables: tuple[Table, ...]
    graph: Graph
    told: frozenset[_Told]
    proposals: int
    seconds: float


def check_untouched(specimen: Specimen) -> Baseline:
    """Validate a document as it is."""
    tables, findings, seconds = _validate(specimen, specimen.tables)
    told = frozenset(_tell(finding) for finding in findings)
    proposals = sum(finding.proposal is not None for finding in findings)
    graph = build_graph(DocumentContext.of(specimen.tables, specimen.pages))
    return Baseline(tables, graph, told, proposals, seconds)


def run_trials(specimen: Specimen, baseline: Baseline, count: int, seed: int) -> Iterator[Trial]:
    """Up to ``count`` plantings in a document, one at a time, the kinds in turn.

    Args:
        specimen: the document.
        baseline: what validation says of it untouched.
        count: of plantings; fewer where a kind finds no place.
        seed: the same seed and document give the same plantings.
    """
    rng = np.random.default_rng([seed, crc32(specimen.id.encode())])
    grounds = [(index, Ground(table)) for index, table in enumerate(specimen.tables)]
    grounds = [(index, ground) for index, ground in grounds if ground.amounts]
    if not grounds:
        return
    kinds = list(Kind)
    first = int(rng.integers(len(kinds)))
    for turn in range(count):
        kind = kinds[(first + turn) % len(kinds)]
        found = _plant(grounds, kind, rng)
        if found is not None:
            yield _try(specimen, baseline, *found)


def _plant(grounds: Sequence[tuple[int, Ground]], kind: Kind, rng: np.random.Generator) -> tuple[int, Planted] | None:
    """The index of the altered table and the planting; tables are drawn by the number of their amounts."""
    weights = np.array([len(ground.amounts) for _, ground in grounds], dtype=np.float64)
    order = rng.choice(len(grounds), size=len(grounds), replace=False, p=weights / weights.sum())
    for turn in order:
        index, ground = grounds[int(turn)]
        planted = PLANTERS[kind](ground, rng)
        if planted is not None:
            return index, planted
    return None


def _try(specimen: Specimen, baseline: Baseline, index: int, planted: Planted) -> Trial:
    tables = list(specimen.tables)
    tables[index] = interpret(planted.table)
    checked, findings, seconds = _validate(specimen, tables)
    new = [finding for finding in findings if _tell(finding) not in baseline.told]
    trial = judge(planted, baseline.tables[index], checked[index], new)
    around = _constraints(baseline.graph, planted)
    return replace(
        trial,
        document=specimen.id,
        group=specimen.group,
        constrained=bool(around),
        covered=_breaks(around, planted, tables[index]),
        seconds=seconds,
    )


def _constraints(graph: Graph, planted: Planted) -> list[Constraint]:
    """The certain constraints that take one of the amounts, or blanks, as a term."""
    refs = [CellRef(planted.table.id, *place) for place in planted.before]
    found = {key_of(one): one for ref in refs for one in graph.around(ref) if one.certainty >= CERTAIN}
    return list(found.values())


def _breaks(around: Sequence[Constraint], planted: Planted, after: Table) -> bool:
    """Whether what is read makes one of these constraints fail that holds of what is printed.

    An amount of which nothing is read counts as nothing. A constraint that loses its total or all of its parts is gone
    with them, and one that misses parts which may stand on pages that were not read does not fail. What is read as no
    number makes every sum with it fail.
    """
    gone = {CellRef(after.id, *place) for place in planted.before if place[0] in planted.gone}
    cells = {CellRef(after.id, cell.row, cell.col): cell for cell in after.cells}
    kept = {ref: cells[ref] for place in planted.before if (ref := CellRef(after.id, *place)) not in gone}
    if any(cell.value is None and not is_nothing(cell.text) for cell in kept.values()):
        return any(one.holds for one in around)
    read = dict.fromkeys(gone, Decimal(0)) | {ref: cell.value or Decimal(0) for ref, cell in kept.items()}
    standing = (one for one in around if one.total.ref not in gone and not gone.issuperset(one.cells[1:]))
    return any(one.holds and _fails_with(one, read) for one in standing)


def _fails_with(one: Constraint, values: Mapping[CellRef, Decimal]) -> bool:
    if one.holds_with(values):
        return False
    total = values.get(one.total.ref, one.total.value)
    return not (one.may_miss_parts and abs(total) > abs(total - one.difference_with(values)))


def judge(planted: Planted, before: Table, after: Table, new: Sequence[Finding]) -> Trial:
    """What was noticed of a planting, whatever holds its amounts.

    Args:
        planted: it.
        before: the table as printed, checked.
        after: the table with the planting, checked.
        new: warnings and errors of the whole document that were not there before.
    """
    name, places = planted.table.id, set(planted.places)
    single = CellRef(name, *planted.places[0]) if len(planted.places) == 1 else None
    printed, read = _statuses(before, planted.before), _statuses(after, planted.places)
    conflict = AmountStatus.CONFLICT in read and AmountStatus.CONFLICT not in printed
    return Trial(
        document="",
        group="",
        kind=planted.kind,
        table=name,
        row=planted.before[0][0],
        col=planted.before[0][1],
        printed=" | ".join(planted.printed),
        read=" | ".join(planted.read),
        constrained=False,
        covered=False,
        flagged=conflict or any(_names_row(finding, name, places) for finding in new),
        first=single is not None and any(finding.cells[:1] == (single,) for finding in new),
        proven=AmountStatus.PROVEN in read,
        proposal=_judge_proposals(new, planted),
        verdict=_find_verdict([finding for finding in new if _names_row(finding, name, places)]),
        seconds=0.0,
    )


def _validate(specimen: Specimen, tables: Sequence[Table]) -> tuple[tuple[Table, ...], list[Finding], float]:
    """The checked tables, all warnings and errors, and the processor time in seconds."""
    start = time.process_time()
    checked, of_document = validate(tables, specimen.pages, specimen.statements)
    seconds = time.process_time() - start
    findings = [*(finding for table in checked for finding in table.findings), *of_document]
    return checked, [finding for finding in findings if finding.severity is not Severity.INFO], seconds


def _tell(finding: Finding) -> _Told:
    return finding.rule, finding.message, finding.proposal


def _statuses(table: Table, places: Sequence[Place]) -> set[AmountStatus | None]:
    return {cell.status for cell in table.cells if (cell.row, cell.col) in places}


def _names_row(finding: Finding, table: str, places: set[Place]) -> bool:
    """Whether a finding names a cell in one of the rows; any of the table where rows are missing."""
    rows = {row for row, _ in places}
    return any(ref.table == table and (not rows or ref.row in rows) for ref in finding.cells)


def _find_verdict(findings: Iterable[Finding]) -> ConflictVerdict | None:
    given = {finding.verdict for finding in findings}
    order = (ConflictVerdict.MISREADING, ConflictVerdict.OPEN, ConflictVerdict.SOURCE)
    return next((verdict for verdict in order if verdict in given), None)


def _judge_proposals(findings: Iterable[Finding], planted: Planted) -> Proposal:
    """Right only if every proposal is what is printed in an altered cell; nothing is right in a source's error."""
    verdict = Proposal.NONE
    right = _right_readings(planted)
    for finding in findings:
        if finding.proposal is None:
            continue
        ref = finding.cells[0]
        if ref not in right or right[ref] != parse_amount(finding.proposal):
            return Proposal.WRONG
        verdict = Proposal.RIGHT
    return verdict


def _right_readings(planted: Planted) -> dict[CellRef, Decimal]:
    """What is printed in each altered cell, as far as a reader could know of it."""
    if planted.kind is Kind.SOURCE_ERROR or planted.before != planted.places:
        return {}
    pairs = zip(planted.places, planted.printed, strict=True)
    readings = ((CellRef(planted.table.id, *place), parse_amount(text)) for place, text in pairs)
    return {ref: value for ref, value in readings if value is not None}
