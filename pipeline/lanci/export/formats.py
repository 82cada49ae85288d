"""The formats of an export, behind one small interface."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from lanci.export.csv_files import CsvFiles
from lanci.export.data_package import DataPackage
from lanci.export.decimals import fit
from lanci.export.docling import document_to_docling_json
from lanci.export.document_files import DocumentFiles
from lanci.export.duckdb_file import DuckdbFile
from lanci.export.extras import require_extra
from lanci.export.parquet_files import ParquetFiles
from lanci.export.read import ReadDocument
from lanci.export.relations import Relation
from lanci.export.rows import RECORDS, SOURCES, AmountRow, SourceRow
from lanci.export.xlsx import document_to_xlsx


class Format(StrEnum):
    """What an export can be."""

    PARQUET = "parquet"
    DUCKDB = "duckdb"
    CSV = "csv"
    DATAPACKAGE = "datapackage"
    XLSX = "xlsx"
    DOCLING = "docling"


_LIBRARIES = {
    Format.PARQUET: ("pyarrow",),
    Format.DUCKDB: ("pyarrow", "duckdb"),
    Format.XLSX: ("openpyxl",),
    Format.DOCLING: ("docling_core",),
}
"""What ``lanci[export]`` brings for a format; the others need nothing."""


class Exporter(Protocol):
    """Takes documents one at a time and writes files of one format; keeps a bounded part of them in memory.

    ``n_unfit`` counts the numbers that the format cannot hold exactly and that are missing in it.
    """

    n_unfit: int

    def add_document(self, document: ReadDocument) -> None:
        """Take one document, whole or, where that raises, not at all."""

    def add_sources(self, rows: Sequence[SourceRow]) -> None:
        """Take what became of some files."""

    def close(self) -> None:
        """Finish all files."""

    def discard(self) -> None:
        """Give up; the files may be left half-written."""


class RelationWriter(Protocol):
    """Takes rows of relations and writes them to files."""

    def write(self, relation: Relation, rows: Sequence[Any]) -> None:
        """Take rows of one relation."""

    def close(self) -> None:
        """Finish all files."""

    def discard(self) -> None:
        """Give up."""


class RelationExporter:
    """Exports documents as rows of relations; ``bounded`` tells that the writer's decimals have so many digits."""

    def __init__(self, writer: RelationWriter, *, bounded: bool = False) -> None:
        self.n_unfit = 0
        self._writer = writer
        self._bounded = bounded

    def add_document(self, document: ReadDocument) -> None:
        """Take one document."""
        for relation, rows in list(document.rows()):
            if relation is RECORDS and self._bounded:
                self.n_unfit += _count_unfit(rows)
            self._writer.write(relation, rows)

    def add_sources(self, rows: Sequence[SourceRow]) -> None:
        """Take what became of some files."""
        self._writer.write(SOURCES, rows)

    def close(self) -> None:
        """Finish all files."""
        self._writer.close()

    def discard(self) -> None:
        """Give up."""
        self._writer.discard()


def open_exporter(form: Format, folder: Path) -> Exporter:
    """An exporter that writes into a folder.

    Raises:
        MissingProgramError: a library is not installed that the format needs.
    """
    for module in _LIBRARIES.get(form, ()):
        require_extra(module, "export")
    match form:
        case Format.PARQUET:
            return RelationExporter(ParquetFiles(folder), bounded=True)
        case Format.DUCKDB:
            return RelationExporter(DuckdbFile(folder), bounded=True)
        case Format.CSV:
            return RelationExporter(CsvFiles(folder))
        case Format.DATAPACKAGE:
            return RelationExporter(DataPackage(folder))
        case Format.XLSX:
            return DocumentFiles(folder, ".xlsx", document_to_xlsx)
        case Format.DOCLING:
            return DocumentFiles(folder, ".json", document_to_docling_json)


def _count_unfit(rows: Iterable[AmountRow]) -> int:
    return sum(value is not None and fit(value) is None for row in rows for value in (row.value, row.yuan))
