"""Is the text layer of a page what a reader sees? Decides between reading it and OCR."""

from __future__ import annotations

import pymupdf

from lanci.document import PageKind
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


def judge_text_layer(page: pymupdf.Page, layer: TextLayer, n_paths: int) -> tuple[PageKind, tuple[str, ...]]:
    """The page's kind and, where the verdict is not plain, a remark for the user.

    ``scanned``: a picture fills the page and the visible text is negligible, hidden (an OCR layer of unknown
    quality) or has no Unicode values; or text is drawn as outlines. ``mixed``: text beside a large picture.
    """
    cover = _picture_cover(page)
    if layer.n_chars == 0:
        return _judge_without_text(cover, n_paths)
    if layer.n_unreadable > _UNREADABLE_SHARE * layer.n_chars:
        return PageKind.SCANNED, ("the text layer has no usable characters; the page is read by OCR",)
    if cover >= _SCAN_COVER and layer.n_chars < _FEW_CHARS:
        return PageKind.SCANNED, ()
    if cover >= _SCAN_COVER and _hidden_share(page) > 0.5:
        return PageKind.SCANNED, ("the text layer is hidden under a picture; the page is read by OCR",)
    if cover >= _PICTURE_COVER:
        return PageKind.MIXED, ("a large picture stands beside the text; only the text is read",)
    return PageKind.DIGITAL, ()


def _judge_without_text(cover: float, n_paths: int) -> tuple[PageKind, tuple[str, ...]]:
    if cover > _SPECK_COVER:
        return PageKind.SCANNED, ()
    if n_paths > _MANY_PATHS:
        return PageKind.SCANNED, ("text is drawn as outlines; the page is read by OCR",)
    return (PageKind.DIGITAL if n_paths else PageKind.BLANK), ()


def _picture_cover(page: pymupdf.Page) -> float:
    """The share of the page that its largest picture covers."""
    if not page.get_images():
        return 0.0
    area = abs(page.rect.width * page.rect.height) or 1.0
    covers = [abs((pymupdf.Rect(info["bbox"]) & page.rect).get_area()) for info in page.get_image_info()]
    return max(covers, default=0.0) / area


def _hidden_share(page: pymupdf.Page) -> float:
    """The share of characters drawn in text rendering mode 3 (invisible)."""
    hidden = total = 0
    for span in page.get_texttrace():
        total += len(span["chars"])
        hidden += len(span["chars"]) if span["type"] == 3 else 0
    return hidden / total if total else 0.0
