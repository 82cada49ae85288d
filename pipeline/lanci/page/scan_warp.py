"""How straight a scanned page lies: its skew and perspective from its rules, and the picture made level."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lanci.document import IDENTITY, Image, Transform
from lanci.page.components import find_components
from lanci.page.scan_image import Mask
from lanci.page.scan_sketch import Sketch
from lanci.page.scan_skew import find_text_skew

Vector = NDArray[np.float64]

MAX_SKEW = 5.5
"""Degrees; pages skewed more are left alone."""
_LEVEL = 0.04
"""Degrees of skew that are left alone: half a point over the length of a page."""
_LIKE_TEXT, _LONG_RULE = 0.004, 150.0
"""Where rules are few: slopes by which a rule may differ from the text lines, and its least length in points."""

_SMEAR = 9
"""Pixels of the sketch over which a rule is averaged along itself: lifts pale ones out of the noise."""
_BESIDE = 7
"""Pixels of the sketch across a rule within which paper is looked for."""
_CONTRAST = 8
"""Grey levels (paper at 255) by which a smeared rule is darker than what lies beside it."""
_MIN_RULE = 60.0
"""Length in points from which a rule tells its slope."""
_STRAIGHT, _BENT = 0.15, 0.001
"""Points by which a rule strays from its line (root mean square), and what its length in points adds on bent paper.
Rules stray by 0.02 to 0.1, rows of strokes in text by 0.25 and more."""
_MIN_RULES = 4
_AGREE = 0.02
"""Slopes within this of each other are of one page, perspective included."""
_OUTLIER = 3.0
"""Rules whose slopes lie further from the others', in robust deviations, are not asked."""
_WORTH = 0.5
"""Points by which rules must stray from parallels, somewhere on the ruled area, to be straightened."""
_SURE = 4.0
"""How many times its standard error a convergence must reach."""
_MAX_SHIFT = 0.12
"""Largest change of slope from the middle of the page to its edge that is taken for perspective."""


@dataclass(frozen=True, slots=True)
class Posture:
    """How the page lies, in points from the middle of the sketch.

    The picture of a level line through (0, y) has the slope dy/dx ``level + level_rate * y``, that of an upright
    line through (x, 0) has dx/dy ``upright + upright_rate * x``: both bundles run together in one point each.
    """

    level: float = 0.0
    upright: float = 0.0
    level_rate: float = 0.0
    upright_rate: float = 0.0

    @property
    def skew(self) -> float:
        """Degrees, positive when lines fall to the right."""
        return math.degrees(math.atan(self.level))

    @property
    def is_straight(self) -> bool:
        return self == Posture()

    @property
    def is_rotation(self) -> bool:
        """Whether the page is turned only: its angles are right and its lines parallel."""
        return self.level == -self.upright and self.level_rate == self.upright_rate == 0.0

    def transform(self) -> Transform:
        """From the straight page to the page as it lies, both from the middle; the scale at the middle is kept."""
        along, across = 1 / math.hypot(1, self.level), 1 / math.hypot(1, self.upright)
        return Transform(
            along,
            along * self.level,
            across * self.upright,
            across,
            g=-along * self.level_rate,
            h=-across * self.upright_rate,
        )


def find_posture(sketch: Sketch) -> Posture:
    """Measure a page that stands upright or on its head, skewed by :data:`MAX_SKEW` at most.

    The rules tell, where there are enough, else the text lines.
    """
    height, width = sketch.ink.shape
    middle = width / 2 / sketch.scale, height / 2 / sketch.scale
    level = _find_rules(sketch.grey, sketch.scale, middle)
    upright = _find_rules(np.asarray(cv2.transpose(sketch.grey), dtype=np.uint8), sketch.scale, middle[::-1])
    slope = _common_slope(level, upright)
    if slope is None:
        return _rotation(_slope_by_text(sketch, level))
    rows, columns = _fit_bundle(level, slope, middle), _fit_bundle(upright, -slope, middle[::-1])
    if rows is None or columns is None:
        only = rows or (columns and _Bundle(-columns.slope, 0.0, columns.reach))
        if only is None:
            return _rotation(slope)
        rows = rows or _Bundle(only.slope, 0.0, only.reach)
        columns = columns or _Bundle(-only.slope, 0.0, only.reach)
    shear = abs(rows.slope + columns.slope) * min(rows.reach, columns.reach)
    if rows.rate == columns.rate == 0.0 and shear < _WORTH:
        weight = rows.reach**2 / (rows.reach**2 + columns.reach**2)
        return _rotation(weight * rows.slope - (1 - weight) * columns.slope)
    return Posture(rows.slope, columns.slope, rows.rate, columns.rate)


def straighten(image: Image, posture: Posture, scale: float, paper: int = 255) -> tuple[Image, Transform]:
    """Make a picture level on a canvas that holds all of it.

    Args:
        image: grey, shape (height, width).
        posture: how the page lies.
        scale: pixels in a point.
        paper: the level of what lies outside.

    Returns:
        The picture, and the map from its points back to those of ``image``. The same image if it is straight.
    """
    if posture.is_straight:
        return image, IDENTITY
    height, width = image.shape
    half_width, half_height = width / 2 / scale, height / 2 / scale
    lies = posture.transform()
    there = _to_matrix(lies)
    corners = [(x, y) for x in (-half_width, half_width) for y in (-half_height, half_height)]
    straight = np.linalg.inv(there) @ np.array([(x, y, 1.0) for x, y in corners]).T
    xs, ys = straight[0] / straight[2], straight[1] / straight[2]
    x0, y0 = float(xs.min()), float(ys.min())
    size = math.ceil((float(xs.max()) - x0) * scale), math.ceil((float(ys.max()) - y0) * scale)
    back = Transform(e=half_width, f=half_height).after(lies).after(Transform(e=x0, f=y0))
    # Pixel (i, j) lies at point ((i + 0.5) / scale, (j + 0.5) / scale).
    to_points = np.array([[1 / scale, 0, 0.5 / scale], [0, 1 / scale, 0.5 / scale], [0, 0, 1.0]])
    matrix = np.linalg.inv(to_points) @ _to_matrix(back) @ to_points
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    if back.g == back.h == 0.0:
        warped = cv2.warpAffine(
            image, matrix[:2], size, flags=flags, borderMode=cv2.BORDER_CONSTANT, borderValue=(paper,)
        )
    else:
        warped = cv2.warpPerspective(
            image, matrix, size, flags=flags, borderMode=cv2.BORDER_CONSTANT, borderValue=(paper,)
        )
    return np.asarray(warped, dtype=np.uint8), back


def _rotation(slope: float) -> Posture:
    if abs(math.degrees(math.atan(slope))) < _LEVEL:
        return Posture()
    return Posture(slope, -slope)


def _to_matrix(transform: Transform) -> Vector:
    t = transform
    return np.array([[t.a, t.c, t.e], [t.b, t.d, t.f], [t.g, t.h, 1.0]])


def _slope_by_text(sketch: Sketch, level: _Rules) -> float:
    """The slope of the text lines; the rules that go with them know it better, be they ever so few."""
    slope = math.tan(math.radians(find_text_skew(sketch.grey, sketch.text, MAX_SKEW)))
    alike = (np.abs(level.slopes - slope) <= _LIKE_TEXT) & (level.lengths >= _LONG_RULE)
    return float(np.average(level.slopes[alike], weights=level.lengths[alike] ** 3)) if alike.any() else slope


def _open(ink: Mask, width: int, height: int) -> Mask:
    """The ink that is part of a rectangle of so many pixels."""
    return np.asarray(cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((height, width), np.uint8)), dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class _Rules:
    """Long straight rules: where they cross the middle line (points from it), their slopes and lengths."""

    positions: Vector
    slopes: Vector
    lengths: Vector


@dataclass(frozen=True, slots=True)
class _Bundle:
    """The slope of the line through the middle, its change by point across, and the points the lines reach."""

    slope: float
    rate: float
    reach: float


def _common_slope(level: _Rules, upright: _Rules) -> float | None:
    """The slope dy/dx that most of the rules' length has; None when they do not agree, as rows of strokes in text."""
    slopes = np.concatenate([level.slopes, -upright.slopes])
    lengths = np.concatenate([level.lengths, upright.lengths])
    if len(slopes) < _MIN_RULES:
        return None
    order = np.argsort(slopes)
    half = np.searchsorted(np.cumsum(lengths[order]), lengths.sum() / 2)
    slope = float(slopes[order][half])
    agree = np.abs(slopes - slope) <= _AGREE
    if agree.sum() < _MIN_RULES or lengths[agree].sum() < lengths.sum() / 2:
        return None
    return slope if abs(slope) <= math.tan(math.radians(MAX_SKEW)) else None


def _line_darkness(grey: Image) -> Image:
    """By how many grey levels level lines are darker than what lies above and below; of text the rows of strokes."""
    smeared = cv2.blur(grey, (_SMEAR, 1))
    beside = cv2.morphologyEx(smeared, cv2.MORPH_CLOSE, np.ones((_BESIDE, 1), np.uint8))
    return np.asarray(cv2.subtract(beside, smeared), dtype=np.uint8)


def _find_rules(grey: Image, scale: float, middle: tuple[float, float]) -> _Rules:
    """Fit a line to every long horizontal piece.

    Args:
        grey: a picture with even paper.
        scale: pixels in a point.
        middle: of the page (x, y), in points.
    """
    darkness = _line_darkness(grey)
    mask = cv2.threshold(darkness, _CONTRAST - 1, 255, cv2.THRESH_BINARY)[1]
    mask = _open(np.asarray(mask, dtype=np.uint8), _SMEAR + 4, 1)
    pieces = find_components(mask)
    labels, stats = pieces.labels, pieces.stats
    length = stats[:, cv2.CC_STAT_WIDTH] / scale
    long = length >= _MIN_RULE
    long[0] = False
    positions, slopes, lengths = [], [], []
    for index in np.flatnonzero(long).tolist():
        x, y, width, height = (int(v) for v in stats[index, :4])
        own = np.where(labels[y : y + height, x : x + width] == index, darkness[y : y + height, x : x + width], 0)
        line = _fit_line(own, scale)
        if line is not None:
            slope, at = line
            along, across = x / scale - middle[0], y / scale - middle[1]
            positions.append(across + at - slope * along)
            slopes.append(slope)
            lengths.append(width / scale)
    return _Rules(np.array(positions), np.array(slopes), np.array(lengths))


def _fit_line(darkness: Image, scale: float) -> tuple[float, float] | None:
    """The slope of a line and where it crosses x = 0, in points of its picture; None when it is not straight.

    Every column tells where its darkness has its middle: finer than the pixels of a mask, whose steps on a line
    that is all but level are as long as the line.
    """
    mass = darkness.sum(axis=0, dtype=np.float64)
    columns = np.flatnonzero(mass)
    rows = np.arange(len(darkness)) + 0.5
    across = (rows @ darkness)[columns] / mass[columns] / scale
    along = (columns + 0.5) / scale
    slope, at = np.polynomial.polynomial.polyfit(along, across, 1)[::-1]
    stray = across - at - slope * along
    allowed = _STRAIGHT + _BENT * len(mass) / scale
    return (float(slope), float(at)) if float(np.mean(stray * stray)) <= allowed**2 else None


def _fit_bundle(rules: _Rules, slope: float, middle: tuple[float, float]) -> _Bundle | None:
    """How the slopes of rules change over the page; None when too few tell.

    Args:
        rules: lines that run along x.
        slope: about what they should have.
        middle: of the page (x, y), in points.
    """
    # What a line's pixels tell of its slope grows with the third power of its length.
    weights = rules.lengths**3
    near = np.abs(rules.slopes - slope) <= _MAX_SHIFT
    if near.sum() < _MIN_RULES:
        return None
    for _ in range(3):
        at, slopes, weight = rules.positions[near], rules.slopes[near], weights[near]
        centre = float(np.average(at, weights=weight))
        spread = at - centre
        mean = float(np.average(slopes, weights=weight))
        power = float((weight * spread * spread).sum())
        rate = float((weight * spread * (slopes - mean)).sum()) / power if power > 0 else 0.0
        error = rules.slopes - mean - rate * (rules.positions - centre)
        # A rule of the median length is off by one unit of this; longer ones by less.
        unit = float(np.sqrt(np.median(weight)))
        scaled = np.abs(error) * np.sqrt(weights) / unit
        deviation = max(1.48 * float(np.median(scaled[near])), 2e-4)
        kept = scaled <= _OUTLIER * deviation
        if kept.sum() < _MIN_RULES or bool((kept == near).all()):
            break
        near = kept
    reach = float(rules.lengths[near].max()) / 2
    doubt = deviation * unit / math.sqrt(power) if power > 0 else math.inf
    stray = abs(rate) * float(np.ptp(at)) / 2 * reach
    if stray < _WORTH or abs(rate) < _SURE * doubt or abs(rate) * middle[1] > _MAX_SHIFT:
        return _Bundle(mean, 0.0, reach)
    return _Bundle(mean - rate * centre, rate, reach)
