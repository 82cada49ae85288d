"""Is the text layer of a page what a reader sees? Decides between reading it and OCR."""

from __future__ import annotations

import pymupdf

from lanci.document import PageKind
from lanci.page.pictures import read_pictures
from lanci.page.text import TextLayer

# A full-page scan covers the page but for its margins; a stamp or a logo covers a small part.
_SCAN_COVER = 0.5
_PICTURE_COVER = 0.25
_SPECK_COVER = 0.01
# Fewer visible characters than this on a page that is a picture are a stamp, a file number or a page number.
_FEW_CHARS = 60
# Text outlines: a page of curves with hardly any character is drawn text.
_MANY_PATHS = 300
_UNREADABLE_SHARE = 0.2
_FEW_OUTLINES = 60  # glyphs; fewer are bullets, arrows or a logo
_OUTLINE_SHARE = 0.5  # of the characters; with more outlines a part of the page's text is not in its text layer

TEXT_ONLY = "a large picture stands beside the text; only the text is read"
"""Remark on a page whose pictures show no table."""


def judge_text_layer(page: pymupdf.Page, layer: TextLayer, n_paths: int) -> tuple[PageKind, tuple[str, ...]]:
    """The page's kind and, where something is left out or the verdict is not plain, remarks for the user.

    ``scanned``: a picture fills the page and the visible text is negligible, hidden (an OCR layer of unknown
    quality) or has no Unicode values; or text is drawn as outlines. ``mixed``: text beside a large picture.
    """
    if layer.n_chars == 0:
        return _judge_without_text(_picture_cover(page, layer, look=True), n_paths)
    cover = _picture_cover(page, layer)
    reason = _reason_for_ocr(layer, cover)
    if reason is not None:
        return PageKind.SCANNED, (reason,) if reason else ()
    remarks = layer.remarks
    if layer.n_unreadable:
        remarks += (f"{layer.n_unreadable} characters have no Unicode value; the words that hold them are marked",)
    if cover >= _PICTURE_COVER:
        return PageKind.MIXED, (TEXT_ONLY, *remarks)
    return PageKind.DIGITAL, remarks


def _reason_for_ocr(layer: TextLayer, cover: float) -> str | None:
    """Why the text layer is not what the page shows; empty for a plain scan, None when it is."""
    if max(layer.n_unreadable / layer.n_chars, layer.n_unreadable_words / len(layer.words)) > _UNREADABLE_SHARE:
        return "the text layer has no usable characters; the page is read by OCR"
    if cover >= _SCAN_COVER and layer.n_chars < _FEW_CHARS:
        return ""
    if cover >= _SCAN_COVER and layer.n_hidden > layer.n_chars:
        return "the text layer is hidden under a picture; the page is read by OCR"
    if layer.n_outlines > max(_FEW_OUTLINES, _OUTLINE_SHARE * layer.n_chars):
        return "a part of the text is drawn as outlines; the page is read by OCR"
    return None


def _judge_without_text(cover: float, n_paths: int) -> tuple[PageKind, tuple[str, ...]]:
    if cover > _SPECK_COVER:
        return PageKind.SCANNED, ()
    if n_paths > _MANY_PATHS:
        return PageKind.SCANNED, ("text is drawn as outlines; the page is read by OCR",)
    return (PageKind.DIGITAL if n_paths else PageKind.BLANK), ()


def _picture_cover(page: pymupdf.Page, layer: TextLayer, *, look: bool = False) -> float:
    """The share of the page that pictures cover; a scan may be cut into strips.

    Args:
        page: the page.
        layer: what was read from it.
        look: look for pictures that are written into the page's content, which its list of pictures lacks.
    """
    pictures = read_pictures(page) if look and layer.pictures is None else layer.pictures
    if pictures is None:
        return 0.0
    area = float(abs(page.rect.width * page.rect.height)) or 1.0
    # Pictures lie in the frame before the page's rotation.
    frame = pymupdf.Rect(page.rect) * page.derotation_matrix
    covers = [float((pymupdf.Rect(place) & frame).get_area()) for place in pictures.images]
    return min(1.0, sum(cover for cover in covers if cover > _SPECK_COVER * area) / area)
