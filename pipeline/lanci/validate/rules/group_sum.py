"""Rule ``group-sum``."""

from __future__ import annotations

from collections.abc import Iterable

from lanci.document import Severity
from lanci.validate.certainty import STATED, most_hold, rate
from lanci.validate.column_groups import read_group_sums
from lanci.validate.constraints import Constraint, Wording
from lanci.validate.context import Frame, TableContext
from lanci.validate.rules.base import Description


class GroupSum:
    """A group of columns under a total is the sum of the groups beside it, column by column."""

    name = "group-sum"
    severity = Severity.ERROR
    describes = Description(
        "Where 总计 or 小计 spans columns (funds, years), each of them equals the sum of the like columns under the "
        "headers beside it.",
        "总计、小计下再分若干列（资金、年度）时，各列等于同级其他栏目下对应列之和。",
    )

    def find(self, context: TableContext) -> Iterable[Constraint]:
        frame = Frame(self.name, self.severity, Wording("各组对应列", "the like columns of the other groups"), 0.0)
        for total, parts in read_group_sums(context.table.columns):
            claims = (
                context.claim((row, total), [(row, col) for col in parts], frame) for row in context.view.data_rows
            )
            found = [one for one in claims if one is not None]
            if most_hold(found):
                yield from rate(found, STATED)
