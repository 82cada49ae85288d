"""Stage ``validate``: what a document's own arithmetic says of it, as findings; nothing is ever repaired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lanci.document import (
    AmountStatus,
    Cell,
    CellRef,
    ConflictVerdict,
    Finding,
    HeaderRole,
    PageSummary,
    Statement,
    Table,
    TextSource,
)
from lanci.validate.context import DocumentContext, TableContext
from lanci.validate.graph import Graph, Verdict
from lanci.validate.misread import Misreadings, find_misreadings
from lanci.validate.registry import (
    ALL_RULES,
    DOCUMENT_RULES,
    DOCUMENT_SUMS,
    TABLE_RULES,
    TABLE_SUMS,
    rules_to_markdown,
)
from lanci.validate.report import report_broken
from lanci.validate.rules.unreadable_amount import UnreadableAmount

__all__ = ["ALL_RULES", "build_graph", "rules_to_markdown", "validate"]

_UNCHECKED = Verdict(AmountStatus.UNCHECKED)


def validate(
    tables: Sequence[Table], pages: Sequence[PageSummary] = (), statements: Sequence[Statement] = ()
) -> tuple[tuple[Table, ...], tuple[Finding, ...]]:
    """Check interpreted tables by all rules.

    Args:
        tables: the tables of one document in order, with their values set by ``interpret``.
        pages: those that were read. Where a table may go on beyond them, a sum that misses some of its total is a
            remark, no error. Without pages all tables count as whole.
        statements: what the document says of its amounts in prose.

    Returns:
        The tables with their own findings (rules in registry order, cells in reading order) and with the status of
        their amounts, and the findings that concern several tables or prose. What was read by OCR needs no review where
        it is proven and needs one where it is in conflict or is an amount that is no number; nothing else changes.
    """
    document = DocumentContext.of(tables, pages, statements)
    graph = build_graph(document)
    misreadings = find_misreadings(graph)
    verdicts = graph.verdicts()
    # What is proposed otherwise is disputed, whatever seems to confirm it.
    verdicts |= {ref: Verdict(AmountStatus.CONFLICT, graph.proofs(ref)) for ref in misreadings.proposals}
    broken = list(report_broken(graph, misreadings, {context.table.id: context for context in document.tables}))
    inside: dict[str, list[Finding]] = {}
    across: list[Finding] = []
    for finding in broken:
        ids = {ref.table for ref in finding.cells}
        (inside.setdefault(ids.pop(), []) if len(ids) == 1 and not finding.places else across).append(finding)
    checked = tuple(
        _complete(context, inside.get(context.table.id, ()), verdicts, misreadings) for context in document.tables
    )
    across.extend(finding for rule in DOCUMENT_RULES for finding in rule.check(document))
    return checked, tuple(across)


def build_graph(document: DocumentContext) -> Graph:
    """All constraints of a document: those of each table in order, then those between tables."""
    inside = [one for context in document.tables for rule in TABLE_SUMS for one in rule.find(context)]
    return Graph.of([*inside, *(one for rule in DOCUMENT_SUMS for one in rule.find(document))])


def _complete(
    context: TableContext, broken: Sequence[Finding], verdicts: dict[CellRef, Verdict], misreadings: Misreadings
) -> Table:
    told = (_propose(finding, misreadings) for rule in TABLE_RULES for finding in rule.check(context))
    findings = (*broken, *told)
    unread = {ref for finding in findings if finding.rule == UnreadableAmount.name for ref in finding.cells}
    forms = context.form_units
    cells = tuple(
        _judge(cell, verdicts.get(context.ref(cell), _UNCHECKED))
        if cell.value is not None and (cell.role is HeaderRole.AMOUNT or (cell.row, cell.col) in forms)
        else _without_status(cell, unread=context.ref(cell) in unread)
        for cell in context.table.cells
    )
    return replace(context.table, cells=cells, findings=findings)


def _propose(finding: Finding, misreadings: Misreadings) -> Finding:
    """The finding for an amount that is no number, with the reading that the sums around it ask for."""
    if finding.rule != UnreadableAmount.name or finding.cells[0] not in misreadings.proposals:
        return finding
    return replace(finding, proposal=misreadings.proposals[finding.cells[0]], verdict=ConflictVerdict.MISREADING)


def _judge(cell: Cell, verdict: Verdict) -> Cell:
    """An amount with its status; only what was read by OCR is to be reviewed or not for it."""
    review = cell.needs_review
    if cell.source is TextSource.OCR:
        if verdict.status is not AmountStatus.UNCHECKED:
            review = verdict.status is AmountStatus.CONFLICT
        elif cell.status is AmountStatus.PROVEN:
            review = True  # an earlier check had excused it from review
    return replace(cell, status=verdict.status, proofs=verdict.proofs, needs_review=review)


def _without_status(cell: Cell, *, unread: bool) -> Cell:
    review = cell.needs_review or (unread and cell.source is TextSource.OCR)
    if cell.status is None and review == cell.needs_review:
        return cell
    return replace(cell, status=None, proofs=0, needs_review=review)
