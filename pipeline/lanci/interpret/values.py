"""Exact values of printed amounts."""

from __future__ import annotations

from dataclasses import fields, replace
from operator import attrgetter

from lanci.document import Cell, Table
from lanci.interpret.column_meanings import NUMERIC_ROLES, read_column_meanings
from lanci.interpret.forms import read_form_amounts
from lanci.interpret.meanings import read_meanings
from lanci.interpret.sub_tables import read_sub_tables
from lanci.interpret.view import DATA_ROWS, TableView
from lanci.numbers import parse_amount

_FIELDS = tuple(one.name for one in fields(Cell))
_VALUE = _FIELDS.index("value")
_read_fields = attrgetter(*_FIELDS)


def interpret(table: Table) -> Table:
    """The table with ``Cell.value`` set for its amounts and quantities, meanings, sub-tables and amounts of forms.

    The value is the printed decimal without unit. Blank cells and marks for nothing (``-``, ``/``, 无) give
    None, never 0; so does a text that is no number, which is left to validation. Cells outside the columns of
    amounts and quantities, rows of data and ``form_amounts`` have no value.
    """
    numeric = {column.index for column in table.columns if column.role in NUMERIC_ROLES}
    data = {row for row in range(table.n_header_rows, table.n_rows) if table.row_roles[row] in DATA_ROWS}
    cells = tuple(_with_value(cell, cell.col in numeric and cell.row in data) for cell in table.cells)
    view = TableView(replace(table, cells=cells))
    sub_tables = read_sub_tables(view)
    form_amounts = read_form_amounts(view, sub_tables)
    if form_amounts:
        places = {(amount.row, amount.col) for amount in form_amounts}
        cells = tuple(_with_value(cell, True) if (cell.row, cell.col) in places else cell for cell in cells)
    return replace(
        table,
        cells=cells,
        columns=read_column_meanings(table),
        meanings=read_meanings(view, sub_tables),
        sub_tables=sub_tables,
        form_amounts=form_amounts,
    )


def _with_value(cell: Cell, is_amount: bool) -> Cell:
    value = parse_amount(cell.text) if is_amount else None
    if value is cell.value:
        return cell
    # One call a cell: ``replace`` takes longer than the rest of the stage.
    fields_of_cell = list(_read_fields(cell))
    fields_of_cell[_VALUE] = value
    return Cell(*fields_of_cell)
