"""What each column of amounts holds: its measures, its year, its unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from lanci.document import Column, ColumnMeaning, HeaderRole, Measure, Table
from lanci.interpret.units import column_unit
from lanci.interpret.vocabulary import text_to_measures

NUMERIC_ROLES = frozenset({HeaderRole.AMOUNT, HeaderRole.QUANTITY})

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?=\s*年|年|$)")
_CHANGES = frozenset({Measure.CHANGE, Measure.CHANGE_RATE})
_NUMBERS = frozenset({Measure.QUANTITY, Measure.UNIT_PRICE, Measure.SHARE}) | _CHANGES
_UNLIKE_CURRENT = frozenset({Measure.TOTAL, Measure.PRIOR_YEAR, Measure.CARRY_OVER, Measure.CARRY_FORWARD})
MEASURE_OF_FUND = {
    "fiscal_appropriation": Measure.FISCAL_APPROPRIATION,
    "general_public": Measure.GENERAL_PUBLIC,
    "government_fund": Measure.GOVERNMENT_FUND,
    "state_capital": Measure.STATE_CAPITAL,
    "special_account": Measure.FISCAL_ACCOUNT,
}
MEASURE_OF_SCOPE = {"basic": Measure.BASIC, "project": Measure.PROJECT}


def read_column_meanings(table: Table) -> tuple[Column, ...]:
    """The columns of a table, those of amounts and quantities with their meaning."""
    numeric = [column for column in table.columns if column.role in NUMERIC_ROLES]
    if not numeric:
        return table.columns
    named = {column.index: path_to_measures(column.path) for column in numeric}
    years = {column.index: path_to_year(column.path) for column in numeric if not _CHANGES & {*named[column.index]}}
    budget_year = table.caption.fiscal_year or max((year for year in years.values() if year), default=None)
    shared = _said_of_table(table, tuple(named.values()))
    columns = list(table.columns)
    for column in numeric:
        own = [measure for measure in named[column.index] if measure not in shared]
        year = years.get(column.index)
        if Measure.PRIOR_YEAR in own and year is None and budget_year is not None:
            year = budget_year - 1
        elif year is not None and budget_year is not None and year < budget_year and Measure.PRIOR_YEAR not in own:
            own.insert(0, Measure.PRIOR_YEAR)
        measures = _complete(own, column, is_told=len(numeric) == 1 or bool(named[column.index]))
        meaning = ColumnMeaning(measures, year, column_unit(table, column.index))
        columns[column.index] = replace(column, meaning=meaning)
    return tuple(columns)


def path_to_measures(path: Iterable[str]) -> tuple[Measure, ...]:
    """The measures that header texts name, from the widest group to the column; ``TOTAL`` where they name no other."""
    found: dict[Measure, None] = {}
    for text in path:
        found |= dict.fromkeys(text_to_measures(text))
    if len(found) > 1:
        found.pop(Measure.TOTAL, None)
    return tuple(found)


def path_to_year(path: Sequence[str]) -> int | None:
    """The year that header texts name, the innermost first; None where none does or one text names several."""
    for text in reversed(path):
        if years := {*_YEAR.findall(text)}:
            return int(years.pop()) if len(years) == 1 else None
    return None


def _said_of_table(table: Table, named: Sequence[tuple[Measure, ...]]) -> frozenset[Measure]:
    """What the table as a whole measures, by its type and in all its columns: it tells none of them from the others.

    Amounts of this year are so told only from totals and from those of another time (上年结转).
    """
    by_type = {MEASURE_OF_FUND.get(table.fund), MEASURE_OF_SCOPE.get(table.scope)}
    said = {measure for measure in named[0] if measure in by_type and all(measure in m for m in named)}
    if all(_UNLIKE_CURRENT.isdisjoint(measures) for measures in named):
        said.add(Measure.CURRENT)
    return frozenset(said)


def _complete(own: Sequence[Measure], column: Column, *, is_told: bool) -> tuple[Measure, ...]:
    """The measures of a column with what its role adds; ``is_told`` where its table or header tells any."""
    if column.role is HeaderRole.QUANTITY and not _NUMBERS & {*own}:
        own = [*own, Measure.QUANTITY]
    elif not own:
        # What is left of a header that names the whole table only is its total.
        own = [Measure.TOTAL if is_told else Measure.OTHER]
    return tuple(own) if len(own) == 1 else tuple(measure for measure in own if measure is not Measure.TOTAL)
