"""Rows that are the difference of the two above them: 增减变化 under last year's and this year's row."""

from __future__ import annotations

import re
from decimal import Decimal

from lanci.document import HeaderRole
from lanci.interpret.view import TableView

_YEAR = re.compile(r"(?:19|20)\d\d")
_CHANGE = re.compile(r"增减|增长|增加|减少|变化|变动|差额|差异")
_LABELS = (HeaderRole.TEXT, HeaderRole.ITEM, HeaderRole.SUBJECT_NAME, HeaderRole.UNIT_NAME, HeaderRole.PROJECT_NAME)


def read_differences(view: TableView) -> tuple[tuple[int, tuple[int, int]], ...]:
    """The rows that are a difference, with the rows (later, earlier) of which.

    A name alone does not make one, nor do amounts alone: the label tells of a change, or years stand above it and
    none beside it, and most columns bear it out.
    """
    amounts = view.columns(HeaderRole.AMOUNT)
    found: list[tuple[int, tuple[int, int]]] = []
    taken: set[int] = set()
    rows = view.data_rows
    for index in sorted({index for col in view.columns(*_LABELS) for index in _named_so(view, col)}):
        first, second, row = rows[index - 2 : index + 1]
        if taken & {first, second}:
            continue
        for later, earlier in ((second, first), (first, second)):
            if _bears_out(view, amounts, (later, earlier, row)):
                found.append((row, (later, earlier)))
                taken.add(row)
                break
    return tuple(found)


def _named_so(view: TableView, col: int) -> list[int]:
    """The places in ``data_rows`` whose label in a column tells of a change of the two labels above it."""
    texts = [view.text(row, col) for row in view.data_rows]
    years = [bool(_YEAR.search(text)) for text in texts]
    found = []
    for index, text in enumerate(texts[2:], start=2):
        is_told = text and (_CHANGE.search(text) or years[index - 2 : index + 1] == [True, True, False])
        if is_told and texts[index - 1] and texts[index - 2] and len({*texts[index - 2 : index + 1]}) == 3:
            found.append(index)
    return found


def _bears_out(view: TableView, cols: tuple[int, ...], rows: tuple[int, int, int]) -> bool:
    """Whether in most columns with three amounts, not all of them zero, the third is the first less the second."""
    right = counted = 0
    for col in cols:
        values = [cell.value if (cell := view.alone(row, col)) is not None else None for row in rows]
        later, earlier, change = values
        if later is None or earlier is None or change is None or later == earlier == change == Decimal(0):
            continue
        counted += 1
        right += later - earlier == change
    return 2 * right > counted
