"""Stage ``page``: what one page shows, as words and rules of a text layer or as an upright picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lanci.document import IDENTITY, Image, PageEvidence, PageKind, Transform
from lanci.page.rules import read_drawings, turn_fills, turn_rules
from lanci.page.scan import is_blank, prepare_scan, scan_to_rules
from lanci.page.text import read_text_layer, turn_words
from lanci.page.trust import judge_text_layer
from lanci.source import SourcePage

__all__ = ["LineScore", "PageOptions", "read_page"]

LineScore = Callable[[Sequence[Image]], list[float]]
"""Rates pictures of text lines by how well they read; tells upright pages from those upside down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOptions:
    """How pages are read.

    Attributes:
        dpi: resolution at which scanned pages are rendered for OCR; 200 suits text of 9 points and more.
        force_ocr: read every page by OCR, whatever its text layer says.
    """

    dpi: float = 200.0
    force_ocr: bool = False


def read_page(page: SourcePage, options: PageOptions, line_score: LineScore | None = None) -> PageEvidence:
    """Read one page; a raster is made only when OCR will need it.

    Args:
        page: the page of an open source.
        options: see :class:`PageOptions`.
        line_score: rates line pictures, to tell a page from itself upside down; without it, pages are taken to
            stand as displayed or to lie on one side.
    """
    paths = page.pdf.get_cdrawings(extended=True)
    drawings = read_drawings(page.pdf, paths)
    layer = read_text_layer(page.pdf, paths)
    kind, remarks = judge_text_layer(page.pdf, layer, drawings.n_paths)
    if kind is PageKind.SCANNED or options.force_ocr:
        return _read_scan(page, options, line_score, remarks)
    turn, to_page = _upright(layer.direction, page.width, page.height)
    return PageEvidence(
        number=page.number,
        width=page.width,
        height=page.height,
        rotation=page.rotation,
        kind=kind,
        words=turn_words(layer.words, turn) if turn != IDENTITY else layer.words,
        rules=turn_rules(drawings.rules, turn),
        fills=turn_fills(drawings.fills, turn),
        to_page=to_page,
        remarks=remarks,
    )


def _upright(direction: tuple[int, int], width: float, height: float) -> tuple[Transform, Transform]:
    """The maps from the displayed page to the upright working frame, and back."""
    if direction == (0, -1):  # text runs upwards
        return Transform(0, 1, -1, 0, height, 0), Transform(0, -1, 1, 0, 0, height)
    if direction == (0, 1):  # text runs downwards
        return Transform(0, -1, 1, 0, 0, width), Transform(0, 1, -1, 0, width, 0)
    if direction == (-1, 0):  # upside down
        return Transform(-1, 0, 0, -1, width, height), Transform(-1, 0, 0, -1, width, height)
    return IDENTITY, IDENTITY


def _read_scan(
    page: SourcePage, options: PageOptions, line_score: LineScore | None, remarks: tuple[str, ...]
) -> PageEvidence:
    image, dpi = page.render(options.dpi)
    if is_blank(image):
        return PageEvidence(page.number, page.width, page.height, page.rotation, PageKind.BLANK)
    prepared = prepare_scan(image, dpi, line_score)
    return PageEvidence(
        number=page.number,
        width=page.width,
        height=page.height,
        rotation=page.rotation,
        kind=PageKind.SCANNED,
        rules=scan_to_rules(prepared.raster),
        raster=prepared.raster,
        to_page=prepared.to_page,
        remarks=remarks + tuple(page.remarks) + prepared.remarks,
    )
