"""Ruling lines of a scanned page, from its pixels."""

from __future__ import annotations

from dataclasses import replace

from lanci.document import Image, Raster, Rule
from lanci.page.scan_faint import add_faint
from lanci.page.scan_fills import show_in_fills
from lanci.page.scan_image import covered
from lanci.page.scan_lines import Line, LineFinder, find_step, reduce_along
from lanci.page.scan_networks import (
    Crossings,
    draw_to,
    drop_edges,
    drop_shine_through,
    drop_small_groups,
    keep_meeting,
    trim_tails,
)
from lanci.page.scan_sealed import SealedRules, widen

_ROUNDS = 2
"""Short lines may end on short lines that are found after them."""


def scan_to_rules(raster: Raster) -> tuple[Rule, ...]:
    """The ruling lines of an upright, deskewed page, in points of its working frame.

    One rule for every continuous piece: where a line is interrupted, as inside merged cells, two rules are
    given. Ends that nearly reach a crossing rule are drawn to it. Strokes of characters are told from rules by
    length, by being inked throughout, and by what they meet; the rules of the sheet's other side by their darkness.

    Returns:
        Horizontal rules from top to bottom, then vertical ones from left to right.
    """
    scale, flat = raster.scale, raster.image
    lying, standing = _make_finders(flat, scale)
    level, upright = drop_shine_through(*_find_both(raster, lying, standing))
    shown = show_in_fills(raster, level, upright)
    if shown is not None:
        flat, raster = shown, replace(raster, image=shown)
        lying, standing = _make_finders(shown, scale)
        level, upright = drop_shine_through(*_find_both(raster, lying, standing))
    level, upright = keep_meeting(level, upright, scale)
    through = Crossings(flat, scale)
    level, upright = (
        [line for line in level if through.go_through(line, upright, horizontal=True)],
        [line for line in upright if through.go_through(line, level, horizontal=False)],
    )
    level, upright = keep_meeting(level, upright, scale)
    level, upright = drop_small_groups(level, upright, scale)
    height, width = flat.shape
    level, upright = drop_edges(level, upright, height, scale), drop_edges(upright, level, width, scale)
    level, upright = (
        trim_tails(level, upright, through, horizontal=True),
        trim_tails(upright, level, through, horizontal=False),
    )
    level = add_faint(level, upright, lying)
    upright = add_faint(upright, level, standing)
    level, upright = draw_to(level, upright, scale), draw_to(upright, level, scale)
    rules = [_line_to_rule(line, True, scale) for line in level]
    rules += [_line_to_rule(line, False, scale) for line in upright]
    return tuple(sorted(rules, key=lambda r: (not r.horizontal, r.position, r.start)))


def _make_finders(flat: Image, scale: float) -> tuple[LineFinder, LineFinder]:
    """Finders of level and of upright lines."""
    step = find_step(scale)
    return (
        LineFinder(reduce_along(flat, step, horizontal=True), flat, step, scale),
        LineFinder(reduce_along(flat, step, horizontal=False), flat.T, step, scale),
    )


def _find_both(raster: Raster, lying: LineFinder, standing: LineFinder) -> tuple[list[Line], list[Line]]:
    """Horizontal and vertical lines: the long ones, then short ones where they run from line to line."""
    flat, scale = raster.image, raster.scale
    level, upright = lying.long_lines(), standing.long_lines()
    cover = covered(raster)
    if cover is None:
        return _add_short(lying, standing, level, upright)
    seals = widen(cover, scale)
    across, down = SealedRules(flat, seals, scale), SealedRules(flat.T, seals.T, scale)
    level, upright = across.drop_strokes(level), down.drop_strokes(upright)
    level, upright = _add_short(lying, standing, level, upright)
    level, upright = across.drop_strokes(level), down.drop_strokes(upright)
    level = across.mend(level, upright)
    return level, down.mend(upright, level)


def _add_short(
    lying: LineFinder, standing: LineFinder, level: list[Line], upright: list[Line]
) -> tuple[list[Line], list[Line]]:
    """Further lines that run from line to line, those that end on further ones included."""
    for _round in range(_ROUNDS):
        upright = upright + standing.short_lines(upright, level)
        further = lying.short_lines(level, upright)
        level = level + further
        if not further:
            break
    return level, upright


def _line_to_rule(line: Line, horizontal: bool, scale: float) -> Rule:
    return Rule(
        horizontal=horizontal,
        position=round(line.position / scale, 3),
        start=round(line.start / scale, 3),
        end=round(line.end / scale, 3),
        thickness=round(line.thickness / scale, 3),
    )
