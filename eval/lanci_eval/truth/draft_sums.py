"""Which amounts of a table its own arithmetic confirms: sums that its structure states and that hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lanci.document import Finding, HeaderRole, Severity, Table
from lanci.validate import build_graph
from lanci.validate.context import DocumentContext
from lanci.validate.graph import is_proof


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
    graph = build_graph(DocumentContext.of([table]))
    holding = [one for one in graph.constraints if is_proof(one)]
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
        covered=frozenset((t.ref.row, t.ref.col) for one in holding for t in one.terms if not t.is_blank),
        broken=(*own, *shared),
    )
