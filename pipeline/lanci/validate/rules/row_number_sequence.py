"""Rule ``row-number-sequence``."""

from __future__ import annotations

from collections.abc import Iterable

from lanci.document import Cell, Finding, HeaderRole, Severity
from lanci.text import squash
from lanci.validate.context import TableContext
from lanci.validate.rules.base import Description


class RowNumberSequence:
    """序号 goes on by one from row to row; it may begin again at 1."""

    name = "row-number-sequence"
    severity = Severity.WARNING
    describes = Description(
        "Row numbers (序号) continue by 1; a gap means a lost row, a repetition a row read twice.",
        "序号逐行加一；缺号可能意味着漏行，重号可能意味着重复。",
    )

    def check(self, context: TableContext) -> Iterable[Finding]:
        for col in context.view.columns(HeaderRole.ROW_NUMBER):
            numbers = _numbers(context, col)
            # A table whose beginning was not read goes on counting.
            expected = numbers[0][1] if numbers and context.reach.above else 1
            for index, (cell, number) in enumerate(numbers):
                following = numbers[index + 1][1] if index + 1 < len(numbers) else None
                begins_again = number == 1 and following in (2, None)
                if number == expected or begins_again:
                    expected = number + 1
                    continue
                yield self._report(context, cell, expected, number)
                # One misread number does not shift those after it.
                expected = expected + 1 if following == expected + 1 else number + 1

    def _report(self, context: TableContext, cell: Cell, expected: int, number: int) -> Finding:
        return Finding(
            rule=self.name,
            severity=self.severity,
            message=f"序号应为 {expected}，列示为 {number} / row number {expected} expected, {number} printed",
            cells=(context.ref(cell),),
            expected=str(expected),
            found=str(number),
        )


def _numbers(context: TableContext, col: int) -> list[tuple[Cell, int]]:
    """The cells of a 序号 column that hold a plain number, top to bottom."""
    found = []
    for row in context.view.data_rows:
        cell = context.view.at(row, col)
        if cell is not None and cell.row == row and (text := squash(cell.text)).isdecimal():
            found.append((cell, int(text)))
    return found
