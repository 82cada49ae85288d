"""Tables that only fills draw: coloured cells with gaps between them, or every other row coloured.

The fills must tile a rectangle in rows and columns. Boxes behind a paragraph or a heading, highlighted words and
the bars of a chart do not; bands over whole rows tell no columns and are left to the search by alignment.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lanci.detect.networks import rules_to_box
from lanci.detect.tiles import Tiles, boxes_to_tiles, touching
from lanci.document import Box, PageEvidence, Rule, TableRegion, Word, boxes_to_hull

FILLS = "fills"
"""The detector of the regions found here."""

_MIN_CELL = 6.0  # points; smaller fills are symbols
_MAX_FILLS = 1500  # on one page; a picture made of small areas has more
_MAX_GROUNDS = 100  # more large boxes are a picture, not boxes with cells on them
_SAME_SIDE = 4.0  # points by which the sides of coloured rows may differ
_BARE_ROW = 2.2  # times the higher of its neighbours: the height of a row without fill between coloured ones
_TILED = 0.9  # share of the elementary cells that one fill covers, no more and no less
_OWN_FILL = 0.6  # fills for each elementary cell; highlighted words of two lines share no edges
_CUT = 0.1  # share of the words that a column edge may run through
_INSIDE = 2.0  # points by which an edge must lie inside a word to run through it


@dataclass(slots=True)
class _Row:
    """A stretch of rows: ``walls`` are the column edges that part its cells."""

    top: float
    bottom: float
    walls: tuple[float, ...]


def find_filled(evidence: PageEvidence, taken: Sequence[Box]) -> list[TableRegion]:
    """Regions of tables drawn by fills alone, outside the boxes ``taken`` by other tables."""
    boxes = [
        fill.box
        for fill in evidence.fills
        if fill.box.width >= _MIN_CELL
        and fill.box.height >= _MIN_CELL
        and not any(box.contains(*fill.box.center) for box in taken)
    ]
    if not 4 <= len(boxes) <= _MAX_FILLS:
        return []
    stacks = _join_striped(touching(_without_grounds(boxes)))
    regions: list[TableRegion] = []
    for stack in stacks:
        rules = _stack_to_rules(stack, evidence.words)
        if rules:
            regions.append(TableRegion(evidence.number, rules_to_box(rules), tuple(rules), FILLS))
    return regions


def _without_grounds(boxes: Sequence[Box]) -> list[Box]:
    """The boxes but those that lie behind several others."""
    usual = sorted(box.area for box in boxes)[len(boxes) // 2]
    large = {i for i, box in enumerate(boxes) if box.area >= 2 * usual}
    if len(large) > _MAX_GROUNDS:
        return list(boxes)
    grounds = {i for i in large if sum(j != i and boxes[i].contains(*box.center) for j, box in enumerate(boxes)) > 1}
    return [box for i, box in enumerate(boxes) if i not in grounds]


def _join_striped(blocks: Sequence[Sequence[Box]]) -> list[list[Sequence[Box]]]:
    """Blocks of one width under each other with a bare row between, top to bottom."""
    ordered = sorted(blocks, key=lambda block: (min(b.y0 for b in block), min(b.x0 for b in block)))
    stacks: list[list[Sequence[Box]]] = []
    for block in ordered:
        for stack in stacks:
            if _continues(stack[-1], block):
                stack.append(block)
                break
        else:
            stacks.append([block])
    return stacks


def _continues(upper: Sequence[Box], lower: Sequence[Box]) -> bool:
    above, below = boxes_to_hull(upper), boxes_to_hull(lower)
    height = max(box.height for box in (*upper, *lower))
    return (
        abs(above.x0 - below.x0) <= _SAME_SIDE
        and abs(above.x1 - below.x1) <= _SAME_SIDE
        and 0 < below.y0 - above.y1 <= _BARE_ROW * height
    )


def _stack_to_rules(stack: Sequence[Sequence[Box]], words: Sequence[Word]) -> list[Rule]:
    """The rules of a table, none when the fills form no grid or run through the words."""
    boxes = [box for block in stack for box in block]
    tiles = boxes_to_tiles(boxes)
    n_rows, n_cols = len(tiles.ys) - 1, len(tiles.xs) - 1
    if n_rows < 2 or n_cols < 2 or len(boxes) < 4:
        return []
    bare = [not any(row) for row in tiles.counts]
    covered = [count for row, empty in zip(tiles.counts, bare, strict=True) for count in row if not empty]
    if sum(count == 1 for count in covered) < _TILED * len(covered) or len(boxes) < _OWN_FILL * len(covered):
        return []
    rows = [
        _Row(tiles.ys[r], tiles.ys[r + 1], _bare_walls(tiles, bare, r) if bare[r] else tiles.walls(r))
        for r in range(n_rows)
    ]
    hull = Box(tiles.xs[0], tiles.ys[0], tiles.xs[-1], tiles.ys[-1])
    if _share_cut(rows, [w for w in words if hull.contains(*w.box.center)]) > _CUT:
        return []
    horizontal = tiles.horizontal_rules()
    if any(bare):
        height = min(row.bottom - row.top for row, empty in zip(rows, bare, strict=True) if empty)
        rows += _last_bare_row(rows[-1], height, hull, words)
        horizontal.append(Rule(True, rows[-1].bottom, hull.x0, hull.x1))
    return horizontal + [Rule(False, x, row.top, row.bottom) for row in rows for x in (hull.x0, *row.walls, hull.x1)]


def _bare_walls(tiles: Tiles, bare: Sequence[bool], row: int) -> tuple[float, ...]:
    """The column edges of a row without fills: those of the coloured row above or below that has more."""
    above = next((r for r in range(row - 1, -1, -1) if not bare[r]), None)
    below = next((r for r in range(row + 1, len(bare)) if not bare[r]), None)
    return max((tiles.walls(r) for r in (below, above) if r is not None), key=len, default=())


def _last_bare_row(last: _Row, height: float, hull: Box, words: Sequence[Word]) -> list[_Row]:
    """A row without fill under the last coloured one, where words stand in at least two of its columns."""
    row = _Row(last.bottom, last.bottom + height, last.walls)
    band = Box(hull.x0, row.top, hull.x1, row.bottom)
    inside = [word for word in words if band.contains(*word.box.center)]
    columns = {sum(word.box.center[0] >= wall for wall in row.walls) for word in inside}
    return [row] if len(columns) >= 2 and not _share_cut([row], inside) else []


def _share_cut(rows: Iterable[_Row], words: Sequence[Word]) -> float:
    """The share of words that a column edge runs through."""
    cut = 0
    bands = list(rows)
    for word in words:
        y = word.box.center[1]
        walls = next((row.walls for row in bands if row.top <= y <= row.bottom), ())
        cut += any(word.box.x0 + _INSIDE < x < word.box.x1 - _INSIDE for x in walls)
    return cut / len(words) if words else 0.0
