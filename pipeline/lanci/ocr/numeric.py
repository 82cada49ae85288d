"""Reading number columns of a grid with the grammar of printed numbers."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lanci.document import Alternative, Grid
from lanci.numbers import decimal_places, looks_numeric
from lanci.ocr.ctc import AMOUNT, lattice_to_amounts
from lanci.ocr.engine import Lattice, LineReading
from lanci.text import is_cjk, normalize, squash

_NUMERIC_SHARE = 0.6
"""Share of numbers among the inked cells from a column's first number down, from which it is a number column."""
_MIN_NUMBERS = 2
_SURE = 0.98
"""Greedy readings above this are not searched for rivals: on 3,045 amounts of drawn and
degraded tables (150 to 300 dpi) the recogniser itself gave no wrong number above it."""
_WORTH, _LEAD = 0.002, 3.0
"""Least probability of a constrained reading that may stand for a greedy one that is no number, and how much
more probable than the next number it must be. Thousands commas read as points come out at 0.003 to 0.02."""
_RIVAL = 0.1
"""A second reading this probable, relative to the first, makes the first doubtful."""
_DASHES = set("-－—–−―一/")


@dataclass(frozen=True, slots=True)
class Reading:
    """A cell's text with its probability, the rivals, and whether it is doubtful beyond the probability."""

    text: str
    confidence: float
    alternatives: tuple[Alternative, ...] = ()
    doubtful: bool = False


def find_number_cells(grid: Grid, texts: Sequence[str]) -> set[int]:
    """Indices of the cells in the body of number columns: all inked ones from the first number down.

    Args:
        grid: the cells' places.
        texts: the greedy text of every cell.
    """
    found: set[int] = set()
    for col in range(grid.n_cols):
        column = [i for i, cell in enumerate(grid.cells) if cell.col == col and cell.col_span == 1 and squash(texts[i])]
        numbers = [i for i in column if _is_number_like(texts[i])]
        if len(numbers) < _MIN_NUMBERS:
            continue
        body = [i for i in column if i >= numbers[0]]
        if len(numbers) >= _NUMERIC_SHARE * len(body):
            found.update(body)
    return found


def _is_number_like(text: str) -> bool:
    return looks_numeric(squash(text))


def refine_number(greedy: Reading, lines: Sequence[LineReading]) -> Reading:
    """Read a cell of a number column again, held to the number grammar where the greedy text needs it.

    The text is never anything that the recogniser did not propose: the greedy reading where it is a number,
    else the most probable number of the CTC lattice; the other becomes an alternative.
    """
    text = _plain(greedy.text)
    if set(text) <= _DASHES or _is_word(greedy):
        return greedy
    is_number = bool(AMOUNT.fullmatch(text))
    if is_number and greedy.confidence >= _SURE:
        return Reading(text, greedy.confidence)
    rivals = lattice_to_amounts(_join_lattices(lines)) if all(r.lattice is not None for r in lines) else ()
    if is_number:
        return _weigh(text, greedy, rivals)
    leads = len(rivals) < 2 or rivals[0].probability >= _LEAD * rivals[1].probability
    if rivals and rivals[0].probability >= _WORTH and leads:
        best = rivals[0]
        others = (Alternative(normalize(greedy.text), round(greedy.confidence, 4)), *rivals[1:])
        return Reading(best.text, min(best.probability, 1.0), others, doubtful=True)
    return Reading(greedy.text, greedy.confidence, rivals, doubtful=True)


def find_odd_decimals(texts: dict[int, str]) -> set[int]:
    """Cells whose three decimals are alone in their column: a thousands comma may have been read as a point."""
    three = {i for i, text in texts.items() if decimal_places(text) == 3}
    more = sum(decimal_places(text) > 3 for text in texts.values())
    return three if three and more == 0 and len(three) <= len(texts) / 4 else set()


def _weigh(text: str, greedy: Reading, rivals: tuple[Alternative, ...]) -> Reading:
    own = next((r.probability for r in rivals if r.text == text), greedy.confidence)
    others = tuple(r for r in rivals if r.text != text)
    doubtful = bool(others) and others[0].probability >= _RIVAL * own
    return Reading(text, greedy.confidence, others, doubtful)


def _plain(text: str) -> str:
    """Half-width digits and signs: which width was printed the recogniser cannot tell reliably."""
    return unicodedata.normalize("NFKC", text).strip().replace("−", "-").replace("–", "-")


def _is_word(reading: Reading) -> bool:
    """A word set among numbers (无, 小计), read with certainty."""
    text = squash(reading.text)
    return len(text) >= 2 and all(is_cjk(c) for c in text) and reading.confidence >= 0.9


def _join_lattices(lines: Sequence[LineReading]) -> Lattice:
    """One lattice for a number that is wrapped over lines, with a frame of nothing between them."""
    parts: list[Lattice] = []
    for line in lines:
        if line.lattice is None:
            continue
        if parts:
            gap = np.zeros((1, line.lattice.shape[1]), dtype=np.float32)
            gap[0, 0] = 1.0
            parts.append(gap)
        parts.append(line.lattice)
    return np.concatenate(parts)
