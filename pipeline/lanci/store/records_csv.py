"""The tidy records of a document as CSV: one row for every amount, columns as in docs/records.md."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from decimal import Decimal
from operator import attrgetter

from lanci.records import COLUMNS, TidyRecord
from lanci.store.table_csv import text_to_csv_cell


def records_to_csv(records: Iterable[TidyRecord]) -> bytes:
    """The whole file's bytes, in the manner of the tables' CSV; the header row stands even above no records."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    values_of = attrgetter(*COLUMNS)
    writer.writerows([value_to_csv_cell(value) for value in values_of(record)] for record in records)
    return buffer.getvalue().encode("utf-8-sig", "replace")


def value_to_csv_cell(value: object) -> str:
    """A value as text, harmless for spreadsheets: nothing for None, decimals exact."""
    if isinstance(value, str):
        return text_to_csv_cell(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
