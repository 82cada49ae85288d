"""Writing a document's folder so that nobody ever sees half of it."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from lanci.document import Document
from lanci.errors import OutputError
from lanci.records import tidy_records
from lanci.store.encode import document_to_json
from lanci.store.names import text_to_safe_name
from lanci.store.records_csv import records_to_csv
from lanci.store.swap import put_folder
from lanci.store.table_csv import table_to_csv
from lanci.store.temporary import remove_leftovers, temporary_folder

DOCUMENT_FILE = "document.json"
RECORDS_FILE = "records.csv"
TABLES_FOLDER = "tables"
_OWN_ENTRIES = frozenset({DOCUMENT_FILE, RECORDS_FILE, TABLES_FOLDER})
_TITLE_BYTES = 120


def write_document(document: Document, out_dir: Path, *, name: str | None = None) -> Path:
    """Write one document as a folder of ``out_dir`` and return the folder.

    The folder holds ``document.json``, ``records.csv`` and ``tables/*.csv``. An older result of the same name is
    replaced in one step: whenever the process dies, the folder holds the old result or the new one, whole.
    Temporary folders that earlier runs left behind are removed.

    Args:
        document: what to write.
        out_dir: the folder of all results; made when missing.
        name: the folder's name, one of :func:`lanci.store.names.assign_names`; by default made from the
            source's name.

    Raises:
        OutputError: the folder cannot be written, or holds files that are not lanci's.
    """
    target = out_dir / text_to_safe_name(Path(document.source.name).stem if name is None else name)
    remove_leftovers(out_dir)
    return replace_document(document, target)


def replace_document(document: Document, target: Path) -> Path:
    """Write one document as the folder ``target`` and return the folder.

    As :func:`write_document`, but for what earlier runs left behind: that is for the caller to remove, when nobody on
    another machine can be at work beside it.
    """
    out_dir = target.parent
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        _check_replaceable(target)
        with temporary_folder(out_dir) as new:
            _write_files(document, new)
            old = put_folder(new, target)
        sync_folder(out_dir)
        if old is not None:
            shutil.rmtree(old, ignore_errors=True)  # what stays is removed by the next run
    except OSError as error:
        raise OutputError(
            f"{document.source.name}: cannot write {target}: {error.strerror or error}; "
            "make room or choose another folder for the output"
        ) from error
    return target


def sync_folder(folder: Path) -> None:
    """Have the system write a folder's entries to the disk, where it can."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _check_replaceable(target: Path) -> None:
    """Refuse to replace what lanci did not write: it may be somebody's work."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise OutputError(f"{target} is in the way and no folder: remove it or choose another output folder")
    foreign = sorted({entry.name for entry in target.iterdir()} - _OWN_ENTRIES) if target.exists() else []
    if foreign:
        raise OutputError(
            f"{target} holds files that are no result of lanci ({', '.join(foreign[:5])}) and would be "
            "lost: move them or choose another output folder"
        )


def _write_files(document: Document, folder: Path) -> None:
    text = json.dumps(document_to_json(document), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    # a file name that is no Unicode comes as lone surrogates, which UTF-8 cannot hold
    _write_file(folder / DOCUMENT_FILE, text.encode("utf-8", "replace"))
    _write_file(folder / RECORDS_FILE, records_to_csv(tidy_records(document)))
    tables = folder / TABLES_FOLDER
    tables.mkdir()
    for table in document.tables:
        title = text_to_safe_name(table.title, max_bytes=_TITLE_BYTES, fallback=table.type)
        _write_file(tables / f"{table.id}_{title}.csv", table_to_csv(table))
    sync_folder(tables)
    sync_folder(folder)


def _write_file(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
