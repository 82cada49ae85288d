"""Whether a JSON value is an extraction in the documented form (``extraction-1.schema.json``)."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator

from lanci.errors import LanciError

SCHEMA_ID = "lanci/extraction/1"
SCHEMA_FILE = "extraction-1.schema.json"

Json = dict[str, Any]


class ExtractionFormatError(LanciError):
    """A program's output is not the documented JSON; the message says where it breaks off."""

    category = "garbage"


@cache
def load_schema() -> Json:
    """The published JSON Schema (draft 2020-12), as shipped in the package."""
    schema: Json = json.loads(files("lanci_eval.exchange").joinpath(SCHEMA_FILE).read_text(encoding="utf-8"))
    return schema


def check_json(data: object) -> Json:
    """The data themselves, when they keep the schema.

    Raises:
        ExtractionFormatError: they do not; the message names the first broken place.
    """
    # Cells are nearly all there is, and a generic validator takes 50 times as long over one as these few lines.
    if _validator().is_valid(_without_plain_cells(data)):
        assert isinstance(data, dict)
        return data
    error = next(_validator().iter_errors(data))
    where = "/".join(str(part) for part in error.absolute_path) or "the top level"
    raise ExtractionFormatError(f"the output breaks the documented form at {where}: {error.message[:200]}")


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(load_schema())


def _without_plain_cells(data: object) -> object:
    """The same value without the cells that keep the schema beyond doubt."""
    if not isinstance(data, dict) or not isinstance(data.get("tables"), list):
        return data
    return data | {"tables": [_table_without(table) for table in data["tables"]]}


def _table_without(table: Any) -> Any:
    if not isinstance(table, dict) or not isinstance(table.get("cells"), list):
        return table
    return table | {"cells": [cell for cell in table["cells"] if not _is_plain(cell)]}


def _is_plain(cell: Any) -> bool:
    """Stricter than the schema: False only means that the validator has to look."""
    if type(cell) is not dict or not cell.keys() >= {"row", "col", "text"}:
        return False
    return all(name not in _PLAIN or _PLAIN[name](value) for name, value in cell.items())


def _is_bbox(value: Any) -> bool:
    return value is None or (type(value) is list and len(value) == 4 and all(type(v) in (int, float) for v in value))


_PLAIN: dict[str, Callable[[Any], bool]] = {
    "row": lambda value: type(value) is int and value >= 0,
    "col": lambda value: type(value) is int and value >= 0,
    "row_span": lambda value: type(value) is int and value >= 1,
    "col_span": lambda value: type(value) is int and value >= 1,
    "page": lambda value: type(value) is int and value >= 1,
    "text": lambda value: type(value) is str,
    "bbox": _is_bbox,
    "role": lambda value: value is None or type(value) is str,
    "confidence": lambda value: value is None or (type(value) in (int, float) and 0 <= value <= 1),
    "needs_review": lambda value: type(value) is bool,
    "flagged": lambda value: type(value) is bool,
    "doubted": lambda value: value is None or type(value) is bool,
    "status": lambda value: value in (None, "proven", "unchecked", "conflict"),
}
"""What a member of a cell is when it is plainly right."""
