"""Round seals that colour does not tell from print: red ones scanned in grey, blue and black ones."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lanci.document import Image

Mask = NDArray[np.uint8]
"""Shape (height, width), 255 where something is and 0 elsewhere."""

# Lengths are in points; darkness is 255 minus the grey level of an evened page.
_SMALLEST, _LARGEST = 40.0, 90.0
"""Radius of a seal: 15 to 30 mm, a little tolerance. Official seals have 21 mm, seals for contracts up to 29."""
_SEARCH_SCALE = 1.25
"""Pixels in a point for the search: what is thinner than two pixels there (print, rules) is passed over."""
_THICK = 3
_GREY = 30
"""Darkness from which a thick mark counts."""
_LEAST_AREA, _MOST_AREA = 300.0, 15000.0
"""Square points of thick marks left on a page with seals. A ring alone has a thousand, with its star and characters
four thousand; a page with more than the second is full of pictures, and the search would take long."""
_STRAIGHT = 60.0
"""A straight run of this length is a thick rule; the ring of the largest seal is not straight for so long."""
_LEAST_ARC = 28.0
"""A piece of a ring reaches so far at least; single characters do not."""
_EDGE, _VOTES = 100, 14
"""Of the Hough transform: threshold of edges, and votes for a centre."""
_MOST = 12
"""Candidates checked, the best ones."""
_ANGLES = 180
_WANDER = 3.0
"""A hand-pressed ring is not quite round, and the circle found is not quite its own."""
_RING_SHARE, _BESIDE_SHARE, _BESIDE = 0.6, 0.4, 7.0
"""Share of the circle that is grey on the ring, and at most so far inside and outside of it."""
_STROKE = 1.6
"""Strokes of print are thinner; the ring, the star and bold characters of a seal are thicker."""
_LEVEL_PERCENTILE, _LEVEL_MARGIN = 90, 12
"""How dark the seal's ink is, from its ring."""
_RULE = 1.6
"""Rules that meet the seal are no thicker."""
_LEAST_PIECE, _THINNEST_PIECE = 9.0, 2.5
"""Longer and shorter side of a seal's strokes, at least; blots within digits and pieces of rules have less."""
_MARKED = 25
"""Darkness from which a place counts as under the seal."""


@dataclass(frozen=True, slots=True)
class _Ring:
    """A circle on the search picture, in its pixels."""

    x: float
    y: float
    radius: float


def wash_seals(flat: Image, scale: float, red: Mask | None = None) -> tuple[Image, Mask | None]:
    """Lighten grey seals, keeping the print under them.

    Args:
        flat: an evened page, shape (height, width), paper at 255.
        scale: pixels in a point.
        red: where red seals lay, which colour has taken off already.

    Returns:
        The page, and where seals lay, those of ``red`` included; ``flat`` and ``red`` themselves where there are
        no others.
    """
    rings, _ = find_rings(flat, scale)
    if not rings:
        return flat, red
    washed, mask = flat.copy(), np.zeros_like(flat) if red is None else red.copy()
    factor = scale / _SEARCH_SCALE
    for ring in rings:
        _wash(washed, mask, _Ring(ring.x * factor, ring.y * factor, ring.radius * factor), scale)
    return washed, mask


def find_rings(flat: Image, scale: float) -> tuple[list[_Ring], Mask]:
    """The rings of seals, on a picture of ``_SEARCH_SCALE`` pixels in a point; and its thick marks."""
    factor = _SEARCH_SCALE / scale
    height, width = flat.shape
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    small = cv2.resize(flat, size, interpolation=cv2.INTER_AREA)
    thick = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((_THICK, _THICK), np.uint8))
    mask = _long_pieces(cv2.threshold(thick, 255 - _GREY, 255, cv2.THRESH_BINARY_INV)[1])
    if not _LEAST_AREA <= cv2.countNonZero(mask) / _SEARCH_SCALE**2 <= _MOST_AREA:
        return [], mask
    circles = cv2.HoughCircles(
        cv2.blur(mask, (3, 3)),
        cv2.HOUGH_GRADIENT,
        dp=2,
        minDist=_SMALLEST * _SEARCH_SCALE / 2,
        param1=_EDGE,
        param2=_VOTES,
        minRadius=round(_SMALLEST * _SEARCH_SCALE),
        maxRadius=round(_LARGEST * _SEARCH_SCALE),
    )
    found: list[_Ring] = []
    for x, y, radius in [] if circles is None else np.asarray(circles).reshape(-1, 3)[:_MOST].tolist():
        ring = _Ring(x, y, radius)
        apart = all(np.hypot(ring.x - o.x, ring.y - o.y) > o.radius / 2 for o in found)
        if apart and _is_seal(mask, ring):
            found.append(ring)
    return found, mask


def _long_pieces(mask: Mask) -> Mask:
    """The pieces that can be a ring or a good part of one; rules and characters are none."""
    run = round(_STRAIGHT * _SEARCH_SCALE)
    for shape in ((1, run), (run, 1)):
        rules = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        mask = np.asarray(cv2.subtract(mask, rules), dtype=np.uint8)
    _count, labels, stats, _centres = cv2.connectedComponentsWithStats(mask)
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    keep = sides >= _LEAST_ARC * _SEARCH_SCALE
    keep[0] = False
    if not keep.any():
        return np.zeros_like(mask)
    return np.asarray(np.where(keep, 255, 0).astype(np.uint8)[labels], dtype=np.uint8)


def _is_seal(mask: Mask, ring: _Ring) -> bool:
    """Whether a ring is drawn here and not a disc, a pattern, or text."""
    wander, beside = _WANDER * _SEARCH_SCALE, _BESIDE * _SEARCH_SCALE
    on = np.maximum.reduce([_around(mask, ring, move) for move in np.linspace(-wander, wander, 7)])
    inside = _around(mask, ring, -beside - wander)
    outside = _around(mask, ring, beside)
    return bool(on.mean() >= _RING_SHARE and max(inside.mean(), outside.mean()) <= _BESIDE_SHARE)


def _around(mask: Mask, ring: _Ring, move: float) -> NDArray[np.bool_]:
    """Whether the mask is set along the circle with a radius changed by ``move``; False off the picture."""
    angles = np.arange(_ANGLES) * (2 * np.pi / _ANGLES)
    x = np.rint(ring.x + (ring.radius + move) * np.cos(angles)).astype(int)
    y = np.rint(ring.y + (ring.radius + move) * np.sin(angles)).astype(int)
    height, width = mask.shape
    within = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    return np.asarray(within & (mask[np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)] > 0), dtype=bool)


def _wash(page: Image, mask: Mask, ring: _Ring, scale: float) -> None:
    """Divide by the seal's own ink where it lies (in place): print under it was darkened by as much."""
    reach = ring.radius + 2 * _WANDER * scale
    height, width = page.shape
    x0, x1 = max(int(ring.x - reach), 0), min(int(ring.x + reach) + 1, width)
    y0, y1 = max(int(ring.y - reach), 0), min(int(ring.y + reach) + 1, height)
    part = page[y0:y1, x0:x1]
    rows, columns = np.ogrid[y0:y1, x0:x1]
    away = np.hypot(rows - ring.y, columns - ring.x)
    disc = away <= reach
    stroke = max(3, round(_STROKE * scale))
    thick = cv2.morphologyEx(part, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (stroke, stroke)))
    on_ring = 255 - thick[(abs(away - ring.radius) <= _WANDER * scale) & (thick < 255 - _GREY)]
    if not len(on_ring):
        return
    level = min(255, float(np.percentile(on_ring, _LEVEL_PERCENTILE)) + _LEVEL_MARGIN)
    under = np.maximum(thick, round(255 - level)).astype(np.uint8)
    # The seal's soft edge is as wide as the blur of the scan.
    under = np.asarray(cv2.erode(under, np.ones((3, 3), np.uint8)), dtype=np.uint8)
    seal = disc & _large_pieces(under, scale)
    clear = cv2.divide(part, under, scale=255)
    part[seal] = clear[seal]
    mask[y0:y1, x0:x1][seal] = 255


def _large_pieces(under: Image, scale: float) -> NDArray[np.bool_]:
    """The thick marks that are large enough for the seal's own: blots of print and pieces of rules are not."""
    marks = cv2.threshold(under, 255 - _MARKED, 255, cv2.THRESH_BINARY_INV)[1]
    rule = max(2, round(_RULE * scale))
    marks = cv2.morphologyEx(marks, cv2.MORPH_OPEN, np.ones((rule, rule), np.uint8))
    _count, labels, stats, _centres = cv2.connectedComponentsWithStats(marks)
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]] / scale
    large = (sides.max(axis=1) >= _LEAST_PIECE) & (sides.min(axis=1) >= _THINNEST_PIECE)
    large[0] = False
    return np.asarray(large[labels], dtype=bool)
