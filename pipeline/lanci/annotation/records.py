"""Annotated documents: the ground truth, as records.

Rows and columns count from 0, pages from 1. Boxes are unknown and all zero: an annotation says what is
printed and how it belongs together, not where on the page it stands.
"""

from __future__ import annotations

from dataclasses import dataclass

from lanci.document import Box, Cell, Table
from lanci.facets import FacetValues

NO_BOX = Box(0.0, 0.0, 0.0, 0.0)
"""The box of everything whose place on the page is not annotated."""


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

    ``first_row`` and ``last_row`` are rows of the logical table, both included. ``repeated_header`` holds the
    header cells that the page prints again above a continuation, as worded there, rows from 0.
    """

    page: int
    first_row: int
    last_row: int
    caption_lines: tuple[str, ...]
    repeated_header: tuple[Cell, ...]

    @property
    def n_repeated_rows(self) -> int:
        """How many header rows are printed again above this part."""
        return max((cell.row + cell.row_span for cell in self.repeated_header), default=0)


@dataclass(frozen=True, slots=True)
class AnnotatedTable:
    """A logical table and how its pages show it.

    ``verified`` says how the annotation was checked, ``remarks`` what a reader of it should know;
    ``inconsistencies`` are true errors of the source, in words.
    """

    table: Table
    fragments: tuple[AnnotatedFragment, ...]
    verified: str
    remarks: str
    inconsistencies: tuple[str, ...]

    @property
    def facets(self) -> FacetValues:
        """The facets of the table."""
        return FacetValues(self.table.kind, self.table.fund, self.table.scope, self.table.classification)

    @property
    def header_cells(self) -> tuple[Cell, ...]:
        """The cells that begin in the header rows."""
        return tuple(cell for cell in self.table.cells if cell.row < self.table.n_header_rows)


@dataclass(frozen=True, slots=True)
class AnnotatedDocument:
    """One document.

    ``layout`` names the family of forms that it follows (documents of one family belong to one side of a split),
    ``sha256`` is that of its source text.
    """

    id: str
    name: str
    province: str
    city: str
    county: str
    fiscal_year: int
    sha256: str
    origin: str
    layout: str
    n_pages: int
    narrative: tuple[Narrative, ...]
    tables: tuple[AnnotatedTable, ...]
