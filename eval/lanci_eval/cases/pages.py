"""Expectations of whole pages: their kind, how many tables they show, where these lie."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lanci.document import Box, Document, PageSummary
from lanci_eval.cases.lookup import parts_on, shorten
from lanci_eval.cases.records import Problem

_ROUNDING = 0.6
"""Points by which a rule may reach over the page's edge."""
_TURNED = re.compile(r"turned clockwise by (\d+) degrees to stand upright")


@dataclass(frozen=True, slots=True)
class PageIs:
    """Each page was read as ``read_as`` (digital, scanned, mixed or blank) and has this rotation and size.

    ``size`` is the width and height as displayed, in points, to the nearest point. ``turned`` tells by how many
    degrees, clockwise, the page was turned to stand upright; 0 that it was left as it lay.
    """

    pages: tuple[int, ...]
    read_as: str
    rotation: int | None = None
    size: tuple[float, float] | None = None
    turned: int | None = None

    def check(self, document: Document) -> list[Problem]:
        """See :class:`lanci_eval.cases.records.Expectation`."""
        problems = []
        summaries = {page.number: page for page in document.pages}
        for number in self.pages:
            page = summaries.get(number)
            if page is None:
                problems.append(Problem(number, "the page", "it was not read"))
                continue
            if page.kind.value != self.read_as:
                problems.append(Problem(number, f"a {self.read_as} page", page.kind.value))
            if self.rotation is not None and page.rotation != self.rotation:
                problems.append(Problem(number, f"rotation {self.rotation}", str(page.rotation)))
            if self.size is not None and max(abs(page.width - self.size[0]), abs(page.height - self.size[1])) > 1:
                found = f"{page.width:.0f} x {page.height:.0f}"
                problems.append(Problem(number, f"a page of {self.size[0]:g} x {self.size[1]:g} points", found))
            turned = _turn_of(page)
            if self.turned is not None and turned != self.turned:
                problems.append(Problem(number, f"turned clockwise by {self.turned} degrees", str(turned)))
        return problems


@dataclass(frozen=True, slots=True)
class TableCount:
    """Each page shows this many tables or parts of tables."""

    pages: tuple[int, ...]
    count: int

    def check(self, document: Document) -> list[Problem]:
        """See :class:`lanci_eval.cases.records.Expectation`."""
        problems = []
        for page in self.pages:
            parts = parts_on(document, page)
            if len(parts) != self.count:
                sizes = ", ".join(f"{len(part.rows)} x {part.table.n_cols}" for part in parts)
                found = f"{len(parts)}" + (f" ({sizes})" if parts else "")
                problems.append(Problem(page, f"{self.count} tables", found))
        return problems


@dataclass(frozen=True, slots=True)
class DistinctTables:
    """The pages together show parts of this many tables, each counted once."""

    pages: tuple[int, ...]
    count: int

    def check(self, document: Document) -> list[Problem]:
        """See :class:`lanci_eval.cases.records.Expectation`."""
        found = dict.fromkeys(part.table.id for page in self.pages for part in parts_on(document, page))
        if len(found) == self.count:
            return []
        expected = f"{self.count} tables on pages {self.pages[0]} to {self.pages[-1]}"
        return [Problem(self.pages[0], expected, f"{len(found)}: {shorten(', '.join(found))}")]


@dataclass(frozen=True, slots=True)
class TableKinds:
    """All tables on the pages are of one of these kinds (as in docs/table-types.md)."""

    pages: tuple[int, ...]
    kinds: tuple[str, ...]

    def check(self, document: Document) -> list[Problem]:
        """See :class:`lanci_eval.cases.records.Expectation`."""
        return [
            Problem(page, f"only tables of kind {', '.join(self.kinds)}", f"{part.table.id} is {part.table.kind}")
            for page in self.pages
            for part in parts_on(document, page)
            if part.table.kind not in self.kinds
        ]


@dataclass(frozen=True, slots=True)
class BoxesInside:
    """The boxes of all tables and cells on the pages lie on the page."""

    pages: tuple[int, ...]

    def check(self, document: Document) -> list[Problem]:
        """See :class:`lanci_eval.cases.records.Expectation`."""
        summaries = {page.number: page for page in document.pages}
        problems = []
        for number in self.pages:
            page = summaries[number]
            edge = Box(0, 0, page.width, page.height).grow(_ROUNDING)
            beyond = [what for what, box in _boxes(document, number) if not _within(box, edge)]
            if beyond:
                problems.append(Problem(number, "all boxes on the page", f"not those of {shorten(', '.join(beyond))}"))
        return problems


@dataclass(frozen=True, slots=True)
class TableBox:
    """The ``nth`` table from the top lies at ``box`` (x0, y0, x1, y1 in points), give or take ``margin``."""

    page: int
    box: tuple[float, float, float, float]
    nth: int = 1
    margin: float = 4.0

    def check(self, document: Document) -> list[Problem]:
        """See :class:`lanci_eval.cases.records.Expectation`."""
        expected = f"table {self.nth} at {_spell(self.box)}"
        parts = parts_on(document, self.page)
        if len(parts) < self.nth:
            return [Problem(self.page, expected, f"{len(parts)} tables")]
        box = parts[self.nth - 1].fragment.box
        found = (box.x0, box.y0, box.x1, box.y1)
        if max(abs(a - b) for a, b in zip(self.box, found, strict=True)) <= self.margin:
            return []
        return [Problem(self.page, expected, _spell(found))]


def _turn_of(page: PageSummary) -> int:
    """By how many degrees a page was turned, as its remarks tell."""
    found = (_TURNED.search(remark) for remark in page.remarks)
    return next((int(match[1]) for match in found if match), 0)


def _boxes(document: Document, page: int) -> Iterator[tuple[str, Box]]:
    for part in parts_on(document, page):
        yield part.table.id, part.fragment.box
        for cell in part.table.cells:
            if cell.page == page:
                yield f"{part.table.id} r{cell.row} c{cell.col}", cell.box
            for place in cell.continued:
                if place.page == page:
                    yield f"{part.table.id} r{cell.row} c{cell.col}", place.box


def _within(box: Box, edge: Box) -> bool:
    return box.x0 >= edge.x0 and box.y0 >= edge.y0 and box.x1 <= edge.x1 and box.y1 <= edge.y1


def _spell(box: tuple[float, float, float, float]) -> str:
    return " ".join(f"{value:.0f}" for value in box)
