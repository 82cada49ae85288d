"""The status of every amount of a table, and which cells read by OCR a person should look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lanci.document import AmountStatus, Cell, CellRef, Finding, HeaderRole, TextSource
from lanci.interpret import is_nothing
from lanci.numbers import parse_amount
from lanci.validate.constraints import Constraint
from lanci.validate.context import TableContext
from lanci.validate.doubt import DISPLACED, LIMIT, Damage, find_damage, find_doubt
from lanci.validate.graph import Graph, Verdict, is_dispute, is_proof
from lanci.validate.registry import DOUBTING_RULES, MISPLACING_RULES

_UNCHECKED = Verdict(AmountStatus.UNCHECKED)


@dataclass(frozen=True, slots=True)
class Checked:
    """What the constraints of a document say of its cells.

    Attributes:
        graph: they.
        verdicts: on amounts; what is not among them is unchecked.
        misread: how probable it is that a cell of broken constraints was misread, where that was found out.
    """

    graph: Graph
    verdicts: Mapping[CellRef, Verdict]
    misread: Mapping[CellRef, float]


def judge_cells(context: TableContext, findings: Sequence[Finding], checked: Checked) -> tuple[Cell, ...]:
    """The cells of a table with their status; of what was read by OCR it is told anew what needs review.

    Args:
        context: the table.
        findings: those about it, and those of all tables that may be.
        checked: what is known of its document.
    """
    chances = dict(checked.misread) | dict.fromkeys(_doubted(findings, DOUBTING_RULES), 1.0)
    damage = find_damage(context, set(_doubted(findings, MISPLACING_RULES)))
    chances |= {ref: max(DISPLACED, chances.get(ref, 0.0)) for ref in damage.displaced}
    cells = []
    for cell in context.table.cells:
        ref = context.ref(cell)
        verdict = checked.verdicts.get(ref, _UNCHECKED) if context.is_amount(cell) else None
        review = cell.needs_review
        if cell.source is TextSource.OCR:
            if verdict is not None:
                review = find_doubt(cell, verdict, chances.get(ref), damage.spread(cell.row)) > LIMIT
            elif max(chances.get(ref, 0.0), _number_doubt(context, cell, damage)) > LIMIT:
                review = True
            elif is_nothing(cell.text) and _is_confirmed(checked.graph.around(ref)):
                review = False
        cells.append(_with_status(cell, verdict, review))
    return tuple(cells)


def _number_doubt(context: TableContext, cell: Cell, damage: Damage) -> float:
    """The doubt in where a number stands that is in a column of text, be it an amount of the column beside."""
    in_text = cell.role is HeaderRole.TEXT and cell.row >= context.table.n_header_rows
    return damage.spread(cell.row) if in_text and parse_amount(cell.text) is not None else 0.0


def _doubted(findings: Sequence[Finding], rules: frozenset[str]) -> Iterator[CellRef]:
    return (ref for finding in findings if finding.rule in rules for ref in finding.cells)


def _is_confirmed(around: Sequence[Constraint]) -> bool:
    """Whether sums hold to the last place without an amount, and none of them lacks one."""
    return any(is_proof(one) and not one.difference for one in around) and not any(map(is_dispute, around))


def _with_status(cell: Cell, verdict: Verdict | None, review: bool) -> Cell:
    status, proofs = (None, 0) if verdict is None else (verdict.status, verdict.proofs)
    if (cell.status, cell.proofs, cell.needs_review) == (status, proofs, review):
        return cell
    return replace(cell, status=status, proofs=proofs, needs_review=review)
