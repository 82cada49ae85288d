"""The records of planting: what is planted in, what is planted, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lanci.document import ConflictVerdict, PageSummary, Statement, Table

Place = tuple[int, int]
"""Row and column of a cell in its table."""


class Kind(StrEnum):
    """What is planted. All but the last are misreadings; that one is printed wrongly and read rightly."""

    CONFUSED_DIGIT = "confused digit"
    RANDOM_DIGIT = "random digit"
    DROPPED_DIGIT = "dropped digit"
    DOUBLED_DIGIT = "doubled digit"
    LOST_MINUS = "lost minus"
    LOST_POINT = "lost point"
    SWAPPED_SIGN = "comma for point"
    LOST_AMOUNT = "blank for amount"
    INVENTED_AMOUNT = "amount for blank"
    TWO_AMOUNTS = "two amounts"
    NEIGHBOUR = "neighbouring column"
    SHIFTED_ROW = "shifted row"
    LOST_ROW = "lost row"
    MERGED_ROWS = "merged rows"
    SOURCE_ERROR = "error of the source"


SINGLE_DIGIT = frozenset({Kind.CONFUSED_DIGIT, Kind.RANDOM_DIGIT, Kind.DROPPED_DIGIT, Kind.DOUBLED_DIGIT})
"""The kinds in which one digit is wrong, for which another reading is asked to be proposed."""


class Proposal(StrEnum):
    """Whether a finding that the planting brought about proposes the reading that is printed."""

    NONE = "none"
    RIGHT = "right"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Specimen:
    """A document as OCR reads it without a mistake.

    Attributes:
        id: unique.
        group: documents of one group are not independent.
        tables: interpreted, none of them checked.
        pages: all pages of the document.
        source_errors: how many errors of the source are known; None where nobody looked for them.
        statements: what its prose says of amounts.
    """

    id: str
    group: str
    tables: tuple[Table, ...]
    pages: tuple[PageSummary, ...]
    source_errors: int | None = None
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Planted:
    """A table with one thing read wrongly.

    Attributes:
        kind: of the planting.
        table: the table as it is then read, not interpreted.
        places: where it is not as printed; empty where rows are missing.
        before: the same amounts in the table as printed.
        gone: rows of the table as printed of which nothing is read.
        printed: what stands there: the texts of cells, or those of whole rows in words.
        read: what is read instead.
    """

    kind: Kind
    table: Table
    places: tuple[Place, ...]
    before: tuple[Place, ...]
    printed: tuple[str, ...]
    read: tuple[str, ...]
    gone: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """What validation said of one planting.

    Attributes:
        document, group, kind, table, row, col, printed, read: what was planted, and where (the first place in the
            table as printed).
        constrained: whether a certain constraint takes the amount as a term (of several, one of them).
        covered: whether one that holds of what is printed does not hold of what is read; else the misreading hides in
            rounding, or what is altered keeps the sums.
        flagged: a finding, or a conflict, that was not there before names the place or its row.
        first: such a finding names the altered cell before all others; False where several cells are altered.
        proven: an altered amount counts as proven.
        proposal: whether new findings propose readings, and the right one.
        verdict: of the new findings that name the place or its row: the most that one of them says against the reader
            (misreading, open, source); None without such findings.
        seconds: what validation of the whole document took.
    """

    document: str
    group: str
    kind: Kind
    table: str
    row: int
    col: int
    printed: str
    read: str
    constrained: bool
    covered: bool
    flagged: bool
    first: bool
    proven: bool
    proposal: Proposal
    verdict: ConflictVerdict | None
    seconds: float
