"""What came of one document, and the lines that tell the user."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lanci.cli.lines import to_count, to_reason

if TYPE_CHECKING:
    from lanci.document import Document, Finding, Table


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures of a document, or of a run when added up."""

    pages: int = 0
    tables: int = 0
    amounts: int = 0
    findings: int = 0
    to_review: int = 0
    overrides: int = 0
    proven: int = 0
    in_conflict: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.pages + other.pages,
            self.tables + other.tables,
            self.amounts + other.amounts,
            self.findings + other.findings,
            self.to_review + other.to_review,
            self.overrides + other.overrides,
            self.proven + other.proven,
            self.in_conflict + other.in_conflict,
        )

    def __str__(self) -> str:
        return ", ".join(
            (
                to_count(self.pages, "page"),
                to_count(self.tables, "table"),
                to_count(self.amounts, "amount") + self._status(),
                to_count(self.findings, "finding"),
                f"{to_count(self.to_review, 'cell')} to review",
                *([to_count(self.overrides, "override")] if self.overrides else ()),
            )
        )

    def _status(self) -> str:
        """What arithmetic says of the amounts, where it says anything."""
        conflict = f", {self.in_conflict:,} in conflict" if self.in_conflict else ""
        return f" ({self.proven:,} proven{conflict})" if self.proven or conflict else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The end of one document: a folder and counts, or an error's category and message."""

    name: str
    folder: Path | None = None
    counts: Counts = Counts()
    listing: tuple[str, ...] = ()
    category: str = ""
    message: str = ""

    @property
    def ok(self) -> bool:
        return self.folder is not None

    def to_lines(self) -> Iterator[str]:
        """The summary line, then the listing where one was asked for."""
        if not self.ok:
            yield f"✗ {self.name}: {to_reason(self.category, self.message)}"
            return
        yield f"✓ {self.name}: {self.counts} → {self.folder}"
        yield from self.listing


def document_to_counts(document: Document) -> Counts:
    """The figures of one document; an amount is a cell that validation gave a status."""
    from lanci.validate.summary import summarize_amounts

    cells = [cell for table in document.tables for cell in table.cells]
    status = summarize_amounts(document.tables)
    return Counts(
        pages=len(document.pages),
        tables=len(document.tables),
        amounts=status.amounts,
        findings=len(document.all_findings),
        to_review=sum(cell.needs_review for cell in cells),
        overrides=len(document.overrides),
        proven=status.proven,
        in_conflict=status.conflict,
    )


def document_to_listing(document: Document) -> tuple[str, ...]:
    """One line for each table and, under them, one for each finding."""
    width = max((len(table.type) for table in document.tables), default=0)
    lines = [f"  {_table_line(table, width)}" for table in document.tables]
    lines += [f"  {_finding_line(document, finding)}" for finding in document.all_findings]
    return tuple(lines)


def _table_line(table: Table, width: int) -> str:
    first, *_, last = (part.place.removesuffix(":1") for part in (table.fragments[0], *table.fragments))
    pages = f"p. {first}" if len(table.fragments) == 1 else f"p. {first}-{last}"
    size = f"{table.n_rows}×{table.n_cols}"
    return f"{table.id}  {pages:<11} {table.type:<{width}}  {size:>7}  {table.title}".rstrip()


def _finding_line(document: Document, finding: Finding) -> str:
    places = []
    for ref in finding.cells[:3]:
        cell = document.table(ref.table).cell_at(ref.row, ref.col)
        page = f" p. {cell.page}" if cell else ""
        places.append(f"{ref.table}[{ref.row},{ref.col}]{page}")
    places += [f"p. {place.page}" for place in finding.places]
    where = ", ".join(places) + (" …" if len(finding.cells) > 3 else "")
    return f"{finding.severity.value}: {finding.message}" + (f" ({finding.rule}; {where})" if where else "")
