"""Reading what stands outside the tables of a scanned page: captions, notes, prose."""

from __future__ import annotations

import math
from collections.abc import Sequence

from lanci.document import Box, Raster, TextSource, Word
from lanci.ocr.engine import OcrEngine
from lanci.text import normalize

_PAPER = 255


def read_outside(raster: Raster, covered: Sequence[Box], engine: OcrEngine) -> tuple[Word, ...]:
    """Find and read the lines that no table covers.

    Args:
        raster: the upright page.
        covered: boxes of the tables, in points of the working frame; what lies in them is not read.
        engine: the recogniser.

    Returns:
        One word a line, in reading order, boxes in points of the working frame.
    """
    scale = raster.scale
    page = raster.image.copy()
    for box in covered:
        rows = slice(max(math.floor(box.y0 * scale), 0), max(math.ceil(box.y1 * scale), 0))
        columns = slice(max(math.floor(box.x0 * scale), 0), max(math.ceil(box.x1 * scale), 0))
        page[rows, columns] = _PAPER
    words: list[Word] = []
    for line in engine.read_page(page):
        text = normalize(line.reading.text)
        if text:
            box = Box(*(round(v / scale, 3) for v in (line.box.x0, line.box.y0, line.box.x1, line.box.y1)))
            words.append(Word(text, box, round(line.reading.confidence, 4), TextSource.OCR))
    return tuple(words)
