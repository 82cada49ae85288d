"""Rule ``row-number-sequence``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lanci.document import Cell, Finding, HeaderRole, Severity
from lanci.text import squash
from lanci.validate.context import TableContext
from lanci.validate.rules.base import Description

_MANY = 3
"""More breaks than this in one column are one finding: it is the rows that are amiss, not some numbers."""


@dataclass(frozen=True, slots=True)
class _Break:
    """A number that does not follow on the one above it."""

    cell: Cell
    expected: int
    found: int


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
            breaks = list(_find_breaks(context, _numbers(context, col)))
            if len(breaks) > _MANY:
                yield self._report_all(context, breaks)
            else:
                yield from (self._report(context, one) for one in breaks)

    def _report(self, context: TableContext, one: _Break) -> Finding:
        return Finding(
            rule=self.name,
            severity=self.severity,
            message=f"序号应为 {one.expected}，列示为 {one.found} / "
            f"row number {one.expected} expected, {one.found} printed",
            cells=(context.ref(one.cell),),
            expected=str(one.expected),
            found=str(one.found),
        )

    def _report_all(self, context: TableContext, breaks: Sequence[_Break]) -> Finding:
        numbers = ", ".join(str(one.found) for one in breaks)
        return Finding(
            rule=self.name,
            severity=self.severity,
            message=f"序号多处不连续（{numbers}），各行内容可能混杂，请对照原页 / "
            f"row numbers do not continue in many places ({numbers}): rows may be mixed up, please see the page",
            cells=tuple(context.ref(one.cell) for one in breaks),
        )


def _find_breaks(context: TableContext, numbers: Sequence[tuple[Cell, int]]) -> Iterator[_Break]:
    # A table whose beginning was not read goes on counting.
    expected = numbers[0][1] if numbers and context.reach.above else 1
    for index, (cell, number) in enumerate(numbers):
        following = numbers[index + 1][1] if index + 1 < len(numbers) else None
        begins_again = number == 1 and following in (2, None)
        if number == expected or begins_again:
            expected = number + 1
            continue
        yield _Break(cell, expected, number)
        # One misread number does not shift those after it.
        expected = expected + 1 if following == expected + 1 else number + 1


def _numbers(context: TableContext, col: int) -> list[tuple[Cell, int]]:
    """The cells of a 序号 column that hold a plain number, top to bottom."""
    found = []
    for row in context.view.data_rows:
        cell = context.view.at(row, col)
        if cell is not None and cell.row == row and (text := squash(cell.text)).isdecimal():
            found.append((cell, int(text)))
    return found
