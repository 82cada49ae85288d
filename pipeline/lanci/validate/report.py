"""From a broken check to a finding with a message in Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass

from lanci.document import CellRef, Finding, Severity
from lanci.validate.context import TableContext
from lanci.validate.sums import SumCheck, find_repair


@dataclass(frozen=True, slots=True)
class Claim:
    """What a rule says of a sum: the parts in Chinese and English, how sure it is, and whether parts may be unread."""

    rule: str
    severity: Severity
    parts_zh: str
    parts_en: str
    may_miss_parts: bool = False


def sum_to_finding(context: TableContext, check: SumCheck, claim: Claim, label: str = "") -> Finding:
    """The finding for a sum that does not hold; the total's cell stands first, or the one to be reread.

    Args:
        context: the table of the total.
        check: the broken sum.
        claim: what the rule says.
        label: the name of the total's row where it is not that of the whole row (halves of a table).
    """
    total = check.total
    where = label or context.view.label(total.cell.row) or f"#{total.cell.row + 1}"
    column = context.view.column_name(total.cell.col)
    printed_zh = "空白" if total.is_blank else total.cell.text
    printed_en = "blank" if total.is_blank else total.cell.text
    message = (
        f"“{where}”在“{column}”列：{claim.parts_zh}之和 {check.printed_sum}，列示为{printed_zh}，"
        f"相差 {check.difference}"
        f" / {where}, column {column}: {claim.parts_en} add up to {check.printed_sum}, "
        f"printed is {printed_en} (difference {check.difference})"
    )
    repair = find_repair(check)
    severity = claim.severity
    # Missing parts can only explain that the printed total is the larger one.
    if claim.may_miss_parts and repair is None and abs(total.value) > abs(check.expected):
        severity = Severity.INFO
        message += "；表格可能在未读取的页上继续 / the table may go on beyond the pages that were read"
    cells = [term.ref for term in check.terms if term is total or not term.is_blank]
    if repair is not None:
        cells = [repair.ref, *(ref for ref in cells if ref != repair.ref)]
    return Finding(
        rule=claim.rule,
        severity=severity,
        message=message,
        cells=tuple(cells) if len(cells) > 1 else _all_cells(check),
        expected=str(check.expected),
        found="" if total.is_blank else str(total.value),
        proposal=repair.text if repair is not None else None,
    )


def _all_cells(check: SumCheck) -> tuple[CellRef, ...]:
    """With all parts blank the blanks are what the finding is about."""
    return tuple(term.ref for term in check.terms)
