"""Our own annotations with the files that they were made from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from lanci.annotation import AnnotatedDocument, Media, load_annotation
from lanci.errors import AnnotationError
from lanci.source import discover
from lanci_eval.datasets.base import Contents, DatasetRequest, FixedFile, Item, Rejected
from lanci_eval.datasets.request import DatasetError, check_options, folder_option
from lanci_eval.datasets.sample import take
from lanci_eval.datasets.scans import SCAN_OPTIONS, scan_candidates
from lanci_eval.datasets.sides import SIDE_OPTIONS, take_sides
from lanci_eval.datasets.truth import annotation_to_truth


class Annotations:
    """Annotated documents; each file is found by its SHA-256, whatever its name and folder.

    Documents that were annotated from a text are left out: there is no file that shows their pages.
    """

    kind = "annotations"
    summary = "our annotations (PATH: folder of ID.json) with the real files they were made from"
    options: ClassVar[dict[str, str]] = {
        "files": "folder with the real files, searched with all folders in it (needed)",
        **SIDE_OPTIONS,
        **SCAN_OPTIONS,
    }

    def load(self, request: DatasetRequest) -> Contents:
        """See :meth:`lanci_eval.datasets.base.Dataset.load`."""
        check_options(request, self.options)
        if not request.option("files", ""):
            raise DatasetError("dataset annotations: name the folder with the real files: files=FOLDER")
        folder = folder_option(request, "files", Path())
        files = {_hash_file(path): path for path in reversed(discover([folder]))}

        def read(document: AnnotatedDocument) -> Item | Rejected:
            path = files.get(document.sha256)
            if path is None:
                return Rejected(
                    document.id,
                    f"no document with SHA-256 {document.sha256[:12]}… is under {folder}: put the file that was "
                    "annotated there, unchanged",
                )
            truth = annotation_to_truth(document.tables)
            evidence = None if document.scanned else FixedFile(path)
            tags = (("form", "scan" if document.scanned else "digital"),)
            return Item(document.id, document.id, FixedFile(path), truth, evidence, tags, source_errors(document))

        documents, rejected = read_annotations(request.path)
        paged = [document for document in take_sides(request, documents) if document.media is not Media.TEXT]
        return take(list(scan_candidates(request, paged, read)), request, rejected)


def _hash_file(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DatasetError(f"{path} cannot be read ({error.strerror}); check its permissions") from error


def read_annotations(folder: Path) -> tuple[list[AnnotatedDocument], list[Rejected]]:
    """All sound documents of a folder (``*.json``) by id, and what is wrong with the other files.

    Raises DatasetError when the folder holds no annotation file.
    """
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise DatasetError(f"{folder}: no annotation files (*.json) here; name the folder that holds them")
    documents: dict[str, AnnotatedDocument] = {}
    rejected = []
    for path in paths:
        try:
            document = load_annotation(path)
        except AnnotationError as error:
            rejected.append(Rejected(path.stem, str(error)))
            continue
        if document.id in documents:
            rejected.append(Rejected(path.stem, f"{path}: another file describes {document.id}; keep one of them"))
        else:
            documents[document.id] = document
    return [documents[name] for name in sorted(documents)], rejected


def source_errors(document: AnnotatedDocument, kept: Iterable[str] | None = None) -> tuple[str, ...]:
    """True errors of the source, which a checking system may flag; of the tables ``kept``, else of all."""
    ids = None if kept is None else set(kept)
    return tuple(
        f"{table.table.id}: the source itself errs: {text}"
        for table in document.tables
        if ids is None or table.table.id in ids
        for text in table.source_errors
    )
