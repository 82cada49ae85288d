"""Networks of ruling lines: rules that meet, and how far each is crossed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from lanci.document import Box, Rule

TOUCH = 3.0  # points; rules that end this close to each other meet


class Crossed(NamedTuple):
    """A rule with the places where others cross it first and last; its own ends where fewer than two do."""

    rule: Rule
    first: float
    last: float


def rules_to_networks(rules: Sequence[Rule]) -> list[list[Crossed]]:
    """Connected components of rules that touch or cross, in the order of their first rules."""
    ordered = sorted((r for r in rules if r.horizontal), key=_rule_order)
    n_horizontal = len(ordered)
    ordered += sorted((r for r in rules if not r.horizontal), key=_rule_order)
    positions = [rule.position for rule in ordered[n_horizontal:]]
    crossings: list[list[float]] = [[] for _ in ordered]
    parent = list(range(len(ordered)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i in range(n_horizontal):
        horizontal = ordered[i]
        height = horizontal.position
        low = bisect_left(positions, horizontal.start - TOUCH)
        high = bisect_right(positions, horizontal.end + TOUCH)
        for j in range(n_horizontal + low, n_horizontal + high):
            vertical = ordered[j]
            if vertical.start - TOUCH <= height <= vertical.end + TOUCH:
                crossings[i].append(vertical.position)
                crossings[j].append(height)
                if parent[j] != parent[i]:
                    parent[root(j)] = root(i)
    members: dict[int, list[Crossed]] = {}
    for i, rule in enumerate(ordered):
        places = crossings[i]  # ascending
        crossed = Crossed(rule, places[0], places[-1]) if len(places) > 1 else Crossed(rule, rule.start, rule.end)
        members.setdefault(root(i), []).append(crossed)
    return list(members.values())


def _rule_order(rule: Rule) -> tuple[float, float, float]:
    return rule.position, rule.start, rule.end


def network_to_box(network: Sequence[Crossed]) -> Box:
    """The hull of its rules."""
    return rules_to_box([crossed.rule for crossed in network])


def rules_to_box(rules: Sequence[Rule]) -> Box:
    """The hull of the rules."""
    xs: list[float] = []
    ys: list[float] = []
    for rule in rules:
        across, along = (ys, xs) if rule.horizontal else (xs, ys)
        across.append(rule.position)
        along += (rule.start, rule.end)
    return Box(min(xs), min(ys), max(xs), max(ys))
