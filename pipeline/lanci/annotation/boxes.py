"""Checks of where things stand: boxes on their page, cells in their part of the table, in the order of the grid."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from lanci.annotation.problems import Issue
from lanci.annotation.records import NO_BOX, AnnotatedDocument, AnnotatedFragment, AnnotatedTable
from lanci.document import Box, Cell

MARGIN = 3.0
"""Points by which a box may reach out of the one around it: rules have a thickness, and are drawn by hand."""

MAX_OVERLAP = 0.2
"""The most that two cells may share of the smaller one's area: upright boxes of skewed cells overlap a little."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cell with a box, its row counted from the top of the part that a page shows."""

    cell: Cell
    row: int
    box: Box
    where: str

    @property
    def rows(self) -> range:
        return range(self.row, self.row + self.cell.row_span)

    def issue(self, message: str) -> Issue:
        return Issue(self.where + message, self.cell.row, self.cell.col)


def check_pages(document: AnnotatedDocument) -> Iterator[Issue]:
    """The sizes of all pages are known, in order, or of none."""
    numbers = [page.number for page in document.pages]
    if numbers and numbers != list(range(1, document.n_pages + 1)):
        yield Issue(f"sizes of the pages {numbers}, but there must be one for each of 1 to {document.n_pages}, or none")


def check_boxes(annotated: AnnotatedTable, document: AnnotatedDocument) -> Iterator[Issue]:
    """Every known box is a rectangle on its page and in its part, no two cells overlap, rows and columns ascend."""
    sizes = {page.number: Box(0.0, 0.0, page.width, page.height) for page in document.pages}
    for number, fragment in enumerate(annotated.fragments, start=1):
        where = f"fragment {number} (page {fragment.page})"
        yield from _check_fragment_box(fragment, sizes, where)
        placed = _placed_cells(annotated, fragment, f"{where}, repeated header: ")
        if placed and fragment.box == NO_BOX:
            yield Issue(f"{where}: its cells have boxes, it has none")
        flat = [issue for cell in placed for issue in _check_cell_box(cell, fragment, sizes)]
        yield from flat
        if not flat:
            yield from _check_overlaps(placed)
            yield from _check_order(placed)


def _check_fragment_box(fragment: AnnotatedFragment, sizes: Mapping[int, Box], where: str) -> Iterator[Issue]:
    if fragment.box == NO_BOX:
        return
    if not sizes:
        yield Issue(f"{where}: has a box, but the sizes of the pages are not known")
    if fragment.box.area == 0:
        yield Issue(f"{where}: its box {_corners(fragment.box)} ends before it begins")
    elif fragment.page in sizes and not _holds(sizes[fragment.page], fragment.box):
        size = sizes[fragment.page]
        yield Issue(f"{where}: its box {_corners(fragment.box)} reaches out of the page, {size.x1:g} x {size.y1:g}")


def _check_cell_box(placed: _Placed, fragment: AnnotatedFragment, sizes: Mapping[int, Box]) -> Iterator[Issue]:
    if placed.box.width <= 0 or placed.box.height <= 0:
        yield placed.issue(f"its box {_corners(placed.box)} ends before it begins")
    elif fragment.page in sizes and not _holds(sizes[fragment.page], placed.box):
        yield placed.issue(f"its box {_corners(placed.box)} reaches out of page {fragment.page}")
    elif fragment.box != NO_BOX and not _holds(fragment.box, placed.box):
        yield placed.issue(f"its box {_corners(placed.box)} reaches out of {_corners(fragment.box)}, the table's")


def _placed_cells(annotated: AnnotatedTable, fragment: AnnotatedFragment, where: str) -> list[_Placed]:
    """The cells with boxes that stand in the fragment, the repeated header first."""
    shift = fragment.n_repeated_rows - fragment.first_row
    repeated = [_Placed(c, c.row, c.box, where) for c in fragment.repeated_header if c.box != NO_BOX]
    own = [
        _Placed(c, c.row + shift, c.box, "")
        for c in annotated.table.cells
        if c.page == fragment.page and c.box != NO_BOX
    ]
    return repeated + own


def _check_overlaps(placed: Sequence[_Placed]) -> Iterator[Issue]:
    below = sorted(placed, key=lambda p: (p.box.y0, p.box.x0))
    for index, one in enumerate(below):
        for other in below[index + 1 :]:
            if other.box.y0 >= one.box.y1:
                break
            share = one.box.intersect(other.box).area / min(one.box.area, other.box.area)
            if share > MAX_OVERLAP:
                first, second = sorted((one, other), key=lambda p: (p.row, p.cell.col))
                yield second.issue(f"its box covers {share:.0%} of that of {_name(first)}, or is covered so far")


def _check_order(placed: Sequence[_Placed]) -> Iterator[Issue]:
    """Rows go down and columns to the right, as they are read: a sideways table lies turned on its page."""
    found = _disorder(placed)
    turned = ([replace(p, box=turn_box(p.box, degrees)) for p in placed] for degrees in (90, 270, 180))
    if found and all(_disorder(cells) for cells in turned):
        yield from found


def turn_box(box: Box, degrees: int) -> Box:
    """The box after its page was turned about the corner by 90, 180 or 270 degrees."""
    if degrees == 90:
        return Box(box.y0, -box.x1, box.y1, -box.x0)
    if degrees == 180:
        return Box(-box.x1, -box.y1, -box.x0, -box.y0)
    return Box(-box.y1, box.x0, -box.y0, box.x1)


def _disorder(placed: Sequence[_Placed]) -> list[Issue]:
    found: dict[tuple[int, int], Issue] = {}

    def blame(one: _Placed, message: str) -> None:
        found.setdefault((one.row, one.cell.col), one.issue(message))

    for before, after in _neighbours(placed, lambda p: p.cell.cols, lambda p: p.row):
        if after.box.center[1] <= before.box.center[1]:
            blame(after, f"stands above {_name(before)}, which belongs to an earlier row")
    for before, after in _neighbours(placed, lambda p: p.rows, lambda p: p.cell.col):
        if after.box.center[0] <= before.box.center[0]:
            blame(after, f"stands left of {_name(before)}, which belongs to an earlier column")
    lowest: _Placed | None = None
    ended = sorted(placed, key=lambda p: p.rows.stop)
    for one in sorted(placed, key=lambda p: (p.row, p.cell.col)):
        while ended and ended[0].rows.stop <= one.row:
            done = ended.pop(0)
            lowest = done if lowest is None or done.box.y0 > lowest.box.y0 else lowest
        if lowest is not None and one.box.y1 <= lowest.box.y0:
            blame(one, f"stands above {_name(lowest)}, which belongs to an earlier row")
    return list(found.values())


def _neighbours(
    placed: Iterable[_Placed], lanes_of: Callable[[_Placed], range], place_in_lane: Callable[[_Placed], int]
) -> Iterator[tuple[_Placed, _Placed]]:
    """Pairs of cells that follow each other in a lane (a row or a column)."""
    lanes: dict[int, list[_Placed]] = {}
    for one in placed:
        for lane in lanes_of(one):
            lanes.setdefault(lane, []).append(one)
    for lane in sorted(lanes):
        ordered = sorted(lanes[lane], key=place_in_lane)
        yield from pairwise(ordered)


def _holds(outer: Box, inner: Box) -> bool:
    around = outer.grow(MARGIN)
    return around.x0 <= inner.x0 and around.y0 <= inner.y0 and inner.x1 <= around.x1 and inner.y1 <= around.y1


def _corners(box: Box) -> str:
    return f"[{box.x0:g}, {box.y0:g}, {box.x1:g}, {box.y1:g}]"


def _name(placed: _Placed) -> str:
    repeated = "repeated header " if placed.where else ""
    return f"{repeated}cell ({placed.cell.row}, {placed.cell.col})"
