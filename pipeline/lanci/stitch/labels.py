"""Merged cells that a page break cuts: which of the cells that meet at a break are one cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lanci.document import Cell, HeaderRole, RowRole
from lanci.numbers import looks_numeric
from lanci.stitch.view import HEADER_ROLES, TOTAL_ROLES, FragmentView

ITEM_MARK = re.compile(r"[一二三四五六七八九十]+、|\d+[、.．)）]|[（(][一二三四五六七八九十\d]+[）)]|其中")
FILLED = 0.95
"""A column with this share of filled cells has a text in every complete row."""
_NAMES = (HeaderRole.ITEM, HeaderRole.UNIT_NAME, HeaderRole.PROJECT_NAME)
_NUMBERS = (HeaderRole.AMOUNT, HeaderRole.QUANTITY)
_MIN_START = 3
"""So many characters at the beginning of all texts of a column are no chance."""
_MIN_CELLS = 2
"""So many complete cells of a column tell whether its cells are ever blank."""


@dataclass(frozen=True, slots=True)
class Facing:
    """The last cell of a column above a page break and the first one below it, both over the same columns."""

    upper: Cell
    lower: Cell

    @property
    def col(self) -> int:
        return self.upper.col

    @property
    def rows(self) -> tuple[int, int, int]:
        """Equal for cells that belong to the same row, or to the same merged row, on both pages."""
        return self.upper.row, self.upper.row_span, self.lower.row_span

    @property
    def spans(self) -> bool:
        return max(self.upper.row_span, self.lower.row_span) > 1


class Habits:
    """How a table fills its columns: which hold merged cells and which are never blank.

    ``merged`` are the columns that hold a cell of several rows.
    """

    def __init__(self, parts: Sequence[FragmentView]) -> None:
        self.merged: frozenset[int] = frozenset().union(*(part.merged_columns for part in parts))
        self._parts = tuple(parts)
        self._filled: dict[int, list[int]] = {}
        for part in parts:
            for col, (filled, total) in enumerate(part.complete_cells):
                self._count(col, filled, total)

    def add_cell(self, cell: Cell) -> None:
        """Take in one cell that is known to be whole."""
        self._count(cell.col, bool(cell.text), 1)

    def _count(self, col: int, filled: int, total: int) -> None:
        counts = self._filled.setdefault(col, [0, 0])
        counts[0] += filled
        counts[1] += total

    def always_filled(self, col: int) -> bool:
        """Whether a complete cell of the column has a text."""
        filled, total = self._filled.get(col, (0, 0))
        return total >= _MIN_CELLS and filled >= FILLED * total

    def is_ever_blank(self, col: int) -> bool:
        """Whether a complete cell of the column has no text."""
        filled, total = self._filled.get(col, (0, 0))
        return filled < total

    def is_rest(self, col: int, text: str) -> bool:
        """Whether all whole texts of the column begin alike, as with the code of a year's projects, and not so."""
        whole = [text for part in self._parts for text in _whole_texts(part, col)]
        starts = {one[:_MIN_START] for one in whole}
        return len(whole) >= _MIN_CELLS and len(starts) == 1 and text[:_MIN_START] not in starts

    def is_numeric(self, col: int) -> bool:
        """Whether some part takes the column for one of numbers."""
        return any(part.labelled.column_roles[col][0] in _NUMBERS for part in self._parts)


def _whole_texts(part: FragmentView, col: int) -> list[str]:
    """The texts of a column's cells in rows that are no header, of those that touch neither end of the part's body."""
    first = part.body[0] if part.body else part.n_rows
    inner = (
        cell
        for cell in part.labelled.fragment.cells
        if cell.col == col and cell.row > first and cell.row + cell.row_span < part.n_rows
    )
    return [cell.text for cell in inner if cell.text and part.roles[cell.row] not in HEADER_ROLES]


def stands_alone(view: FragmentView, row: int) -> bool:
    """Whether the row is a total, with a blank where other rows have a label; one without any number is none."""
    if view.roles[row] in TOTAL_ROLES:
        return any(looks_numeric(cell.text) for cell in view.row_cells(row))
    return view.roles[row] is RowRole.NOTE


def find_cut_cells(facing: Sequence[Facing], habits: Habits, parts: tuple[FragmentView, FragmentView]) -> list[Facing]:
    """Which of the cells that meet at a page break are one cell, from left to right.

    Labels are nested from left to right: where one is not cut, none to its right can be. A record with its amount
    is surer: its cells may also stand right of a blank that is not known to be cut.

    Args:
        facing: what stands above and below the break; the upper cells as joined so far.
        habits: of the table with both parts.
        parts: the parts above and below the break, on the columns of the table.
    """
    torn = _torn_records(facing, habits)
    totals = _totals_at_the_break(facing, parts)
    cut: list[Facing] = []
    nested = True
    for one in facing:
        is_torn = one.rows in torn and (one.spans or one.col in habits.merged)
        if is_torn or (nested and _is_cut(one, cut, habits, parts[0], totals)):
            cut.append(one)
        elif not (one.upper.text and one.lower.text):
            nested = False
        elif parts[1].labelled.column_roles[one.col][0] is not HeaderRole.ROW_NUMBER:
            break
    return cut


def _is_cut(one: Facing, cut: Sequence[Facing], habits: Habits, upper: FragmentView, totals: tuple[bool, bool]) -> bool:
    """Whether a cell goes on below the break; ``cut`` are those left of it that do, ``totals`` as found."""
    above_total, below_total = totals
    if one.upper.text and one.lower.text:
        return False
    if one.upper.text:
        return _goes_on(one, habits, upper, nested=bool(cut)) and not (below_total and one.upper.row_span == 1)
    if one.lower.text:
        return _goes_back(one, habits, nested=bool(cut)) and not (above_total and one.upper.row_span == 1)
    if above_total and one.upper.row_span == 1:
        return False
    # A label that every cell has and that was not printed so far is still to come, for both parts.
    unnamed = one.col in habits.merged and habits.always_filled(one.col)
    return one.spans and (unnamed or any(one.rows == other.rows for other in cut))


def find_cut_label(upper: FragmentView, lower: FragmentView, row: int) -> Facing | None:
    """The label of the first column that the break before ``row`` of ``lower`` cuts, or None.

    The parts must have the same columns.
    """
    above, below = upper.cell(upper.n_rows - 1, 0), lower.cell(row, 0)
    if above is None or below is None or upper.roles[-1] in HEADER_ROLES or below.row != row:
        return None
    if above.col_span != below.col_span:
        return None
    facing = [Facing(above, below)]
    return next(iter(find_cut_cells(facing, Habits((upper, lower)), (upper, lower))), None)


def _totals_at_the_break(facing: Sequence[Facing], parts: tuple[FragmentView, FragmentView]) -> tuple[bool, bool]:
    upper, lower = parts
    return stands_alone(upper, upper.n_rows - 1), bool(facing) and stands_alone(lower, facing[0].lower.row)


def _goes_on(one: Facing, habits: Habits, upper: FragmentView, *, nested: bool) -> bool:
    """Whether the blank below the break is the lower part of the label above it.

    Either of the two spans rows; or the column holds words. Names, and words right of another cut label
    (``nested``), count only where cells of their column are merged at all: a blank beside a name (the shorter half
    of a two-sided table) or in a form is otherwise just blank. So does any text where blanks are not to be had.
    """
    if one.spans:
        return True
    if looks_numeric(one.upper.text) or (nested and upper.roles[-1] is RowRole.SECTION):
        return False
    if habits.always_filled(one.col):
        return True
    role = upper.labelled.column_roles[one.col][0]
    if one.col in habits.merged:
        return role in _NAMES or role is HeaderRole.TEXT
    return role is HeaderRole.TEXT and not nested and not habits.is_ever_blank(one.col)


def _goes_back(one: Facing, habits: Habits, *, nested: bool) -> bool:
    """Whether the blank above the break is the upper part of the label below it.

    The column is never blank and holds merged cells, or stands right of another cut label (``nested``); for a blank at
    a page's end is else just blank. Where the column shows no complete cell, both parts must span rows.
    """
    if looks_numeric(one.lower.text):
        return False
    if min(one.upper.row_span, one.lower.row_span) > 1 and not habits.is_ever_blank(one.col):
        return True
    return (one.spans or nested or one.col in habits.merged) and habits.always_filled(one.col)


def _torn_records(facing: Sequence[Facing], habits: Habits) -> set[tuple[int, int, int]]:
    """The rows of records, such as projects with many indicators, that the break cuts through all their cells."""
    groups: dict[tuple[int, int, int], list[Facing]] = {}
    for one in facing:
        if one.spans or one.col in habits.merged:
            groups.setdefault(one.rows, []).append(one)
    return {rows for rows, record in groups.items() if _is_torn(record, habits)}


def _is_torn(record: Sequence[Facing], habits: Habits) -> bool:
    """Whether cells side by side are parts of one record: one page has its amount, or the last page its name.

    Every record has an amount, and two amounts are two records. Other texts may be torn: printed on both pages. A
    record's first text is only torn where nothing else of it but torn texts is printed below the break, or where what
    is printed below cannot be the beginning of another one. Cells without
    any text above the break are no record, whether or not the table shows complete ones.
    """
    first = record[0]
    texts = [one for one in record if one.upper.text and one.lower.text]
    is_rest = first in texts and not habits.is_numeric(first.col) and habits.is_rest(first.col, first.lower.text)
    # Of a code that is cut the upper part may be all digits.
    whole = texts[1:] if is_rest else texts
    if any(map(_is_numeric, whole)) or (not is_rest and any(map(_is_item, whole))):
        return False
    nothing_above = not any(one.upper.text for one in record) and sum(bool(one.lower.text) for one in record) > 1
    always = [
        one
        for one in record
        if one not in texts
        and (habits.always_filled(one.col) or (nothing_above and one.lower.text and not habits.is_ever_blank(one.col)))
    ]
    if not any(habits.is_numeric(one.col) for one in always):
        return False
    if first in texts:
        return is_rest or all(one.upper.text and not one.lower.text for one in always)
    return True


def _is_numeric(one: Facing) -> bool:
    """Whether either is a number, which is never the rest of another text."""
    return looks_numeric(one.upper.text) or looks_numeric(one.lower.text)


def _is_item(one: Facing) -> bool:
    """Whether the text below the break is an item; only in a record known to go on it is the rest of another text."""
    return ITEM_MARK.match(one.lower.text) is not None
