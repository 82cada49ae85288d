"""Table regions from ruling lines, and from fills where there are none."""

from __future__ import annotations

from collections.abc import Sequence

from lanci.detect.filled import find_filled
from lanci.detect.networks import TOUCH, Crossed, network_to_box, rules_to_box, rules_to_networks
from lanci.detect.parts import join_parts
from lanci.detect.trim import trim_rules
from lanci.document import Box, PageEvidence, PageKind, Rule, TableRegion

_FLUSH = 6.0  # points; a column's side ends at the top and bottom of its table with at most this much difference
# Counted on the pages of 55 real disclosures and of ICDAR-2013: tables have four, a few three; parts of flow
# charts have two or fewer.
_MIN_CORNERS = 3
_THROUGHOUT = 0.8
_MOST = 0.5  # of the cell; a shorter line inside it that touches no side underlines its text
_MIN_RULES = 5  # of a table: three cells side by side or one under the other
_MAX_FRAME = 8  # rules of a frame; each of its sides may be double
_MIN_SIDE = 12.0  # points; smaller networks of lines are symbols or check boxes


def find_regions(evidence: PageEvidence) -> tuple[TableRegion, ...]:
    """The regions that rules or fills draw, from top to bottom; a frame around nothing but prose is left out.

    Rules that meet form a network; a network that lies inside another belongs to it.
    """
    nested, lone = _nest(rules_to_networks(evidence.rules))
    networks = _attach_open_columns([trim_rules(network) for network in nested], lone)
    scanned = evidence.kind is PageKind.SCANNED
    if not scanned:
        networks = join_parts(networks, evidence)
    detector = "raster-rules" if scanned else "rules"
    regions = [
        TableRegion(evidence.number, rules_to_box(rules), tuple(rules), detector)
        for rules in networks
        if _is_table(rules) and (scanned or not _is_one_column(rules))
    ]
    if evidence.fills:
        regions += find_filled(evidence, [region.box for region in regions])
    return tuple(sorted(regions, key=lambda r: (r.box.y0, r.box.x0)))


def _nest(networks: list[list[Crossed]]) -> tuple[list[list[Crossed]], list[Rule]]:
    """Merge every network into the one that surrounds it; the second result are rules that belong to none."""
    boxes = [network_to_box(network) for network in networks]
    order = sorted(range(len(networks)), key=lambda i: (-boxes[i].area, boxes[i].y0, boxes[i].x0))
    tops: list[int] = []
    lone: list[Rule] = []
    nested: dict[int, list[Crossed]] = {}
    for i in order:
        surrounding = next(
            (t for t in tops if _inside(boxes[i], boxes[t]) and not _only_frames(nested[t], networks[i], boxes[i])),
            None,
        )
        if surrounding is not None:
            if _divides(networks[i], boxes[i], networks[surrounding]):
                nested[surrounding].extend(networks[i])
        elif len(networks[i]) > 1:
            tops.append(i)
            nested[i] = list(networks[i])
        else:
            lone.append(networks[i][0].rule)
    return [nested[i] for i in tops], lone


def _only_frames(frame: Sequence[Crossed], network: Sequence[Crossed], box: Box) -> bool:
    """Whether four rules stand well apart around a whole table: the border of a page or a text box."""
    if len(network) < _MIN_RULES or len(frame) > _MAX_FRAME or not _is_table([crossed.rule for crossed in network]):
        return False
    outer = network_to_box(frame)
    sides = (box.x0 - outer.x0, box.y0 - outer.y0, outer.x1 - box.x1, outer.y1 - box.y1)
    bare = all(_is_side(crossed.rule, outer) for crossed in frame)
    return bare and sum(distance > _FLUSH for distance in sides) > 2


def _is_side(rule: Rule, box: Box) -> bool:
    low, high = (box.y0, box.y1) if rule.horizontal else (box.x0, box.x1)
    return min(rule.position - low, high - rule.position) <= _FLUSH


def _divides(network: Sequence[Crossed], box: Box, around: Sequence[Crossed]) -> bool:
    """Whether a network inside a table is a part of its grid.

    Check boxes are none, nor is the line under a text: it ends away from the sides of its cell.
    """
    if len(network) > 1:
        return box.width >= _MIN_SIDE or box.height >= _MIN_SIDE
    rule = network[0].rule
    sides = [
        other.rule.position
        for other in around
        if other.rule.horizontal != rule.horizontal and other.rule.start <= rule.position <= other.rule.end
    ]
    left = max((x for x in sides if x <= rule.start), default=rule.start)
    right = min((x for x in sides if x >= rule.end), default=rule.end)
    return rule.start - left <= _FLUSH or right - rule.end <= _FLUSH or rule.length >= _MOST * (right - left)


def _attach_open_columns(networks: list[list[Rule]], lone: Sequence[Rule]) -> list[list[Rule]]:
    """Give a network the lone verticals beside it that run from its top to its bottom.

    They bound columns whose cells go on over the page's end, above and below: no horizontal rule touches them.
    """
    for rules in networks:
        box = rules_to_box(rules)
        rules.extend(
            rule
            for rule in lone
            if not rule.horizontal and abs(rule.start - box.y0) <= _FLUSH and abs(rule.end - box.y1) <= _FLUSH
        )
    return networks


def _inside(inner: Box, outer: Box) -> bool:
    grown = outer.grow(TOUCH)
    return grown.x0 <= inner.x0 and inner.x1 <= grown.x1 and grown.y0 <= inner.y0 and inner.y1 <= grown.y1


def _is_table(rules: Sequence[Rule]) -> bool:
    """Enough lines both ways for at least three cells."""
    box = rules_to_box(rules)
    if box.width < _MIN_SIDE or box.height < _MIN_SIDE:
        return False
    n_horizontal = len({round(r.position) for r in rules if r.horizontal})
    n_vertical = len({round(r.position) for r in rules if not r.horizontal})
    if n_horizontal < 2 or n_vertical < 2 or n_horizontal + n_vertical < _MIN_RULES:
        return False
    return _drawn_corners(rules, box) >= _MIN_CORNERS or _ruled_throughout(rules, box)


def _is_one_column(rules: Sequence[Rule]) -> bool:
    """Whether all verticals are outer sides: paragraphs in boxes, one under the other."""
    box = rules_to_box(rules)
    return all(_is_side(rule, box) for rule in rules if not rule.horizontal)


def _drawn_corners(rules: Sequence[Rule], box: Box) -> int:
    """How many corners of the hull a rule begins or ends in.

    Tables are rectangles, also those with open sides, whose other rules reach the corner. Boxes and arrows of a
    flow chart hang together in any shape.
    """
    corners = [(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
    return sum(any(_ends_at(rule, x, y) for rule in rules) for x, y in corners)


def _ruled_throughout(rules: Sequence[Rule], box: Box) -> bool:
    """Whether at least two rules of either direction run over nearly all of the hull."""
    wide = sum(r.horizontal and r.length >= _THROUGHOUT * box.width for r in rules)
    high = sum(not r.horizontal and r.length >= _THROUGHOUT * box.height for r in rules)
    return wide >= 2 and high >= 2


def _ends_at(rule: Rule, x: float, y: float) -> bool:
    across, along = (y, x) if rule.horizontal else (x, y)
    return abs(rule.position - across) <= _FLUSH and min(abs(rule.start - along), abs(rule.end - along)) <= _FLUSH
