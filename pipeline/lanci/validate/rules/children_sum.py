"""Rule ``children-sum``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from lanci.document import Severity
from lanci.interpret import CodeTree
from lanci.validate.certainty import STATED, rate
from lanci.validate.constraints import Constraint, Wording
from lanci.validate.context import Frame, TableContext
from lanci.validate.rules.base import Description


class ChildrenSum:
    """A code's amount is the sum of its direct children, in every additive column."""

    name = "children-sum"
    severity = Severity.ERROR
    describes = Description(
        "The amount of a subject code equals the sum of its direct children in the table.",
        "科目编码的金额等于表内其直接下级科目金额之和。",
    )

    def find(self, context: TableContext) -> Iterable[Constraint]:
        frame = Frame(self.name, self.severity, Wording("下级科目", "its direct children"), STATED.certainty)
        for tree in context.trees:
            cols = context.additive(tree.amount_cols)
            codes = {code.row: f"{code.code} {code.name}".strip() for code in tree.codes}
            last = _open_rows(tree) if context.reach.below else frozenset[int]()
            found = (
                context.claim((parent.row, col), [(child.row, col) for child in children], frame, codes[parent.row])
                for parent, children in tree.families()
                for col in cols
            )
            # A list that prints only some children disagrees in most places: it is not certain then.
            for one in rate((one for one in found if one is not None), STATED):
                yield replace(one, may_miss_parts=True) if one.total.ref.row in last else one


def _open_rows(tree: CodeTree) -> frozenset[int]:
    """Rows of the codes under which more could follow after the last one: that one and all above it."""
    rows: set[int] = set()
    index: int | None = len(tree.codes) - 1
    while index is not None:
        rows.add(tree.codes[index].row)
        index = tree.parents[index]
    return frozenset(rows)
