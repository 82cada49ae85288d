"""Reading what stands outside the tables of a scanned page: captions, notes, prose."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from lanci.document import Box, Image, Raster, TextSource, Word
from lanci.ocr.engine import CharReading, OcrEngine, PageLine
from lanci.ocr.line_ink import line_ink
from lanci.ocr.lines import reading_order
from lanci.page.components import find_components
from lanci.text import normalize

_PAPER = 255
_COARSE = 1.25
"""Pixels in a point of the small picture on which ink is looked for."""
_COARSE_INK = 216
"""Grey level below which a pixel of the small picture, where strokes are thinner than a pixel, is ink."""

# Lengths in points.
_LEAST_SIDE = 2.4
"""A piece of ink with no side as long as this is a speck; the dash of a page number is 4 wide."""
_RULE_LENGTH, _RULE_WIDTH = 40.0, 2.4
"""A piece longer and thinner than this is a rule of the page's head or foot, or what is left of a table's."""
_BAND_GAP, _BLOCK_GAP = 12.0, 36.0
"""White between lines that parts two bands of a page, and within a band between two blocks. A detector sees best
what it sees with its surroundings, but every point of white costs time."""
_MARGIN = 12.0

_Slices = tuple[slice, slice]


def read_outside(raster: Raster, covered: Sequence[Box], engine: OcrEngine) -> tuple[Word, ...]:
    """Find and read the lines that no table covers.

    Only blocks of the page with ink in them are looked at: finding lines on a whole page takes longer than reading
    the cells of a table.

    Args:
        raster: the upright page.
        covered: boxes of the tables, in points of the working frame; what lies in them is not read.
        engine: the recogniser.

    Returns:
        One word a line, in reading order, boxes tight to the ink, in points of the working frame.
    """
    page = _without(raster, covered)
    lines: list[PageLine] = []
    for rows, columns in _find_blocks(page, raster.scale):
        lines.extend(
            PageLine(_shift(line.box, columns.start, rows.start), line.reading)
            for line in engine.read_page(page[rows, columns], raster.scale)
        )
    words = [word for line in lines if (word := _line_to_word(line, page, raster.scale)) is not None]
    return tuple(words[i] for i in reading_order([word.box for word in words]))


def _without(raster: Raster, covered: Sequence[Box]) -> Image:
    page = raster.image.copy()
    for box in covered:
        rows = slice(max(math.floor(box.y0 * raster.scale), 0), max(math.ceil(box.y1 * raster.scale), 0))
        columns = slice(max(math.floor(box.x0 * raster.scale), 0), max(math.ceil(box.x1 * raster.scale), 0))
        page[rows, columns] = _PAPER
    return page


def _find_blocks(page: Image, scale: float) -> list[_Slices]:
    """Parts of the page that hold all its print, cut at wide bands of white: across, down and across again."""
    height, width = page.shape
    shrink = min(1.0, _COARSE / scale)
    size = max(1, round(width * shrink)), max(1, round(height * shrink))
    points = scale * shrink
    ink = _print_only(cv2.resize(page, size, interpolation=cv2.INTER_AREA) < _COARSE_INK, points)
    blocks: list[_Slices] = []
    for band in _runs(ink, 1, _BAND_GAP * points):
        for columns in _runs(ink[band], 0, _BLOCK_GAP * points):
            for part in _runs(ink[band, columns], 1, _BAND_GAP * points):
                rows = slice(band.start + part.start, band.start + part.stop)
                grown = _grow(rows, shrink, _MARGIN * scale, height), _grow(columns, shrink, _MARGIN * scale, width)
                blocks.append(grown)
    return blocks


def _print_only(ink: NDArray[np.bool_], points: float) -> NDArray[np.bool_]:
    """Ink without specks and rules; ``points`` pixels are a point."""
    pieces = find_components(ink.astype(np.uint8))
    stats = pieces.stats
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]] / points
    long, short = sides.max(axis=1), sides.min(axis=1)
    keep = (long >= _LEAST_SIDE) & ((long < _RULE_LENGTH) | (short > _RULE_WIDTH))
    keep[0] = False
    kept: NDArray[np.bool_] = keep[pieces.labels]
    return kept


def _runs(ink: NDArray[np.bool_], across: int, gap: float) -> list[slice]:
    """Stretches of rows (``across`` 1) or columns (0) with ink, joined over gaps of up to ``gap`` places."""
    places = np.flatnonzero(ink.any(axis=across))
    if not places.size:
        return []
    cuts = np.flatnonzero(np.diff(places) > gap + 1)
    starts = [places[0], *places[cuts + 1]]
    ends = [*places[cuts], places[-1]]
    return [slice(int(start), int(end) + 1) for start, end in zip(starts, ends, strict=True)]


def _grow(places: slice, shrink: float, margin: float, limit: int) -> slice:
    """Places of the small picture as places of the page, with a margin."""
    return slice(
        max(math.floor(places.start / shrink - margin), 0), min(math.ceil(places.stop / shrink + margin), limit)
    )


def _shift(box: Box, x: float, y: float) -> Box:
    return Box(box.x0 + x, box.y0 + y, box.x1 + x, box.y1 + y)


def _line_to_word(line: PageLine, page: Image, scale: float) -> Word | None:
    text = normalize(line.reading.text)
    if not text:
        return None
    loose = line.box
    tight = _tighten(loose, page)
    stops: tuple[float, ...] = ()
    chars = _printed_chars(line.reading.chars)
    if "".join(char.candidates[0][0] for char in chars) == text and loose.width > loose.height:
        middles = [loose.x0 + char.position * loose.width for char in chars]
        stops = _middles_to_stops(middles, tight)
    box = Box(*(round(v / scale, 3) for v in (tight.x0, tight.y0, tight.x1, tight.y1)))
    return Word(text, box, round(line.reading.confidence, 4), TextSource.OCR, stops)


def _tighten(box: Box, page: Image) -> Box:
    """The box without the white at its sides; all of it where it is white."""
    x0, y0 = max(math.floor(box.x0), 0), max(math.floor(box.y0), 0)
    patch = page[y0 : math.ceil(box.y1), x0 : math.ceil(box.x1)]
    if not patch.size:
        return box
    ink = line_ink(patch)
    columns, rows = np.flatnonzero(ink.any(axis=0)), np.flatnonzero(ink.any(axis=1))
    if not columns.size:
        return box
    return Box(float(x0 + columns[0]), float(y0 + rows[0]), float(x0 + columns[-1] + 1), float(y0 + rows[-1] + 1))


def _printed_chars(chars: Sequence[CharReading]) -> list[CharReading]:
    """Characters as ``normalize`` leaves them: no space at the ends, and one where several were read."""
    kept: list[CharReading] = []
    for char in chars:
        if char.candidates[0][0].isspace() and (not kept or kept[-1].candidates[0][0].isspace()):
            continue
        kept.append(char)
    while kept and kept[-1].candidates[0][0].isspace():
        kept.pop()
    return kept


def _middles_to_stops(middles: Sequence[float], box: Box) -> tuple[float, ...]:
    """Where characters begin, as shares of the box, halfway between the middles of neighbours."""
    begins = [box.x0, *((a + b) / 2 for a, b in pairwise(middles))]
    return tuple(round(min(max((x - box.x0) / box.width, 0.0), 1.0), 4) for x in begins)
