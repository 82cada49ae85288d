"""Rules of scanned pages that are worn away in part, next to cells in which there is none."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pymupdf
import pytest

from lanci.document import Image, Raster, Rule
from lanci.page.scan_rules import scan_to_rules

DPI = 150
SCALE = DPI / 72
XS = (60.0, 140.0, 260.0, 380.0, 520.0)
YS = tuple(100.0 + 20 * i for i in range(9))
INSIDE = 260.0
"""The column edge that is worn or left out."""


def _page(left_out: tuple[float, float] = (0.0, 0.0), text: str = "", second: bool = False) -> Image:
    """A table on even paper, one rule left out from one height to another, with lines of text over its place."""
    document = pymupdf.open()
    page = document.new_page(width=595, height=842)
    for y in YS:
        page.draw_line((XS[0], y), (XS[-1], y), width=0.6)
    for x in XS:
        upper, lower = left_out if x == INSIDE else (YS[-1], YS[-1])
        page.draw_line((x, YS[0]), (x, upper or YS[-1]), width=0.6)
        if upper and lower < YS[-1]:
            page.draw_line((x, lower), (x, YS[-1]), width=0.6)
    if second:  # a table of two columns, with texts where the first one has a rule
        for y in YS[:5]:
            page.draw_line((XS[0], y + 220), (XS[-1], y + 220), width=0.6)
        for x in (XS[0], XS[1], XS[-1]):
            page.draw_line((x, YS[0] + 220), (x, YS[4] + 220), width=0.6)
    writer, font = pymupdf.TextWriter(page.rect), pymupdf.Font("china-s")
    for y in YS[:-1]:
        inside = left_out[0] <= y < left_out[1]
        if text and (inside or second):
            writer.append((INSIDE - 6, y + 16 + 220 * second), text, font=font, fontsize=14)
        if not inside:
            writer.append((INSIDE + 5, y + 14), "1,234.56", font=font, fontsize=10)
    writer.write_text(page)
    pixmap = page.get_pixmap(dpi=DPI, alpha=False, colorspace=pymupdf.csGRAY)
    image = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width)
    noise = np.random.default_rng(5).normal(0, 2, image.shape)
    return np.asarray(np.clip(image + noise, 0, 255), np.uint8)


def _wear(image: Image, box: tuple[float, float, float, float], share: float) -> Image:
    """The picture with a part of its print worn down to a share of its darkness; ``box`` is in points."""
    x0, y0, x1, y1 = (round(v * SCALE) for v in box)
    worn = image.astype(np.float32)
    worn[y0:y1, x0:x1] = 255 - share * (255 - worn[y0:y1, x0:x1])
    return worn.astype(np.uint8)


def _rules(image: Image) -> tuple[Rule, ...]:
    return scan_to_rules(Raster(image, SCALE, None))


def _at(rules: tuple[Rule, ...], place: float, *, horizontal: bool) -> list[tuple[float, float]]:
    return [(r.start, r.end) for r in rules if r.horizontal == horizontal and abs(r.position - place) < 1.5]


def _assert_whole(drawn: list[tuple[float, float]], start: float, end: float) -> None:
    """Whether pieces cover a stretch between them."""
    drawn = sorted(drawn)
    assert [drawn[0][0], max(last for _, last in drawn)] == pytest.approx([start, end], abs=3)
    assert all(later <= earlier + 1 for (_, earlier), (later, _) in pairwise(drawn))


@pytest.mark.parametrize("share", [0.22, 0.3])
@pytest.mark.parametrize("rows", [(0, 1), (3, 5), (6, 8)])
def test_a_rule_worn_in_some_rows_is_whole(share: float, rows: tuple[int, int]) -> None:
    page = _wear(_page(), (INSIDE - 3, YS[rows[0]] + 1, INSIDE + 3, YS[rows[1]] - 1), share)
    _assert_whole(_at(_rules(page), INSIDE, horizontal=False), YS[0], YS[-1])


def test_a_rule_torn_inside_a_cell_is_one() -> None:
    page = _wear(_page(), (300, YS[4] - 3, 320, YS[4] + 3), 0.0)
    (rule,) = _at(_rules(page), YS[4], horizontal=True)
    assert rule == pytest.approx((XS[0], XS[-1]), abs=1)


def test_a_rule_worn_at_the_open_side_of_a_table_is_whole() -> None:
    page = _wear(_page(), (XS[-1] - 2, 90, XS[-1] + 3, 270), 0.0)  # its last column has no rule on the right
    page = _wear(page, (370, YS[4] - 3, 530, YS[4] + 3), 0.25)
    _assert_whole(_at(_rules(page), YS[4], horizontal=True), XS[0], XS[-1])


@pytest.mark.parametrize("text", ["", "中", "1", "国", "|"])
def test_text_where_the_rule_is_left_out_is_no_rule(text: str) -> None:
    drawn = _at(_rules(_page((YS[2], YS[5]), text)), INSIDE, horizontal=False)
    assert [end for _, end in drawn] == pytest.approx([YS[2], YS[-1]], abs=1)
    assert [start for start, _ in drawn] == pytest.approx([YS[0], YS[5]], abs=1)


@pytest.mark.parametrize("text", ["中", "", "|"])
def test_columns_do_not_go_on_in_the_next_table(text: str) -> None:
    drawn = _at(_rules(_page(text=text, second=True)), INSIDE, horizontal=False)
    assert drawn == [pytest.approx((YS[0], YS[-1]), abs=1)]
