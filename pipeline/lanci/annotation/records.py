"""Annotated documents: the ground truth, as records.

Rows and columns count from 0, pages from 1. Boxes are points of the displayed page, origin at its top left;
what has no annotated place on its page has :data:`NO_BOX`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lanci.document import Box, Cell, Table
from lanci.facets import FacetValues

NO_BOX = Box(0.0, 0.0, 0.0, 0.0)
"""The box of everything whose place on the page is not annotated."""

NO_TABLES = "no-tables"
"""The ``layout`` of a document without any table: a negative, on which nothing must be found."""


class Media(StrEnum):
    """What an annotation was made from, and ``sha256`` is of."""

    PDF = "pdf"
    TEXT = "text"


class How(StrEnum):
    """How a table was verified."""

    BY_EYE = "by eye"
    EXTRACTORS_AND_ARITHMETIC = "two extractors and arithmetic agree"
    EXTRACTORS = "two extractors agree"
    READINGS_AND_ARITHMETIC = "two readings and arithmetic agree"
    GENERATED = "generated"


@dataclass(frozen=True, slots=True)
class AnnotatedPage:
    """The size of a page as displayed (its /Rotate applied), in points."""

    number: int
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Verification:
    """How an annotated table was checked.

    Attributes:
        how: what the table as a whole rests on.
        agreed: cells that were accepted because independent readings agree.
        by_eye: cells that were settled by looking at the page; with ``agreed`` it makes all cells of the table.
        doubts: what was doubtful and by which rule it was settled, a sentence each.
        remarks: what a reader of the annotation should know besides.
    """

    how: How
    agreed: int
    by_eye: int
    doubts: tuple[str, ...] = ()
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class Narrative:
    """A piece of prose between the tables.

    ``kind`` is ``heading``, ``paragraph`` or ``contents``; ``before`` is the id of the table that follows in the
    document, None after the last.
    """

    page: int
    kind: str
    text: str
    before: str | None = None


@dataclass(frozen=True, slots=True)
class AnnotatedFragment:
    """The part of a table that one page shows.

    ``first_row`` and ``last_row`` are rows of the logical table, both included; a row that the page break cuts
    is the last of one fragment and the first of the next. ``repeated_header`` holds the header cells that the
    page prints again above a continuation, as worded there, rows from 0. ``box`` is around all of it, the
    repeated header included.
    """

    page: int
    first_row: int
    last_row: int
    caption_lines: tuple[str, ...]
    repeated_header: tuple[Cell, ...]
    box: Box = NO_BOX

    @property
    def n_repeated_rows(self) -> int:
        """How many header rows are printed again above this part."""
        return max((cell.row + cell.row_span for cell in self.repeated_header), default=0)


@dataclass(frozen=True, slots=True)
class AnnotatedTable:
    """A logical table and how its pages show it.

    The box of a cell that a page break cuts is that of its first part. ``inconsistencies`` are sums of the source
    that do not add up, in words; those that begin with ``rounding:`` are no errors.
    """

    table: Table
    fragments: tuple[AnnotatedFragment, ...]
    verification: Verification
    inconsistencies: tuple[str, ...] = ()

    @property
    def facets(self) -> FacetValues:
        """The facets of the table."""
        return FacetValues(self.table.kind, self.table.fund, self.table.scope, self.table.classification)

    @property
    def source_errors(self) -> tuple[str, ...]:
        """The inconsistencies that rounding does not explain: true errors of the source."""
        return tuple(text for text in self.inconsistencies if not text.startswith("rounding:"))

    @property
    def header_cells(self) -> tuple[Cell, ...]:
        """The cells that begin in the header rows."""
        return tuple(cell for cell in self.table.cells if cell.row < self.table.n_header_rows)


@dataclass(frozen=True, slots=True)
class AnnotatedDocument:
    """One document.

    Attributes:
        id: unique; the name of its file.
        county: empty where a city itself published it; ``city`` is empty where a province did.
        sha256: of what the annotation was made from, a ``media``.
        origin: what that is, in words.
        published: where and by whom the document was published, in words.
        scanned: whether its tables are pictures.
        layout: the family of forms that it follows (documents of one family belong to one side of a split);
            :data:`NO_TABLES` when it has no table.
        pages: the size of every page in order; empty when no size is known.
        narrative: prose between the tables; empty where it was not transcribed.
    """

    id: str
    name: str
    province: str
    city: str
    county: str
    fiscal_year: int
    sha256: str
    media: Media
    origin: str
    published: str
    scanned: bool
    layout: str
    n_pages: int
    pages: tuple[AnnotatedPage, ...]
    narrative: tuple[Narrative, ...]
    tables: tuple[AnnotatedTable, ...]
