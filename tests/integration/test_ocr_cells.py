"""Reading the cells of a drawn and degraded table with the default engine."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pymupdf
import pytest

from lanci.document import Box, CellReading, Grid, GridCell, Image, TableRegion, TextSource
from lanci.ocr import OcrOptions, make_engine
from lanci.ocr.cells import read_cells
from lanci.ocr.engine import OcrEngine
from lanci.ocr.outside import read_outside
from lanci.page.scan_image import image_to_raster
from lanci.text import squash

ROWS = [
    ["科目编码", "科目名称", "预算数", "上年数"],
    ["201", "一般公共服务支出", "1,234.56", "-3.60"],
    ["20103", "政府办公厅（室）及相关机构事务", "", "1,000.00"],
    ["2010301", "行政运行", "-45.06", "7"],
    ["205", "教育支出", "0.00", ""],
    ["", "合计", "11,111,\n111.11", "-"],
]
XS, YS = (40.0, 100.0, 220.0, 290.0, 360.0), tuple(80.0 + 26 * i for i in range(7))
DPI = 200


@cache
def _engine() -> OcrEngine:
    return make_engine(OcrOptions())


@cache
def _page() -> Image:
    document = pymupdf.open()
    page = document.new_page(width=400, height=270)
    chinese, latin, writer = pymupdf.Font("china-s"), pymupdf.Font("tiro"), pymupdf.TextWriter(page.rect)
    writer.append((120, 40), "一般公共预算支出表", font=chinese, fontsize=16)
    writer.append((280, 70), "单位：万元", font=chinese, fontsize=10)
    for y in YS:
        page.draw_line((XS[0], y), (XS[-1], y), width=0.8)
    for x in XS:
        page.draw_line((x, YS[0]), (x, YS[-1]), width=0.8)
    for row, y in zip(ROWS, YS, strict=False):
        for text, x in zip(row, XS, strict=False):
            for i, line in enumerate(text.split("\n")):
                start = y + (11 if "\n" in text else 17)
                font = latin if line.isascii() else chinese
                size = 10 if len(line) < 12 else 7.5
                writer.append((x + 3, start + 11.5 * i), line, font=font, fontsize=size)
    writer.write_text(page)
    pixmap = page.get_pixmap(dpi=DPI, alpha=False)
    image = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, 3)
    noise = np.random.default_rng(5).normal(0, 8, image.shape)
    faded = 255 - (255 - cv2.GaussianBlur(image, (0, 0), 0.6).astype(float)) * 0.8
    return np.clip(faded + noise, 0, 255).astype(np.uint8)


def _grid() -> Grid:
    cells = tuple(GridCell(r, c, 1, 1, Box(XS[c], YS[r], XS[c + 1], YS[r + 1])) for r in range(6) for c in range(4))
    region = TableRegion(1, Box(XS[0], YS[0], XS[-1], YS[-1]), (), "raster-rules")
    return Grid(region, 6, 4, cells, YS, XS)


def _read(image: Image) -> list[list[CellReading]]:
    readings = read_cells(_grid(), image_to_raster(image, DPI / 72), _engine())
    return [list(readings[4 * r : 4 * r + 4]) for r in range(6)]


def test_every_cell_is_read() -> None:
    found = [[squash(reading.text) for reading in row] for row in _read(_page())]
    assert found == [[squash(text) for text in row] for row in ROWS]


def test_blank_cells_are_likely_blank() -> None:
    blank = _read(_page())[2][2]
    assert (blank.text, blank.needs_review, blank.source) == ("", False, TextSource.OCR)
    assert blank.confidence > 0.9


def test_clear_amounts_need_no_review() -> None:
    rows = _read(_page())
    assert not rows[1][2].needs_review
    assert rows[1][2].confidence > 0.85


def test_reading_is_repeatable() -> None:
    assert _read(_page()) == _read(_page())


def test_dust_is_no_text() -> None:
    image = _page().copy()
    scale = DPI / 72
    x, y = round(250 * scale), round((YS[2] + 13) * scale)
    image[y, x] = image[y - 9, x + 20] = image[y + 11, x - 33] = 0
    reading = _read(image)[2][2]
    assert (reading.text, reading.needs_review) == ("", False)


def test_an_amount_under_a_red_seal_is_read_and_no_surer_for_it() -> None:
    stamp = np.full_like(_page(), 255)
    centre = (round(255 * DPI / 72), round((YS[1] + 13) * DPI / 72))
    cv2.circle(stamp, centre, 40, (235, 60, 60), 6)
    reading = _read(np.minimum(_page(), stamp))[1][2]
    assert reading.text == "1,234.56"
    assert reading.confidence <= _read(_page())[1][2].confidence


def test_an_amount_that_runs_over_the_rule_is_marked() -> None:
    image = _page().copy()
    y0, y1 = (round(v * DPI / 72) for v in (YS[1] + 4, YS[2] - 4))
    x0, x1 = (round(v * DPI / 72) for v in (222, 262))
    shift = round(52 * DPI / 72)
    image[y0:y1, x0 + shift : x1 + shift] = np.minimum(image[y0:y1, x0 + shift : x1 + shift], image[y0:y1, x0:x1])
    assert _read(image)[1][2].needs_review


def test_null_engine_marks_all_print() -> None:
    readings = read_cells(_grid(), image_to_raster(_page(), DPI / 72), make_engine(OcrOptions(engine="null")))
    flat = [text for row in ROWS for text in row]
    assert [r.needs_review for r in readings] == [bool(text) for text in flat]


def test_text_outside_the_table_is_read_in_order() -> None:
    table = Box(XS[0], YS[0], XS[-1], YS[-1]).grow(2)
    words = read_outside(image_to_raster(_page(), DPI / 72), [table], _engine())
    assert [squash(word.text) for word in words] == [squash("一般公共预算支出表"), squash("单位：万元")]
    assert all(word.source is TextSource.OCR and word.confidence > 0.8 for word in words)
    assert words[0].box.contains(190, 35)
    assert words[1].box.y1 < YS[0]


@pytest.mark.parametrize("box", [Box(-20, -20, -5, -5), Box(1000, 1000, 1100, 1100), Box(390, 260, 480, 300)])
def test_cells_beyond_the_page_are_blank(box: Box) -> None:
    region = TableRegion(1, box, (), "raster-rules")
    grid = Grid(region, 1, 1, (GridCell(0, 0, 1, 1, box),), (box.y0, box.y1), (box.x0, box.x1))
    assert [r.text for r in read_cells(grid, image_to_raster(_page(), DPI / 72), _engine())] == [""]
