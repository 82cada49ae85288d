"""Watermarks of scans: large pale words go, pale rules and the print that crosses them stay."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from tests.made_scans import SCALE, SHAPE, ruled_page

from lanci.document import Image, Raster
from lanci.page.scan_image import even_raster, ink_mask
from lanci.page.scan_watermark import lift_watermark, may_have_watermark

_PALE = 190
"""Grey level of rules that are paler than many watermarks."""


def _mark(page: Image, level: int, angle: float, size: float) -> Image:
    """The page over a word in this grey level."""
    word = np.full(SHAPE, 255, np.uint8)
    thickness = max(3, round(size * 3))
    width = cv2.getTextSize("SPECIMEN", cv2.FONT_HERSHEY_SIMPLEX, size, thickness)[0][0]
    for middle in (293, 793):
        start = (750 - width // 2, middle)
        cv2.putText(word, "SPECIMEN", start, cv2.FONT_HERSHEY_SIMPLEX, size, (level,), thickness, cv2.LINE_AA)
    turned = cv2.warpAffine(word, cv2.getRotationMatrix2D((750, 550), angle, 1), SHAPE[::-1], borderValue=(255,))
    return np.asarray(np.minimum(page, turned), dtype=np.uint8)


def _scan(page: Image) -> Raster:
    noise = np.random.default_rng(1).normal(0, 2, SHAPE)
    soft = cv2.GaussianBlur(page, (0, 0), 0.7).astype(np.float32) + noise
    return Raster(np.clip(np.rint(soft), 0, 255).astype(np.uint8), SCALE, None)


@pytest.mark.parametrize("rule", [30, 190, 215])
def test_page_without_watermark_is_left_alone(rule: int) -> None:
    raster = _scan(ruled_page(rule))
    lifted = lift_watermark(raster)
    zone = lifted.lifted
    assert lifted is raster
    assert zone is None


def test_pale_text_of_the_size_of_print_stays() -> None:
    page = ruled_page(_PALE)
    for y in range(165, 1000, 100):
        cv2.putText(page, "pale words", (130, y), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (180,), 2, cv2.LINE_AA)
    raster = _scan(page)
    assert lift_watermark(raster) is raster


@pytest.mark.parametrize("level", [175, 205, 225])
@pytest.mark.parametrize(("angle", "size"), [(30.0, 3.0), (-45.0, 4.0), (0.0, 4.0)])
def test_watermark_goes_and_print_stays(level: int, angle: float, size: float) -> None:
    clear, marked = _scan(ruled_page(_PALE)), _scan(_mark(ruled_page(_PALE), level, angle, size))
    assert may_have_watermark(marked)
    lifted = lift_watermark(marked)
    zone = lifted.lifted
    assert zone is not None
    away = cv2.erode(ruled_page(_PALE), np.ones((15, 15), np.uint8)) == 255
    limit = (255 + level) // 2
    assert (marked.image[away] < limit).mean() > 0.01  # there was something to do
    assert (lifted.image[away] < limit).mean() < 0.001
    # Of the edges of print little is lost.
    print_ = ink_mask(clear.image) > 0
    assert (ink_mask(lifted.image)[print_] > 0).mean() > 0.95
    for y in range(100, 1001, 100):
        assert (lifted.image[y : y + 2, 110:1390].min(axis=0) < 225).mean() > 0.85
    for x in (100, 500, 1000, 1400):
        assert (lifted.image[110:990, x : x + 2].min(axis=1) < 225).mean() > 0.85


def test_print_hardly_darker_than_the_watermark_is_doubtful() -> None:
    faint = np.maximum(ruled_page(_PALE), 120)
    lifted = lift_watermark(_scan(_mark(faint, 175, 30.0, 3.0)))
    zone = lifted.lifted
    assert zone is not None
    assert lifted.seals is not None
    assert not lifted.seals[zone == 0].any()
    clear = lift_watermark(_scan(_mark(ruled_page(_PALE), 215, 30.0, 3.0)))
    assert clear.seals is None


def test_the_shade_inside_a_filled_cell_is_no_watermark() -> None:
    """Evening the paper leaves the sides of fills a little grey, as grey as a pale watermark."""
    page = _mark(ruled_page(_PALE), 232, 30.0, 3.0)
    page[100:402, 100:1402] = np.minimum(page[100:402, 100:1402], 208)
    noise = np.random.default_rng(1).normal(0, 2, SHAPE)
    soft = cv2.GaussianBlur(page, (0, 0), 0.7).astype(np.float32) + noise
    zone = lift_watermark(even_raster(np.clip(np.rint(soft), 0, 255).astype(np.uint8), SCALE)).lifted
    assert zone is not None
    assert zone[420:].any()
    assert not zone[104:130, 600:900].any()
