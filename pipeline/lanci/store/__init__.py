"""Stage ``store``: documents as folders of JSON and CSV, and back."""

from lanci.store.decode import json_to_document
from lanci.store.encode import SCHEMA_ID, document_to_json
from lanci.store.names import assign_names, text_to_safe_name
from lanci.store.read import bytes_to_document, read_document
from lanci.store.records_csv import value_to_csv_cell
from lanci.store.table_csv import table_to_csv
from lanci.store.temporary import remove_leftovers
from lanci.store.validate_json import DOCUMENT_SCHEMA
from lanci.store.write import DOCUMENT_FILE, replace_document, write_document

__all__ = [
    "DOCUMENT_FILE",
    "DOCUMENT_SCHEMA",
    "SCHEMA_ID",
    "assign_names",
    "bytes_to_document",
    "document_to_json",
    "json_to_document",
    "read_document",
    "remove_leftovers",
    "replace_document",
    "table_to_csv",
    "text_to_safe_name",
    "value_to_csv_cell",
    "write_document",
]
