"""Rules cut back to the table where they alone run on beyond it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lanci.document import Rule

_TOUCH = 3.0  # points; rules this close to each other cross
_LEVEL = 6.0  # points; ends that differ by no more lie on one side


def trim_rules(rules: Sequence[Rule]) -> list[Rule]:
    """Cut a rule at its last crossing where no other rule runs on to the same side as far.

    Cells that a page break leaves open, and tables with open sides, show at least two rules that run on together.
    One alone is the stroke of a character under the table, on scans, or a slip of the drawing program.
    """
    trimmed: list[Rule] = []
    for horizontal in (True, False):
        own = [rule for rule in rules if rule.horizontal == horizontal]
        crossing = [rule for rule in rules if rule.horizontal != horizontal]
        spans = [_crossed(rule, crossing) for rule in own]
        starts = [r.start for r, (low, _) in zip(own, spans, strict=True) if r.start < low - _TOUCH]
        ends = [r.end for r, (_, high) in zip(own, spans, strict=True) if r.end > high + _TOUCH]
        for rule, (low, high) in zip(own, spans, strict=True):
            start = low if rule.start < low - _TOUCH and _alone(rule.start, starts) else rule.start
            end = high if rule.end > high + _TOUCH and _alone(rule.end, ends) else rule.end
            trimmed.append(replace(rule, start=start, end=end))
    return trimmed


def _crossed(rule: Rule, crossing: Sequence[Rule]) -> tuple[float, float]:
    """Where the rule is first and last crossed; its own ends where it is crossed less than twice."""
    places = [
        other.position
        for other in crossing
        if rule.start - _TOUCH <= other.position <= rule.end + _TOUCH
        and other.start - _TOUCH <= rule.position <= other.end + _TOUCH
    ]
    return (min(places), max(places)) if len(places) > 1 else (rule.start, rule.end)


def _alone(end: float, ends: Sequence[float]) -> bool:
    return sum(abs(other - end) <= _LEVEL for other in ends) < 2
