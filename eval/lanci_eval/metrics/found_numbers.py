"""Numbers in an extraction, told apart in the same way as those of the page, and pairing the two."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lanci.errors import LanciError
from lanci_eval.evidence.read import read_evidence
from lanci_eval.evidence.records import DocumentEvidence
from lanci_eval.evidence.tokens import inner_tokens, is_torn, kind_of, split_tokens, to_token
from lanci_eval.metrics.base import Case
from lanci_eval.records import EvalCell, EvalTable, Extraction

_log = logging.getLogger(__name__)

PageToken = tuple[int, str]
"""A page number and a token printed or found there."""


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """A number in a cell.

    ``pages`` are those on which the cell lies, the one that the system names first. ``alone`` tells that it is
    all that the cell holds, ``word`` that at least white space sets it off.
    """

    token: str
    pages: tuple[int, ...]
    alone: bool
    word: bool


def evidence_of(case: Case) -> DocumentEvidence | None:
    """The case's evidence, None when it has none or the file is no readable PDF (which is logged)."""
    if case.evidence is None:
        return None
    try:
        return read_evidence(case.evidence)
    except LanciError as error:
        _log.warning("no evidence: %s", error)
        return None


def cells_with_pages(extraction: Extraction) -> Iterator[tuple[EvalCell, tuple[int, ...]]]:
    """All cells, headers that later pages repeat included, with the pages on which each may be printed.

    A cell whose row a page break cuts may be printed on either side.
    """
    for table in extraction.tables:
        for cell in table.cells:
            others = dict.fromkeys((cell.page, *_pages_of(cell, table)))
            yield cell, tuple(others)
        for fragment in table.fragments:
            for cell in fragment.repeated:
                yield cell, (fragment.page,)


def _pages_of(cell: EvalCell, table: EvalTable) -> Iterator[int]:
    for fragment in table.fragments:
        if cell.row <= fragment.last_row and cell.row + cell.row_span > fragment.first_row:
            yield fragment.page


def find_numbers(extraction: Extraction, printed: Counter[PageToken]) -> tuple[FoundNumber, ...]:
    """The amounts and codes in the cells of an extraction.

    A cell with white space is one number where ``printed`` says that its page prints that one (a number that
    wraps within its cell), else it is several pieces. A cell that holds an amount with broken punctuation is
    one number, too, although no page prints it.
    """
    found: list[FoundNumber] = []
    for cell, pages in cells_with_pages(extraction):
        whole = to_token(cell.text)
        if not any(char.isdigit() for char in whole):
            continue
        is_one = len(cell.text.split()) == 1 or any(printed[page, whole] for page in pages)
        is_broken = is_torn(whole) and not split_tokens(cell.text)
        if is_broken or (is_one and kind_of(whole) is not None):
            found.append(FoundNumber(whole, pages, alone=True, word=True))
            continue
        words = Counter(split_tokens(cell.text))
        for token in inner_tokens(cell.text):
            found.append(FoundNumber(token, pages, alone=False, word=words[token] > 0))
            words[token] -= 1
    return tuple(found)


def pair_off(printed: Counter[PageToken], found: Sequence[FoundNumber]) -> tuple[Counter[PageToken], list[FoundNumber]]:
    """Pair found with printed numbers of the same page and text, one to one.

    Gives the printed ones that are left over and the found ones that are. Each is first paired on the page that
    its system names, then on the other pages of its cell.
    """
    left = Counter(printed)
    unpaired: list[FoundNumber] = []
    for number in found:
        if not _take(left, number.token, number.pages[:1]):
            unpaired.append(number)
    return left, [number for number in unpaired if not _take(left, number.token, number.pages[1:])]


def _take(left: Counter[PageToken], token: str, pages: Iterable[int]) -> bool:
    for page in pages:
        if left[page, token] > 0:
            left[page, token] -= 1
            return True
    return False
