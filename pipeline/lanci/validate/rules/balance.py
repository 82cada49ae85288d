"""Rule ``balance``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from lanci.document import Severity
from lanci.interpret import Item, ItemKind, ItemList
from lanci.validate.certainty import STATED
from lanci.validate.constraints import Constraint, Wording
from lanci.validate.context import Frame, TableContext
from lanci.validate.rules.base import Description


class Balance:
    """收入总计 = 支出总计; authors make both agree, so that it proves nothing of either."""

    name = "balance"
    severity = Severity.ERROR
    describes = Description(
        "In a table of income and expenditure, 收入总计 equals 支出总计.",
        "收支总表的收入总计等于支出总计。",
    )

    def find(self, context: TableContext) -> Iterable[Constraint]:
        sides = {items.side: items for items in context.item_lists if items.side}
        if len(context.item_lists) != 2 or set(sides) != {"income", "expenditure"}:
            return
        income, expenditure = sides["income"], sides["expenditure"]
        left, right = _grand(income), _grand(expenditure)
        if left is None or right is None:
            return
        wording = Wording(f"“{right.label}”", f"the {right.label} row", left.label)
        frame = Frame(self.name, self.severity, wording, STATED.certainty)
        for left_col, right_col in _pair_columns(income, expenditure):
            one = context.claim((left.row, left_col), [(right.row, right_col)], frame)
            if one is not None:
                yield replace(one, proves=False)


def _grand(items: ItemList) -> Item | None:
    return next((item for item in reversed(items.items) if item.kind is ItemKind.GRAND), None)


def _pair_columns(income: ItemList, expenditure: ItemList) -> list[tuple[int, int]]:
    """Column by column when both halves have as many (two years each), else the first, which is the total."""
    if len(income.amount_cols) == len(expenditure.amount_cols):
        return list(zip(income.amount_cols, expenditure.amount_cols, strict=True))
    return [(income.amount_cols[0], expenditure.amount_cols[0])]
