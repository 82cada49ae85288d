"""Rule ``same-total``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lanci.document import Severity
from lanci.interpret import Measure, column_measures
from lanci.validate.certainty import STATED, discover
from lanci.validate.constraints import Constraint, Term, Wording, make_parts
from lanci.validate.context import DocumentContext, TableContext
from lanci.validate.quantities.series import same_amount, total_column
from lanci.validate.rules.base import Description


@dataclass(frozen=True, slots=True)
class _Total:
    """A printed total of a table, in the unit of its column."""

    context: TableContext
    col: int
    label: str
    term: Term


class SameTotal:
    """The total of a table is printed again in the summary that it details."""

    name = "same-total"
    severity = Severity.ERROR
    describes = Description(
        "The total of the income table stands in 收支总表 as 本年收入合计 or 收入总计, that of the expenditure "
        "table as 本年支出合计 or 支出总计; the total of a 基本支出 table is the 基本支出 of its fund's table, that of "
        "a list of projects, where their amounts agree, the 项目支出 of a table.",
        "收入表合计等于收支总表的本年收入合计或收入总计，支出表合计等于本年支出合计或支出总计；"
        "基本支出表合计等于同一资金支出表的基本支出合计；项目表合计与支出表的项目支出合计相符的，互为印证。",
    )

    def find(self, context: DocumentContext) -> Iterable[Constraint]:
        for own, others in _pairs(context):
            # A summary prints the sum of the year and the sum of all: it is one of them.
            meant = next(
                (other for other in others if same_amount(own.term, other.term)), others[0] if others else None
            )
            if meant is None or not (own.term.value or meant.term.value):
                continue
            yield self._claim(own, meant)
        for own, others in _project_lists(context):
            # A list may name some projects only: that of all of them is told by its amount.
            for other in others:
                yield from discover(self._claim(own, other), len(others))

    def _claim(self, own: _Total, meant: _Total) -> Constraint:
        wording = Wording(meant.label, meant.label, own.label)
        return Constraint(self.name, own.term, make_parts([meant.term]), STATED.certainty, self.severity, wording)


def _pairs(document: DocumentContext) -> Iterator[tuple[_Total, list[_Total]]]:
    """Each table total with the totals of which one must equal it."""
    summary = _only(document, "summary", "all", "all")
    for kind, side in (("income", "income"), ("expenditure", "expenditure")):
        table = _only(document, kind, "all", "all")
        own = _table_total(table, Measure.TOTAL) if table is not None else None
        if own is not None and summary is not None:
            yield own, _side_totals(summary, side)
    funds = dict.fromkeys(context.table.fund for context in document.tables)
    for fund in funds:
        basic, whole = _only(document, "expenditure", fund, "basic"), _only(document, "expenditure", fund, "all")
        own = _table_total(basic, Measure.TOTAL) if basic is not None else None
        other = _table_total(whole, Measure.BASIC) if whole is not None else None
        if own is not None and other is not None:
            yield own, [other]


def _project_lists(document: DocumentContext) -> Iterator[tuple[_Total, list[_Total]]]:
    """The total of each list of projects with the 项目支出 totals of the tables of expenditure."""
    tables = [context for context in document.tables if context.table.kind == "expenditure"]
    others = [total for context in tables if (total := _table_total(context, Measure.PROJECT)) is not None]
    for context in document.tables:
        own = _table_total(context, Measure.TOTAL) if context.table.kind == "project_list" else None
        if own is not None and others:
            yield own, others


def _only(document: DocumentContext, kind: str, fund: str, scope: str) -> TableContext | None:
    """The table of these facets if the document has exactly one: with several, which goes with which is open."""
    found = [
        context
        for context in document.tables
        if (context.table.kind, context.table.fund, context.table.scope) == (kind, fund, scope)
    ]
    return found[0] if len(found) == 1 else None


def _table_total(context: TableContext, measure: Measure) -> _Total | None:
    row = context.total_row
    cols = [col for col, found in column_measures(context.table) if found is measure]
    if row is None or len(cols) != 1:
        return None
    term = context.term(row, cols[0])
    if term is None or term.is_blank:
        return None
    return _Total(context, cols[0], f"{context.view.label(row)}（{context.view.column_name(cols[0])}）", term)


def _side_totals(context: TableContext, side: str) -> list[_Total]:
    found = []
    for items in context.item_lists:
        col = total_column(context, items)
        if items.side != side or col is None:
            continue
        for item in items.items:
            term = context.term(item.row, col)
            if item.is_total and term is not None and not term.is_blank:
                found.append(_Total(context, col, item.label, term))
    return found
