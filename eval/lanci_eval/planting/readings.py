"""A printed table as OCR gives it: where cells come from, how sure the reader is, what else it might have read.

How often a right amount comes with other readings, which these are and how probable, is taken from 3,390 amounts
of made-up pages scanned at 150 dpi: 3.8 % had any. They lack a digit, a point or a comma, and seldom show another
digit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from lanci.document import Alternative, Cell, Table, TextSource
from lanci.numbers import parse_amount
from lanci_eval.factory.names import chance
from lanci_eval.planting.texts import confuse_digit, drop_digit, lose_point, swap_sign

RIGHT_AMONG = 0.6
"""How often the printed text is among the other readings of a misread cell."""
_DOUBTED = 0.038
_MOST_RIVALS = 3
_FAINT = (-6.0, -3.5)
"""Powers of ten between which a wrong rival of a reading lies."""
_STRONG = (-4.0, -0.5)
"""Those between which the printed text lies where something else was read."""
_SURE, _UNSURE = (0.985, 0.9995), (0.3, 0.999)
"""Confidence of right and of wrong readings."""

_Misread = Callable[[str, np.random.Generator], "str | None"]
_RIVALS: tuple[tuple[_Misread, float], ...] = (
    (drop_digit, 0.6),
    (lose_point, 0.2),
    (confuse_digit, 0.12),
    (swap_sign, 0.08),
)


def read_rightly(table: Table, rng: np.random.Generator) -> Table:
    """The table with every cell read by OCR as it is printed; a few amounts have other readings, all wrong."""
    cells = tuple(read_cell(replace(cell, source=TextSource.OCR, needs_review=False), rng) for cell in table.cells)
    return replace(table, cells=cells)


def read_cell(cell: Cell, rng: np.random.Generator) -> Cell:
    """The cell read as it is printed, with the other readings that right ones have."""
    others: tuple[Alternative, ...] = ()
    if parse_amount(cell.text) is not None and chance(rng, _DOUBTED):
        others = _rivals(cell.text, int(rng.integers(1, _MOST_RIVALS + 1)), rng)
    return replace(cell, confidence=round(float(rng.uniform(*_SURE)), 4), alternatives=others)


def misread(cell: Cell, text: str, rng: np.random.Generator) -> Cell:
    """The cell with a text that is not what its print shows; that may be among the other readings."""
    printed = (Alternative(cell.text, _power(_STRONG, rng)),) if chance(rng, RIGHT_AMONG) else ()
    rivals = _rivals(text, int(rng.integers(0, _MOST_RIVALS)), rng)
    others = tuple(one for one in rivals if one.text != cell.text)
    alternatives = tuple(sorted((*printed, *others), key=lambda one: (-one.probability, one.text)))
    confidence = round(float(rng.uniform(*_UNSURE)), 4)
    return replace(cell, text=text, value=None, confidence=confidence, alternatives=alternatives)


def misplace(cell: Cell, text: str, rng: np.random.Generator) -> Cell:
    """The cell with the text of another place or none: what the reader saw of it, it read rightly."""
    return replace(cell, text=text, value=None, confidence=round(float(rng.uniform(*_SURE)), 4), alternatives=())


def _rivals(text: str, count: int, rng: np.random.Generator) -> tuple[Alternative, ...]:
    """Up to so many other readings of a text, the likeliest first."""
    weights = np.array([weight for _, weight in _RIVALS])
    drawn = rng.choice(len(_RIVALS), size=count, p=weights / weights.sum())
    texts = dict.fromkeys(other for index in drawn if (other := _RIVALS[int(index)][0](text, rng)))
    found = [Alternative(other, _power(_FAINT, rng)) for other in texts]
    return tuple(sorted(found, key=lambda one: (-one.probability, one.text)))


def _power(exponents: tuple[float, float], rng: np.random.Generator) -> float:
    return round(float(10 ** rng.uniform(*exponents)), 6)
