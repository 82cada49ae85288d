"""What the ledger tells: one record for each content, and for each file that could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """What has become of a content, or of a file.

    ``VANISHED``: it was there once, and there is no file any more to read it from; a result, if there was one, stays.
    """

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"
    VANISHED = "vanished"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One content, or one file that could not be read (``sha256`` is then None).

    Attributes:
        sha256: of the content, in hexadecimal.
        state: see :class:`State`; ``PENDING`` also while it is worked on.
        category, message, page: of the last failure, as of a :class:`lanci.errors.LanciError`; "" and None else.
        attempts: how often its work came to an end since it was last new, changed or asked for again.
        seconds: the last attempt took.
        pages: of the document, where that is known.
        key: of the options and software that made the result that is in the store; "" where there is none.
        outdated: the result is of other options or software than the last run asked for.
        first_seen: seconds since 1970.
        paths: the names by which the content came, relative to the inputs that they were found in, sorted.
    """

    sha256: str | None
    state: State
    category: str = ""
    message: str = ""
    page: int | None = None
    attempts: int = 0
    seconds: float | None = None
    pages: int | None = None
    key: str = ""
    outdated: bool = False
    first_seen: float = 0.0
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Totals:
    """How many contents and unreadable files are in which state, what failed by category, and the pages done."""

    states: tuple[tuple[State, int], ...]
    failures: tuple[tuple[str, int], ...]
    files: int
    pages: int
    outdated: int

    def count(self, state: State) -> int:
        return dict(self.states).get(state, 0)
