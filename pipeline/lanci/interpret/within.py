"""What is printed once for several rows: a unit above its projects, a class above its units.

Such a text stands in a row of its own, with a sum and blank label cells beside it, or in the first of the rows that it
is for. How far a row of its own reaches is told by the sums; indentation is printed too unevenly to tell it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from lanci.document import HeaderRole, RowRole
from lanci.interpret.view import TableView

_LABELS = (
    HeaderRole.UNIT_NAME,
    HeaderRole.SUBJECT_NAME,
    HeaderRole.PROJECT_NAME,
    HeaderRole.ITEM,
    HeaderRole.TEXT,
)
_MEASURES = (HeaderRole.AMOUNT, HeaderRole.QUANTITY)

_MOST_PARTS = 300
"""Parts of a sum that are looked at: the search must not grow with the square of a long table."""

Place = tuple[int, int]
"""Row and column of a cell."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A body row: the label columns in which texts begin, the first of those that show any, its amounts.

    A ``heading`` is a row with one label and nothing beside it but amounts.
    """

    row: int
    cols: tuple[int, ...]
    first: int
    heading: bool
    values: tuple[Decimal | None, ...]


def read_within(view: TableView) -> tuple[tuple[int, tuple[Place, ...]], ...]:
    """The rows to which texts of other rows are carried, with these texts' places from the outermost to the innermost.

    Only blank cells before a row's first label take a text from above; totals take and give none.
    """
    labels = _leading_labels(view)
    if len(labels) < 2:
        return ()
    lines = _read_lines(view, labels)
    ends = _find_ends(lines)
    found = []
    carried: list[Place] = []
    headings: list[tuple[_Line, int]] = []
    for index, line in enumerate(lines):
        if line is None:
            carried = []
            continue
        carried = [place for place in carried if place[1] < line.first]
        headings = [(head, end) for head, end in headings if end > index]
        above = [(head.row, head.first) for head, _ in headings if _is_under(line, head)]
        if places := tuple(sorted({*above, *carried})):
            found.append((line.row, places))
        if line.heading:
            headings.append((line, _reach(lines, index, ends[index])))
        else:
            carried += [(line.row, col) for col in line.cols]
    return tuple(found)


def _is_under(line: _Line, head: _Line) -> bool:
    """Whether a line in a heading's reach is blank in its column, or a lesser heading."""
    return head.first < line.first or (line.heading and head.first == line.first)


def _leading_labels(view: TableView) -> tuple[int, ...]:
    """The columns of labels before the first amount."""
    end = min(view.columns(*_MEASURES), default=view.table.n_cols)
    return tuple(col for col in view.columns(*_LABELS) if col < end)


def _read_lines(view: TableView, labels: Sequence[int]) -> list[_Line | None]:
    """The data rows as lines; None for totals and for rows without a label."""
    amounts = view.columns(HeaderRole.AMOUNT)
    others = [c.index for c in view.table.columns if c.role not in (*_MEASURES, HeaderRole.ROW_NUMBER)]
    lines: list[_Line | None] = []
    for row in view.data_rows:
        shown = [col for col in labels if view.text(row, col)]
        if view.table.row_roles[row] is RowRole.TOTAL or not shown:
            lines.append(None)
            continue
        begun = tuple(col for col in shown if (cell := view.at(row, col)) is not None and cell.row == row)
        beside = any(view.text(row, col) for col in others if col > shown[0])
        values = tuple(cell.value if (cell := view.at(row, col)) is not None else None for col in amounts)
        lines.append(_Line(row, begun, shown[0], begun == (shown[0],) and not beside, values))
    return lines


def _find_ends(lines: Sequence[_Line | None]) -> list[int]:
    """For each line the index after the lines that add up to it; the next index for those that are no such sum."""
    ends = [index + 1 for index in range(len(lines))]
    # From the bottom up every line's parts are known before the line itself.
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        if line is not None and line.heading:
            ends[index] = _find_end(lines, index, ends)
    return ends


def _find_end(lines: Sequence[_Line | None], index: int, ends: Sequence[int]) -> int:
    head = lines[index]
    assert head is not None
    totals = [Decimal(0)] * len(head.values)
    place = index + 1
    for count in range(1, _MOST_PARTS + 1):
        part = lines[place] if place < len(lines) else None
        if part is None or part.first < head.first:
            break
        totals = [total + (value or 0) for total, value in zip(totals, part.values, strict=True)]
        place = ends[place]
        if _equals(head.values, totals, count):
            return place
    return index + 1


def _equals(values: Sequence[Decimal | None], totals: Sequence[Decimal], count: int) -> bool:
    """Whether sums are the printed values, give or take the rounding of so many parts; one value must not be zero."""
    printed = [(value, total) for value, total in zip(values, totals, strict=True) if value is not None]
    roundings = count if count > 1 else 0
    return any(value for value, _ in printed) and all(
        2 * abs(value - total) <= roundings * Decimal(1).scaleb(_exponent(value)) for value, total in printed
    )


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _reach(lines: Sequence[_Line | None], index: int, end: int) -> int:
    """The index after the last line under a heading: what adds up to it, else what leaves its column blank."""
    head = lines[index]
    if head is None or not head.heading:
        return index + 1
    if end == index + 1:
        while end < len(lines) and (line := lines[end]) is not None and line.first > head.first:
            end += 1
    inside = lines[index + 1 : end]
    return end if any(line is not None and line.first > head.first for line in inside) else index + 1
