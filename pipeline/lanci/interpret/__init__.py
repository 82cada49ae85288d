"""Stage ``interpret``: from printed texts to typed values, codes, column groups and items."""

from __future__ import annotations

from lanci.interpret.codes import CodeTree, RowCode, read_code_trees
from lanci.interpret.columns import ColumnSum, Measure, column_measures, is_ratio, read_column_sums
from lanci.interpret.items import Item, ItemKind, ItemList, read_item_lists
from lanci.interpret.units import column_factor, unit_factor
from lanci.interpret.values import interpret, is_nothing
from lanci.interpret.view import TableView

__all__ = [
    "CodeTree",
    "ColumnSum",
    "Item",
    "ItemKind",
    "ItemList",
    "Measure",
    "RowCode",
    "TableView",
    "column_factor",
    "column_measures",
    "interpret",
    "is_nothing",
    "is_ratio",
    "read_code_trees",
    "read_column_sums",
    "read_item_lists",
    "unit_factor",
]
