"""Rules of scanned pages that are dotted, touched by text, or seen through the paper."""

from __future__ import annotations

import cv2
import numpy as np
import pymupdf
import pytest

from lanci.document import Image, Rule
from lanci.page.scan_image import image_to_raster
from lanci.page.scan_rules import scan_to_rules

DPI = 200
XS = (50.0, 120.0, 300.0, 420.0, 545.0)
YS = tuple(100.0 + 22 * i for i in range(16))


def _table(dashes: str = "", caption_gap: float = 12.0) -> Image:
    """A grey page with a table whose caption ends ``caption_gap`` points above it."""
    document = pymupdf.open()
    page = document.new_page(width=595, height=842)
    for y in YS:
        page.draw_line((XS[0], y), (XS[-1], y), width=0.6, dashes=dashes)
    for x in XS:
        page.draw_line((x, YS[0]), (x, YS[-1]), width=0.6, dashes=dashes)
    writer, font = pymupdf.TextWriter(page.rect), pymupdf.Font("china-s")
    writer.append((XS[0], YS[0] - caption_gap), "部门：某某市财政局里", font=font, fontsize=12)
    for y in YS[:-1]:
        for x, text in zip(XS, ["20101", "一般公共服务支出", "1,234.56", "-3.60"], strict=False):
            writer.append((x + 4, y + 15), text, font=font, fontsize=10)
    writer.write_text(page)
    pixmap = page.get_pixmap(dpi=DPI, alpha=False, colorspace=pymupdf.csGRAY)
    image = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width)
    noise = np.random.default_rng(3).normal(0, 4, image.shape)
    return np.asarray(np.clip(cv2.GaussianBlur(image, (0, 0), 0.6) + noise, 0, 255), np.uint8)


def _assert_table(rules: tuple[Rule, ...]) -> None:
    level = [rule for rule in rules if rule.horizontal]
    upright = [rule for rule in rules if not rule.horizontal]
    assert [rule.position for rule in level] == pytest.approx(YS, abs=0.6)
    assert [rule.position for rule in upright] == pytest.approx(XS, abs=0.6)
    assert [rule.start for rule in upright] == pytest.approx([YS[0]] * len(XS), abs=1)
    assert [rule.end for rule in level] == pytest.approx([XS[-1]] * len(YS), abs=1)


@pytest.mark.parametrize("dashes", ["", "[1 1] 0", "[2 1.5] 0"])
def test_solid_dotted_and_dashed_rules_are_whole(dashes: str) -> None:
    _assert_table(scan_to_rules(image_to_raster(_table(dashes), DPI / 72)))


def test_a_caption_that_touches_the_table_lengthens_no_rule() -> None:
    _assert_table(scan_to_rules(image_to_raster(_table(caption_gap=1.0), DPI / 72)))


def test_the_other_side_of_the_sheet_has_no_rules() -> None:
    """Its rules shine through mirrored, blurred and faint, between and below those of this side."""
    page = _table()
    behind = cv2.GaussianBlur(np.roll(page[:, ::-1], (130, 37), axis=(0, 1)), (0, 0), 1.0)
    seen = (page * (1 - 0.15 * (1 - behind / 255.0))).astype(np.uint8)
    _assert_table(scan_to_rules(image_to_raster(seen, DPI / 72)))


def test_faint_rules_alone_on_a_page_are_its_own() -> None:
    page = (255 - 0.4 * (255.0 - _table())).astype(np.uint8)
    _assert_table(scan_to_rules(image_to_raster(page, DPI / 72)))
