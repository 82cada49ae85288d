"""What is put on printed pages afterwards, the same way for all engines.

Charts, page numbers, a running head, a watermark and a seal are drawn over the engine's print; then the pages are
turned. Nothing moves, so that places found before hold.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pymupdf

from lanci.document import Box
from lanci.numbers import looks_numeric
from lanci.text import squash
from lanci_eval.factory.charts import draw_chart
from lanci_eval.factory.problems import PrintError
from lanci_eval.factory.records import Content, Family, Passage, PassageKind, SheetPage, Watermark
from lanci_eval.factory.sheet import CHART_HEIGHT, CHART_WIDTH, MARGIN_X
from lanci_eval.scanning import pdf_to_bytes
from lanci_eval.scanning.seal import DIAMETER, seal_cover

_FONT, _FONT_LABEL = "china-s", "Fz"
_FOOT, _HEAD = 28.0, 36.0
_SMALL = 9.0
_SEAL_DPI = 150
_SEAL_COLOR = (228, 48, 44)  # RGB
_SEAL_INK = 0.75
_SEALED_SHARE = 0.4
"""Of the pages of a sealed family, how many carry the seal."""

_CHART_GAP = 8.0


def finish_pages(pdf: bytes, pages: Sequence[SheetPage], content: Content, family: Family, seed: int) -> bytes:
    """The final document; the same arguments give the same bytes."""
    with pymupdf.open(stream=pdf, filetype="pdf") as source:
        document = _upright_copy(source)
        rng = np.random.default_rng(seed)
        sealed = _choose_sealed(len(pages), rng) if family.sealed else set[int]()
        drawn = False
        for page, sheet in zip(document, pages, strict=True):
            _draw_charts(page, sheet, rng)
            if family.watermark:
                _draw_watermark(page, family.watermark, seed)
            if family.style.running_head:
                _draw_head(page, content.name)
            if family.style.page_number:
                _draw_number(page, family.style.page_number.format(sheet.number))
            if sheet.number in sealed:
                _stamp(page, rng)
            drawn = drawn or family.watermark is not None or family.style.running_head
        if drawn:
            document.subset_fonts()
        if family.rotate:
            document = _turn(document, family.rotate)
        document.set_metadata({})
        return pdf_to_bytes(document)


def _upright_copy(source: pymupdf.Document) -> pymupdf.Document:
    """A copy without what engines say of themselves and of the time."""
    copy = pymupdf.open()
    copy.insert_pdf(source, links=False, annots=False, widgets=False)
    for page in copy:
        page.wrap_contents()
    return copy


def _choose_sealed(count: int, rng: np.random.Generator) -> set[int]:
    number = max(1, round(count * _SEALED_SHARE))
    return {int(index) + 1 for index in rng.permutation(count)[:number]}


def _draw_charts(page: pymupdf.Page, sheet: SheetPage, rng: np.random.Generator) -> None:
    for block in sheet.blocks:
        if isinstance(block, Passage) and block.kind is PassageKind.CHART:
            middle, y1 = page.rect.width / 2, _line_top(page, block.text) - _CHART_GAP
            top = y1 - CHART_HEIGHT + 2 * _CHART_GAP
            draw_chart(page, Box(middle - CHART_WIDTH / 2, top, middle + CHART_WIDTH / 2, y1), rng)


def _line_top(page: pymupdf.Page, text: str) -> float:
    """The upper edge of the line that begins with the caption of a chart; engines space its words differently."""
    wanted = squash(text)
    lines: dict[int, list[tuple[float, float, str]]] = {}
    for x0, y0, _, y1, word, *_ in page.get_text("words"):
        lines.setdefault(round((y0 + y1) / 2), []).append((x0, y0, word))
    for level in sorted(lines):
        found = squash("".join(word for _, _, word in sorted(lines[level])))
        if found and (wanted.startswith(found) or found.startswith(wanted)) and len(found) > 1:
            return min(y0 for _, y0, _ in lines[level])
    raise PrintError(f"the caption of a chart is not on its page: {text}")


def _draw_number(page: pymupdf.Page, text: str) -> None:
    x = (page.rect.width - pymupdf.get_text_length(text, fontname="tiro", fontsize=_SMALL)) / 2
    page.insert_text((x, page.rect.height - _FOOT), text, fontname="tiro", fontsize=_SMALL)


def _draw_head(page: pymupdf.Page, text: str) -> None:
    page.insert_font(fontname=_FONT_LABEL, fontbuffer=pymupdf.Font(_FONT).buffer)
    page.insert_text((MARGIN_X, _HEAD), text, fontname=_FONT_LABEL, fontsize=_SMALL)
    page.draw_line((MARGIN_X, _HEAD + 4), (page.rect.width - MARGIN_X, _HEAD + 4), width=0.5)


def _draw_watermark(page: pymupdf.Page, mark: Watermark, seed: int) -> None:
    """Under the print, as word processors put it."""
    text = mark.texts[seed % len(mark.texts)]
    page.insert_font(fontname=_FONT_LABEL, fontbuffer=pymupdf.Font(_FONT).buffer)
    for across, down in mark.places:
        middle = pymupdf.Point(page.rect.width * across, page.rect.height * down)
        start = pymupdf.Point(middle.x - mark.size * len(text) / 2, middle.y)
        page.insert_text(
            start,
            text,
            fontname=_FONT_LABEL,
            fontsize=mark.size,
            color=mark.color,
            morph=(middle, pymupdf.Matrix(mark.turn)),
            overlay=False,
        )


def _stamp(page: pymupdf.Page, rng: np.random.Generator) -> None:
    """A seal over one of the page's numbers, or where circulars are signed."""
    numbers = [word for word in page.get_text("words") if looks_numeric(word[4]) and "." in word[4]]
    place = rng.random(2)
    if numbers:
        word = numbers[int(place[0] * len(numbers))]
        x, y = (word[0] + word[2]) / 2, (word[1] + word[3]) / 2
    else:
        x, y = page.rect.width * (0.7 + 0.1 * place[0]), page.rect.height * (0.75 + 0.1 * place[1])
    half = DIAMETER / 2
    x = min(max(x, half), page.rect.width - half)
    y = min(max(y, half), page.rect.height - half)
    page.insert_image(pymupdf.Rect(x - half, y - half, x + half, y + half), stream=_seal_png())


def _seal_png() -> bytes:
    cover = seal_cover(_SEAL_DPI)
    picture = np.empty((*cover.shape, 4), dtype=np.uint8)
    picture[:, :, :3] = _SEAL_COLOR[::-1]
    picture[:, :, 3] = np.rint(cover * 255 * _SEAL_INK)
    done, data = cv2.imencode(".png", picture)
    if not done:
        raise PrintError("OpenCV cannot write PNG pictures; install opencv-python-headless anew")
    return bytes(data.tobytes())


def _turn(document: pymupdf.Document, degrees: int) -> pymupdf.Document:
    """The same pages as displayed, written turned and with a /Rotate entry that turns them back."""
    turned = pymupdf.open()
    for page in document:
        width, height = page.rect.width, page.rect.height
        if degrees in {90, 270}:
            width, height = height, width
        target = turned.new_page(width=width, height=height)
        target.show_pdf_page(target.rect, document, page.number, rotate=degrees)
        target.set_rotation(degrees)
    document.close()
    return turned
