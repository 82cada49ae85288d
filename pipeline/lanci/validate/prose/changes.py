"""How prose compares amounts of this year with those of the year before: the amount, the change and its rate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lanci.interpret import FigureRole
from lanci.validate.prose.amounts import Prose

_BARE_RATE = re.compile(
    "(?:(?:同比|环比|[较比与和](?:上年|去年)(?:相比)?|相应)?(?:增长|增加|上升|下降|降低|减少|增|减|降)(?:率|幅|比例|幅度)?"
    "|[增减降]幅)(?:约为|约|为|达到?|了)?"
)
"""What stands before a rate that is that of the change just told, and of nothing else."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change that a paragraph tells; all attributes are indices of its figures.

    Attributes:
        later: the amount of this year.
        earlier: the amount with which it is compared, None where that is not printed.
        change: how much more or less it is; None where only the rate is told.
        rate: that in percent, None for none.
    """

    later: int
    earlier: int | None
    change: int | None
    rate: int | None


def read_changes(prose: Prose) -> Iterator[Change]:
    """The changes of a paragraph of which it is clear what has changed.

    That is the only amount of the sentence, or of all that stands before it: after a list nobody knows whether its last
    amount is meant or its sum.
    """
    figures = prose.figures
    done = -1
    for index, figure in enumerate(figures):
        if index <= done or figure.of is None or figure.role not in (FigureRole.CHANGE, FigureRole.RATE):
            continue
        later, between = figure.of, range(figure.of + 1, index)
        earlier = [other for other in between if figures[other].role is FigureRole.AMOUNT and figures[other].is_prior]
        if len(earlier) != len(between) or len(earlier) > 1 or not _is_clear(prose, later, index):
            continue
        rate = index if figure.role is FigureRole.RATE else index + 1
        if not _is_rate_of_change(prose, rate, later):
            rate = -1
        done = max(index, rate)
        change = index if figure.role is FigureRole.CHANGE else None
        if rate >= 0 or (change is not None and earlier):
            yield Change(later, earlier[0] if earlier else None, change, rate if rate >= 0 else None)


def _is_clear(prose: Prose, later: int, change: int) -> bool:
    amounts = [index for index in range(change) if prose.is_of_this_year(index)]
    if amounts == [later]:
        return True
    between = (prose.figures[index] for index in range(later + 1, change + 1))
    is_same_sentence = not any("。" in figure.topic + figure.phrase for figure in between)
    return is_same_sentence and prose.figures[later].whole is None


def _is_rate_of_change(prose: Prose, rate: int, later: int) -> bool:
    if rate >= len(prose.figures):
        return False
    figure = prose.figures[rate]
    is_bare = not figure.topic.strip(",") and _BARE_RATE.fullmatch(figure.phrase) is not None
    return figure.role is FigureRole.RATE and figure.of == later and is_bare
