"""Expectations of one table of a page, the ``nth`` from the top: its shape, header, caption and sums."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from decimal import Decimal

from lanci.document import Document
from lanci.numbers import parse_amount
from lanci.text import squash
from lanci_eval.cases.lookup import Part, is_data, parts_on, prints, shorten, texts_of_row
from lanci_eval.cases.records import Problem

_REPEATS = 0.5
"""Share of the texts of a header row that make a row of the body its repetition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfTable(ABC):
    """What is expected of the ``nth`` table from the top of a page, which has to be there."""

    page: int
    nth: int = 1

    @abstractmethod
    def check_part(self, part: Part) -> list[Problem]:
        """What is not as expected in the table."""

    def check(self, document: Document) -> list[Problem]:
        """See :class:`lanci_eval.cases.records.Expectation`."""
        parts = parts_on(document, self.page)
        if len(parts) < self.nth:
            return [Problem(self.page, f"table {self.nth} from the top", f"{len(parts)} tables on the page")]
        return self.check_part(parts[self.nth - 1])

    def differ(self, expected: str, found: str) -> list[Problem]:
        """One problem of this page."""
        return [Problem(self.page, expected, shorten(found) or "nothing")]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableShape(OfTable):
    """Its size: ``rows`` of data in all, ``columns``; on which ``pages`` it stands, and rows of data on each of them.

    Header rows and rows of column numbers do not count, total rows do; a row that a page break cuts counts on both
    pages. ``header_rows`` are all rows above the body, the row of column numbers included. What is left out is not
    looked at.
    """

    rows: int | None = None
    columns: int | None = None
    header_rows: int | None = None
    pages: tuple[int, ...] = ()
    page_rows: tuple[int, ...] = ()

    def check_part(self, part: Part) -> list[Problem]:
        """See :class:`OfTable`."""
        table = part.table
        problems = []
        rows = sum(is_data(table, row) for row in range(table.n_rows))
        if self.rows is not None and rows != self.rows:
            problems += self.differ(f"{self.rows} rows of data", str(rows))
        if self.columns is not None and table.n_cols != self.columns:
            problems += self.differ(f"{self.columns} columns", str(table.n_cols))
        if self.header_rows is not None and table.n_header_rows != self.header_rows:
            problems += self.differ(f"{self.header_rows} header rows", str(table.n_header_rows))
        pages = tuple(fragment.page for fragment in table.fragments)
        if self.pages and pages != self.pages:
            return problems + self.differ(f"a table on pages {_list(self.pages)}", _list(pages))
        shown = tuple(len(Part(table, fragment).data_rows) for fragment in table.fragments)
        if not self.pages:
            shown = (len(part.data_rows),)
        if self.page_rows and shown != self.page_rows:
            problems += self.differ(f"{_list(self.page_rows)} rows of data by page", _list(shown))
        return problems


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderOnce(OfTable):
    """The header stands once: no row of the body is one, or holds half of the texts of a header row."""

    def check_part(self, part: Part) -> list[Problem]:
        """See :class:`OfTable`."""
        table = part.table
        rows = [texts_of_row(table, row) for row in range(table.n_rows)]
        headers = [set(map(squash, texts)) for texts in rows[: table.n_header_rows] if texts]
        for row in range(table.n_header_rows, table.n_rows):
            found = set(map(squash, rows[row]))
            if not is_data(table, row) or any(len(own & found) >= _REPEATS * len(own) for own in headers):
                return self.differ("no header row in the body", f"row {row}: {' | '.join(rows[row])}")
        return []


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnPaths(OfTable):
    """The header texts over each column, from top to bottom joined by ``/``."""

    columns: tuple[str, ...]

    def check_part(self, part: Part) -> list[Problem]:
        """See :class:`OfTable`."""
        found = tuple("/".join(column.path) for column in part.table.columns)
        if len(found) != len(self.columns):
            return self.differ(f"{len(self.columns)} columns", f"{len(found)}: {' | '.join(found)}")
        wrong = [(a, b) for a, b in zip(self.columns, found, strict=True) if not prints(a, b)]
        return [problem for expected, text in wrong for problem in self.differ(f"column {expected}", text)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnsFilled(OfTable):
    """In every column some cell with a text begins: none was made by rules that do not line up."""

    def check_part(self, part: Part) -> list[Problem]:
        """See :class:`OfTable`."""
        used = {cell.col for cell in part.table.cells if cell.text}
        empty = [str(col) for col in range(part.table.n_cols) if col not in used]
        return self.differ("no empty column", f"columns {', '.join(empty)}") if empty else []


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionIs(OfTable):
    """What stands about the table; ``notes`` and ``lines`` each occur in a note or a caption line."""

    title: str | None = None
    unit: str | None = None
    entity: str | None = None
    notes: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()

    def check_part(self, part: Part) -> list[Problem]:
        """See :class:`OfTable`."""
        caption = part.table.caption
        problems = []
        for name, expected, found in (
            ("title", self.title, caption.title),
            ("unit", self.unit, caption.unit),
            ("entity", self.entity, caption.entity),
        ):
            if expected is not None and not prints(expected, found):
                problems += self.differ(f"{name} {expected}", found)
        for name, texts, places in (("note", self.notes, part.table.notes), ("line", self.lines, caption.lines)):
            for text in texts:
                if not any(squash(text) in squash(place) for place in places):
                    problems += self.differ(f"a {name} with {text}", " | ".join(places))
        return problems


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSum(OfTable):
    """The numbers of a column over all rows that hold the text ``rows`` add up to ``total``, exactly.

    ``column`` counts from 0. What is counted may be money or anything else.
    """

    column: int
    rows: str
    total: Decimal

    def check_part(self, part: Part) -> list[Problem]:
        """See :class:`OfTable`."""
        table = part.table
        chosen = {
            row
            for row in range(table.n_rows)
            if is_data(table, row) and any(prints(self.rows, text) for text in texts_of_row(table, row))
        }
        cells = [cell for cell in table.cells if cell.col == self.column and cell.row in chosen]
        found = sum((number for cell in cells if (number := parse_amount(cell.text)) is not None), Decimal())
        if found == self.total:
            return []
        return self.differ(f"{self.rows} in column {self.column}: {self.total}", f"{found} in {len(chosen)} rows")


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnTotal(OfTable):
    """The row that holds the text ``label`` has the value ``total`` in a column, to which all other rows add up.

    ``column`` counts from 0. Rows are those of data in the whole table; exactly one of them is the total.
    """

    column: int
    label: str
    total: Decimal

    def check_part(self, part: Part) -> list[Problem]:
        """See :class:`OfTable`."""
        table = part.table
        values = {cell.row: cell.value for cell in table.cells if cell.col == self.column and cell.value is not None}
        data = [row for row in range(table.n_rows) if is_data(table, row)]
        totals = [row for row in data if any(prints(self.label, text) for text in texts_of_row(table, row))]
        expected = f"{self.label} in column {self.column}: {self.total}"
        if len(totals) != 1:
            return self.differ(f"one row with {self.label}", str(len(totals)))
        if values.get(totals[0]) != self.total:
            return self.differ(expected, str(values.get(totals[0], "no value")))
        found = sum((values[row] for row in data if row in values and row != totals[0]), Decimal())
        return [] if found == self.total else self.differ(f"{expected} as the sum of the other rows", str(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersTrue(OfTable):
    """Every number that the page prints in the table is right or marked for review, and no other is there unmarked.

    ``rows`` has an entry for each row on the page, header rows included, from the top: the texts with a digit of the
    cells that begin in it, from the left. Whatever is read of a cell that is marked, it may stand for one of them.
    """

    rows: tuple[tuple[str, ...], ...]

    def check_part(self, part: Part) -> list[Problem]:
        """See :class:`OfTable`."""
        if len(part.rows) != len(self.rows):
            return self.differ(f"{len(self.rows)} rows on the page", str(len(part.rows)))
        problems = []
        for row, printed in zip(part.rows, self.rows, strict=True):
            cells = sorted((cell for cell in part.cells if cell.row == row), key=lambda cell: cell.col)
            marked = sum(cell.needs_review for cell in cells)
            numbers = [cell.text for cell in cells if not cell.needs_review and any(c.isdigit() for c in cell.text)]
            rest = iter(printed)
            is_printed = all(any(prints(pattern, text) for pattern in rest) for text in numbers)
            if not is_printed or len(printed) > len(numbers) + marked:
                expected = f"numbers {' | '.join(printed) or 'nowhere'} in row {row - part.rows.start + 1}"
                problems += self.differ(expected, f"{' | '.join(numbers) or 'none'}, and {marked} cells marked")
        return problems


def _list(numbers: tuple[int, ...]) -> str:
    return " + ".join(str(number) for number in numbers)
