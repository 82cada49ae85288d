"""Stage ``interpret``: from printed texts to typed values, codes, column groups and items."""

from __future__ import annotations

from lanci.document import Measure
from lanci.interpret.codes import CodeTree, RowCode, read_code_trees
from lanci.interpret.column_meanings import MEASURE_OF_FUND, MEASURE_OF_SCOPE, NUMERIC_ROLES
from lanci.interpret.columns import ColumnSum, column_measures, is_ratio, read_column_sums
from lanci.interpret.forms import FormSum, read_form_sums
from lanci.interpret.items import Item, ItemKind, ItemList, read_item_lists
from lanci.interpret.narrative import Figure, FigureRole, read_figures
from lanci.interpret.printed import Printed, is_nothing, text_to_printed
from lanci.interpret.subjects import FUNDS, NO_THING, Subject, narrowest_fund, text_to_subject
from lanci.interpret.units import column_factor, text_to_unit, unit_factor
from lanci.interpret.values import interpret
from lanci.interpret.view import DATA_ROWS, TableView
from lanci.interpret.vocabulary import vocabulary_to_markdown

__all__ = [
    "DATA_ROWS",
    "FUNDS",
    "MEASURE_OF_FUND",
    "MEASURE_OF_SCOPE",
    "NO_THING",
    "NUMERIC_ROLES",
    "CodeTree",
    "ColumnSum",
    "Figure",
    "FigureRole",
    "FormSum",
    "Item",
    "ItemKind",
    "ItemList",
    "Measure",
    "Printed",
    "RowCode",
    "Subject",
    "TableView",
    "column_factor",
    "column_measures",
    "interpret",
    "is_nothing",
    "is_ratio",
    "narrowest_fund",
    "read_code_trees",
    "read_column_sums",
    "read_figures",
    "read_form_sums",
    "read_item_lists",
    "text_to_printed",
    "text_to_subject",
    "text_to_unit",
    "unit_factor",
    "vocabulary_to_markdown",
]
