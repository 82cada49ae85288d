"""The skew of pages without rules, from their text lines."""

from __future__ import annotations

import cv2
import numpy as np
import pymupdf
import pytest

from lanci.document import Image
from lanci.page.scan_image import image_to_raster
from lanci.page.scan_sketch import Sketch, sketch_page
from lanci.page.scan_skew import find_text_skew
from lanci.page.scan_warp import MAX_SKEW, find_posture

DPI = 150


def _page(rule: bool = False) -> Image:
    """Rows of names and amounts, above a rule or none."""
    document = pymupdf.open()
    page = document.new_page(width=595, height=842)
    font, writer = pymupdf.Font("china-s"), pymupdf.TextWriter(page.rect)
    for row in range(18):
        for column, text in enumerate(["机关事业单位基本养老保险缴费支出", "1,234.56", "860.24", "-3.60"]):
            writer.append((60 + (0, 190, 300, 420)[column], 120 + 21 * row), text, font, fontsize=9)
    writer.write_text(page)
    if rule:
        page.draw_line((60, 500), (530, 500), width=1)
    pixmap = page.get_pixmap(dpi=DPI, colorspace=pymupdf.csGRAY, alpha=False)
    return np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width).copy()


def _sketch(page: Image, degrees: float) -> Sketch:
    height, width = page.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1)
    turned = cv2.warpAffine(page, matrix, (width, height), borderValue=(255,))
    noise = np.random.default_rng(3).normal(0, 6, page.shape)
    sketch = sketch_page(image_to_raster(np.clip(turned + noise, 0, 255).astype(np.uint8), DPI / 72))
    assert sketch is not None
    return sketch


@pytest.mark.parametrize("degrees", [-4.3, -0.31, 0.0, 0.13, 0.27, 2.6])
def test_text_lines_tell_the_skew_finely(degrees: float) -> None:
    sketch = _sketch(_page(), degrees)
    assert find_text_skew(sketch.grey, sketch.text, MAX_SKEW) == pytest.approx(degrees, abs=0.05)


def test_one_rule_that_goes_with_the_text_is_heard() -> None:
    assert find_posture(_sketch(_page(rule=True), 0.63)).skew == pytest.approx(0.63, abs=0.015)


def test_a_page_without_text_tells_nothing() -> None:
    white = np.full((900, 700), 255, np.uint8)
    assert find_text_skew(white, np.zeros_like(white), MAX_SKEW) == 0.0
