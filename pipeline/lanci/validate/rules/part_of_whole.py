"""Rule ``part-of-whole``."""

from __future__ import annotations

from collections.abc import Iterable

from lanci.document import Finding, Severity
from lanci.interpret import ItemKind, is_ratio
from lanci.validate.context import TableContext
from lanci.validate.report import Claim, sum_to_finding
from lanci.validate.rules.base import Description


class PartOfWhole:
    """The lines under 其中 are not more than the item that they are parts of."""

    name = "part-of-whole"
    severity = Severity.WARNING
    describes = Description(
        "The 其中 lines under an item add up to no more than the item.",
        "“其中”各项之和不大于其所属项目。",
    )

    def check(self, context: TableContext) -> Iterable[Finding]:
        claim = Claim(self.name, self.severity, "其中各项", "the lines under it (其中)")
        for items in context.item_lists:
            for index, item in enumerate(items.items):
                parts = [part for part in items.parts_of(index) if item.kind is ItemKind.ITEM]
                if not parts or "其中" not in parts[0].label:
                    continue
                for col in items.amount_cols:
                    check = context.check((item.row, col), [(part.row, col) for part in parts])
                    if check is None or check.holds or is_ratio(context.table.columns[col]):
                        continue
                    # Amounts below zero make a part larger than the whole without anything being wrong.
                    if check.difference < 0 and all(term.value >= 0 for term in check.terms):
                        yield sum_to_finding(context, check, claim, item.label)
