"""Ties: arithmetic that a found table must satisfy by itself, whatever system found it.

Nothing is asked of a system but cells: what a column is comes from the header's text, what a row is from its code.
Sources contain true errors, so a perfect extraction stays a little below 1; what counts is the difference between
systems on the same documents, and how much each gives to check: one that tears tables or loses codes has fewer
parents, one that loses a row or shifts a column has more that fail.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from lanci_eval.metrics.base import Case, FigureInfo, Figures, Metric, Tally, share
from lanci_eval.metrics.plain_table import CodedRow, PlainTable, find_codes

_TOTALS = ("合计", "总计", "小计")
_BASIC = "基本支出"
_PROJECT = "项目支出"
_FURTHER = ("上缴上级支出", "经营支出", "补助支出")


@dataclass(frozen=True, slots=True)
class Sum:
    """Columns of one row that add up: ``total`` and its ``terms``."""

    total: int
    terms: tuple[int, ...]


class Ties(Metric):
    """Shares of sums that hold in the found tables; needs neither truth nor evidence."""

    name: ClassVar[str] = "ties"
    infos: ClassVar[tuple[FigureInfo, ...]] = (
        FigureInfo("row_ties", "Rows in which the total is 基本支出 + 项目支出 (true errors of the source count, too)"),
        FigureInfo("rows_checked", "Rows with these columns", percent=False),
        FigureInfo("code_ties", "Amounts of parent codes that equal the sum of their children (same caveat)"),
        FigureInfo("codes_checked", "Amounts of parent codes with children", percent=False),
        FigureInfo("split_ties", "The same where parent and children lie on more than one page"),
        FigureInfo("splits_checked", "Amounts of such parents", percent=False),
    )

    def tally(self, case: Case) -> Tally:
        sums = dict.fromkeys(("rows", "rows_tied", "codes", "codes_tied", "splits", "splits_tied"), 0.0)
        for table in case.found.tables:
            plain = PlainTable(table)
            for tied in _row_checks(plain):
                sums["rows"] += 1
                sums["rows_tied"] += tied
            for tied, split in _code_checks(plain):
                sums["codes"] += 1
                sums["codes_tied"] += tied
                sums["splits"] += split
                sums["splits_tied"] += split and tied
        return sums

    def figures(self, sums: Mapping[str, float]) -> Figures:
        figures: Figures = {}
        for shares, counts, name in (
            ("row_ties", "rows_checked", "rows"),
            ("code_ties", "codes_checked", "codes"),
            ("split_ties", "splits_checked", "splits"),
        ):
            checked = sums.get(name)
            figures[shares] = share(sums.get(f"{name}_tied", 0.0), checked or 0.0)
            figures[counts] = checked
        return figures


def find_sums(paths: Sequence[tuple[str, ...]]) -> tuple[Sum, ...]:
    """Columns where a total and its parts stand side by side, from the header paths (top to bottom) of all columns.

    The total stands left of 基本支出 and 项目支出 or right of them, under the same group header; where these two
    are split further, their own subtotals are the terms. Kinds of expenditure that may follow 项目支出 are terms.
    """
    basics = [c for c in range(len(paths)) if _is_part(paths[c], _BASIC)]
    sums: list[Sum] = []
    for basic, after in zip(basics, [*basics[1:], len(paths)], strict=False):
        projects = [c for c in range(basic + 1, after) if _is_part(paths[c], _PROJECT)]
        if not projects:
            continue
        terms = [basic, projects[0]]
        while terms[-1] + 1 < len(paths) and _ends(paths[terms[-1] + 1], _FURTHER):
            terms.append(terms[-1] + 1)
        total = _find_total(paths, terms, alone=len(basics) == 1)
        if total is not None:
            sums.append(Sum(total, tuple(terms)))
    return tuple(sums)


def _find_total(paths: Sequence[tuple[str, ...]], terms: Sequence[int], alone: bool) -> int | None:
    left = [c for c in range(terms[0] - 1, -1, -1) if _ends(paths[c], _TOTALS) and not _is_inside(paths[c])]
    right = [c for c in (terms[-1] + 1,) if c < len(paths) and _ends(paths[c], _TOTALS) and not _is_inside(paths[c])]
    for total in (*left[:1], *right):
        if alone or _group(paths[total]) == _group(paths[terms[0]]):
            return total
    return None


def _is_part(path: tuple[str, ...], name: str) -> bool:
    if not path:
        return False
    return path[-1].endswith(name) or (path[-1].endswith(_TOTALS) and any(p.endswith(name) for p in path[:-1]))


def _is_inside(path: tuple[str, ...]) -> bool:
    return any(_is_part(path[: i + 1], name) for i in range(len(path)) for name in (_BASIC, _PROJECT))


def _group(path: tuple[str, ...]) -> tuple[str, ...]:
    """The headers over a total or a part; of a part that is split, those over the part."""
    for i, text in enumerate(path):
        if text.endswith((_BASIC, _PROJECT)):
            return path[:i]
    return path[:-1]


def _ends(path: tuple[str, ...], names: tuple[str, ...]) -> bool:
    return bool(path) and path[-1].endswith(names)


def _row_checks(table: PlainTable) -> Iterator[bool]:
    for each in find_sums(table.header_paths):
        places = table.decimals((each.total, *each.terms))
        for row in table.body:
            terms = [table.value(row, col) for col in each.terms]
            verdict = _holds(table.value(row, each.total), terms, places)
            is_text = any(table.is_text(row, col) for col in each.terms)
            if verdict is not None and not is_text and any(term is not None for term in terms):
                yield verdict


def _code_checks(table: PlainTable) -> Iterator[tuple[bool, bool]]:
    """For every amount of a parent: whether it is the sum of its children's, and whether these span pages."""
    for column in find_codes(table):
        families = list(_families(column.rows))
        for amounts in column.amounts:
            places = table.decimals((amounts,))
            for parent, children in families:
                values = [table.value(child.row, amounts) for child in children]
                verdict = _holds(table.value(parent.row, amounts), values, places)
                if verdict is not None:
                    yield verdict, len({parent.page, *(child.page for child in children)}) > 1


def _families(rows: Iterable[CodedRow]) -> Iterator[tuple[CodedRow, list[CodedRow]]]:
    """Every row with the rows after it whose codes extend its own directly, up to the first that does not."""
    stack: list[tuple[CodedRow, list[CodedRow]]] = []
    for row in rows:
        while stack and not _extends(row.code, stack[-1][0].code):
            family = stack.pop()
            if family[1]:
                yield family
        if stack:
            stack[-1][1].append(row)
        stack.append((row, []))
    yield from (family for family in reversed(stack) if family[1])


def _extends(code: str, parent: str) -> bool:
    return len(code) > len(parent) and code.startswith(parent)


def _holds(total: Decimal | None, terms: Sequence[Decimal | None], places: int) -> bool | None:
    """Whether a total is the sum of its terms within rounding; None when there is nothing to add up.

    Every printed number is off by at most half a unit of its last digit, so the tolerance grows with their count.
    A blank term is 0.
    """
    given = [term for term in terms if term is not None]
    if total is None or (not total and not given):
        return None
    tolerance = Decimal(len(given) + 1) * Decimal(5).scaleb(-places - 1)
    return abs(total - sum(given, Decimal(0))) <= tolerance
