"""How well a table region explains the words of its place.

Candidates for one place come from different evidence: rules, fills, aligned text, other programs. The better one is the
one whose cells part what stands apart and hold together what is one: that is counted here, the same for all.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lanci.detect.pieces import Line, Piece
from lanci.document import Box, Rule, TableRegion

_INSIDE = 1.0  # points by which a rule must run inside a text to cut it
_LONG = 40  # characters of one text; columns of such texts are prose
_SAME = 3.0  # points; rules this close draw one side
_NEAR = 2.0  # ems beside a region within which text of its rows should be in it
_MIN_FILLED = 0.12  # share of the cells with text


@dataclass(frozen=True, slots=True)
class Score:
    """What was counted in one region.

    Attributes:
        texts: pieces of text lines that stand in it.
        torn: how often a side of a cell runs through one, without a gap between words.
        glued: neighbours in a line with a wide gap and no side of a cell between them, and numbers one below the
            other in one cell.
        outside: pieces right beside it, in the height of its rows.
        prose: pieces as long as lines of prose.
        cells: cells of the region, as the product of its rows and columns.
    """

    texts: int
    torn: int
    glued: int
    outside: int
    prose: int
    cells: int

    @property
    def value(self) -> float:
        """1 for a region that explains all of its words, 0 for one that explains none."""
        if not self.texts:
            return 0.0
        wrong = 2 * self.torn + 2 * self.glued + self.outside + self.prose
        filled = min(1.0, self.texts / (_MIN_FILLED * max(self.cells, 1)))
        return filled * max(0.0, 1.0 - wrong / self.texts)


def score_region(region: TableRegion, lines: Sequence[Line]) -> Score:
    """Count how the rules of a region stand to the text lines of its page."""
    box = region.box
    uprights = sorted((r for r in region.rules if not r.horizontal), key=lambda r: r.position)
    positions = [rule.position for rule in uprights]
    levels = sorted((r for r in region.rules if r.horizontal), key=lambda r: r.position)
    heights = [rule.position for rule in levels]
    texts = torn = glued = outside = prose = 0
    numbers: list[Piece] = []
    for line in lines:
        if not box.y0 <= line.middle <= box.y1:
            continue
        left: Piece | None = None
        for piece in line.pieces:
            if not box.x0 <= piece.center <= box.x1:
                outside += _is_beside(piece, box, line.em)
                continue
            texts += 1
            prose += len(piece.text) >= _LONG
            torn += any(_cuts(rule, piece) for rule in _between(uprights, positions, piece.x0, piece.x1))
            torn += _is_crossed(levels, heights, piece)
            if left is not None and not _parted(uprights, positions, left, piece):
                glued += 1
            left = piece
            if piece.numeric:
                numbers.append(piece)
    glued += _stacked_numbers(numbers, levels, heights)
    cells = _count_gaps(heights) * _count_gaps(positions)
    return Score(texts, torn, glued, outside, prose, cells)


def _count_gaps(positions: Iterable[float]) -> int:
    return max(1, len({round(position / _SAME) for position in positions}) - 1)


def _is_beside(piece: Piece, box: Box, em: float) -> bool:
    return box.x0 - _NEAR * em < piece.x1 and piece.x0 < box.x1 + _NEAR * em


def _between(rules: Sequence[Rule], positions: Sequence[float], low: float, high: float) -> Sequence[Rule]:
    return rules[bisect_left(positions, low + _INSIDE) : bisect_left(positions, high - _INSIDE)]


def _cuts(rule: Rule, piece: Piece) -> bool:
    if not rule.start <= piece.middle <= rule.end:
        return False
    return any(word.box.x0 + _INSIDE < rule.position < word.box.x1 - _INSIDE for word in piece.words)


def _is_crossed(levels: Sequence[Rule], heights: Sequence[float], piece: Piece) -> bool:
    """Whether a side of a cell runs through the middle half of a text's height."""
    quarter = (piece.y1 - piece.y0) / 4
    within = levels[bisect_left(heights, piece.y0 + quarter) : bisect_left(heights, piece.y1 - quarter)]
    return any(rule.start < piece.center < rule.end for rule in within)


def _parted(rules: Sequence[Rule], positions: Sequence[float], left: Piece, right: Piece) -> bool:
    middle = (left.middle + right.middle) / 2
    between = rules[bisect_left(positions, left.x1 - _INSIDE) : bisect_left(positions, right.x0 + _INSIDE)]
    return any(rule.start <= middle <= rule.end for rule in between)


def _stacked_numbers(numbers: Sequence[Piece], levels: Sequence[Rule], heights: Sequence[float]) -> int:
    """Pairs of numbers one below the other, at the same right side, without a rule between them."""
    above: dict[int, Piece] = {}
    stacked = 0
    for piece in sorted(numbers, key=lambda p: (p.middle, p.x0)):
        key = round(piece.x1 / 2)
        upper = next((above[k] for k in (key, key - 1, key + 1) if k in above), None)
        if upper is not None and piece.middle - upper.middle > 1.0:
            between = levels[bisect_left(heights, upper.middle) : bisect_left(heights, piece.middle)]
            stacked += not any(rule.start <= piece.center <= rule.end for rule in between)
        above[key] = piece
    return stacked


def choose(candidates: Sequence[tuple[TableRegion, float]]) -> list[TableRegion]:
    """The best candidates that do not overlap, from top to bottom.

    Of two that overlap, the one with the higher score stays; of equal ones, the one named first.
    """
    kept: list[TableRegion] = []
    ranked = sorted(range(len(candidates)), key=lambda i: (-candidates[i][1], i))
    for index in ranked:
        region = candidates[index][0]
        if not any(_overlap(region.box, other.box) for other in kept):
            kept.append(region)
    return sorted(kept, key=lambda r: (r.box.y0, r.box.x0))


def _overlap(one: Box, other: Box) -> bool:
    shared = one.intersect(other)
    return shared.width > 2.0 and shared.height > 2.0
