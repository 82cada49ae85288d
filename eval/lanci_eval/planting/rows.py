"""Plantings that touch whole rows: amounts one column off, a row lost, two rows read as one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lanci.document import Cell, RowRole, Table
from lanci_eval.factory.names import pick
from lanci_eval.planting.cells import Ground, Planter, places_of, with_cells
from lanci_eval.planting.readings import misplace
from lanci_eval.planting.records import Kind, Planted


def shift_row(ground: Ground, rng: np.random.Generator) -> Planted | None:
    """Read all amounts of a row one column to the right or left of where they stand; the outermost is lost."""
    step = pick(rng, (1, -1))
    for turn in rng.permutation(len(ground.view.data_rows)):
        cells = ground.alone(ground.view.data_rows[int(turn)])
        if len(cells) < 2 or len(cells) != len(ground.columns) or not any(cell.value for cell in cells):
            continue
        texts = [cell.text for cell in cells]
        moved = ["", *texts[:-1]] if step == 1 else [*texts[1:], ""]
        changed = [
            (cell, misplace(cell, text, rng)) for cell, text in zip(cells, moved, strict=True) if cell.text != text
        ]
        if changed:
            return with_cells(ground, Kind.SHIFTED_ROW, changed)
    return None


def lose_row(ground: Ground, rng: np.random.Generator) -> Planted | None:
    """Miss a row with an amount, in which no cell of several rows stands."""
    rows = [row for row in _plain_rows(ground) if any(cell.value for cell in ground.alone(row))]
    if not rows:
        return None
    row = pick(rng, rows)
    before = places_of([cell for cell in ground.alone(row) if cell.value])
    printed = (_words(ground.table, row),)
    return Planted(Kind.LOST_ROW, _without_row(ground.table, row), (), before, printed, ("",), gone=(row,))


def merge_rows(ground: Ground, rng: np.random.Generator) -> Planted | None:
    """Read two rows, one under the other, as one whose cells hold the texts of both."""
    plain = set(_plain_rows(ground))
    pairs = [
        (row, row + 1)
        for row in sorted(plain)
        if row + 1 in plain and all(any(cell.value for cell in ground.alone(one)) for one in (row, row + 1))
    ]
    if not pairs:
        return None
    upper, lower = pick(rng, pairs)
    below = {cell.col: cell for cell in ground.table.cells if cell.row == lower}

    def merge(cell: Cell) -> Cell:
        under = below.get(cell.col)
        if cell.row != upper or under is None or not under.text or under.col_span != cell.col_span:
            return cell
        return misplace(cell, f"{cell.text} {under.text}".strip(), rng)

    merged = replace(ground.table, cells=tuple(merge(cell) for cell in ground.table.cells))
    table = _without_row(merged, lower)
    amounts = [cell for row in (upper, lower) for cell in ground.alone(row) if cell.value]
    places = tuple(sorted({(upper, cell.col) for cell in amounts}))
    printed = (_words(ground.table, upper), _words(ground.table, lower))
    read = (_words(table, upper),)
    return Planted(Kind.MERGED_ROWS, table, places, places_of(amounts), printed, read, gone=(lower,))


def _plain_rows(ground: Ground) -> list[int]:
    """The rows of details in which no cell of several rows stands."""
    tall = {row for cell in ground.table.cells if cell.row_span > 1 for row in cell.rows}
    roles = ground.table.row_roles
    return [row for row in ground.view.data_rows if row not in tall and roles[row] is RowRole.DETAIL]


def _words(table: Table, row: int) -> str:
    return " | ".join(cell.text for cell in table.cells if cell.row == row and cell.text)


def _without_row(table: Table, row: int) -> Table:
    """The table without a row in which no cell of several rows stands; what follows moves up."""

    def move(line: int) -> int:
        return line - 1 if line > row else line

    return replace(
        table,
        n_rows=table.n_rows - 1,
        row_roles=table.row_roles[:row] + table.row_roles[row + 1 :],
        cells=tuple(replace(cell, row=move(cell.row)) for cell in table.cells if cell.row != row),
        fragments=tuple(
            replace(
                part,
                first_row=move(part.first_row),
                last_row=part.last_row - 1 if part.last_row >= row else part.last_row,
            )
            for part in table.fragments
            if (part.first_row, part.last_row) != (row, row)
        ),
    )


ROW_PLANTERS: tuple[tuple[Kind, Planter], ...] = (
    (Kind.SHIFTED_ROW, shift_row),
    (Kind.LOST_ROW, lose_row),
    (Kind.MERGED_ROWS, merge_rows),
)
