"""How probable it is that an amount is not what is printed: how it was read, where it stands, what sums say of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lanci.document import AmountStatus, Cell, CellRef, HeaderRole, Table, TextSource
from lanci.validate.context import TableContext
from lanci.validate.graph import Verdict
from lanci.validate.rules.missing_header import lacks_header

LIMIT = 0.01
"""Probability of a wrong amount above which a person should look at it. On the scans that the values below were counted
on half of it finds no more wrong ones, and twice as much leaves a third more of them unseen."""

# Counted on scans of 114 made documents of the eight training families, of which many are drawn with horizontal rules,
# pale ones or none, and of three annotated ones: 21,341 amounts. ``benchmarks/doubt.py`` of the evaluation counts anew,
# but for ``_SUSPECTED`` and ``_UNEXPLAINED``, which are from 85 of the documents.
DISPLACED = 0.3
"""How probable it is that an amount is wrong that does not keep to the columns of the others, whatever it adds up to,
as pieces of amounts agree with like pieces: 36 of 104 are."""
_SPREADS = 0.1
"""How probable it is that an unproven amount is wrong where no other keeps to its column; less in proportion where
some do. The likeliest value is 0.3, but 0.1 when the one family is left out in which most are wrong."""
_SUSPECTED = 0.2
"""The least doubt in an amount that a stage before marked, for whatever reason: 6 of 34 read surely are wrong."""
_UNEXPLAINED = 0.5
"""The least doubt in an amount that contradicts others in a way that no few changes explain: 27 of 46 are wrong."""

_COINCIDENCE = 0.01
"""How often a constraint holds with a wrong amount in it. Where all amounts keep to their columns the readings let
expect 108 wrong ones among those proven, and none of 18,183 is."""
_ENOUGH = 2
"""More proofs than this are not more independent of each other than two."""
_LEAST = 1e-4
"""No reading is surer than the recogniser's model of confidence can tell."""


@dataclass(frozen=True, slots=True)
class Damage:
    """Where the columns of a table were cut wrongly.

    Attributes:
        displaced: the amounts that do not keep to the columns of the others.
        shares: by row, the share of the amounts on its page of the table that do not, or that stand in no column of
            their own; all do where the table has no header. Rows without such amounts may be missing.
    """

    displaced: frozenset[CellRef]
    shares: Mapping[int, float]

    def spread(self, row: int) -> float:
        """The probability that a number of a row, which is not itself displaced, stands in a wrong place."""
        return _SPREADS * self.shares.get(row, 0.0)


def find_damage(context: TableContext, misplaced: Collection[CellRef]) -> Damage:
    """What a table shows of columns that were cut wrongly.

    Args:
        context: the table.
        misplaced: the cells of which a rule found that it cannot be told to which column they belong.
    """
    shares: dict[int, float] = {}
    displaced: set[CellRef] = set()
    read = [cell for cell in context.table.cells if cell.source is TextSource.OCR and context.is_amount(cell)]
    is_uneven = any(cell.col_span > 1 for cell in read)
    if read and lacks_header(context):
        shares = dict.fromkeys(range(context.table.n_rows), 1.0)
    for part in context.table.fragments if misplaced or is_uneven else ():
        amounts = [cell for cell in read if part.first_row <= cell.row <= part.last_row]
        odd = {context.ref(cell) for cell in _find_odd(context, amounts)}
        displaced |= odd
        n_displaced = sum(ref in odd or ref in misplaced for ref in map(context.ref, amounts))
        if n_displaced:
            rows = range(part.first_row, part.last_row + 1)
            shares.update((row, max(n_displaced / len(amounts), shares.get(row, 0.0))) for row in rows)
    return Damage(frozenset(displaced), shares)


def _find_odd(context: TableContext, amounts: Sequence[Cell]) -> Iterator[Cell]:
    """The amounts that are narrower or wider than the others of their columns, whichever are fewer.

    Those that are wider than their header cell are, too, if there are no others.
    """
    wide: dict[range, list[Cell]] = {}
    for cell in amounts:
        # What is printed in a form keeps to no columns.
        if cell.col_span > 1 and cell.role is HeaderRole.AMOUNT and (cell.row, cell.col) not in context.form_units:
            wide.setdefault(cell.cols, []).append(cell)
    for cols, cells in wide.items():
        inside = [cell for cell in amounts if cell.col in cols and cell.cols.stop <= cols.stop and cell.cols != cols]
        n_rows, n_inside = (len({cell.row for cell in some}) for some in (cells, inside))
        if n_inside >= n_rows or not (inside or _has_header_of(context.table, cols)):
            yield from cells
        if n_inside <= n_rows:
            yield from inside


def _has_header_of(table: Table, cols: range) -> bool:
    """Whether the lowest header cell over the first column is as wide as all of them; also where there is none."""
    above = [cell for cell in table.cells if cell.row < table.n_header_rows and cols.start in cell.cols]
    head = max((cell for cell in above if cell.text.strip()), key=lambda cell: cell.row, default=None)
    return head is None or (head.cols.start <= cols.start and cols.stop <= head.cols.stop)


def find_doubt(cell: Cell, verdict: Verdict, misread: float | None, place: float) -> float:
    """The probability that an amount read by OCR is not what is printed in its place.

    Args:
        cell: as it was read, with the status that an earlier check gave it, if any.
        verdict: what the constraints say of it.
        misread: of an amount of broken constraints how probable their explanations make it that it was misread; None
            of others and where none was found.
        place: how probable it is that it stands in a wrong place, see :meth:`Damage.spread`.
    """
    # What an earlier check excused may have been marked by a stage before.
    was_excused = cell.status not in (None, AmountStatus.UNCHECKED) and verdict.status is AmountStatus.UNCHECKED
    reading = max(1 - cell.confidence, _SUSPECTED if cell.needs_review or was_excused else _LEAST)
    proofs = min(verdict.proofs, _ENOUGH) if verdict.status is not AmountStatus.UNCHECKED else 0
    prior = 1 - (1 - reading) * (1 - place)
    weighed = prior * _COINCIDENCE**proofs
    doubt = weighed / (weighed + 1 - prior)
    if misread is None:
        return max(doubt, _UNEXPLAINED) if verdict.status is AmountStatus.CONFLICT else doubt
    return max(doubt, misread)
