"""Rows that a page break cuts."""

from __future__ import annotations

from collections.abc import Collection

from lanci.document import Cell, HeaderRole, RowRole
from lanci.numbers import looks_numeric
from lanci.stitch.labels import FILLED, ITEM_MARK
from lanci.stitch.view import FragmentView
from lanci.text import is_cjk

_KEYS = (HeaderRole.ROW_NUMBER, HeaderRole.SUBJECT_CODE, HeaderRole.UNIT_CODE, HeaderRole.PROJECT_CODE)
_TOTALS = (RowRole.TOTAL, RowRole.SUBTOTAL, RowRole.NOTE)
"""Rows that stand for themselves, with a blank where the others have a label."""


def first_rows(lower: FragmentView, dropped: Collection[int]) -> list[int]:
    """The first row of ``lower`` that is no header, where it may be the rest of a row; empty when there is none.

    Key/value rows count although they stand above a header, and so does a row that was taken for one.
    """
    kept = [row for row in range(lower.n_rows) if row not in dropped]
    mistaken = lower.header if not lower.header_is_plausible else ()
    return [row for row in kept[:1] if row in lower.body or row in mistaken or lower.roles[row] is RowRole.SECTION]


def is_row_tail(upper: FragmentView, lower: FragmentView, row: int) -> bool:
    """Whether ``row`` of ``lower`` holds only the ends of texts of the last row of ``upper``.

    The parts must have the same columns. A tail has no number, key or amount and no item mark, has texts in at
    most half of the columns that the row above fills, always under one of its texts, and leaves blank a column that
    every complete row fills.
    """
    last = upper.n_rows - 1
    if last not in upper.body or lower.roles[row] in _TOTALS:
        return False
    filled = [cell for cell in lower.row_cells(row) if cell.text]
    above = {(cell.col, cell.col_span) for cell in upper.row_cells(last) if cell.text}
    if not filled or 2 * len(filled) > len(above):
        return False
    if not all((cell.col, cell.col_span) in above and _may_be_rest(cell, lower) for cell in filled):
        return False
    blanks = [col for col in range(upper.n_cols) if not lower.text(row, col)]
    # A blank cell of more rows is a label that goes on; it says nothing of this row.
    own = [col for col in blanks if (cell := lower.cell(row, col)) is None or cell.row_span == 1]
    if blanks == list(range(len(blanks))) and lower.roles[row] is not RowRole.SECTION:
        # Only the leading cells are blank: labels that go on above a complete row, unless there are numbers too.
        return any(looks_numeric(upper.text(last, col)) for col in own)
    return any(_always_filled(upper, col) for col in own)


def _may_be_rest(cell: Cell, lower: FragmentView) -> bool:
    """Whether the text is no number, no item of its own and no key, which begins with a letter or a digit."""
    if looks_numeric(cell.text) or ITEM_MARK.match(cell.text):
        return False
    return lower.labelled.column_roles[cell.col][0] not in _KEYS or is_cjk(cell.text[0])


def _always_filled(view: FragmentView, col: int) -> bool:
    rows = view.body
    return sum(1 for row in rows if view.text(row, col)) >= FILLED * len(rows)
