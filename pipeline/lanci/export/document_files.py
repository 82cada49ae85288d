"""A file for each document, in formats that know no relations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from lanci.document import Document
from lanci.export.csv_files import CsvFiles
from lanci.export.read import ReadDocument
from lanci.export.rows import SOURCES, SourceRow
from lanci.store import text_to_safe_name

DOCUMENTS_FOLDER = "documents"
_HASH_DIGITS = 16


class DocumentFiles:
    """Writes ``documents/<name>-<hash><suffix>`` for each document, and ``sources.csv``.

    Args:
        folder: of the export.
        suffix: of the files.
        convert: a document to the bytes of its file.
    """

    def __init__(self, folder: Path, suffix: str, convert: Callable[[Document], bytes]) -> None:
        self.n_unfit = 0
        self._folder = folder / DOCUMENTS_FOLDER
        self._folder.mkdir()
        self._suffix = suffix
        self._convert = convert
        self._sources = CsvFiles(folder, relations=(SOURCES,))

    def add_document(self, document: ReadDocument) -> None:
        """Write the file of one document."""
        named = document.named
        source = named.source
        name = f"{text_to_safe_name(Path(source.name).stem)}-{source.sha256[:_HASH_DIGITS]}{self._suffix}"
        (self._folder / name).write_bytes(self._convert(named))

    def add_sources(self, rows: Sequence[SourceRow]) -> None:
        """Take what became of some files."""
        self._sources.write(SOURCES, rows)

    def close(self) -> None:
        """Finish ``sources.csv``."""
        self._sources.close()

    def discard(self) -> None:
        """Give up."""
        self._sources.close()
