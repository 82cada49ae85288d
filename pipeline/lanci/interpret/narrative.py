"""The amounts that a document states in prose: what each counts, of which year, and how it stands to the others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from lanci.document import Statement
from lanci.interpret.units import unit_factor
from lanci.numbers import parse_amount
from lanci.text import squash

_FIGURE = re.compile(r"(?<![\d.,%A-Za-z])(-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)((?:[十百千]?[万亿]|[十百千])?元|%)")
_CLAUSE = re.compile(r"[,;。:!?、]|\((?=其中|含|包括)")
_LIST_CLAUSE = re.compile(r"[,;。:!?]|\((?=其中|含|包括)")
_CHANGE = re.compile(r"(?:增加|减少|增长|下降|上升|降低|增支|减支|压减|压缩|增幅|减幅|降幅|增减|持平)[^,;。]{0,8}$")
_DOWN = re.compile(r"减少|下降|降低|减支|压减|压缩|减幅|降幅")
_SHARE = re.compile(r"占[^,;。]{0,24}$")
_PRIOR = re.compile(r"(?:上一?年|去年)度?(?!度?[末底]?结[转余])|^(?:[与同比较]|和(?=[上去2]))")
"""A clause about last year; 上年结转 is money of this year."""
_YEAR = re.compile(r"(?<!\d)(20\d\d)年(?!\d{1,2}月)")
_STEP = re.compile(r"[。;)]|其中|包括|主要[是为用]")
_ASIDE = re.compile(r"\([^()]*\)")
_LONGEST_TOPIC = 60


class FigureRole(StrEnum):
    """What a figure is: an amount, the change of one against another year, its rate, a share of another amount."""

    AMOUNT = "amount"
    CHANGE = "change"
    RATE = "rate"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit in the prose of a document.

    Attributes:
        phrase: the clause before it, squashed: what it counts.
        topic: what stands between the figure before it and the phrase; where its phrase only says 预算数, the topic
            says of what.
        text: the number and its unit as printed, squashed.
        value: in its unit; a change or rate downwards is negative.
        unit: of money, or ``%``.
        role: see :class:`FigureRole`.
        year: that the sentence gives, None where it gives none.
        is_prior: whether it belongs to another time, with which this year's is compared (上年).
        whole: index, among the figures of the statement, of the amount whose part it is (其中).
        of: index of the amount that a change, rate or share belongs to.
    """

    phrase: str
    topic: str
    text: str
    value: Decimal
    unit: str
    role: FigureRole
    year: int | None = None
    is_prior: bool = False
    whole: int | None = None
    of: int | None = None

    @property
    def places(self) -> int:
        """The decimals that are printed."""
        exponent = self.value.as_tuple().exponent
        return -exponent if isinstance(exponent, int) and exponent < 0 else 0

    @property
    def factor(self) -> Decimal | None:
        """From its unit to 元; None for a percentage."""
        return unit_factor(self.unit)


def read_figures(statement: Statement) -> tuple[Figure, ...]:
    """The figures of a statement in order; numbers that are not grouped as such are left out."""
    return _read(squash(statement.text))


@lru_cache(maxsize=1024)
def _read(text: str) -> tuple[Figure, ...]:
    """The figures of a squashed text; several rules ask for those of one document."""
    return tuple(_figures(text))


def _figures(text: str) -> Iterator[Figure]:
    end = 0
    wholes: list[int] = []
    last: int | None = None
    count = 0
    for match in _FIGURE.finditer(text):
        value = parse_amount(match.group(1))
        if value is None:
            continue
        between = text[end : match.start()]
        phrase, topic = _split_phrase(between, first=not count)
        wholes = _step(wholes, between, last)
        role = _role(phrase, match.group(2))
        if role in (FigureRole.CHANGE, FigureRole.RATE) and _DOWN.search(phrase):
            value = -value
        sentence = text[text.rfind("。", 0, match.start()) + 1 : match.start()]
        years = _YEAR.findall(phrase) or _YEAR.findall(sentence)
        is_amount = role is FigureRole.AMOUNT
        is_prior = is_amount and _PRIOR.search(phrase) is not None
        yield Figure(
            phrase=phrase,
            topic=topic,
            text=match.group(),
            value=value,
            unit=match.group(2),
            role=role,
            year=int(years[-1]) if years else None,
            is_prior=is_prior,
            whole=wholes[-1] if wholes and is_amount else None,
            of=None if is_amount else last,
        )
        if is_amount and not is_prior:
            last = count
        count += 1
        end = match.end()


def _split_phrase(between: str, *, first: bool) -> tuple[str, str]:
    """The clause before a figure and what stands before that; in a list of figures 、 parts clauses, too."""
    bounds = [found.end() for found in (_LIST_CLAUSE if first else _CLAUSE).finditer(between)]
    start = bounds[-1] if bounds else 0
    return between[start:].lstrip(")"), between[:start][-_LONGEST_TOPIC:]


def _role(phrase: str, unit: str) -> FigureRole:
    if unit == "%":
        return FigureRole.SHARE if _SHARE.search(phrase) else FigureRole.RATE
    return FigureRole.CHANGE if _CHANGE.search(phrase) else FigureRole.AMOUNT


def _step(wholes: list[int], between: str, last: int | None) -> list[int]:
    """The amounts whose parts are being listed, outermost first, after the text that leads to the next figure."""
    for mark in _STEP.finditer(_ASIDE.sub("", between)):
        if mark.group() == "。":
            wholes = []
        elif mark.group() in ";)":
            wholes = wholes[:1] if mark.group() == ";" else wholes[:-1]
        elif last is not None and wholes[-1:] != [last]:
            wholes = [*wholes, last]
    return wholes
