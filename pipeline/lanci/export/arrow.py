"""Relations as Arrow: the types of Parquet and DuckDB, decimals exact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lanci.export.decimals import DECIMALS, DIGITS, fit
from lanci.export.relations import Column, Kind, Relation

if TYPE_CHECKING:
    import pyarrow


_TABLE_WEIGHT = 20
"""A table of one row takes the memory of so many rows of a long one."""


def relation_to_schema(relation: Relation, *, without: Sequence[str] = ()) -> pyarrow.Schema:
    """The relation's columns but for some, each with its description as metadata."""
    import pyarrow

    return pyarrow.schema(
        [
            pyarrow.field(
                column.name,
                _column_to_type(column),
                nullable=column.optional,
                metadata={"description": column.description},
            )
            for column in relation.columns
            if column.name not in without
        ],
        metadata={"description": relation.description},
    )


def rows_to_table(relation: Relation, rows: Sequence[object], schema: pyarrow.Schema) -> pyarrow.Table:
    """The columns of ``schema`` of the rows."""
    import pyarrow

    columns = dict(zip((column.name for column in relation.columns), _columns(relation, rows), strict=True))
    exact = {column.name for column in relation.columns if column.kind is Kind.EXACT}
    arrays = [
        pyarrow.array(
            [fit(value) for value in columns[field.name]] if field.name in exact else columns[field.name], field.type
        )
        for field in schema
    ]
    return pyarrow.Table.from_arrays(arrays, schema=schema)


def weigh(table: pyarrow.Table) -> int:
    """How much memory a table takes that waits to be written, in rows of a long table."""
    return int(table.num_rows) + _TABLE_WEIGHT


def _columns(relation: Relation, rows: Sequence[object]) -> list[Sequence[Any]]:
    values = relation.rows_to_values(rows)
    return list(zip(*values, strict=True)) if values else [() for _ in relation.columns]


def _column_to_type(column: Column) -> pyarrow.DataType:
    import pyarrow

    match column.kind:
        case Kind.TEXT:
            return pyarrow.string()
        case Kind.WHOLE:
            return pyarrow.int32()
        case Kind.REAL:
            return pyarrow.float64()
        case Kind.EXACT:
            return pyarrow.decimal128(DIGITS, DECIMALS)
        case Kind.FLAG:
            return pyarrow.bool_()
