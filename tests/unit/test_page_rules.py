"""Which rules and fills a page shows, however its producer drew them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanci.document import Box, Rule
from lanci.page.paths import Line
from lanci.page.rules import Drawings, lines_to_rules, read_drawings
from lanci.page.text import read_text_layer

WIDTH, HEIGHT = 500, 400
XS, YS = (50.0, 150.0, 300.0, 400.0), (100.0, 120.0, 140.0)
Boxes = list[tuple[float, float, float, float]]


def draw(content: str, rotation: int = 0) -> Drawings:
    """What is read of a page with this content, whose coordinates start at the top left."""
    with pymupdf.open() as document:
        page = document.new_page(width=WIDTH, height=HEIGHT)
        set_content(page, content)
        page.set_rotation(rotation)
        return read_drawings(page)


def set_content(page: pymupdf.Page, content: str) -> None:
    document = page.parent
    xref = document.get_new_xref()
    document.update_object(xref, "<<>>")
    document.update_stream(xref, f"1 0 0 -1 0 {HEIGHT} cm {content}".encode())
    page.set_contents(xref)


def sides() -> Boxes:
    """The rules of a table of two rows and three columns, as boxes without thickness."""
    return [(XS[0], y, XS[-1], y) for y in YS] + [(x, YS[0], x, YS[-1]) for x in XS]


def cells() -> Boxes:
    return [(x0, y0, x1, y1) for y0, y1 in pairwise(YS) for x0, x1 in pairwise(XS)]


def strokes(boxes: Boxes) -> str:
    return "".join(f"{x0} {y0} m {x1} {y1} l S " for x0, y0, x1, y1 in boxes)


def areas(boxes: Boxes) -> str:
    return "".join(f"{x0} {y0} {x1 - x0} {y1 - y0} re f " for x0, y0, x1, y1 in boxes)


def rectangles(boxes: Boxes) -> str:
    return " ".join(f"{x0} {y0} {x1 - x0} {y1 - y0} re" for x0, y0, x1, y1 in boxes)


def grown(boxes: Boxes, by: float) -> Boxes:
    return [(x0 - by, y0 - by, x1 + by, y1 + by) for x0, y0, x1, y1 in boxes]


def polygons(boxes: Boxes) -> str:
    """Bars that end in a point, as converters draw rules with mitred corners."""
    shapes = []
    for x0, y0, x1, y1 in grown(boxes, 0.4):
        tip = f"{x1 + 0.4} {y0 + 0.4}" if x1 - x0 > y1 - y0 else f"{x0 + 0.4} {y1 + 0.4}"
        corners = [f"{x1} {y0}", tip, f"{x1} {y1}"] if x1 - x0 > y1 - y0 else [f"{x1} {y0} l {x1} {y1}", tip]
        shapes.append(f"{x0} {y0} m {' l '.join(corners)} l {x0} {y1} l h f")
    return " ".join(shapes)


def dots(pitch: float, size: float) -> str:
    """Dotted rules; the dots of each row begin elsewhere, so those of all rows fill the gaps across."""
    boxes: Boxes = []
    for row, y in enumerate(YS):
        n = int((XS[-1] - XS[0]) / pitch)
        boxes += [(XS[0] + i * pitch + row * 0.4, y, XS[0] + i * pitch + row * 0.4 + size, y + size) for i in range(n)]
    for x in XS:
        n = int((YS[-1] - YS[0]) / pitch) + 1
        boxes += [(x, YS[0] + i * pitch, x + size, YS[0] + i * pitch + size) for i in range(n)]
    return areas(boxes)


WAYS: dict[str, str] = {
    "strokes": "0.5 w " + strokes(sides()),
    "pale strokes": "0.5 w 0.9 G " + strokes(sides()),
    "thin areas": areas(grown(sides(), 0.3)),
    "stroked cells": "0.5 w " + " ".join(f"{x0} {y0} {x1 - x0} {y1 - y0} re S" for x0, y0, x1, y1 in cells()),
    "cell by cell": "0.5 w " + strokes([(x0 + 1, y, x1 - 1, y) for y in YS for x0, x1 in pairwise(XS)] + sides()[3:]),
    "double": "0.3 w " + strokes(grown(sides(), 0.0)) + " " + strokes([(a, b + 1, c, d + 1) for a, b, c, d in sides()]),
    "dashes": "0.5 w [4 2] 0 d " + strokes(sides()),
    "painted dashes": areas([(x, y, x + 5, y + 0.5) for y in YS for x in range(50, 400, 10)] + grown(sides()[3:], 0.3)),
    "dots": dots(2.5, 1.0),
    "dense dots": dots(1.5, 0.75),
    "polygons": polygons(sides()),
    "turned areas": "0 1 -1 0 0 0 cm " + areas([(y0, -x1, y1, -x0) for x0, y0, x1, y1 in grown(sides(), 0.3)]),
    "straight curves": "0.5 w " + " ".join(f"{a} {b} m {a} {b} {c} {d} {c} {d} c S" for a, b, c, d in sides()),
    "thick strokes": "5 w " + strokes(sides()),
    "white on coloured cells": "0.9 0.95 1 rg " + areas(cells()) + " 1 G 1 w " + strokes(sides()),
    "thick white on coloured cells": "0.9 0.95 1 rg " + areas(cells()) + " 1 G 4 w " + strokes(sides()),
    "cells cut out of an area": f"49.5 99.5 351 41 re {rectangles(grown(cells(), -0.5))} f*",
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_draw_a_table_gives_the_same_rules(way: str) -> None:
    rules = draw(WAYS[way]).rules
    horizontal = [r for r in rules if r.horizontal]
    vertical = [r for r in rules if not r.horizontal]
    assert [r.position for r in horizontal] == pytest.approx(YS, abs=0.8)
    assert [r.position for r in vertical] == pytest.approx(XS, abs=0.8)
    assert all(abs(r.start - XS[0]) < 2 and abs(r.end - XS[-1]) < 6 for r in horizontal)
    assert all(abs(r.start - YS[0]) < 2 and abs(r.end - YS[-1]) < 3 for r in vertical)


@pytest.mark.parametrize(("grey", "n_rules"), [(0, 7), (255, 0)])
def test_thin_pictures_are_rules_where_they_are_dark(grey: int, n_rules: int) -> None:
    with pymupdf.open() as document:
        page = document.new_page(width=WIDTH, height=HEIGHT)
        pixel = pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.IRect(0, 0, 1, 1))
        pixel.clear_with(grey)
        for box in grown(sides(), 0.3):
            page.insert_image(box, pixmap=pixel, keep_proportion=False)
        assert len(read_drawings(page).rules) == n_rules


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_rules_and_fills_are_those_of_the_page_as_displayed(rotation: int) -> None:
    drawings = draw("0.8 g " + areas([(60, 200, 160, 230)]) + " 0 G 0.5 w " + strokes([(50, 100, 250, 100)]), rotation)
    place: Callable[[float, float], tuple[float, float]] = {
        0: lambda x, y: (x, y),
        90: lambda x, y: (HEIGHT - y, x),
        180: lambda x, y: (WIDTH - x, HEIGHT - y),
        270: lambda x, y: (y, WIDTH - x),
    }[rotation]
    (rule,) = drawings.rules
    ends = sorted([place(50, 100), place(250, 100)])
    across, along = (1, 0) if rule.horizontal else (0, 1)
    assert rule.horizontal == (rotation in {0, 180})
    assert (rule.position, rule.start, rule.end) == pytest.approx((ends[0][across], ends[0][along], ends[1][along]))
    (fill,) = drawings.fills
    (x0, y0), (x1, y1) = place(60, 200), place(160, 230)
    expected = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
    assert (fill.box.x0, fill.box.y0, fill.box.x1, fill.box.y1) == pytest.approx(expected)


LINE = "0 G 0.5 w 50 100 m 400 100 l S "


def stretches(drawings: Drawings) -> list[tuple[int, int]]:
    return [(round(r.start), round(r.end)) for r in drawings.rules]


def test_a_later_white_line_removes_a_black_one_and_an_earlier_does_not() -> None:
    white = "1 G 0.5 w 150 100 m 300 100 l S "
    assert stretches(draw(LINE + white)) == [(50, 150), (300, 400)]
    assert stretches(draw(white + LINE)) == [(50, 400)]
    assert stretches(draw(LINE + "1 G 0.5 w 150 110 m 300 110 l S")) == [(50, 400)]


@pytest.mark.parametrize("colour", ["1 g", "0.8 g"])
def test_a_later_area_hides_a_rule_and_one_beside_it_does_not(colour: str) -> None:
    assert stretches(draw(f"{LINE} {colour} " + areas([(150, 90, 300, 110)]))) == [(50, 150), (300, 400)]
    assert stretches(draw(f"{colour} " + areas([(150, 90, 300, 110)]) + LINE)) == [(50, 400)]
    beside = areas([(50, 80, 400, 100), (50, 100, 400, 120)])
    assert stretches(draw(f"{LINE} {colour} {beside}")) == [(50, 400)]


def test_at_the_edge_of_a_coloured_area_a_rule_stays_and_at_that_of_a_white_one_it_does_not() -> None:
    over = areas([(150, 80, 300, 100.6)])
    assert stretches(draw(f"{LINE} 0.8 g {over}")) == [(50, 400)]
    assert stretches(draw(f"{LINE} 1 g {over}")) == [(50, 150), (300, 400)]


@pytest.mark.parametrize(
    "frame",
    [
        "40 90 370 60 re 42 92 366 56 re f*",
        "40 90 370 60 re 42 148 366 -56 re f",
        "40 90 m 410 90 l 410 150 l 40 150 l h 42 92 m 42 148 l 408 148 l 408 92 l h f",
        "42 92 366 56 re 40 90 370 60 re f*",
    ],
)
def test_the_outline_of_a_shape_hides_nothing(frame: str) -> None:
    drawings = draw(f"{LINE} {frame}")
    assert (stretches(drawings), drawings.fills) == ([(50, 400)], ())


@pytest.mark.parametrize(("hole", "shown"), [("42 72 366 66 re", ["123.45"]), ("", [])])
def test_the_outline_of_a_shape_hides_no_text(hole: str, shown: list[str]) -> None:
    with pymupdf.open() as document:
        page = document.new_page(width=WIDTH, height=HEIGHT)
        page.insert_text((60, 90), "123.45")
        text = page.read_contents().decode()
        set_content(page, f"q 1 0 0 -1 0 {HEIGHT} cm {text} Q 40 70 370 70 re {hole} f*")
        assert [word.text for word in read_text_layer(page).words] == shown


def test_the_content_of_a_soft_mask_hides_nothing() -> None:
    with pymupdf.open() as document:
        page = document.new_page(width=WIDTH, height=HEIGHT)
        page.insert_text((60, 90), "123.45")
        mask, state = document.get_new_xref(), document.get_new_xref()
        group = "/Group<</S/Transparency/CS/DeviceGray>>"
        document.update_object(mask, f"<</Type/XObject/Subtype/Form/BBox[0 0 {WIDTH} {HEIGHT}]{group}>>")
        document.update_stream(mask, f"1 g 0 0 {WIDTH} {HEIGHT} re f".encode())
        document.update_object(state, f"<</Type/ExtGState/SMask<</S/Luminosity/G {mask} 0 R>>>>")
        resources = int(document.xref_get_key(page.xref, "Resources")[1].split()[0])
        document.xref_set_key(resources, "ExtGState", f"<</Masked {state} 0 R>>")
        text = page.read_contents().decode()
        set_content(page, f"{LINE} q 1 0 0 -1 0 {HEIGHT} cm {text} Q /Masked gs 0.5 g 450 350 20 20 re f")
        assert stretches(read_drawings(page)) == [(50, 400)]
        assert [word.text for word in read_text_layer(page).words] == ["123.45"]


def test_what_a_clip_or_the_page_cuts_off_is_none() -> None:
    clip = "q 0 90 200 100 re W n "
    lines = strokes([(50, 100, 400, 100), (50, 300, 400, 300), (100, 50, 100, 395), (-90, 150, 900, 150)])
    rules = draw(clip + lines + " Q " + strokes([(50, 320, 700, 320), (50, 900, 100, 900)])).rules
    found = [(r.horizontal, *(round(v) for v in (r.position, r.start, r.end))) for r in rules]
    assert found == [(True, 100, 50, 200), (True, 150, 0, 200), (True, 320, 50, 500), (False, 100, 90, 190)]


@pytest.mark.parametrize(
    "content",
    [
        "1 g " + areas(cells()),
        "1 G 1 w " + strokes(sides()),
        "0.4 g 40 90 400 80 re f 1 g 40 90 400 80 re f 1 G 1 w " + strokes(sides()),
        "0.5 w " + strokes([(50, 100, 120, 180)]),  # neither level nor upright
        "0.5 w " + strokes([(50, 100, 53, 100)]),  # part of a character
        areas([(50 + 30 * i, 100 + 7 * i, 51 + 30 * i, 101 + 7 * i) for i in range(8)]),  # scattered dots
    ],
)
def test_what_shows_no_rule_and_no_fill(content: str) -> None:
    drawings = draw(content)
    assert (drawings.rules, drawings.fills) == ((), ())


def test_fills_are_what_differs_from_what_lies_under_it() -> None:
    background = "0.97 1 0.97 rg " + areas([(0, 0, WIDTH, HEIGHT)])
    black_with_cells = " 0 g " + areas([(49, 99, 401, 141)]) + " 1 g " + areas(grown(cells(), -0.5))
    painted_over = " 0.5 g " + areas([(50, 200, 90, 220)]) + " 0.6 g " + areas([(40, 190, 100, 230)])
    thick_stroke = " 20 w 0.8 G " + strokes([(50, 300, 150, 300)])
    fills = draw(background + black_with_cells + painted_over + thick_stroke).fills
    assert [fill.colour for fill in fills] == [0x000000, *[0xFFFFFF] * 6, 0x999999, 0xCCCCCC]
    assert fills[-1].box == Box(50, 290, 150, 310)


def test_text_drawn_as_outlines_and_round_shapes_give_no_fills() -> None:
    circle = "100 100 m 100 130 150 130 150 100 c 150 70 100 70 100 100 c h f "
    triangle = "200 100 m 250 100 l 225 150 l h f "
    bar = "300 100 m 304 100.5 l 304 101.5 l 300 101 l h f "
    drawings = draw(circle + triangle + bar)
    assert (drawings.rules, drawings.fills, drawings.n_paths) == ((), (), 3)


def test_of_maps_and_patterns_the_longest_rules_are_kept() -> None:
    hatch: Boxes = [(10 + x * 2.0, y * 20.0, 10 + x * 2.0, y * 20.0 + 12) for x in range(230) for y in range(19)]
    drawings = draw("0.2 w " + strokes([*hatch, *sides()]))
    assert drawings.n_paths == len(hatch) + len(sides())
    assert len(drawings.rules) == 4000
    assert sum(rule.length > 12.5 for rule in drawings.rules) == len(sides())


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50)), min_size=1, max_size=20))
def test_joined_rules_cover_what_their_pieces_cover(pieces: Sequence[tuple[int, int]]) -> None:
    """Joining loses no ink of long pieces and invents none beyond the gaps it may close."""
    lines = [Line(100.0, 10.0 * start, 10.0 * start + length, 0.5, 0, 0) for start, length in pieces]
    rules: list[Rule] = lines_to_rules(lines, horizontal=True)
    for line in lines:
        if line.end - line.start >= 5:
            assert any(r.start <= line.start and line.end <= r.end for r in rules)
    closed = sum(max(3.0, 1.5 * min(line.end - line.start, 10.0)) for line in lines)
    assert sum(r.length for r in rules) <= sum(line.end - line.start for line in lines) + closed
    assert all(a.end < b.start for a, b in pairwise(rules))
