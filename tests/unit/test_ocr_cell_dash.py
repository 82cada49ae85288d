"""Dashes that stand alone in a cell, told from other signs by shape."""

from __future__ import annotations

import numpy as np
import pymupdf
import pytest

from lanci.document import Box, Grid, GridCell, Raster, TableRegion
from lanci.ocr.cell_dash import is_dash
from lanci.ocr.crops import crop_cells
from lanci.ocr.engine import LineReading
from lanci.ocr.numeric import Reading, refine_dash

CELL = Box(100.0, 100.0, 180.0, 122.0)


def _crop(text: str, dpi: int, size: float, font: str) -> list[bool]:
    """For each line found in a cell that shows the text, whether it is a dash."""
    document = pymupdf.open()
    page = document.new_page(width=300, height=200)
    writer = pymupdf.TextWriter(page.rect)
    writer.append((160.0, 115.0), text, font=pymupdf.Font(font), fontsize=size)
    writer.write_text(page)
    pixmap = page.get_pixmap(dpi=dpi, alpha=False, colorspace=pymupdf.csGRAY)
    image = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width).copy()
    cells = (GridCell(0, 0, 1, 1, CELL),)
    grid = Grid(TableRegion(1, CELL, (), "rules"), 1, 1, cells, (CELL.y0, CELL.y1), (CELL.x0, CELL.x1))
    (picture,) = crop_cells(grid, Raster(image, dpi / 72, None))
    return [is_dash(line) for line in picture.lines]


@pytest.mark.parametrize("dpi", [150, 200, 300])
@pytest.mark.parametrize("font", ["helv", "tiro", "china-s"])
@pytest.mark.parametrize("size", [9.0, 10.5, 14.0])
def test_a_hyphen_is_a_dash(dpi: int, font: str, size: float) -> None:
    assert _crop("-", dpi, size, font) == [True]


@pytest.mark.parametrize("text", ["一", "1", "**", "二", "=", "7", "-5", "--6.0", "、", "0"])
@pytest.mark.parametrize("dpi", [150, 300])
def test_other_signs_are_none(text: str, dpi: int) -> None:
    assert not any(_crop(text, dpi, 10.5, "china-s"))


def test_the_shape_of_a_dash_counts_for_more_than_what_was_read() -> None:
    lines = [LineReading("•", 0.6, ())]
    reading = refine_dash(Reading("•", 0.6), lines, 0.3, dash=True)
    assert (reading.text, [one.text for one in reading.alternatives]) == ("-", ["•"])
    assert refine_dash(Reading("", 0.0), [LineReading("", 0.0, ())], 0.3, dash=True).text == "-"
    assert refine_dash(Reading("•", 0.6), lines, 0.3).text == "•"
