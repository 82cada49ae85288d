"""From arguments to files: folders are searched, nothing is taken twice, the output is no input."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lanci.discover import discover, no_documents_error, unreadable_error
from lanci.errors import LanciError


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files to parse, each once in the order given, and the arguments that gave none with the reason."""

    files: tuple[Path, ...]
    failures: tuple[tuple[Path, LanciError], ...]


def expand_inputs(paths: Sequence[Path], *, output: Path) -> Inputs:
    """All files behind the arguments; what lies in the output folder is left out of a searched folder."""
    files: dict[Path, Path] = {}
    failures: list[tuple[Path, LanciError]] = []
    for path in paths:
        unread: list[OSError] = []
        try:
            found = discover([path], on_error=unread.append)
        except LanciError as error:
            failures.append((path, error))
            continue
        failures += [(Path(os.fsdecode(error.filename)), unreadable_error(error)) for error in unread]
        if path.is_dir():
            found = [file for file in found if not file.resolve().is_relative_to(output.resolve())]
        if not found and not unread:
            failures.append((path, no_documents_error(path)))
        for file in found:
            files.setdefault(file.resolve(), file)
    return Inputs(tuple(files.values()), tuple(failures))
