"""Rule ``part-of-whole``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from lanci.document import Severity
from lanci.interpret import ItemKind
from lanci.validate.certainty import STATED
from lanci.validate.constraints import Constraint, Relation, Wording
from lanci.validate.context import Frame, TableContext
from lanci.validate.rules.base import Description


class PartOfWhole:
    """The lines under 其中 are not more than the item that they are parts of."""

    name = "part-of-whole"
    severity = Severity.WARNING
    describes = Description(
        "The 其中 lines under an item add up to no more than the item.",
        "“其中”各项之和不大于其所属项目。",
    )

    def find(self, context: TableContext) -> Iterable[Constraint]:
        frame = Frame(self.name, self.severity, Wording("其中各项", "the lines under it (其中)"), STATED.certainty)
        for items in context.item_lists:
            for index, item in enumerate(items.items):
                parts = [part for part in items.parts_of(index) if item.kind is ItemKind.ITEM]
                if not parts or "其中" not in parts[0].label:
                    continue
                for col in context.additive(items.amount_cols):
                    one = context.claim((item.row, col), [(part.row, col) for part in parts], frame, item.label)
                    # Amounts below zero make a part larger than the whole without anything being wrong.
                    if one is not None and all(term.value >= 0 for term in one.terms):
                        yield replace(one, relation=Relation.AT_LEAST)
