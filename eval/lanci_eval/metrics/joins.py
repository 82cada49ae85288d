"""Where tables go on over a break and where they only seem to: joins missed and made wrongly, counted by cause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import ClassVar

from lanci.document import HeaderRole
from lanci.text import squash
from lanci_eval.matching import Comparison, GridPair
from lanci_eval.metrics.base import Case, FigureInfo, Figures, Metric, Tally
from lanci_eval.records import EvalCell, EvalFragment, EvalTable


def _missed(name: str, description: str) -> FigureInfo:
    return FigureInfo(f"missed_{name}", f"Joins missed {description}.", higher_is_better=False, percent=False)


def _wrong(name: str, description: str) -> FigureInfo:
    return FigureInfo(f"wrong_{name}", f"Joins made between {description}.", higher_is_better=False, percent=False)


_MISSED = (
    _missed("part", "because a part was not found"),
    _missed("column", "of parts that were found with different numbers of columns"),
    _missed("header", "where the header is printed again, but not all of it or not in the same words"),
    _missed("bare", "where no header is printed again"),
    _missed("equal", "although the header is printed again in the same words"),
)
_WRONG = (
    _wrong("alike", "different tables with as many columns of the same labels"),
    _wrong("other", "other different tables"),
    _wrong("nothing", "parts of which one is no table of the truth"),
)
_PLACES = (
    FigureInfo("true", "Places where a table goes on after a break.", higher_is_better=None, percent=False),
    FigureInfo(
        "alike",
        "Page breaks between different tables with as many columns of the same labels.",
        higher_is_better=None,
        percent=False,
    ),
)


class Joins(Metric):
    """One join for every part of a table but its first; a table over 53 pages has 52.

    A true join is made when both parts stand in one found table. A wrong join is one between neighbouring parts of a
    found table that do not belong to one true table.
    """

    name: ClassVar[str] = "joins"
    infos: ClassVar[tuple[FigureInfo, ...]] = (
        _PLACES[0],
        FigureInfo("missed", "Joins that were not made.", higher_is_better=False, percent=False),
        *_MISSED,
        _PLACES[1],
        FigureInfo("wrong", "Joins of parts that do not belong together.", higher_is_better=False, percent=False),
        *_WRONG,
    )

    def tally(self, case: Case) -> Tally:
        if case.comparison is None:
            return {}
        tables = [pair.truth for pair in case.comparison.tables if pair.truth is not None]
        sums: Tally = dict.fromkeys((info.name for info in self.infos), 0.0)
        sums["alike"] = float(sum(_are_alike(one, other) for one, other in _neighbours(tables)))
        for table, pairs in zip(tables, _by_truth(case.comparison, len(tables)), strict=True):
            for (before, after), part in zip(pairwise(pairs), table.fragments[1:], strict=True):
                sums["true"] += 1
                if not _is_joined(before, after):
                    sums["missed"] += 1
                    sums[_why_missed(before, after, table, part)] += 1
        for before, after in _found_joins(case.comparison):
            cause = _why_wrong(before, after, tables)
            if cause is not None:
                sums["wrong"] += 1
                sums[cause] += 1
        return sums

    def figures(self, sums: Mapping[str, float]) -> Figures:
        defined = any(sums.get(name) for name in ("true", "alike", "wrong"))
        return {info.name: sums.get(info.name, 0.0) if defined else None for info in self.infos}


def _by_truth(comparison: Comparison, n_tables: int) -> list[list[GridPair]]:
    """The pairs of page grids of each true table, in the order of its parts."""
    found: list[list[GridPair]] = [[] for _ in range(n_tables)]
    for pair in comparison.grids:
        if pair.truth is not None:
            found[pair.truth.table].append(pair)
    return found


def _found_joins(comparison: Comparison) -> Iterator[tuple[GridPair, GridPair]]:
    """Neighbouring parts of each found table, in page order."""
    found: dict[int, list[GridPair]] = {}
    for pair in comparison.grids:
        if pair.found is not None:
            found.setdefault(pair.found.table, []).append(pair)
    for pairs in found.values():
        yield from pairwise(sorted(pairs, key=_page_found))


def _page_found(pair: GridPair) -> int:
    return pair.found.page if pair.found is not None else 0


def _is_joined(before: GridPair, after: GridPair) -> bool:
    return before.found is not None and after.found is not None and before.found.table == after.found.table


def _why_missed(before: GridPair, after: GridPair, table: EvalTable, part: EvalFragment) -> str:
    if before.found is None or after.found is None:
        return "missed_part"
    if before.found.n_cols != after.found.n_cols:
        return "missed_column"
    if not part.repeated:
        return "missed_bare"
    return "missed_equal" if _texts(part.repeated) == _texts(_header(table)) else "missed_header"


def _why_wrong(before: GridPair, after: GridPair, tables: Sequence[EvalTable]) -> str | None:
    """The cause for which two parts should not have been joined; None when they should."""
    if before.truth is None or after.truth is None:
        return "wrong_nothing"
    if before.truth.table == after.truth.table:
        return None
    return "wrong_alike" if _are_alike(tables[before.truth.table], tables[after.truth.table]) else "wrong_other"


def _neighbours(tables: Sequence[EvalTable]) -> Iterator[tuple[EvalTable, EvalTable]]:
    """Tables of which one ends a page and the other, another table, begins the next."""
    ends: dict[int, EvalTable] = {}
    begins: dict[int, EvalTable] = {}
    for table in tables:
        for part in table.fragments:
            ends[part.page] = table
            begins.setdefault(part.page, table)
    for page in sorted(ends):
        if page + 1 in begins and begins[page + 1] is not ends[page]:
            yield ends[page], begins[page + 1]


def _are_alike(one: EvalTable, other: EvalTable) -> bool:
    """Whether two tables have as many columns with the same labels; rows of a form above its header do not count."""
    return _labels(one) == _labels(other)


def _labels(table: EvalTable) -> list[str]:
    """The label next above the body of each column, "" where there is none; column numbers are no labels."""
    labels = [""] * table.n_cols
    for cell in _header(table):
        if cell.role != HeaderRole.COLUMN_NUMBER:
            labels[cell.col : cell.cols.stop] = [squash(cell.text)] * cell.col_span
    return labels


def _header(table: EvalTable) -> list[EvalCell]:
    """The cells of the header rows in order; none where these are not known."""
    cells = [cell for cell in table.cells if cell.row < (table.n_header_rows or 0)]
    return sorted(cells, key=lambda cell: (cell.row, cell.col))


def _texts(cells: Sequence[EvalCell]) -> list[str]:
    return [cell.text for cell in sorted(cells, key=lambda cell: (cell.row, cell.col))]
