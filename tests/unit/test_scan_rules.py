"""Rules of scanned pages that are dotted, touched by text, or seen through the paper."""

from __future__ import annotations

import cv2
import numpy as np
import pymupdf
import pytest

from lanci.document import Image, Raster, Rule
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


@pytest.mark.parametrize("centre", [(545.0, 260.0), (545.0, 430.0), (300.0, 300.0), (120.0, 100.0)])
def test_a_grey_seal_makes_breaks_and_lengthens_no_rule(centre: tuple[float, float]) -> None:
    scale = DPI / 72
    stamp = np.full_like(_table(), 255)
    x, y = (round(v * scale) for v in centre)
    cv2.circle(stamp, (x, y), round(58 * scale), 120, round(3.2 * scale))
    cv2.circle(stamp, (x, y), round(13 * scale), 120, -1)
    cv2.rectangle(stamp, (x + round(20 * scale), y - 20), (x + round(24 * scale), y + 40), 120, -1)
    raster = image_to_raster((_table() * (stamp / 255.0)).astype(np.uint8), scale)
    assert raster.seals is not None
    _assert_table(scan_to_rules(raster))


def test_lines_of_dense_small_text_are_no_rules() -> None:
    """Five points high and blurred, a line of text is dark throughout; but there is ink on both sides of its middle."""
    document = pymupdf.open()
    page = document.new_page(width=595, height=400)
    xs, ys = (50.0, 170.0, 545.0), (100.0, 300.0)
    for y in ys:
        page.draw_line((xs[0], y), (xs[-1], y), width=0.4, color=(0.6, 0.6, 0.6))
    for x in xs:
        page.draw_line((x, ys[0]), (x, ys[-1]), width=0.4, color=(0.6, 0.6, 0.6))
    writer, font = pymupdf.TextWriter(page.rect), pymupdf.Font("china-s")
    text = "严格遵循普查数据管理要求全面建设精准库"
    for row in range(24):
        line = text[row % 19 :] + text[: row % 19]
        writer.append((53, 115 + 7 * row), line, font=font, fontsize=5.6)
    writer.write_text(page)
    pixmap = page.get_pixmap(dpi=150, alpha=False, colorspace=pymupdf.csGRAY)
    image = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width)
    blurred = np.asarray(cv2.GaussianBlur(image, (0, 0), 1.1), np.uint8)
    rules = scan_to_rules(image_to_raster(blurred, 150 / 72))
    assert [rule.position for rule in rules] == pytest.approx([*ys, *xs], abs=0.7)


def test_strokes_of_a_caption_above_the_columns_lengthen_no_rule() -> None:
    """A stroke of the caption stands over every rule, a white gap above the table."""
    page = _table()
    scale = DPI / 72
    for x in XS:
        column = round(x * scale)
        page[round((YS[0] - 12) * scale) : round((YS[0] - 1.8) * scale), column - 1 : column + 1] = 60
    _assert_table(scan_to_rules(image_to_raster(page, scale)))


def test_a_stroke_that_was_lifted_between_two_tables_joins_no_rules() -> None:
    """Rules of the same place above and below it are two; within a table, others go on beside it."""
    scale, xs = 200 / 72, (100, 500, 1000, 1400)
    tables = ((100, 200, 300, 400), (520, 620, 720, 820))
    page = np.full((1000, 1500), 255, np.uint8)
    for ys in tables:
        for y in ys:
            cv2.line(page, (xs[0], y), (xs[-1], y), (160,), 2)
        for x in xs:
            cv2.line(page, (x, ys[0]), (x, ys[-1]), (160,), 2)
    lifted = np.zeros_like(page)
    lifted[380:540, 480:520] = lifted[230:330, 980:1020] = 255
    page[lifted > 0] = 255
    rules = scan_to_rules(Raster(page, scale, lifted=lifted))
    upright = sorted(
        (rule.position * scale, rule.start * scale, rule.end * scale) for rule in rules if not rule.horizontal
    )
    wanted = [(x, ys[0], ys[-1]) for x in xs for ys in tables]
    assert np.array(upright) == pytest.approx(np.array(wanted), abs=3)
