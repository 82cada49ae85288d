"""Words of the text layer into the cells of a page's grids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lanci.document import CellReading, Grid, Word
from lanci.grid.compose import words_to_reading
from lanci.grid.lookup import GridLookup
from lanci.grid.overprint import doubtful_cells, return_spilled
from lanci.grid.seams import CROSSING, cut_at_rules
from lanci.grid.strays import REACH, return_strays
from lanci.numbers import looks_numeric

_RUNS_ON = 0.5  # times its height: how far a word must reach over its cell's side for the next word to follow it
_WORD_SPACE = 0.7  # times its height: the widest space between two words of one text
_SAME_LINE = 0.5  # points between the tops of two words of one line


@dataclass(frozen=True, slots=True)
class Filled:
    """Readings for each grid (in the order of its cells) and the words that lie in none of them."""

    readings: tuple[tuple[CellReading, ...], ...]
    outside: tuple[Word, ...]


def fill_from_words(grids: Sequence[Grid], words: Sequence[Word]) -> Filled:
    """Give every word to the one cell that holds it, and join each cell's words to its text.

    Args:
        grids: the grids of one page.
        words: the words of the page in drawing order.
    """
    fillings = [_Filling(grid) for grid in grids]
    outside: list[Word] = []
    for word in words:
        box = word.box
        x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
        for filling in fillings:
            region = filling.region
            if region.x0 <= x <= region.x1 and region.y0 <= y <= region.y1:
                filling.add(word)
                break
        else:
            outside.append(word)
    return Filled(tuple([filling.readings() for filling in fillings]), tuple(outside))


class _Filling:
    """One grid while it is filled, word by word."""

    def __init__(self, grid: Grid) -> None:
        self.region = grid.region.box
        self._grid = grid
        self._lookup = GridLookup(grid)
        self._contents: dict[int, list[Word]] = {}
        self._doubtful: set[int] = set()
        self._over_rules: list[tuple[Word, int]] = []
        self._overflow: tuple[Word, int] | None = None

    def add(self, word: Word) -> None:
        """Put a word into its cell, or its parts into theirs when it is the touching texts of several cells."""
        lookup, box = self._lookup, word.box
        if self._overflow is not None and _follows(word, self._overflow[0]):
            index = self._overflow[1]
            self._contents[index].append(word)
            self._overflow = (word, index)
            return
        self._overflow = None
        if lookup.col_at(box.x0 + CROSSING) == lookup.col_at(box.x1 - CROSSING):
            self._put(word)
            return
        for piece in cut_at_rules(word, self._grid, lookup):
            self._put(piece)

    def _put(self, word: Word) -> None:
        index, doubtful = self._lookup.cell_at(word.box)
        self._contents.setdefault(index, []).append(word)
        if doubtful:
            self._doubtful.add(index)
        box, cell = word.box, self._grid.cells[index].box
        reach = REACH * (box.y1 - box.y0)
        if cell.y0 - box.y0 > reach or box.y1 - cell.y1 > reach:
            self._over_rules.append((word, index))
        if box.x1 - cell.x1 > _RUNS_ON * box.height:
            self._overflow = (word, index)

    def readings(self) -> tuple[CellReading, ...]:
        """What stands in each cell, in the grid's order."""
        contents = self._contents
        if self._over_rules:
            self._doubtful |= return_strays(self._grid, self._lookup, contents, self._over_rules)
        overprints = return_spilled(self._grid, self._lookup, contents)
        if len(overprints) > 1:
            self._doubtful |= doubtful_cells(self._grid, contents, overprints)
        return tuple(
            [
                words_to_reading(contents.get(index, ()), cell.box, index in self._doubtful)
                for index, cell in enumerate(self._grid.cells)
            ]
        )


def _follows(word: Word, before: Word) -> bool:
    """Whether a word goes on the text of a word that runs over the side of its cell; an amount never does."""
    return (
        word.after_space
        and abs(word.box.y0 - before.box.y0) < _SAME_LINE
        and 0.0 <= word.box.x0 - before.box.x1 < _WORD_SPACE * before.box.height
        and not looks_numeric(word.text)
    )
