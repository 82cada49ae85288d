"""The paragraphs under one heading, and which amounts their numbers say to be parts of another one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lanci.document import TextSource
from lanci.interpret import FigureRole
from lanci.text import squash
from lanci.validate.constraints import Term
from lanci.validate.context import DocumentContext
from lanci.validate.numbering import number_of
from lanci.validate.prose.amounts import Prose, read_prose

_CHOICE = re.compile("其中[:：]?$|主要(?:包括|用于|是)?[:：]?$")
"""How a paragraph ends that goes on to name some of its parts only."""
_LIST = re.compile("其中|包括|分类")
"""Opens a list whose first amount is not that of the paragraph."""
_BARE_RANK = -1
"""Of a paragraph without a number, which stands over all that have one."""


@dataclass(frozen=True, slots=True)
class Outline:
    """An amount of prose with those of the numbered paragraphs under it.

    ``may_miss_parts`` tells that another of these may have been lost at the end: what follows has no number, or OCR has
    read them.
    """

    label: str
    whole: Term
    parts: tuple[Term, ...]
    may_miss_parts: bool


@dataclass(frozen=True, slots=True)
class _Line:
    """A paragraph of a passage: its style of numbering and its number, and its first amount, None for none."""

    rank: int
    number: int
    prose: Prose
    amount: Term | None


def read_passages(document: DocumentContext) -> Iterator[tuple[Prose, ...]]:
    """The statements of a document that follow each other under one heading; each without a heading for itself."""
    passage: list[Prose] = []
    for prose in read_prose(document):
        if passage and not _goes_on(passage[-1], prose):
            yield tuple(passage)
            passage = []
        passage.append(prose)
    if passage:
        yield tuple(passage)


def _goes_on(before: Prose, after: Prose) -> bool:
    one, other = before.statement, after.statement
    return bool(one.heading) and one.heading == other.heading and other.places[0].page - one.places[-1].page <= 1


def read_outlines(passage: Sequence[Prose]) -> Iterator[Outline]:
    """Each paragraph with those numbered right under it, all with an amount and none missing.

    Numbers go on from 1, or from where they ended under the paragraph before it. Only the first paragraph of a passage
    can stand over others without a number of its own, and none does that goes on with 其中.
    """
    lines = [_read_line(prose) for prose in passage]
    last: dict[int, int] = {}
    for index, head in enumerate(lines):
        if head.rank == _BARE_RANK and index:
            continue
        end = _find_end(lines, index)
        under = _widest(lines[index + 1 : end])
        if not under:
            continue
        rank, numbers = under[0].rank, [line.number for line in under]
        starts = {1, last.get(rank, 0) + 1}
        last[rank] = numbers[-1]
        amounts = [line.amount for line in under if line.amount is not None]
        is_whole = numbers[0] in starts and numbers == [*range(numbers[0], numbers[0] + len(numbers))]
        if head.amount is None or not is_whole or len(amounts) < len(under) or _names_some(head.prose):
            continue
        if any(term.value for term in (head.amount, *amounts)):
            figure = head.prose.figures[0]
            is_open = end < len(lines) and lines[end].rank == _BARE_RANK
            by_ocr = any(term.cell.source is TextSource.OCR for term in (head.amount, *amounts))
            yield Outline(f"{figure.phrase}（{figure.unit}）", head.amount, tuple(amounts), is_open or by_ocr)


def _read_line(prose: Prose) -> _Line:
    rank, number = number_of(prose.statement.text) or (_BARE_RANK, 0)
    is_own = prose.is_of_this_year(0) and not _LIST.search(prose.figures[0].topic + prose.figures[0].phrase)
    return _Line(rank, number, prose, prose.terms[0] if is_own else None)


def _find_end(lines: Sequence[_Line], head: int) -> int:
    """Where the paragraphs under one end: at the next of its own style or a wider one, or without a number."""
    bounds = (i for i in range(head + 1, len(lines)) if lines[i].rank <= lines[head].rank)
    return next(bounds, len(lines))


def _widest(lines: Sequence[_Line]) -> list[_Line]:
    """The paragraphs of the widest style among some."""
    widest = min((line.rank for line in lines), default=_BARE_RANK)
    return [line for line in lines if line.rank == widest]


def _names_some(prose: Prose) -> bool:
    """Whether a paragraph says itself what its amount consists of, or names only some of it below."""
    parts = [figure for figure in prose.figures if figure.role is FigureRole.AMOUNT and figure.whole == 0]
    return bool(parts) or _CHOICE.search(squash(prose.statement.text)) is not None
