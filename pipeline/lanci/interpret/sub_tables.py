"""Tables inside a form: rows cut into the same columns under a header of their own.

A form prints pairs of labels and values, sentences over its whole width and, somewhere among them, one or more tables.
Only a table prints several rows of the same cut whose first row holds names and no values.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lanci.document import Cell, RowRole, SubColumn, SubTable, Table
from lanci.interpret.view import TableView
from lanci.numbers import looks_numeric
from lanci.text import squash

_MIN_COLUMNS = 3
_DIGIT = re.compile(r"\d")
_MAX_NAME = 20
"""Characters of the longest name of a column; longer texts are sentences."""


def read_sub_tables(view: TableView) -> tuple[SubTable, ...]:
    """The tables inside a table, top to bottom: anywhere in a form, else below the table's own header only."""
    table = view.table
    own = -1 if RowRole.SECTION in table.row_roles else max(table.n_header_rows - 1, 0)
    parts = [_read_band(view, band) for band in _bands(table)]
    return tuple(part for part in parts if part is not None and part.first_row > own)


def _bands(table: Table) -> list[range]:
    """Runs of rows that are cut into the same columns."""
    cuts = [0] * table.n_rows
    for cell in table.cells:
        for row in cell.rows:
            cuts[row] |= 1 << cell.col
    starts = [row for row, cut in enumerate(cuts) if row == 0 or cut != cuts[row - 1]]
    return [range(start, end) for start, end in zip(starts, [*starts[1:], len(cuts)], strict=True)]


def _read_band(view: TableView, band: range) -> SubTable | None:
    """The table whose lowest header row is the first of the band, if that is one."""
    head = [cell for cell in view.row_cells(band.start) if not _is_beside(cell, band)]
    if len(head) < _MIN_COLUMNS or len(band) < 2 or not all(_is_name(cell.text) for cell in head):
        return None
    groups = _groups_over(view, band.start, head)
    columns = tuple(
        SubColumn(c.col, c.cols.stop - 1, (*(g.text for g in groups if g.col <= c.col < g.cols.stop), c.text))
        for c in head
    )
    if len({column.path for column in columns}) < len(columns) or not (groups or _is_list(view, band, head)):
        return None
    first = min(cell.row for cell in (*groups, *head))
    return SubTable(first, band.stop - 1, band.start - first + 1, columns)


def _is_beside(cell: Cell, band: range) -> bool:
    """Whether a merged label stands beside all rows of a band, header included."""
    return cell.row <= band.start and cell.rows.stop >= band.stop


def _is_name(text: str) -> bool:
    plain = squash(text)
    return 0 < len(plain) <= _MAX_NAME and not _DIGIT.search(plain)


def _groups_over(view: TableView, row: int, head: Sequence[Cell]) -> list[Cell]:
    """The cells of the row above that join columns of the header; none unless that row holds nothing else.

    What stands left of the header has to stand left of that row too: else it is a line of the form.
    """
    left = min(cell.col for cell in head)
    over = view.row_cells(row - 1) if row else []
    above = [cell for cell in over if cell.col >= left and cell not in head]
    beside = [cell for cell in view.row_cells(row) if cell.col < left]
    if beside != [cell for cell in over if cell.col < left]:
        return []
    starts = {cell.col for cell in head}
    fits = all(
        cell.col in starts and _is_name(cell.text) and sum(c.col in cell.cols for c in head) > 1 for cell in above
    )
    return above if fits else []


def _is_list(view: TableView, band: range, head: Sequence[Cell]) -> bool:
    """Whether the rows below a header are records: several of them and no pairs, or one of numbers beside a label."""
    if len(band) > 2:
        return not _is_pairs(view, band, head)
    values = [cell.text for cell in view.row_cells(band.start + 1) if cell.col >= head[0].col]
    labelled = any(cell.rows == band for cell in view.row_cells(band.start) if cell.col < head[0].col)
    return labelled and any(values) and all(not text or looks_numeric(text) for text in values)


def _is_pairs(view: TableView, band: range, head: Sequence[Cell]) -> bool:
    """Whether every row is made of pairs of a label and a value, no label standing twice."""
    if len(head) % 2:
        return False
    labels = [view.at(row, cell.col) for row in band for cell in head[::2]]
    texts = {squash(label.text) for label in labels if label is not None and _is_name(label.text)}
    return len(texts) == len(labels)
