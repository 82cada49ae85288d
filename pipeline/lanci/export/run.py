"""One export: the documents of a store, one after the other, into a folder that appears whole or not at all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lanci.artefact import lanci_version
from lanci.bulk import Store, StoredDocument
from lanci.errors import LanciError, MissingProgramError, OutputError, StorageError
from lanci.export.codebook import codebook_to_markdown
from lanci.export.formats import Exporter, Format, open_exporter
from lanci.export.read import ReadDocument, entry_to_rows
from lanci.store.swap import put_folder
from lanci.store.temporary import remove_leftovers, temporary_folder

EXPORT_SCHEMA = "lanci/export/1"
EXPORT_FILE = "export.json"
CODEBOOK_FILE = "codebook.md"


@dataclass(frozen=True, slots=True)
class Step:
    """A document that was taken, or that was not: ``error`` tells why."""

    name: str
    error: LanciError | None = None


@dataclass(frozen=True, slots=True)
class ExportReport:
    """How many documents an export holds, how many of the store it could not take, and what is missing in it.

    ``n_unfit`` counts numbers that the format cannot hold exactly: they are left out there, their texts are not.
    """

    n_documents: int = 0
    n_failed: int = 0
    n_unfit: int = 0


def export_store(store: Store, target: Path, form: Format, tell: Callable[[Step], None]) -> ExportReport:
    """Write all results of a store, and what became of all its files, as the folder ``target``.

    The same store gives the same files (a DuckDB database the same rows). An older export in ``target`` is replaced
    in one step. A result that cannot be read or does not fit the format is told and named in the sources, the others
    go on.

    Args:
        store: to read; it may be in use.
        target: a new or empty folder, or one with an export.
        form: what to write.
        tell: is called after each document.

    Raises:
        MissingProgramError: a library is not installed that the format needs.
        StorageError: the storage of a store behind an address cannot be reached or refuses.
        OutputError: the folder cannot be written, or holds files that are no export of lanci.
    """
    check_replaceable(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        remove_leftovers(target.parent)
        with temporary_folder(target.parent) as folder:
            report = _write(store, folder, form, tell)
            old = put_folder(folder, target)
        if old is not None:
            shutil.rmtree(old, ignore_errors=True)  # what stays is removed by the next run
    except OSError as error:
        raise OutputError(
            f"cannot write {target}: {error.strerror or error}; make room or choose another folder for the export"
        ) from error
    return report


def check_replaceable(target: Path) -> None:
    """Refuse to replace what is no export of lanci: it may be somebody's work.

    Raises:
        OutputError: the folder holds other files.
    """
    if not target.exists():
        return
    if target.is_symlink() or not target.is_dir():
        raise OutputError(f"{target} is in the way and no folder: remove it or choose another folder")
    foreign = sorted({entry.name for entry in target.iterdir()} - _own_entries(target))
    if foreign:
        raise OutputError(
            f"{target} holds files that are no export of lanci ({', '.join(foreign[:5])}) and would be lost: "
            "move them or choose another folder"
        )


def _own_entries(target: Path) -> set[str]:
    """What the export in the folder says it consists of; nothing where there is none."""
    try:
        data = json.loads((target / EXPORT_FILE).read_bytes())
    except (OSError, ValueError):
        return set()
    entries = data.get("entries") if isinstance(data, dict) and data.get("schema") == EXPORT_SCHEMA else None
    return {str(entry) for entry in entries} if isinstance(entries, list) else set()


def _write(store: Store, folder: Path, form: Format, tell: Callable[[Step], None]) -> ExportReport:
    exporter = open_exporter(form, folder)
    try:
        report = _add_all(store, exporter, tell)
    except BaseException:
        exporter.discard()
        raise
    exporter.close()
    (folder / CODEBOOK_FILE).write_text(codebook_to_markdown(), encoding="utf-8")
    entries = sorted({entry.name for entry in folder.iterdir()} | {EXPORT_FILE})
    about = {"schema": EXPORT_SCHEMA, "lanci": lanci_version(), "format": form, "entries": entries}
    text = json.dumps(about, ensure_ascii=False, indent=1) + "\n"
    (folder / EXPORT_FILE).write_text(text, encoding="utf-8")
    return report


def _add_all(store: Store, exporter: Exporter, tell: Callable[[Step], None]) -> ExportReport:
    """Take everything in one pass: a run at work on the store must not come between a result and what is said of it."""
    taken, failed = 0, 0
    for entry in store.entries():
        stored, unread = store.document_of(entry), None
        if stored is not None:
            unread = _add_document(stored, exporter)
            taken, failed = taken + (unread is None), failed + (unread is not None)
            tell(Step(stored.paths[0] if stored.paths else stored.sha256, unread))
        exporter.add_sources(entry_to_rows(entry, unread))
    return ExportReport(taken, failed, exporter.n_unfit)


def _add_document(stored: StoredDocument, exporter: Exporter) -> LanciError | None:
    """Take one result; what is wrong with this one alone is given back."""
    try:
        exporter.add_document(ReadDocument(stored.read(), stored.paths))
    except (OutputError, StorageError, MissingProgramError):
        raise
    except LanciError as error:
        return error
    return None
