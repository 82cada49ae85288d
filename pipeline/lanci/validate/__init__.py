"""Stage ``validate``: what a document's own arithmetic says of it, as findings; nothing is ever repaired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lanci.document import Finding, PageSummary, Table, TextSource
from lanci.validate.context import DocumentContext, TableContext
from lanci.validate.registry import DOCUMENT_RULES, TABLE_RULES, rules_to_markdown
from lanci.validate.rules.unreadable_amount import UnreadableAmount

__all__ = ["DOCUMENT_RULES", "TABLE_RULES", "rules_to_markdown", "validate"]


def validate(
    tables: Sequence[Table], pages: Sequence[PageSummary] = ()
) -> tuple[tuple[Table, ...], tuple[Finding, ...]]:
    """Check interpreted tables by all rules.

    Args:
        tables: the tables of one document in order, with their values set by ``interpret``.
        pages: those that were read. Where a table may go on beyond them, a sum that misses some of its total is a
            remark, no error. Without pages all tables count as whole.

    Returns:
        The tables with their own findings (rules in registry order, cells in reading order), and the findings
        that concern several tables. Amounts that OCR could not read as numbers come back with
        ``needs_review`` set; nothing else of a table changes.
    """
    document = DocumentContext.of(tables, pages)
    checked = tuple(_with_findings(context) for context in document.tables)
    return checked, tuple(finding for rule in DOCUMENT_RULES for finding in rule.check(document))


def _with_findings(context: TableContext) -> Table:
    findings = tuple(finding for rule in TABLE_RULES for finding in rule.check(context))
    unread = {
        (ref.row, ref.col) for finding in findings if finding.rule == UnreadableAmount.name for ref in finding.cells
    }
    if not unread:
        return replace(context.table, findings=findings)
    cells = tuple(
        replace(cell, needs_review=True) if cell.source is TextSource.OCR and (cell.row, cell.col) in unread else cell
        for cell in context.table.cells
    )
    return replace(context.table, cells=cells, findings=findings)
