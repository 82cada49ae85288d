"""Findings about amounts that disagree, with where their cells are printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lanci.document import Box, Cell, Document, Finding, Severity
from lanci_eval.datasets.sample import choose


@dataclass(frozen=True, slots=True)
class NamedCell:
    """A cell that a finding names; ``page`` and ``box`` are those of its first part."""

    text: str
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Conflict:
    """A warning or an error about amounts, of a file.

    Attributes:
        name: of the file, under the folder that was searched.
        path: of the file.
        number: of the finding among the conflicts of its document, from 1.
        table: id and title of the table of its first cell.
        finding: as it is reported.
        cells: the cells that it names, in its order: the doubtful one first.
        areas: where the tables of these cells lie, by page; a page may have several.
    """

    name: str
    path: Path
    number: int
    table: str
    finding: Finding
    cells: tuple[NamedCell, ...]
    areas: tuple[tuple[int, Box], ...]

    @property
    def id(self) -> str:
        """Unique among files of different names."""
        return f"{self.name}#{self.number}"


def find_conflicts(document: Document, name: str, path: Path) -> Iterator[Conflict]:
    """The conflicts of a parsed file: warnings and errors that state what would be expected of an amount."""
    tables = {table.id: table for table in document.tables}
    cells = {(table.id, cell.row, cell.col): cell for table in document.tables for cell in table.cells}
    number = 0
    for finding in document.all_findings:
        named = [cells[ref.table, ref.row, ref.col] for ref in finding.cells if (ref.table, ref.row, ref.col) in cells]
        about_amounts = finding.expected is not None and any(cell.value is not None for cell in named)
        if finding.severity is Severity.INFO or not about_amounts:
            continue
        number += 1
        of_tables = [tables[name] for name in dict.fromkeys(ref.table for ref in finding.cells) if name in tables]
        first = of_tables[0]
        yield Conflict(
            name,
            path,
            number,
            f"{first.id} {first.title}".strip(),
            finding,
            tuple(_name(cell) for cell in named),
            tuple((part.page, part.box) for table in of_tables for part in table.fragments),
        )


def _name(cell: Cell) -> NamedCell:
    return NamedCell(cell.text, cell.page, cell.box)


def sample_conflicts(conflicts: Sequence[Conflict], count: int, seed: int) -> list[Conflict]:
    """At most ``count`` conflicts drawn at random, each as likely as the others, in the order of their ids."""
    chosen = set(choose((conflict.id for conflict in conflicts), count, seed))
    return [conflict for conflict in conflicts if conflict.id in chosen]
