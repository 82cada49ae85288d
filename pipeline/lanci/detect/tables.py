"""All tables of a page: those that rules and fills draw, and those that aligned text shows where they do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lanci.detect.aligned import ALIGNED
from lanci.detect.continued import region_columns
from lanci.detect.filled import FILLS
from lanci.detect.pieces import Line, words_to_pieced_lines
from lanci.detect.readings import Candidate, find_aligned
from lanci.detect.regions import find_regions
from lanci.detect.score import choose, score_region
from lanci.document import Box, PageEvidence, Rule, TableRegion, Word

# Scores from which tables without rules, and those between horizontal rules, are believed in; see
# eval/benchmarks/candidates.py.
_LEAST = 0.7
_LEAST_BOUNDED = 0.45
_SAME_SIDE = 4.0  # points between the sides of a header and those of the rules below it
_NEXT_ROW = 60.0  # points from a header to the rule below the first row
_MARGIN = 2.0  # points; text that reaches out of a table by no more belongs to it


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectOptions:
    """How tables are looked for.

    Attributes:
        use_alignment: look for tables with few or no rules where rules and fills drew none.
    """

    use_alignment: bool = True


def find_tables(
    evidence: PageEvidence, options: DetectOptions | None = None, before: TableRegion | None = None
) -> tuple[TableRegion, ...]:
    """The tables of a page from top to bottom; they do not overlap.

    ``before`` is the last table of the page before, where that was found: its columns tell those of a table without
    vertical rules that goes on with them.

    Where text stands beside a table that rules draw, the rules may draw a part of it only. The place is then read by
    alignment too, and the reading with the better score (see :mod:`lanci.detect.score`) stays. Coloured cells over
    rules of their width are no table by themselves: they stay only where alignment finds none.
    """
    drawn = find_regions(evidence)
    options = options or DetectOptions()
    if not options.use_alignment:
        return drawn
    heads = [region for region in drawn if region.detector == FILLS and _goes_on_below(region, evidence.rules)]
    drawn = tuple(region for region in drawn if region not in heads)
    boxes = [region.box.grow(_MARGIN) for region in drawn]
    free = words_to_pieced_lines(_words_outside(evidence.words, boxes))
    if not heads and not any(len(line.pieces) > 1 for line in free) and not _any_beside(drawn, free):
        return drawn
    loose = [r for r in evidence.rules if not any(_lies_in(r, b) for b in boxes)]
    found = find_aligned(evidence.number, free, loose, _columns_before(before))
    scored = [(one.region, one.score) for one in found if _is_believed(one)]
    partial = [region for region in drawn if _any_beside([region], free)]
    if partial:
        scored += _read_again(evidence, drawn, partial)
    kept = [(region, 1.0) for region in drawn if region not in partial]
    return tuple(choose([*kept, *scored, *((head, 0.0) for head in heads)]))


def may_go_beyond(region: TableRegion, words: Sequence[Word]) -> bool:
    """Whether the rules of a region may draw a part of a table only: some of these ``words`` stand beside it."""
    return _any_beside([region], words_to_pieced_lines(_words_outside(words, [region.box.grow(_MARGIN)])))


def _goes_on_below(region: TableRegion, rules: Sequence[Rule]) -> bool:
    """Whether rules as wide as a region go on below it: its coloured cells are the header of a table that they part."""
    box = region.box
    below = sorted(
        r.position - box.y1
        for r in rules
        if r.horizontal
        and abs(r.start - box.x0) <= _SAME_SIDE
        and abs(r.end - box.x1) <= _SAME_SIDE
        and r.position > box.y1 + _SAME_SIDE
    )
    return len(below) > 1 and below[0] <= _NEXT_ROW


def _columns_before(before: TableRegion | None) -> tuple[float, ...]:
    return region_columns(before) if before is not None and before.detector == ALIGNED else ()


def _read_again(
    evidence: PageEvidence, drawn: Sequence[TableRegion], partial: Sequence[TableRegion]
) -> list[tuple[TableRegion, float]]:
    """Tables of which rules draw a part, and what alignment makes of their places, each with its score."""
    boxes = [region.box.grow(_MARGIN) for region in drawn if region not in partial]
    lines = words_to_pieced_lines(_words_outside(evidence.words, boxes))
    rules = [r for r in evidence.rules if r.horizontal and not any(_lies_in(r, b) for b in boxes)]
    again = [
        (one.region, one.score)
        for one in find_aligned(evidence.number, lines, rules)
        if _is_believed(one) and any(_covers(one.region.box, other.box) for other in partial)
    ]
    # A table that rules draw stays unless the other reading is better; it is never left out for its low score.
    as_drawn = [(region, score_region(region, lines).value) for region in partial]
    return as_drawn + again


def _is_believed(candidate: Candidate) -> bool:
    return candidate.score >= (_LEAST_BOUNDED if candidate.bounded else _LEAST)


def _covers(box: Box, part: Box) -> bool:
    return box.intersect(part).area >= 0.8 * part.area


def _words_outside(words: Sequence[Word], boxes: Sequence[Box]) -> list[Word]:
    sides = [(box.x0, box.y0, box.x1, box.y1) for box in boxes]
    outside: list[Word] = []
    for word in words:
        box = word.box
        x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
        for x0, y0, x1, y1 in sides:
            if x0 <= x <= x1 and y0 <= y <= y1:
                break
        else:
            outside.append(word)
    return outside


def _any_beside(regions: Sequence[TableRegion], lines: Sequence[Line]) -> bool:
    """Whether lines stand at the same height as a region, two at least: one may be a page number or a mark."""
    return any(sum(region.box.y0 < line.middle < region.box.y1 for line in lines) > 1 for region in regions)


def _lies_in(rule: Rule, box: Box) -> bool:
    along = (rule.start + rule.end) / 2
    return box.contains(along, rule.position) if rule.horizontal else box.contains(rule.position, along)
