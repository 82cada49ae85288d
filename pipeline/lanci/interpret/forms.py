"""The amounts of a form: beside their labels (资金总额 | 745.00), and in the tables inside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lanci.document import Cell, Column, FormAmount, HeaderRole, Measure, RowRole, SubColumn, SubTable, Table
from lanci.interpret.column_meanings import path_to_measures
from lanci.interpret.columns import ColumnSum, find_column_sums
from lanci.interpret.printed import is_nothing
from lanci.interpret.units import text_to_unit
from lanci.interpret.view import TableView
from lanci.interpret.vocabulary import text_to_measures
from lanci.numbers import looks_numeric

_MAX_LABEL = 24
"""Characters of the longest label of an amount; longer texts are sentences."""

_INCLUDING = re.compile("^其中[:：]?")
"""Opens the parts of a total; in a form these are all of them."""

_SOURCES = frozenset(
    {
        Measure.CARRY_OVER,
        Measure.CURRENT,
        Measure.FISCAL_APPROPRIATION,
        Measure.GENERAL_PUBLIC,
        Measure.GOVERNMENT_FUND,
        Measure.STATE_CAPITAL,
        Measure.FISCAL_ACCOUNT,
        Measure.OWN_FUNDS,
        Measure.BUSINESS_INCOME,
        Measure.OPERATING_INCOME,
        Measure.SUPERIOR_SUBSIDY,
        Measure.SUBORDINATE_PAYMENT,
        Measure.OTHER_FUNDS,
        Measure.OF_WHICH,
    }
)
"""Where the money of a project comes from: the parts of its total."""

_MONEY = _SOURCES | {
    Measure.TOTAL,
    Measure.PRIOR_YEAR,
    Measure.ADJUSTED,
    Measure.EXECUTED,
    Measure.FINAL,
    Measure.BASIC,
    Measure.PROJECT,
    Measure.PERSONNEL,
    Measure.PUBLIC,
}
"""What the labels and headers of a form's amounts measure; others (人数, 培训) name indicators and shares."""


@dataclass(frozen=True, slots=True)
class FormSum:
    """An amount of a form with those that the form prints as its parts, at least two, all by row and column.

    Where nothing is printed for one of them, it counts as nothing.
    """

    total: tuple[int, int]
    parts: tuple[tuple[int, int], ...]


def read_form_amounts(view: TableView, sub_tables: Sequence[SubTable]) -> tuple[FormAmount, ...]:
    """The amounts of a form and the places left blank for them, by row and column; only a form has such lines."""
    if RowRole.SECTION not in view.table.row_roles:
        return ()
    inside = {row for part in sub_tables for row in range(part.first_row, part.last_row + 1)}
    found = [amount for part in sub_tables for amount in _of_sub_table(view, part)]
    for row, role in enumerate(view.table.row_roles):
        if role is RowRole.SECTION and row not in inside:
            found += _of_line(view, row)
    return tuple(sorted(found, key=lambda amount: (amount.row, amount.col)))


def _of_line(view: TableView, row: int) -> Iterator[FormAmount]:
    """The amounts of a line, each right of a label."""
    cells = view.row_cells(row)
    for label, cell in pairwise(cells):
        if label.rows != cell.rows or not _is_amount(cell.text) or not _names_money(label.text):
            continue
        above = next((other for other in cells if other.cols.stop == label.col), None)
        unit = text_to_unit(label.text) or (text_to_unit(above.text) if above is not None else "")
        measures = path_to_measures((label.text,))
        place = (label.row, label.col)
        yield FormAmount(row, cell.col, place, (), measures, unit or view.table.caption.unit)


def _is_amount(text: str) -> bool:
    """Whether a text is a number, stands for nothing, or looks like a number and cannot be read; shares are none."""
    return is_nothing(text) or (looks_numeric(text) and "%" not in text)


def _names_money(text: str) -> bool:
    measures = text_to_measures(text) if 0 < len(text) <= _MAX_LABEL and not looks_numeric(text) else ()
    return bool(measures) and _MONEY.issuperset(measures)


def _of_sub_table(view: TableView, part: SubTable) -> Iterator[FormAmount]:
    """The amounts in the columns of money of a table inside the form."""
    columns = [column for column in part.columns if _names_money_column(column)]
    for row in range(part.first_row + part.n_header_rows, part.last_row + 1):
        cells = view.row_cells(row)
        for column in columns:
            cell = view.at(row, column.first_col)
            if cell is None or cell.row != row or cell.col != column.first_col or not _is_amount(cell.text):
                continue
            label = _row_label(cells, column.first_col)
            own = next((unit for text in reversed(column.path) if (unit := text_to_unit(text))), "")
            unit = own or text_to_unit(label.text) or view.table.caption.unit
            measures = path_to_measures(column.path)
            yield FormAmount(row, cell.col, (label.row, label.col), column.path, measures, unit)


def _names_money_column(column: SubColumn) -> bool:
    measures = path_to_measures(column.path)
    return bool(measures) and _MONEY.issuperset(measures) and all(len(text) <= _MAX_LABEL for text in column.path)


def _row_label(cells: Sequence[Cell], col: int) -> Cell:
    """The text before an amount that is none itself; the first cell of the row where all before it are amounts."""
    before = [cell for cell in cells if cell.col < col]
    return next((cell for cell in reversed(before) if cell.text and not _is_amount(cell.text)), cells[0])


def read_form_sums(table: Table) -> tuple[FormSum, ...]:
    """The sums that a form prints: totals with the sources below or beside them, total columns with their parts."""
    sums = [*_sums_beside_labels([amount for amount in table.form_amounts if not amount.path])]
    sums += [found for part in table.sub_tables for found in _sums_of_sub_table(table, part)]
    return tuple(sorted(sums, key=lambda found: found.total))


def _sums_beside_labels(amounts: Sequence[FormAmount]) -> Iterator[FormSum]:
    """Each total with the sources that follow it, with no other line of the form or amount between them."""
    for index, total in enumerate(amounts):
        if total.measures != (Measure.TOTAL,):
            continue
        last, parts = total, []
        for part in amounts[index + 1 :]:
            if part.row - last.row > 1 or part.unit != total.unit or not _SOURCES.issuperset(part.measures):
                break
            last = part
            parts.append((part.row, part.col))
        if len(parts) > 1:
            yield FormSum((total.row, total.col), tuple(parts))


def _sums_of_sub_table(table: Table, part: SubTable) -> Iterator[FormSum]:
    """Row by row the sums over the columns of a table inside the form."""
    places = {(amount.row, amount.col) for amount in table.form_amounts if amount.path}
    columns = [
        Column(c.first_col, HeaderRole.AMOUNT, tuple(_INCLUDING.sub("", text) for text in c.path))
        for c in part.columns
        if _names_money_column(c)
    ]
    for relation in find_column_sums(columns):
        for row in range(part.first_row + part.n_header_rows, part.last_row + 1):
            parts = _largest(relation, row, places)
            if (row, relation.total) in places and len(parts) > 1:
                yield FormSum((row, relation.total), parts)


def _largest(relation: ColumnSum, row: int, places: set[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    cols = relation.candidates[0] if relation.candidates else ()
    return tuple((row, col) for col in cols if (row, col) in places)
