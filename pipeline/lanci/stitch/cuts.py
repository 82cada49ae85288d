"""Rows and labels that a page break cuts."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from lanci.document import Cell, HeaderRole, RowRole
from lanci.numbers import looks_numeric
from lanci.stitch.view import FragmentView

_KEYS = (HeaderRole.ROW_NUMBER, HeaderRole.SUBJECT_CODE, HeaderRole.UNIT_CODE, HeaderRole.PROJECT_CODE)
TOTALS = (RowRole.TOTAL, RowRole.SUBTOTAL, RowRole.NOTE)
"""Rows that stand for themselves, with a blank where the others have a label."""
_NAMES = (HeaderRole.ITEM, HeaderRole.UNIT_NAME, HeaderRole.PROJECT_NAME)
_FILLED = 0.95
"""A column with this share of filled rows has a text in every complete row."""
_ITEM = re.compile(r"[一二三四五六七八九十]+、|\d+[、.．)）]|[（(][一二三四五六七八九十\d]+[）)]|其中")


def first_rows(lower: FragmentView, dropped: Collection[int]) -> list[int]:
    """The first row of ``lower`` that is no header, where it may be the rest of a row; empty when there is none.

    Key/value rows count although they stand above a header, and so does a row that was taken for one.
    """
    kept = [row for row in range(lower.n_rows) if row not in dropped]
    mistaken = lower.header if not lower.header_is_plausible else ()
    return [row for row in kept[:1] if row in lower.body or row in mistaken or lower.roles[row] is RowRole.SECTION]


def is_row_tail(upper: FragmentView, lower: FragmentView, row: int) -> bool:
    """Whether ``row`` of ``lower`` holds only the ends of texts of the last row of ``upper``.

    The parts must have the same columns. A tail has no number, code or amount and no item mark, has texts in at
    most half of the columns that the row above fills, always under one of its texts, and leaves blank a column
    that every complete row fills.
    """
    if not upper.body or lower.roles[row] in TOTALS:
        return False
    last = upper.body[-1]
    if last != upper.n_rows - 1:
        return False
    filled = [cell for cell in lower.row_cells(row) if cell.text]
    above = [cell for cell in upper.row_cells(last) if cell.text]
    if not filled or 2 * len(filled) > len(above):
        return False
    places = {(cell.col, cell.col_span) for cell in above}
    for cell in filled:
        role = lower.labelled.column_roles[cell.col][0]
        foreign = (cell.col, cell.col_span) not in places
        if role in _KEYS or looks_numeric(cell.text) or foreign or _ITEM.match(cell.text):
            return False
    blanks = [col for col in range(upper.n_cols) if not lower.text(row, col)]
    if blanks == list(range(len(blanks))) and lower.roles[row] is not RowRole.SECTION:
        # Only the leading cells are blank: labels that go on above a complete row, unless there are numbers too.
        return any(looks_numeric(upper.text(last, col)) for col in blanks)
    return any(_always_filled(upper, col) for col in blanks)


def _always_filled(view: FragmentView, col: int) -> bool:
    rows = view.body
    return sum(1 for row in rows if view.text(row, col)) >= _FILLED * len(rows)


def is_cut_label(upper: FragmentView, lower: FragmentView, row: int, col: int) -> bool:
    """Whether the label in ``col`` that reaches the end of ``upper`` goes on in the empty cell of ``lower``.

    The parts must have the same columns.
    """
    if not upper.body or upper.body[-1] != upper.n_rows - 1:
        return False
    label = upper.cell(upper.n_rows - 1, col)
    if label is None or label.row not in upper.body:
        return False
    blank = lower.cell(row, col)
    if lower.roles[row] in TOTALS and label.row_span == 1:
        return False
    return blank is not None and blank.row == row and label_goes_on(label, blank, (upper, lower))


def label_goes_on(label: Cell, blank: Cell, parts: Sequence[FragmentView], *, nested: bool = False) -> bool:
    """Whether ``blank`` below a page break is the lower part of ``label`` above it.

    Either of the two spans rows; or the column holds words. Names, and words right of another cut label
    (``nested``), count only where cells of their column are merged at all: a blank beside a name (the shorter half
    of a two-sided table) or in a form is otherwise just blank.
    """
    if not label.text or blank.text or (label.col, label.col_span) != (blank.col, blank.col_span):
        return False
    if max(label.row_span, blank.row_span) > 1:
        return True
    role = parts[0].labelled.column_roles[label.col][0]
    if role in _NAMES or (role is HeaderRole.TEXT and nested):
        return any(_has_merged_cells(part, label.col) for part in parts)
    return role is HeaderRole.TEXT


def _has_merged_cells(view: FragmentView, col: int) -> bool:
    return any((cell := view.cell(row, col)) is not None and cell.row_span > 1 for row in view.body)
