"""Rule ``narrative-figure``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from lanci.document import Measure, Severity
from lanci.validate.certainty import IMPLIED, STATED, discover
from lanci.validate.constraints import Constraint, Term, Wording, make_parts
from lanci.validate.context import DocumentContext
from lanci.validate.prose.amounts import Stated, read_stated
from lanci.validate.quantities.by_subject import Printed, PrintedIndex
from lanci.validate.rules.base import Description

_LONGEST_LABEL = 40


class NarrativeFigure:
    """What prose says of an amount is what the tables print."""

    name = "narrative-figure"
    severity = Severity.WARNING
    describes = Description(
        "An amount in prose is that of the tables for the same subject, fund and year, up to its rounding; said only "
        "where one amount can be meant.",
        "文字说明中的金额与表中同一科目、资金和年度的金额一致（四舍五入除外）；仅在所指金额唯一时提示。",
    )

    def find(self, context: DocumentContext) -> Iterable[Constraint]:
        if not context.statements:
            return
        index = PrintedIndex.of(context)
        for stated in read_stated(context):
            yield from self._compare(stated, index)

    def _compare(self, stated: Stated, index: PrintedIndex) -> Iterator[Constraint]:
        """What the figure is, where any amount agrees with it, else what it should be."""
        like = [one for one in index.like(stated.subject) if _may_share_fund(stated, one)]
        agreed = [one for found in like if found.term.value and (one := self._claim(found.term, stated)).holds]
        if agreed:
            yield from (replace(one, certainty=STATED.certainty) for one in agreed)
            return
        equal = [one for term in index.near(stated.term) if (one := self._claim(term, stated)).holds]
        if equal:
            for one in equal:
                yield from discover(one, index.n_amounts)
        elif _is_specific(stated, index):
            differing = [self._claim(found.term, stated) for found in _meant(stated, like)]
            if not any(map(_is_cut, differing)):
                yield from differing

    def _claim(self, term: Term, stated: Stated) -> Constraint:
        label = f"{stated.figure.phrase[-_LONGEST_LABEL:]}（{stated.figure.unit}）"
        claim = Constraint(
            rule=self.name,
            total=term,
            parts=make_parts([stated.term]),
            certainty=IMPLIED.certainty,
            severity=self.severity,
            wording=Wording(label, label, label),
            apart=True,
        )
        # What prose leaves out of an amount, it does not confirm.
        return claim if not claim.difference else replace(claim, proves=False)


def _may_share_fund(stated: Stated, printed: Printed) -> bool:
    """Whether the funds of both agree as far as they are named; a fiscal appropriation may be of any budget."""
    one, other = stated.subject.fund, printed.subject.fund
    return one is None or other is None or one is other or Measure.FISCAL_APPROPRIATION in (one, other)


def _is_specific(stated: Stated, index: PrintedIndex) -> bool:
    """Whether a figure says by itself what it counts.

    In a paragraph on a project a part may be called like a subject or a source of funds; the project itself is no
    amount that tables print by that name.
    """
    if stated.subject.is_open:
        return False
    return all(index.like(one) for one in stated.within)


def _meant(stated: Stated, like: Sequence[Printed]) -> list[Printed]:
    """The printings of the one amount that a figure can mean; none where they differ or have no known unit."""
    found = [one for one in like if one.subject.fund is stated.subject.fund and not one.term.is_blank]
    values = {None if one.term.factor is None else one.term.value * one.term.factor for one in found}
    return found if len(values) == 1 and None not in values and stated.term.factor is not None else []


def _is_cut(one: Constraint) -> bool:
    """Whether they differ by less than the last place of one, as where digits are cut off, not rounded."""
    return abs(one.difference) <= 2 * one.tolerance
