"""What every change of an annotated table goes through, so that no change can leave it contradicting itself.

Cells are put in order and onto the pages that show their rows; column paths, column numbers and the roles that
follow from others are worked out anew; cells that changed count as settled by eye.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from lanci.annotation.records import NO_BOX, AnnotatedFragment, AnnotatedTable, How, Verification
from lanci.document import Box, Cell, Column, HeaderRole, Place, RowRole, Table, TableFragment
from lanci.errors import LanciError
from lanci.facets import FacetValues
from lanci.text import squash

HEADER_ROWS = (RowRole.HEADER, RowRole.COLUMN_NUMBER)
_COLUMN_NUMBER = re.compile(r"(\d+)(=.*)?")


class AmendError(LanciError):
    """A change that cannot be made; the message says why and what to do instead."""

    category = "annotation"


def rebuild(
    annotated: AnnotatedTable,
    *,
    cells: Iterable[Cell] | None = None,
    fragments: Sequence[AnnotatedFragment] | None = None,
    **changes: Any,
) -> AnnotatedTable:
    """The table with other cells, fragments or fields of its :class:`~lanci.document.Table`, made consistent."""
    parts = tuple(fragments if fragments is not None else annotated.fragments)
    before = annotated.table.cells
    kept = sorted(cells if cells is not None else before, key=lambda cell: (cell.row, cell.col))
    table = replace(
        annotated.table,
        cells=tuple(_on_pages(cell, parts) for cell in kept),
        fragments=tuple(TableFragment(part.page, part.box, part.first_row, part.last_row) for part in parts),
        **changes,
    )
    facets = FacetValues(table.kind, table.fund, table.scope, table.classification)
    table = _with_roles(replace(table, type=facets.type, n_rows=len(table.row_roles), n_cols=len(table.columns)))
    verification = _recount(annotated.verification, before, table.cells)
    return replace(annotated, table=table, fragments=parts, verification=verification)


def recompute_paths(annotated: AnnotatedTable) -> AnnotatedTable:
    """Column paths, column numbers and dependent roles as the header cells and row roles have them."""
    return rebuild(annotated)


def cell_covering(table: Table, row: int, col: int) -> Cell:
    """The cell that covers a position; AmendError where there is none."""
    cell = table.cell_at(row, col)
    if cell is None:
        size = f"{table.n_rows} rows x {table.n_cols} columns"
        raise AmendError(f"table {table.id}: no cell at row {row}, column {col}; it has {size}, both from 0")
    return cell


def check_range(value: int, stop: int, what: str) -> None:
    """AmendError unless ``0 <= value < stop``."""
    if not 0 <= value < stop:
        raise AmendError(f"{what} {value} does not exist; it must be from 0 to {stop - 1}")


def rows_to_pages(fragments: Sequence[AnnotatedFragment], rows: range) -> list[int]:
    """The pages that show rows; the first fragment's page where none does."""
    pages = [part.page for part in fragments if part.first_row < rows.stop and part.last_row >= rows.start]
    return pages or [fragments[0].page if fragments else 1]


def _on_pages(cell: Cell, fragments: Sequence[AnnotatedFragment]) -> Cell:
    """The cell on the page of its first row, its parts on later pages without boxes, as files are loaded.

    A cell whose first row is now on another page has no known place there.
    """
    pages = rows_to_pages(fragments, cell.rows)
    continued = tuple(Place(page, NO_BOX) for page in pages[1:])
    return replace(cell, page=pages[0], box=cell.box if cell.page == pages[0] else NO_BOX, continued=continued)


def _recount(verification: Verification, before: Sequence[Cell], after: Sequence[Cell]) -> Verification:
    """Cells that were not there before, wherever they stand, were settled by whoever makes the change."""
    if verification.how is How.BY_EYE:
        return replace(verification, agreed=0, by_eye=len(after))

    def count(cells: Sequence[Cell]) -> Counter[tuple[str, int, int]]:
        return Counter((cell.text, cell.row_span, cell.col_span) for cell in cells)

    kept = (count(after) & count(before)).total()
    agreed = min(kept, max(0, verification.agreed - (len(before) - kept)))
    return replace(verification, agreed=agreed, by_eye=len(after) - agreed)


def _with_roles(table: Table) -> Table:
    """The table with the paths, numbers and roles that follow from its header cells and row roles."""
    roles = table.row_roles
    header = [cell for cell in table.cells if cell.row < len(roles) and roles[cell.row] is RowRole.HEADER]
    above = [[cell for cell in header if col in cell.cols] for col in range(table.n_cols)]
    lowest = {(cells[-1].row, cells[-1].col) for cells in above if cells}
    column_roles = [_column_role(column, above[column.index]) for column in table.columns]
    numbers = {
        cell.col: int(number[1])
        for cell in table.cells
        if cell.row < len(roles)
        and roles[cell.row] is RowRole.COLUMN_NUMBER
        and (number := _COLUMN_NUMBER.fullmatch(squash(cell.text)))
    }
    columns = tuple(
        Column(
            column.index,
            column_roles[column.index],
            tuple(cell.text for cell in above[column.index] if cell.text),
            numbers.get(column.index),
        )
        for column in table.columns
    )
    cells = tuple(_with_role(cell, roles, column_roles, lowest) for cell in table.cells)
    return replace(table, columns=columns, cells=cells)


def _column_role(column: Column, above: Sequence[Cell]) -> HeaderRole:
    """The role of the lowest header cell above, unless that says nothing."""
    if above and above[-1].role not in (None, HeaderRole.GROUP, HeaderRole.COLUMN_NUMBER):
        role = above[-1].role
        assert role is not None
        return role
    return HeaderRole.TEXT if column.role is HeaderRole.GROUP else column.role


def _with_role(
    cell: Cell, roles: Sequence[RowRole], columns: Sequence[HeaderRole], lowest: set[tuple[int, int]]
) -> Cell:
    row_role = roles[cell.row]
    role: HeaderRole | None
    if row_role is RowRole.COLUMN_NUMBER:
        role = HeaderRole.COLUMN_NUMBER
    elif row_role is RowRole.SECTION:
        role = HeaderRole.TEXT
    elif row_role is not RowRole.HEADER or (cell.row, cell.col) in lowest:
        role = columns[cell.col]
    elif cell.text and (cell.col_span > 1 or cell.role is None):
        role = HeaderRole.GROUP
    else:
        role = columns[cell.col] if cell.role in (None, HeaderRole.GROUP) and not cell.text else cell.role
    return replace(cell, role=role)


def edges(cells: Iterable[Cell], page: int) -> tuple[dict[int, float], dict[int, float]]:
    """Where rows and columns begin and end on a page, by their cells' boxes: y by row, x by column (points).

    Row ``r`` stands for the upper edge of row r, which is the lower edge of row r - 1; likewise columns.
    """
    ys: dict[int, float] = {}
    xs: dict[int, float] = {}
    for cell in cells:
        if cell.page != page or cell.box == NO_BOX or cell.continued:
            continue
        for index, value in ((cell.row, cell.box.y0), (cell.row + cell.row_span, cell.box.y1)):
            ys.setdefault(index, value)
        for index, value in ((cell.col, cell.box.x0), (cell.col + cell.col_span, cell.box.x1)):
            xs.setdefault(index, value)
    return ys, xs


def place_cell(cell: Cell, others: Sequence[Cell]) -> Cell:
    """The cell with the box that the edges of the other cells on its page give it; NO_BOX where one is missing."""
    ys, xs = edges(others, cell.page)
    needed = (xs.get(cell.col), ys.get(cell.row), xs.get(cell.cols.stop), ys.get(cell.rows.stop))
    if any(value is None for value in needed):
        return replace(cell, box=NO_BOX)
    x0, y0, x1, y1 = (value for value in needed if value is not None)
    return replace(cell, box=Box(x0, y0, x1, y1) if x0 < x1 and y0 < y1 else NO_BOX)
