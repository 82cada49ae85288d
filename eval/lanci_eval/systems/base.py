"""What a system is: something that reads a file and says which tables are in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lanci_eval.records import Extraction


class UnavailableError(Exception):
    """The system cannot run here; the message says what is missing and how to get it."""


@dataclass(frozen=True, slots=True)
class SystemRequest:
    """A system as asked for on the command line: ``NAME`` or ``NAME,option=value,...``.

    ``label`` names it in reports; two requests of one run have different labels.
    """

    name: str
    label: str
    options: tuple[tuple[str, str], ...] = ()

    def option(self, name: str, default: str) -> str:
        """The value of an option, or ``default``."""
        return dict(self.options).get(name, default)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a system may use for one document, and for getting ready."""

    seconds: float = 600.0
    mib: int = 6144
    prepare_seconds: float = 180.0
    threads: int = 1


class System(Protocol):
    """Runs inside a process of its own; constructed with its request and the limits.

    ``prepare`` imports and loads what is needed (raises UnavailableError, which is reported) and returns the
    versions that decide the result, e.g. ``{"pdfplumber": "0.11.10"}``. ``extract`` is the timed part; any
    exception that leaves it is reported as an error of the system on that document.
    """

    name: str
    summary: str
    options: dict[str, str]

    def prepare(self) -> dict[str, str]: ...

    def extract(self, path: Path) -> Extraction: ...
