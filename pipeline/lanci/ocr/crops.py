"""Pictures of the lines in each cell of a grid: without its rules, trimmed to the ink."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from lanci.document import Box, Grid, Image, Raster
from lanci.page.scan_image import Mask, ink_mask

# Lengths in points unless they say otherwise; amounts are printed 7 to 12 points high.
_STRIP = 3.5
"""How far inside a cell's edge its rule may be found, on warped paper."""
_RULE_SHARE = 0.8
"""Share of a side along which ink runs when it is the rule."""
_CROSSING, _END_SHARE = 1.1, 0.6
"""How far the crossing rules reach into a side, and the share of the rest of its ends that a rule inks. The stroke
of a 1 or 4 beside a pale rule fills 0.8 of a low row, but not its ends."""
_POKE = 2.5
"""Ink that reaches in from outside less than this belongs to the neighbour's text."""
_STUMP, _THIN = 0.8, 1.5
"""A long piece that begins this near to the edge and is this thin is what a broken rule left."""
_GROWN = 1.5
"""Length along the rule over which print touches it, from which the reading is doubtful."""
_PALE = 215
"""Grey level (paper at 255) below which a pixel can belong to a rule."""
_SPECK_MASS, _DOT_MASS = 0.3, 0.5
"""Ink in square points of full darkness: below the first a piece is dust, from the second it could be the
decimal point of a number in 7 points."""
_TINY_SIDE = 1.6
"""A piece smaller than this is a dot: part of print when beside print, else dirt. A minus is 2.5 wide."""
_DIGIT_HEIGHT = 3.0
"""A piece this high beside print may be a digit that stands at the rule or is cut by the cell's edge."""
_PALE_REACH, _PALE_MARK = 8.0, 228
"""How far from print a pale mark is looked for, and the grey level (paper at 255) below which it is one."""
_NEAR = 3.0
"""Within this distance of print a small piece is kept."""
_SEAL_AREA = 4.0
"""Square points of red ink from which a cell counts as stamped."""
_DEFAULT_EM = 10.0
_SMALLEST_LINE = 0.6
"""Share of the character height below which a run of inked rows is a part of a line (二, 三, ：, a minus)."""
_TALLEST_LINE = 1.3
"""Share of the character height that one line never exceeds."""
_DUST = 0.16
"""Share of the character height below which an inked row apart from others is dust; a minus is 0.3 wide."""
_MARGIN = 0.15
"""White around the ink, as a share of the character height."""


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
class CellPicture:
    """What a cell shows: its lines from top to bottom, none when it is blank.

    ``disturbed`` says that something else than the cell's own print was in the way: a seal, text crossing the
    rules, ink grown together with a rule.
    """

    lines: tuple[LinePicture, ...]
    disturbed: bool


@dataclass(frozen=True, slots=True)
class _Page:
    """The whole page: even paper, its ink, its seals, pixels in a point, how dark its print is."""

    grey: Image
    ink: Mask
    seals: Mask | None
    scale: float
    darkness: float


@dataclass(frozen=True, slots=True)
class _Clean:
    """A cell's picture with its ink, rules and dirt removed."""

    grey: Image
    ink: Mask
    disturbed: bool


def crop_cells(grid: Grid, raster: Raster) -> list[CellPicture]:
    """One picture for every cell of ``grid``, in its order.

    Args:
        grid: boxes in points of the working frame.
        raster: the page in the same frame.
    """
    scale = raster.scale
    flat = raster.image
    ink = ink_mask(flat)
    inked = 255 - flat[ink > 0]
    darkness = float(np.percentile(inked, 80)) if len(inked) else 255.0
    page = _Page(flat, ink, raster.seals, scale, darkness)
    cleaned = [_clean_cell(page, cell.box) for cell in grid.cells]
    em = _character_height(cleaned, scale)
    return [CellPicture(tuple(_cut_lines(cell, em)), cell.disturbed) for cell in cleaned]


def _clean_cell(page: _Page, box: Box) -> _Clean:
    scale = page.scale
    height, width = page.grey.shape
    x0, x1 = (min(max(round(v * scale), 0), width) for v in (box.x0, box.x1))
    y0, y1 = (min(max(round(v * scale), 0), height) for v in (box.y0, box.y1))
    grey, own = page.grey[y0:y1, x0:x1].copy(), page.ink[y0:y1, x0:x1].copy()
    if not own.size:
        return _Clean(grey, own, False)
    seals = page.seals
    stamped = seals is not None and int(np.count_nonzero(seals[y0:y1, x0:x1])) > _SEAL_AREA * scale * scale
    grown = False
    for turn in range(4):
        # Views: each side in turn is the left one.
        grown |= _wipe_left_rule(np.rot90(own, turn), np.rot90(grey, turn), scale)
    crossed, dirty = _wipe_foreign(own, 255 - grey, page)
    removed = cv2.dilate(cv2.subtract(page.ink[y0:y1, x0:x1], own), np.ones((3, 3), np.uint8))
    # Grey fringes go with the ink they surround, but never the ink that stays.
    stays = cv2.dilate(own, np.ones((3, 3), np.uint8))
    grey[(removed > 0) & (stays == 0)] = 255
    _add_pale(own, grey, page)
    # Stumps of rules in a blank cell are no reason to look at it.
    disturbed = stamped or dirty or (bool(own.any()) and (grown or crossed))
    return _Clean(grey, own, disturbed)


def _wipe_left_rule(ink: Mask, grey: Image, scale: float) -> bool:
    """Clear the rule along the left side, and all beyond it.

    Args:
        ink: changed in place.
        grey: the same place with even paper, changed in place.
        scale: pixels in a point.

    Returns:
        Whether print has grown together with the rule.
    """
    width = min(ink.shape[1], max(2, round(_STRIP * scale)))
    last = np.maximum(_straight_rule(grey[:, :width], scale), _bent_rule(ink[:, :width]))
    if (last < 0).all():
        return False
    # Print grown into the rule keeps its own part.
    usual = float(np.median(last[last >= 0]))
    last = np.minimum(last, round(usual + scale / 2))
    beyond = np.arange(width)[None, :] <= last[:, None]
    ink[:, :width][beyond] = 0
    grey[:, :width][beyond] = 255
    # Only the middle tells of print: at the ends the rules of the other sides join.
    middle = slice(ink.shape[0] // 5, ink.shape[0] - ink.shape[0] // 5)
    after = min(round(usual) + 2, ink.shape[1] - 1)
    return bool((ink[middle, round(usual) + 1 : after + 1] > 0).all(axis=1).sum() > _GROWN * scale)


def _straight_rule(strip: Image, scale: float) -> NDArray[np.intp]:
    """For every row the last column of a straight rule, pale ones and broken ones included; -1 without."""
    rows = len(strip)
    # A rule one pixel thick wanders between two columns.
    dark = cv2.dilate((strip < _PALE).astype(np.uint8), np.ones((1, 3), np.uint8))
    # Where the crossing rules lie is left out; next to them print never stands, but a rule goes on.
    end = max(1, round(_CROSSING * scale))
    last = max(end + 1, rows // 6)
    inner, top, bottom = dark[rows // 8 : rows - rows // 8], dark[end:last], dark[rows - last : rows - end]
    if not (inner.size and top.size and bottom.size):
        return np.full(rows, -1, dtype=np.intp)
    reaches = (top.mean(axis=0) >= _END_SHARE) & (bottom.mean(axis=0) >= _END_SHARE)
    ruled = np.flatnonzero((inner.mean(axis=0) >= _RULE_SHARE) & reaches)
    # The widening counts one column too many on each side; that is the rule's grey fringe.
    return np.full(rows, int(ruled[-1]) if len(ruled) else -1, dtype=np.intp)


def _bent_rule(strip: Mask) -> NDArray[np.intp]:
    """For every row the last column of inked pieces that run along the whole side; -1 without."""
    strip = np.ascontiguousarray(strip)
    last = np.full(len(strip), -1, dtype=np.intp)
    _count, labels, stats, _centres = cv2.connectedComponentsWithStats(strip)
    for index in range(1, len(stats)):
        if stats[index, cv2.CC_STAT_HEIGHT] >= _RULE_SHARE * len(strip):
            columns = np.arange(strip.shape[1])
            last = np.maximum(last, np.where(labels == index, columns, -1).max(axis=1))
    return last


def _wipe_foreign(ink: Mask, darkness: Image, page: _Page) -> tuple[bool, bool]:
    """Clear dirt, stumps of rules, and what pokes in from neighbours.

    Returns:
        Whether print crosses the cell's edge or may have lost a character there, and whether the cell is blank
        but for dots that are no mere dust.
    """
    height, width = ink.shape
    scale = page.scale
    _count, labels, stats, _centres = cv2.connectedComponentsWithStats(ink)
    x, y, w, h = (stats[:, i] for i in range(4))
    mass = np.bincount(labels.ravel(), weights=darkness.ravel(), minlength=len(stats)) / page.darkness
    from_side = np.minimum(x, width - x - w)
    from_top = np.minimum(y, height - y - h)
    poke, stump, thin = _POKE * scale, _STUMP * scale, _THIN * scale
    poking = ((from_side == 0) & (w <= poke)) | ((from_top == 0) & (h <= poke))
    stumps = ((from_side <= stump) & (w <= thin) & (h > 2 * w)) | ((from_top <= stump) & (h <= thin) & (w > 2 * h))
    specks = (mass < _SPECK_MASS * scale * scale) & ~stumps
    tiny = (np.maximum(w, h) < _TINY_SIDE * scale) & ~stumps
    printed = ~(poking | specks | stumps | tiny)
    printed[0] = False
    if printed.any():
        # A small piece beside print may be a decimal point, or a minus sign that has faded, or a part of 二.
        whole_side = _whole_sides(labels, darkness, len(stats))
        left, right = x[printed].min() - _NEAR * scale, (x + w)[printed].max() + _NEAR * scale
        top, bottom = y[printed].min() - scale, (y + h)[printed].max() + scale
        apart = (x + w < left) | (x > right) | (y + h < top) | (y > bottom)
        tiny &= apart & (whole_side < _TINY_SIDE * scale)
        specks &= tiny
    cut = np.zeros(len(stats), dtype=bool)
    if printed.any():
        # A digit cut by the cell's edge, or the stroke of a 1 or 4 beside the rule, looks like a stump.
        cut = (poking | stumps) & (from_side <= stump) & (h >= _DIGIT_HEIGHT * scale)
        cut &= (x + w >= left) & (x <= right) & (y >= top) & (y + h <= bottom)
    lost = poking | (stumps & ~cut) | specks | tiny
    lost[0] = False
    dirty = not printed.any() and bool((tiny & ~poking & (mass >= _DOT_MASS * scale * scale))[1:].any())
    ink[lost[labels]] = 0
    crossing = ((from_side == 0) | (from_top == 0)) & ~stumps & (np.minimum(w, h) > scale)
    return bool(crossing[1:].any() or cut.any()), dirty


def _whole_sides(labels: NDArray[np.int32], darkness: Image, count: int) -> NDArray[np.intp]:
    """The longer side, in pixels, of the pale mark that each inked piece is a part of.

    The thin strokes of 二 fall apart into dots when they are printed faintly; seen with their grey they are whole.

    Args:
        labels: the inked pieces of a cell, 0 where no ink is.
        darkness: 255 minus the grey level.
        count: how many labels there are.
    """
    soft = (cv2.blur(darkness, (3, 3)) > 255 - _PALE_MARK).astype(np.uint8)
    _count, marks, stats, _centres = cv2.connectedComponentsWithStats(soft)
    sides = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    sides[0] = 0
    of_piece = np.zeros(count, dtype=np.intp)
    np.maximum.at(of_piece, labels.ravel(), marks.ravel())
    return np.asarray(sides[of_piece], dtype=np.intp)


def _add_pale(ink: Mask, grey: Image, page: _Page) -> None:
    """Add pale marks that stand beside the print, as a thin minus sign does after a poor scan."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows):
        return
    reach = round(_PALE_REACH * page.scale)
    zone = slice(int(rows[0]), int(rows[-1]) + 1)
    soft = (cv2.blur(grey, (3, 3)) < _PALE_MARK).astype(np.uint8)
    for side in (
        slice(max(int(columns[0]) - reach, 0), int(columns[0])),
        slice(int(columns[-1]) + 1, int(columns[-1]) + 1 + reach),
    ):
        part = np.ascontiguousarray(soft[zone, side])
        if not part.size:
            continue
        _count, labels, stats, _centres = cv2.connectedComponentsWithStats(part)
        darkness = (255 - grey[zone, side]).ravel()
        mass = np.bincount(labels.ravel(), weights=darkness, minlength=len(stats)) / page.darkness
        marks = mass >= _SPECK_MASS * page.scale * page.scale
        marks[0] = False
        ink[zone, side][marks[labels]] = 255


def _character_height(cells: list[_Clean], scale: float) -> float:
    """The usual height of a line of print in pixels, over all cells."""
    heights = [end - start for cell in cells for start, end in _inked_rows(cell.ink)]
    usual = [h for h in heights if 4 * scale <= h <= 30 * scale]
    return float(np.percentile(usual, 70)) if usual else _DEFAULT_EM * scale


def _inked_rows(ink: Mask) -> list[tuple[int, int]]:
    return _true_runs(np.asarray((ink > 0).any(axis=1))) if ink.size else []


def _true_runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _cut_lines(cell: _Clean, em: float) -> list[LinePicture]:
    runs = _inked_rows(cell.ink)
    # What stands alone may be a minus; what stands above or below print is dust.
    runs = [run for run in runs if not _is_dust(cell.ink, run, em)] or runs
    runs = _merge_parts(runs, em)
    runs = [piece for run in runs for piece in _split_tall(cell.ink, run, em)]
    return [_line_picture(cell, run, em) for run in runs]


def _is_dust(ink: Mask, run: tuple[int, int], em: float) -> bool:
    """Whether a run of rows holds but dots: neither high nor wide enough for any character."""
    limit = _DUST * em
    return run[1] - run[0] < limit and int(ink[run[0] : run[1]].any(axis=0).sum()) < 2 * limit


def _merge_parts(runs: list[tuple[int, int]], em: float) -> list[tuple[int, int]]:
    """Put the parts of one line together: strokes of 二, dots of ：, while they fit into one line's height."""
    merged: list[tuple[int, int]] = []
    for run in runs:
        if merged:
            last = merged[-1]
            small = min(run[1] - run[0], last[1] - last[0]) < _SMALLEST_LINE * em
            if small and run[1] - last[0] <= _TALLEST_LINE * em:
                merged[-1] = (last[0], run[1])
                continue
        merged.append(run)
    return merged


def _split_tall(ink: Mask, run: tuple[int, int], em: float) -> list[tuple[int, int]]:
    """Cut lines that touch each other where the fewest pixels are inked."""
    count = round((run[1] - run[0]) / (1.15 * em))
    if run[1] - run[0] <= 1.7 * em or count < 2:
        return [run]
    profile = (ink[run[0] : run[1]] > 0).sum(axis=1)
    pitch = len(profile) / count
    cuts = [0]
    for i in range(1, count):
        low, high = round((i - 0.3) * pitch), round((i + 0.3) * pitch)
        cuts.append(low + int(profile[low:high].argmin()))
    cuts.append(len(profile))
    return [(run[0] + a, run[0] + b) for a, b in pairwise(cuts)]


def _line_picture(cell: _Clean, run: tuple[int, int], em: float) -> LinePicture:
    """Cut one line out and put it on white, at least as high as a character (a minus would grow to a bar)."""
    top, bottom = run
    columns = np.flatnonzero((cell.ink[top:bottom] > 0).any(axis=0))
    left, right = int(columns[0]), int(columns[-1]) + 1
    margin = max(2, round(_MARGIN * em))
    # One more pixel than the ink: its grey edge.
    y0, y1 = max(top - 1, 0), min(bottom + 1, cell.grey.shape[0])
    x0, x1 = max(left - 1, 0), min(right + 1, cell.grey.shape[1])
    line = cell.grey[y0:y1, x0:x1]
    missing = max(0, round(em) - line.shape[0])
    above, below = margin + missing // 2, margin + missing - missing // 2
    image = cv2.copyMakeBorder(line, above, below, margin, margin, cv2.BORDER_CONSTANT, value=(255,))
    width = image.shape[1]
    return LinePicture(
        np.asarray(image, dtype=np.uint8), margin / width, 1 - margin / width, max(bottom - top, round(0.6 * em))
    )
