"""Stage ``page``: what one page shows, as words and rules of a text layer or as an upright picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pymupdf

from lanci.document import IDENTITY, Box, Image, PageEvidence, PageKind, Transform
from lanci.page.inlaid import may_show_table, picture_places, read_patch, read_picture
from lanci.page.rules import read_drawings, turn_fills, turn_rules
from lanci.page.scan import prepare_scan
from lanci.page.scan_render import render_scan
from lanci.page.scan_rules import scan_to_rules
from lanci.page.scan_strokes import is_drawing, without_rules
from lanci.page.text import TextLayer, read_text_layer, turn_words
from lanci.page.trust import TEXT_ONLY, judge_text_layer
from lanci.source import SourcePage

__all__ = [
    "TEXT_ONLY",
    "LineScore",
    "PageOptions",
    "is_drawing",
    "may_show_table",
    "read_page",
    "read_patch",
    "read_picture",
    "without_rules",
]

LineScore = Callable[[Sequence[Image]], list[float]]
"""Rates pictures of text lines by how well they read; tells upright pages from those upside down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOptions:
    """How pages are read.

    Attributes:
        dpi: resolution at which scanned pages are read; finer scans are reduced to it, and coarser ones enlarged
            only below 150. On 150 to 300 no setting read better than 200.
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
        return _read_scan(page, options, line_score, remarks, painted=bool(paths))
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
        pictures=_pictures(page, layer, turn),
        to_page=to_page,
        remarks=remarks,
    )


def _pictures(page: SourcePage, layer: TextLayer, turn: Transform) -> tuple[Box, ...]:
    """The places of the page's pictures in its working frame."""
    if layer.pictures is None:
        return ()
    matrix = page.pdf.rotation_matrix  # they are given as they lie before the page's rotation
    shown = [tuple(pymupdf.Rect(place) * matrix) for place in layer.pictures.images] if page.rotation else None
    return tuple(turn.box(place) for place in picture_places(shown or layer.pictures.images))


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
    page: SourcePage, options: PageOptions, line_score: LineScore | None, remarks: tuple[str, ...], *, painted: bool
) -> PageEvidence:
    image, dpi = render_scan(page, options.dpi, painted=painted)
    prepared = prepare_scan(image, dpi, line_score)
    if prepared is None:
        return PageEvidence(page.number, page.width, page.height, page.rotation, PageKind.BLANK)
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
