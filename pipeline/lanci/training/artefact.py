"""Write models as an artefact folder whose bytes depend on nothing but the models."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lanci.artefact import META_FILE, META_SCHEMA, MODEL_FILE
from lanci.classify.models import HEADS, Classifier, Models
from lanci.errors import OutputError

_IDS = re.compile(r'("__id__": |")(\d{7,})(\.npy")?')
_EPOCH = (1980, 1, 1, 0, 0, 0)


def models_to_bytes(models: Models) -> bytes:
    """The models as a skops archive; equal models give equal bytes."""
    parts = {name: _classifier_to_plain(getattr(models, name)) for name in HEADS}
    return content_to_bytes({**parts, "limits": {"type": models.type_limit}})


def content_to_bytes(content: dict[str, Any]) -> bytes:
    """Plain containers, arrays and estimators as a skops archive; equal contents give equal bytes."""
    import skops.io

    return _make_stable(skops.io.dumps(content))


def _classifier_to_plain(classifier: Classifier) -> dict[str, Any]:
    states = [encoder.state for encoder in classifier.encoders]
    encoders = [{"longest": s.longest, "weight": s.weight, "vocabulary": s.vocabulary, "idf": s.idf} for s in states]
    return {"encoders": encoders, "heads": dict(classifier.heads)}


def _make_stable(archive: bytes) -> bytes:
    """The archive with its members renumbered and without times.

    skops names members after addresses in memory, and ZIP entries carry the time of writing; both differ from run
    to run.
    """
    with zipfile.ZipFile(io.BytesIO(archive)) as old:
        schema = old.read("schema.json").decode("utf-8")
        members = {name: old.read(name) for name in old.namelist() if name != "schema.json"}
    numbers: dict[str, str] = {}

    def renumber(match: re.Match[str]) -> str:
        before, address, after = match.group(1), match.group(2), match.group(3)
        if before == '"' and after is None:
            return match.group()
        return f"{before}{numbers.setdefault(address, str(len(numbers) + 1))}{after or ''}"

    schema = _IDS.sub(renumber, schema)
    renamed = {f"{numbers[name.removesuffix('.npy')]}.npy": data for name, data in members.items()}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for name in sorted(renamed):
            new.writestr(zipfile.ZipInfo(name, _EPOCH), renamed[name], zipfile.ZIP_DEFLATED, 9)
        new.writestr(zipfile.ZipInfo("schema.json", _EPOCH), schema, zipfile.ZIP_DEFLATED, 9)
    return stream.getvalue()


def write_artefact(
    folder: Path, model: bytes, meta: dict[str, Any], card: str, pictures: Mapping[str, str] | None = None
) -> None:
    """Write ``model.skops``, ``meta.json`` (completed with schema and hash), ``card.md`` and its pictures.

    Everything is written beside ``folder`` first and moved there in one step: an interrupted run leaves the artefact
    that was there, or none.

    Raises:
        OutputError: something cannot be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".new-", dir=folder.parent, ignore_cleanup_errors=True) as beside:
            new, old = Path(beside) / "new", Path(beside) / "old"
            new.mkdir()
            (new / MODEL_FILE).write_bytes(model)
            (new / "card.md").write_text(card, encoding="utf-8")
            for name, picture in (pictures or {}).items():
                (new / name).write_text(picture, encoding="utf-8")
            full = {"schema": META_SCHEMA, **meta, "artefact_sha256": hashlib.sha256(model).hexdigest()}
            (new / META_FILE).write_text(json.dumps(full, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            if folder.exists():
                folder.rename(old)
            new.rename(folder)
    except OSError as error:
        raise OutputError(f"{folder}: the models cannot be written ({error.strerror}); check the folder") from error
