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


def test_a_seal_over_many_rules_is_found_before_the_page_is_level() -> None:
    page = np.full((1240, 1754), 255, np.uint8)
    scale = 150 / 72
    for row in range(200, 1100, 40):
        cv2.line(page, (130, row), (1640, row + 17), 60, 2, cv2.LINE_AA)  # 0.65 degrees
    strokes = np.zeros(page.shape, np.uint8)
    cv2.circle(strokes, (900, 640), round(54 * scale), 255, round(2.5 * scale), cv2.LINE_AA)
    sealed = (page * (1 - strokes / 255 * 0.4)).round().astype(np.uint8)

    seals = find_seals(sealed, scale)

    assert seals is not None
    assert (seals[strokes > 250] > 0).mean() > 0.8
    assert find_seals(page, scale) is None


def _with_characters(ink: int) -> tuple[Image, Raster, Image]:
    """A page of thin print, the same washed of a seal as dark as thin print can be, and where its characters are."""
    page = np.full((1100, 1100), 255, np.uint8)
    for row in range(120, 1000, 55):
        for column in range(100, 900, 190):
            cv2.putText(page, "1,284.19", (column, row), cv2.FONT_HERSHEY_SIMPLEX, 0.9, ink, 3, cv2.LINE_AA)
    characters = np.zeros(page.shape, np.uint8)
    for x in (450, 560, 640):
        cv2.rectangle(characters, (x, 480), (x + 34, 514), 255, 4)
    strokes = characters.copy()
    cv2.circle(strokes, CENTRE, RADIUS, 255, round(4 * SCALE), cv2.LINE_AA)
    sealed = cv2.GaussianBlur((page * (1 - strokes / 255 * 0.4)).round().astype(np.uint8), (0, 0), 0.7)
    return page, _wash(sealed), characters


def test_characters_of_a_seal_go_where_print_is_darker() -> None:
    _, washed, characters = _with_characters(ink=20)

    assert washed.signs is None
    assert (washed.image[characters > 0] > 200).mean() > 0.7


def test_pale_print_stays_and_the_characters_of_the_seal_with_it() -> None:
    page, washed, characters = _with_characters(ink=150)
    inside = np.hypot(*np.ogrid[-560:540, -560:540]) < RADIUS - 30
    print_ = (page < 160) & inside & (cv2.dilate(characters, np.ones((9, 9), np.uint8)) == 0)

    assert (washed.image[print_] < 200).mean() > 0.95
    assert washed.signs is not None
    assert (washed.signs[characters > 0] > 0).mean() > 0.7
