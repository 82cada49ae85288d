"""Lines of a text that reach over a rule so far that they seem to stand in the next cell.

A page break may cut a text within a line: a repeated header is painted over the upper part of the line, or a clip
shows its foot only. By their place such lines belong to the header; by their distance they belong to their text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lanci.document import Grid, Word
from lanci.grid.lookup import GridLookup

REACH = 0.1
"""Share of its height by which a word reaches over a rule."""

_MOST = 100  # words over rules that are looked at, and words of a cell: a bound for hostile pages
_SAME_SIZE = 0.04  # share of its height by which a word of another size differs at the least
_SAME_PITCH = 0.08  # share by which the distances of the lines of one text differ at the most


def return_strays(
    grid: Grid, lookup: GridLookup, contents: dict[int, list[Word]], over_rules: Iterable[tuple[Word, int]]
) -> set[int]:
    """Give lines that go on with the text of the next row's cell, and not with that of their own, back to it.

    ``contents`` (cell index to its words) is changed in place.

    Args:
        grid: the grid.
        lookup: finds its cells.
        contents: what stands in each cell.
        over_rules: the words that reach over the upper or lower rule of their cell, with the cell's index.

    Returns:
        The cells at which a person should look: those that got a line, which is seen in part, and those that keep
        one between their own text and a blank cell, of which nothing tells where it belongs.
    """
    doubtful: set[int] = set()
    for word, index in list(over_rules)[:_MOST]:
        words = contents.get(index, [])
        cell = grid.cells[index]
        down = word.box.y1 > cell.box.y1
        row = cell.row + cell.row_span if down else cell.row - 1
        if not 0 <= row < grid.n_rows or len(words) < 2 or word not in words:
            continue
        other = lookup.owner(row, cell.col)
        if _has_neighbour(word, words):
            continue
        target = contents.get(other, [])
        if _goes_on(word, target, down=down):
            words.remove(word)
            target.insert(_first(target, word) if down else len(target), word)
            doubtful.add(other)
        elif not target and not any(_is_same_size(w, word) for w in words if w is not word):
            doubtful.add(index)
    return doubtful


def _goes_on(word: Word, words: Sequence[Word], *, down: bool) -> bool:
    """Whether a word is a line of the text that two or more lines at its distance and of its size go on with."""
    tops = sorted({w.box.y0 for w in words[:_MOST] if _is_same_size(w, word) and _is_beneath(w, word)})
    if not down:
        tops = [-top for top in reversed(tops)]
    if len(tops) < 2:
        return False
    top = word.box.y0 if down else -word.box.y0
    pitch = tops[1] - tops[0]
    return pitch < 2 * word.box.height and abs(tops[0] - top - pitch) <= _SAME_PITCH * pitch


def _has_neighbour(word: Word, words: Sequence[Word]) -> bool:
    """Whether a line of the same size stands at the usual distance in the word's own cell."""
    height = word.box.height
    return any(
        _is_same_size(w, word) and 0.5 * height < abs(w.box.y0 - word.box.y0) < 2 * height for w in words[:_MOST]
    )


def _is_same_size(word: Word, other: Word) -> bool:
    return abs(word.box.height - other.box.height) <= _SAME_SIZE * other.box.height


def _is_beneath(word: Word, other: Word) -> bool:
    """Whether two words stand in one column of text."""
    return word.box.x0 < other.box.x1 and other.box.x0 < word.box.x1


def _first(words: Sequence[Word], word: Word) -> int:
    """Where a line that stands above all others is put among them, in the order of drawing."""
    return next((i for i, w in enumerate(words) if w.box.y0 > word.box.y0), len(words))
