"""Lines that a recogniser found, cut where their texts stand apart."""

from __future__ import annotations

import numpy as np
import pymupdf
import pytest

from lanci.document import Box, Raster, TextSource, Word
from lanci.ocr import split_lines
from lanci.ocr.line_ink import line_ink

SCALE = 200 / 72
FONT = pymupdf.Font("china-s")


def _raster(*texts: tuple[float, str], rule: bool = False, grey: float = 0.0) -> Raster:
    """Texts of 10 points at their x on one line, whose baseline lies at 40 points."""
    page = pymupdf.open().new_page(width=400, height=80)
    writer = pymupdf.TextWriter(page.rect, color=(grey,) * 3)
    for x, text in texts:
        writer.append((x, 40), text, font=FONT, fontsize=10)
    writer.write_text(page)
    if rule:
        page.draw_line((20, 44), (380, 44), width=0.6)
    pixmap = page.get_pixmap(dpi=200, colorspace=pymupdf.csGRAY, alpha=False)
    return Raster(np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width).copy(), SCALE)


def _line(text: str, x0: float, x1: float, confidence: float = 0.99) -> Word:
    return Word(text, Box(x0 - 3, 28, x1 + 3, 45), confidence, TextSource.OCR)


def test_line_over_three_columns_is_cut_at_its_gaps() -> None:
    raster = _raster((30, "2010301"), (120, "行政运行"), (300, "1,250.00"), rule=True)
    (parts,) = split_lines([_line("2010301行政运行1,250.00", 30, 345)], raster)
    assert [word.text for word in parts] == ["2010301", "行政运行", "1,250.00"]
    assert [word.box.x0 for word in parts] == pytest.approx([30, 120, 300], abs=1.2)
    assert parts[1].box.x1 == pytest.approx(160, abs=1.2)
    # Heights are those of the font's line, for digits and Chinese characters alike.
    assert all(word.box.height == pytest.approx(11.7, abs=1.5) for word in parts)
    assert all(word.box.center[1] == pytest.approx(36.3, abs=1.2) for word in parts)
    assert {word.source for word in parts} == {TextSource.OCR}


def test_known_places_of_characters_say_what_stands_where() -> None:
    raster = _raster((30, "一一"), (200, "111"))
    stops = (0.02, 0.07, 0.91, 0.94, 0.97)
    line = Word("一一111", Box(27, 28, 218, 45), 0.9, TextSource.OCR, stops)
    assert [word.text for word in split_lines([line], raster)[0]] == ["一一", "111"]


@pytest.mark.parametrize("text", ["因公出国（境）费用，其他", "2026年预算", "1,234,567.89"])
def test_one_text_stays_one(text: str) -> None:
    width = FONT.text_length(text, 10)
    (parts,) = split_lines([_line(text, 30, 30 + width)], _raster((30, text)))
    assert [word.text for word in parts] == [text]


def test_word_set_wide_stays_one() -> None:
    (parts,) = split_lines([_line("合计", 30, 62)], _raster((30, "合"), (52, "计")))
    assert [word.text for word in parts] == ["合计"]


def test_dash_alone_is_a_dash_whatever_was_read() -> None:
    lines = [_line("预算数", 30, 60), _line("I", 200, 206)]
    assert split_lines(lines, _raster((30, "预算数"), (200, "-")))[1][0].text == "-"


def test_full_width_mark_at_the_end_fills_its_square() -> None:
    (parts,) = split_lines([_line("费用（元）", 30, 80)], _raster((30, "费用（元）")))
    assert parts[0].box.x1 == pytest.approx(80, abs=2.5)


def test_what_shines_through_and_smudges_are_no_texts() -> None:
    pale = split_lines([_line("预算数", 30, 60)], _raster((30, "预算数"), grey=0.85))
    smudge = split_lines([_line("~^", 30, 40, confidence=0.2)], _raster((30, "~^")))
    assert (pale, smudge) == (((),), ((),))


def test_hairlines_of_thin_pale_print_are_ink() -> None:
    """At 150 dpi a stroke of one pixel has half of its darkness left; the measure of the page would not see it."""
    patch = np.full((16, 20), 250, np.uint8)
    patch[3:13, 6] = 160
    patch[12, 6:14] = 206
    assert (np.flatnonzero(line_ink(patch).any(axis=0)) == range(6, 14)).all()
    assert not line_ink(np.full((16, 20), 200, np.uint8)).any()


def test_specks_widen_no_text_and_are_none() -> None:
    raster = _raster((30, "预算数"), (200, "5"))
    x, y = round(66 * SCALE), round(36 * SCALE)
    raster.image[y : y + 3, x : x + 4] = 0
    words, speck = split_lines([_line("预算数", 30, 66), _line("-", 63, 69)], raster)
    assert words[0].box.x1 == pytest.approx(60, abs=1.2)
    assert speck == ()
    assert split_lines([_line(",", 200, 206)], raster) == ((),)


def test_an_amount_whose_point_is_lost_is_not_cut() -> None:
    raster = _raster((30, "213"), (52, "44"))
    assert [w.text for w in split_lines([_line("213.44", 30, 62)], raster)[0]] == ["213.44"]
    assert [w.text for w in split_lines([_line("21344", 30, 62)], raster)[0]] == ["213", "44"]
