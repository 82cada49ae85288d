"""Rule ``column-sum``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from lanci.document import Severity
from lanci.validate.constraints import Constraint
from lanci.validate.context import TableContext
from lanci.validate.rules.base import Description
from lanci.validate.structure.totals import find_totals


class ColumnSum:
    """A total row is the sum of the rows that the table's structure puts under it."""

    name = "column-sum"
    severity = Severity.ERROR
    describes = Description(
        "A total row equals the sum of its rows: 合计 of a coded table its top-level codes, 本年收入合计 and "
        "本年支出合计 the lines above, 收入总计 and 支出总计 the subtotal and the carry-over.",
        "合计行等于其各行之和：科目表的合计等于最上级科目之和，本年收入（支出）合计等于以上各项之和，"
        "收入（支出）总计等于本年合计与结转结余之和。",
    )

    def find(self, context: TableContext) -> Iterable[Constraint]:
        for one in find_totals(context, self.name, self.severity):
            yield one if context.reach.whole else replace(one, may_miss_parts=True)
