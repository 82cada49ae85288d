"""Tidy records: one row for every printed amount of a document, with all that is known of it."""

from lanci.records.read import tidy_records
from lanci.records.record import COLUMNS, DESCRIPTION, TidyRecord, records_to_markdown, told

__all__ = ["COLUMNS", "DESCRIPTION", "TidyRecord", "records_to_markdown", "tidy_records", "told"]
