"""Watermarks of scanned pages: large pale words under the print, at any angle, alone or many times over.

A watermark has one even tone between paper and print, and its characters are larger than those of print. Where
its strokes lie, that tone is made paper and what is darker is stretched to what it was; pale rules of the front that
cross it are kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from lanci.document import Image, Raster
from lanci.page.components import find_components
from lanci.page.scan_marks import FAINTEST, find_pale_marks

Mask = NDArray[np.uint8]
"""Shape (height, width), 255 where something is and 0 elsewhere."""

# Darkness is 255 minus the grey level of an evened page. Lengths are in points.
_DARKEST = 104
"""Darkness of the darkest watermarks; word processors offer half of it."""
_BIN, _WINDOW = 4, 3
"""The marks of one tone lie within a window of so many bins of darkness."""
_FEWEST = 10
"""Marks of one tone from which it is looked at: two characters have as many."""
_VALLEY, _FEW = 0.1, 2
"""Share of a tone's marks, and number of marks, that a level between it and print may have."""
_TONES = 3
"""Tones tried, the commonest first."""
_PALER, _DARKER = 6, 6
"""Pixels of strokes are so much paler and darker than the darkness their marks have."""
_FRINGE = 1.0
"""Grey this near to print is its edge."""
_FILL_SHADE = 9.0
"""How far the shade reaches that evening leaves inside the sides of filled cells."""
_JOIN = 3.0
"""Strokes of a character are no farther apart; lines of print are."""
_CUT = 2.0
"""So far on both sides print hides what belongs together."""
_BROAD = 3.0
"""Sides of what can be a character; the rest are pieces of rules, and specks."""
_TALL, _LEAST_AREA, _LARGE_SHARE = 12.0, 40.0, 0.5
"""Height and width of what is larger than characters of print; how many square points of a page's tone are, and
their share of it."""
_NEAR_SHARE, _NEAR, _EVEN = 0.12, 1.5, 0.42
"""Darkness is the usual one when it differs by no more than a share of it and the paper's grain; so many of a
watermark's pixels that are not nearly paper have it. Of the back of a sheet that shows through, a third has."""
_SURELY_EVEN = 0.5
"""The same share from which no other tone is tried: a back that is even by chance had 0.43, watermarks 0.56 to 0.92."""
_INNER = 14.0
"""What of the tone lies between strokes that are no farther apart belongs to them."""
_EDGE = 0.7
"""How far the edge of a watermark's strokes reaches."""
_STROKE, _WITHIN = 1.8, 4.0
"""Strokes of print, which hide what is under them, are no thicker, and characters of it no wider than twice the
second."""
_PALEST_RULE, _RIDGE = 10, 3.0
"""Darkness of pale rules against paper, or against fills on both sides, which lie no nearer than the second, points."""
_RULE_GAP, _RULE_LENGTH, _RULE_WIDTH = 1.6, 34.0, 2.2
_BARE, _HIDDEN, _END = 12.0, 40.0, 9.0
"""Pale rules: gaps of dotted ones, length and thickness; for how long they are to be seen at a stretch, and for how
long they may be hidden by thick strokes in between and at their ends."""
_INK_SHARE = 0.75
"""Of the pixels darker than a watermark such a share is no darker than print is taken to be."""
_CLEAR = 2.0
"""Print so many times as dark as a watermark can be read under it without a doubt."""


@dataclass(frozen=True, slots=True)
class _Tone:
    """The darkness of a watermark's strokes, from the palest to the darkest."""

    palest: int
    darkest: int


@dataclass(frozen=True, slots=True)
class _Rules:
    """Straight thin lines of a level page.

    Attributes:
        bare: pieces of them that are seen.
        long: the longer ones, with what of them thick strokes hide.
    """

    bare: Mask
    long: Mask


@dataclass(frozen=True, slots=True)
class _Strokes:
    """The strokes of one tone, and the share of them that has just it."""

    mask: Mask
    even: float


@dataclass(frozen=True, slots=True)
class _Watermark:
    """A watermark's tone, and where it lies beside long rules."""

    tone: _Tone
    zone: Mask


def may_have_watermark(raster: Raster) -> bool:
    """Whether the page, which need not be level, has many marks of a tone between paper and print."""
    return bool(_page_tones(raster, _soften(raster.image)))


def lift_watermark(raster: Raster) -> Raster:
    """The page without its watermark.

    Args:
        raster: on even paper, level.

    Returns:
        The page, which knows where the watermark lay; those places are among its ``seals``, too, where print is hardly
        darker. ``raster`` itself where there is none.
    """
    flat = raster.image
    soft = _soften(flat)
    tones = _page_tones(raster, soft)
    if not tones:
        return raster
    mark = _find_watermark(raster, soft, tones)
    if mark is None:
        return raster
    tone, zone = mark.tone, mark.zone
    ink = _usual_ink(flat, tone)
    lifted = replace(raster, image=_lift(flat, tone, ink, zone), lifted=zone)
    if ink < _CLEAR * (tone.darkest + _DARKER):
        seals = zone if raster.seals is None else cv2.bitwise_or(raster.seals, zone)
        lifted = replace(lifted, seals=np.asarray(seals, dtype=np.uint8))
    return lifted


def _find_watermark(raster: Raster, soft: Image, tones: list[_Tone]) -> _Watermark | None:
    """The first tone whose strokes are surely a watermark's, else the first that may be; None where none is."""
    flat, scale = raster.image, raster.scale
    aside = _set_aside(raster)
    likely: _Watermark | None = None
    for tone in tones:
        rules = _find_rules(flat, tone, scale)
        strokes = _find_strokes(soft, tone, rules, aside, scale)
        if strokes is None:
            continue
        zone = cv2.dilate(_grow(flat, tone, strokes.mask, scale), _disc(_EDGE * scale))
        mark = _Watermark(tone, np.asarray(cv2.subtract(zone, rules.long), dtype=np.uint8))
        if strokes.even >= _SURELY_EVEN:
            return mark
        likely = likely or mark
    return likely


def _soften(flat: Image) -> Image:
    return np.asarray(cv2.blur(flat, (3, 3)), dtype=np.uint8)


def _page_tones(raster: Raster, soft: Image) -> list[_Tone]:
    return _find_tones(find_pale_marks(raster.image, soft, raster.seals, raster.scale, _DARKEST).text)


def _find_tones(levels: NDArray[np.int64]) -> list[_Tone]:
    """The tones that many marks have and that next to nothing parts from print, the commonest first."""
    edges = np.arange(FAINTEST, _DARKEST + _BIN + 1, _BIN)
    counts = np.histogram(levels, edges)[0]
    sums = np.convolve(counts, np.ones(_WINDOW, dtype=np.int64), mode="valid")
    tones: list[_Tone] = []
    for first in np.argsort(-sums, kind="stable").tolist():
        if sums[first] < _FEWEST or len(tones) == _TONES:
            break
        few = max(_FEW, _VALLEY * sums[first])
        top = first + int(counts[first : first + _WINDOW].argmax())
        beyond = [i for i in range(top + 1, min(first + _WINDOW + 2, len(counts))) if counts[i] <= few]
        if top == 0 or not beyond:
            continue  # the grain of the paper, or the lighter part of print
        tone = _Tone(int(edges[first]), int(edges[beyond[0]]))
        if all(tone.palest >= other.darkest or tone.darkest <= other.palest for other in tones):
            tones.append(tone)
    return tones


def _set_aside(raster: Raster) -> Mask | None:
    """Where strokes are not told from what lies there: seals, and the shade along the sides of filled cells."""
    scale, filled, seals = raster.scale, raster.filled, raster.seals
    masks: list[Mask] = []
    if seals is not None:
        masks.append(np.asarray(cv2.dilate(seals, _disc(_JOIN * scale)), dtype=np.uint8))
    if filled is not None:
        inner = cv2.erode(filled, _square(2 * _FILL_SHADE * scale))
        masks.append(np.asarray(cv2.subtract(filled, inner), dtype=np.uint8))
    return np.maximum.reduce(masks) if masks else None


def _find_strokes(soft: Image, tone: _Tone, rules: _Rules, aside: Mask | None, scale: float) -> _Strokes | None:
    """The strokes of a watermark in this tone; None where what has the tone is not larger than print."""
    darkest = tone.darkest + _DARKER
    pale = cv2.inRange(soft, (255 - darkest,), (255 - tone.palest + _PALER,))
    hiding = cv2.dilate(cv2.threshold(soft, 254 - darkest, 255, cv2.THRESH_BINARY_INV)[1], _disc(_FRINGE * scale))
    if aside is not None:
        hiding = cv2.bitwise_or(hiding, aside)
    pale = cv2.subtract(pale, hiding)
    hiding = cv2.bitwise_or(hiding, rules.bare)
    strokes = cv2.subtract(pale, rules.bare)
    # What print and rules cut belongs together.
    hidden = cv2.bitwise_and(hiding, cv2.dilate(strokes, _disc(_CUT * scale)))
    joined = cv2.morphologyEx(cv2.bitwise_or(strokes, hidden), cv2.MORPH_CLOSE, _square(_JOIN * scale))
    pieces = find_components(joined)
    labels, stats = pieces.labels, pieces.stats
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]] / scale
    broad = sides.min(axis=1) >= _BROAD
    tall = sides.min(axis=1) >= _TALL
    broad[0] = tall[0] = False
    broad_area, tall_area = (
        cv2.countNonZero(cv2.bitwise_and(strokes, _pick(labels, chosen))) for chosen in (broad, tall)
    )
    if tall_area < _LEAST_AREA * scale**2 or tall_area < _LARGE_SHARE * broad_area:
        return None
    near = cv2.dilate(cv2.bitwise_and(strokes, _pick(labels, tall)), _square(2 * _TALL * scale))
    large = np.asarray(cv2.bitwise_and(cv2.bitwise_and(strokes, _pick(labels, broad)), near), dtype=np.uint8)
    around = cv2.subtract(cv2.dilate(large, _disc(_EDGE * scale)), hiding)
    even = _evenness(soft, tone, np.asarray(around, dtype=np.uint8))
    if even < _EVEN:
        return None
    # Level strokes of level characters are thin lines too.
    within = cv2.morphologyEx(large, cv2.MORPH_CLOSE, _square(_INNER * scale))
    within = cv2.subtract(cv2.bitwise_and(within, pale), rules.long)
    return _Strokes(np.asarray(cv2.bitwise_or(large, within), dtype=np.uint8), even)


def _evenness(soft: Image, tone: _Tone, around: Mask) -> float:
    """How much of strokes has one tone, up to their edges; what shows through the paper is blurred."""
    counts = cv2.calcHist([soft], [0], around, [256], [0, 256]).ravel()[::-1]
    usual = tone.palest - _BIN // 2 + int(counts[tone.palest - _BIN // 2 : tone.darkest + 1].argmax())
    near = _NEAR_SHARE * usual + _NEAR
    darkness = np.arange(256)
    of_tone = counts[abs(darkness - usual) <= near].sum()
    return float(of_tone / max(counts[darkness > usual / 2].sum(), 1.0))


def _pick(labels: NDArray[np.int32], chosen: NDArray[np.bool_]) -> Mask:
    return np.asarray(np.where(chosen, 255, 0).astype(np.uint8)[labels], dtype=np.uint8)


def _usual_ink(flat: Image, tone: _Tone) -> int:
    """The darkness of print; pale rules can be darker than the tone too."""
    darkest = tone.darkest + _DARKER
    dark = np.cumsum(cv2.calcHist([flat], [0], None, [256], [0, 256]).ravel()[: 255 - darkest][::-1])
    return darkest + 1 + int(np.searchsorted(dark, dark[-1] * _INK_SHARE)) if dark[-1] else 255


def _lift(flat: Image, tone: _Tone, ink: int, zone: Mask) -> Image:
    """The page with the tone made paper in the zone, also under the print that crosses it."""
    darkest = tone.darkest + _DARKER
    darkness = np.arange(256, dtype=np.float64)
    stretched = np.where(darkness < ink, (darkness - darkest).clip(0) * ink / max(ink - darkest, 1), darkness)
    table = (255 - np.rint(stretched[::-1])).astype(np.uint8)
    lifted = flat.copy()
    cv2.copyTo(cv2.LUT(flat, table), zone, lifted)
    return lifted


def _grow(flat: Image, tone: _Tone, strokes: Mask, scale: float) -> Mask:
    """The strokes with what of them lies close to print and between strokes of it."""
    lower, upper = (255 - tone.darkest - _DARKER,), (255 - tone.palest + _PALER,)
    # Without what is thinner than strokes of a large watermark.
    under = cv2.inRange(cv2.morphologyEx(flat, cv2.MORPH_CLOSE, _square(_STROKE * scale)), lower, upper)
    grown = cv2.bitwise_or(strokes, cv2.bitwise_and(under, cv2.dilate(strokes, _square(2 * _WITHIN * scale))))
    pale = cv2.inRange(flat, lower, upper)
    for _step in range(2):
        grown = cv2.bitwise_or(grown, cv2.bitwise_and(pale, cv2.dilate(grown, _disc(_FRINGE * scale))))
    return np.asarray(
        cv2.bitwise_or(grown, cv2.morphologyEx(grown, cv2.MORPH_CLOSE, _square(_STROKE * scale))), dtype=np.uint8
    )


def _find_rules(flat: Image, tone: _Tone, scale: float) -> _Rules:
    """The level and upright rules of a level page, pale ones included."""
    dark = cv2.threshold(flat, 255 - _PALEST_RULE, 255, cv2.THRESH_BINARY_INV)[1]
    core = cv2.threshold(flat, 255 - max(_PALEST_RULE, tone.palest // 2), 255, cv2.THRESH_BINARY_INV)[1]
    thick = cv2.dilate(cv2.morphologyEx(core, cv2.MORPH_OPEN, _square(_RULE_WIDTH * scale)), _square(3))
    # A rule along the edge of a fill, or within one, is no paler than what lies on both of its sides.
    ridges = cv2.morphologyEx(flat, cv2.MORPH_BLACKHAT, _square(_RIDGE * scale))
    thick = cv2.subtract(thick, cv2.threshold(ridges, _PALEST_RULE, 255, cv2.THRESH_BINARY)[1])
    masks = [_thin_lines(dark, thick, scale, along=along) for along in (False, True)]
    bare, long = (np.asarray(cv2.bitwise_or(*pair), dtype=np.uint8) for pair in zip(*masks, strict=True))
    return _Rules(bare, long)


def _thin_lines(dark: Mask, thick: Mask, scale: float, *, along: bool) -> tuple[Mask, Mask]:
    """See :class:`_Rules`; level lines, upright ones with ``along``."""

    def line(length: float) -> Mask:
        size = max(1, round(length * scale))
        return np.ones((size, 1) if along else (1, size), np.uint8)

    # A line that slopes a little crosses from one pixel row to the next.
    wide = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, line(_RULE_GAP))
    across = np.ones((1, 3) if along else (3, 1), np.uint8)
    wide = cv2.dilate(wide, across)
    bare = cv2.morphologyEx(cv2.subtract(wide, thick), cv2.MORPH_OPEN, line(_BARE))
    lines = cv2.bitwise_and(cv2.morphologyEx(bare, cv2.MORPH_CLOSE, line(_HIDDEN)), wide)
    long = cv2.morphologyEx(lines, cv2.MORPH_OPEN, line(_RULE_LENGTH))
    long = cv2.bitwise_and(cv2.dilate(long, line(2 * _END)), wide)
    return np.asarray(bare, dtype=np.uint8), np.asarray(long, dtype=np.uint8)


def _disc(radius: float) -> Mask:
    size = 2 * max(1, round(radius)) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)), dtype=np.uint8)


def _square(size: float) -> Mask:
    return np.ones((max(1, round(size)),) * 2, np.uint8)
