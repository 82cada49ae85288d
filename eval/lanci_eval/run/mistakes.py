"""The worst cells of a document, for the gallery of errors."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from enum import IntEnum

from rapidfuzz.distance import Levenshtein

from lanci.interpret.units import unit_factor
from lanci.text import squash
from lanci_eval.matching import Comparison, TablePair
from lanci_eval.matching.places import PagePlaces, found_places
from lanci_eval.metrics.amounts import GoldAmount, gold_amounts
from lanci_eval.records import EvalCell
from lanci_eval.results import Mistake

_MAX_LOG = 1000.0
"""Above the logarithm of any float."""


class _Kind(IntEnum):
    """How bad a mistake is; within a kind its size decides."""

    MISSING_TEXT = 0
    WRONG_TEXT = 1
    MARKED_AMOUNT = 2
    MISSING_AMOUNT = 3
    SILENT_AMOUNT = 4


def find_mistakes(comparison: Comparison, limit: int) -> tuple[Mistake, ...]:
    """The worst ``limit`` cells of the logical tables, the worst first.

    Wrong amounts that nothing flags come first, by how far they are off in 元 (as printed where the unit is not
    known); then missing amounts by size, flagged wrong amounts, wrong texts by the share of wrong characters, and
    missing texts. Of a table that was not found only its largest amount is listed, or its first text. Places count
    rows and columns from 0, as everywhere in the records.
    """
    pages = PagePlaces(comparison)
    mistakes = [mistake for pair in comparison.tables for mistake in _of_pair(pair, pages)]
    return tuple(sorted(mistakes, key=lambda mistake: -mistake.weight)[:limit])


def _of_pair(pair: TablePair, pages: PagePlaces) -> list[Mistake]:
    """The mistakes in one true table, amounts first, in the order of its cells."""
    if pair.truth is None:
        return []
    amounts = list(gold_amounts(pair, pages))
    gold = {(amount.cell.row, amount.cell.col) for amount in amounts}
    factor = unit_factor(pair.truth.unit) or Decimal(1)
    mistakes = [_amount_mistake(pair.truth.id, amount, factor) for amount in amounts if not amount.exact]
    mistakes += _text_mistakes(pair, gold)
    if pair.found is None and mistakes:
        return [max(mistakes, key=lambda mistake: mistake.weight)]
    return mistakes


def _amount_mistake(table: str, amount: GoldAmount, factor: Decimal) -> Mistake:
    off = abs(amount.gold if amount.value is None else amount.gold - amount.value) * factor
    if amount.marked:
        kind = _Kind.MARKED_AMOUNT
    else:
        is_blank = amount.seen is None or not amount.seen.text.strip()
        kind = _Kind.MISSING_AMOUNT if is_blank else _Kind.SILENT_AMOUNT
    return _mistake(table, amount.cell, amount.seen, kind, float(off))


def _text_mistakes(pair: TablePair, gold: set[tuple[int, int]]) -> Iterator[Mistake]:
    """The true cells other than amounts whose text is missing or differs from what stands at their place."""
    assert pair.truth is not None
    places = found_places(pair)
    for cell in pair.truth.cells:
        text, own, other = squash(cell.text), places.begins(cell), places.covers(cell)
        if (cell.row, cell.col) in gold or not (text or own):
            continue
        if other is None:
            yield _mistake(pair.truth.id, cell, None, _Kind.MISSING_TEXT, 1.0)
        elif (read := squash(other.text)) != text:
            yield _mistake(pair.truth.id, cell, other, _Kind.WRONG_TEXT, Levenshtein.normalized_distance(text, read))


def _mistake(table: str, cell: EvalCell, other: EvalCell | None, kind: _Kind, size: float) -> Mistake:
    """``size`` is at least 0; its logarithm, well below 1 in all, orders mistakes of one kind."""
    seen = cell if other is None or other.box is None else other
    box = seen.box
    return Mistake(
        table=table,
        place=f"{table} row {cell.row}, column {cell.col}",
        expected=cell.text,
        read=None if other is None else other.text,
        marked=other is not None and other.marked,
        is_amount=kind >= _Kind.MARKED_AMOUNT,
        page=seen.page,
        box=None if box is None else (box.x0, box.y0, box.x1, box.y1),
        weight=kind + math.log1p(size) / _MAX_LOG,
    )
