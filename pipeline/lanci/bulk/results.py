"""Where the results of a store are kept: in folders of this machine, or behind an ``s3://`` address."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from lanci.bulk.layout import DOCUMENTS_FOLDER, PREFIX_DIGITS, document_folder, prefix_folders, result_folders
from lanci.bulk.remote import is_remote, join_url, list_folders, publish_folder, read_remote
from lanci.document import Document
from lanci.errors import UnsupportedInputError
from lanci.store import DOCUMENT_FILE, bytes_to_document, remove_leftovers, replace_document
from lanci.store.swap import target_to_aside


class Results(Protocol):
    """The results of a store, by the SHA-256 of their content."""

    def put(self, document: Document, sha256: str) -> None:
        """Keep a result. Who reads it meanwhile gets the old one or the new one, whole.

        Raises:
            OutputError: it cannot be written.
            StorageError: the storage cannot be reached or refuses.
        """

    def read_bytes(self, sha256: str) -> bytes:
        """The content of its ``document.json``.

        Raises:
            UnsupportedInputError: there is none.
            StorageError: the storage cannot be reached or refuses.
        """

    def has(self, sha256: str) -> bool:
        """Whether there is one. Quick when asked in the order of the contents; may be some minutes behind."""

    def contents(self) -> Iterator[str]:
        """Of which contents there is a result, sorted."""

    def tidy(self) -> None:
        """Remove what processes left behind that died while they wrote. Not while any machine writes results."""


class LocalResults:
    """The results in a folder, see :class:`Results`."""

    def __init__(self, store: Path) -> None:
        self._store = store

    def put(self, document: Document, sha256: str) -> None:
        """Replace the document's folder in one step."""
        replace_document(document, document_folder(self._store, sha256))

    def read_bytes(self, sha256: str) -> bytes:
        """The content of ``document.json``."""
        folder = document_folder(self._store, sha256)
        for place in (folder, target_to_aside(folder), folder):  # a new one may just be moved into its place
            try:
                return (place / DOCUMENT_FILE).read_bytes()
            except FileNotFoundError:
                continue
            except OSError as error:
                raise UnsupportedInputError(f"{place} cannot be read ({error.strerror}): run again") from error
        raise UnsupportedInputError(f"{folder / DOCUMENT_FILE} is not there: run again")

    def has(self, sha256: str) -> bool:
        """Whether there is a ``document.json``."""
        return (document_folder(self._store, sha256) / DOCUMENT_FILE).is_file()

    def contents(self) -> Iterator[str]:
        """The names of the documents' folders."""
        return (folder.name for folder in result_folders(self._store))

    def tidy(self) -> None:
        """Remove temporary folders that nobody holds."""
        for folder in prefix_folders(self._store):
            remove_leftovers(folder)


class RemoteResults:
    """The results behind an address, see :class:`Results` and :mod:`lanci.bulk.remote`."""

    def __init__(self, store: str) -> None:
        self._url = join_url(store, DOCUMENTS_FOLDER)
        self._listed: tuple[str, frozenset[str]] = ("", frozenset())

    def put(self, document: Document, sha256: str) -> None:
        """Upload the document's folder, ``document.json`` last."""
        with TemporaryDirectory(prefix="lanci-") as folder:
            publish_folder(replace_document(document, Path(folder) / sha256), self._url_of(sha256))

    def read_bytes(self, sha256: str) -> bytes:
        """The content of ``document.json``."""
        return read_remote(join_url(self._url_of(sha256), DOCUMENT_FILE))

    def has(self, sha256: str) -> bool:
        """Whether there is a folder; those with the same first digits are listed at once."""
        prefix = sha256[:PREFIX_DIGITS]
        if self._listed[0] != prefix:
            self._listed = (prefix, frozenset(list_folders(join_url(self._url, prefix))))
        return sha256 in self._listed[1]

    def contents(self) -> Iterator[str]:
        """The names of the documents' folders."""
        for prefix in list_folders(self._url):
            yield from list_folders(join_url(self._url, prefix))

    def tidy(self) -> None:
        """Nothing is left behind: an object appears whole or not at all."""

    def _url_of(self, sha256: str) -> str:
        return join_url(self._url, sha256[:PREFIX_DIGITS], sha256)


def open_results(store: str) -> Results:
    """The results of a store, given its folder or its address."""
    return RemoteResults(store) if is_remote(store) else LocalResults(Path(store))


def read_result(results: Results, sha256: str) -> Document:
    """One result as a document; raises as :func:`lanci.store.bytes_to_document` and :meth:`Results.read_bytes`."""
    return bytes_to_document(results.read_bytes(sha256), f"the result {sha256}")
