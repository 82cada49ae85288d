"""Rule ``unnamed-column``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lanci.document import Cell, Finding, HeaderRole, Severity, TextSource
from lanci.numbers import parse_amount
from lanci.validate.context import TableContext
from lanci.validate.rules.base import Description


class UnnamedColumn:
    """An amount read by OCR stands under a header cell of its own width.

    Where a rule is seen that is none, or two pages were joined whose columns differ, a column falls in two: amounts
    stand beside the column that the header names, and every sum down the column still holds. Of a blank beside such
    an amount it is as little known what it holds. One header cell of its own is enough: where the rule between two
    column numbers was not seen, the names above them still tell the columns apart.
    """

    name = "unnamed-column"
    severity = Severity.WARNING
    describes = Description(
        "A header cell, or a number of the row of column numbers, stands over every column in which amounts were "
        "read by OCR, and over no other column.",
        "识别所得金额所在的每一列，表头（或栏次）均有单独与之对应的单元格。",
    )

    def check(self, context: TableContext) -> Iterable[Finding]:
        n_header_rows = context.table.n_header_rows
        heads = [cell for cell in context.table.cells if cell.row < n_header_rows and cell.text.strip()]
        groups: dict[tuple[int, int], list[Cell]] = {}
        for cell in _read_amounts(context) if heads else ():
            over = [one for one in heads if cell.col in one.cols]
            if not over:
                near = self._blanks_beside(context, cell)
                groups.setdefault((near[0], near[-1]), []).append(cell)
            elif not any(cell.cols.start <= one.cols.start and one.cols.stop <= cell.cols.stop for one in over):
                head = max(over, key=lambda one: one.row)
                groups.setdefault((head.cols.start, head.cols.stop - 1), []).append(cell)
        for (first, last), found in sorted(groups.items()):
            yield self._report(context, range(first, last + 1), found)

    def _blanks_beside(self, context: TableContext, cell: Cell) -> list[int]:
        """The column of an amount without header, with its neighbours of amounts that are blank in its row."""
        cols = context.view.columns(HeaderRole.AMOUNT)
        beside = [col for col in (cell.col - 1, cell.cols.stop) if col in cols]
        return sorted([cell.col, *(col for col in beside if not context.view.text(cell.row, col))])

    def _report(self, context: TableContext, cols: Sequence[int], amounts: Sequence[Cell]) -> Finding:
        names = "、".join(dict.fromkeys(context.view.column_name(col) for col in cols))
        rows = dict.fromkeys(cell.row for cell in amounts)
        beside = [
            cell for row in rows for cell in context.view.row_cells(row) if cell.col in cols and cell not in amounts
        ]
        return Finding(
            rule=self.name,
            severity=self.severity,
            message=f"“{names}”处有 {len(amounts)} 个金额没有单独对应的表头，无法确定属于哪一列（识别结果，需核对）"
            f" / {names}: {len(amounts)} amounts stand under no header cell of their own; to which column they belong "
            "cannot be told",
            cells=tuple(context.ref(cell) for cell in (*amounts, *beside)),
        )


def _read_amounts(context: TableContext) -> list[Cell]:
    """What OCR read as numbers in the columns of amounts, in rows of any role."""
    cols = context.view.columns(HeaderRole.AMOUNT)
    return [
        cell
        for cell in context.table.cells
        if cell.source is TextSource.OCR
        and cell.col in cols
        and cell.row >= context.table.n_header_rows
        and parse_amount(cell.text) is not None
    ]
