"""Rule ``column-number-sequence``."""

from __future__ import annotations

from collections.abc import Iterable

from lanci.document import CellRef, Finding, RowRole, Severity
from lanci.validate.context import TableContext
from lanci.validate.rules.base import Description


class ColumnNumberSequence:
    """栏次 numbers the columns 1, 2, 3 … from left to right."""

    name = "column-number-sequence"
    severity = Severity.WARNING
    describes = Description(
        "The numbers of the 栏次 row are consecutive from 1; a gap means a lost column.",
        "栏次从 1 起连续编号；缺号可能意味着漏列。",
    )

    def check(self, context: TableContext) -> Iterable[Finding]:
        table = context.table
        expected = 1
        for column in table.columns:
            number = column.column_number
            if number is None:
                continue
            if number not in (expected, 1):
                rows = [row for row, role in enumerate(table.row_roles) if role is RowRole.COLUMN_NUMBER]
                yield Finding(
                    rule=self.name,
                    severity=self.severity,
                    message=f"栏次应为 {expected}，列示为 {number}"
                    f" / column number {expected} expected, {number} printed",
                    cells=tuple(CellRef(table.id, row, column.index) for row in rows[:1]),
                    expected=str(expected),
                    found=str(number),
                )
            expected = number + 1
