"""Taking the rules along the sides of cells off a page, so that only print is left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lanci.document import Image
from lanci.page.components import find_components
from lanci.page.scan_image import Mask

Boxes = NDArray[np.intp]
"""Shape (n, 4): x0, y0, x1, y1 in pixels."""

Places = NDArray[np.intp]
"""Shape (n,): places of pixels in the flattened picture."""

# Lengths in points.
_REACH = 3.5
"""How far from a cell's edge its rule may be found, on warped paper."""
_PALE = 225
"""Grey level (paper at 255) below which a pixel can belong to a rule."""
_FAINT = 238
"""The same where a rule is sought that is paler than any print, and where one that was found goes on."""
_FAINT_MEAN = 4.0
"""Length over which the mean of such a rule is taken."""
_RUN = 12.0
"""Straight dark runs of this length are a rule: no stroke of usual print is as long."""
_COVER = 0.4
"""Share of a side that such runs cover when there is a rule; breaks are the rest."""
_LEAST_SHARE = 0.3
"""Pieces of one rule are at least this long compared with the longest of them."""
_DOT_GAP, _DOT_COVER, _DOT_THICK = 2.5, 0.7, 1.8
"""A dotted or dashed rule: the gaps it may have, the share of the side that it covers and how thick it may be."""
_BREAK = 2.0
"""Beside a found piece of a rule this much more of the side is taken for it."""


@dataclass(frozen=True, slots=True)
class RuleTraces:
    """Where print meets the rules that were taken off.

    Attributes:
        beside: ink that touches a rule.
        across: shape (n, 2): ink on one side of a rule, and on the other side at the same place.
    """

    beside: Places
    across: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class RuleBand:
    """One rule: ``first`` and ``last`` are its rows at the columns ``along``; for upright rules turned around."""

    upright: bool
    along: NDArray[np.intp]
    first: NDArray[np.intp]
    last: NDArray[np.intp]


def erase_rules(grey: Image, boxes: Boxes, scale: float) -> list[RuleBand]:
    """Paint the rules along the sides of ``boxes`` as paper; returns where they were.

    Args:
        grey: even paper, changed in place.
        boxes: the cells.
        scale: pixels in a point.
    """
    bands: list[RuleBand] = []
    for upright in (False, True):
        source = grey.T if upright else grey
        for place, start, end in _sides(boxes, upright):
            top = max(place - round(_REACH * scale), 0)
            strip = source[top : place + round(_REACH * scale) + 1, max(start, 0) : end]
            found = _find_rule(np.ascontiguousarray(strip), scale) if strip.size else None
            if found is not None:
                columns, first, last = found
                bands.append(RuleBand(upright, columns + max(start, 0), first + top, last + top))
    # Only now: a rule interrupted by another would be too short to be one.
    for band in bands:
        _wipe(grey.T if band.upright else grey, band)
    return bands


def _sides(boxes: Boxes, upright: bool) -> list[tuple[int, int, int]]:
    """The sides of all boxes, those in one line joined: place across, start and end along."""
    pieces: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for x0, y0, x1, y1 in boxes.tolist():
        edges, span = ((x0, x1), (y0, y1)) if upright else ((y0, y1), (x0, x1))
        for edge in edges:
            pieces[edge].append(span)
    return [(place, *span) for place in sorted(pieces) for span in _join_spans(pieces[place])]


def _join_spans(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _find_rule(strip: Image, scale: float) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]] | None:
    """The columns of a strip in which a level rule runs, with its first and last row there."""
    # The mean along the rule: a pale one is as light as single specks of the paper are dark.
    even = cv2.blur(strip, (2 * round(scale / 2) + 1, 1))
    dark = cv2.threshold(even, _PALE - 1, 255, cv2.THRESH_BINARY_INV)[1]
    run = np.ones((1, max(3, round(min(_RUN * scale, 0.7 * strip.shape[1])))), np.uint8)
    rule, wide = _long_runs(dark, run)
    found = rule.max(axis=0) > 0
    if found.mean() < _COVER:
        mean = cv2.blur(strip, (2 * round(_FAINT_MEAN * scale / 2) + 1, 1))
        pale, _wide = _long_runs(cv2.threshold(mean, _FAINT - 1, 255, cv2.THRESH_BINARY_INV)[1], run)
        if (pale.max(axis=0) > 0).mean() >= _COVER:
            rule, found = pale, pale.max(axis=0) > 0
    if found.mean() < _COVER:
        gap = np.ones((1, max(3, round(_DOT_GAP * scale))), np.uint8)
        closed = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, gap)
        rule = cv2.bitwise_and(cv2.morphologyEx(closed, cv2.MORPH_OPEN, run), dark)
        found = rule.max(axis=0) > 0
        thick = np.flatnonzero(rule.max(axis=1) > 0)
        dense = cv2.morphologyEx(rule, cv2.MORPH_CLOSE, gap).max(axis=0) > 0
        if not len(thick) or dense.mean() < _DOT_COVER or np.ptp(thick) + 1 > _DOT_THICK * scale + 1:
            return None
    first, last = rule.argmax(axis=0), len(rule) - 1 - rule[::-1].argmax(axis=0)
    places = np.flatnonzero(found)
    reach = 2 * round(_BREAK * scale) + 1
    near = cv2.dilate(found.astype(np.uint8)[None, :], np.ones((1, reach), np.uint8))[0] > 0
    columns = np.arange(len(found))
    first = np.floor(np.interp(columns, places, first[places])).astype(np.intp)
    last = np.ceil(np.interp(columns, places, last[places])).astype(np.intp)
    near |= np.minimum(even[first, columns], even[last, columns]) < _FAINT
    return columns[near], first[near], last[near]


def _long_runs(dark: Mask, run: Mask) -> tuple[Mask, Mask]:
    """The pixels of level runs that long, and all dark pixels with those above and below."""
    # A rule one pixel thick wanders between two rows.
    wide = np.asarray(cv2.dilate(dark, np.ones((3, 1), np.uint8)), dtype=np.uint8)
    return _longest(np.asarray(cv2.bitwise_and(cv2.morphologyEx(wide, cv2.MORPH_OPEN, run), dark), np.uint8)), wide


def _longest(rule: Mask) -> Mask:
    """Without pieces much shorter than the longest one: characters of a number that touch each other."""
    pieces = find_components(rule)
    if len(pieces.stats) <= 2:
        return rule
    widths = pieces.stats[:, cv2.CC_STAT_WIDTH].copy()
    widths[0] = 0
    return np.where((widths >= _LEAST_SHARE * widths.max())[pieces.labels], rule, np.uint8(0))


def _wipe(picture: NDArray[np.uint8], band: RuleBand) -> None:
    """Paint a rule with one pixel of its fringe on either side."""
    top, bottom = max(int(band.first.min()) - 1, 0), int(band.last.max()) + 2
    rows = np.arange(top, min(bottom, len(picture)))[:, None]
    inside = (rows >= band.first - 1) & (rows <= band.last + 1)
    start, end = int(band.along[0]), int(band.along[-1]) + 1
    part = np.zeros((len(rows), end - start), dtype=bool)
    part[:, band.along - start] = inside
    picture[top : top + len(rows), start:end][part] = 255


def find_traces(ink: Mask, bands: list[RuleBand]) -> RuleTraces:
    """Where the ink that is left meets the rules that were taken off.

    Args:
        ink: of the page without rules.
        bands: see :func:`erase_rules`.
    """
    height, width = ink.shape
    flat = ink.ravel()
    beside: list[Places] = [np.zeros(0, np.intp)]
    across: list[NDArray[np.intp]] = [np.zeros((0, 2), np.intp)]
    for band in bands:
        limit, step, stride = (width, 1, width) if band.upright else (height, width, 1)
        inner = (band.first >= 2) & (band.last + 2 < limit)
        before = (band.first[inner] - 2) * step + band.along[inner] * stride
        after = (band.last[inner] + 2) * step + band.along[inner] * stride
        inked_before, inked_after = flat[before] > 0, flat[after] > 0
        beside += [before[inked_before], after[inked_after]]
        both = inked_before & inked_after
        across.append(np.stack([before[both], after[both]], axis=1))
    return RuleTraces(np.concatenate(beside), np.concatenate(across))
