"""Expectations of what the checks add up: which amounts a total is the sum of, and which stay outside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lanci.document import Document
from lanci.text import squash
from lanci.validate import build_graph
from lanci.validate.certainty import DOUBTFUL
from lanci.validate.constraints import Constraint
from lanci.validate.context import DocumentContext
from lanci_eval.cases.lookup import prints, shorten
from lanci_eval.cases.records import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class SumIs:
    """The checks take the amount ``total`` of the page for the sum of exactly these ``parts``, in any order.

    It need not hold, and zeros and blanks do not count. ``outside`` are amounts that no sum with this total has.
    Relations that are more likely no sums do not count.
    """

    page: int
    total: str
    parts: tuple[str, ...]
    outside: tuple[str, ...] = ()

    def check(self, document: Document) -> list[Problem]:
        """See :class:`lanci_eval.cases.records.Expectation`."""
        sums = [_texts_of(one) for one in self._sums(document)]
        problems = []
        if sorted(map(squash, self.parts)) not in sums:
            found = "; ".join(" + ".join(texts) for texts in sums)
            problems.append(Problem(self.page, f"{self.total} = {' + '.join(self.parts)}", shorten(found) or "no sum"))
        for text in self.outside:
            if any(squash(text) in texts for texts in sums):
                problems.append(Problem(self.page, f"{text} outside of {self.total}", "part of it"))
        return problems

    def _sums(self, document: Document) -> Iterator[Constraint]:
        context = DocumentContext.of(document.tables, document.pages, document.statements)
        for one in build_graph(context).constraints:
            cell = one.total.cell
            if one.certainty >= DOUBTFUL and cell.page == self.page and prints(self.total, cell.text):
                yield one


def _texts_of(one: Constraint) -> list[str]:
    """The parts of a sum as printed, without zeros."""
    return sorted(squash(part.term.cell.text) for part in one.parts if part.term.value)
