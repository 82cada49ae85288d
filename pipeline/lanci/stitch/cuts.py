"""Rows that a page break cuts."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from lanci.document import Cell, HeaderRole, RowRole
from lanci.numbers import looks_numeric
from lanci.stitch.labels import FILLED, ITEM_MARK
from lanci.stitch.view import FragmentView
from lanci.text import is_cjk

_KEYS = (HeaderRole.ROW_NUMBER, HeaderRole.SUBJECT_CODE, HeaderRole.UNIT_CODE, HeaderRole.PROJECT_CODE)
_TOTALS = (RowRole.TOTAL, RowRole.SUBTOTAL, RowRole.NOTE)
"""Rows that stand for themselves, with a blank where the others have a label."""

_MIN_ROWS = 4
"""So many rows tell whether a column of words is ever blank."""


def first_rows(lower: FragmentView, dropped: Collection[int]) -> list[int]:
    """The first row of ``lower`` that is no header, where it may be the rest of a row; empty when there is none.

    Key/value rows count although they stand above a header, and so does a row that was taken for one.
    """
    kept = [row for row in range(lower.n_rows) if row not in dropped]
    mistaken = lower.header if not lower.header_is_plausible else ()
    return [row for row in kept[:1] if row in lower.body or row in mistaken or lower.roles[row] is RowRole.SECTION]


def find_row_tail(upper: FragmentView, lower: FragmentView, row: int) -> Mapping[int, int]:
    """Where the texts of ``row`` of ``lower`` go on when they are only the ends of texts of the last row of ``upper``.

    The parts must have the same columns. A tail has no number, key or amount and no item mark, has texts in at
    most half of the columns that the row above fills, always under one of its texts that is no number, and leaves
    blank a column that every row fills, or has no item mark where every other text of the column has one.

    Returns:
        By the first column of each text below the break the first column of the text above it; empty when the row is
        no tail.
    """
    last = upper.n_rows - 1
    if last not in upper.body or upper.roles[last] in _TOTALS or lower.roles[row] in _TOTALS or _has_key(lower, row):
        return {}
    filled = [cell for cell in lower.row_cells(row) if cell.text]
    above = [cell for cell in upper.row_cells(last) if cell.text]
    if not filled or 2 * len(filled) > len(above):
        return {}
    misfit = upper.is_misfit or lower.is_misfit
    # Of a part whose own columns are not sure a text may belong to any other one.
    near = [[one for one in above if misfit or one.cols == cell.cols] for cell in filled]
    heads = [
        next((one for one in ones if _may_be_rest(one.text, cell, lower)), None)
        for cell, ones in zip(filled, near, strict=True)
    ]
    found = [head for head in heads if head is not None]
    if len({head.col for head in found}) < len(filled):
        return {}
    if lower.roles[row] is RowRole.SECTION and above[-1] not in found:
        return {}  # of a key and its value the value, which is the longer one, is torn
    if not _is_incomplete(upper, lower, row) and not (misfit and _lacks_numbers(upper, lower)):
        return {}
    return {cell.col: head.col for cell, head in zip(filled, found, strict=True)}


def _is_incomplete(upper: FragmentView, lower: FragmentView, row: int) -> bool:
    """Whether a row lacks what a complete one would have in one of the columns."""
    filled = [cell.col for cell in lower.row_cells(row) if cell.text]
    telling = _telling_blanks(upper, lower, row)
    if telling and telling[-1] < filled[0] and lower.roles[row] is not RowRole.SECTION:
        return True  # a complete row under labels that go on would have the numbers
    if any(_always_filled(upper, lower, col) for col in telling):
        return True
    return bool(telling) and all(_is_marked(upper, lower, row, col) for col in filled)


def _lacks_numbers(upper: FragmentView, lower: FragmentView) -> bool:
    """Whether a first row without numbers is incomplete: all rows like the last one of ``upper`` have some."""
    kind = upper.roles[-1]
    # The first row of the upper part may be such a rest, too.
    others = [(upper, upper.n_rows - 1), *((view, other) for view in (upper, lower) for other in view.body[1:])]
    return all(any(map(looks_numeric, view.lines[other])) for view, other in others if view.roles[other] is kind)


def _telling_blanks(upper: FragmentView, lower: FragmentView, row: int) -> list[int]:
    """The columns that a complete row may have filled.

    The leading blanks may be labels that go on, but for those under a number. A blank cell of more rows is such a
    label; it says nothing of this row.
    """
    blanks = [col for col in range(upper.n_cols) if not lower.text(row, col)]
    own = [col for col in blanks if (cell := lower.cell(row, col)) is None or cell.row_span == 1]
    if lower.roles[row] is RowRole.SECTION:
        return own
    numbers = [col for col in own if looks_numeric(upper.text(upper.n_rows - 1, col))]
    return [col for index, col in enumerate(blanks) if col in own and (col != index or col in numbers)]


def _may_be_rest(above: str, cell: Cell, lower: FragmentView) -> bool:
    """Whether a text goes on with another: no number on either side, no item, no key (a letter or a digit first)."""
    if not any(map(str.isalpha, above)) or looks_numeric(above) or looks_numeric(cell.text):
        return False
    if ITEM_MARK.match(cell.text):
        return False
    return lower.labelled.column_roles[cell.col][0] not in _KEYS or is_cjk(cell.text[0])


def _has_key(lower: FragmentView, row: int) -> bool:
    """Whether it is a key/value row with its key: the first cell that is of this row alone has a text."""
    own = [cell for cell in lower.row_cells(row) if cell.row_span == 1]
    return lower.roles[row] is RowRole.SECTION and bool(own) and bool(own[0].text)


def _always_filled(upper: FragmentView, lower: FragmentView, col: int) -> bool:
    """Whether rows like the last one of ``upper`` fill the column; words must be there in some rows to tell."""
    kind, last = upper.roles[-1], upper.n_rows - 1
    others = [(upper, row) for row in upper.body[1:] if row != last] + [(lower, row) for row in lower.body[1:]]
    texts = [upper.text(last, col), *(view.text(row, col) for view, row in others if view.roles[row] is kind)]
    if len(texts) < _MIN_ROWS and kind is not RowRole.SECTION and not looks_numeric(texts[0]):
        return False
    return sum(map(bool, texts)) >= FILLED * len(texts)


def _is_marked(upper: FragmentView, lower: FragmentView, row: int, col: int) -> bool:
    """Whether the texts of the column begin with item marks, the one before the break and the one after ``row`` too."""
    above = [upper.text(row, col) for row in upper.body if upper.roles[row] not in _TOTALS]
    after = next((text for below in lower.body if below > row and (text := lower.text(below, col))), "")
    texts = [*filter(None, above[1:] or above), after]
    marked = [text for text in texts if ITEM_MARK.match(text)]
    return len(marked) >= FILLED * len(texts) and bool(ITEM_MARK.match(after)) and bool(ITEM_MARK.match(above[-1]))
