"""Rows that head others: their labels stand in columns to the left, in which the rows under them print nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lanci.interpret import NUMERIC_ROLES
from lanci.text import squash
from lanci.validate.certainty import IMPLIED, count_holding, rate
from lanci.validate.constraints import Constraint
from lanci.validate.context import Frame, TableContext

_FEW = 2
"""Rows with others under them of which one alone tells nothing."""


def find_headed_sums(context: TableContext, frame: Frame) -> Iterator[Constraint]:
    """The sums over the rows that stand under a row by where the labels are printed, if at least half of them hold.

    A row of a department or a kind of goods is followed by its projects or purchases, whose labels stand in the
    columns right of it. Codes in several columns are read as codes.
    """
    if context.trees:
        return
    rows = [row for row in context.view.data_rows if row not in context.total_rows]
    heads = list(_read_heads(context, rows))
    cols = context.additive(context.amount_cols)
    found = [
        one
        for head, parts in heads
        for col in cols
        if (one := context.claim((head, col), [(row, col) for row in parts], frame))
    ]
    if len(heads) >= _FEW and 2 * count_holding(found) >= len(found):
        yield from rate(found, IMPLIED)


def _read_heads(context: TableContext, rows: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """Each row with the rows under it that are next to it in rank, from top to bottom."""
    labels = [column.index for column in context.table.columns if column.role not in NUMERIC_ROLES]
    printed = [[col for col in labels if _prints(context, row, col)] for row in rows]
    for index, row in enumerate(rows):
        under = []
        for place in range(index + 1, len(rows)):
            if not printed[place] or not printed[index] or printed[place][0] <= printed[index][-1]:
                break
            under.append(place)
        if under:
            first = min(printed[place][0] for place in under)
            yield row, [rows[place] for place in under if printed[place][0] == first]


def _prints(context: TableContext, row: int, col: int) -> bool:
    """Whether a label is printed at the very place: a cell over several rows labels all of them, and heads none."""
    cell = context.view.at(row, col)
    return cell is not None and bool(squash(cell.text))
