"""Reads the evidence of a digital PDF: visible words, table areas, numbers, prose figures.

No table system and none of the measured code takes part: only what MuPDF says of characters and paths.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import pymupdf

from lanci.document import Box
from lanci.errors import DamagedError, EncryptedError
from lanci_eval.evidence.blocks import find_blocks, group_lines
from lanci_eval.evidence.cells import rejoin_words, split_boxes, split_words, stands_alone
from lanci_eval.evidence.prose import announced_units, find_figures
from lanci_eval.evidence.records import (
    AreaKind,
    DocumentEvidence,
    PrintedNumber,
    PrintedPage,
    PrintedWord,
    ProseFigure,
    TableArea,
    is_inside,
)
from lanci_eval.evidence.rules import Network, find_networks
from lanci_eval.evidence.tokens import inner_tokens, is_torn, kind_of, split_tokens, to_token
from lanci_eval.evidence.visible import read_words

_MIN_CELLS = 4
_MIN_ROW_CELLS = 3
_MIN_ROW_NUMBERS = 2
_CACHED = 4


def read_evidence(path: Path) -> DocumentEvidence:
    """What the pages of a PDF visibly print; read once per file, kept for the next metrics.

    Raises lanci.errors.DamagedError when the file is no PDF or cannot be opened, EncryptedError when it needs
    a password. A page without visible text (a scan) has no words and no numbers.
    """
    try:
        stat = path.stat()
    except OSError as error:
        raise DamagedError(f"{path.name}: cannot be read as evidence ({error.strerror}); check the path") from error
    return _read(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=_CACHED)
def _read(path: Path, mtime: int, size: int) -> DocumentEvidence:
    try:
        document = pymupdf.open(path)
    except (pymupdf.FileDataError, RuntimeError) as error:
        raise DamagedError(f"{path.name}: cannot be opened as evidence ({error}); use an intact PDF") from error
    with document:
        if not document.is_pdf:
            raise DamagedError(f"{path.name}: is no PDF, so it cannot be evidence; leave the evidence out")
        if document.needs_pass:
            raise EncryptedError(f"{path.name}: needs a password; remove it before the file is used as evidence")
        pages: list[PrintedPage] = []
        for page in document:
            pages.append(_read_page(page, pages[-1].units if pages else ()))
        return DocumentEvidence(tuple(pages))


def _read_page(page: pymupdf.Page, units_before: tuple[str, ...]) -> PrintedPage:
    drawings = page.get_cdrawings()
    networks = find_networks(page, drawings)
    words = split_words(read_words(page, drawings), [cell for network in networks for cell in network.cells])
    areas = _ruled_areas(networks, words)
    outside = [w for w in words if not is_inside(w.box, areas)]
    areas += tuple(TableArea(AreaKind.ALIGNED, box) for box in find_blocks(outside))
    words = rejoin_words(words, [cell for area in areas for cell in area.cells])
    return PrintedPage(
        number=page.number + 1,
        width=page.rect.width,
        height=page.rect.height,
        words=words,
        areas=areas,
        numbers=_numbers(words, areas),
        glued=tuple(token for word in words for token in _glued(word.text)),
        figures=_figures(words, areas),
        units=announced_units([w.text for w in words], [w.text for w in words if not is_inside(w.box, areas)])
        or units_before,
    )


def _glued(text: str) -> tuple[str, ...]:
    token = to_token(text)
    if kind_of(token) is not None:
        return ()
    return (token,) if is_torn(token) else inner_tokens(text)


def _figures(words: Sequence[PrintedWord], areas: Sequence[TableArea]) -> tuple[ProseFigure, ...]:
    return find_figures(group_lines([w for w in words if not is_inside(w.box, areas)]))


def _ruled_areas(networks: Sequence[Network], words: Sequence[PrintedWord]) -> tuple[TableArea, ...]:
    """Networks of at least 2 x 2 cells, and single rows of three cells with numbers (a row left over on a page)."""
    areas: list[TableArea] = []
    for network in networks:
        is_grid = len(network.cells) >= _MIN_CELLS and network.n_rows >= 2 and network.n_cols >= 2
        if is_grid or (len(network.cells) >= _MIN_ROW_CELLS and _holds_numbers(network.box, words)):
            areas.append(TableArea(AreaKind.RULED, network.box, network.cells))
    return tuple(areas)


def _holds_numbers(box: Box, words: Sequence[PrintedWord]) -> bool:
    inside = (w for w in words if box.contains(*w.box.center))
    return sum(bool(split_tokens(w.text)) for w in inside) >= _MIN_ROW_NUMBERS


def _numbers(words: Sequence[PrintedWord], areas: Sequence[TableArea]) -> tuple[PrintedNumber, ...]:
    cells = [cell for area in areas for cell in area.cells]
    texts, others = split_boxes(words)
    numbers: list[PrintedNumber] = []
    for word in words:
        token = to_token(word.text)
        kind = kind_of(token)
        if kind is not None:
            in_area = is_inside(word.box, areas)
            alone = in_area and stands_alone(word.box, texts, others, cells)
            numbers.append(PrintedNumber(token, kind, word.box, in_area, alone))
    return tuple(numbers)
