"""Rule ``weights``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lanci.document import Cell, Finding, HeaderRole, Severity
from lanci.interpret.columns import is_total_name
from lanci.numbers import parse_amount
from lanci.text import squash
from lanci.validate.context import TableContext
from lanci.validate.rules.base import Description

_WEIGHT = re.compile("权重")
_SCORE = re.compile("权重|分值|得分|评分")
_WHOLES = (Decimal(100), Decimal(1))
"""What the weights of one project add up to, in percent or points, or as fractions."""
_GROUPING = frozenset({HeaderRole.ROW_NUMBER, HeaderRole.PROJECT_NAME, HeaderRole.PROJECT_CODE, HeaderRole.UNIT_NAME})


@dataclass(frozen=True, slots=True)
class _Column:
    """Weights or scores that belong together: the rows of one project in a list, or those of a table in a form."""

    col: int
    name: str
    rows: tuple[int, ...]


class Weights:
    """The weights of the indicators of a project add up to 100, weights and scores to the total below them."""

    name = "weights"
    severity = Severity.WARNING
    describes = Description(
        "The weights (权重) of the indicators of one project add up to 100 or 1; weights and scores (分值, 得分) add "
        "up to the total printed with them.",
        "同一项目各绩效指标的权重之和为 100（或 1）；权重、分值、得分列有合计的，各项之和等于合计。",
    )

    def check(self, context: TableContext) -> Iterable[Finding]:
        columns = [*_read_columns(context), *_read_sub_columns(context)]
        # Where the table may go on, so may its first or last list of weights.
        start = min((column.rows[0] for column in columns), default=0) if context.reach.above else -1
        end = context.table.n_rows - 1 if context.reach.below else context.table.n_rows
        for column in columns:
            if start < column.rows[0] and column.rows[-1] < end:
                yield from self._check(context, column)

    def _check(self, context: TableContext, column: _Column) -> Iterator[Finding]:
        found = {context.view.at(row, column.col) for row in column.rows} - {None}
        cells = sorted((cell for cell in found if cell is not None and squash(cell.text)), key=lambda cell: cell.row)
        values = {cell.row: _to_number(cell.text) for cell in cells}
        totals = [cell for cell in cells if _is_total(context, cell)]
        parts = [cell for cell in cells if cell not in totals]
        known = [value for cell in parts if (value := values[cell.row]) is not None]
        if len(known) < 2 or len(known) < len(parts) or len(totals) > 1:
            return
        added = sum(known, Decimal(0))
        printed = values[totals[0].row] if totals else None
        if totals and printed is not None and printed != added:
            yield self._tell(context, column, [*totals, *parts], (added, printed))
        elif not totals and _WEIGHT.search(column.name) and added not in _WHOLES:
            yield self._tell(context, column, parts, (_WHOLES[0], added))

    def _tell(
        self, context: TableContext, column: _Column, cells: Sequence[Cell], amounts: tuple[Decimal, Decimal]
    ) -> Finding:
        expected, found = amounts
        first, last = column.rows[0] + 1, column.rows[-1] + 1
        return Finding(
            rule=self.name,
            severity=self.severity,
            message=(
                f"第{first}至{last}行“{column.name}”之和应为 {expected}，实为 {found}"
                f" / rows {first} to {last}, {column.name}: should be {expected} together, found {found}"
            ),
            cells=tuple(context.ref(cell) for cell in cells),
            expected=str(expected),
            found=str(found),
        )


def _read_columns(context: TableContext) -> Iterator[_Column]:
    """The columns of weights of a list, project by project where labels stand beside several rows each."""
    view = context.view
    for column in context.table.columns:
        name = squash(column.path[-1]) if column.path else ""
        if not _SCORE.search(name):
            continue
        labels = [one.index for one in context.table.columns[: column.index] if one.role in _GROUPING]
        groups: dict[tuple[int, ...], list[int]] = {}
        for row in view.data_rows:
            over = [view.at(row, col) for col in labels]
            spanning = tuple(cell.row for cell in over if cell is not None and cell.row_span > 1)
            groups.setdefault(spanning[:1], []).append(row)
        if labels and len(groups) == 1 and () in groups and any(view.text(row, labels[0]) for row in groups[()]):
            # Every row is a project of its own, whose score is no part of a sum.
            continue
        yield from (_Column(column.index, name, tuple(rows)) for rows in groups.values())


def _read_sub_columns(context: TableContext) -> Iterator[_Column]:
    for part in context.table.sub_tables:
        rows = tuple(range(part.first_row + part.n_header_rows, part.last_row + 1))
        for column in part.columns:
            name = squash(column.path[-1])
            if rows and _SCORE.search(name):
                yield _Column(column.first_col, name, rows)


def _is_total(context: TableContext, cell: Cell) -> bool:
    return any(is_total_name(other.text) for other in context.view.row_cells(cell.row) if other.col < cell.col)


def _to_number(text: str) -> Decimal | None:
    return parse_amount(squash(text).rstrip("%分"))
