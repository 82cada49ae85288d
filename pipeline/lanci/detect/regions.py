"""Table regions from ruling lines, with camelot as a second detector where rules find nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lanci.detect.tabular import looks_tabular
from lanci.detect.trim import trim_rules
from lanci.document import Box, PageEvidence, PageKind, Rule, TableRegion, boxes_to_hull

_TOUCH = 3.0  # points; rules that end this close to each other meet
_FLUSH = 6.0  # points; a column's side ends at the top and bottom of its table with at most this much difference
# Counted on the pages of 55 real disclosures and of ICDAR-2013: tables have four, a few three; parts of flow
# charts have two or fewer.
_MIN_CORNERS = 3
_THROUGHOUT = 0.8
_MIN_SIDE = 12.0  # points; smaller networks of lines are symbols or check boxes


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectOptions:
    """How tables are looked for.

    Attributes:
        use_camelot: on digital pages where no rules form a table although the text stands in columns, ask
            camelot's network parser (slow: about a second a page).
    """

    use_camelot: bool = True


def find_regions(evidence: PageEvidence) -> tuple[TableRegion, ...]:
    """The regions that rules draw, from top to bottom; a frame around nothing but prose is left out.

    Rules that meet form a network; a network that lies inside another belongs to it.
    """
    nested, lone = _nest(_networks(evidence.rules))
    networks = _attach_open_columns([trim_rules(rules) for rules in nested], lone)
    detector = "raster-rules" if evidence.kind is PageKind.SCANNED else "rules"
    regions = [
        TableRegion(evidence.number, rules_to_box(rules), tuple(rules), detector)
        for rules in networks
        if _is_table(rules)
    ]
    return tuple(sorted(regions, key=lambda r: (r.box.y0, r.box.x0)))


def needs_second_detector(evidence: PageEvidence) -> bool:
    """Whether a digital page on which rules drew no table still looks like it holds one."""
    return evidence.kind is not PageKind.SCANNED and looks_tabular(evidence.words)


def rules_to_box(rules: Sequence[Rule]) -> Box:
    """The hull of the rules."""
    return boxes_to_hull([rule_to_box(rule) for rule in rules])


def rule_to_box(rule: Rule) -> Box:
    """The rule as a box without thickness."""
    if rule.horizontal:
        return Box(rule.start, rule.position, rule.end, rule.position)
    return Box(rule.position, rule.start, rule.position, rule.end)


def _networks(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Connected components of rules that touch or cross (union-find over crossings of both directions)."""
    horizontal = [r for r in rules if r.horizontal]
    vertical = sorted((r for r in rules if not r.horizontal), key=lambda r: r.position)
    parent = list(range(len(horizontal) + len(vertical)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, h in enumerate(horizontal):
        for j, v in enumerate(vertical, start=len(horizontal)):
            if v.position < h.start - _TOUCH:
                continue
            if v.position > h.end + _TOUCH:
                break
            if v.start - _TOUCH <= h.position <= v.end + _TOUCH:
                parent[root(i)] = root(j)
    members: dict[int, list[Rule]] = {}
    for i, rule in enumerate([*horizontal, *vertical]):
        members.setdefault(root(i), []).append(rule)
    return list(members.values())


def _nest(networks: list[list[Rule]]) -> tuple[list[list[Rule]], list[Rule]]:
    """Merge every network into the one that surrounds it; the second result are rules that belong to none."""
    boxes = [rules_to_box(rules) for rules in networks]
    order = sorted(range(len(networks)), key=lambda i: (-boxes[i].area, boxes[i].y0, boxes[i].x0))
    tops: list[int] = []
    lone: list[Rule] = []
    nested: dict[int, list[Rule]] = {}
    for i in order:
        surrounding = next((top for top in tops if _inside(boxes[i], boxes[top])), None)
        if surrounding is not None:
            nested[surrounding].extend(networks[i])
        elif len(networks[i]) > 1:
            tops.append(i)
            nested[i] = list(networks[i])
        else:
            lone.extend(networks[i])
    return [nested[i] for i in tops], lone


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
    grown = outer.grow(_TOUCH)
    return grown.x0 <= inner.x0 and inner.x1 <= grown.x1 and grown.y0 <= inner.y0 and inner.y1 <= grown.y1


def _is_table(rules: Sequence[Rule]) -> bool:
    """Enough lines both ways for at least three cells."""
    box = rules_to_box(rules)
    if box.width < _MIN_SIDE or box.height < _MIN_SIDE:
        return False
    n_horizontal = len({round(r.position) for r in rules if r.horizontal})
    n_vertical = len({round(r.position) for r in rules if not r.horizontal})
    if n_horizontal < 2 or n_vertical < 2 or n_horizontal + n_vertical < 5:
        return False
    return _drawn_corners(rules, box) >= _MIN_CORNERS or _ruled_throughout(rules, box)


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
