"""What a phrase of prose or the label of a row counts, in one form for both, so that they can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from lanci.document import Measure
from lanci.interpret.vocabulary import split_measures
from lanci.text import squash

FUNDS = (
    Measure.GENERAL_PUBLIC,
    Measure.GOVERNMENT_FUND,
    Measure.STATE_CAPITAL,
    Measure.FISCAL_APPROPRIATION,
)
"""The narrower ones first."""

NO_THING = frozenset({Measure.TOTAL, Measure.CURRENT, Measure.OF_WHICH, *FUNDS})
"""Measures that do not tell what an amount is for."""

_BOTH_SIDES = "both"
_LEAD = re.compile(r"^(?:其中|包括|含|主要[是为]?|用于|另外?|以及|和|即|相应)+[:,]?")
_NUMBER = re.compile(r"^(?:\(?[一二三四五六七八九十]+[)、.]|\(?\d{1,2}[)、.](?!\d))+")
_YEAR = re.compile(r"20\d\d年(?:年初)?度?")
_OWN = re.compile(r"(?:[我本全](?:单位|部门|局|委|办)|所属各?|各单位|部门(?=[收支预决])|年度)(?:\(本级\))?")
_CODE = re.compile(r"^(2\d{2}(?:\d{2}){0,2})(?!\d)[-—]?")
_CHAIN = re.compile(r"\((?:类|款|项)\)")
_MARKS = re.compile(r"[“”\"'‘’]|科目$|\((?:类|款|项)\)")
_BOTH = re.compile("收[、和及]?支")
_EDGE = re.compile(r"^(?:的|年初|安排|相应)+|(?:年初|安排|的|数|为|共计|共|计|各|是|、|/)+$")


@dataclass(frozen=True, slots=True)
class Subject:
    """What an amount counts.

    Attributes:
        things: measures that are neither a fund nor a total (``basic_expenditure``, ``official_reception``).
        name: what else is said, without the words for budget, expenditure, sums; "" for nothing.
        fund: the narrowest fund that is named.
        side: ``income``, ``expenditure`` or ``both`` (收支总预算), "" where nothing is said.
        code: a subject code in front of the name, "" for none.
        parents: names of the classes above, where they are printed with it (…（类）…（款）).
    """

    things: frozenset[Measure] = frozenset()
    name: str = ""
    fund: Measure | None = None
    side: str = ""
    code: str = ""
    parents: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether nothing is said but that it is an amount: the words before must tell of what."""
        return not (self.things or self.name or self.side or self.code)

    def has_side(self, side: str) -> bool:
        """Whether it is of a side; one of both is of each."""
        return bool(self.side) and self.side in (side, _BOTH_SIDES)


@lru_cache(maxsize=4096)
def text_to_subject(text: str, entities: tuple[str, ...] = ()) -> Subject:
    """The subject of a phrase or a label.

    Args:
        text: as printed. What stands before the year is whose amount it is, unless nothing is said after it.
        entities: names of the bodies that the document is about, squashed.
    """
    plain = _NUMBER.sub("", _LEAD.sub("", _NUMBER.sub("", squash(text))))
    before, year, after = _split(plain)
    if year:
        subject = text_to_subject(after, entities)
        return text_to_subject(before, entities) if before and subject.is_open else subject
    for entity in entities:
        plain = plain.replace(entity, "")
    plain = _NUMBER.sub("", _OWN.sub("", plain))
    code = _CODE.match(plain)
    plain = plain[code.end() :] if code else plain
    *parents, last = _chain(plain)
    measures, rest = split_measures(last)
    return Subject(
        things=frozenset(measures) - NO_THING,
        name=_strip(rest),
        fund=narrowest_fund(measures),
        side=_side(last),
        code=code.group(1) if code else "",
        parents=tuple(_strip(split_measures(parent)[1]) for parent in parents),
    )


def _split(text: str) -> tuple[str, str, str]:
    match = _YEAR.search(text)
    return (text[: match.start()], match.group(), text[match.end() :]) if match else (text, "", "")


def narrowest_fund(measures: Iterable[Measure]) -> Measure | None:
    """The narrowest fund among measures, None where they name none."""
    return min((measure for measure in measures if measure in FUNDS), key=FUNDS.index, default=None)


def _chain(text: str) -> list[str]:
    """The names of 类, 款 and 项 that are printed one after the other, the last with what follows its mark."""
    parts = _CHAIN.split(text)
    return [*parts[:-2], parts[-2] + parts[-1]] if len(parts) > 1 else parts


def _strip(rest: str) -> str:
    return _EDGE.sub("", _EDGE.sub("", _MARKS.sub("", rest).strip(",;。:()")))


def _side(text: str) -> str:
    if _BOTH.search(text):
        return _BOTH_SIDES
    income, expenditure = "收入" in text, "支出" in text
    return _BOTH_SIDES if income and expenditure else "income" if income else "expenditure" if expenditure else ""
