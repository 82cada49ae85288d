"""Texts that are printed over each other inside one cell."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

from lanci.document import Box, Grid, Word
from lanci.grid.lookup import GridLookup
from lanci.text import is_cjk

_OVERPRINT = 0.3  # share of the smaller word's area; the boxes of neighbouring lines share less
_SPILL = 0.5  # points by which a word must reach over the upper or lower rule of its cell
_HIDDEN = 0.28  # share of the lower glyphs' height by which they must lie over others
_LATIN = 0.5  # width of a Latin letter or digit in ems
_ONE_ZONE = 72.0  # points, some six lines: overprints that stand no further apart are of one place
_LEADING = 0.5  # times its height: the widest space under a line of text before the next one
_NEAR = 200  # words after it, from the top, that a word is compared with: more at one height is no table's cell


def overprinted(words: Sequence[Word]) -> bool:
    """Whether two words cover each other by more than the boxes of neighbouring lines do."""
    if len(words) == 2:
        return _covers(words[0], words[1])
    ordered = sorted(words, key=lambda w: w.box.y0)
    for i, upper in enumerate(ordered):
        bottom = upper.box.y1
        for other in ordered[i + 1 : i + 1 + _NEAR]:
            if other.box.y0 >= bottom:
                break
            if _covers(upper, other):
                return True
    return False


def return_spilled(grid: Grid, lookup: GridLookup, contents: dict[int, list[Word]]) -> list[int]:
    """Give lines that run over a rule onto another cell's text back to the cell that they come from.

    The last line of a label that is too long for its row reaches over the rule below it; a page shows only its
    upper part, over which the next row's text stands. ``contents`` (cell index to its words) is changed in place.

    Returns:
        The cells whose text is printed over text all the same, in ascending order.
    """
    left: list[int] = []
    for index in sorted(contents):
        words = contents[index]
        if len(words) < 2 or not overprinted(words):
            continue
        cell = grid.cells[index]
        low, high = cell.box.y0 - _SPILL, cell.box.y1 + _SPILL
        inside = [w for w in words if low <= w.box.y0 and w.box.y1 <= high]
        moved = False
        for word in [w for w in words if w.box.y0 < low or w.box.y1 > high]:
            row = cell.row - 1 if word.box.y0 < low else cell.row + cell.row_span
            if 0 <= row < grid.n_rows and any(_covers(word, other) for other in inside):
                words.remove(word)
                contents.setdefault(lookup.owner(row, cell.col), []).append(word)
                moved = True
        if not moved or overprinted(words):
            left.append(index)
    return left


def doubtful_cells(grid: Grid, contents: Mapping[int, Sequence[Word]], overprints: Sequence[int]) -> set[int]:
    """The cells that a second text printed over a table makes doubtful, also where no word covers another.

    Overprints in several columns are two parts of a table in one place: the rules are those of both, and a cell
    may hold the end of one text above the beginning of another. Nothing between the first and the last row of
    such a place is sure, nor a text that goes on across its edge, nor that a cell is blank.

    Args:
        grid: the grid.
        contents: cell index to the cell's words.
        overprints: the cells whose text is printed over text.
    """
    doubtful: set[int] = set()
    edges = grid.row_edges
    for first, last, columns in _zones([(*_covered(contents[i]), grid.cells[i].col) for i in overprints]):
        if len(columns) < 2:
            continue
        top, bottom = edges[bisect_right(edges, first, 1) - 1], edges[bisect_left(edges, last, 0, grid.n_rows)]
        inside: list[Word] = []
        outside: list[int] = []
        for index, cell in enumerate(grid.cells):
            words = contents.get(index, ())
            if any(top < box.y1 and box.y0 < bottom for box in [word.box for word in words] or [cell.box]):
                doubtful.add(index)
                inside.extend(words)
            elif words:
                outside.append(index)
        above = [w for w in inside if w.box.y0 - top < w.box.height][:_NEAR]
        below = [w for w in inside if bottom - w.box.y1 < w.box.height][:_NEAR]
        for index in outside:
            start, end = contents[index][0], contents[index][-1]
            upper, lower = any(_is_next_line(end, w) for w in above), any(_is_next_line(w, start) for w in below)
            if upper or lower:
                doubtful.add(index)
    return doubtful


def _zones(overprints: Sequence[tuple[float, float, int]]) -> list[tuple[float, float, set[int]]]:
    """Overprints (top, bottom and column of each) that lie near each other, taken together, from the top."""
    zones: list[tuple[float, float, set[int]]] = []
    for top, bottom, col in sorted(overprints):
        if zones and top - zones[-1][1] <= _ONE_ZONE:
            first, last, columns = zones[-1]
            zones[-1] = (first, max(last, bottom), columns | {col})
        else:
            zones.append((top, bottom, {col}))
    return zones


def _covered(words: Sequence[Word]) -> tuple[float, float]:
    """Where the first of the words that cover each other begins and the last of them ends."""
    ordered = sorted(words, key=lambda w: w.box.y0)
    over: list[Box] = []
    for i, upper in enumerate(ordered):
        for other in ordered[i + 1 : i + 1 + _NEAR]:
            if other.box.y0 >= upper.box.y1:
                break
            if _covers(upper, other):
                over += (upper.box, other.box)
    return min(box.y0 for box in over), max(box.y1 for box in over)


def _is_next_line(upper: Word, lower: Word) -> bool:
    """Whether one word stands under the other as near as the next line of one text."""
    a, b = upper.box, lower.box
    return a.x0 < b.x1 and b.x0 < a.x1 and b.y1 > a.y1 and b.y0 - a.y1 < _LEADING * a.height


def split_layers(words: Sequence[Word]) -> list[list[Word]]:
    """Words printed over each other as the texts that were drawn one after the other.

    Args:
        words: all words of a cell in drawing order.
    """
    layers: list[list[Word]] = [[]]
    for word in words:
        if any(_covers(word, other) for other in layers[-1][-_NEAR:]):
            layers.append([])
        layers[-1].append(word)
    return layers


def _covers(word: Word, other: Word) -> bool:
    """Whether two words hide a good part of each other.

    Punctuation does not count: its full-width box is mostly empty. Nor do boxes that only their font makes high.
    """
    a, b = word.box, other.box
    width = min(a.x1, b.x1) - max(a.x0, b.x0)
    height = min(a.y1, b.y1) - max(a.y0, b.y0)
    if width <= 0.0 or height <= 0.0:
        return False
    smaller = min((a.x1 - a.x0) * (a.y1 - a.y0), (b.x1 - b.x0) * (b.y1 - b.y0))
    if width * height <= _OVERPRINT * smaller or not (_says_something(word) and _says_something(other)):
        return False
    height_a, height_b = _glyph_height(word), _glyph_height(other)
    common = (height_a + height_b) / 2 - abs(a.y0 + a.y1 - b.y0 - b.y1) / 2
    return common > _HIDDEN * min(height_a, height_b)


def _glyph_height(word: Word) -> float:
    """How high the glyphs of a word are, judged by their width where the box is higher than any glyph."""
    ems = sum(1.0 if is_cjk(char) else _LATIN for char in word.text)
    return min(word.box.height, max(word.box.width, word.box.height / len(word.text)) / ems)


def _says_something(word: Word) -> bool:
    return any(char.isalnum() for char in word.text)
