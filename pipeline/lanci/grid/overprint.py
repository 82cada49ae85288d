"""Texts that are printed over each other inside one cell."""

from __future__ import annotations

from collections.abc import Sequence

from lanci.document import Grid, Word
from lanci.grid.lookup import GridLookup
from lanci.text import is_cjk

_OVERPRINT = 0.3  # share of the smaller word's area; the boxes of neighbouring lines share less
_SPILL = 0.5  # points by which a word must reach over the upper or lower rule of its cell
_HIDDEN = 0.28  # share of the lower glyphs' height by which they must lie over others
_LATIN = 0.5  # width of a Latin letter or digit in ems
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


def return_spilled(grid: Grid, lookup: GridLookup, contents: dict[int, list[Word]]) -> None:
    """Give lines that run over a rule onto another cell's text back to the cell that they come from.

    The last line of a label that is too long for its row reaches over the rule below it; a page shows only its
    upper part, over which the next row's text stands. ``contents`` (cell index to its words) is changed in place.
    """
    for index in sorted(contents):
        words = contents[index]
        if len(words) < 2 or not overprinted(words):
            continue
        cell = grid.cells[index]
        low, high = cell.box.y0 - _SPILL, cell.box.y1 + _SPILL
        inside = [w for w in words if low <= w.box.y0 and w.box.y1 <= high]
        for word in [w for w in words if w.box.y0 < low or w.box.y1 > high]:
            row = cell.row - 1 if word.box.y0 < low else cell.row + cell.row_span
            if 0 <= row < grid.n_rows and any(_covers(word, other) for other in inside):
                words.remove(word)
                contents.setdefault(lookup.owner(row, cell.col), []).append(word)


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
