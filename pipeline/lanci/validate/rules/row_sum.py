"""Rule ``row-sum``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lanci.document import Severity, TextSource
from lanci.interpret import ColumnSum
from lanci.validate.certainty import IMPLIED, STATED, count_holding, most_hold, rate
from lanci.validate.constraints import Constraint, Wording
from lanci.validate.context import Frame, TableContext
from lanci.validate.rules.base import Description

_ENOUGH_ROWS = 2
_ROWS_TO_AN_ERROR = 10
"""One row in so many may disagree where the header does not say that the columns are parts."""


class RowSum:
    """A total column is the sum of its part columns, row by row.

    The header offers several sets of parts; the largest of those that hold in most rows is what the table means.
    Where one holds in few rows only, the findings are warnings; where none ever holds, the table does not say
    what its parts are and nothing is reported, unless a spanning header binds them in a table of one row.
    """

    name = "row-sum"
    severity = Severity.ERROR
    describes = Description(
        "A 合计 or 小计 column equals the sum of its part columns in every row; information columns (其中, "
        "增减, prior year) take no part.",
        "合计、小计列等于同组各分项列之和（逐行），其中、增减、上年等说明列不参与。",
    )

    def find(self, context: TableContext) -> Iterable[Constraint]:
        frame = Frame(self.name, self.severity, Wording("各分项列", "its part columns"), STATED.certainty)
        for relation in context.column_sums:
            yield from _choose(context, relation, frame)


def _choose(context: TableContext, relation: ColumnSum, frame: Frame) -> list[Constraint]:
    """The row sums of the set of parts that the table means, as far as that can be told."""
    options = [_row_sums(context, relation.total, parts, frame) for parts in relation.candidates]
    found = _largest_that_holds(options)
    if len(found) >= _ENOUGH_ROWS and most_hold(found):
        return rate(found, STATED)
    for others in (_row_sums(context, relation.total, parts, frame) for parts in relation.doubtful):
        judged = [one for one in others if not one.is_open]
        errors = max(1, len(judged) // _ROWS_TO_AN_ERROR)
        if len(judged) > _ENOUGH_ROWS and count_holding(judged) >= len(judged) - errors:
            return rate(others, STATED)
    if not count_holding(found) and 0 < len(found) < _ENOUGH_ROWS:
        return rate(_nearest(options), IMPLIED)
    return rate(found, IMPLIED) if count_holding(found) else []


def _nearest(options: Sequence[list[Constraint]]) -> list[Constraint]:
    """Of the sets of several parts for a single row the one that misses its total by the least."""
    several = [found for found in options if len(found) == 1 and len(found[0].parts) > 1]
    return min(several, key=lambda found: abs(found[0].difference), default=[])


def _row_sums(context: TableContext, total: int, parts: Sequence[int], frame: Frame) -> list[Constraint]:
    found = (context.claim((row, total), [(row, col) for col in parts], frame) for row in context.view.data_rows)
    # An amount beside several rows is not the sum of what one of them prints.
    return [one for one in found if one is not None and len({term.cell.row_span for term in one.terms}) == 1]


def _largest_that_holds(options: Sequence[list[Constraint]]) -> list[Constraint]:
    """The first (largest) set of parts that holds in as many rows as any; empty when there are none.

    One row read by OCR that disagrees is misread there, and no sign that the larger set is not meant. In a text layer
    it is: the smaller set holds in that row as well, as where an information column has but one amount.
    """
    if not options:
        return []
    by_ocr = any(term.cell.source is TextSource.OCR for one in options[0] for term in one.terms)
    allowance = 1 if by_ocr and len(options[0]) > _ENOUGH_ROWS else 0
    most = max(count_holding(found) for found in options)
    return next(found for found in options if count_holding(found) >= most - allowance)
