"""What a system claims about a document and what is true of it, in one form, and what a run records.

Truth and prediction are the same type, so that every metric is symmetric and a truth can be scored against
itself. ``None`` stands for what is not known: a system without boxes, a truth without roles. Boxes are points
of the page as displayed, origin at the top left; pages count from 1, rows and columns from 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lanci.document import Box


@dataclass(frozen=True, slots=True)
class EvalCell:
    """One cell at its top-left position.

    ``role`` is that of a header cell (a value of :class:`lanci.document.HeaderRole`). ``flagged`` tells that a
    finding points at the cell. ``confidence`` is the system's own, 0 to 1. Of a system that checks what it reads,
    ``doubted`` tells whether the reading alone asked for a look, before any check, and ``status`` of an amount what
    the checks say: ``proven``, ``unchecked`` or ``conflict``.
    """

    row: int
    col: int
    row_span: int
    col_span: int
    text: str
    page: int
    box: Box | None = None
    role: str | None = None
    confidence: float | None = None
    needs_review: bool = False
    flagged: bool = False
    doubted: bool | None = None
    status: str | None = None

    @property
    def rows(self) -> range:
        return range(self.row, self.row + self.row_span)

    @property
    def cols(self) -> range:
        return range(self.col, self.col + self.col_span)

    @property
    def marked(self) -> bool:
        """Whether a reader is told to look at this cell."""
        return self.needs_review or self.flagged


@dataclass(frozen=True, slots=True)
class EvalFragment:
    """Which rows of a table one page shows, both ends included.

    ``repeated`` are the header cells that the page prints again above a continuation and that the table itself
    holds only once; their rows count from 0.
    """

    page: int
    first_row: int
    last_row: int
    box: Box | None = None
    repeated: tuple[EvalCell, ...] = ()


@dataclass(frozen=True, slots=True)
class EvalTable:
    """A logical table: cells in row-major order without overlap, at least one fragment, in page order.

    ``n_header_rows`` and ``type`` are None where a system does not tell them; ``unit`` is as printed ("万元").
    """

    id: str
    n_rows: int
    n_cols: int
    cells: tuple[EvalCell, ...]
    fragments: tuple[EvalFragment, ...]
    n_header_rows: int | None = None
    type: str | None = None
    title: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class EvalLine:
    """A line of text of a page, from systems that read text but no tables."""

    page: int
    text: str
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything that is claimed, or true, of one document."""

    tables: tuple[EvalTable, ...] = ()
    lines: tuple[EvalLine, ...] = ()


class Status(StrEnum):
    """How a system ended on a document."""

    OK = "ok"
    ERROR = "error"
    CRASHED = "crashed"
    TIMED_OUT = "timed out"
    OUT_OF_MEMORY = "out of memory"
    GARBAGE = "garbage"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one system made of one document.

    ``seconds`` is the time of the extraction alone (not of starting the process and loading models) and
    ``peak_mib`` the most memory that its process and the processes it started held, in MiB; None where it
    never came so far. ``extraction`` is empty unless ``status`` is OK. ``remarks`` are claims that were thrown
    out (a table on a page that does not exist).
    """

    system: str
    status: Status
    message: str = ""
    extraction: Extraction = Extraction()
    remarks: tuple[str, ...] = ()
    seconds: float | None = None
    peak_mib: float | None = None
