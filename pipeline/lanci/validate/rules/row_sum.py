"""Rule ``row-sum``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lanci.document import Finding, Severity
from lanci.interpret import ColumnSum
from lanci.validate.context import TableContext
from lanci.validate.report import Claim, sum_to_finding
from lanci.validate.rules.base import Description
from lanci.validate.sums import SumCheck, most_hold

_ENOUGH_ROWS = 2


class RowSum:
    """A total column is the sum of its part columns, row by row.

    The header offers several sets of parts; the largest of those that hold in most rows is what the table means.
    Where one holds in few rows only, the findings are warnings; where none ever holds, the table does not say
    what its parts are and nothing is reported, unless a spanning header binds them in a table of one row.
    """

    name = "row-sum"
    severity = Severity.ERROR
    describes = Description(
        "A 合计 or 小计 column equals the sum of its part columns in every row; information columns (其中, "
        "增减, prior year) take no part.",
        "合计、小计列等于同组各分项列之和（逐行），其中、增减、上年等说明列不参与。",
    )

    def check(self, context: TableContext) -> Iterable[Finding]:
        for relation in context.column_sums:
            checks, severity = self._choose(context, relation)
            claim = Claim(self.name, severity, "各分项列", "its part columns")
            for check in checks:
                if not check.holds:
                    label = self._label(context, check)
                    yield sum_to_finding(context, check, claim, label)

    def _choose(self, context: TableContext, relation: ColumnSum) -> tuple[Sequence[SumCheck], Severity]:
        options = [_row_checks(context, relation.total, parts) for parts in relation.candidates]
        checks = _largest_that_holds(options)
        if len(checks) >= _ENOUGH_ROWS and most_hold(checks):
            return checks, self.severity
        for others in (_row_checks(context, relation.total, parts) for parts in relation.doubtful):
            if len(others) > _ENOUGH_ROWS and _count_holding(others) >= len(others) - 1:
                return others, self.severity
        bound = relation.grouped and len(checks) == 1 and len(checks[0].parts) > 1
        return (checks, Severity.WARNING) if bound or _count_holding(checks) else ((), self.severity)

    def _label(self, context: TableContext, check: SumCheck) -> str:
        """In a table of two halves the row is named by the label of the half that the total stands in."""
        for items in context.item_lists:
            if check.total.cell.col in items.amount_cols:
                return context.view.text(check.total.cell.row, items.label_col)
        return ""


def _row_checks(context: TableContext, total: int, parts: Sequence[int]) -> list[SumCheck]:
    found = (context.check((row, total), [(row, col) for col in parts]) for row in context.view.data_rows)
    return [check for check in found if check is not None]


def _largest_that_holds(options: Sequence[Sequence[SumCheck]]) -> Sequence[SumCheck]:
    """The first (largest) set of parts that holds in as many rows as any; empty when there are none.

    One row that disagrees is an error in that row, and no sign that the larger set is not meant.
    """
    if not options:
        return ()
    allowance = 1 if len(options[0]) > _ENOUGH_ROWS else 0
    most = max(_count_holding(checks) for checks in options)
    return next(checks for checks in options if _count_holding(checks) >= most - allowance)


def _count_holding(checks: Sequence[SumCheck]) -> int:
    return sum(check.holds for check in checks)
