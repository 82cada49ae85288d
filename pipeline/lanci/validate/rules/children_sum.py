"""Rule ``children-sum``."""

from __future__ import annotations

from collections.abc import Iterable

from lanci.document import Finding, Severity
from lanci.interpret import CodeTree, is_ratio
from lanci.validate.context import TableContext
from lanci.validate.report import Claim, sum_to_finding
from lanci.validate.rules.base import Description


class ChildrenSum:
    """A code's amount is the sum of its direct children, in every additive column."""

    name = "children-sum"
    severity = Severity.ERROR
    describes = Description(
        "The amount of a subject code equals the sum of its direct children in the table.",
        "科目编码的金额等于表内其直接下级科目金额之和。",
    )

    def check(self, context: TableContext) -> Iterable[Finding]:
        for tree in context.trees:
            cols = [col for col in tree.amount_cols if not is_ratio(context.table.columns[col])]
            checks = [
                check
                for parent, children in tree.families()
                for col in cols
                if (check := context.check((parent.row, col), [(child.row, col) for child in children]))
            ]
            # A list that prints only some children disagrees in most places: a remark then, no error.
            mostly_holds = 2 * sum(check.holds for check in checks) >= len(checks)
            severity = self.severity if mostly_holds else Severity.WARNING
            codes = {code.row: f"{code.code} {code.name}".strip() for code in tree.codes}
            last = _open_rows(tree) if context.reach.below else frozenset[int]()
            for check in checks:
                if not check.holds:
                    may_miss = check.total.cell.row in last
                    claim = Claim(self.name, severity, "下级科目", "its direct children", may_miss)
                    yield sum_to_finding(context, check, claim, codes[check.total.cell.row])


def _open_rows(tree: CodeTree) -> frozenset[int]:
    """Rows of the codes under which more could follow after the last one: that one and all above it."""
    rows: set[int] = set()
    index: int | None = len(tree.codes) - 1
    while index is not None:
        rows.add(tree.codes[index].row)
        index = tree.parents[index]
    return frozenset(rows)
