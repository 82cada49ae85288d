"""How many amounts of a table or document its own arithmetic proves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from lanci.document import AmountStatus, Table


@dataclass(frozen=True, slots=True)
class AmountSummary:
    """Amounts by status."""

    proven: int = 0
    unchecked: int = 0
    conflict: int = 0

    @property
    def amounts(self) -> int:
        return self.proven + self.unchecked + self.conflict


def summarize_amounts(tables: Iterable[Table]) -> AmountSummary:
    """The amounts of checked tables; those of tables that were not checked do not count."""
    counts = Counter(cell.status for table in tables for cell in table.cells if cell.status is not None)
    return AmountSummary(counts[AmountStatus.PROVEN], counts[AmountStatus.UNCHECKED], counts[AmountStatus.CONFLICT])
