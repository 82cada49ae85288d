"""Expectations of what validation says: findings that have to be there, cells on which there must be none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from lanci.document import Cell, Document, Finding, Severity
from lanci.numbers import parse_amount
from lanci.text import squash
from lanci_eval.cases.lookup import prints, shorten
from lanci_eval.cases.records import Problem

_SEVERITIES = (Severity.INFO, Severity.WARNING, Severity.ERROR)


@dataclass(frozen=True, slots=True)
class FindingIs:
    """A finding of at least this ``severity`` names cells on each of the pages, and cells with each of these texts.

    ``difference`` is by how much the printed amount misses the expected one, whichever is the larger. A page counts
    for a cell when any part of the cell stands there. A statement of prose that the finding is about counts as a cell
    that holds the texts that it prints. Which rule tells it is not looked at. With ``verdict`` it has this one:
    misreading, source or open.
    """

    pages: tuple[int, ...]
    texts: tuple[str, ...] = ()
    difference: Decimal | None = None
    severity: str = "warning"
    verdict: str | None = None

    def check(self, document: Document) -> list[Problem]:
        """See :class:`lanci_eval.cases.records.Expectation`."""
        told = list(_findings_on(document, self.pages, Severity(self.severity)))
        if any(self._fits(finding, cells, _stated_in(document, finding)) for finding, cells in told):
            return []
        off = "" if self.difference is None else f", off by {self.difference}"
        expected = f"a finding ({self.verdict or self.severity}) about {' and '.join(self.texts) or 'the page'}{off}"
        found = "; ".join(f"{finding.rule}: {_name(cells)}" for finding, cells in told)
        return [Problem(self.pages[0], expected, shorten(found) or "none")]

    def _fits(self, finding: Finding, cells: list[Cell], stated: list[str]) -> bool:
        pages = {page for cell in cells for page in _pages_of(cell)} | {place.page for place in finding.places}
        named = all(
            any(prints(text, cell.text) for cell in cells) or any(squash(text) in one for one in stated)
            for text in self.texts
        )
        judged = self.verdict is None or finding.verdict == self.verdict
        return pages.issuperset(self.pages) and named and judged and self._is_off(finding)

    def _is_off(self, finding: Finding) -> bool:
        if self.difference is None:
            return True
        expected, found = (parse_amount(text or "") for text in (finding.expected, finding.found))
        if expected is None and found is None:
            return False
        return abs((expected or Decimal(0)) - (found or Decimal(0))) == abs(self.difference)


@dataclass(frozen=True, slots=True)
class Quiet:
    """No warning and no error about amounts names a cell on the pages; with ``texts``, a cell with one of them."""

    pages: tuple[int, ...]
    texts: tuple[str, ...] = ()

    def check(self, document: Document) -> list[Problem]:
        """See :class:`lanci_eval.cases.records.Expectation`."""
        problems = []
        for page in self.pages:
            for finding, cells in _findings_on(document, (page,), Severity.WARNING):
                named = [cell for cell in cells if self._is_meant(cell, page)]
                if finding.expected is not None and named:
                    about = " or ".join(self.texts) or "amounts"
                    found = shorten(f"{finding.rule}: {finding.message}")
                    problems.append(Problem(page, f"no finding about {about}", found))
        return problems

    def _is_meant(self, cell: Cell, page: int) -> bool:
        return page in _pages_of(cell) and (not self.texts or any(prints(text, cell.text) for text in self.texts))


@dataclass(frozen=True, slots=True)
class NoBudget:
    """No table of the document, if it has any, is of a kind that budgets have."""

    def check(self, document: Document) -> list[Problem]:
        """See :class:`lanci_eval.cases.records.Expectation`."""
        return [
            Problem(table.fragments[0].page, "no table of a budget", f"{table.id} is {table.type}")
            for table in document.tables
            if table.kind != "other"
        ]


def _stated_in(document: Document, finding: Finding) -> list[str]:
    """The statements of prose that a finding is about, squashed."""
    places = {*finding.places}
    return [squash(one.text) for one in document.statements if not places.isdisjoint(one.places)]


def _findings_on(document: Document, pages: tuple[int, ...], least: Severity) -> Iterator[tuple[Finding, list[Cell]]]:
    """The findings of at least a severity about a cell or prose on one of the pages, with all cells that they name."""
    cells = {(table.id, cell.row, cell.col): cell for table in document.tables for cell in table.cells}
    for finding in document.all_findings:
        if _SEVERITIES.index(finding.severity) < _SEVERITIES.index(least):
            continue
        named = [cells[ref.table, ref.row, ref.col] for ref in finding.cells if (ref.table, ref.row, ref.col) in cells]
        stands_on = {place.page for place in finding.places}.union(*map(_pages_of, named))
        if not stands_on.isdisjoint(pages):
            yield finding, named


def _pages_of(cell: Cell) -> set[int]:
    return {cell.page, *(place.page for place in cell.continued)}


def _name(cells: list[Cell]) -> str:
    return " ".join(cell.text or "(blank)" for cell in cells[:4])
