"""Which amounts of a table its own arithmetic confirms: sums that its structure states and that hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lanci.document import Finding, HeaderRole, Severity, Table
from lanci.interpret import is_ratio
from lanci.validate.context import TableContext
from lanci.validate.sums import SumCheck, most_hold
from lanci.validate.totals import find_total_checks


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """What sums say of a table.

    Attributes:
        n_amounts: printed amounts.
        n_holding: sums that hold.
        covered: places ``(row, column)`` of the amounts in them.
        broken: findings of errors and warnings that concern the table.
    """

    n_amounts: int
    n_holding: int
    covered: frozenset[tuple[int, int]]
    broken: tuple[Finding, ...]

    @property
    def agrees(self) -> bool:
        """Whether something was checked and nothing speaks against it."""
        return self.n_holding > 0 and not self.broken


def check_arithmetic(table: Table, findings: Sequence[Finding]) -> Arithmetic:
    """The sums of an interpreted, validated table; ``findings`` are those of its whole document."""
    context = TableContext(table)
    holding = [check for check in _sums(context) if check.holds]
    amounts = {column.index for column in table.columns if column.role is HeaderRole.AMOUNT}
    own = [finding for finding in table.findings if finding.severity is not Severity.INFO]
    shared = [
        finding
        for finding in findings
        if finding.severity is not Severity.INFO and any(ref.table == table.id for ref in finding.cells)
    ]
    return Arithmetic(
        n_amounts=sum(cell.value is not None and cell.col in amounts for cell in table.cells),
        n_holding=len(holding),
        covered=frozenset((t.ref.row, t.ref.col) for check in holding for t in check.terms if not t.is_blank),
        broken=(*own, *shared),
    )


def _sums(context: TableContext) -> Iterator[SumCheck]:
    yield from (found.check for found in find_total_checks(context))
    yield from _children(context)
    yield from _rows(context)


def _children(context: TableContext) -> Iterator[SumCheck]:
    """Each code's amount and those of its direct children."""
    for tree in context.trees:
        cols = [col for col in tree.amount_cols if not is_ratio(context.table.columns[col])]
        for parent, children in tree.families():
            for col in cols:
                check = context.check((parent.row, col), [(child.row, col) for child in children])
                if check is not None:
                    yield check


def _rows(context: TableContext) -> Iterator[SumCheck]:
    """Total columns and the largest set of part columns with which most rows agree."""
    for relation in context.column_sums:
        for parts in relation.candidates:
            found = (
                context.check((row, relation.total), [(row, col) for col in parts]) for row in context.view.data_rows
            )
            checks = [check for check in found if check is not None]
            if len(parts) > 1 and most_hold(checks):
                yield from checks
                break
