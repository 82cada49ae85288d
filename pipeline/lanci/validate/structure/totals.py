"""Which rows a total row adds up, found from codes, from the two halves of a summary, or from a list's items.

Where the printed structure leaves several readings open, the first one that holds is taken; if none holds, the
plainest one is what the finding speaks of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lanci.document import Severity
from lanci.interpret import CodeTree, Item, ItemKind, ItemList
from lanci.text import squash
from lanci.validate.certainty import IMPLIED, STATED, TOTALLED, Prior, min_severity, rate
from lanci.validate.constraints import Constraint, Wording
from lanci.validate.context import Frame, TableContext
from lanci.validate.structure.nested_sums import NestedSums
from lanci.validate.structure.nesting import find_top_lines
from lanci.validate.structure.outline import top_items


@dataclass(frozen=True, slots=True)
class _Totals:
    """The totals of one table: how the rule names and rates them."""

    context: TableContext
    rule: str
    severity: Severity

    def frame(self, parts_zh: str, parts_en: str, prior: Prior = STATED) -> Frame:
        severity = self.severity if prior is STATED else min_severity(self.severity)
        return Frame(self.rule, severity, Wording(parts_zh, parts_en), prior.certainty)


def find_totals(context: TableContext, rule: str, severity: Severity) -> Iterator[Constraint]:
    """All sums over rows that the table's structure states, for a rule with this name and severity."""
    totals = _Totals(context, rule, severity)
    coded = [tree for tree in context.trees if tree.codes]
    if coded:
        for tree in coded:
            yield from _coded_totals(totals, tree)
        return
    for items in context.item_lists:
        yield from _list_totals(totals, items)


def _coded_totals(rule: _Totals, tree: CodeTree) -> Iterator[Constraint]:
    """合计 = sum of the codes that stand under no other code."""
    context = rule.context
    total = context.total_row
    if total is None:
        return
    roots = [code.row for code in tree.roots()]
    known = {code.row for code in tree.codes} | {total}
    uncoded = any(_has_amount(context, row, tree.amount_cols) for row in context.view.data_rows if row not in known)
    frame = rule.frame("最上级科目", "the top-level codes", IMPLIED if uncoded else STATED)
    found = [
        one
        for col in context.additive(tree.amount_cols)
        if (one := context.claim((total, col), [(row, col) for row in roots], frame))
    ]
    if not uncoded or any(one.holds for one in found):
        yield from rate(found, IMPLIED if uncoded else TOTALLED)


def _has_amount(context: TableContext, row: int, cols: Sequence[int]) -> bool:
    return any((cell := context.view.alone(row, col)) is not None and cell.value is not None for col in cols)


def _list_totals(rule: _Totals, items: ItemList) -> Iterator[Constraint]:
    totals = [i for i, item in enumerate(items.items) if item.is_total]
    if not totals:
        return
    cols = rule.context.additive(items.amount_cols)
    if items.side:
        yield from _side_totals(rule, items, cols, totals)
    elif top_items(items.items):
        yield from _item_totals(rule, items, cols, totals)
    elif len(totals) == 1 and totals[0] in (0, len(items.items) - 1):
        yield from _plain_totals(rule, items, cols, totals[0])


def _side_totals(rule: _Totals, items: ItemList, cols: Sequence[int], totals: Sequence[int]) -> Iterator[Constraint]:
    """本年收入合计 = the lines above it; 收入总计 = 本年收入合计 and the lines between."""
    start = 0
    subtotal: Item | None = None
    for index in totals:
        total, above = items.items[index], items.items[start:index]
        if index == 0:  # a total at the head of its side adds up the lines below it
            end = totals[1] if len(totals) > 1 else len(items.items)
            above = items.items[1:end]
        plain = [item for item in above if item.kind is ItemKind.PLAIN]
        ordinal = [item for item in above if item.kind is ItemKind.ITEM]
        head = [subtotal] if subtotal is not None else []
        if head:  # under 上年结转 the funds that it consists of may be numbered again
            readings = [[*head, *(plain or ordinal)], [*head, *plain, *ordinal]]
            readings += [[*head, *ordinal]] if ordinal else []
        else:
            readings = [ordinal or plain, [*ordinal, *plain]]
        # Without ordinals it is the amounts that tell which lines are parts of others: that is less sure.
        prior = STATED if head or ordinal else IMPLIED
        frame = rule.frame("以上各项", "the lines above it", prior)
        for col in cols:
            tops = _top_lines(rule.context, plain, col)
            by_column = [*readings, [*head, *tops]] if prior is STATED else [tops, plain]
            one = _first_holding(_Sum(rule.context, items, total, col, frame), by_column)
            if one is not None:
                yield one
        start, subtotal = index + 1, total


def _top_lines(context: TableContext, lines: Sequence[Item], col: int) -> list[Item]:
    return [lines[index] for index in find_top_lines([context.term(line.row, col) for line in lines])]


def _item_totals(rule: _Totals, items: ItemList, cols: Sequence[int], totals: Sequence[int]) -> Iterator[Constraint]:
    """合计 above or below numbered items; items may follow that the total leaves out (会议费 after 三公)."""
    ordinal = top_items(items.items)
    readings = [ordinal[:count] for count in range(len(ordinal), 1, -1)] or [ordinal]
    frame = rule.frame("各项", "the numbered items")
    for index in totals:
        for col in cols:
            one = _first_holding(_Sum(rule.context, items, items.items[index], col, frame), readings)
            if one is not None:
                yield one


def _plain_totals(rule: _Totals, items: ItemList, cols: Sequence[int], total: int) -> Iterator[Constraint]:
    """A list with a total at its end or head and nothing that ranks the lines.

    Where most columns do not agree it is not certain that they should: that is a warning. Nothing is said where none
    agrees and some lines add up to others, by more than chance: what stands under what is not understood then, unless
    all would agree but for a line that lacks a part.
    """
    parts = [item for item in items.items if item.kind is ItemKind.PLAIN]
    frame = rule.frame("各行", "the rows", IMPLIED)
    found = []
    for col in cols:
        wanted = _Sum(rule.context, items, items.items[total], col, frame)
        one = _first_holding(wanted, [parts, _top_lines(rule.context, parts, col)])
        if one is not None:
            found.append(one)
    sums, lines = NestedSums(rule.context, items, cols, frame), _indices(items, parts)
    if any(one.holds for one in found) or not any(True for _ in sums.find(lines)):
        yield from rate(found, IMPLIED)
    else:
        for one in found:
            yield from sums.find_short([total, *lines], one.total.ref.col)


def _indices(items: ItemList, lines: Sequence[Item]) -> list[int]:
    wanted = {line.row for line in lines}
    return [index for index, item in enumerate(items.items) if item.row in wanted]


@dataclass(frozen=True, slots=True)
class _Sum:
    """A total line of a list in one column, of which the parts are looked for."""

    context: TableContext
    items: ItemList
    total: Item
    col: int
    frame: Frame


def _first_holding(wanted: _Sum, readings: Iterable[Sequence[Item]]) -> Constraint | None:
    first: Constraint | None = None
    for reading in readings:
        places = [place for item in reading for place in _places(wanted.context, wanted.items, item, wanted.col)]
        one = wanted.context.claim((wanted.total.row, wanted.col), places, wanted.frame, wanted.total.label)
        if one is not None and one.holds:
            return one
        first = first or one
    return first


def _places(context: TableContext, items: ItemList, item: Item, col: int) -> list[tuple[int, int]]:
    """Where an item's amount is printed: its own cell, or, if that is blank, the lines under 其中."""
    cell = context.view.at(item.row, col)
    if item.kind is ItemKind.PART or (cell is not None and squash(cell.text)):
        return [(item.row, col)]
    parts = [(part.row, col) for part in items.parts_of(items.index_of(item))]
    return parts if any(squash(context.view.text(*part)) for part in parts) else [(item.row, col)]
