"""Lines between the rows and columns of an annotated table, measured from the boxes of its cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from lanci.annotation.boxes import turn_box
from lanci.annotation.records import NO_BOX
from lanci.document import Box, Cell

_MARGIN = 40.0
_LEAST = 0.5  # points between two lines; less, and they were not measured


@dataclass(frozen=True, slots=True)
class Lines:
    """Ascending coordinates of the lines between rows and between columns, in points of the upright table."""

    rows: tuple[float, ...]
    cols: tuple[float, ...]

    def span_to_box(self, rows: range, cols: range) -> Box:
        """The box of a cell over these rows and columns."""
        return Box(self.cols[cols.start], self.rows[rows.start], self.cols[cols.stop], self.rows[rows.stop])


def measure_lines(cells: Sequence[Cell], n_rows: int, n_cols: int, around: Box) -> Lines | None:
    """The lines that the cells' boxes show; None where too few cells have a box.

    A table that lies on its side is turned upright first; its coordinates then begin at a margin, as the size of
    the page is not asked for. An inner line at which no cell with a box begins or ends lies evenly between its
    neighbours.

    Args:
        cells: of one fragment; those whose place is not known have no box.
        n_rows: of the fragment.
        n_cols: of the fragment.
        around: the fragment's own box, for outer lines at which no cell with a box begins or ends.
    """
    known = [cell for cell in cells if cell.box != NO_BOX]
    if not known:
        return None
    degrees = max((0, 90, 270, 180), key=lambda turn: _order(known, turn))
    boxes = [turn_box(cell.box, degrees) if degrees else cell.box for cell in known]
    hull = turn_box(around, degrees) if degrees else around
    outer_cols, outer_rows = ((hull.x0, hull.x1), (hull.y0, hull.y1)) if around != NO_BOX else ((), ())
    cols = _measure([(b.x0, b.x1, c.cols) for b, c in zip(boxes, known, strict=True)], n_cols, outer_cols)
    rows = _measure([(b.y0, b.y1, c.rows) for b, c in zip(boxes, known, strict=True)], n_rows, outer_rows)
    if cols is None or rows is None:
        return None
    return Lines(_to_margin(rows), _to_margin(cols)) if degrees else Lines(rows, cols)


def _order(cells: Sequence[Cell], degrees: int) -> float:
    """How well columns go to the right and rows down, from -2 to 2, after a turn."""
    boxes = [turn_box(cell.box, degrees) if degrees else cell.box for cell in cells]
    across = _correlation([cell.col for cell in cells], [box.center[0] for box in boxes])
    return across + _correlation([cell.row for cell in cells], [box.center[1] for box in boxes])


def _correlation(places: Sequence[int], positions: Sequence[float]) -> float:
    n = len(places)
    mean, middle = sum(places) / n, sum(positions) / n
    both = sum((a - mean) * (b - middle) for a, b in zip(places, positions, strict=True))
    spread = sum((a - mean) ** 2 for a in places) * sum((b - middle) ** 2 for b in positions)
    return both / spread**0.5 if spread > 0 else 0.0


def _measure(
    spans: Sequence[tuple[float, float, range]], n_lanes: int, outer: Sequence[float]
) -> tuple[float, ...] | None:
    """One coordinate a line; None where an outer line is not shown or the lines do not ascend."""
    found: list[list[float]] = [[] for _ in range(n_lanes + 1)]
    for begin, end, lanes in spans:
        found[lanes.start].append(begin)
        found[lanes.stop].append(end)
    found[0] = found[0] or list(outer[:1])
    found[-1] = found[-1] or list(outer[1:])
    if not found[0] or not found[-1]:
        return None
    lines: list[float] = []
    for index, values in enumerate(found):
        if values:
            lines.append(median(values))
            continue
        after = next(i for i in range(index, n_lanes + 1) if found[i])
        step = (median(found[after]) - lines[-1]) / (after - index + 1)
        lines.append(lines[-1] + step)
    ascends = all(right - left >= _LEAST for left, right in pairwise(lines))
    return tuple(lines) if ascends else None


def _to_margin(lines: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(line - lines[0] + _MARGIN for line in lines)
