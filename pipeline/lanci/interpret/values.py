"""Exact values of printed amounts."""

from __future__ import annotations

from dataclasses import replace

from lanci.document import Cell, HeaderRole, Table
from lanci.interpret.meanings import read_meanings
from lanci.interpret.sub_tables import read_sub_tables
from lanci.interpret.view import DATA_ROWS, TableView
from lanci.numbers import parse_amount
from lanci.text import squash

NUMERIC_ROLES = frozenset({HeaderRole.AMOUNT, HeaderRole.QUANTITY})

_NOTHING = frozenset({"/", "\\", "无", "空"})
_FILLERS = frozenset("-‐‑‒–—―−_─.·*")


def interpret(table: Table) -> Table:
    """The table with ``Cell.value`` set for the amounts and quantities of its data rows, meanings and sub-tables.

    The value is the printed decimal without unit. Blank cells and marks for nothing (``-``, ``/``, 无) give
    None, never 0; so does a text that is no number, which is left to validation. Cells of all other rows and
    columns have no value.
    """
    numeric = {column.index for column in table.columns if column.role in NUMERIC_ROLES}
    valued = replace(table, cells=tuple(_with_value(table, cell, numeric) for cell in table.cells))
    view = TableView(valued)
    sub_tables = read_sub_tables(view)
    return replace(valued, meanings=read_meanings(view, sub_tables), sub_tables=sub_tables)


def _with_value(table: Table, cell: Cell, numeric: set[int]) -> Cell:
    in_body = cell.row >= table.n_header_rows and table.row_roles[cell.row] in DATA_ROWS
    value = parse_amount(cell.text) if in_body and cell.col in numeric else None
    return cell if value == cell.value else replace(cell, value=value)


def is_nothing(text: str) -> bool:
    """Whether a text stands for "no amount": blank, a dash, ``/``, 无, dots."""
    plain = squash(text) if text else ""
    return plain in _NOTHING or all(char in _FILLERS for char in plain)
