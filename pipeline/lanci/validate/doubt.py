"""How probable it is that an amount is not what is printed: how it was read, and what the constraints say of it."""

from __future__ import annotations

from collections.abc import Collection

from lanci.document import AmountStatus, Cell, CellRef, Table
from lanci.validate.graph import Verdict

LIMIT = 0.01
"""Probability of a wrong amount above which a person should look at it."""

_COINCIDENCE = 0.01
"""How often a constraint holds with a wrong amount in it."""
_ENOUGH = 2
"""More proofs than this are not more independent of each other than two."""
_SUSPECTED = 0.05
"""The least doubt in an amount that a stage before marked, for whatever reason."""
_UNEXPLAINED = 0.5
"""The least doubt in an amount that contradicts others in a way that no few changes explain."""
_SPREADS = 0.5
"""How probable it is that what is wrong with some amounts of a page is wrong with each of the others, too."""
_LEAST = 1e-4
"""No reading is surer than the recogniser's model of confidence can tell."""


def find_damage(table: Table, misplaced: Collection[CellRef]) -> dict[int, float]:
    """By row, the doubt in whatever was read on its page of the table, for other amounts that have no place there.

    Where the columns of a page were cut wrongly some of its amounts show it, and others do not. Rows without such doubt
    may be left out.

    Args:
        table: with the values of its cells.
        misplaced: the cells of which it cannot be told to which column they belong.
    """
    damage: dict[int, float] = {}
    for part in table.fragments if misplaced else ():
        rows = range(part.first_row, part.last_row + 1)
        amounts = [cell for cell in table.cells if cell.row in rows and cell.value is not None]
        n_misplaced = sum(CellRef(table.id, cell.row, cell.col) in misplaced for cell in amounts)
        share = n_misplaced / max(len(amounts), 1)
        damage.update((row, max(share * _SPREADS, damage.get(row, 0.0))) for row in rows)
    return damage


def find_doubt(cell: Cell, verdict: Verdict, misread: float | None, damage: float) -> float:
    """The probability that an amount read by OCR is not what is printed.

    Args:
        cell: as it was read, with the status that an earlier check gave it, if any.
        verdict: what the constraints say of it.
        misread: of an amount of broken constraints how probable their explanations make it that it was misread; None
            of others and where none was found.
        damage: of its page, see :func:`find_damage`.
    """
    prior = max(1 - cell.confidence, damage, _LEAST)
    # What an earlier check excused may have been marked by a stage before.
    was_excused = cell.status not in (None, AmountStatus.UNCHECKED) and verdict.status is AmountStatus.UNCHECKED
    if cell.needs_review or was_excused:
        prior = max(prior, _SUSPECTED)
    proofs = verdict.proofs if verdict.status is not AmountStatus.UNCHECKED else 0
    weighed = prior * _COINCIDENCE ** min(proofs, _ENOUGH)
    doubt = weighed / (weighed + 1 - prior)
    if misread is None:
        return max(doubt, _UNEXPLAINED) if verdict.status is AmountStatus.CONFLICT else doubt
    return max(doubt, misread)
