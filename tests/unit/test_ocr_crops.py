"""Pictures of cells: what is print, what is dirt, and how print is cut into lines."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from lanci.document import Box, Grid, GridCell, Image, Raster, TableRegion
from lanci.ocr.cell_rules import erase_rules
from lanci.ocr.crops import CellPicture, LinePicture, crop_cells

SCALE = 200 / 72
WIDTH, HEIGHT = 90.0, 24.0
"""Of each of the two cells, side by side, in points."""


def _page(rule: int = 60, thickness: int = 2) -> Image:
    """Two cells within their rules; ``rule`` is the rules' grey level."""
    page = np.full((_px(HEIGHT + 40), _px(2 * WIDTH + 40)), 255, np.uint8)
    for x in (20, 20 + WIDTH, 20 + 2 * WIDTH):
        cv2.line(page, (_px(x), _px(20)), (_px(x), _px(20 + HEIGHT)), (rule,), thickness)
    for y in (20, 20 + HEIGHT):
        cv2.line(page, (_px(20), _px(y)), (_px(20 + 2 * WIDTH), _px(y)), (rule,), thickness)
    return page


def _px(points: float) -> int:
    return round(points * SCALE)


def _fill(page: Image, box: Box, level: int = 40) -> None:
    """Darken a box given in points from the top left of the first cell."""
    x0, y0, x1, y1 = (_px(v + 20) for v in (box.x0, box.y0, box.x1, box.y1))
    page[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)] = level


def _digits(page: Image, x: float, y: float, count: int) -> Box:
    """Strokes as large as digits of 10-point print; gives the box around them."""
    for i in range(count):
        left = x + 5 * i
        _fill(page, Box(left, y, left + 3.6, y + 7))
        _fill(page, Box(left + 1.2, y + 1.5, left + 2.4, y + 5.5), 255)
    return Box(x, y, x + 5 * count - 1.4, y + 7)


def _crop(page: Image, seals: Image | None = None) -> list[CellPicture]:
    boxes = [Box(20, 20, 20 + WIDTH, 20 + HEIGHT), Box(20 + WIDTH, 20, 20 + 2 * WIDTH, 20 + HEIGHT)]
    cells = tuple(GridCell(0, i, 1, 1, box) for i, box in enumerate(boxes))
    region = TableRegion(1, Box(20, 20, 20 + 2 * WIDTH, 20 + HEIGHT), (), "raster-rules")
    xs = (20.0, 20 + WIDTH, 20 + 2 * WIDTH)
    return crop_cells(Grid(region, 1, 2, cells, (20.0, 20 + HEIGHT), xs), Raster(page, SCALE, seals))


def _ink_size(line: LinePicture) -> tuple[float, float]:
    """Width and height of the dark pixels, in points."""
    rows, columns = np.nonzero(line.image < 128)
    return float(np.ptp(columns) + 1) / SCALE, float(np.ptp(rows) + 1) / SCALE


@pytest.mark.parametrize(("rule", "thickness"), [(60, 2), (60, 4), (200, 2), (215, 1)])
def test_rules_are_taken_off_and_leave_blank_cells_blank(rule: int, thickness: int) -> None:
    assert [cell.lines for cell in _crop(_page(rule, thickness))] == [(), ()]


def test_a_dotted_rule_leaves_nothing() -> None:
    page = _page()
    page[_px(20 + HEIGHT) - 3 : _px(20 + HEIGHT) + 4, _px(22) : _px(18 + 2 * WIDTH)] = 255
    for x in range(_px(20), _px(20 + 2 * WIDTH), 5):
        page[_px(20 + HEIGHT) : _px(20 + HEIGHT) + 2, x : x + 2] = 60
    assert [cell.lines for cell in _crop(page)] == [(), ()]


def test_a_rule_as_pale_as_paper_is_taken_off_where_it_is_darker_too() -> None:
    page = _page(228, 3)
    for x in range(_px(30), _px(20 + 2 * WIDTH), 60):
        page[_px(20) - 1 : _px(20) + 2, x : x + 24] = 214
    cells = np.array([[_px(20), _px(20), _px(20 + 2 * WIDTH), _px(20 + HEIGHT)]])
    assert len(erase_rules(page, cells, SCALE)) == 4
    assert not (page == 214).any()


def test_pictures_are_trimmed_to_the_print() -> None:
    page = _page()
    box = _digits(page, 30, 8, 4)
    first, second = _crop(page)
    (line,) = first.lines
    assert _ink_size(line) == pytest.approx((box.width, box.height), abs=1.1)
    assert line.image.shape[1] < 1.3 * box.width * SCALE
    assert not first.disturbed
    assert second.lines == ()


@pytest.mark.parametrize(
    "mark",
    [
        Box(26, 11.2, 28.2, 12.0),  # a minus before the number
        Box(44.4, 14, 45.2, 14.9),  # a point between digits
        Box(48.9, 14, 49.7, 16),  # the tail of a comma
    ],
)
def test_small_parts_of_a_number_stay(mark: Box) -> None:
    page = _page()
    _digits(page, 30, 8, 3)
    _digits(page, 50.6, 8, 2)
    without = int(np.count_nonzero(_crop(page)[0].lines[0].image < 128))
    _fill(page, mark)
    line = _crop(page)[0].lines[0]
    assert int(np.count_nonzero(line.image < 128)) > without


def test_a_minus_alone_keeps_the_height_of_a_line() -> None:
    page = _page()
    _digits(page, 30, 8, 4)
    _fill(page, Box(WIDTH + 60, 11.2, WIDTH + 62.5, 12))
    line = _crop(page)[1].lines[0]
    assert line.image.shape[0] >= 7 * SCALE
    dark = np.flatnonzero((line.image < 128).any(axis=1))
    assert 0.3 < float(dark.mean()) / line.image.shape[0] < 0.7


def test_a_pale_thin_stroke_before_print_stays() -> None:
    page = _page()
    _fill(page, Box(22, 11, 29, 11.3), 185)
    box = _digits(page, 31, 8, 4)
    line = _crop(page)[0].lines[0]
    assert line.image.shape[1] > (box.x1 - 22) * SCALE


def test_pale_print_far_from_other_print_stays_but_not_what_shines_through() -> None:
    page = _page()
    _digits(page, 50, 8, 4)
    _digits(page, 50 + WIDTH, 8, 4)
    page[page < 255] = 130
    for x, level in ((10, 200), (12 + WIDTH, 222)):
        _fill(page, Box(x, 8, x + 1.4, 15), level)
    pale, shining = _crop(page)
    assert _ink_width(pale.lines[0]) == pytest.approx(50 + 18.6 - 10, abs=1.5)
    assert _ink_width(shining.lines[0]) == pytest.approx(18.6, abs=1.5)


def _ink_width(line: LinePicture) -> float:
    return float((line.ink_end - line.ink_start) * line.image.shape[1] / SCALE)


def test_dirt_is_told_as_lost_ink_and_rests_of_rules_are_not() -> None:
    page = _page()
    _digits(page, 30, 8, 4)
    _digits(page, 30 + WIDTH, 8, 4)
    _fill(page, Box(70, 4, 71.5, 5.5))
    _fill(page, Box(WIDTH + 4, 1.2, WIDTH + 12, 1.9))
    dirty, clean = _crop(page)
    assert dirty.disturbance.ink_lost > 1.0
    assert clean.disturbance.ink_lost == 0.0


def test_dust_is_not_print() -> None:
    page = _page()
    box = _digits(page, 30, 8, 3)
    _fill(page, Box(70, 18, 70.7, 18.7))
    _fill(page, Box(20, 4, 20.7, 4.7))
    _fill(page, Box(WIDTH + 40, 9, WIDTH + 40.5, 9.5))
    first, second = _crop(page)
    assert _ink_size(first.lines[0]) == pytest.approx((box.width, box.height), abs=1.1)
    assert second.lines == ()
    assert first.disturbance.ink_lost > 0


def test_print_near_a_rule_is_whole_and_not_disturbed() -> None:
    page = _page()
    box = _digits(page, WIDTH - 16.5, 8, 3)
    (line,) = _crop(page)[0].lines
    assert _ink_size(line) == pytest.approx((box.width, box.height), abs=1.1)
    assert not _crop(page)[0].disturbed


def test_the_upper_stroke_of_three_stays_in_a_line_that_crowds_the_rule() -> None:
    page = _page(thickness=1)
    text = _digits(page, 10, 0.5, 3)
    for y in (0.9, 3.4, 6.4):
        _fill(page, Box(text.x1 + 2, y, text.x1 + 9, y + 0.8))
    (line,) = _crop(page)[0].lines
    # The strokes end the line; the highest of them is as wide as the others.
    right = line.image[:, -_px(7) :] < 128
    assert int(right.any(axis=1)[1:].sum() - (right.any(axis=1)[1:] & right.any(axis=1)[:-1]).sum()) == 3


def test_print_over_a_rule_is_marked_on_both_sides() -> None:
    page = _page()
    _digits(page, WIDTH - 11.8, 8, 5)
    assert [cell.disturbance.crossing for cell in _crop(page)] == [True, True]


def test_two_lines_are_cut_and_touching_ones_too() -> None:
    page = _page()
    _digits(page, 20, 3, 6)
    _digits(page, 20, 13, 3)
    _digits(page, WIDTH + 20, 4, 6)
    _digits(page, WIDTH + 20, 11, 6)
    assert [len(cell.lines) for cell in _crop(page)] == [2, 2]


def test_stacked_characters_become_one_line() -> None:
    page = np.full((_px(100), _px(60)), 255, np.uint8)
    cv2.rectangle(page, (_px(20), _px(10)), (_px(40), _px(90)), (60,), 2)
    for i in range(4):
        x, y = _px(25.5), _px(18 + 15 * i)
        cv2.rectangle(page, (x, y), (x + _px(9), y + _px(9)), (40,), 3)
    box = Box(20, 10, 40, 90)
    region = TableRegion(1, box, (), "raster-rules")
    grid = Grid(region, 1, 1, (GridCell(0, 0, 1, 1, box),), (10.0, 90.0), (20.0, 40.0))
    (picture,) = crop_cells(grid, Raster(page, SCALE))
    assert len(picture.lines) == 1
    assert picture.lines[0].image.shape[1] > 3 * picture.lines[0].image.shape[0]


def test_a_seal_is_told_by_its_share() -> None:
    page = _page()
    _digits(page, 30, 8, 4)
    seals = np.zeros_like(page)
    seals[:, _px(20 + 40) : _px(20 + WIDTH)] = 255
    first, second = _crop(page, seals)
    assert 0.3 < first.disturbance.stamped < 0.7
    assert second.disturbance.stamped == 0
    assert first.disturbed


def test_cropping_leaves_the_page_as_it_was() -> None:
    page = _page()
    _digits(page, 30, 8, 4)
    before = page.copy()
    _crop(page)
    assert np.array_equal(page, before)
