"""Pictures beside a text layer: which are looked at, and drawings told from tables."""

from __future__ import annotations

import cv2
import numpy as np
import pymupdf
import pytest

from lanci.document import Box, Raster, Word
from lanci.page import is_drawing, may_show_table
from lanci.page.inlaid import picture_places, read_patch, read_picture
from lanci.source import SourcePage, open_source

PAGE = Box(0, 0, 595, 842)


def test_strips_of_one_picture_are_put_together() -> None:
    strips = [(50.0, 100.0 + 40 * i, 500.0, 140.0 + 40 * i) for i in range(5)]
    assert picture_places([*strips, (50.0, 400.0, 300.0, 500.0), (10.0, 10.0, 12.0, 300.0)]) == (
        Box(50, 100, 500, 300),
        Box(50, 400, 300, 500),
    )


def test_drawing_of_very_many_pictures_is_left_alone() -> None:
    assert picture_places([(10.0 * i, 0.0, 10.0 * i + 8, 8.0) for i in range(300)]) == ()


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Box(50, 100, 500, 300), True),
        (Box(50, 100, 90, 500), True),  # a table on its side
        (Box(50, 100, 100, 140), False),  # a logo
        (Box(50, 100, 500, 120), False),  # a line
    ],
)
def test_size_of_pictures_that_may_show_a_table(place: Box, expected: bool) -> None:
    assert may_show_table(place, ()) is expected


def test_ground_under_a_text_layer_shows_no_table() -> None:
    words = [Word("预算公开说明文字", Box(60, 100 + 14 * i, 150, 112 + 14 * i)) for i in range(10)]
    assert not may_show_table(Box(0, 0, 595, 842), words)
    assert may_show_table(Box(0, 0, 595, 842), words[:2])


def _grid_page(rotation: int = 0) -> pymupdf.Document:
    """A page whose picture, at (100, 200), is a grid of 200 x 100 points with texts."""
    drawing = pymupdf.open().new_page(width=200, height=100)
    for k in range(5):
        drawing.draw_line((2, 2 + 24 * k), (198, 2 + 24 * k))
        drawing.draw_line((2 + 49 * k, 2), (2 + 49 * k, 98))
    for k in range(16):
        drawing.insert_text((6 + 49 * (k % 4), 18 + 24 * (k // 4)), f"{k}25.40", fontsize=9)
    document = pymupdf.open()
    page = document.new_page(width=595, height=842)
    page.insert_image(pymupdf.Rect(100, 200, 300, 300), stream=drawing.get_pixmap(dpi=200).tobytes("png"))
    page.set_rotation(rotation)
    return document


@pytest.mark.parametrize(("rotation", "place"), [(0, Box(100, 200, 300, 300)), (90, Box(542, 100, 642, 300))])
def test_rules_of_a_picture_lie_where_it_shows_them(tmp_path, rotation: int, place: Box) -> None:
    _grid_page(rotation).save(tmp_path / "page.pdf")
    with open_source(tmp_path / "page.pdf") as source:
        scan = read_picture(source.page(1), place, (), 200)
    assert scan is not None and scan.raster is not None
    assert sum(rule.horizontal for rule in scan.rules) >= 5
    assert sum(not rule.horizontal for rule in scan.rules) >= 5
    corner = scan.to_page.point(*_first_corner(scan.rules))
    assert (
        min(
            abs(corner[0] - x) + abs(corner[1] - y)
            for x in _ends(place.x0, place.x1)
            for y in _ends(place.y0, place.y1)
        )
        < 2
    )


def _first_corner(rules) -> tuple[float, float]:
    return min(r.position for r in rules if not r.horizontal), min(r.position for r in rules if r.horizontal)


def _ends(low: float, high: float) -> tuple[float, float]:
    return low + 2, high - 2


def test_text_over_a_picture_is_not_read_with_it(tmp_path) -> None:
    document = _grid_page()
    document[0].insert_text((150, 250), "COPY", fontsize=40)
    document.save(tmp_path / "page.pdf")
    over = Word("COPY", Box(150, 215, 260, 258))
    with open_source(tmp_path / "page.pdf") as source:
        page: SourcePage = source.page(1)
        plain = read_picture(page, Box(100, 200, 300, 300), (), 200)
        erased = read_picture(page, Box(100, 200, 300, 300), (over,), 200)
    assert plain is not None and plain.raster is not None and erased is not None and erased.raster is not None
    assert (erased.raster.image < 100).sum() < (plain.raster.image < 100).sum()


def test_picture_without_rules_and_text_is_passed_over(tmp_path) -> None:
    shades = cv2.resize(np.random.default_rng(2).integers(0, 255, (12, 18)).astype(np.uint8), (600, 400))
    document = pymupdf.open()
    page = document.new_page()
    page.insert_image(pymupdf.Rect(100, 200, 400, 400), stream=cv2.imencode(".png", shades)[1].tobytes())
    document.save(tmp_path / "page.pdf")
    with open_source(tmp_path / "page.pdf") as source:
        assert read_picture(source.page(1), Box(100, 200, 400, 400), (), 200) is None
        assert read_patch(source.page(1), Box(10, 10, 90, 40), 200) is None


@pytest.mark.parametrize(("strokes", "expected"), [(0, False), (1, False), (3, True)])
def test_upright_strokes_among_texts_are_a_drawing(strokes: int, expected: bool) -> None:
    image = np.full((600, 900), 255, np.uint8)
    for k in range(40):  # texts: marks no higher than characters
        cv2.rectangle(image, (30 + 100 * (k % 8), 40 + 100 * (k // 8)), (60 + 100 * (k % 8), 60 + 100 * (k // 8)), (0,))
    for k in range(strokes):
        cv2.line(image, (110 + 200 * k, 100), (110 + 200 * k, 190), (0,), 2)
    assert is_drawing(Raster(image, 200 / 72), Box(0, 0, 320, 215)) is expected
