"""Tables whose rules do not hang together: blocks set a little apart, and coloured rows that hide the rules."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lanci.detect.networks import TOUCH, rules_to_box
from lanci.document import Box, Fill, PageEvidence, Rule

_SAME = 3.0  # points by which sides and columns of the parts of one table may differ
_GAP = 8.0  # points; parts further apart are tables of their own
_BAND = 60.0  # points; a coloured row, of several lines at most
_INDENT = 6.0  # points by which the colour of a row may keep off the sides of its table
_INSIDE = 2.0  # points by which a column edge must lie inside a word to run through it
_MAX_PAIRS = 200_000  # of parts or tables and fills; beyond that a page is a picture


@dataclass(frozen=True, slots=True)
class _Part:
    """A network with its hull and the positions of the inner verticals that reach its top and its bottom."""

    rules: list[Rule]
    box: Box
    at_top: tuple[float, ...]
    at_bottom: tuple[float, ...]


def join_parts(networks: Sequence[list[Rule]], evidence: PageEvidence) -> list[list[Rule]]:
    """Networks that are parts of one table as one, with the columns of coloured rows that hide them.

    Parts have the same columns (or rows, where they stand side by side), and between them lies nothing but a gap too
    narrow for text, or a row whose colour covers it.
    """
    joined = list(networks)
    if len(joined) > 1:
        joined = _join_stacked(joined, evidence.fills)
        joined = [_swapped(rules) for rules in _join_stacked([_swapped(rules) for rules in joined], ())]
    if evidence.fills and len(evidence.fills) * len(joined) <= _MAX_PAIRS:
        joined = [rules + _hidden_columns(rules, evidence) for rules in joined]
    return joined


def _swapped(rules: Sequence[Rule]) -> list[Rule]:
    """The rules with their directions exchanged."""
    return [replace(rule, horizontal=not rule.horizontal) for rule in rules]


def _join_stacked(networks: Sequence[list[Rule]], fills: Sequence[Fill]) -> list[list[Rule]]:
    """Join networks one under the other, from top to bottom."""
    waiting = sorted((_part(rules) for rules in networks), key=lambda part: (part.box.y0, part.box.x0))
    tops = [part.box.y0 for part in waiting]
    n_left = _MAX_PAIRS
    done: list[list[Rule]] = []
    taken: set[int] = set()
    for i, first in enumerate(waiting):
        if i in taken:
            continue
        part = first
        j: int | None = i
        while j is not None:
            low = bisect_left(tops, part.box.y1)
            near = range(low, bisect_right(tops, part.box.y1 + _BAND, low))
            n_left -= len(near)
            j = next((k for k in near if n_left > 0 and k not in taken and _continues(part, waiting[k], fills)), None)
            if j is not None:
                taken.add(j)
                part = _part(_joined(part, waiting[j]))
        done.append(part.rules)
    return done


def _part(rules: list[Rule]) -> _Part:
    box = rules_to_box(rules)
    upright = sorted(
        (r for r in rules if not r.horizontal and box.x0 + _INDENT < r.position < box.x1 - _INDENT),
        key=lambda r: r.position,
    )
    return _Part(
        rules,
        box,
        _positions([r.position for r in upright if r.start <= box.y0 + TOUCH]),
        _positions([r.position for r in upright if r.end >= box.y1 - TOUCH]),
    )


def _positions(ascending: Sequence[float]) -> tuple[float, ...]:
    """The positions without those that repeat the one before."""
    kept: list[float] = []
    for position in ascending:
        if not kept or position - kept[-1] > _SAME:
            kept.append(position)
    return tuple(kept)


def _continues(upper: _Part, lower: _Part, fills: Sequence[Fill]) -> bool:
    """Whether the lower part has the columns of the upper and nothing parts them."""
    above, below = upper.box, lower.box
    if abs(above.x0 - below.x0) > _SAME or abs(above.x1 - below.x1) > _SAME:
        return False
    few, many = sorted((upper.at_bottom, lower.at_top), key=len)
    if not few or not all(any(abs(x - other) <= _SAME for other in many) for x in few):
        return False
    band = Box(above.x0, above.y1, above.x1, below.y0)
    return band.height <= _GAP or any(_fills_band(fill.box, band) for fill in fills)


def _fills_band(box: Box, band: Box) -> bool:
    return (
        abs(box.x0 - band.x0) <= _INDENT
        and abs(box.x1 - band.x1) <= _INDENT
        and box.y0 <= band.y0 + TOUCH
        and box.y1 >= band.y1 - TOUCH
    )


def _joined(upper: _Part, lower: _Part) -> list[Rule]:
    """The rules of both; a gap becomes one rule, as it may be a very thick one, and a coloured row gets its sides."""
    above, below = upper.box.y1, lower.box.y0
    if below - above > _GAP:
        sides = [Rule(False, x, above, below) for x in (upper.box.x0, upper.box.x1)]
        return [*upper.rules, *lower.rules, *sides]
    seam = (above + below) / 2
    joined = [Rule(True, seam, upper.box.x0, upper.box.x1)]
    for rule in upper.rules:
        if rule.horizontal:
            joined.append(replace(rule, position=seam) if rule.position >= above - _SAME else rule)
        else:
            joined.append(replace(rule, end=seam) if rule.end >= above - _SAME else rule)
    for rule in lower.rules:
        if rule.horizontal:
            joined.append(replace(rule, position=seam) if rule.position <= below + _SAME else rule)
        else:
            joined.append(replace(rule, start=seam) if rule.start <= below + _SAME else rule)
    return joined


def _hidden_columns(rules: Sequence[Rule], evidence: PageEvidence) -> list[Rule]:
    """The verticals that end at a coloured row over the whole table, through it where its words keep to the columns."""
    box = rules_to_box(rules)
    found: list[Rule] = []
    for fill in evidence.fills:
        row = fill.box
        if abs(row.x0 - box.x0) > _INDENT or abs(row.x1 - box.x1) > _INDENT or not box.contains(*row.center):
            continue
        if row.height > _BAND:
            continue
        inner = [r for r in rules if not r.horizontal and box.x0 + _INDENT < r.position < box.x1 - _INDENT]
        ends = sorted(r.position for r in inner if min(abs(r.end - row.y0), abs(r.start - row.y1)) <= TOUCH)
        if not ends or any(r.start < row.y0 + TOUCH < row.y1 - TOUCH < r.end for r in inner):
            continue
        columns = _positions(ends)
        if _keeps_to(columns, row, evidence):
            found += [Rule(False, x, row.y0, row.y1) for x in columns]
    return found


def _keeps_to(columns: Sequence[float], row: Box, evidence: PageEvidence) -> bool:
    """Whether words stand in at least two columns of the row and none across an edge."""
    taken: set[int] = set()
    for word in evidence.words:
        x, y = word.box.center
        if row.contains(x, y):
            if any(word.box.x0 + _INSIDE < edge < word.box.x1 - _INSIDE for edge in columns):
                return False
            taken.add(bisect_right(columns, x))
    return len(taken) > 1
