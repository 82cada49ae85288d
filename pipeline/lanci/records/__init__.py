"""Tidy records: one row for every printed amount of a document, with all that is known of it."""

from lanci.records.read import tidy_records
from lanci.records.record import COLUMNS, TidyRecord, records_to_markdown

__all__ = ["COLUMNS", "TidyRecord", "records_to_markdown", "tidy_records"]
