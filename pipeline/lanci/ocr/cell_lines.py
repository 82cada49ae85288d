"""Cutting the print of a cell into lines, and their pictures."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from lanci.document import Image
from lanci.ocr.cell_ink import Indices, Pieces

# Shares of the character height unless they say otherwise.
_DEFAULT_EM = 10.0
"""Points."""
_SMALLEST_LINE = 0.6
"""Below this a run of inked rows is a part of a line (二, 三, ：, a minus)."""
_TALLEST_LINE = 1.3
"""One line never exceeds this."""
_TOUCHING = 1.6
"""A run of inked rows from this on holds several lines that touch, or large print."""
_LARGE_PRINT = 0.6
"""Share of a run's height that its usual piece reaches when it is one line of large print."""
_DIGIT_SHAPE = 0.35
"""Width of a digit as a share of its own height, at least."""
_DUST = 0.28
"""Rows of ink apart from others are dust when they are lower than this and narrower than twice this."""
_STACK_WIDTH, _STACK_MINIMUM = 1.35, 0.55
"""Lines at most and mostly at least this wide are characters stacked in vertical print."""
_PITCH = 1.15
"""Distance of lines that touch."""
_MARGIN = 0.15
"""White around the ink."""


@dataclass(frozen=True, slots=True)
class LinePicture:
    """One line of a cell.

    ``image`` is grey with even paper. ``ink_start`` and ``ink_end`` are shares of its width, ``height`` is the
    ink's height in pixels.
    """

    image: Image
    ink_start: float
    ink_end: float
    height: int


@dataclass(frozen=True, slots=True)
class LineSheet:
    """The page from which lines are cut: grey without rules and dirt, its pieces, pixels in a point."""

    grey: Image
    pieces: Pieces
    scale: float


@dataclass(frozen=True, slots=True)
class _Run:
    """Rows ``top`` to ``bottom`` of a cell and the pieces of ink in them."""

    top: int
    bottom: int
    members: tuple[int, ...]


def character_height(pieces: Pieces, members: list[Indices], scale: float) -> float:
    """The usual height of a line of print in pixels.

    Args:
        pieces: the ink of the page.
        members: the kept pieces of each cell.
        scale: pixels in a point.
    """
    heights = [run.bottom - run.top for own in members for run in _inked_rows(pieces, own)]
    usual = [h for h in heights if 4 * scale <= h <= 30 * scale]
    return float(np.percentile(usual, 70, method="lower")) if usual else _DEFAULT_EM * scale


def cut_lines(sheet: LineSheet, members: Indices, em: float) -> list[LinePicture]:
    """The lines of one cell from top to bottom.

    Args:
        sheet: the page.
        members: the cell's kept pieces.
        em: the usual character height in pixels.
    """
    runs = _inked_rows(sheet.pieces, members)
    # What stands alone may be a minus; what stands above or below print is dust.
    runs = [run for run in runs if not _is_dust(sheet.pieces, run, em)] or runs
    runs = _merge_parts(runs, em)
    runs = [piece for run in runs for piece in _split_tall(sheet.pieces, run, em)]
    pictures = [_line_picture(sheet, run, em) for run in runs]
    return [_lay_out(pictures, em)] if _is_stack(pictures, em) else pictures


def _inked_rows(pieces: Pieces, members: Indices) -> list[_Run]:
    """Runs of rows that hold ink, from the boxes of the pieces."""
    if not len(members):
        return []
    tops, heights = pieces.y[members].tolist(), pieces.h[members].tolist()
    found: list[tuple[int, int, list[int]]] = []
    for top, height, member in sorted(zip(tops, heights, members.tolist(), strict=True)):
        if found and top <= found[-1][1]:
            start, end, own = found[-1]
            own.append(member)
            found[-1] = (start, max(end, top + height), own)
        else:
            found.append((top, top + height, [member]))
    return [_Run(start, end, tuple(own)) for start, end, own in found]


def _is_dust(pieces: Pieces, run: _Run, em: float) -> bool:
    """Whether a run of rows holds but dots: neither high nor wide enough for any character."""
    limit = _DUST * em
    return run.bottom - run.top < limit and int(pieces.w[list(run.members)].sum()) < 2 * limit


def _merge_parts(runs: list[_Run], em: float) -> list[_Run]:
    """Put the parts of one line together: strokes of 二, dots of ：, while they fit into one line's height."""
    merged: list[_Run] = []
    for run in runs:
        if merged:
            last = merged[-1]
            small = min(run.bottom - run.top, last.bottom - last.top) < _SMALLEST_LINE * em
            if small and run.bottom - last.top <= _TALLEST_LINE * em:
                merged[-1] = _Run(last.top, run.bottom, last.members + run.members)
                continue
        merged.append(run)
    return merged


def _split_tall(pieces: Pieces, run: _Run, em: float) -> list[_Run]:
    """Cut lines that touch each other where the fewest pixels are inked."""
    height = run.bottom - run.top
    members = np.array(run.members, dtype=np.intp)
    count = round(height / (_PITCH * em))
    if height <= _TOUCHING * em or count < 2 or _is_large_print(pieces, members, height, em):
        return [run]
    left, right = int(pieces.x[members].min()), int((pieces.x + pieces.w)[members].max())
    own = np.isin(pieces.labels[run.top : run.bottom, left:right], members)
    profile = own.sum(axis=1)
    pitch = height / count
    cuts = [0]
    for i in range(1, count):
        low, high = round((i - 0.35) * pitch), round((i + 0.35) * pitch)
        cuts.append(low + int(profile[low:high].argmin()))
    cuts.append(height)
    centres = pieces.y[members] + pieces.h[members] / 2 - run.top
    tall = pieces.h[members] > _TALLEST_LINE * em
    return [
        part
        for start, end in pairwise(cuts)
        if (part := _take_line(pieces, run.top, (start, end), members, centres, tall)) is not None
    ]


def _is_large_print(pieces: Pieces, members: Indices, height: int, em: float) -> bool:
    """Whether most pieces are about as high as the whole run."""
    heights, widths = pieces.h[members], pieces.w[members]
    usual = heights > 0.4 * em
    if not usual.any() or float(np.median(heights[usual])) <= _LARGE_PRINT * height:
        return False
    # Two digits one above the other are much narrower than one large one.
    return bool(np.median(widths[usual] / heights[usual]) > _DIGIT_SHAPE)


def _take_line(
    pieces: Pieces,
    top: int,
    rows: tuple[int, int],
    members: Indices,
    centres: NDArray[np.float64],
    tall: NDArray[np.bool_],
) -> _Run | None:
    """The line between two cuts: pieces with their centre there, and the part of those that join several lines."""
    start, end = rows
    whole = members[~tall & (centres >= start) & (centres < end)]
    parts = members[tall & (pieces.y[members] - top < end) & ((pieces.y + pieces.h)[members] - top > start)]
    own = np.concatenate([whole, parts])
    if not len(own):
        return None
    first = int(pieces.y[whole].min()) if len(whole) else top + end
    last = int((pieces.y + pieces.h)[whole].max()) if len(whole) else top + start
    if len(parts):
        first, last = min(first, top + start), max(last, top + end)
    return _Run(first, last, tuple(own.tolist()))


def _line_picture(sheet: LineSheet, run: _Run, em: float) -> LinePicture:
    """Cut one line out and put it on white, at least as high as a character (a minus would grow to a bar)."""
    pieces, members = sheet.pieces, np.array(run.members, dtype=np.intp)
    top, bottom = run.top, run.bottom
    left, right = int(pieces.x[members].min()), int((pieces.x + pieces.w)[members].max())
    margin = max(2, round(_MARGIN * em))
    line = sheet.grey[top:bottom, left:right]
    labels = pieces.labels[top:bottom, left:right]
    line = _without(line, (labels > 0) & ~np.isin(labels, members))
    missing = max(0, round(em) - line.shape[0])
    above, below = margin + missing // 2, margin + missing - missing // 2
    image = cv2.copyMakeBorder(line, above, below, margin, margin, cv2.BORDER_CONSTANT, value=(255,))
    width = image.shape[1]
    height = max(bottom - top, round(_SMALLEST_LINE * em))
    return LinePicture(np.asarray(image, dtype=np.uint8), margin / width, 1 - margin / width, height)


def _without(line: Image, foreign: NDArray[np.bool_]) -> Image:
    """The picture without the ink of others and its grey fringe."""
    if not foreign.any():
        return line
    fringe = cv2.dilate(foreign.astype(np.uint8), np.ones((3, 3), np.uint8))
    return np.where(fringe > 0, np.uint8(255), line)


def _is_stack(pictures: list[LinePicture], em: float) -> bool:
    """Whether the lines are the single characters of vertical print."""
    if len(pictures) < 2:
        return False
    widths = [p.image.shape[1] * (p.ink_end - p.ink_start) for p in pictures]
    wide = sum(w >= _STACK_MINIMUM * em for w in widths)
    return bool(max(widths) <= _STACK_WIDTH * em and 2 * wide > len(widths))


def _lay_out(pictures: list[LinePicture], em: float) -> LinePicture:
    """Vertical print as a usual line: its characters side by side."""
    high = max(p.image.shape[0] for p in pictures)
    parts = []
    for p in pictures:
        missing = high - p.image.shape[0]
        parts.append(
            cv2.copyMakeBorder(p.image, missing // 2, missing - missing // 2, 0, 0, cv2.BORDER_CONSTANT, value=(255,))
        )
    image = np.asarray(np.hstack(parts), dtype=np.uint8)
    width = image.shape[1]
    start = pictures[0].ink_start * pictures[0].image.shape[1] / width
    end = 1 - (1 - pictures[-1].ink_end) * pictures[-1].image.shape[1] / width
    return LinePicture(image, start, end, max(p.height for p in pictures))
