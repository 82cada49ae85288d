"""The kinds of expectations by the names that files of cases use."""

from __future__ import annotations

from lanci_eval.cases.cells import CellIs, RowHolds, RowsBetween, TextAbsent, UnmarkedTrue
from lanci_eval.cases.pages import BoxesInside, PageIs, TableBox, TableCount, TableKinds
from lanci_eval.cases.records import Expectation
from lanci_eval.cases.tables import (
    CaptionIs,
    ColumnPaths,
    ColumnsFilled,
    ColumnSum,
    ColumnTotal,
    NumbersTrue,
    TableShape,
)

KINDS: dict[str, type[Expectation]] = {
    "page": PageIs,
    "tables": TableCount,
    "kinds": TableKinds,
    "inside": BoxesInside,
    "box": TableBox,
    "table": TableShape,
    "columns": ColumnPaths,
    "filled": ColumnsFilled,
    "caption": CaptionIs,
    "sum": ColumnSum,
    "total": ColumnTotal,
    "numbers": NumbersTrue,
    "row": RowHolds,
    "rows": RowsBetween,
    "cell": CellIs,
    "absent": TextAbsent,
    "unmarked": UnmarkedTrue,
}
"""The fields of an entry are those of the class; its docstring says what holds."""
