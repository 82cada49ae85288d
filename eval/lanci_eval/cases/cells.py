"""Expectations of the cells and rows that a page shows, in whatever table they stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lanci.document import Cell, Document
from lanci.text import squash
from lanci_eval.cases.lookup import Part, holds, parts_on, prints, shorten, texts_of_row
from lanci_eval.cases.records import Problem


@dataclass(frozen=True, slots=True)
class RowHolds:
    """A row on the page holds these texts from left to right; with ``whole``, no others.

    The text of a merged cell belongs to every row that it covers.
    """

    page: int
    texts: tuple[str, ...]
    whole: bool = False

    def check(self, document: Document) -> list[Problem]:
        """See :class:`lanci_eval.cases.records.Expectation`."""
        rows = [texts for part in parts_on(document, self.page) for texts in _rows(part)]
        if any(self._is_in(texts) for texts in rows):
            return []
        nearest = max(rows, key=self._likeness, default=[])
        return [Problem(self.page, f"a row {' | '.join(self.texts)}", shorten(" | ".join(nearest)) or "no rows")]

    def _is_in(self, texts: list[str]) -> bool:
        if self.whole and len(texts) != len(self.texts):
            return False
        return holds(self.texts, texts)

    def _likeness(self, texts: list[str]) -> int:
        return sum(any(prints(pattern, text) for text in texts) for pattern in self.texts)


@dataclass(frozen=True, slots=True)
class RowsBetween:
    """So many rows stand on the page below the row that holds ``below``, and above that with ``above`` if given."""

    page: int
    below: str
    count: int
    above: str | None = None

    def check(self, document: Document) -> list[Problem]:
        """See :class:`lanci_eval.cases.records.Expectation`."""
        expected = f"{self.count} rows below {self.below}"
        for part in parts_on(document, self.page):
            start = _first_row(part, self.below, part.rows.start)
            if start is None:
                continue
            end = part.rows.stop if self.above is None else _first_row(part, self.above, start + 1)
            if end is None:
                return [Problem(self.page, f"a row with {self.above} below {self.below}", "none")]
            found = end - start - 1
            return [] if found == self.count else [Problem(self.page, expected, str(found))]
        return [Problem(self.page, expected, f"no row with {self.below}")]


@dataclass(frozen=True, slots=True)
class CellIs:
    """A cell on the page has this text, or ``count`` of them have, with these spans, marked for review or not.

    ``pages`` are all on which a part of it is printed, for one that a page break cuts.
    """

    page: int
    text: str
    count: int | None = None
    row_span: int | None = None
    col_span: int | None = None
    review: bool | None = None
    pages: tuple[int, ...] = ()

    def check(self, document: Document) -> list[Problem]:
        """See :class:`lanci_eval.cases.records.Expectation`."""
        cells = [cell for cell in _cells(document, self.page) if prints(self.text, cell.text)]
        if not cells or (self.count is not None and len(cells) != self.count):
            return [Problem(self.page, f"{self.count or 'a'} cell {self.text}", str(len(cells)))]
        wrong = [told for cell in cells if (told := self._differences(cell))]
        return [Problem(self.page, f"cell {self.text}", wrong[0])] if len(wrong) == len(cells) else []

    def _differences(self, cell: Cell) -> str:
        told = []
        if self.row_span is not None and cell.row_span != self.row_span:
            told.append(f"spans {cell.row_span} rows, not {self.row_span}")
        if self.col_span is not None and cell.col_span != self.col_span:
            told.append(f"spans {cell.col_span} columns, not {self.col_span}")
        if self.review is not None and cell.needs_review is not self.review:
            told.append("is marked for review" if cell.needs_review else "is not marked for review")
        pages = (cell.page, *(place.page for place in cell.continued))
        if self.pages and pages != self.pages:
            told.append(f"stands on pages {', '.join(map(str, pages))}, not {', '.join(map(str, self.pages))}")
        return "; ".join(told)


@dataclass(frozen=True, slots=True)
class TextAbsent:
    """None of the texts occurs in a cell, title, caption line or note of a table on the pages."""

    pages: tuple[int, ...]
    texts: tuple[str, ...]

    def check(self, document: Document) -> list[Problem]:
        """See :class:`lanci_eval.cases.records.Expectation`."""
        return [
            Problem(page, f"{text} nowhere", shorten(place))
            for page in self.pages
            for text in self.texts
            for part in parts_on(document, page)
            for place in _places(part)
            if squash(text) in squash(place)
        ]


@dataclass(frozen=True, slots=True)
class UnmarkedTrue:
    """Every cell with a text on the page is marked for review or has one of these texts: nothing is wrong silently."""

    page: int
    texts: tuple[str, ...]

    def check(self, document: Document) -> list[Problem]:
        """See :class:`lanci_eval.cases.records.Expectation`."""
        if not parts_on(document, self.page):
            return [Problem(self.page, "a table", "none on the page")]
        return [
            Problem(self.page, "a cell as printed, or marked for review", shorten(cell.text))
            for cell in _cells(document, self.page)
            if cell.text and not cell.needs_review and not any(prints(text, cell.text) for text in self.texts)
        ]


def _cells(document: Document, page: int) -> Iterator[Cell]:
    return (cell for part in parts_on(document, page) for cell in part.cells)


def _rows(part: Part) -> Iterator[list[str]]:
    return (texts_of_row(part.table, row) for row in part.rows)


def _first_row(part: Part, pattern: str, start: int) -> int | None:
    """The first row on the page, from ``start`` on, in which a cell with the text begins."""
    rows = [cell.row for cell in part.cells if start <= cell.row < part.rows.stop and prints(pattern, cell.text)]
    return min(rows, default=None)


def _places(part: Part) -> Iterator[str]:
    yield from (cell.text for cell in part.cells)
    yield from part.table.caption.lines
    yield part.table.caption.title
    yield from part.table.notes
