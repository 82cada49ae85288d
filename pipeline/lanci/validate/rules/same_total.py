"""Rule ``same-total``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lanci.document import Finding, Severity
from lanci.interpret import ItemKind, Measure, column_factor, column_measures
from lanci.validate.context import DocumentContext, TableContext
from lanci.validate.rules.base import Description
from lanci.validate.series import total_column, total_row
from lanci.validate.sums import Term


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
        "table as 本年支出合计 or 支出总计; the total of a 基本支出 table is the 基本支出 of its fund's table.",
        "收入表合计等于收支总表的本年收入合计或收入总计，支出表合计等于本年支出合计或支出总计；"
        "基本支出表合计等于同一资金支出表的基本支出合计。",
    )

    def check(self, context: DocumentContext) -> Iterable[Finding]:
        for own, others in _pairs(context):
            if others and not any(_agree(own, other) for other in others):
                yield self._report(own, others)

    def _report(self, own: _Total, others: Sequence[_Total]) -> Finding:
        listed = "、".join(f"{other.label} {other.term.cell.text}" for other in others)
        ours, theirs = own.context.table.title, others[0].context.table.title
        return Finding(
            rule=self.name,
            severity=self.severity,
            message=f"《{ours}》{own.label} {own.term.cell.text} 与《{theirs}》{listed} 不一致，"
            f"相差 {own.term.value - others[0].term.value}"
            f" / {ours}: {own.label} {own.term.cell.text} is not in {theirs}: {listed} "
            f"(difference {own.term.value - others[0].term.value})",
            cells=(own.term.ref, *(other.term.ref for other in others)),
            expected=str(others[0].term.value),
            found=str(own.term.value),
        )


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


def _only(document: DocumentContext, kind: str, fund: str, scope: str) -> TableContext | None:
    """The table of these facets if the document has exactly one: with several, which goes with which is open."""
    found = [
        context
        for context in document.tables
        if (context.table.kind, context.table.fund, context.table.scope) == (kind, fund, scope)
    ]
    return found[0] if len(found) == 1 else None


def _table_total(context: TableContext, measure: Measure) -> _Total | None:
    row = total_row(context)
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
            if item.kind in (ItemKind.TOTAL, ItemKind.GRAND) and term is not None and not term.is_blank:
                found.append(_Total(context, col, item.label, term))
    return found


def _agree(own: _Total, other: _Total) -> bool:
    f = column_factor(own.context.table, own.col)
    g = column_factor(other.context.table, other.col)
    if f is None or g is None or f == g:
        return own.term.value == other.term.value
    slack = max(own.term.slack * f, other.term.slack * g)
    return abs(own.term.value * f - other.term.value * g) <= slack
