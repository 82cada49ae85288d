"""Rule ``execution-balance``."""

from __future__ import annotations

from collections.abc import Iterable

from lanci.document import Measure, Severity
from lanci.validate.certainty import IMPLIED, most_hold, rate
from lanci.validate.constraints import Constraint, Wording
from lanci.validate.context import Frame, TableContext
from lanci.validate.rules.base import Description

_BUDGET = (Measure.ADJUSTED, Measure.TOTAL)
"""The budget that is executed, the likelier one first."""
_LEFT = frozenset({Measure.CARRY_OVER, Measure.CARRY_FORWARD})


class ExecutionBalance:
    """What is budgeted is what was spent and what is left of it."""

    name = "execution-balance"
    severity = Severity.WARNING
    describes = Description(
        "In a list with a column of budgets, one of amounts executed and one of what is left (结余, 结转), the latter "
        "two add up to the first in every row; said only where most rows bear it out.",
        "同时列示预算数、执行数和结余（结转）数的表，逐行预算数等于执行数加结余数；仅在多数行相符时提示。",
    )

    def find(self, context: TableContext) -> Iterable[Constraint]:
        columns = {col: context.table.columns[col].meaning.measures for col in context.amount_cols}
        done = [col for col, measures in columns.items() if measures == (Measure.EXECUTED,)]
        left = [col for col, measures in columns.items() if len(measures) == 1 and measures[0] in _LEFT]
        budgets = [col for one in _BUDGET for col, measures in columns.items() if measures == (one,)]
        if len(done) != 1 or len(left) != 1:
            return
        frame = Frame(self.name, self.severity, Wording("执行数与结余数", "what is executed and left"), 0.0)
        for budget in budgets:
            parts = (done[0], left[0])
            claims = (
                context.claim((row, budget), [(row, col) for col in parts], frame) for row in context.view.data_rows
            )
            found = [one for one in claims if one is not None]
            if most_hold(found):
                yield from rate(found, IMPLIED)
                return
