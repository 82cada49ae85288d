"""Rule ``percentage``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import permutations

from lanci.document import Cell, Finding, Measure, Severity
from lanci.interpret.column_meanings import path_to_measures
from lanci.numbers import parse_amount
from lanci.text import squash
from lanci.validate.constraints import Term
from lanci.validate.context import TableContext
from lanci.validate.percentages import fits, share_of, to_shown
from lanci.validate.rules.base import Description

_NEAR = 4
"""Columns away from a percentage where its two amounts are looked for."""
_ENOUGH = 3
"""Percentages that amounts must make before they are taken for what the column means."""
_MOST = 5
"""Of so many percentages all but one must be what the amounts make."""
_EXECUTION = re.compile("执行率")
_BUDGET = frozenset({Measure.TOTAL, Measure.ADJUSTED})


@dataclass(frozen=True, slots=True)
class _Percentage:
    """A printed percentage with what two amounts make of it."""

    cell: Cell
    printed: Decimal
    share: tuple[Decimal, Decimal]
    amounts: tuple[Term, Term]

    @property
    def is_right(self) -> bool:
        return fits(self.printed, self.share)


class Percentage:
    """A column of percentages is what two columns of amounts make, or what an amount is of its total.

    Headers seldom say of what. The two amounts that make nearly all of a column are what it means; where none do,
    nothing is said.
    """

    name = "percentage"
    severity = Severity.WARNING
    describes = Description(
        "A share or a rate of change (占比, 增长率) is what the amounts beside it or their total make, up to its "
        "rounding, said only where nearly all of its column are; an execution rate (执行率) of a form is the amount "
        "executed by the budget.",
        "占比、增减率等于相应金额之比（四舍五入除外），仅在该列绝大多数相符时提示；表单中的执行率等于执行数除以预算数。",
    )

    def check(self, context: TableContext) -> Iterable[Finding]:
        for column in context.table.columns:
            measures = path_to_measures(column.path[-1:])
            if {Measure.SHARE, Measure.CHANGE_RATE} & {*measures}:
                options = _options(context, column.index, is_change=Measure.CHANGE_RATE in measures)
                yield from (self._tell(context, one) for one in _choose(options) if not one.is_right)
        yield from (self._tell(context, one) for one in _read_executions(context) if not one.is_right)

    def _tell(self, context: TableContext, one: _Percentage) -> Finding:
        where = context.label(one.cell.row, one.cell.col)
        amounts = "、".join(term.cell.text for term in one.amounts)
        expected = to_shown(one.share[0])
        return Finding(
            rule=self.name,
            severity=self.severity,
            message=(
                f"“{where}”列示为 {one.cell.text}，按 {amounts} 计算应为 {expected}%"
                f" / {where}: printed is {one.cell.text}, {amounts} make {expected}%"
            ),
            cells=(context.ref(one.cell), *(term.ref for term in one.amounts)),
            expected=str(expected),
            found=str(one.printed),
        )


def _options(context: TableContext, col: int, *, is_change: bool) -> Iterator[list[_Percentage]]:
    """What pairs of amounts make of the rows of a column of percentages, the likeliest pair first."""
    near = [other for other in context.amount_cols if other != col and abs(other - col) <= _NEAR]
    for one, other in permutations(sorted(near, key=lambda other: (abs(other - col), other)), 2):
        pairs = {row: (context.term(row, one), context.term(row, other)) for row in context.view.data_rows}
        yield _made(context, col, pairs, is_change=is_change)
    if not is_change:
        for one in near:
            for total in context.total_rows:
                pairs = {row: (context.term(row, one), context.term(total, one)) for row in context.view.data_rows}
                yield _made(context, col, pairs, is_change=False)


def _made(
    context: TableContext, col: int, pairs: dict[int, tuple[Term | None, Term | None]], *, is_change: bool
) -> list[_Percentage]:
    found = []
    for row, (part, whole) in pairs.items():
        cell = context.view.alone(row, col)
        printed = _to_percent(cell.text) if cell is not None else None
        if cell is None or printed is None or part is None or whole is None or part.is_blank or whole.is_blank:
            continue
        top = replace(part, value=part.value - whole.value, slack=part.slack + whole.slack) if is_change else part
        share = share_of(_with_unit(top), _with_unit(whole))
        if share is not None and (printed or top.value):
            found.append(_Percentage(cell, printed, share, (part, whole)))
    return found


def _with_unit(term: Term) -> Term:
    """The amounts of one table are in one unit where it names none."""
    return term if term.factor is not None else replace(term, factor=Decimal(1))


def _choose(options: Iterable[list[_Percentage]]) -> Sequence[_Percentage]:
    """The first pair of amounts that makes nearly all percentages of a column."""
    for found in options:
        wrong = sum(not one.is_right for one in found)
        # What is all or nothing of something fits many amounts.
        told = {one.printed for one in found if one.is_right} - {Decimal(0), Decimal(100)}
        if len(told) >= _ENOUGH and wrong * _MOST <= len(found):
            return found
    return ()


def _read_executions(context: TableContext) -> Iterator[_Percentage]:
    """The execution rates of a form beside the amounts of its row: one that is executed, and the budget for it."""
    amounts: dict[int, list[tuple[int, bool]]] = {}
    for amount in context.table.form_amounts:
        if Measure.EXECUTED in amount.measures or _BUDGET.issuperset(amount.measures):
            amounts.setdefault(amount.row, []).append((amount.col, Measure.EXECUTED in amount.measures))
    for row, places in amounts.items():
        done = [col for col, is_executed in places if is_executed]
        budgets = [col for col, is_executed in places if not is_executed]
        rates = [cell for cell in context.view.row_cells(row) if cell.row == row and _is_execution(context, cell)]
        if len(done) != 1 or len(rates) != 1 or not budgets:
            continue
        executed, printed = context.term(row, done[0]), _to_percent(rates[0].text)
        made = []
        for col in budgets:
            budget = context.term(row, col)
            if executed is None or budget is None or printed is None or executed.is_blank or budget.is_blank:
                continue
            share = share_of(_with_unit(executed), _with_unit(budget))
            if share is not None:
                made.append(_Percentage(rates[0], printed, share, (executed, budget)))
        # The rate may be by the budget as adopted or as adjusted.
        if made and not any(one.is_right for one in made):
            yield made[-1]


def _is_execution(context: TableContext, cell: Cell) -> bool:
    """Whether a percentage stands beside or under a label for an execution rate."""
    if not cell.text.rstrip().endswith(("%", "％")):
        return False
    labels = [context.view.text(cell.row, cell.col - 1), *(context.view.text(row, cell.col) for row in range(cell.row))]
    return any(_EXECUTION.search(squash(text)) for text in labels)


def _to_percent(text: str) -> Decimal | None:
    return parse_amount(squash(text).removesuffix("%"))
