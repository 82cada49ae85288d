"""The pieces of ink on a page: which cell each belongs to, and whether it is print or dirt."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lanci.document import Image
from lanci.ocr.cell_rules import Boxes, RuleTraces
from lanci.page.components import find_components
from lanci.page.scan_image import INK_SHARE, Mask, ink_mask

Numbers = NDArray[np.float64]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]

# Lengths in points unless they say otherwise; amounts are printed 7 to 12 points high.
_PALE, _EDGE = 225, 242
"""Grey levels (paper at 255) of the mean around a pixel and of itself below which it is a part of a stroke."""
_CORE = 0.12
"""Square points of true ink from which a piece may be print by itself; paler ones must stand beside print."""
_PALE_MASS, _PALE_SHADE = 1.0, 0.4
"""Pale print has at least this much ink (square points) and this share of the darkness of the page's print."""
_SEAL_EDGE, _SEAL_SHADE = 1.0, 0.45
"""How far about a seal its rests lie, and the share of the darkness of print that they do not reach."""
_LINE, _LINE_SHARE = 14.0, 0.12
"""A thin stroke longer than this, or a frame so long that fills no more of its box, is a rule or shines through."""
_FRINGE = 2
"""Pixels by which the pale edges make a piece wider and higher."""
_POKE = 2.5
"""Ink that crosses a rule by less than this belongs to the neighbour's text."""
_STUMP, _THIN = 1.2, 1.5
"""A long piece that lies this near to the edge and is this thin is what a broken rule left."""
_DIGIT_HEIGHT = 3.0
"""A piece this high beside print may be a digit that stands at the rule."""
_SPECK_MASS, _DOT_MASS = 0.3, 0.5
"""Ink in square points of full darkness: below the first a piece is dust, from the second it could be the
decimal point of a number in 7 points."""
_TINY_SIDE, _ROUND_SIDE, _DASH_SHAPE = 1.2, 2.4, 1.7
"""A piece smaller than the first is a dot, and below the second if it is not longer than high by the third: part
of print when beside print, else dirt. A minus is 1.3 wide or more in its dark part."""
_NEAR, _FAINT_NEAR, _BETWEEN = 2.6, 0.8, 6.0
"""Within this distance along the line of a character a dot is part of the print; the second for faint ones, the
third when there are characters on both sides, as of a comma in a number of even digit widths."""
_COMMA_MASS = 1.5
"""Ink of a Chinese comma, which stands far from the next character."""
_FAINT_MASS = 0.12
"""Ink below which a dot is faint: a part of a character that fell apart, or dust."""
_LINE_REACH, _LINE_HEIGHT, _BELOW = 14.0, 7.0, 0.8
"""A dot is in a line when a character no farther than twice the first reaches as low or as high as it, but for the
third; and when it lies no farther above or below the nearest character than the second."""
_LEAST_MASS = 0.05
"""Ink below which a piece is nothing at all."""
_ROUNDS = 3
"""How often dots are joined to print that may be such dots itself (二、 in a pale print)."""
_USUAL_HEIGHT = 8.0
"""Height of a character for which these distances are; they grow with larger print."""
_CROSSING_AREA = 1.5
"""Square points of ink on each side of a rule from which a character goes over it."""
_GROWN = 1.5
"""Length along the rule over which print touches it, from which the reading is doubtful."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """Connected pieces of ink; arrays of shape (n,), the piece 0 is the paper.

    Attributes:
        labels: shape (height, width): the piece at each pixel.
        x, y, w, h: boxes in pixels.
        area: inked pixels.
        mass: ink in square points of full darkness.
        cell: index of the cell in which the piece lies, -1 for none.
        kept: whether it is print.
        lost: whether it was taken off as dirt or as what a rule or a neighbour left.
        rest: by its shape it is what a rule left.
        touching: it touches a rule.
        grown: it does so over some length.
        dot: it is small, and no mere dust.
        crossed: shape (cells,): whether print goes over an edge of the cell.
    """

    labels: NDArray[np.int32]
    x: Indices
    y: Indices
    w: Indices
    h: Indices
    area: Indices
    mass: Numbers
    cell: Indices
    kept: Flags
    lost: Flags
    rest: Flags
    touching: Flags
    grown: Flags
    dot: Flags
    crossed: Flags


def print_mask(grey: Image) -> Mask:
    """The ink of a page, thin strokes included that a poor scan left pale but darker than specks of paper."""
    # Along a thin level stroke (一, a minus) the mean stays dark where the mean of a square does not.
    mean = cv2.min(cv2.blur(grey, (3, 3)), cv2.blur(grey, (5, 1)))
    pale = cv2.threshold(mean, _PALE - 1, 255, cv2.THRESH_BINARY_INV)[1]
    edge = cv2.threshold(grey, _EDGE - 1, 255, cv2.THRESH_BINARY_INV)[1]
    return np.asarray(cv2.bitwise_or(ink_mask(grey), cv2.bitwise_and(pale, edge)), dtype=np.uint8)


def find_pieces(grey: Image, ink: Mask, boxes: Boxes, traces: RuleTraces, scale: float, seals: Mask | None) -> Pieces:
    """Find the pieces of ink and judge them.

    Args:
        grey: even paper without rules.
        ink: its ink.
        boxes: the cells, in pixels of the picture.
        traces: where print meets rules.
        scale: pixels in a point.
        seals: where seals lie.
    """
    found = find_components(ink)
    labels = found.labels
    x, y, w, h, area = found.stats.T.astype(np.intp)
    places = np.flatnonzero(ink)
    owners = labels.ravel()[places]
    shades = 255 - grey.ravel()[places]
    darkness = _usual_darkness(shades)
    core = np.bincount(owners[shades > 255 * (1 - INK_SHARE)], minlength=len(x)) / (scale * scale)
    mass = np.bincount(owners, weights=shades, minlength=len(x)) / (darkness * scale * scale)
    shade = mass * (scale * scale) / np.maximum(area, 1)
    cell = _owning_cells(boxes, found.centres, ink.shape)
    touching = np.bincount(labels.ravel()[traces.beside], minlength=len(x))
    first, second = _crossing_pairs(labels, traces)
    small = np.where(area[first] < area[second], first, second)
    large = first + second - small
    poke = np.minimum(w, h)[small] <= _POKE * scale
    meets = area[small] >= _CROSSING_AREA * scale * scale
    crossed_cells = np.concatenate([cell[first[meets]], cell[second[meets]]])
    # What pokes over a rule is read with the character that it is a part of.
    cell[small[poke]] = cell[large[poke]]
    inside = cell >= 0
    inside[0] = False
    own = boxes[np.maximum(cell, 0)]
    margins = np.stack([x - own[:, 0], own[:, 2] - x - w, y - own[:, 1], own[:, 3] - y - h])
    over = inside & (margins.min(axis=0) < -_POKE * scale)
    over[small[poke]] = False
    judged = _Judged(x, y, w, h, mass, core, shade, area, cell, margins, inside, scale, len(boxes))
    kept, dot, rest = _judge(judged)
    if seals is not None:
        faint = (core < _CORE) | (shade < _SEAL_SHADE)
        kept &= ~(faint & _under_seals(labels, seals, places, area, scale))
    crossed = np.isin(np.arange(len(boxes)), np.concatenate([crossed_cells, cell[over & kept]]))
    return Pieces(
        labels=labels,
        x=x,
        y=y,
        w=w,
        h=h,
        area=area,
        mass=mass,
        cell=cell,
        kept=kept,
        lost=inside & ~kept,
        rest=rest,
        touching=touching > 0,
        grown=touching > _GROWN * scale,
        dot=dot,
        crossed=crossed,
    )


def _usual_darkness(shades: NDArray[np.uint8]) -> float:
    """The darkness of print, of the darkness of all pixels of ink; some of them tell it as well."""
    return float(np.percentile(shades[:: max(1, len(shades) // 20000)], 80)) if len(shades) else 255.0


def _under_seals(labels: NDArray[np.int32], seals: Mask, places: Indices, area: Indices, scale: float) -> Flags:
    """Which pieces lie under a seal or about its edges by half or more, where its rests are."""
    around = 2 * round(_SEAL_EDGE * scale) + 1
    seals = np.asarray(cv2.dilate(seals, np.ones((around, around), np.uint8)), dtype=np.uint8)
    under = np.bincount(labels.ravel()[places[seals.ravel()[places] > 0]], minlength=len(area))
    return np.asarray(2 * under >= area, dtype=np.bool_)


def _owning_cells(boxes: Boxes, centres: Numbers, shape: tuple[int, ...]) -> Indices:
    """The cell at the centre of each piece, -1 for none."""
    # One place for all pixels between neighbouring edges of cells.
    xs, ys = np.unique(boxes[:, [0, 2]]), np.unique(boxes[:, [1, 3]])
    owner = np.full((len(ys) + 1, len(xs) + 1), -1, dtype=np.intp)
    places = np.stack([_place(edges, boxes[:, i]) for i, edges in enumerate((xs, ys, xs, ys))])
    for index, (x0, y0, x1, y1) in enumerate(places.T.tolist()):
        owner[y0:y1, x0:x1] = index
    columns = np.clip(np.rint(centres[:, 0]), 0, shape[1] - 1).astype(np.intp)
    rows = np.clip(np.rint(centres[:, 1]), 0, shape[0] - 1).astype(np.intp)
    return owner[_place(ys, rows), _place(xs, columns)]


def _place(edges: Indices, values: Indices) -> Indices:
    """How many edges lie at each value or before it."""
    return np.searchsorted(edges, values, side="right")


def _crossing_pairs(labels: NDArray[np.int32], traces: RuleTraces) -> tuple[Indices, Indices]:
    """Pieces that go on beyond a rule, each once."""
    if not len(traces.across):
        return np.zeros(0, np.intp), np.zeros(0, np.intp)
    pairs = np.unique(np.sort(labels.ravel()[traces.across], axis=1), axis=0).astype(np.intp)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    return pairs[:, 0], pairs[:, 1]


@dataclass(frozen=True, slots=True)
class _Judged:
    """What is known of the pieces before they are judged; ``margins`` are distances to the cell's four edges."""

    x: Indices
    y: Indices
    w: Indices
    h: Indices
    mass: Numbers
    core: Numbers
    shade: Numbers
    area: Indices
    cell: Indices
    margins: Indices
    inside: Flags
    scale: float
    n_cells: int


def _judge(pieces: _Judged) -> tuple[Flags, Flags, Flags]:
    """Which pieces are print, which others are dots that are no mere dust, and which look like parts of rules."""
    x, y, w, h, scale = pieces.x, pieces.y, pieces.w, pieces.h, pieces.scale
    side, top = pieces.margins[:2].min(axis=0), pieces.margins[2:].min(axis=0)
    near, thin = _STUMP * scale, _THIN * scale
    stump = ((side <= near) & (w - _FRINGE <= thin) & (h > 2 * w)) | (
        (top <= near) & (h - _FRINGE <= thin) & (w > 2 * h)
    )
    longer, shorter = np.maximum(w, h) - _FRINGE, np.maximum(np.minimum(w, h) - _FRINGE, 1)
    dot = (longer < _TINY_SIDE * scale) | ((longer < _ROUND_SIDE * scale) & (longer < _DASH_SHAPE * shorter))
    dust = pieces.mass < _SPECK_MASS
    line = (longer > _LINE * scale) & (pieces.area < _LINE_SHARE * w * h)
    line |= (longer > _LINE * scale) & (shorter <= _THIN * scale)
    # What shines through is much paler than print; thin strokes on a pale scan are not.
    pale = (pieces.core < _CORE) & ((pieces.shade < _PALE_SHADE) | (longer < _ROUND_SIDE * scale))
    clear = pieces.inside & ~(stump | dot | dust | line | pale)
    # Pale print stands by itself only in cells that have no other: beside that it is what shines through.
    printed = np.bincount(pieces.cell[clear], minlength=pieces.n_cells) > 0
    alone = pieces.inside & pale & ~(stump | dot | dust | line) & ~printed[np.maximum(pieces.cell, 0)]
    clear |= alone & (pieces.mass >= _PALE_MASS) & (pieces.shade >= _PALE_SHADE)
    kept = clear.copy()
    bounds = _print_bounds(pieces, clear)
    own = bounds[np.maximum(pieces.cell, 0)]
    within = (y >= own[:, 1] - scale) & (y + h <= own[:, 3] + scale)
    # A digit's stroke beside the rule looks like a stump.
    reach = _NEAR * scale
    close = pieces.inside & (x < own[:, 2] + reach) & (x + w > own[:, 0] - reach)
    around = _LINE_REACH * scale
    candidate = pieces.inside & (x < own[:, 2] + around) & (x + w > own[:, 0] - around)
    kept |= stump & close & within & (h >= _DIGIT_HEIGHT * scale) & (h > 2 * w)
    # And so does the upper stroke of 三 in a line that crowds the rule; what a rule left lies beyond all print.
    kept |= stump & ~line & close & (w > 2 * h) & (y >= own[:, 1] - _FRINGE) & (y + h <= own[:, 3])
    loose = np.flatnonzero(pieces.inside & ~stump & ~line & ~clear & candidate & (pieces.mass >= _LEAST_MASS))
    for _round in range(_ROUNDS):
        near_print = loose[_are_near(pieces, loose, np.flatnonzero(kept))]
        kept[near_print] = True
        loose = loose[~kept[loose]]
    dirt = dot & ~kept & pieces.inside & (pieces.mass >= _DOT_MASS) & (pieces.core >= _CORE)
    return kept, dirt, stump | line


def _print_bounds(pieces: _Judged, clear: Flags) -> Indices:
    """Shape (n_cells, 4): the box around the clear print of each cell; an impossible box for none."""
    far = np.iinfo(np.int32).max
    bounds = np.tile(np.array([far, far, -far, -far], dtype=np.intp), (pieces.n_cells, 1))
    owner = pieces.cell[clear]
    np.minimum.at(bounds[:, 0], owner, pieces.x[clear])
    np.minimum.at(bounds[:, 1], owner, pieces.y[clear])
    np.maximum.at(bounds[:, 2], owner, (pieces.x + pieces.w)[clear])
    np.maximum.at(bounds[:, 3], owner, (pieces.y + pieces.h)[clear])
    return bounds


def _are_near(pieces: _Judged, loose: Indices, print_: Indices) -> Flags:
    """Whether each loose dot stands so near to print of its cell that it is a part of it."""
    order = print_[np.argsort(pieces.cell[print_], kind="stable")]
    starts = np.searchsorted(pieces.cell[order], pieces.cell[loose], side="left")
    ends = np.searchsorted(pieces.cell[order], pieces.cell[loose], side="right")
    x, y, right, bottom, scale = pieces.x, pieces.y, pieces.x + pieces.w, pieces.y + pieces.h, pieces.scale
    near = np.zeros(len(loose), dtype=bool)
    for i, piece in enumerate(loose.tolist()):
        own = order[starts[i] : ends[i]]
        after, before = x[own] - right[piece], x[piece] - right[own]
        across = np.maximum(after, before)
        down = np.maximum(y[own] - bottom[piece], y[piece] - bottom[own])
        around = (across <= _LINE_REACH * scale) & (down <= _LINE_HEIGHT * scale)
        # The stroke of 一 does not reach down to the comma after it; the character after that does.
        level = (across <= 2 * _LINE_REACH * scale) & (down <= _BELOW * scale)
        if not (around.any() and level.any()):
            continue
        unit = scale * max(1.0, float(pieces.h[own[around]].max()) / (_USUAL_HEIGHT * scale))
        gap = float(across[around].min())
        if pieces.mass[piece] < _FAINT_MASS:
            near[i] = gap <= _FAINT_NEAR * unit
        else:
            far = round(_LINE_REACH * scale)
            sides = [int(side[around & (side >= 0)].min(initial=far)) for side in (after, before)]
            stroke = max(pieces.w[piece], pieces.h[piece]) - _FRINGE >= _ROUND_SIDE * scale
            wide = stroke or pieces.mass[piece] >= _COMMA_MASS
            near[i] = gap <= (_BETWEEN if wide else _NEAR) * unit or max(sides) <= _BETWEEN * unit
    return near
