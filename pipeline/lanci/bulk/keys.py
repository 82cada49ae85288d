"""What a result depends on besides its content, as short keys: options, software, models, joins and splits.

The key of a result is written into its document, under ``software``. So a ledger that was lost can be made anew from
the documents, and whoever has a document can tell whether two were made alike.

A document in which nothing was read by OCR does not change with the OCR engine: its key leaves that out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import Any

from lanci.artefact import META_FILE, find_newest, lanci_version
from lanci.bulk.tasks import DocumentKey
from lanci.errors import ModelError
from lanci.jobs.flags import ParseFlags
from lanci.jobs.workers import Limits
from lanci.override import Override

KEY_ENTRY = "key"
"""The name of the key among a document's ``software``."""

_DIGITS = 24
_PACKAGES = ("pymupdf", "opencv-python-headless")
_OCR_MODELS = frozenset({"cell-confidence"})
_DEFAULT_ENGINE = "rapidocr"
_ENGINE_PACKAGES = {
    "rapidocr": ("rapidocr", "onnxruntime"),
    "openvino": ("rapidocr", "openvino"),
    "paddle": ("paddleocr", "paddlepaddle"),
    "tesseract": ("tesserocr",),
}


def make_key(flags: ParseFlags, limits: Limits) -> DocumentKey:
    """The keys of a run's documents that have no joins or splits of their own.

    The libraries themselves are not loaded: a run that has nothing to do ends at once.

    Raises:
        ModelError: a model that is shipped with lanci, or the folder of ``--ocr-models``, cannot be read.
    """
    plain = {
        "lanci": lanci_version(),
        "packages": {name: _package_version(name) for name in _PACKAGES},
        "models": _shipped_models(with_ocr=False),
        "options": {
            "pages": flags.pages,
            "force_ocr": flags.force_ocr,
            "dpi": flags.dpi,
            "max_pixels": flags.max_pixels,
            "max_stream_bytes": flags.max_stream_bytes,
        },
    }
    engine = flags.ocr or _DEFAULT_ENGINE
    ocr = {
        "engine": engine,
        "packages": {name: _package_version(name) for name in _ENGINE_PACKAGES.get(engine, ())},
        "models": _shipped_models(with_ocr=True),
        "weights": None if flags.ocr_models is None else _digest_folder(flags.ocr_models),
    }
    # These only decide whether there is a result at all: what failed under others is tried again.
    bounds = {
        "max_pages": flags.max_pages,
        "max_page_points": flags.max_page_points,
        "max_file_bytes": flags.max_file_bytes,
        "office_timeout": flags.office_timeout,
        "has_password": flags.password is not None,
        "seconds": limits.seconds,
        "memory": limits.memory_bytes,
    }
    return DocumentKey(plain=_digest(plain), with_ocr=_digest([plain, ocr]), tried=_digest([plain, ocr, bounds]))


def with_overrides(key: DocumentKey, overrides: Sequence[Override]) -> DocumentKey:
    """The keys of a document for which the user asked for joins or splits."""
    if not overrides:
        return key
    asked = [[override.action.value, override.page, override.table] for override in overrides]
    return replace(
        key,
        plain=_digest([key.plain, asked]),
        with_ocr=_digest([key.with_ocr, asked]),
        tried=_digest([key.tried, asked]),
    )


def _shipped_models(*, with_ocr: bool) -> dict[str, list[str]]:
    """Version and digest of the newest artefact of each model that is shipped."""
    found = {}
    for folder in sorted(files("lanci_models").iterdir(), key=lambda entry: entry.name):
        newest = find_newest(folder) if (folder.name in _OCR_MODELS) is with_ocr else None
        if newest is None:
            continue
        try:
            meta = json.loads(newest.joinpath(META_FILE).read_bytes())
            found[folder.name] = [str(meta["version"]), str(meta["artefact_sha256"])]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(f"{newest.joinpath(META_FILE)}: cannot be read ({error}); reinstall lanci") from error
    return found


def _digest_folder(folder: Path) -> str:
    digest = hashlib.sha256()
    try:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
            digest.update(f"{path.relative_to(folder).as_posix()}\0{content}\n".encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise ModelError(f"{error.filename}: cannot be read ({error.strerror}); check --ocr-models") from error
    return digest.hexdigest()


def _package_version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:  # an engine that is not installed fails with a message of its own
        return ""


def _digest(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:_DIGITS]
