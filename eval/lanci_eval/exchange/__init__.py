"""Extractions as JSON: the documented form, its schema, and the checks that a claim must pass to be counted."""

from lanci_eval.exchange.checks import check_extraction
from lanci_eval.exchange.convert import (
    ExtractionFormatError,
    cells_to_fragments,
    extraction_to_json,
    json_to_extraction,
    text_to_extraction,
)

__all__ = [
    "ExtractionFormatError",
    "cells_to_fragments",
    "check_extraction",
    "extraction_to_json",
    "json_to_extraction",
    "text_to_extraction",
]
