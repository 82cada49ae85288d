"""Rule ``decimal-places``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from lanci.document import Cell, Finding, HeaderRole, Severity, TextSource
from lanci.validate.context import TableContext, decimal_places
from lanci.validate.rules.base import Description

_ENOUGH = 10
"""Amounts that a table must print before their decimal places are a habit."""
_FEW = 20
"""Of so many amounts one may break it, and one of any number."""


class DecimalPlaces:
    """No amount read by OCR has more decimal places than the others of its table.

    A digit that is read twice at the end of an amount hides in the rounding of sums. Fewer places mean nothing, as
    sources leave zeros out; and they print what they like, so that text which was not read by OCR is never doubted.
    """

    name = "decimal-places"
    severity = Severity.WARNING
    describes = Description(
        "Where nearly all amounts of a table have the same number of decimal places, an amount that was read by OCR "
        "has no more.",
        "表内金额的小数位数几乎全部一致时，识别所得金额的小数位数不应更多。",
    )

    def check(self, context: TableContext) -> Iterable[Finding]:
        amounts = [cell for cell in context.table.cells if cell.role is HeaderRole.AMOUNT and cell.value]
        if len(amounts) < _ENOUGH or all(cell.source is not TextSource.OCR for cell in amounts):
            return
        usual, count = Counter(_places(cell) for cell in amounts).most_common(1)[0]
        if len(amounts) - count > max(1, len(amounts) // _FEW):
            return
        for cell in amounts:
            if _places(cell) > usual and cell.source is TextSource.OCR:
                yield self._report(context, cell, usual)

    def _report(self, context: TableContext, cell: Cell, usual: int) -> Finding:
        where = context.label(cell.row, cell.col)
        return Finding(
            rule=self.name,
            severity=self.severity,
            message=f"“{where}”的 {cell.text} 小数位数多于表内其他金额（{usual} 位）（识别结果，需核对）"
            f" / {where}: {cell.text} has more than the {usual} decimal places of the other amounts",
            cells=(context.ref(cell),),
            found=cell.text,
        )


def _places(cell: Cell) -> int:
    return 0 if cell.value is None else decimal_places(cell.value)
