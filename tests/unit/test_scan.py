"""Scanned pages: position, rules and blankness, on pages drawn here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import cv2
import numpy as np
import pymupdf
import pytest

from lanci.document import Box, Image, Rule
from lanci.page.scan import PreparedScan, Score, prepare_scan
from lanci.page.scan_image import image_to_raster
from lanci.page.scan_rules import scan_to_rules

XS = (50.0, 110.0, 250.0, 330.0, 410.0, 545.0)
YS = tuple(100.0 + 24 * i for i in range(21))
WIDTH, HEIGHT = 595.0, 842.0


@cache
def _page(dpi: int = 150, rule_width: float = 0.5) -> Image:
    """A table of 20 x 5 cells; its first row is merged over the last two columns."""
    document = pymupdf.open()
    page = document.new_page(width=WIDTH, height=HEIGHT)
    font, writer = pymupdf.Font("china-s"), pymupdf.TextWriter(page.rect)
    writer.append((200, 60), "收支预算总表", font=font, fontsize=22)
    writer.append((50, 90), "部门：某某市财政局", font=font, fontsize=10)
    for y in YS:
        page.draw_line((XS[0], y), (XS[-1], y), width=rule_width)
    for i, x in enumerate(XS):
        page.draw_line((x, YS[1] if i == 4 else YS[0]), (x, YS[-1]), width=rule_width)
    for y in YS[:-1]:
        for x, text in zip(XS, ["20101", "一般公共服务支出", "1,234.56", "-3.60", "0.00"], strict=False):
            writer.append((x + 4, y + 16), text, font=font, fontsize=10)
    writer.write_text(page)
    pixmap = page.get_pixmap(dpi=dpi, alpha=False)
    return np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, 3).copy()


def _skewed(image: Image, degrees: float) -> Image:
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1)
    return np.asarray(cv2.warpAffine(image, matrix, (width, height), borderValue=(255, 255, 255)), np.uint8)


def _even(image: Image) -> Image:
    return image_to_raster(image, 150 / 72).image


def _noisy(image: Image, sigma: float = 10.0) -> Image:
    noise = np.random.default_rng(7).normal(0, sigma, image.shape)
    return np.clip(image + noise, 0, 255).astype(np.uint8)


def _draw(page: pymupdf.Page, dpi: int) -> Image:
    pixmap = page.get_pixmap(dpi=dpi, alpha=False)
    return np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, 3).copy()


def _prepare(image: Image, dpi: float, score: Score | None = None) -> PreparedScan:
    scan = prepare_scan(image, dpi, score)
    assert scan is not None
    return scan


def _remarked_skew(scan: PreparedScan) -> float:
    (remark,) = scan.remarks
    return float(remark.removeprefix("deskewed by ").removesuffix(" degrees"))


def _split(rules: Sequence[Rule]) -> tuple[list[Rule], list[Rule]]:
    return [r for r in rules if r.horizontal], [r for r in rules if not r.horizontal]


@pytest.mark.parametrize("dpi", [100, 150, 300])
@pytest.mark.parametrize("rule_width", [0.25, 1.5])
def test_rules_stand_where_they_were_drawn(dpi: int, rule_width: float) -> None:
    level, upright = _split(scan_to_rules(image_to_raster(_noisy(_page(dpi, rule_width)), dpi / 72)))
    assert [r.position for r in level] == pytest.approx(YS, abs=0.6)
    assert [r.position for r in upright] == pytest.approx(XS, abs=0.6)
    assert all(r.start == pytest.approx(XS[0], abs=1) and r.end == pytest.approx(XS[-1], abs=1) for r in level)
    tops = [YS[1] if i == 4 else YS[0] for i in range(len(XS))]
    assert [r.start for r in upright] == pytest.approx(tops, abs=1)
    assert all(0 < r.thickness < 3 for r in level)


@pytest.mark.parametrize("degrees", [0.7, -2.0, 5.0, -5.0])
def test_skewed_pages_are_levelled(degrees: float) -> None:
    scan = _prepare(_noisy(_skewed(_page(), degrees)), 150)
    level, upright = _split(scan_to_rules(scan.raster))
    assert (len(level), len(upright)) == (len(YS), len(XS))
    assert scan.remarks == (f"deskewed by {degrees:.2f} degrees",)
    # The table's corner in the middle of the page goes back to where it is displayed.
    x, y = scan.to_page.point(upright[2].position, level[10].position)
    angle = np.radians(degrees)
    dx, dy = XS[2] - WIDTH / 2, YS[10] - HEIGHT / 2
    assert x == pytest.approx(WIDTH / 2 + dx * np.cos(angle) - dy * np.sin(angle), abs=1)
    assert y == pytest.approx(HEIGHT / 2 + dx * np.sin(angle) + dy * np.cos(angle), abs=1)


def test_text_alone_tells_the_skew() -> None:
    document = pymupdf.open()
    page = document.new_page(width=HEIGHT, height=WIDTH)
    font, writer = pymupdf.Font("china-s"), pymupdf.TextWriter(page.rect)
    for i in range(14):
        writer.append((60, 80 + 30 * i), "根据二〇二六年度部门预算编制要求，收支预算总表如下", font=font, fontsize=14)
    writer.write_text(page)
    scan = _prepare(_noisy(_skewed(_draw(page, 200), -3.0)), 200)
    assert _remarked_skew(scan) == pytest.approx(-3.0, abs=0.1)


@pytest.mark.parametrize("turns", [0, 1])
def test_photographs_are_straightened_along_their_rules(turns: int) -> None:
    height, width = _page().shape[:2]
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    moved = corners + np.array([(20, 4), (-18, 22), (-3, -2), (5, -15)], np.float32)
    seen = cv2.getPerspectiveTransform(corners, moved)
    photograph = cv2.warpPerspective(_page(), seen, (width, height), borderValue=(255, 255, 255))
    shade = np.linspace(0.65, 1, width)[np.newaxis, :, np.newaxis]
    displayed = np.rot90(_noisy(photograph * shade, 4), turns)
    scan = _prepare(np.ascontiguousarray(displayed), 150)
    level, upright = _split(scan_to_rules(scan.raster))
    assert (len(level), len(upright)) == (len(YS), len(XS))
    assert any("straightened" in remark for remark in scan.remarks)
    # Each corner of the grid goes back to where the camera saw it.
    scale = 150 / 72
    for row in (0, 9, -1):
        for col in (0, 2, -1):
            true = cv2.perspectiveTransform(np.array([[(XS[col] * scale, YS[row] * scale)]], np.float32), seen)[0, 0]
            there = (true[1] / scale, WIDTH - true[0] / scale) if turns else true / scale
            assert scan.to_page.point(upright[col].position, level[row].position) == pytest.approx(there, abs=1)


def test_a_scan_without_perspective_is_not_straightened() -> None:
    image = _skewed(_page(), 1.0)
    image[1000:] = 255  # fewer rows, and all in the upper part
    assert _prepare(_noisy(image), 150).remarks == ("deskewed by 1.00 degrees",)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_turned_pages_are_stood_up_when_lines_can_be_scored(turns: int) -> None:
    upright = _page()

    def score(lines: Sequence[Image]) -> list[float]:
        """Knows the page: a line is right when the upright page holds it pixel by pixel."""
        return [
            float(
                line.shape[0] <= upright.shape[0]
                and line.shape[1] <= upright.shape[1]
                and cv2.matchTemplate(_even(upright), line, cv2.TM_CCOEFF_NORMED).max() > 0.95
            )
            for line in lines
        ]

    displayed = np.ascontiguousarray(np.rot90(upright, turns))
    scan = _prepare(displayed, 150, score)
    # The paper is evened out before the page is turned, on a raster that does not turn with it.
    assert np.abs(scan.raster.image.astype(int) - _even(upright)).mean() < 0.1
    assert bool(scan.remarks) == bool(turns)
    # A box of the upright page leads to the same pixels of the displayed one.
    box = scan.to_page.box(Box(190, 40, 360, 70))
    x0, y0, x1, y1 = (round(v * 150 / 72) for v in (box.x0, box.y0, box.x1, box.y1))
    cut = upright[round(40 * 150 / 72) : round(70 * 150 / 72), round(190 * 150 / 72) : round(360 * 150 / 72)]
    assert displayed[y0:y1, x0:x1].min() < 100
    assert abs(float(displayed[y0:y1, x0:x1].mean()) - float(cut.mean())) < 2


def test_upright_pages_are_left_as_they_are() -> None:
    scan = _prepare(_page(), 150)
    assert np.array_equal(scan.raster.image, _even(_page()))
    assert scan.remarks == ()
    assert scan.to_page.point(10, 20) == (10, 20)


def test_text_has_no_rules() -> None:
    document = pymupdf.open()
    page = document.new_page(width=WIDTH, height=HEIGHT)
    font, writer = pymupdf.Font("china-s"), pymupdf.TextWriter(page.rect)
    for i in range(20):
        writer.append((60, 100 + 30 * i), "国目三皿昌一二三四五六七八九十百千万", font=font, fontsize=22)
    writer.write_text(page)
    pixmap = page.get_pixmap(dpi=150, alpha=False)
    image = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, 3).copy()
    assert scan_to_rules(image_to_raster(image, 150 / 72)) == ()


def test_broken_and_pale_rules_are_whole() -> None:
    image = np.full((600, 900), 250, np.uint8)
    image[200:202, 100:800] = 200
    image[200:202, 300:304] = 250
    image[400:402, 100:800] = 200
    image[400:402, 400:460] = 250
    level, upright = _split(scan_to_rules(image_to_raster(_noisy(image, 6), 150 / 72)))
    assert not upright
    pieces = [(round(r.start * 150 / 72, -1), round(r.end * 150 / 72, -1)) for r in level]
    assert pieces == [(100, 800), (100, 400), (460, 800)]


def test_a_pale_rule_that_digits_touch_in_every_row_is_found() -> None:
    """Right-aligned amounts stand under each other and form smeared lines of their own beside the rule."""
    document = pymupdf.open()
    page = document.new_page(width=WIDTH, height=HEIGHT)
    font, writer = pymupdf.Font("china-s"), pymupdf.TextWriter(page.rect)
    ys = [100 + 13 * i for i in range(40)]
    for y in ys:
        page.draw_line((50, y), (545, y), width=0.7, color=(0.76, 0.76, 0.76))
    for x in (50, 300, 545):
        page.draw_line((x, ys[0]), (x, ys[-1]), width=0.7, color=(0.76, 0.76, 0.76))
    for i, y in enumerate(ys[:-1]):
        amount = f"{1184 + 37 * i},{(i * 791) % 1000:03d}.986800"
        writer.append((299.8 - font.text_length(amount, 8), y + 10), amount, font=font, fontsize=8)
    writer.write_text(page)
    pixmap = page.get_pixmap(dpi=200, alpha=False)
    image = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, 3)
    level, upright = _split(scan_to_rules(image_to_raster(image, 200 / 72)))
    assert [r.position for r in upright] == pytest.approx([50, 300, 545], abs=0.6)
    assert len(level) == len(ys)


def test_a_character_repeated_in_every_row_is_no_rule() -> None:
    """The stroke of 中 in 集中采购, row under row, and the feet of a bold heading."""
    document = pymupdf.open()
    page = document.new_page(width=WIDTH, height=HEIGHT)
    writer, font = pymupdf.TextWriter(page.rect), pymupdf.Font("china-s")
    ys, xs = [100 + 14.5 * i for i in range(30)], (50, 200, 300, 545)
    for y in ys:
        page.draw_line((50, y), (545, y), width=0.7)
    for x in xs:
        page.draw_line((x, ys[0]), (x, ys[-1]), width=0.7)
    for y in ys[:-1]:
        writer.append((230, y + 11.5), "集中采购", font=font, fontsize=11)
    writer.write_text(page)
    for shift in (0.0, 0.3):
        page.insert_text((60 + shift, ys[0] + 12), "上缴上级支出", fontname="china-s", fontsize=11)
    pixmap = page.get_pixmap(dpi=200, alpha=False)
    image = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, 3)
    blurred = np.asarray(cv2.GaussianBlur(image, (0, 0), 0.7), np.uint8)
    level, upright = _split(scan_to_rules(image_to_raster(_noisy(blurred, 3), 200 / 72)))
    assert [r.position for r in upright] == pytest.approx(xs, abs=0.6)
    assert [r.position for r in level] == pytest.approx(ys, abs=0.6)


def test_red_seals_leave_no_rules_and_cut_none() -> None:
    stamp = np.full_like(_page(), 255)
    cv2.circle(stamp, (400, 400), 130, (230, 40, 50), 8)
    image = np.minimum(_page(), stamp)
    with_seal, without = (
        scan_to_rules(image_to_raster(image, 150 / 72)),
        scan_to_rules(image_to_raster(_page(), 150 / 72)),
    )
    assert [r.horizontal for r in with_seal] == [r.horizontal for r in without]
    assert [r.position for r in with_seal] == pytest.approx([r.position for r in without], abs=0.5)


def test_blank_pages() -> None:
    blank = np.full((1170, 827), 240, np.uint8)
    blank[:, :12] = 60
    rng = np.random.default_rng(3)
    blank[rng.integers(0, 1170, 200), rng.integers(0, 827, 200)] = 0
    assert prepare_scan(_noisy(blank), 100) is None
    # A few words, and one line of a drawing, are something.
    words = blank.copy()
    words[500:530, 300:500] = cv2.cvtColor(_page(150), cv2.COLOR_RGB2GRAY)[100:130, 430:630]
    assert prepare_scan(_noisy(words), 100) is not None
    cv2.line(blank, (200, 600), (600, 900), (30,), 2)
    assert prepare_scan(_noisy(blank), 100) is not None


def test_a_page_that_reads_badly_both_ways_stays_as_it_is() -> None:
    assert _prepare(_page(), 150, lambda lines: [0.5] * len(lines)).remarks == ()
    assert _prepare(_page(), 150, lambda lines: []).remarks == ()


@pytest.mark.parametrize(("first", "asked"), [(1.0, 1), (0.99, 3)])
def test_a_line_that_reads_without_a_doubt_tells_for_the_others(first: float, asked: int) -> None:
    shown: list[Image] = []

    def score(lines: Sequence[Image]) -> list[float]:
        scores = [first if not shown and i == 0 else 0.9 for i in range(len(lines))]
        shown.extend(lines)
        return scores

    assert _prepare(_page(), 150, score).remarks == ()
    assert len(shown) == asked
