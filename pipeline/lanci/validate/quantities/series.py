"""The same subjects' amounts as several tables print them: what can be compared across a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from lanci.document import Severity
from lanci.interpret import (
    MEASURE_OF_SCOPE,
    CodeTree,
    ItemKind,
    ItemList,
    Measure,
    column_factor,
    column_measures,
)
from lanci.text import squash
from lanci.validate.constraints import Constraint, Term, Wording, make_parts
from lanci.validate.context import DocumentContext, TableContext

COMPARED_KINDS = frozenset({"income", "expenditure", "summary"})
TOTAL_KEY = ""
_CLASS_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """One amount of a series: ``key`` is a subject code, or ``TOTAL_KEY``; ``label`` is for people."""

    key: str
    label: str
    term: Term


@dataclass(frozen=True)
class Series:
    """One amount column of one table by subject code, the total among them.

    ``family`` is the first digit of the codes (2 functional, 3 and 5 economic); ``factor`` leads from the
    printed unit to 元, None where the unit is not known. ``printed`` are the codes that cannot be said to be
    missing: those of the table, also when they stand twice in it, and, where names tell the codes, those that no
    name tells.
    """

    context: TableContext
    family: str
    measure: Measure
    factor: Decimal | None
    entries: tuple[Entry, ...]
    printed: frozenset[str]

    @cached_property
    def _by_key(self) -> Mapping[str, Entry]:
        return {entry.key: entry for entry in reversed(self.entries)}

    def entry(self, key: str) -> Entry | None:
        """The first entry of a key."""
        return self._by_key.get(key)


def read_series(document: DocumentContext) -> tuple[Series, ...]:
    """All comparable series of a document, in the order of its tables."""
    names = _code_names(document)
    codes = {code.code for context in document.tables for tree in context.trees for code in tree.codes}
    untold = frozenset(codes.difference(names.values()))
    found: list[Series] = []
    for context in document.tables:
        if context.table.kind not in COMPARED_KINDS:
            continue
        if context.trees:
            found.extend(_coded_series(context, context.trees[0]))
        else:
            found.extend(_class_series(context, names, untold))
    return tuple(found)


def measure_in_scope(context: TableContext, measure: Measure) -> Measure:
    """What a column measures given the table's scope: the total of a 基本支出 table is basic expenditure."""
    return MEASURE_OF_SCOPE.get(context.table.scope, measure) if measure is Measure.TOTAL else measure


def _coded_series(context: TableContext, tree: CodeTree) -> Iterator[Series]:
    row = context.total_row
    family = tree.codes[0].code[0]
    times_printed = Counter(code.code for code in tree.codes)
    for col, measure in column_measures(context.table):
        if col not in tree.amount_cols or measure in (Measure.OTHER, Measure.CURRENT):
            continue
        entries = []
        if row is not None and (term := context.term(row, col)) is not None:
            entries.append(Entry(TOTAL_KEY, "合计", term))
        for code in tree.codes:
            term = context.term(code.row, col)
            if term is not None and times_printed[code.code] == 1:
                entries.append(Entry(code.code, f"{code.code} {code.name}".strip(), term))
        factor = column_factor(context.table, col)
        measured = measure_in_scope(context, measure)
        yield Series(context, family, measured, factor, tuple(entries), frozenset(times_printed))


def _code_names(document: DocumentContext) -> dict[str, str]:
    """Names of functional subjects as the document's coded tables print them, with their codes.

    A name of several codes (其他支出 of a 类, its 款 and its 项) stands for the 类, or for none.
    """
    names: dict[str, set[str]] = {}
    for context in document.tables:
        for tree in context.trees:
            for code in tree.codes:
                if code.code.startswith("2") and code.name:
                    names.setdefault(squash(code.name), set()).add(code.code)
    shortest = {name: min(codes, key=len) for name, codes in names.items()}
    return {name: code for name, code in shortest.items() if len(names[name]) == 1 or len(code) == _CLASS_DIGITS}


def _class_series(context: TableContext, names: dict[str, str], untold: frozenset[str]) -> Iterator[Series]:
    """The expenditure half of a 收支总表: its lines are named like the classes, and perhaps their 款 and 项."""
    for items in context.item_lists:
        col = total_column(context, items)
        if items.side != "expenditure" or col is None:
            continue
        found: dict[str, Entry] = {}
        for item in items.items:
            key = names.get(item.name)
            term = context.term(item.row, col)
            if item.kind in (ItemKind.ITEM, ItemKind.PLAIN) and key and term is not None:
                found.setdefault(key, Entry(key, f"{key} {item.name}", term))
        entries = list(found.values())
        total = next((item for item in items.items if item.is_total), None)
        if total is not None and (term := context.term(total.row, col)) is not None:
            entries.insert(0, Entry(TOTAL_KEY, total.label, term))
        factor = column_factor(context.table, col)
        yield Series(context, "2", Measure.TOTAL, factor, tuple(entries), untold.union(found))


def total_column(context: TableContext, items: ItemList) -> int | None:
    """The column of a list that holds its totals: its only one, or the one that its header calls 合计."""
    if len(items.amount_cols) == 1:
        return items.amount_cols[0]
    totals = [relation.total for relation in context.column_sums if relation.total in items.amount_cols]
    return totals[0] if len(totals) == 1 else None


def same_amount(a: Term, b: Term) -> bool:
    """Whether two printed amounts are equal up to the rounding of both, units taken into account."""
    return Constraint("", a, make_parts([b]), 1.0, Severity.INFO, Wording("", "")).holds


def are_comparable(left: Series, right: Series) -> bool:
    """Whether two series print the same quantity: same subjects and measure, one total, mostly one breakdown.

    Tables of different funds agree where there is but one fund; the values tell, not the titles.
    """
    if (left.family, left.measure) != (right.family, right.measure) or left.context is right.context:
        return False
    if (left.factor is None) != (right.factor is None):
        return False
    one, other = left.entry(TOTAL_KEY), right.entry(TOTAL_KEY)
    if one is None or other is None or one.term.is_blank or not same_amount(one.term, other.term):
        return False
    agree = differ = 0
    for entry in left.entries:
        match = right.entry(entry.key)
        if match is None or (entry.term.is_blank and match.term.is_blank):
            continue
        if same_amount(entry.term, match.term):
            agree += 1
        else:
            differ += 1
    return agree >= max(differ, 2) or (agree == 1 and differ == 1)


def group_series(series: Sequence[Series]) -> list[list[Series]]:
    """Series that print the same quantity, together; groups of one are left out."""
    groups: list[list[Series]] = []
    for one in series:
        home = next((group for group in groups if any(are_comparable(other, one) for other in group)), None)
        if home is None:
            groups.append([one])
        else:
            home.append(one)
    return [group for group in groups if len(group) > 1]
