"""Rule ``unreadable-amount``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from lanci.document import Cell, Finding, HeaderRole, Severity, TextSource
from lanci.interpret import is_nothing
from lanci.numbers import looks_numeric, parse_amount
from lanci.text import squash
from lanci.validate.context import TableContext
from lanci.validate.rules.base import Description


class UnreadableAmount:
    """An amount column holds amounts, blanks or marks for nothing.

    Where words outnumber numbers in the column it is no amount column to be trusted, and where they do so in the
    row it is no row of data; there only texts made of digits and signs are reported. A percentage is legible, if no
    amount. The cell needs review when it was read by OCR.
    """

    name = "unreadable-amount"
    severity = Severity.WARNING
    describes = Description(
        "Every text in an amount column is a number, blank, or a mark for nothing (-, /, 无).",
        "金额列中的内容应为数字、空白或表示无的符号（-、/、无）。",
    )

    def check(self, context: TableContext) -> Iterable[Finding]:
        view = context.view
        cols = view.columns(HeaderRole.AMOUNT)
        printed = [
            cell
            for row in view.data_rows
            for col in cols
            if (cell := view.at(row, col)) is not None and (cell.row, cell.col) == (row, col)
        ]
        words = [c for c in printed if c.value is None and not is_nothing(c.text) and not _is_percentage(c.text)]
        numbers = [cell for cell in printed if cell.value is not None]
        # How many more numbers than words stand in a row or column.
        rows, columns = Counter(c.row for c in numbers), Counter(c.col for c in numbers)
        rows.subtract(c.row for c in words)
        columns.subtract(c.col for c in words)
        for cell in words:
            trusted = columns[cell.col] > 0 and (rows[cell.row] >= 0 or _has_digit(cell.text))
            if trusted or looks_numeric(cell.text):
                yield self._report(context, cell)

    def _report(self, context: TableContext, cell: Cell) -> Finding:
        where, column = context.view.label(cell.row), context.view.column_name(cell.col)
        hint = "（识别结果，需核对）" if cell.source is TextSource.OCR else ""
        return Finding(
            rule=self.name,
            severity=self.severity,
            message=f"“{where}”在“{column}”列的“{cell.text}”不是数字{hint}"
            f" / {where}, column {column}: “{cell.text}” is no number",
            cells=(context.ref(cell),),
            found=cell.text,
        )


def _has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)


def _is_percentage(text: str) -> bool:
    plain = squash(text)
    return plain.endswith("%") and parse_amount(plain[:-1]) is not None
