"""A fingerprint of what models are trained on: equal annotations give equal models and equal fingerprints."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from lanci.annotation import AnnotatedDocument, annotation_to_json

_SEEN = ("pages", "narrative", "tables")
"""The parts of an annotation that training sees: sizes of pages, the lines of a contents page, tables."""

_UNSEEN = ("verified", "inconsistencies")
"""What tables say that training does not see: how they were checked, errors of the source."""


def training_data_to_sha256(documents: Iterable[AnnotatedDocument], titles: Sequence[Path] = ()) -> str:
    """The SHA-256 of the documents, in their order, and of the files of titles, in hexadecimal.

    Only what training uses is in it, so that a table that is verified again leaves it as it is.
    """
    digest = hashlib.sha256()
    for document in documents:
        annotation = annotation_to_json(document)
        seen = _without_unseen({part: annotation[part] for part in _SEEN})
        content = json.dumps(seen, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        digest.update(f"{document.id}\0{content}\0".encode())
    for path in titles:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _without_unseen(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_unseen(member) for key, member in value.items() if key not in _UNSEEN}
    if isinstance(value, list):
        return [_without_unseen(member) for member in value]
    return value
