"""Round seals that colour does not tell from print: red ones scanned in grey, blue and black ones."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from lanci.document import Image, Raster
from lanci.page.components import find_components

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
_RULE_GAP = 5.0
"""The pieces of a ring on both sides of a rule lie no farther apart."""
_LEAST_ARC = 28.0
"""A piece of a ring reaches so far at least; single characters do not."""
_FLATTEST = 3.2
"""No such piece is lower or narrower, with the thickness of its stroke. Pieces of rules are: where the page is not
level yet, a rule is cut in pieces at the places where it changes its row, and none of them is a long straight run."""
_EDGE, _VOTES = 100, 14
"""Of the Hough transform: threshold of edges, and votes for a centre."""
_MOST = 12
"""Candidates checked, the best ones."""
_ANGLES = 180
_WANDER = 3.0
"""A hand-pressed ring is not quite round, and the circle found is not quite its own."""
_RING_SHARE, _BESIDE_SHARE, _BESIDE = 0.6, 0.4, 7.0
"""Share of the circle that is grey on the ring, and at most so far inside and outside of it."""
_STROKE = 2.0
"""Strokes of print are thinner; the ring, the star and bold characters of a seal are thicker."""
_SECTORS, _RING_PERCENTILE = 24, 60
"""How dark the seal's ink is, is measured in so many sectors of its ring; rules and print cross some."""
_LEVEL_MARGIN, _GRAINS = 6.0, 2.0
"""What is darker by the margin and so many times the ink's grain is print."""
_GRAIN_AREA = 0.4
"""Square points of dark ink that are more than a grain of the seal's."""
_RULE = 1.6
"""Rules that meet the seal are no thicker."""
_LEAST_PIECE, _THINNEST_PIECE = 9.0, 2.5
"""Longer and shorter side of a seal's strokes, at least; blots within digits and pieces of rules have less."""
_MARKED = 25
"""Darkness from which a place counts as under the seal."""
_DARKEST = 230.0
"""The ink of a seal is no darker."""
_AROUND = 60.0
"""How far about a seal its surroundings are looked at: rules that go on, and print to compare with."""
_PALEST_RULE = 25
"""Darkness of the rules that are kept."""
_LOOSE_SHARE, _STRICT_SHARE, _THINNEST_STROKE, _EDGE_WIDTH = 0.35, 0.55, 1.3, 0.8
"""The strokes of a seal's characters: their darkness as a share of what its ink reaches, and how wide they and their
edges are. The strokes of small print are thinner; those of large and bold print are darker than the seal."""
_PALEST_PRINT, _DARKER_SHARE = 60, 0.65
"""Darkness of the print beside a seal that is compared with it, and the share of it that is darker than the seal."""
_LEAST_PRINTED, _HARMED, _MOST_HARMED = 1.0, 0.3, 0.25
"""Square points of a piece of print; the share of it that is taken off when it is harmed; and the share of pieces
harmed up to which print is told from the seal's characters. Of print much darker than the seal up to a fifth are, of
pale print a third to nine tenths."""
_SLACK, _EDGE_SLACK = 4.0, 0.25
"""What differs from the seal's ink by less than its grain and this, and this share of its own slope, is the seal's."""
_EVEN, _FAINT, _LEAST_PRINT, _DARK_PERCENTILE, _MOST_GAIN = 15, 25.0, 30, 90, 4.0
"""How faint print is under a seal: measured where the ink is even, on print that is darker by more than grain, on so
many pixels at least, at its dark end; a seal that covers more than three quarters leaves nothing to read."""
_BESIDE_DARK = 1.1
"""The paler edges and ends of print's strokes lie this near to a dark place of it."""


@dataclass(frozen=True, slots=True)
class _Ring:
    """A circle on the search picture, in its pixels."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class _Disc:
    """The window of the page about a seal; ``inside`` and ``on_ring`` have the window's shape."""

    window: tuple[slice, slice]
    inside: NDArray[np.bool_]
    on_ring: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Strokes:
    """A seal's ink in a window.

    Attributes:
        ink: the window as it were with nothing but the seal, where its strokes are thick.
        thick: where they are.
        palest: the grey level below which ink is too dark for the seal's.
        level: the grey level of the seal's ink on paper.
        grain: by how much it wanders from pixel to pixel.
    """

    ink: Image
    thick: NDArray[np.bool_]
    palest: Image
    level: Image
    grain: float


@dataclass(frozen=True, slots=True)
class _Washed:
    """A disc's window without the seal's ink: where that lay, and where characters of the seal are left."""

    image: Image
    seal: NDArray[np.bool_]
    left: NDArray[np.bool_]


def find_seals(flat: Image, scale: float, red: Mask | None = None) -> Mask | None:
    """Where the strokes of seals lie.

    Args:
        flat: an evened page, shape (height, width), paper at 255.
        scale: pixels in a point.
        red: where red seals lay, which colour has taken off already.

    Returns:
        The ring and the larger strokes of grey seals, and ``red``; ``red`` itself where there are no others.
    """
    discs = _find_discs(flat, scale)
    if not discs:
        return red
    mask = np.zeros_like(flat) if red is None else red.copy()
    for disc in discs:
        strokes = _find_strokes(flat[disc.window], disc, scale)
        mask[disc.window][strokes.thick & disc.inside] = 255
    return mask


def wash_seals(raster: Raster) -> Raster:
    """Take the ink of grey seals off a page that is upright and level, keeping its rules and the print under them.

    Print in the ring and the star is lightened as the seal darkened it; of the seal's characters goes what is thick
    and no darker than the ring. Thin strokes of them can remain. Where print is as pale and thin as they are, they
    stay, for it would go with them.

    Returns:
        The page, its ``seals`` with all that was or would be taken off, and its ``signs`` with what stays;
        ``raster`` itself where there are no grey seals.
    """
    discs = [] if raster.seals is None else _find_discs(raster.image, raster.scale)
    if raster.seals is None or not discs:
        return raster
    page, mask, signs = raster.image.copy(), raster.seals.copy(), np.zeros_like(raster.seals)
    for disc in discs:
        part = page[disc.window]
        strokes = _find_strokes(part, disc, raster.scale)
        washed = _wash(part, disc, strokes, raster.scale)
        mask[disc.window][washed.seal] = 255
        signs[disc.window][washed.left] = 255
        part[disc.inside] = washed.image[disc.inside]
    return replace(raster, image=page, seals=mask, signs=signs if signs.any() else None)


def _find_discs(flat: Image, scale: float) -> list[_Disc]:
    factor = scale / _SEARCH_SCALE
    rings = [_Ring(r.x * factor, r.y * factor, r.radius * factor) for r in find_rings(flat, scale)[0]]
    return [_make_disc(flat, ring, scale) for ring in rings]


def _make_disc(flat: Image, ring: _Ring, scale: float) -> _Disc:
    height, width = flat.shape
    reach = ring.radius + 2 * _WANDER * scale
    around = reach + _AROUND * scale
    x0, x1 = max(int(ring.x - around), 0), min(int(ring.x + around) + 1, width)
    y0, y1 = max(int(ring.y - around), 0), min(int(ring.y + around) + 1, height)
    rows, columns = np.ogrid[y0:y1, x0:x1]
    away = np.hypot(rows - np.float32(ring.y), columns - np.float32(ring.x))
    on_ring = abs(away - ring.radius) <= _WANDER * scale
    return _Disc((slice(y0, y1), slice(x0, x1)), away <= reach, on_ring)


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
    run, gap = round(_STRAIGHT * _SEARCH_SCALE), round(_RULE_GAP * _SEARCH_SCALE)
    joined = mask
    for along, across in (((1, run), (gap, 1)), ((run, 1), (1, gap))):
        rules = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones(along, np.uint8))
        mask = np.asarray(cv2.subtract(mask, rules), dtype=np.uint8)
        # What goes on beyond a rule that crosses it is one piece.
        closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones(across, np.uint8))
        joined = cv2.bitwise_or(cv2.subtract(joined, rules), cv2.bitwise_and(closed, rules))
    pieces = find_components(np.asarray(joined, dtype=np.uint8))
    labels, stats = pieces.labels, pieces.stats
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]] / _SEARCH_SCALE
    keep = (sides.max(axis=1) >= _LEAST_ARC) & (sides.min(axis=1) > _FLATTEST)
    keep[0] = False
    if not keep.any():
        return np.zeros_like(mask)
    return np.asarray(cv2.bitwise_and(mask, np.where(keep, 255, 0).astype(np.uint8)[labels]), dtype=np.uint8)


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


def _find_strokes(part: Image, disc: _Disc, scale: float) -> _Strokes:
    """What of a disc's window is thick as the strokes of a seal, and how dark the seal's ink is."""
    stroke = max(3, round(_STROKE * scale))
    thick = cv2.morphologyEx(part, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (stroke, stroke)))
    level, margin, grain = _measure_ink(part, thick, disc)
    palest = _darkness_to_grey(level + margin)
    ink = np.maximum(thick, palest)
    return _Strokes(ink, _large_pieces(ink, scale), palest, _darkness_to_grey(level), grain)


def _darkness_to_grey(darkness: NDArray[np.float32]) -> Image:
    return np.asarray(255 - np.clip(darkness, _GREY, _DARKEST), dtype=np.uint8)


def _measure_ink(part: Image, thick: Image, disc: _Disc) -> tuple[NDArray[np.float32], float, float]:
    """By pixel of the window how dark the seal's ink is; by how much more it can be at most; and its grain.

    A seal is pressed harder on one side than on the other: a plane is laid through the darkness of its ring.
    """
    ring = disc.on_ring & (thick < 255 - _GREY)
    if np.count_nonzero(ring) < _SECTORS:
        return np.zeros(part.shape, np.float32), 0.0, 0.0
    rows, columns = np.nonzero(ring)
    darkness = 255.0 - thick[ring]
    middle = (np.array(part.shape) - 1) / 2
    sectors = np.floor(np.arctan2(rows - middle[0], columns - middle[1]) * (_SECTORS / (2 * np.pi))).astype(int)
    points = np.array(
        [
            (1, rows[own].mean(), columns[own].mean(), np.percentile(darkness[own], _RING_PERCENTILE))
            for sector in range(-_SECTORS // 2, _SECTORS // 2 + 1)
            if (own := sectors == sector).any()
        ]
    )
    plane = np.linalg.lstsq(points[:, :3], points[:, 3], rcond=None)[0]
    wander = float(np.abs(points[:, :3] @ plane - points[:, 3]).mean())
    grain = float(np.median(thick[ring].astype(np.int16) - part[ring]))
    down, across = (np.arange(size, dtype=np.float32) for size in part.shape)
    level = np.asarray(plane[0] + plane[1] * down[:, None] + plane[2] * across, dtype=np.float32)
    return level, _LEVEL_MARGIN + wander + _GRAINS * grain, grain


def _wash(part: Image, disc: _Disc, strokes: _Strokes, scale: float) -> _Washed:
    """A disc's window without the seal's ink."""
    rules = _straight_lines(part, scale)
    dark = _without_grains((part < strokes.palest) & ~rules, scale)
    reach = 2 * round(_BESIDE_DARK * scale) + 1
    kept = rules | (cv2.dilate(dark, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))) > 0)
    beside = (part < 255 - _PALEST_PRINT) & ~rules & ~disc.inside
    darker = bool(np.count_nonzero(beside & kept) >= _DARKER_SHARE * np.count_nonzero(beside))
    ways = (True, False) if darker else (False,)
    found = [_about_strokes(part, strokes, scale, loose=loose) & ~kept for loose in ways]
    # What takes print off beside the seal takes it off under the seal, too.
    harmless = next((about for about in found if _share_harmed(beside, about, scale) <= _MOST_HARMED), None)
    taken = disc.inside & (found[-1] if harmless is None else harmless)
    clear = np.where(strokes.thick & disc.inside, _lift_print(part, disc, strokes, rules, scale), part)
    left = np.zeros_like(taken)
    if harmless is None:
        left = taken & ~strokes.thick
    else:
        clear[taken] = 255
    return _Washed(clear, disc.inside & ~rules & (strokes.thick | (taken & (part < 255 - _MARKED))), left)


def _share_harmed(print_: NDArray[np.bool_], taken: NDArray[np.bool_], scale: float) -> float:
    """The share of the pieces of print of which too much is taken; 0 where there is no print."""
    pieces = find_components(print_.astype(np.uint8))
    labels, areas = pieces.labels, pieces.stats[:, cv2.CC_STAT_AREA]
    lost = np.bincount(labels[print_ & taken], minlength=len(areas))
    large = areas >= _LEAST_PRINTED * scale**2
    large[0] = False
    return float((lost[large] > _HARMED * areas[large]).mean()) if large.any() else 0.0


def _lift_print(part: Image, disc: _Disc, strokes: _Strokes, rules: NDArray[np.bool_], scale: float) -> Image:
    """The print under a seal's strokes as it were without them; right where the strokes are thick."""
    ink = strokes.ink.astype(np.float32)
    depth = ink - part
    edges = cv2.morphologyEx(strokes.ink, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    slack = strokes.grain + _SLACK + _EDGE_SLACK * np.where(rules, 0, edges).astype(np.float32)
    # Half covered by the seal, print is half as much fainter.
    cover = np.clip((255 - ink) / (255 - strokes.level.astype(np.float32)), 0, 1)
    gain = 1 + (_find_gain(part, disc, strokes, scale) - 1) * cover
    lifted = 255 - depth * np.clip(depth / slack - 1, 0, 1) * gain
    return np.asarray(np.clip(lifted, 0, 255), dtype=np.uint8)


def _find_gain(part: Image, disc: _Disc, strokes: _Strokes, scale: float) -> float:
    """By how much print under the seal differs less from the seal's ink than print beside it from paper.

    The ink of stamps is transparent: print is darkened by as much as the paper. Seals that are drawn over pages
    cover what is under them; by how much shows where there is print under them.
    """
    if not disc.on_ring.any():
        return 1.0
    transparent = 255.0 / float(np.median(strokes.level[disc.on_ring]))
    thick = (strokes.thick & disc.inside).astype(np.uint8)
    # Where the ink is even, away from the soft edges.
    even = cv2.absdiff(strokes.ink, strokes.level) < _EVEN
    full = cv2.erode(np.where(even, thick, 0).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    under = strokes.ink[full].astype(np.float32) - part[full]
    under = under[under > max(_FAINT / 2, 2 * _GRAINS * strokes.grain)]
    reach = 2 * round(_EDGE_WIDTH * scale) + 1
    about = cv2.dilate(thick, np.ones((reach, reach), np.uint8)) > 0
    beside = 255.0 - part[~about & (part < 255 - _PALEST_PRINT)]
    if min(len(under), len(beside)) < _LEAST_PRINT:
        return transparent
    seen = float(np.percentile(under, _DARK_PERCENTILE))
    if seen < max(_FAINT, 3 * _GRAINS * strokes.grain):
        return transparent
    return float(np.clip(np.percentile(beside, _DARK_PERCENTILE) / seen, transparent, max(_MOST_GAIN, transparent)))


def _about_strokes(part: Image, strokes: _Strokes, scale: float, *, loose: bool) -> NDArray[np.bool_]:
    """Where ink is thick as a stroke of a seal's characters, with its edges; pale print is thinner.

    With ``loose`` print is known to be darker than the seal, and strokes are taken off that may be print's.
    """
    share, shape = (_LOOSE_SHARE, cv2.MORPH_ELLIPSE) if loose else (_STRICT_SHARE, cv2.MORPH_RECT)
    width = max(3, round(_THINNEST_STROKE * scale) - loose)
    ink = (255.0 - part >= share * (255.0 - strokes.palest)).astype(np.uint8)
    cores = cv2.morphologyEx(ink, cv2.MORPH_OPEN, cv2.getStructuringElement(shape, (width, width)))
    cores[strokes.thick] = 1
    reach = 2 * round(_EDGE_WIDTH * scale) + 1
    return np.asarray(cv2.dilate(cores, np.ones((reach, reach), np.uint8)) > 0, dtype=bool)


def _without_grains(dark: NDArray[np.bool_], scale: float) -> Mask:
    """Without single dark places that are too small for print."""
    pieces = find_components(dark.astype(np.uint8))
    labels, stats = pieces.labels, pieces.stats
    large = stats[:, cv2.CC_STAT_AREA] >= _GRAIN_AREA * scale**2
    large[0] = False
    return np.asarray(large.astype(np.uint8)[labels], dtype=np.uint8)


def _straight_lines(part: Image, scale: float) -> NDArray[np.bool_]:
    """The level and upright lines that are straight for longer than any stroke of a seal."""
    dark = cv2.threshold(part, 255 - _PALEST_RULE, 255, cv2.THRESH_BINARY_INV)[1]
    run = round(_STRAIGHT * scale)
    lines = np.zeros_like(dark)
    for across, along in (((3, 1), (1, run)), ((1, 3), (run, 1))):
        # A line that is not quite level changes its row.
        wide = cv2.dilate(dark, np.ones(across, np.uint8))
        lines = cv2.bitwise_or(lines, cv2.morphologyEx(wide, cv2.MORPH_OPEN, np.ones(along, np.uint8)))
    return np.asarray(lines > 0, dtype=bool)


def _large_pieces(under: Image, scale: float) -> NDArray[np.bool_]:
    """The thick marks that are large enough for the seal's own: blots of print and pieces of rules are not."""
    marks = cv2.threshold(under, 255 - _MARKED, 255, cv2.THRESH_BINARY_INV)[1]
    rule = max(2, round(_RULE * scale))
    marks = cv2.morphologyEx(marks, cv2.MORPH_OPEN, np.ones((rule, rule), np.uint8))
    pieces = find_components(marks)
    labels, stats = pieces.labels, pieces.stats
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]] / scale
    large = (sides.max(axis=1) >= _LEAST_PIECE) & (sides.min(axis=1) >= _THINNEST_PIECE)
    large[0] = False
    return np.asarray(large[labels], dtype=bool)
