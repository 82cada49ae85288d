"""What a detector of text lines leaves out: the ends of lines, and single digits set far apart."""

from __future__ import annotations

import numpy as np

from lanci.document import Box
from lanci.ocr.line_finder import Ink, find_ink, find_missed
from lanci.ocr.lines import Quad, quad_to_box


def _page(*inked: tuple[int, int, int, int]) -> Ink:
    image = np.full((120, 400), 250, np.uint8)
    for x0, y0, x1, y1 in inked:
        image[y0:y1, x0:x1] = 60
    return find_ink(image)


def _quad(x0: float, y0: float, x1: float, y1: float) -> Quad:
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], dtype=np.float32)


def test_a_digit_in_the_row_of_a_line_is_found_beside_it() -> None:
    line, digit = (20, 44, 80, 56), (200, 45, 205, 55)
    (found,) = find_missed([_quad(18, 42, 82, 58)], _page(line, digit))
    box = quad_to_box(found)
    assert box.contains(200, 45)
    assert box.contains(205, 55)
    assert box.width < 20


def test_specks_rules_and_other_rows_are_none() -> None:
    line, speck, rule = (20, 44, 80, 56), (200, 49, 202, 51), (230, 48, 390, 53)
    below = (200, 90, 205, 100)
    assert find_missed([_quad(18, 42, 82, 58)], _page(line, speck, rule, below)) == []
    assert find_missed([], _page(below)) == []


def test_what_lines_hold_is_not_found_again() -> None:
    line = (20, 44, 80, 56)
    quads = [_quad(18, 42, 82, 58)]
    assert find_missed(quads, _page(line)) == []
    assert Box(18, 42, 82, 58) == quad_to_box(quads[0])
