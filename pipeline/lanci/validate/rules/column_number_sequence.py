"""Rule ``column-number-sequence``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lanci.document import Cell, Finding, RowRole, Severity
from lanci.validate.context import TableContext
from lanci.validate.rules.base import Description

_MANY = 3
"""More breaks than this are one finding: it is the row that is amiss, not some numbers."""


@dataclass(frozen=True, slots=True)
class _Break:
    """A number that does not follow on the one to its left; ``cell`` is None where none is printed for it."""

    cell: Cell | None
    expected: int
    found: int


class ColumnNumberSequence:
    """栏次 numbers the columns 1, 2, 3 … from left to right; it may begin again at 1."""

    name = "column-number-sequence"
    severity = Severity.WARNING
    describes = Description(
        "The numbers of the 栏次 row are consecutive from 1; a gap means a lost column.",
        "栏次从 1 起连续编号；缺号可能意味着漏列。",
    )

    def check(self, context: TableContext) -> Iterable[Finding]:
        breaks = list(_find_breaks(context))
        if len(breaks) > _MANY:
            yield self._report_all(context, breaks)
        else:
            yield from (self._report(context, one) for one in breaks)

    def _report(self, context: TableContext, one: _Break) -> Finding:
        return Finding(
            rule=self.name,
            severity=self.severity,
            message=f"栏次应为 {one.expected}，列示为 {one.found}"
            f" / column number {one.expected} expected, {one.found} printed",
            cells=() if one.cell is None else (context.ref(one.cell),),
            expected=str(one.expected),
            found=str(one.found),
        )

    def _report_all(self, context: TableContext, breaks: Sequence[_Break]) -> Finding:
        numbers = ", ".join(str(one.found) for one in breaks)
        return Finding(
            rule=self.name,
            severity=self.severity,
            message=f"栏次多处不连续（{numbers}），请对照原页"
            f" / column numbers do not continue in many places ({numbers}): please see the page",
            cells=tuple(context.ref(one.cell) for one in breaks if one.cell is not None),
        )


def _find_breaks(context: TableContext) -> Iterator[_Break]:
    row = next((row for row, role in enumerate(context.table.row_roles) if role is RowRole.COLUMN_NUMBER), None)
    expected = 1
    before: Cell | None = None
    for column in context.table.columns:
        cell = None if row is None else context.view.at(row, column.index)
        # A number over several columns is one number.
        if column.column_number is None or (cell is not None and cell is before):
            continue
        before = cell
        if column.column_number not in (expected, 1):
            yield _Break(cell, expected, column.column_number)
        expected = column.column_number + 1
