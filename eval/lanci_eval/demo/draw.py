"""Placed pages to PDF bytes, the same bytes every time."""

from __future__ import annotations

from collections.abc import Iterable

import pymupdf

from lanci_eval.demo.blocks import PlacedPage
from lanci_eval.demo.typeset import load_font
from lanci_eval.scanning import pdf_to_bytes

_FONT_LABEL = "F0"
_FILL = 0
_FILL_AND_STROKE = 2
_BOLD_STROKE = 0.03  # of the type size; the font has no bold cut, so it is thickened as word processors do
_PROJECTING_CAP = 2


def draw_pages(pages: Iterable[PlacedPage]) -> bytes:
    """Write the pages as one PDF with its font embedded and cut down to the characters used."""
    document = pymupdf.open()
    for page in pages:
        _draw_page(document.new_page(width=page.width, height=page.height), page)
    document.subset_fonts()
    return pdf_to_bytes(document)


def _draw_page(target: pymupdf.Page, page: PlacedPage) -> None:
    target.insert_font(fontname=_FONT_LABEL, fontbuffer=load_font().buffer)
    shape = target.new_shape()
    for rule in page.rules:
        shape.draw_line((rule.x0, rule.y0), (rule.x1, rule.y1))
    if page.rules:
        shape.finish(width=page.rule_width, color=(0, 0, 0), lineCap=_PROJECTING_CAP, closePath=False)
    for text in page.texts:
        shape.insert_text(
            (text.x, text.y),
            text.text,
            fontname=_FONT_LABEL,
            fontsize=text.size,
            render_mode=_FILL_AND_STROKE if text.bold else _FILL,
            border_width=_BOLD_STROKE,
        )
    shape.commit()
