"""Plantings that touch single cells: a text misread, an amount lost, invented or put in the column beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from lanci.document import Cell, HeaderRole, Table
from lanci.interpret import TableView
from lanci_eval.factory.content_plant import transpose_digits
from lanci_eval.factory.names import chance, pick
from lanci_eval.planting.readings import misplace, misread, read_cell
from lanci_eval.planting.records import Kind, Place, Planted
from lanci_eval.planting.texts import (
    change_digit,
    confuse_digit,
    double_digit,
    drop_digit,
    lose_minus,
    lose_point,
    swap_sign,
)


@dataclass(frozen=True)
class Ground:
    """A table, read by OCR and interpreted, with what the plantings look at."""

    table: Table

    @cached_property
    def view(self) -> TableView:
        return TableView(self.table)

    @cached_property
    def columns(self) -> tuple[int, ...]:
        """The columns of amounts."""
        return self.view.columns(HeaderRole.AMOUNT)

    @cached_property
    def amounts(self) -> tuple[Cell, ...]:
        """The printed amounts that stand alone in their row and column."""
        return tuple(cell for row in self.view.data_rows for cell in self.alone(row) if cell.value is not None)

    @cached_property
    def blanks(self) -> tuple[Cell, ...]:
        """Blank cells of amount columns, in rows and columns that have amounts."""
        rows, cols = {cell.row for cell in self.amounts}, {cell.col for cell in self.amounts}
        return tuple(
            cell for row in sorted(rows) for cell in self.alone(row) if cell.col in cols and not cell.text.strip()
        )

    def alone(self, row: int) -> list[Cell]:
        """The cells of a row in amount columns that cover nothing else, left to right."""
        found = (self.view.alone(row, col) for col in self.columns)
        return [cell for cell in found if cell is not None]


Planter = Callable[[Ground, np.random.Generator], "Planted | None"]
"""Plants one thing in a table, or finds no place for it."""


def with_cells(ground: Ground, kind: Kind, changed: Sequence[tuple[Cell, Cell]]) -> Planted:
    """A planting that puts cells in the places of others."""
    by_place = {(old.row, old.col): new for old, new in changed}
    cells = tuple(by_place.get((cell.row, cell.col), cell) for cell in ground.table.cells)
    places = tuple(by_place)
    printed, read = (tuple(cell.text for cell in side) for side in zip(*changed, strict=True))
    return Planted(kind, replace(ground.table, cells=cells), places, places, printed, read)


@dataclass(frozen=True, slots=True)
class TextPlanter:
    """Reads one amount as another text."""

    kind: Kind
    misreading: Callable[[str, np.random.Generator], str | None]

    def __call__(self, ground: Ground, rng: np.random.Generator) -> Planted | None:
        """See :data:`Planter`."""
        cells = ground.amounts
        for turn in rng.permutation(len(cells)):
            cell = cells[int(turn)]
            text = self.misreading(cell.text, rng)
            if text is not None:
                return with_cells(ground, self.kind, [(cell, misread(cell, text, rng))])
        return None


def lose_amount(ground: Ground, rng: np.random.Generator) -> Planted | None:
    """Read a blank where an amount is printed that is not zero."""
    cells = [cell for cell in ground.amounts if cell.value]
    if not cells:
        return None
    cell = pick(rng, cells)
    return with_cells(ground, Kind.LOST_AMOUNT, [(cell, misplace(cell, "", rng))])


def invent_amount(ground: Ground, rng: np.random.Generator) -> Planted | None:
    """Read an amount, one like those of its column, where nothing is printed."""
    if not ground.blanks:
        return None
    cell = pick(rng, ground.blanks)
    texts = [other.text for other in ground.amounts if other.col == cell.col and other.value]
    if not texts:
        return None
    text = change_digit(pick(rng, texts), rng) or pick(rng, texts)
    return with_cells(ground, Kind.INVENTED_AMOUNT, [(cell, misplace(cell, text, rng))])


def misread_two(ground: Ground, rng: np.random.Generator) -> Planted | None:
    """Confuse a digit each in two amounts of one row or column."""
    cells = ground.amounts
    for turn in rng.permutation(len(cells)):
        one = cells[int(turn)]
        near = [cell for cell in cells if cell is not one and (cell.row == one.row or cell.col == one.col)]
        if not near:
            continue
        two = pick(rng, near)
        texts = [confuse_digit(cell.text, rng) for cell in (one, two)]
        changed = [(c, misread(c, t, rng)) for c, t in zip((one, two), texts, strict=True) if t is not None]
        if len(changed) == 2:
            return with_cells(ground, Kind.TWO_AMOUNTS, changed)
    return None


def move_beside(ground: Ground, rng: np.random.Generator) -> Planted | None:
    """Read an amount in the column beside it, which is blank."""
    pairs = []
    for row in ground.view.data_rows:
        cells = ground.alone(row)
        for left, right in pairwise(cells):
            pairs += [(a, b) for a, b in ((left, right), (right, left)) if a.value and not b.text.strip()]
    if not pairs:
        return None
    full, blank = pick(rng, pairs)
    return with_cells(
        ground, Kind.NEIGHBOUR, [(full, misplace(full, "", rng)), (blank, misplace(blank, full.text, rng))]
    )


def err_in_print(ground: Ground, rng: np.random.Generator) -> Planted | None:
    """Print an amount wrongly, as authors do, and read it as it is printed.

    Two digits are exchanged or one is another. What the author meant is no reading that OCR could know of.
    """
    if not ground.amounts:
        return None
    cell = pick(rng, ground.amounts)
    slip = transpose_digits if chance(rng, 0.5) else change_digit
    text = slip(cell.text, rng) or change_digit(cell.text, rng)
    if text is None:
        return None
    return with_cells(ground, Kind.SOURCE_ERROR, [(cell, read_cell(replace(cell, text=text, value=None), rng))])


CELL_PLANTERS: tuple[tuple[Kind, Planter], ...] = (
    *(
        (kind, TextPlanter(kind, misreading))
        for kind, misreading in (
            (Kind.CONFUSED_DIGIT, confuse_digit),
            (Kind.RANDOM_DIGIT, change_digit),
            (Kind.DROPPED_DIGIT, drop_digit),
            (Kind.DOUBLED_DIGIT, double_digit),
            (Kind.LOST_MINUS, lose_minus),
            (Kind.LOST_POINT, lose_point),
            (Kind.SWAPPED_SIGN, swap_sign),
        )
    ),
    (Kind.LOST_AMOUNT, lose_amount),
    (Kind.INVENTED_AMOUNT, invent_amount),
    (Kind.TWO_AMOUNTS, misread_two),
    (Kind.NEIGHBOUR, move_beside),
    (Kind.SOURCE_ERROR, err_in_print),
)


def places_of(cells: Sequence[Cell]) -> tuple[Place, ...]:
    """Where cells begin."""
    return tuple((cell.row, cell.col) for cell in cells)
