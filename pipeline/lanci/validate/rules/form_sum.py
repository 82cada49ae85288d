"""Rule ``form-sum``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from lanci.document import Cell, Severity
from lanci.interpret import read_form_sums
from lanci.interpret.columns import is_total_name
from lanci.numbers import parse_amount
from lanci.validate.certainty import IMPLIED, STATED, rate
from lanci.validate.constraints import Constraint, Term, Wording, make_parts
from lanci.validate.context import Frame, TableContext
from lanci.validate.rules.base import Description

_MIN_LINES = 3
"""Lines under one label of which the first can be the total of the others."""


class FormSum:
    """资金总额 of a form is the sum of its sources, a total of counts the sum of those under the same label."""

    name = "form-sum"
    severity = Severity.ERROR
    describes = Description(
        "The total that a form prints (资金总额) equals the sum of the sources under or beside it; a count that is "
        "named a total (总数) equals the sum of the counts under the same label.",
        "绩效表等表单中的资金总额等于其下或其旁各资金来源之和；同一栏目下的总数等于其余各项之和。",
    )

    def find(self, context: TableContext) -> Iterable[Constraint]:
        frame = Frame(self.name, self.severity, Wording("各资金来源", "its sources"), STATED.certainty)
        found = (context.claim(relation.total, relation.parts, frame) for relation in read_form_sums(context.table))
        yield from rate((one for one in found if one is not None), STATED)
        yield from rate(_read_counts(context, self.name, self.severity), IMPLIED)


def _read_counts(context: TableContext, rule: str, severity: Severity) -> Iterator[Constraint]:
    """Counts under one label of a form of which the first is named a total (信息发布: 总数, 政务动态 …)."""
    wording = Wording("其下各项", "the counts under it")
    for group in context.table.cells:
        if group.row_span < _MIN_LINES or not group.text:
            continue
        labels = [context.view.at(row, group.cols.stop) for row in group.rows]
        first = labels[0]
        if first is None or not is_total_name(first.text):
            continue
        terms = [_count_beside(context, label) for label in labels]
        if None in terms or not any(term.value for term in terms if term is not None):
            continue
        head, *parts = (term for term in terms if term is not None)
        if len({term.ref for term in (head, *parts)}) == len(terms) and not context.form_units.keys() & {
            (term.ref.row, term.ref.col) for term in parts
        }:
            yield Constraint(rule, head, make_parts(parts), IMPLIED.certainty, severity, wording, proves=False)


def _count_beside(context: TableContext, label: Cell | None) -> Term | None:
    """The number right of a label of one line; counts are not rounded."""
    cell = context.view.at(label.row, label.cols.stop) if label is not None and label.row_span == 1 else None
    value = parse_amount(cell.text) if cell is not None else None
    if cell is None or value is None:
        return None
    return Term(context.ref(cell), cell, value, Decimal(0), is_blank=False, is_unreadable=False)
