"""The records of hard cases: what is expected of which pages of which file, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from lanci.document import Document
from lanci.errors import LanciError


class CaseError(LanciError):
    """A file of cases breaks its rules; the message names the file and the entry."""

    category = "cases"


class State(StrEnum):
    """What came of a case."""

    HOLDS = "holds"
    FAILS = "fails"
    NO_FILE = "no file"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as expected; ``page`` is its number from 1, or None for the whole document."""

    page: int | None
    expected: str
    found: str


class Expectation(Protocol):
    """Something that is true of the document that a right parse gives."""

    def check(self, document: Document) -> list[Problem]:
        """What is not as expected; empty when all is."""
        ...


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A file that cases are about.

    Attributes:
        name: where it lies in the corpus, for people; it is found by its contents.
        sha256: of its bytes, lower-case hex.
        read: numbers of the pages to read; all when empty. For scans, which take long.
    """

    name: str
    sha256: str
    read: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class HardCase:
    """One hard case: ``says`` is one sentence on what is hard; ``pages`` are where, from 1."""

    id: str
    file: CaseFile
    pages: tuple[int, ...]
    says: str
    expectations: tuple[Expectation, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a case; ``problems`` has entries only when it fails."""

    case: HardCase
    state: State
    problems: tuple[Problem, ...] = ()
