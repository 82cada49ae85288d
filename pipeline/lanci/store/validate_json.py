"""Checking JSON against the published schema of a document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lanci.errors import DamagedError, UnsupportedInputError
from lanci.json_schema import JsonSchema, Violation
from lanci.store.encode import SCHEMA_ID

DOCUMENT_SCHEMA = JsonSchema("lanci", "schema/document-1.schema.json")
"""The published form of a document, as shipped in the package."""


def check_document_json(data: object) -> dict[str, Any]:
    """The data themselves, when they keep the schema.

    Raises:
        UnsupportedInputError: not a lanci document, or of a version that this lanci does not read.
        DamagedError: a lanci document that breaks the schema, or whose tables contradict their own sizes; the
            message names the first broken place.
    """
    if not isinstance(data, dict) or not isinstance(data.get("schema"), str):
        raise UnsupportedInputError("no lanci document: the JSON is no object with a text under 'schema'")
    if data["schema"] != SCHEMA_ID:
        raise UnsupportedInputError(
            f"the document is of schema {data['schema'][:80]!r}, this version of lanci reads {SCHEMA_ID!r}: "
            "parse the source again, or use the version of lanci that wrote it"
        )
    for violation in DOCUMENT_SCHEMA.find_violations(data):
        raise DamagedError(f"the document breaks its schema {SCHEMA_ID} at {violation}")
    for violation in _find_misfits(data["tables"]):
        raise DamagedError(f"the document contradicts itself at {violation}")
    return data


def _find_misfits(tables: list[dict[str, Any]]) -> Iterator[Violation]:
    """What a schema cannot say: one role a row, one entry a column, all cells within."""
    for number, table in enumerate(tables):
        n_rows, n_cols = table["n_rows"], table["n_cols"]
        for key, size in (("row_roles", n_rows), ("columns", n_cols)):
            if len(table[key]) != size:
                yield Violation(("tables", number, key), f"{len(table[key])} entries where the table has {size}")
        for at, cell in enumerate(table["cells"]):
            if cell["row"] + cell["row_span"] > n_rows or cell["col"] + cell["col_span"] > n_cols:
                place = f"row {cell['row']}, column {cell['col']} reaches out of {n_rows} rows and {n_cols} columns"
                yield Violation(("tables", number, "cells", at), place)
