"""Rule ``thousands-point``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lanci.document import Cell, Finding, Severity, TextSource
from lanci.numbers import is_in_threes, prints_whole_thousands
from lanci.validate.context import DocumentContext, TableContext
from lanci.validate.rules.base import Description

_SURE = 0.98
"""Confidence of a reading whose commas are taken for commas."""


class ThousandsPoint:
    """No thousands comma was read as a decimal point.

    A grid with many amounts shows how they are printed, and is read so; a small table or the rest of one does not, but
    the others of its document do.
    """

    name = "thousands-point"
    severity = Severity.WARNING
    describes = Description(
        "Where the amounts of the tables of one unit are whole, in groups of three, an amount that was read by OCR "
        "does not have three decimal places: the point may be a comma.",
        "同一计量单位各表的金额均为带千位分隔符的整数时，识别所得金额不应有三位小数：小数点可能是误识的千位分隔符。",
    )

    def check(self, context: DocumentContext) -> Iterable[Finding]:
        for one in context.tables:
            read = [cell for cell in one.table.cells if _may_be_thousands(cell) and one.is_amount(cell)]
            if read and _are_whole(_amounts(_alike(context.tables, one))):
                yield self._report(one, read)

    def _report(self, context: TableContext, cells: Sequence[Cell]) -> Finding:
        first = context.label(cells[0].row, cells[0].col)
        return Finding(
            rule=self.name,
            severity=self.severity,
            message=f"本文件同类表的金额为带千位分隔符的整数，“{first}”的 {cells[0].text} 等 {len(cells)} 个金额的"
            "小数点可能是误识的千位分隔符（识别结果，需核对）"
            f" / {first}: the point of {cells[0].text}, and of {len(cells)} amounts in all, may be a comma: others are "
            "whole",
            cells=tuple(context.ref(cell) for cell in cells),
            found=cells[0].text,
        )


def _may_be_thousands(cell: Cell) -> bool:
    return cell.source is TextSource.OCR and "." in cell.text and is_in_threes(cell.text)


def _alike(tables: Sequence[TableContext], own: TableContext) -> list[TableContext]:
    """The tables whose amounts are in the same unit, as far as it is printed."""
    unit = own.table.caption.unit
    return [one for one in tables if not unit or one.table.caption.unit in ("", unit)]


def _amounts(tables: Iterable[TableContext]) -> list[Cell]:
    return [cell for one in tables for cell in one.table.cells if one.is_amount(cell)]


def _are_whole(cells: Sequence[Cell]) -> bool:
    sure = [cell.text for cell in cells if cell.source is not TextSource.OCR or cell.confidence >= _SURE]
    return prints_whole_thousands([cell.text for cell in cells], sure)
