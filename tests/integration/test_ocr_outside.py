"""Reading what stands around the tables of a drawn page with the default engine."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pymupdf
import pytest

from lanci.document import Box, Image, Raster, Word
from lanci.ocr import make_engine, read_outside
from lanci.ocr.engine import LineReading, OcrEngine, PageLine

SCALE = 200 / 72
TABLE = Box(40, 120, 460, 400)


@cache
def _engine() -> OcrEngine:
    return make_engine()


class _Watched:
    """The default engine, with the sizes of the pictures that it was given."""

    name, version = "watched", "1"

    def __init__(self) -> None:
        self.pixels: list[int] = []

    def read_lines(self, images: Sequence[Image]) -> list[LineReading]:
        return _engine().read_lines(images)

    def read_page(self, image: Image, scale: float | None = None) -> list[PageLine]:
        self.pixels.append(image.size)
        return _engine().read_page(image, scale)


def _raster(*texts: tuple[float, float, float, str]) -> Raster:
    document = pymupdf.open()
    page = document.new_page(width=500, height=700)
    writer, font = pymupdf.TextWriter(page.rect), pymupdf.Font("china-s")
    for x, y, size, text in texts:
        writer.append((x, y), text, font=font, fontsize=size)
    writer.write_text(page)
    pixmap = page.get_pixmap(dpi=200, colorspace=pymupdf.csGRAY)
    image = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width).copy()
    return Raster(image, SCALE)


def _by_text(words: Sequence[Word]) -> dict[str, Word]:
    return {word.text.replace(":", "："): word for word in words}


CAPTIONS = _raster(
    (150, 60, 18, "一般公共预算支出表"),
    (40, 105, 10, "部门：财政局"),
    (400, 105, 10, "单位：万元"),
    (60, 200, 10, "行政运行 1,234.56"),
    (40, 425, 9, "注：本表数据四舍五入，可能存在尾差。"),
    (240, 680, 9, "- 12 -"),
)


def test_lines_around_a_table_are_read_in_order_and_those_in_it_are_not() -> None:
    words = read_outside(CAPTIONS, [TABLE], _engine())
    texts = [word.text.replace(":", "：") for word in words]
    assert texts[:3] == ["一般公共预算支出表", "部门：财政局", "单位：万元"]
    assert texts[3].startswith("注：本表数据四舍五入")
    assert "12" in texts[4]
    assert not any("行政" in text for text in texts)


def test_boxes_are_tight_and_stops_tell_where_characters_begin() -> None:
    words = _by_text(read_outside(CAPTIONS, [TABLE], _engine()))
    title = words["一般公共预算支出表"]
    assert (title.box.x0, title.box.x1) == pytest.approx((150, 150 + 9 * 18), abs=2.5)
    assert title.box.height < 19
    assert len(title.stops) == len(title.text)
    assert title.stops[0] == 0
    begins = [title.box.x0 + stop * title.box.width for stop in title.stops]
    assert begins == pytest.approx([150 + 18 * i for i in range(9)], abs=6)


def test_a_digit_at_the_end_of_a_line_is_not_cut_off() -> None:
    raster = _raster((40, 60, 10, "511-退役军人事务局"), (40, 105, 10, "公 开 12 表"))
    texts = [word.text.replace(" ", "") for word in read_outside(raster, [], _engine())]
    assert texts == ["511-退役军人事务局", "公开12表"]


def test_only_blocks_with_print_are_searched() -> None:
    watched = _Watched()
    read_outside(CAPTIONS, [TABLE], watched)
    assert 0 < sum(watched.pixels) < CAPTIONS.image.size / 4


def test_a_page_of_dust_and_rules_needs_no_search() -> None:
    image = np.full((1900, 1300), 255, np.uint8)
    places = 60 * np.stack(np.unravel_index(np.arange(600), (30, 20)), axis=1)
    for y, x in places.tolist():
        image[y : y + 3, x : x + 3] = 60
    image[1500:1503, 100:1200] = 0
    watched = _Watched()
    assert read_outside(Raster(image, SCALE), [], watched) == ()
    assert sum(watched.pixels) == 0
