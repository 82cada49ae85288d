"""A fingerprint of what models are trained on: equal annotations give equal models and equal fingerprints."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lanci.annotation import AnnotatedDocument, annotation_to_json

_UNSEEN = ("bbox", "verified", "inconsistencies")
"""What annotations say that training does not see: places on the page, how it was checked, errors of the source."""


def training_data_to_sha256(documents: Iterable[AnnotatedDocument], titles: Path | None) -> str:
    """The SHA-256 of the tables of the documents, in their order, and of the file of titles, in hexadecimal.

    Only what training uses is in it, so that a table that is verified again leaves it as it is.
    """
    digest = hashlib.sha256()
    for document in documents:
        tables = _seen(annotation_to_json(document)["tables"])
        content = json.dumps(tables, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        digest.update(f"{document.id}\0{content}\0".encode())
    if titles is not None:
        digest.update(titles.name.encode() + b"\0" + titles.read_bytes() + b"\0")
    return digest.hexdigest()


def _seen(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _seen(member) for key, member in value.items() if key not in _UNSEEN}
    if isinstance(value, list):
        return [_seen(member) for member in value]
    return value
