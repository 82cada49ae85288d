"""A Frictionless Data Package: CSV files with a description that programs check them by.

The columns of the records that the Fiscal Data Package knows bear its column types (the budget taxonomy of version
1.0). The package's profile is that of tabular data, which validators know without fetching anything.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lanci.artefact import lanci_version
from lanci.export.csv_files import CsvFiles
from lanci.export.relations import Column, Kind, Relation
from lanci.export.rows import RECORDS, RELATIONS

DESCRIPTOR_FILE = "datapackage.json"

_TYPES = {
    Kind.TEXT: "string",
    Kind.WHOLE: "integer",
    Kind.REAL: "number",
    Kind.EXACT: "number",
    Kind.FLAG: "boolean",
}

FISCAL_TYPES = {
    "yuan": "value",
    "budget_year": "date:fiscal-year",
    "entity": "administrative-classification:generic:level1:label",
    "entity_code": "administrative-classification:generic:level1:code",
    "spending_unit": "administrative-classification:generic:level2:label",
    "spending_unit_code": "administrative-classification:generic:level2:code",
    "functional_code": "functional-classification:generic:code",
    "economic_code": "economic-classification:generic:code",
    "project": "activity:generic:project:label",
    "project_code": "activity:generic:project:code",
    "direction": "direction",
    "phase": "phase:id",
    "division_code": "geo:target:code",
    "fund": "fin-source:generic:code",
    "measure": "value-kind:code",
}
"""Column types of the Fiscal Data Package by column of the records."""


class DataPackage:
    """Takes rows of all relations and writes CSV files and ``datapackage.json``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = CsvFiles(folder, byte_order_mark=False)

    def write(self, relation: Relation, rows: Sequence[Any]) -> None:
        """Take rows of one relation."""
        self._files.write(relation, rows)

    def close(self) -> None:
        """Finish the files and describe them."""
        self._files.close()
        text = json.dumps(package_to_json(), ensure_ascii=False, indent=1) + "\n"
        (self._folder / DESCRIPTOR_FILE).write_text(text, encoding="utf-8")

    def discard(self) -> None:
        """Give up all files."""
        self._files.discard()


def package_to_json() -> dict[str, Any]:
    """The content of ``datapackage.json``."""
    return {
        "profile": "tabular-data-package",
        "name": "lanci-export",
        "title": "政府预算公开 tables, read by lanci",
        "description": "Amounts as printed, with place, status and findings; see codebook.md",
        "countryCode": "CN",
        "lanci": lanci_version(),
        "resources": [_relation_to_resource(relation) for relation in RELATIONS],
    }


def _relation_to_resource(relation: Relation) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_column_to_field(relation, column) for column in relation.columns],
        "missingValues": [""],
    }
    if relation.key:
        schema["primaryKey"] = list(relation.key)
    if relation.parent is not None:
        shared = list(relation.parent.key)
        schema["foreignKeys"] = [{"fields": shared, "reference": {"resource": relation.parent.name, "fields": shared}}]
    return {
        "profile": "tabular-data-resource",
        "name": relation.name,
        "description": relation.description,
        "path": f"{relation.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True},
        "schema": schema,
    }


def _column_to_field(relation: Relation, column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": _TYPES[column.kind], "description": column.description}
    constraints: dict[str, Any] = {}
    if column.values:
        constraints["enum"] = list(column.values)
    if not column.optional and column.kind is not Kind.TEXT:
        constraints["required"] = True
    if constraints:
        field["constraints"] = constraints
    if relation is RECORDS and column.name in FISCAL_TYPES:
        field["columnType"] = FISCAL_TYPES[column.name]
        if column.name == "yuan":
            field["currency"] = "CNY"
    return field
