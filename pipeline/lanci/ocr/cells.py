"""Reading the cells of a grid on a scanned page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lanci.document import CellReading, Grid, Raster, TextSource
from lanci.ocr.crops import CellPicture, LinePicture, crop_cells
from lanci.ocr.engine import LineReading, OcrEngine
from lanci.ocr.numeric import Reading, find_number_cells, find_odd_decimals, refine_number
from lanci.text import is_cjk, join_lines

NUMBER_CONFIDENCE = 0.85
"""A number whose least certain character is below this is for a person to check. Set on drawn and
degraded tables (150 to 300 dpi), where no wrong amount was above it unmarked; not calibrated yet."""
TEXT_CONFIDENCE = 0.5
"""The same for words, where a wrong character does less harm."""

_UNREAD = 0.75
"""Distance from the ink's end to the middle of the nearest character read, in character heights, above which
something stands unread there (a lost minus); for Chinese characters, which are twice as wide, _UNREAD_WIDE."""
_UNREAD_WIDE = 1.15


def read_cells(grid: Grid, raster: Raster, engine: OcrEngine) -> tuple[CellReading, ...]:
    """Read every cell of a grid; all lines of the page go to the recogniser in one call.

    Args:
        grid: cells in the working frame.
        raster: the page in the same frame.
        engine: the recogniser.

    Returns:
        One reading for each of ``grid.cells``, in their order.
    """
    pictures = crop_cells(grid, raster)
    flat = engine.read_lines([line.image for picture in pictures for line in picture.lines])
    lines: list[list[LineReading]] = []
    for picture in pictures:
        count = len(picture.lines)
        lines.append(flat[:count])
        flat = flat[count:]
    greedy = [_join(picture, readings) for picture, readings in zip(pictures, lines, strict=True)]
    numbers = find_number_cells(grid, [reading.text for reading in greedy])
    final = [refine_number(reading, lines[i]) if i in numbers else reading for i, reading in enumerate(greedy)]
    odd = _odd_cells(grid, numbers, final)
    return tuple(
        _to_cell(pictures[i], greedy[i], replace(final[i], doubtful=final[i].doubtful or i in odd), i in numbers)
        for i in range(len(final))
    )


def _join(picture: CellPicture, readings: Sequence[LineReading]) -> Reading:
    text = join_lines([reading.text for reading in readings])
    confidence = min((reading.confidence for reading in readings), default=1.0)
    unread = any(_has_unread_ink(line, r) for line, r in zip(picture.lines, readings, strict=True))
    return Reading(text, confidence, doubtful=unread)


def _has_unread_ink(line: LinePicture, reading: LineReading) -> bool:
    """Whether the ink goes on beyond the first or last character that was read."""
    if not reading.text.strip():
        return True
    chars = [char for char in reading.chars if char.candidates[0][0].strip()]
    if not chars:
        return False
    width = line.image.shape[1]
    for char, distance in (
        (chars[0], chars[0].position - line.ink_start),
        (chars[-1], line.ink_end - chars[-1].position),
    ):
        limit = _UNREAD_WIDE if is_cjk(char.candidates[0][0]) else _UNREAD
        if distance * width > limit * line.height:
            return True
    return False


def _odd_cells(grid: Grid, numbers: set[int], readings: Sequence[Reading]) -> set[int]:
    odd: set[int] = set()
    for col in range(grid.n_cols):
        odd |= find_odd_decimals({i: readings[i].text for i in sorted(numbers) if grid.cells[i].col == col})
    return odd


def _to_cell(picture: CellPicture, greedy: Reading, final: Reading, is_number: bool) -> CellReading:
    if not picture.lines:
        return CellReading("", 1.0, picture.disturbed, source=TextSource.OCR)
    limit = NUMBER_CONFIDENCE if is_number or any(c.isdigit() for c in final.text) else TEXT_CONFIDENCE
    doubtful = picture.disturbed or greedy.doubtful or final.doubtful or final.confidence < limit
    return CellReading(final.text, round(final.confidence, 4), doubtful, final.alternatives, TextSource.OCR)
