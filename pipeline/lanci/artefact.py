"""Trained models as files that can be trusted: finding, checking and reading an artefact.

An artefact is a folder ``<name>/<version>/`` with ``model.skops``, ``meta.json`` and ``card.md``. skops builds
only types that are on a list; nothing in an artefact is ever executed.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from lanci.errors import ModelError

META_SCHEMA = "lanci/model/1"
MODEL_FILE = "model.skops"
META_FILE = "meta.json"


@dataclass(frozen=True, slots=True)
class ArtefactKind:
    """What an artefact must be to be read.

    Attributes:
        name: of the models, and of their folder in ``lanci_models``.
        feature_set: counts up whenever the features change: a model only fits those that it was trained on.
        trusted_types: all types, besides plain containers, that it may hold.
        command: how a user makes one, for messages.
    """

    name: str
    feature_set: int
    trusted_types: tuple[str, ...]
    command: str


@dataclass(frozen=True, slots=True)
class Artefact:
    """What was read: ``content`` is what the skops archive holds, ``place`` names the file in messages."""

    name: str
    version: str
    content: Any
    place: str


def find_shipped(kind: ArtefactKind) -> Traversable:
    """The folder of the newest version that is shipped with lanci.

    Raises:
        ModelError: none is shipped.
    """
    root = files("lanci_models").joinpath(kind.name)
    if not root.is_dir():
        raise ModelError(
            f"the package lanci_models holds no {kind.name!r}: reinstall lanci, or train it with `{kind.command}`"
        )
    newest = find_newest(root)
    if newest is None:
        raise ModelError(
            f"lanci_models/{kind.name} holds no version: reinstall lanci, or train one with `{kind.command}`"
        )
    return newest


def find_newest(root: Traversable) -> Traversable | None:
    """The artefact of the newest version in a folder of versions; None when there is none."""
    if not root.is_dir():
        return None
    versions = [entry for entry in root.iterdir() if entry.joinpath(META_FILE).is_file()]
    return max(versions, key=lambda entry: version_to_key(entry.name), default=None)


def read_folder(folder: Path, kind: ArtefactKind) -> Artefact:
    """The artefact that a user names; errors as in :func:`read_artefact`."""
    if not folder.joinpath(META_FILE).is_file():
        raise ModelError(
            f"{folder} is no model folder: it has no {META_FILE}; name a folder that `{kind.command}` made"
        )
    return read_artefact(folder, kind)


def read_artefact(folder: Traversable, kind: ArtefactKind) -> Artefact:
    """Check an artefact and read it.

    Raises:
        ModelError: it is missing, damaged, of another kind, made for a newer lanci or for other features, or
            holds types that are not on the list.
    """
    meta = _read_meta(folder, kind)
    model = folder.joinpath(MODEL_FILE)
    if not model.is_file():
        raise ModelError(f"{folder}: {MODEL_FILE} is missing; copy the whole folder or train again")
    if hashlib.sha256(model.read_bytes()).hexdigest() != meta["artefact_sha256"]:
        raise ModelError(f"{folder}: {MODEL_FILE} is not the file that {META_FILE} describes; train again")
    with as_file(model) as path:
        content = _load_skops(path, kind)
    return Artefact(meta["name"], meta["version"], content, str(model))


def version_to_key(text: str) -> tuple[int, ...]:
    """``0.10.1`` as numbers for comparing; what follows the numbers (a local or pre-release part) is ignored."""
    match = re.match(r"\d+(?:\.\d+)*", text)
    return tuple(int(part) for part in match.group().split(".")) if match else ()


def lanci_version() -> str:
    """The installed version of lanci; ``0`` when it runs from a folder that was never installed."""
    try:
        return version("lanci")
    except PackageNotFoundError:
        return "0"


def _read_meta(folder: Traversable, kind: ArtefactKind) -> dict[str, Any]:
    """The checked meta.json: one of this kind, for this version of lanci and these features."""
    place = folder.joinpath(META_FILE)
    try:
        meta = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ModelError(f"{place}: cannot be read ({error}); train the model again") from error
    if not isinstance(meta, dict) or meta.get("schema") != META_SCHEMA or meta.get("name") != kind.name:
        raise ModelError(f"{place}: not a model of lanci; train one with `{kind.command}`")
    missing = [key for key in ("version", "minimum_lanci", "feature_set", "artefact_sha256") if key not in meta]
    if missing:
        raise ModelError(f"{place}: says nothing of {', '.join(missing)}; train the model again")
    needed, own = str(meta["minimum_lanci"]), lanci_version()
    if version_to_key(own) < version_to_key(needed):
        raise ModelError(f"{place}: the model needs lanci {needed} or newer and this is {own}; update lanci")
    if meta["feature_set"] != kind.feature_set:
        raise ModelError(
            f"{place}: made for feature set {meta['feature_set']}, this lanci {own} computes {kind.feature_set}; "
            f"train the model again with `{kind.command}`"
        )
    return meta


def _load_skops(path: Path, kind: ArtefactKind) -> Any:
    import skops.io
    from skops.io.exceptions import UntrustedTypesFoundException

    try:
        foreign = sorted(set(skops.io.get_untrusted_types(file=path)) - set(kind.trusted_types))
        if foreign:
            raise ModelError(
                f"{path}: holds types that lanci does not load ({', '.join(foreign[:5])}); use models that "
                f"`{kind.command}` made"
            )
        return skops.io.load(path, trusted=list(kind.trusted_types))
    except UntrustedTypesFoundException as error:
        raise ModelError(f"{path}: holds types that lanci does not load: {error}") from error
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise ModelError(f"{path}: not a skops artefact, or damaged ({error}); train it again") from error
