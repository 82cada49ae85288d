"""The amounts of this year in all tables of a document by what they count."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from operator import itemgetter

from lanci.document import Measure, RowRole, Table
from lanci.interpret import (
    MEASURE_OF_FUND,
    MEASURE_OF_SCOPE,
    NO_THING,
    Subject,
    narrowest_fund,
    text_to_subject,
)
from lanci.validate.constraints import Term
from lanci.validate.context import DocumentContext, TableContext

_OTHER_TIMES = frozenset(
    {
        Measure.PRIOR_YEAR,
        Measure.ADJUSTED,
        Measure.EXECUTED,
        Measure.FINAL,
        Measure.CARRY_FORWARD,
        Measure.CHANGE,
        Measure.CHANGE_RATE,
        Measure.SHARE,
        Measure.QUANTITY,
        Measure.UNIT_PRICE,
    }
)
_OF_KIND = {"three_public_expenses": Measure.THREE_PUBLIC, "government_procurement": Measure.PROCUREMENT}
_SIDED = ("income", "expenditure")
_KINDS = frozenset({"summary", *_SIDED, *_OF_KIND})
_NOTHING = Subject()
_UNROUNDED = Decimal(5000)
"""元 by which a table may round an amount that prose gives in full: half a unit of 万元 without decimals."""


@dataclass(frozen=True, slots=True)
class Printed:
    """An amount in a table, and what it counts."""

    term: Term
    subject: Subject


@dataclass(frozen=True)
class PrintedIndex:
    """The amounts of all tables whose rows and columns say what they count, by that, and all by their values."""

    _by_key: dict[tuple[frozenset[Measure], str], list[Printed]] = field(default_factory=lambda: defaultdict(list))
    _by_code: dict[str, list[Printed]] = field(default_factory=lambda: defaultdict(list))
    _by_value: list[tuple[Decimal, Term]] = field(default_factory=list)

    @staticmethod
    def of(document: DocumentContext) -> PrintedIndex:
        """The index of a document's amounts."""
        index = PrintedIndex()
        for context in document.tables:
            for cell in context.table.cells:
                term = context.term(cell.row, cell.col) if cell.value else None
                if term is not None and term.factor is not None:
                    index._by_value.append((term.value * term.factor, term))
            if context.table.kind in _KINDS:
                for printed in _Reader(context).read():
                    index._by_key[printed.subject.things, printed.subject.name].append(printed)
                    if printed.subject.code:
                        index._by_code[printed.subject.code].append(printed)
        index._by_value.sort(key=itemgetter(0))
        return index

    @property
    def n_amounts(self) -> int:
        """How many amounts that are not zero have a known unit."""
        return len(self._by_value)

    def like(self, subject: Subject) -> Sequence[Printed]:
        """The amounts that count what a subject says, of whatever fund."""
        if subject.code:
            return self._by_code.get(subject.code, ())
        found = self._by_key.get((subject.things, subject.name), [])
        if not (subject.things or subject.name):
            return [one for one in found if subject.has_side(one.subject.side)]
        return [one for one in found if {*subject.parents} <= {*one.subject.parents}]

    def near(self, term: Term) -> Sequence[Term]:
        """The amounts, not zero, that rounding may have made different from one, in the order of their values."""
        if term.factor is None:
            return ()
        value = term.value * term.factor
        room = max(_UNROUNDED, term.slack * term.factor)
        first = bisect_left(self._by_value, value - room, key=itemgetter(0))
        last = bisect_right(self._by_value, value + room, key=itemgetter(0))
        return [found for _, found in self._by_value[first:last]]


class _Reader:
    """Reads what the amounts of one table count."""

    def __init__(self, context: TableContext) -> None:
        self._context = context
        self._table = context.table

    def read(self) -> Iterator[Printed]:
        """The amounts whose row and column together say what they count, column by column."""
        context, table = self._context, self._table
        for col in context.amount_cols:
            measures = table.columns[col].meaning.measures
            if not measures or not _OTHER_TIMES.isdisjoint(measures):
                continue
            place = _Column.of(table, measures, self._side(col))
            for row in context.view.data_rows:
                term = context.term(row, col)
                if term is None or term.is_unreadable:
                    continue
                subject = place.complete(self._label(row, col))
                if subject is not None:
                    yield Printed(term, subject)

    def _side(self, col: int) -> str:
        if self._table.kind in _SIDED:
            return self._table.kind
        return next((items.side for items in self._context.item_lists if col in items.amount_cols), "")

    @cached_property
    def _coded(self) -> Mapping[int, Subject]:
        """What the rows with a subject code count."""
        codes = {code.row: code for tree in self._context.trees for code in tree.codes}
        names = {code.code: text_to_subject(code.name).name for code in codes.values()}
        found = {}
        for row, code in codes.items():
            above = (code.code[:n] for n in (3, 5) if n < len(code.code))
            parents = tuple(names[one] for one in above if one in names)
            found[row] = replace(text_to_subject(code.name), side="", code=code.code, parents=parents)
        return found

    def _label(self, row: int, col: int) -> Subject:
        """What a row counts; a row for all that its table is about counts nothing of its own."""
        if row in self._coded:
            return self._coded[row]
        is_whole = self._table.row_roles[row] is RowRole.TOTAL or len(self._context.view.data_rows) == 1
        if is_whole and self._table.kind != "summary":
            return _NOTHING
        return text_to_subject(self._context.label(row, col))


@dataclass(frozen=True, slots=True)
class _Column:
    """What a column with the type of its table says of its amounts."""

    thing: frozenset[Measure]
    fund: Measure | None
    side: str
    scope: Measure | None
    kind: Measure | None

    @staticmethod
    def of(table: Table, measures: Sequence[Measure], side: str) -> _Column:
        return _Column(
            thing=frozenset([measure for measure in measures if measure not in NO_THING][-1:]),
            fund=narrowest_fund(measures) or MEASURE_OF_FUND.get(table.fund),
            side=side,
            scope=MEASURE_OF_SCOPE.get(table.scope),
            kind=_OF_KIND.get(table.kind),
        )

    def complete(self, label: Subject) -> Subject | None:
        """What an amount counts; None where it is only a part of what its row names."""
        named = bool(label.name or label.code)
        if (self.thing and (named or label.things)) or (self.scope is not None and named and not label.things):
            return None
        things = self.thing or label.things
        if not things and not named:
            things = frozenset(measure for measure in (self.scope, self.kind) if measure is not None)
        # A fund that has no rank (财政专户) is only ever that of the whole table.
        fund = narrowest_fund(fund for fund in (label.fund, self.fund) if fund is not None) or self.fund
        return Subject(things, label.name, fund, self.side or label.side, label.code, label.parents)
