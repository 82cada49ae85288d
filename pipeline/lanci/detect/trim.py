"""Rules cut back to the table where they alone run on beyond it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lanci.detect.networks import TOUCH, Crossed
from lanci.document import Rule

_LEVEL = 6.0  # points; ends that differ by no more lie on one side


def trim_rules(network: Sequence[Crossed]) -> list[Rule]:
    """Cut a rule at its last crossing where no other rule runs on to the same side as far.

    Cells that a page break leaves open, and tables with open sides, show at least two rules that run on together.
    One alone is the stroke of a character under the table, on scans, or a slip of the drawing program.
    """
    trimmed: list[Rule] = []
    for horizontal in (True, False):
        own = [crossed for crossed in network if crossed.rule.horizontal == horizontal]
        starts = [rule.start for rule, first, _ in own if rule.start < first - TOUCH]
        ends = [rule.end for rule, _, last in own if rule.end > last + TOUCH]
        for rule, first, last in own:
            start = first if rule.start < first - TOUCH and _alone(rule.start, starts) else rule.start
            end = last if rule.end > last + TOUCH and _alone(rule.end, ends) else rule.end
            trimmed.append(rule if start == rule.start and end == rule.end else replace(rule, start=start, end=end))
    return trimmed


def _alone(end: float, ends: Sequence[float]) -> bool:
    return sum(abs(other - end) <= _LEVEL for other in ends) < 2
