"""The kinds of expectations by the names that files of cases use."""

from __future__ import annotations

from lanci_eval.cases.cells import CellIs, RowHolds, RowsBetween, TextAbsent, UnmarkedTrue
from lanci_eval.cases.findings import FindingIs, NoBudget, Quiet
from lanci_eval.cases.headers import ColumnNumbers, ColumnRoles, SubTableIs
from lanci_eval.cases.pages import BoxesInside, DistinctTables, PageIs, TableBox, TableCount, TableKinds
from lanci_eval.cases.records import Expectation
from lanci_eval.cases.rows import RowCodes, RowDifference, RowRoleIs, RowWithin, StatusIs, ValueIs
from lanci_eval.cases.sums import SumIs
from lanci_eval.cases.tables import (
    CaptionIs,
    ColumnPaths,
    ColumnsFilled,
    ColumnSum,
    ColumnTotal,
    HeaderOnce,
    NumbersTrue,
    TableShape,
)

KINDS: dict[str, type[Expectation]] = {
    "page": PageIs,
    "tables": TableCount,
    "tables_in": DistinctTables,
    "kinds": TableKinds,
    "inside": BoxesInside,
    "box": TableBox,
    "table": TableShape,
    "columns": ColumnPaths,
    "header_once": HeaderOnce,
    "column_roles": ColumnRoles,
    "column_numbers": ColumnNumbers,
    "sub_table": SubTableIs,
    "filled": ColumnsFilled,
    "caption": CaptionIs,
    "sum": ColumnSum,
    "total": ColumnTotal,
    "numbers": NumbersTrue,
    "row": RowHolds,
    "rows": RowsBetween,
    "row_role": RowRoleIs,
    "codes": RowCodes,
    "within": RowWithin,
    "difference": RowDifference,
    "value": ValueIs,
    "status": StatusIs,
    "cell": CellIs,
    "absent": TextAbsent,
    "unmarked": UnmarkedTrue,
    "finding": FindingIs,
    "quiet": Quiet,
    "adds": SumIs,
    "no_budget": NoBudget,
}
"""The fields of an entry are those of the class; its docstring says what holds."""
