"""Words of the text layer into the cells of a page's grids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from lanci.document import Box, CellReading, Grid, Word
from lanci.grid.lookup import GridLookup
from lanci.numbers import parse_amount
from lanci.page.text import NUMBER_CHARS, line_to_text, words_to_lines
from lanci.text import is_cjk, join_lines

_APART = 1.15  # times the widest step between two digits of a number, which all have the same width
_OVERPRINT = 0.3  # share of the smaller word's area; the boxes of neighbouring lines share less
_SPILL = 0.5  # points by which a word must reach over the upper or lower rule of its cell
_OVERLAP = 0.5  # points; a word that reaches over a rule by less than this does not cross it


@dataclass(frozen=True, slots=True)
class Filled:
    """Readings for each grid (in the order of its cells) and the words that lie in none of them."""

    readings: tuple[tuple[CellReading, ...], ...]
    outside: tuple[Word, ...]


def fill_from_words(grids: Sequence[Grid], words: Sequence[Word]) -> Filled:
    """Give every word to the one cell that holds it, and join each cell's words to its text."""
    contents: list[list[list[Word]]] = [[[] for _ in grid.cells] for grid in grids]
    lookups = [GridLookup(grid) for grid in grids]
    outside: list[Word] = []
    for word in words:
        index = _grid_at(grids, word.box)
        if index is None:
            outside.append(word)
            continue
        for piece in _cut_at_rules(word, grids[index], lookups[index]):
            contents[index][lookups[index].cell_at(piece.box)].append(piece)
    for grid, lookup, cells in zip(grids, lookups, contents, strict=True):
        _return_spilled(grid, lookup, cells)
    readings = tuple(tuple(_words_to_reading(cell) for cell in cells) for cells in contents)
    return Filled(readings, tuple(outside))


def _grid_at(grids: Sequence[Grid], box: Box) -> int | None:
    x, y = box.center
    for index, grid in enumerate(grids):
        if grid.region.box.contains(x, y):
            return index
    return None


def _cut_at_rules(word: Word, grid: Grid, lookup: GridLookup) -> Iterator[Word]:
    """Cut a word where it runs on into the next cell: texts of two cells may touch without a gap.

    It is cut only where a number meets Chinese text (``2010301行政运行``) or two amounts meet that are no
    amount together (``441.81154,304.22``) or leave a gap (``4.82 2026``); a number is never cut, and text that
    overflows its cell stays whole.
    """
    start = 0
    row = lookup.row_at(word.box.center[1])
    for col in range(1, grid.n_cols) if word.stops else ():
        edge = grid.col_edges[col]
        if not word.box.x0 + _OVERLAP < edge < word.box.x1 - _OVERLAP:
            continue
        if lookup.owner(row, col - 1) == lookup.owner(row, col):
            continue  # a spanning cell has no side here
        cut = _nearest_seam(word, edge)
        if cut is not None and cut > start:
            yield _slice(word, start, cut)
            start = cut
    yield _slice(word, start, len(word.text)) if start else word


def _nearest_seam(word: Word, edge: float) -> int | None:
    """The character index nearest to ``edge`` at which two texts meet, at most one character away from it."""
    reach = max(word.box.height, 1.0)
    best: tuple[float, int] | None = None
    for i in range(1, len(word.text)):
        distance = abs(word.box.x0 + word.stops[i] * word.box.width - edge)
        if distance <= reach and _is_seam(word, i) and (best is None or distance < best[0]):
            best = (distance, i)
    return best[1] if best else None


def _is_seam(word: Word, i: int) -> bool:
    """Whether two texts can meet before character ``i``: a number and Chinese text, or two whole amounts."""
    left, right = word.text[i - 1], word.text[i]
    if (left in NUMBER_CHARS) != (right in NUMBER_CHARS):
        return is_cjk(left) or is_cjk(right)
    if left not in NUMBER_CHARS:
        return False
    start, end = i, i
    while start and word.text[start - 1] in NUMBER_CHARS:
        start -= 1
    while end < len(word.text) and word.text[end] in NUMBER_CHARS:
        end += 1
    if any(parse_amount(half) is None for half in (word.text[start:i], word.text[i:end])):
        return False
    return parse_amount(word.text[start:end]) is None or _stands_apart(word, start, i, end)


def _stands_apart(word: Word, start: int, i: int, end: int) -> bool:
    """Whether the digits before and after ``i`` stand further apart than those of the two numbers do."""
    steps = [word.stops[k] - word.stops[k - 1] for k in range(start + 1, end) if k != i and word.text[k - 1].isdigit()]
    return bool(steps) and word.stops[i] - word.stops[i - 1] > _APART * max(steps)


def _slice(word: Word, start: int, end: int) -> Word:
    x0 = word.box.x0 + word.stops[start] * word.box.width
    x1 = word.box.x0 + word.stops[end] * word.box.width if end < len(word.stops) else word.box.x1
    box = replace(word.box, x0=x0, x1=x1)
    return replace(word, text=word.text[start:end], box=box, stops=(), after_space=word.after_space and start == 0)


def _return_spilled(grid: Grid, lookup: GridLookup, contents: list[list[Word]]) -> None:
    """Give lines that run over a rule onto another cell's text back to the cell that they come from.

    The last line of a label that is too long for its row reaches over the rule below it; a page shows only its
    upper part, over which the next row's text stands.
    """
    for index, cell in enumerate(grid.cells):
        words = contents[index]
        if len(words) < 2 or not _overprinted(words):
            continue
        inside = [w for w in words if cell.box.y0 - _SPILL <= w.box.y0 and w.box.y1 <= cell.box.y1 + _SPILL]
        for word in [w for w in words if w not in inside and _overprinted_by(w, inside)]:
            row = cell.row - 1 if word.box.y0 < cell.box.y0 - _SPILL else cell.row + cell.row_span
            if 0 <= row < grid.n_rows:
                words.remove(word)
                contents[lookup.owner(row, cell.col)].append(word)


def _words_to_reading(words: Sequence[Word]) -> CellReading:
    """The text of a cell; a person should look where words are printed over each other."""
    text = join_lines([line_to_text(line) for line in words_to_lines(words)])
    return CellReading(text, needs_review=_overprinted(words))


def _overprinted(words: Sequence[Word]) -> bool:
    """Whether two words cover each other by more than the boxes of neighbouring lines do."""
    ordered = sorted(words, key=lambda w: w.box.y0)
    for i, upper in enumerate(ordered):
        n_near = sum(w.box.y0 < upper.box.y1 for w in ordered[i + 1 :])
        if _overprinted_by(upper, ordered[i + 1 : i + 1 + n_near]):
            return True
    return False


def _overprinted_by(word: Word, others: Iterable[Word]) -> bool:
    """Punctuation does not count: its full-width box is mostly empty."""
    return _says_something(word) and any(
        word.box.intersect(other.box).area > _OVERPRINT * min(word.box.area, other.box.area)
        for other in others
        if _says_something(other)
    )


def _says_something(word: Word) -> bool:
    return any(char.isalnum() for char in word.text)
