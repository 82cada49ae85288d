"""The closed lists of values that the records of a document use."""

from __future__ import annotations

from enum import StrEnum


class PageKind(StrEnum):
    """What a page's text layer is worth."""

    DIGITAL = "digital"
    SCANNED = "scanned"
    MIXED = "mixed"
    BLANK = "blank"


class TextSource(StrEnum):
    """Where a cell's text was read."""

    TEXT = "text"
    OCR = "ocr"


class HeaderRole(StrEnum):
    """What a header cell announces; a body cell takes the role of its column."""

    ROW_NUMBER = "row_number"
    COLUMN_NUMBER = "column_number"
    SUBJECT_CODE = "subject_code"
    SUBJECT_NAME = "subject_name"
    UNIT_CODE = "unit_code"
    UNIT_NAME = "unit_name"
    PROJECT_CODE = "project_code"
    PROJECT_NAME = "project_name"
    ITEM = "item"
    AMOUNT = "amount"
    QUANTITY = "quantity"
    TEXT = "text"
    GROUP = "group"


class RowRole(StrEnum):
    """What a row is; header and column-number rows are counted by ``n_header_rows``."""

    HEADER = "header"
    COLUMN_NUMBER = "column_number"
    TOTAL = "total"
    SUBTOTAL = "subtotal"
    DETAIL = "detail"
    SECTION = "section"
    NOTE = "note"


class Severity(StrEnum):
    """How much a finding should worry the reader."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class AmountStatus(StrEnum):
    """What the arithmetic of a document says of a printed amount."""

    PROVEN = "proven"
    UNCHECKED = "unchecked"
    CONFLICT = "conflict"


class ConflictVerdict(StrEnum):
    """Where an amount that others contradict more likely went wrong."""

    MISREADING = "misreading"
    SOURCE = "source"
    OPEN = "open"
