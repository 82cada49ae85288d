"""What the amount columns of a table mean to each other: totals with their parts, and thin measures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lanci.document import Column, HeaderRole, Measure, Table
from lanci.text import squash

_TOTAL = re.compile(r"(?:合计|小计|总计|总额|总数)$")
_RATIO = re.compile(r"%|率$|比例|比重|占比|单价")
_INFORMATION = re.compile(
    r"%|其中|扣除|增减|增长|增幅|占比|比例|比率|比重|率$|单价|备注|较上年|比上年|上年(?!结转|结余)"
)

_COMPARED = frozenset({Measure.CURRENT, Measure.BASIC, Measure.PROJECT})


@dataclass(frozen=True, slots=True)
class ColumnSum:
    """A total column and, best first, the sets of columns that may be its parts.

    The header alone does not always say where the parts end (information columns follow without a sign), so
    the values choose: see :mod:`lanci.validate.rules.row_sum`. ``candidates`` hold additive columns only,
    ``doubtful`` sets also such as are named as information (其中). ``grouped`` tells that a spanning header
    cell binds total and parts together.
    """

    total: int
    candidates: tuple[tuple[int, ...], ...]
    doubtful: tuple[tuple[int, ...], ...]
    grouped: bool


def is_total_name(text: str) -> bool:
    """Whether a header text announces a total (合计, 小计, 支出总计 …)."""
    return bool(_TOTAL.search(squash(text)))


def is_ratio(column: Column) -> bool:
    """Whether a column holds ratios or unit prices, which never add up over rows."""
    return any(_RATIO.search(squash(text)) for text in column.path[-1:])


def read_column_sums(table: Table) -> tuple[ColumnSum, ...]:
    """The total columns of a table with their possible parts, left to right."""
    return find_column_sums([column for column in table.columns if column.role is HeaderRole.AMOUNT])


def find_column_sums(amounts: Sequence[Column]) -> tuple[ColumnSum, ...]:
    """The total columns among columns of amounts, given from left to right, with their possible parts."""
    sums = []
    for position, column in enumerate(amounts):
        if not column.path or not is_total_name(column.path[-1]):
            continue
        group = column.path[:-1]
        right = _members(amounts[position + 1 :], group)
        left = _members(amounts[:position][::-1], group)[::-1]
        members = right or left
        additive = [member for member in members if not _INFORMATION.search(squash(member[0].path[len(group)]))]
        candidates = _shrinking(additive)
        doubtful = tuple(p for p in _shrinking(members) if p not in candidates and len(p) > 1)
        if members:
            sums.append(ColumnSum(column.index, candidates, doubtful, grouped=bool(group)))
    return tuple(sums)


def _members(columns: Sequence[Column], group: tuple[str, ...]) -> list[list[Column]]:
    """The columns of ``group`` up to the next total at its level, each inner group taken together."""
    depth = len(group)
    members: list[list[Column]] = []
    for column in columns:
        path = column.path
        if path[:depth] != group or len(path) <= depth:
            break
        inner = path[: depth + 1] if len(path) > depth + 1 else None
        if inner is None and is_total_name(path[-1]):
            break
        if inner is not None and members and members[-1][0].path[: depth + 1] == inner:
            members[-1].append(column)
        else:
            members.append([column])
    return members


def _shrinking(members: Sequence[list[Column]]) -> tuple[tuple[int, ...], ...]:
    """The columns of all members, then of ever fewer from the left."""
    return tuple(
        tuple(index for member in members[:count] for index in _summands(member))
        for count in range(len(members), 0, -1)
    )


def _summands(member: Sequence[Column]) -> list[int]:
    """The columns that stand for an inner group: its total if it prints one, else all that are additive."""
    for column in member:
        if len(member) > 1 and is_total_name(column.path[-1]):
            return [column.index]
    additive = [column.index for column in member if not _INFORMATION.search(squash(column.path[-1]))]
    return additive or [column.index for column in member]


def column_measures(table: Table) -> tuple[tuple[int, Measure], ...]:
    """The measure of each amount column, as far as tables are compared with each other; the columns' meanings are set.

    At most one column is TOTAL: the only one, or the only total. Columns in groups of another measure are OTHER.
    """
    amounts = [column for column in table.columns if column.role is HeaderRole.AMOUNT]
    total = _total_column(amounts)
    return tuple((column.index, _compared_measure(column, column.index == total)) for column in amounts)


def _total_column(amounts: Sequence[Column]) -> int | None:
    if len(amounts) == 1:
        return amounts[0].index
    totals = [column for column in amounts if column.meaning.measures == (Measure.TOTAL,)]
    if len(totals) > 1:  # 收入/预算数 beside 支出/合计
        totals = [column for column in totals if column.path and is_total_name(column.path[-1])]
    return totals[0].index if len(totals) == 1 else None


def _compared_measure(column: Column, is_total: bool) -> Measure:
    measures = column.meaning.measures
    if is_total:
        return Measure.TOTAL
    return measures[0] if len(measures) == 1 and measures[0] in _COMPARED else Measure.OTHER
