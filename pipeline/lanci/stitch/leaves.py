"""Sums over the leaves of a code tree that grows part by part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce


@dataclass(frozen=True, slots=True)
class Leaves:
    """Coded rows in a stretch of a table.

    ``first`` and ``last`` are the codes of its first and last row. Whether the last one is a leaf is for the next
    row to say, so ``total`` and ``count`` are of the leaves before it. ``deepest`` is the longest code's length.
    """

    first: str
    last: str
    last_amount: Decimal
    total: Decimal
    count: int
    deepest: int

    @property
    def closed_total(self) -> Decimal:
        """The sum of all leaves if nothing follows."""
        return self.total + self.last_amount

    @property
    def closed_count(self) -> int:
        """The number of all leaves if nothing follows."""
        return self.count + 1


def row_to_leaves(code: str, amount: Decimal) -> Leaves:
    """A stretch of one row."""
    return Leaves(code, code, amount, Decimal(0), 0, len(code))


def join_leaves(stretches: Iterable[Leaves | None]) -> Leaves | None:
    """Stretches that follow each other as one; None where no row has a code."""
    coded = [stretch for stretch in stretches if stretch is not None]
    return reduce(_follow, coded) if coded else None


def _follow(upper: Leaves, lower: Leaves) -> Leaves:
    is_leaf = not lower.first.startswith(upper.last)
    return Leaves(
        first=upper.first,
        last=lower.last,
        last_amount=lower.last_amount,
        total=upper.total + lower.total + (upper.last_amount if is_leaf else 0),
        count=upper.count + lower.count + is_leaf,
        deepest=max(upper.deepest, lower.deepest),
    )
