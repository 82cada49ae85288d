"""What a metric is: sums counted per document, and figures made of sums.

Every figure of this package is a function of sums over documents. So a metric can be updated document by
document, stored, added up again over any resampling of the documents (for confidence intervals), and compared
between two runs without reading a document a second time.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from lanci_eval.matching import Comparison
from lanci_eval.records import Extraction

Tally = dict[str, float]
"""Sums of one document or of many; a name that is missing counts as 0. Adding two is adding name by name."""

Figures = dict[str, float | None]
"""Named results; None is undefined (nothing to count)."""


@dataclass(frozen=True, slots=True)
class Case:
    """One system's extraction of one document, with whatever is known to judge it by.

    ``comparison`` is there when the document has a truth. ``evidence`` is a digital PDF whose visible text
    layer says which numbers its pages print (for a scan's twin the document that it was made from), page for
    page the same as the document; None where there is none.
    """

    found: Extraction
    comparison: Comparison | None = None
    evidence: Path | None = None

    @property
    def claims_tables(self) -> bool:
        """Whether tables are claimed, be it none at all; a system that gives lines of text alone claims nothing."""
        return bool(self.found.tables) or not self.found.lines


@dataclass(frozen=True, slots=True)
class FigureInfo:
    """How to show a figure: what it says, in one sentence, and which way is better.

    ``higher_is_better`` is None for what says nothing of a system, such as a count of what is printed.
    """

    name: str
    description: str
    higher_is_better: bool | None = True
    percent: bool = True

    @property
    def arrow(self) -> str:
        """The better direction as a sign, empty where there is none."""
        return {True: "↑", False: "↓", None: ""}[self.higher_is_better]


class FigureMaker(Protocol):
    """Makes figures of sums, of whatever was counted."""

    infos: ClassVar[tuple[FigureInfo, ...]]

    def figures(self, sums: Mapping[str, float]) -> Figures:
        """The figures of some sums: one for every entry of ``infos``, None where undefined."""
        ...


class Metric(ABC):
    """Counts sums per document (:meth:`tally`) and makes figures of sums (:meth:`figures`).

    ``update``, ``summary`` and ``reset`` are the usual running form. A subclass is stateless but for the sums
    kept here. ``needs_tables`` tells that it says nothing of a system that claims no tables.
    """

    name: ClassVar[str]
    infos: ClassVar[tuple[FigureInfo, ...]]
    needs_tables: ClassVar[bool] = True

    def __init__(self) -> None:
        self._sums: Tally = {}

    @abstractmethod
    def tally(self, case: Case) -> Tally:
        """The sums of one document; empty when the metric has nothing to say about it."""

    @abstractmethod
    def figures(self, sums: Mapping[str, float]) -> Figures:
        """The figures of some sums: one for every entry of ``infos``, None where undefined."""

    def count(self, case: Case) -> Tally:
        """The sums of one document, empty as well for one on which the system claims nothing that counts here."""
        return self.tally(case) if case.claims_tables or not self.needs_tables else {}

    def update(self, case: Case) -> None:
        """Count one more document."""
        self._sums = add_tallies((self._sums, self.count(case)))

    def summary(self) -> Figures:
        """The figures over all documents counted so far."""
        return self.figures(self._sums)

    def reset(self) -> None:
        """Forget all documents."""
        self._sums = {}


def add_tallies(tallies: Iterable[Mapping[str, float]]) -> Tally:
    """The sum, name by name, with the names in the order of their first appearance."""
    total: Tally = {}
    for tally in tallies:
        for name, value in tally.items():
            total[name] = total.get(name, 0.0) + value
    return total


def share(part: float, whole: float) -> float | None:
    """``part / whole``, None when there is no whole."""
    return part / whole if whole else None


def f1(true_positives: float, n_truth: float, n_found: float) -> float | None:
    """The harmonic mean of precision and recall; None when both truth and prediction are empty."""
    return share(2 * true_positives, n_truth + n_found)
