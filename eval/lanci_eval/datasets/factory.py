"""Documents of the factory: many layouts, the truth known to the last cell, digital and as scans."""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path
from typing import ClassVar

from lanci.annotation import AnnotatedDocument
from lanci_eval.datasets.annotations import read_annotations, source_errors
from lanci_eval.datasets.base import Contents, DatasetRequest, FixedFile, Item, Rejected
from lanci_eval.datasets.request import DatasetError, check_options
from lanci_eval.datasets.sample import take
from lanci_eval.datasets.scans import SCAN_OPTIONS, scan_candidates
from lanci_eval.datasets.sides import SIDE_OPTIONS, take_sides
from lanci_eval.datasets.truth import annotation_to_truth
from lanci_eval.factory.produce import Order, produce

_SCAN_MARK = "-scan"
_YES_NO = {"yes": True, "no": False}


class Factory:
    """A folder of ID.pdf with ID.json; a scan and the digital form of one document are one group."""

    kind = "factory"
    summary = "documents of the factory (PATH: their folder), read, or made there first with count=N"
    options: ClassVar[dict[str, str]] = {
        "count": "make the documents 1 to N of the seed first, those that are there already are kept (default: none)",
        "seed": "what is made (default: 1)",
        "families": "layout families joined by +: of those made, and of those read (default: all)",
        "scans": "yes or no: make a scan of each too (default: no)",
        **SIDE_OPTIONS,
        **SCAN_OPTIONS,
    }

    def load(self, request: DatasetRequest) -> Contents:
        """See :meth:`lanci_eval.datasets.base.Dataset.load`."""
        check_options(request, self.options)
        families = tuple(name for name in request.option("families", "").split("+") if name)
        count = _parse_number(request, "count", "0")
        if count:
            scans = request.option("scans", "no")
            if scans not in _YES_NO:
                raise DatasetError(f"dataset factory: scans={scans} must be yes or no")
            order = Order(count, _parse_number(request, "seed", "1"), _YES_NO[scans])
            try:
                made = [truth.id for truth in produce(order, request.path, families or None, keep=True)]
            except ValueError as error:
                raise DatasetError(f"dataset factory: {error}") from error
        else:
            made = []
        documents, rejected = read_annotations(request.path)
        wanted = [
            document
            for document in take_sides(request, documents)
            if (not made or document.id in made) and (not families or document.layout in families)
        ]
        return take(list(scan_candidates(request, wanted, partial(_read, request.path))), request, rejected)


def _read(folder: Path, document: AnnotatedDocument) -> Item | Rejected:
    path = folder / f"{document.id}.pdf"
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != document.sha256:
        reason = f"{path} is missing or is not the document that its truth describes; make it again"
        return Rejected(document.id, reason)
    group = document.id.removesuffix(_SCAN_MARK)
    digital = folder / f"{group}.pdf"
    tags = {"form": "scan" if document.scanned else "digital", "layout": document.layout}
    return Item(
        document.id,
        group,
        FixedFile(path),
        annotation_to_truth(document.tables),
        evidence=FixedFile(digital) if digital.is_file() else None,
        tags=tuple(sorted(tags.items())),
        remarks=source_errors(document),
    )


def _parse_number(request: DatasetRequest, name: str, default: str) -> int:
    text = request.option(name, default)
    if not text.isdecimal():
        raise DatasetError(f"dataset factory: {name}={text} must be a whole number")
    return int(text)
