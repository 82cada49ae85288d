"""Which rows a total row adds up, found from codes, from the two halves of a summary, or from a list's items.

Where the printed structure leaves several readings open, the first one that holds is taken; if none holds, the
plainest one is what the finding speaks of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lanci.document import RowRole, Severity
from lanci.interpret import CodeTree, Item, ItemKind, ItemList, is_ratio
from lanci.text import squash
from lanci.validate.context import TableContext
from lanci.validate.nesting import find_top_lines
from lanci.validate.sums import SumCheck, most_hold


@dataclass(frozen=True, slots=True)
class TotalCheck:
    """A total row's sum in one column, with the words for its parts."""

    check: SumCheck
    severity: Severity
    label: str
    parts_zh: str
    parts_en: str


def find_total_checks(context: TableContext) -> Iterator[TotalCheck]:
    """All sums over rows that the table's structure states."""
    coded = [tree for tree in context.trees if tree.codes]
    if coded:
        for tree in coded:
            yield from _coded_totals(context, tree)
        return
    for items in context.item_lists:
        yield from _list_totals(context, items)


def _additive(context: TableContext, cols: Sequence[int]) -> list[int]:
    return [col for col in cols if not is_ratio(context.table.columns[col])]


def _coded_totals(context: TableContext, tree: CodeTree) -> Iterator[TotalCheck]:
    """合计 = sum of the codes that stand under no other code."""
    totals = [row for row in context.view.data_rows if context.table.row_roles[row] is RowRole.TOTAL]
    if len(totals) != 1:
        return
    roots = [code.row for code in tree.roots()]
    checks = [
        check
        for col in _additive(context, tree.amount_cols)
        if (check := context.check((totals[0], col), [(row, col) for row in roots]))
    ]
    known = {code.row for code in tree.codes} | set(totals)
    uncoded = any(_has_amount(context, row, tree.amount_cols) for row in context.view.data_rows if row not in known)
    if uncoded and not any(check.holds for check in checks):
        return
    severity = Severity.WARNING if uncoded else Severity.ERROR
    label = context.view.label(totals[0])
    for check in checks:
        yield TotalCheck(check, severity, label, "最上级科目", "the top-level codes")


def _has_amount(context: TableContext, row: int, cols: Sequence[int]) -> bool:
    return any((cell := context.view.alone(row, col)) is not None and cell.value is not None for col in cols)


def _list_totals(context: TableContext, items: ItemList) -> Iterator[TotalCheck]:
    totals = [i for i, item in enumerate(items.items) if item.kind in (ItemKind.TOTAL, ItemKind.GRAND)]
    if not totals:
        return
    cols = _additive(context, items.amount_cols)
    if items.side:
        yield from _side_totals(context, items, cols, totals)
    elif any(item.kind is ItemKind.ITEM for item in items.items):
        yield from _item_totals(context, items, cols, totals)
    elif len(totals) == 1 and totals[0] in (0, len(items.items) - 1):
        yield from _plain_totals(context, items, cols, totals[0])


def _side_totals(
    context: TableContext, items: ItemList, cols: Sequence[int], totals: Sequence[int]
) -> Iterator[TotalCheck]:
    """本年收入合计 = the lines above it; 收入总计 = 本年收入合计 and the lines between."""
    start = 0
    subtotal: Item | None = None
    for index in totals:
        total, above = items.items[index], items.items[start:index]
        plain = [item for item in above if item.kind is ItemKind.PLAIN]
        ordinal = [item for item in above if item.kind is ItemKind.ITEM]
        head = [subtotal] if subtotal is not None else []
        if head:  # under 上年结转 the funds that it consists of may be numbered again
            readings = [[*head, *(plain or ordinal)], [*head, *ordinal], [*head, *plain, *ordinal]]
        else:
            readings = [ordinal or plain, [*ordinal, *plain]]
        # Without ordinals it is the amounts that tell which lines are parts of others: that is less sure.
        marked = bool(head or ordinal)
        severity = Severity.ERROR if marked else Severity.WARNING
        for col in cols:
            by_column = readings if marked else [_top_lines(context, plain, col), plain]
            check = _first_holding(context, items, total, by_column, col)
            if check is not None:
                yield TotalCheck(check, severity, total.label, "以上各项", "the lines above it")
        start, subtotal = index + 1, total


def _top_lines(context: TableContext, lines: Sequence[Item], col: int) -> list[Item]:
    return [lines[index] for index in find_top_lines([context.term(line.row, col) for line in lines])]


def _item_totals(
    context: TableContext, items: ItemList, cols: Sequence[int], totals: Sequence[int]
) -> Iterator[TotalCheck]:
    """合计 above or below numbered items; items may follow that the total leaves out (会议费 after 三公)."""
    ordinal = [item for item in items.items if item.kind is ItemKind.ITEM]
    readings = [ordinal[:count] for count in range(len(ordinal), 1, -1)] or [ordinal]
    for index in totals:
        total = items.items[index]
        for col in cols:
            check = _first_holding(context, items, total, readings, col)
            if check is not None:
                yield TotalCheck(check, Severity.ERROR, total.label, "各项", "the numbered items")


def _plain_totals(context: TableContext, items: ItemList, cols: Sequence[int], total: int) -> Iterator[TotalCheck]:
    """A list with a total at its end or head and nothing that ranks the lines: only where most columns agree."""
    parts = [item for item in items.items if item.kind is ItemKind.PLAIN]
    head = items.items[total]
    checks = [c for col in cols if (c := _first_holding(context, items, head, [parts], col)) is not None]
    if most_hold(checks):
        for check in checks:
            yield TotalCheck(check, Severity.ERROR, head.label, "各行", "the rows")


def _first_holding(
    context: TableContext, items: ItemList, total: Item, readings: Iterable[Sequence[Item]], col: int
) -> SumCheck | None:
    first: SumCheck | None = None
    for reading in readings:
        places = [place for item in reading for place in _places(context, items, item, col)]
        check = context.check((total.row, col), places) if places else None
        if check is not None and check.holds:
            return check
        first = first or check
    return first


def _places(context: TableContext, items: ItemList, item: Item, col: int) -> list[tuple[int, int]]:
    """Where an item's amount is printed: its own cell, or, if that is blank, the lines under 其中."""
    cell = context.view.alone(item.row, col)
    if cell is not None and squash(cell.text):
        return [(item.row, col)]
    parts = [(part.row, col) for part in items.parts_of(items.index_of(item))]
    return parts if any(squash(context.view.text(*part)) for part in parts) else [(item.row, col)]
