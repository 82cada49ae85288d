"""Pale rules in filled cells of scanned pages, which are hardly darker than the fill."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pymupdf
import pytest

from lanci.document import Image, Rule
from lanci.page.scan import prepare_scan
from lanci.page.scan_image import image_to_raster
from lanci.page.scan_rules import scan_to_rules

DPI = 150
XS = (60.0, 120.0, 220.0, 320.0, 420.0, 520.0)
HEADER = (100.0, 122.0, 144.0)
"""Heights of the two rows of the header; the first and the last column have one cell in both, and one spans two."""
BODY = tuple(144.0 + 20 * i for i in range(1, 9))
SPAN = 1, 3
"""Columns under a cell of the first row."""
TALL = 3


def _page(fill: int, rule: int, back: Sequence[tuple[float, float, float]] = (), dpi: int = DPI) -> Image:
    """A table with a filled header, all rules of one grey; ``back`` are level marks of the sheet's other side."""
    document = pymupdf.open()
    page = document.new_page(width=595, height=842)
    page.draw_rect((XS[0], HEADER[0], XS[-1], HEADER[-1]), color=None, fill=[fill / 255] * 3, width=0)
    color = [rule / 255] * 3

    def draw(x0: float, y0: float, x1: float, y1: float) -> None:
        page.draw_line((x0, y0), (x1, y1), color=color, width=0.6)

    for y in (HEADER[0], HEADER[-1], *BODY):
        draw(XS[0], y, XS[-1], y)
    draw(XS[SPAN[0]], HEADER[1], XS[SPAN[1]], HEADER[1])
    for index, x in enumerate(XS):
        inside = SPAN[0] < index < SPAN[1]
        draw(x, HEADER[1] if inside else HEADER[0], x, BODY[-1])
    writer, font = pymupdf.TextWriter(page.rect), pymupdf.Font("china-s")
    for x, y in ((70.0, 126.0), (190.0, 116.0), (150.0, 138.0), (250.0, 138.0), (340.0, 126.0), (440.0, 126.0)):
        writer.append((x, y), "预算合计", font=font, fontsize=9)
    for x in XS[:-1]:
        for y in BODY:
            writer.append((x + 8, y - 6), "1,234.56", font=font, fontsize=9)
    writer.write_text(page)
    pixmap = page.get_pixmap(dpi=dpi, alpha=False, colorspace=pymupdf.csGRAY)
    image = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width).astype(np.float32)
    scale = dpi / 72
    for y, x0, x1 in back:
        shine = np.zeros_like(image)
        shine[round(y * scale) : round((y + 4) * scale), round(x0 * scale) : round(x1 * scale)] = 12
        image -= cv2.GaussianBlur(shine, (0, 0), scale)
    image = cv2.GaussianBlur(image, (0, 0), 0.4 * scale) * 0.96
    noise = np.random.default_rng(3).normal(0, 2, image.shape)
    return np.asarray(np.clip(image + noise, 0, 255), np.uint8)


def _rules(image: Image, dpi: int = DPI) -> tuple[Rule, ...]:
    return scan_to_rules(image_to_raster(image, dpi / 72))


def _length_at(rules: Sequence[Rule], place: float, low: float, high: float, *, horizontal: bool) -> float:
    """How much of a stretch is ruled."""
    return sum(
        max(0.0, min(rule.end, high) - max(rule.start, low))
        for rule in rules
        if rule.horizontal == horizontal and abs(rule.position - place) < 1.5
    )


def _assert_header(rules: Sequence[Rule]) -> None:
    for y in HEADER[::2]:
        assert _length_at(rules, y, XS[0], XS[-1], horizontal=True) > 0.95 * (XS[-1] - XS[0])
    assert _length_at(rules, HEADER[1], XS[SPAN[0]], XS[SPAN[1]], horizontal=True) > 190
    assert _length_at(rules, HEADER[1], XS[TALL], XS[-1], horizontal=True) < 10
    for index, x in enumerate(XS):
        top = HEADER[1] if SPAN[0] < index < SPAN[1] else HEADER[0]
        assert _length_at(rules, x, top, BODY[-1], horizontal=False) > 0.95 * (BODY[-1] - top)
        assert _length_at(rules, x, HEADER[0], top - 2, horizontal=False) == 0.0
    level = [rule.position for rule in rules if rule.horizontal]
    assert all(any(abs(y - place) < 1.5 for place in (*HEADER, *BODY)) for y in level)


@pytest.mark.parametrize("fill", [0xC8, 0xD0, 0xD8, 0xE8])
@pytest.mark.parametrize("dpi", [150, 200])
def test_pale_rules_are_found_in_fills(fill: int, dpi: int) -> None:
    _assert_header(_rules(_page(fill, 0xB9, dpi=dpi), dpi))


def test_dark_rules_are_found_in_fills() -> None:
    _assert_header(_rules(_page(0xC8, 0)))


def test_what_shines_through_a_fill_is_no_rule() -> None:
    back = [(128.0, 330.0, 352.0), (110.0, 232.0, 260.0), (108.0, 440.0, 462.0), (130.0, 66.0, 90.0)]
    _assert_header(_rules(_page(0xC8, 0xB9, back)))


def test_what_evened_shows_stands_as_the_page_does() -> None:
    page = _page(0xC8, 0xB9)
    turned = cv2.warpAffine(
        page,
        cv2.getRotationMatrix2D((page.shape[1] / 2, page.shape[0] / 2), 1.2, 1.0),
        page.shape[::-1],
        borderValue=245,
    )
    scan = prepare_scan(np.asarray(turned, dtype=np.uint8), DPI)
    assert scan is not None and scan.raster.evened is not None
    assert scan.raster.evened.shape == scan.raster.image.shape
    level = [rule for rule in scan_to_rules(scan.raster) if rule.horizontal]
    assert len({round(rule.position / 3) for rule in level}) == len(HEADER) + len(BODY)


def test_a_page_without_fills_keeps_no_other_picture() -> None:
    assert image_to_raster(_page(0xFF, 0xB9), DPI / 72).evened is None
