"""Scanned paper: what shows through from the back goes, pale print of the front stays; grey seals are washed out."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from tests.made_scans import SCALE, SHAPE, ruled_page

from lanci.document import Image, Raster
from lanci.page.scan_image import image_to_raster, ink_mask
from lanci.page.scan_marks import PaleMarks
from lanci.page.scan_paper import clean_paper
from lanci.page.scan_seals import find_seals, wash_seals


def _back(strength: float, rule: int) -> Image:
    """Many words and some rules, mirrored, blurred and faint."""
    page = np.full(SHAPE, 255, np.uint8)
    for y in range(80, 1060, 60):
        cv2.putText(page, "department budget 98765.43 of the year", (60, y), 3, 1.3, (20,), 3, cv2.LINE_AA)
    for y in range(60, 1060, 240):
        cv2.line(page, (40, y), (1460, y), (rule,), 2)
    blurred = np.asarray(cv2.GaussianBlur(page[:, ::-1], (0, 0), 1.5), dtype=np.float32)
    return np.asarray(255 - strength * (255 - blurred), dtype=np.float32)


def _scan(front: Image, strength: float, rule: int = 20) -> Image:
    """The front with the back shining through, whose rules have this level, and the grain of a scan."""
    sheet = cv2.GaussianBlur(front, (0, 0), 0.7).astype(np.float32) * _back(strength, rule) / 255
    noise = np.random.default_rng(1).normal(0, 2, SHAPE)
    return np.asarray(np.clip(np.rint(sheet + noise), 0, 255), dtype=np.uint8)


@pytest.mark.parametrize("rule", [30, 170])
def test_clean_page_is_left_alone(rule: int) -> None:
    page = _scan(ruled_page(rule), 0)
    assert clean_paper(page, SCALE) is page


@pytest.mark.parametrize("strength", [0.12, 0.2])
def test_back_of_the_sheet_goes_and_the_front_stays(strength: float) -> None:
    front = ruled_page()
    cleaned = clean_paper(_scan(front, strength), SCALE)
    clear = _scan(front, 0)
    away = cv2.erode(front, np.ones((15, 15), np.uint8)) == 255
    assert (cleaned[away] < 245).mean() < 0.001
    assert ((_scan(front, strength)[away] < 245).mean()) > 0.03  # there was something to do
    assert (ink_mask(cleaned)[ink_mask(clear) > 0] > 0).all()


def test_pale_rules_of_the_front_outlast_the_back() -> None:
    front = ruled_page(rule=190)
    cleaned = clean_paper(_scan(front, 0.15), SCALE)
    assert (cleaned[100:102, 130:1380] < 230).mean() > 0.98
    assert (cleaned[130:980, 500:502] < 230).mean() > 0.98


@pytest.mark.parametrize(("front", "kept"), [(2000, True), (0, False)])
def test_rules_hardly_darker_than_the_back_stay_where_they_are_most(
    front: int, kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a page whose rules have 37 and whose back has text up to 30; without such rules they are the back's."""
    back = np.repeat(np.arange(18, 28, 2), 60)
    rules = np.concatenate((back, np.repeat([36, 37, 38], front // 3), np.full(60, 48)))
    text = np.concatenate((np.repeat(np.arange(16, 31), 40), np.full(50, 66)))
    monkeypatch.setattr("lanci.page.scan_paper.find_pale_marks", lambda *_: PaleMarks(text, rules))
    page = np.full((400, 600), 255, np.uint8)
    page[20:60, 20:580] = 0
    page[200:203] = 255 - 37
    page[300:303] = 255 - 22
    cleaned = clean_paper(page, SCALE)
    assert bool((cleaned[201, 50:550] < 230).all()) is kept
    assert (cleaned[301, 50:550] == 255).all()


def test_pale_rules_in_filled_cells_outlast_the_back() -> None:
    """Against the tone of a fill a pale rule is as faint as what shows through."""
    front = ruled_page(rule=200)
    for y in range(165, 1000, 100):
        cv2.putText(front, "subject 2010101", (120, y), 3, 1.3, (20,), 3, cv2.LINE_AA)
        cv2.putText(front, "98,765.43", (1040, y), 3, 1.3, (20,), 3, cv2.LINE_AA)
    front[100:402, 100:1402] = np.minimum(front[100:402, 100:1402], 222)
    sheet = _scan(front, 0.15, rule=200)
    raster = image_to_raster(sheet, SCALE)
    assert raster.filled is not None
    assert raster.filled[250, 700] == 255
    assert not raster.filled[600, 700]
    image = raster.image
    assert (image[200:202, 130:1380].min(axis=0) < 245).mean() > 0.95
    assert (image[130:380, 500:502].min(axis=1) < 245).mean() > 0.95


def _stamp(page: Image, center: tuple[int, int], share: float = 1.0) -> Image:
    """A seal in mid grey over the page: ring, disc for its star; ``share`` of the ring was pressed."""
    ink = np.zeros(SHAPE, np.uint8)
    cv2.ellipse(ink, center, (160, 160), 90, -180 * share, 180 * share, (255,), 10, cv2.LINE_AA)
    cv2.circle(ink, center, 35, (255,), -1, cv2.LINE_AA)
    part = cv2.GaussianBlur(ink, (0, 0), 0.8).astype(np.float32) / 255
    return np.asarray(page * (1 - 0.42 * part), dtype=np.uint8)


def _wash(page: Image) -> Raster:
    return wash_seals(Raster(page, SCALE, find_seals(page, SCALE)))


@pytest.mark.parametrize("share", [1.0, 0.75])
def test_grey_seal_is_washed_and_its_place_known(share: float) -> None:
    plain = _scan(ruled_page(), 0)
    sealed = _stamp(plain, (700, 550), share)
    raster = _wash(sealed)
    washed, seals = raster.image, raster.seals
    assert seals is not None
    assert seals[550, 700] == 255
    assert seals[708:712, 690:698].all()
    assert not seals[:300].any()
    # The number under the seal is as it was, and nothing new is ink.
    cell = np.s_[510:590, 600:900]
    assert (ink_mask(washed)[cell] != ink_mask(plain)[cell]).mean() < 0.02
    assert (ink_mask(sealed)[cell] != ink_mask(plain)[cell]).mean() > 0.08
    assert not ink_mask(washed)[620:690, 560:590].any()


@pytest.mark.parametrize("rule", [30, 150])
def test_rules_under_a_grey_seal_stay(rule: int) -> None:
    washed = _wash(_stamp(_scan(ruled_page(rule), 0), (700, 550))).image
    for y in (500, 600):
        # Next to the ring a pale one can have nicks of a point.
        assert (washed[y : y + 2, 540:860].min(axis=0) < 200).mean() > 0.97


def test_characters_of_a_grey_seal_go() -> None:
    # Between the lines of print, with strokes of the seal's darkness.
    drawn = _stamp(_scan(ruled_page(), 0), (700, 550))
    cv2.putText(drawn, "SEAL", (590, 528), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (150,), 5, cv2.LINE_AA)
    raster = _wash(drawn)
    place = np.s_[510:530, 588:650]
    assert np.count_nonzero(ink_mask(raster.image)[place]) < 0.1 * np.count_nonzero(ink_mask(drawn)[place])
    assert raster.seals is not None
    assert raster.seals[place].any()


def test_page_without_seals_has_none() -> None:
    page = _scan(ruled_page(), 0)
    red = np.zeros(SHAPE, np.uint8)
    assert find_seals(page, SCALE) is None
    assert find_seals(page, SCALE, red) is red
    raster = Raster(page, SCALE, red)
    assert wash_seals(raster) is raster


def test_filled_disc_is_no_seal() -> None:
    page = ruled_page()
    cv2.circle(page, (700, 550), 160, (150,), -1)
    assert find_seals(page, SCALE) is None


def test_raster_tells_both_kinds_of_seals() -> None:
    grey = _stamp(_scan(ruled_page(), 0), (700, 550))
    image = cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB)
    cv2.circle(image, (1200, 850), 100, (230, 60, 60), 8)
    raster = image_to_raster(np.asarray(image, dtype=np.uint8), SCALE)
    assert raster.seals is not None
    assert raster.seals[550, 700] == 255
    assert raster.seals[850, 1100] == 255
