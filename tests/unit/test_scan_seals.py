"""Seals in grey: their ink goes, and the print under it is as dark as beside it."""

from __future__ import annotations

import cv2
import numpy as np

from lanci.document import Image, Raster
from lanci.page.scan_seals import find_seals, wash_seals

SCALE = 200 / 72
CENTRE = (560, 560)
RADIUS = round(58 * SCALE)


def _print_page() -> Image:
    """Rows of figures, shape (1100, 1100)."""
    page = np.full((1100, 1100), 255, np.uint8)
    for row in range(120, 1000, 55):
        for column in range(100, 900, 190):
            cv2.putText(page, "1,284.19", (column, row), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 40, 2, cv2.LINE_AA)
    return page


def _stamp(page: Image, cover: float) -> tuple[Image, Image]:
    """A ring and a disc over the page, and where they are."""
    strokes = np.zeros(page.shape, np.uint8)
    cv2.circle(strokes, CENTRE, RADIUS, 255, round(4 * SCALE), cv2.LINE_AA)
    cv2.circle(strokes, CENTRE, round(18 * SCALE), 255, -1, cv2.LINE_AA)
    share = strokes / 255 * cover
    sealed = page * (1 - share)
    return cv2.GaussianBlur(sealed.round().astype(np.uint8), (0, 0), 0.7), strokes


def _wash(sealed: Image) -> Raster:
    seals = find_seals(sealed, SCALE)
    assert seals is not None
    return wash_seals(Raster(sealed, SCALE, seals))


def _compare(cover: float) -> tuple[float, float]:
    """Darkness of washed print under the strokes as a share of its own; share of paper left grey."""
    page = _print_page()
    sealed, strokes = _stamp(page, cover)
    washed = _wash(sealed).image
    under = (strokes > 250) & (cv2.GaussianBlur(page, (0, 0), 0.7) < 90)
    paper = (cv2.erode(page, np.ones((9, 9), np.uint8)) == 255) & (cv2.dilate(strokes, np.ones((9, 9), np.uint8)) > 0)
    return float(np.median(255.0 - washed[under])) / 215, float((washed[paper] < 200).mean())


def test_print_under_transparent_ink_keeps_its_darkness() -> None:
    darkness, left = _compare(0.45)

    assert 0.75 < darkness < 1.25
    assert left < 0.01


def test_page_without_seals_is_left_alone() -> None:
    page = _print_page()

    assert find_seals(page, SCALE) is None
