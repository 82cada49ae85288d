"""A dataset as written on the command line, ``KIND:PATH,option=value,...``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from lanci.errors import LanciError
from lanci_eval.datasets.base import DatasetRequest

_COMMA = re.compile(r"(?<!\\),")


class DatasetError(LanciError):
    """A dataset cannot be read as a whole, or was asked for in a way that makes no sense."""

    category = "dataset"


def parse_request(text: str, limit: int | None, seed: int) -> DatasetRequest:
    r"""The request that a text of the form ``KIND:PATH,option=value,...`` stands for.

    A comma in the path or in a value is written ``\,``. Kind and options are not looked up here.

    Raises:
        DatasetError: the text has another form, or an option is given twice.
    """
    kind, colon, rest = text.partition(":")
    path, *pieces = (piece.replace("\\,", ",") for piece in _COMMA.split(rest))
    if not kind or not colon or not path:
        raise DatasetError(f"dataset {text!r}: write KIND:PATH or KIND:PATH,option=value,...")
    if limit is not None and limit < 1:
        raise DatasetError(f"dataset {text!r}: a limit of {limit} leaves no document; give at least 1")
    options: dict[str, str] = {}
    for piece in pieces:
        name, equals, value = piece.partition("=")
        name = name.strip()
        if not name or not equals:
            raise DatasetError(f"dataset {text!r}: {piece!r} is no option=value; write a comma in a path as \\,")
        if name in options:
            raise DatasetError(f"dataset {text!r}: option {name} is given twice")
        options[name] = value.strip()
    return DatasetRequest(kind, Path(path).expanduser(), tuple(options.items()), limit, seed)


def check_options(request: DatasetRequest, known: Mapping[str, str]) -> None:
    """Raise DatasetError when an option of the request is not among the known ones."""
    for name, _ in request.options:
        if name not in known:
            have = ", ".join(sorted(known)) or "none"
            raise DatasetError(f"dataset {request.kind}: there is no option {name}; it has: {have}")


def folder_option(request: DatasetRequest, name: str, default: Path) -> Path:
    """The folder that an option names; raises DatasetError when it is none."""
    folder = Path(request.option(name, str(default))).expanduser()
    if not folder.is_dir():
        raise DatasetError(f"dataset {request.kind}: {folder} is no folder; name one with {name}=FOLDER")
    return folder
