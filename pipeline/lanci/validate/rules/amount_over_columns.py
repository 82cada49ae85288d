"""Rule ``amount-over-columns``."""

from __future__ import annotations

from collections.abc import Iterable

from lanci.document import Finding, HeaderRole, Severity
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
        amount_cols = set(view.columns(HeaderRole.AMOUNT))
        for row in view.data_rows:
            for col in sorted(amount_cols):
                cell = view.at(row, col)
                if cell is None or (cell.row, cell.col) != (row, col) or cell.value is None:
                    continue
                spanned = [other for other in cell.cols if other in amount_cols]
                if len(spanned) < 2:
                    continue
                names = "、".join(view.column_name(other) for other in spanned)
                label = view.label(row)
                yield Finding(
                    rule=self.name,
                    severity=self.severity,
                    message=f"“{label}”的 {cell.text} 跨“{names}”列，无法确定属于哪一列"
                    f" / {label}: {cell.text} spans the columns {names}; it cannot be told to which it belongs",
                    cells=(context.ref(cell),),
                    found=cell.text,
                )
