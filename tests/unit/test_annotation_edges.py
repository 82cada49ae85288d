"""Lines of a table measured from the boxes of its cells."""

from __future__ import annotations

import pytest

from lanci.annotation import NO_BOX
from lanci.annotation.edges import measure_lines
from lanci.document import Box, Cell

XS, YS = (50.0, 90.0, 210.0, 300.0), (100.0, 120.0, 145.0)
CELLS = [Cell(r, c, 1, 1, "", 1, Box(XS[c], YS[r], XS[c + 1], YS[r + 1])) for r in range(2) for c in range(3)]
AROUND = Box(XS[0], YS[0], XS[-1], YS[-1])


def sideways(box: Box) -> Box:
    """As on a page of 600 points' width whose table lies on its side, its rows from right to left."""
    return Box(600 - box.y1, box.x0, 600 - box.y0, box.x1)


def test_lines_are_those_of_the_boxes() -> None:
    lines = measure_lines(CELLS, 2, 3, AROUND)
    assert lines is not None
    assert (lines.rows, lines.cols) == (YS, XS)
    assert lines.span_to_box(range(2), range(1, 3)) == Box(90, 100, 300, 145)


def test_a_table_on_its_side_is_turned_upright() -> None:
    turned = [Cell(c.row, c.col, 1, 1, "", 1, sideways(c.box)) for c in CELLS]
    lines = measure_lines(turned, 2, 3, sideways(AROUND))
    assert lines is not None
    assert [b - a for a, b in zip(lines.cols, lines.cols[1:], strict=False)] == pytest.approx([40, 120, 90])
    assert [b - a for a, b in zip(lines.rows, lines.rows[1:], strict=False)] == pytest.approx([20, 25])


def test_missing_boxes_leave_gaps_that_are_filled() -> None:
    outer = [c if c.col == 1 else Cell(c.row, c.col, 1, 1, "", 1, NO_BOX) for c in CELLS]
    lines = measure_lines(outer, 2, 3, AROUND)
    assert lines is not None
    assert lines.cols == XS
    merged = [Cell(r, 0, 1, 3, "", 1, Box(XS[0], YS[r], XS[-1], YS[r + 1])) for r in range(2)]
    lines = measure_lines(merged, 2, 3, AROUND)
    assert lines is not None
    assert lines.cols == pytest.approx((50, 50 + 250 / 3, 50 + 500 / 3, 300))


def test_nothing_is_measured_without_boxes() -> None:
    bare = [Cell(c.row, c.col, 1, 1, "", 1, NO_BOX) for c in CELLS]
    assert measure_lines(bare, 2, 3, AROUND) is None
    assert measure_lines(CELLS[:2], 2, 3, NO_BOX) is None
