"""Rule ``narrative-percentage``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from lanci.document import ConflictVerdict, Finding, Severity, TextSource
from lanci.interpret import FigureRole
from lanci.validate.constraints import Term
from lanci.validate.context import DocumentContext
from lanci.validate.percentages import fits, share_of, to_shown
from lanci.validate.prose.amounts import Prose
from lanci.validate.prose.changes import Change, read_changes
from lanci.validate.prose.origin import tell_doubt, to_places
from lanci.validate.prose.passages import read_passages
from lanci.validate.rules.base import Description

_BARE_SHARE = re.compile("占比?(?:约为|约|为)?")
"""A share of what the paragraph, or the passage, is about."""


@dataclass(frozen=True, slots=True)
class _Percentage:
    """A printed percentage with what it should be; ``terms`` are the printed one and the amounts that tell.

    ``amounts`` are these as printed.
    """

    label: str
    printed: Decimal
    share: tuple[Decimal, Decimal]
    terms: tuple[Term, ...]
    amounts: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        return fits(self.printed, self.share)


class NarrativePercentage:
    """A rate of change or a share that prose tells is what its amounts make."""

    name = "narrative-percentage"
    severity = Severity.WARNING
    describes = Description(
        "A rate that prose tells after a change (增加…万元，增长…%) is that change by the earlier amount; a share "
        "(占…%) is one of the amount that the passage begins with, said only where most shares of the passage are.",
        "文字说明中紧接增减额的增减率等于增减额除以上期数；“占……%”等于该项金额除以该部分首段金额，仅在该部分多数占比相符时提示。",
    )

    def check(self, context: DocumentContext) -> Iterable[Finding]:
        for passage in read_passages(context):
            found = [one for prose in passage for one in _read_rates(prose)]
            shares = list(_read_shares(passage))
            wrong = [one for one in shares if not one.is_right]
            told = [one for one in shares if one.is_right and one.printed]
            if len(told) >= max(len(wrong), 1):
                found += wrong
            yield from (self._tell(one) for one in found if not one.is_right)

    def _tell(self, one: _Percentage) -> Finding:
        term, expected = one.terms[0], to_shown(one.share[0])
        # 下降 says already that it is less than nothing.
        shown = abs(expected) if one.printed < 0 else expected
        amounts = "、".join(one.amounts)
        page = term.cell.page
        by_ocr = any(other.cell.source is TextSource.OCR for other in one.terms)
        return Finding(
            rule=self.name,
            severity=self.severity,
            message=(
                f"第{page}页文字“{one.label}”列示为 {term.cell.text}%，按 {amounts} 计算应为 {shown}%"
                f" / text of page {page}, “{one.label}”: printed is {term.cell.text}%, {amounts} make {shown}%"
                + tell_doubt(one.terms, ())
            ),
            expected=str(expected),
            found=str(one.printed),
            places=to_places(one.terms),
            verdict=ConflictVerdict.OPEN if by_ocr else ConflictVerdict.SOURCE,
        )


def _read_rates(prose: Prose) -> Iterator[_Percentage]:
    for told in read_changes(prose):
        one = _read_rate(prose, told)
        if one is not None:
            yield one


def _read_rate(prose: Prose, told: Change) -> _Percentage | None:
    """The rate of a change, by the earlier amount that is printed or follows from the change."""
    if told.rate is None:
        return None
    rate, later = prose.terms[told.rate], prose.terms[told.later]
    known = told.earlier if told.earlier is not None else told.change
    if known is None:
        return None
    # Of the earlier amount and the change one is printed, and the other one follows.
    other = prose.terms[known]
    rest = _less(later, other)
    change, earlier = (rest, other) if told.earlier is not None else (other, rest)
    share = share_of(change, earlier) if change is not None and earlier is not None else None
    # An earlier amount that is less than nothing is not the one that this one is compared with.
    if share is None or earlier is None or earlier.value <= 0:
        return None
    label = f"{prose.figures[told.later].phrase} {prose.figures[told.rate].phrase}"
    amounts = (prose.figures[told.later].text, prose.figures[known].text)
    return _Percentage(label, rate.value, share, (rate, later, other), amounts)


def _less(one: Term, other: Term) -> Term | None:
    """The difference of two amounts as a term in 元, None where a unit is not known."""
    if one.factor is None or other.factor is None:
        return None
    value = one.value * one.factor - other.value * other.factor
    slack = one.slack * one.factor + other.slack * other.factor
    return replace(one, value=value, slack=slack, factor=Decimal(1))


def _read_shares(passage: Sequence[Prose]) -> Iterator[_Percentage]:
    """The shares of a passage by the amount that makes them right, if one does, else by the first of the passage."""
    first = passage[0]
    for prose in passage:
        for index, figure in enumerate(prose.figures):
            if figure.role is not FigureRole.SHARE or figure.of is None or not _BARE_SHARE.fullmatch(figure.phrase):
                continue
            part, inner = prose.figures[figure.of], prose.figures[figure.of].whole
            wholes = [(one, 0) for one in (first, prose) if one.is_of_this_year(0)]
            wholes += [] if inner is None else [(prose, inner)]
            made = []
            for one, place in wholes:
                terms = (prose.terms[index], prose.terms[figure.of], one.terms[place])
                share = share_of(terms[1], terms[2]) if terms[1] is not terms[2] else None
                if share is not None:
                    amounts = (part.text, one.figures[place].text)
                    made.append(_Percentage(part.phrase, figure.value, share, terms, amounts))
            yield from [one for one in made if one.is_right][:1] or made[:1]
