"""Rule ``amount-over-columns``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from lanci.document import Cell, Finding, HeaderRole, Severity
from lanci.validate.context import TableContext
from lanci.validate.rules.base import Description


class AmountOverColumns:
    """An amount stands in one amount column, in one row.

    A cell with a number over several of them comes from a rule that is missing, on the page or in its scan; the
    number is given to the first of them without a proof that it belongs there.
    """

    name = "amount-over-columns"
    severity = Severity.WARNING
    describes = Description(
        "A number stands in one amount column, not in a cell that spans several of them.",
        "金额应位于一个金额列内；跨多个金额列的单元格无法确定其归属。",
    )

    def check(self, context: TableContext) -> Iterable[Finding]:
        view = context.view
        amounts = [
            cell
            for row in view.data_rows
            for col in view.columns(HeaderRole.AMOUNT)
            if (cell := view.at(row, col)) is not None and (cell.row, cell.col) == (row, col) and cell.value is not None
        ]
        wide = [cell for cell in amounts if cell.col_span > 1 and len(self._columns(context, cell)) > 1]
        n_amounts, n_wide = (Counter(cell.col for cell in cells) for cells in (amounts, wide))
        for cell in wide:
            columns = self._columns(context, cell)
            # In a form with a second table inside, the wide cells are the rule and the columns mean nothing there.
            if 2 * sum(n_wide[col] for col in columns) < sum(n_amounts[col] for col in columns):
                yield self._report(context, cell, columns)

    def _columns(self, context: TableContext, cell: Cell) -> list[int]:
        return [col for col in cell.cols if col in context.view.columns(HeaderRole.AMOUNT)]

    def _report(self, context: TableContext, cell: Cell, columns: Sequence[int]) -> Finding:
        names = "、".join(context.view.column_name(col) for col in columns)
        label = context.view.label(cell.row)
        return Finding(
            rule=self.name,
            severity=self.severity,
            message=f"“{label}”的 {cell.text} 跨“{names}”列，无法确定属于哪一列"
            f" / {label}: {cell.text} spans the columns {names}; it cannot be told to which it belongs",
            cells=(context.ref(cell),),
            found=cell.text,
        )
