"""Whether a JSON value is an extraction in the documented form (``extraction-1.schema.json``)."""

from __future__ import annotations

from typing import Any

from lanci.errors import LanciError
from lanci.json_schema import JsonSchema

SCHEMA_ID = "lanci/extraction/1"
EXTRACTION_SCHEMA = JsonSchema("lanci_eval.exchange", "extraction-1.schema.json")

Json = dict[str, Any]


class ExtractionFormatError(LanciError):
    """A program's output is not the documented JSON; the message says where it breaks off."""

    category = "garbage"


def check_json(data: object) -> Json:
    """The data themselves, when they keep the schema.

    Raises:
        ExtractionFormatError: they do not; the message names the first broken place.
    """
    violation = next(EXTRACTION_SCHEMA.find_violations(data), None)
    if violation is not None:
        raise ExtractionFormatError(f"the output breaks the documented form at {violation}")
    assert isinstance(data, dict)
    return data
