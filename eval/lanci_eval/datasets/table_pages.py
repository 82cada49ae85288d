"""Table pages of real digital PDFs, chosen at random and without the help of any table system.

A page counts when its text layer can be trusted and a network of drawn rules on it holds enough amounts. So pages
whose tables have no rules, or words only, are never chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lanci.document import PageKind
from lanci.errors import LanciError
from lanci.page.text import read_text_layer
from lanci.page.trust import judge_text_layer
from lanci.source import Source, SourcePage, open_source
from lanci.source.mupdf import MUPDF_ERRORS
from lanci.source.sniff import MediaType
from lanci_eval.datasets.base import Rejected
from lanci_eval.datasets.sample import rank
from lanci_eval.evidence.records import NumberKind
from lanci_eval.evidence.rules import find_networks
from lanci_eval.evidence.tokens import kind_of, to_token
from lanci_eval.evidence.visible import read_words


@dataclass(frozen=True, slots=True)
class TablePage:
    """A page of a file; ``document`` is the file's id, ``number`` counts from 1."""

    document: str
    path: Path
    number: int

    @property
    def id(self) -> str:
        return f"{self.document}-p{self.number:03d}"


@dataclass(frozen=True, slots=True)
class PageWish:
    """How many pages are wanted.

    Attributes:
        pages: in all, at least 1.
        per_document: most of one document, at least 1.
        amounts: least number of amounts inside one ruled table, at least 1.
        max_area: largest page, square points.
        seed: decides which.
    """

    pages: int
    per_document: int
    amounts: int
    max_area: float
    seed: int


def choose_pages(files: dict[str, Path], wish: PageWish) -> tuple[tuple[TablePage, ...], tuple[Rejected, ...]]:
    """Pages by id, and the documents that were tried and gave none.

    Documents are tried in random order until there are enough pages; those behind the last one are not opened.

    Args:
        files: the PDFs by document id.
        wish: how many and which.
    """
    chosen: list[TablePage] = []
    rejected: list[Rejected] = []
    for document in rank(files, wish.seed):
        most = min(wish.per_document, wish.pages - len(chosen))
        if most <= 0:
            break
        try:
            with open_source(files[document]) as source:
                numbers = _pages_of(source, document, wish, most)
        except LanciError as error:
            rejected.append(Rejected(document, str(error)))
            continue
        if not numbers:
            reason = f"no page with trusted text and a ruled table of {wish.amounts} amounts or more"
            rejected.append(Rejected(document, reason))
        chosen += [TablePage(document, files[document], number) for number in numbers]
    return tuple(sorted(chosen, key=lambda page: page.id)), tuple(sorted(rejected, key=lambda one: one.id))


def _pages_of(source: Source, document: str, wish: PageWish, most: int) -> Sequence[int]:
    """Numbers of up to ``most`` table pages, tried in random order."""
    if source.media_type != MediaType.PDF:
        return ()
    names = {f"{document}:{number}": number for number in range(1, source.n_pages + 1)}
    found: list[int] = []
    for name in rank(names, wish.seed):
        if len(found) == most:
            break
        page = source.page(names[name])
        if page.width * page.height > wish.max_area:
            continue
        try:
            if _has_table(page, wish.amounts):
                found.append(page.number)
        except MUPDF_ERRORS:  # MuPDF cannot read this page; there are others
            continue
    return found


def _has_table(page: SourcePage, least_amounts: int) -> bool:
    drawings = page.pdf.get_cdrawings()
    networks = [n for n in find_networks(page.pdf, drawings) if n.n_rows > 1 and n.n_cols > 1]
    if not networks:
        return False
    kind, _ = judge_text_layer(page.pdf, read_text_layer(page.pdf), len(drawings))
    if kind is not PageKind.DIGITAL:
        return False
    centers = [
        word.box.center for word in read_words(page.pdf, drawings) if kind_of(to_token(word.text)) is NumberKind.AMOUNT
    ]
    return any(sum(network.box.contains(*center) for center in centers) >= least_amounts for network in networks)
