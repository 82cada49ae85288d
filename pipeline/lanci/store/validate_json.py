"""Checking JSON against the published schema of a document."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator

from lanci.errors import DamagedError, UnsupportedInputError
from lanci.store.encode import SCHEMA_ID

SCHEMA_FILE = "document-1.schema.json"


@cache
def load_schema() -> dict[str, Any]:
    """The published JSON Schema (draft 2020-12), as shipped in the package."""
    text = files("lanci").joinpath("schema", SCHEMA_FILE).read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def check_document_json(data: object) -> dict[str, Any]:
    """The data themselves, when they keep the schema.

    Raises:
        UnsupportedInputError: not a lanci document, or of a version that this lanci does not read.
        DamagedError: a lanci document that breaks the schema; the message names the first broken place.
    """
    if not isinstance(data, dict) or not isinstance(data.get("schema"), str):
        raise UnsupportedInputError("no lanci document: the JSON is no object with a text under 'schema'")
    if data["schema"] != SCHEMA_ID:
        raise UnsupportedInputError(
            f"the document is of schema {data['schema'][:80]!r}, this version of lanci reads {SCHEMA_ID!r}: "
            "parse the source again, or use the version of lanci that wrote it"
        )
    error = next(_validator().iter_errors(data), None)
    if error is not None:
        where = "/".join(str(part) for part in error.absolute_path) or "the top level"
        raise DamagedError(f"the document breaks its schema {SCHEMA_ID} at {where}: {error.message[:300]}")
    return data


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(load_schema())
