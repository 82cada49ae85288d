"""Each page as a picture with its tables, cells, roles and findings drawn over it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pymupdf

from lanci.document import Box, Document
from lanci.errors import OutputError, UnsupportedInputError
from lanci.show.marks import CellMark, FindingMark, PageMarks, TableMark, page_to_marks
from lanci.show.panel import PanelLine, lines_to_height, marks_to_lines
from lanci.show.style import (
    FONT,
    HATCH_STEP,
    HEADER_TINT,
    INK,
    LABEL_SIZE,
    LINE_HEIGHT,
    PANEL_MARGIN,
    PANEL_WIDTH,
    REVIEW_COLOR,
    ROLE_COLORS,
    SEVERITY_COLORS,
    TABLE_COLOR,
    TEXT_SIZE,
    WHITE,
    Color,
)
from lanci.source import SourceOptions, SourcePage, open_source
from lanci.store import read_document


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowOptions:
    """How pages are drawn.

    Attributes:
        dpi: resolution of the pictures.
        pages: numbers of the pages to draw, from 1; all that were parsed when None.
        password: opens an encrypted source.
    """

    dpi: int = 110
    pages: tuple[int, ...] | None = None
    password: str | None = None


def show_document(doc_dir: Path, source: Path, out: Path, options: ShowOptions | None = None) -> list[Path]:
    """Draw a parsed document as ``page-001.png`` and so on.

    Args:
        doc_dir: the folder that ``lanci parse`` wrote.
        source: the file it was parsed from.
        out: folder of the pictures; made when missing.
        options: see :class:`ShowOptions`.

    Returns:
        The pictures' paths in page order.

    Raises:
        UnsupportedInputError: a page asked for was not parsed, or a file is not what it should be.
        OutputError: a picture cannot be written.
        LanciError: the source cannot be opened any more.
    """
    options = options or ShowOptions()
    document = read_document(doc_dir)
    numbers = _page_numbers(document, options, doc_dir)
    paths = []
    with open_source(source, SourceOptions(password=options.password)) as opened:
        for number in numbers:
            picture = _draw_page(document, opened.page(number), options.dpi)
            path = out / f"page-{number:03d}.png"
            _write_picture(picture, path)
            paths.append(path)
    return paths


def _page_numbers(document: Document, options: ShowOptions, doc_dir: Path) -> tuple[int, ...]:
    parsed = tuple(page.number for page in document.pages)
    missing = sorted(set(options.pages or ()) - set(parsed))
    if missing:
        raise UnsupportedInputError(
            f"page {missing[0]} of {document.source.name} was not parsed: {doc_dir} holds {len(parsed)} pages"
            + (f" from {parsed[0]} to {parsed[-1]}" if parsed else "")
        )
    return parsed if options.pages is None else options.pages


def _draw_page(document: Document, page: SourcePage, dpi: int) -> bytes:
    """The picture as PNG bytes."""
    marks = page_to_marks(document, page.number)
    font = pymupdf.Font(FONT)
    heading = f"{document.source.name}, page {page.number}"
    lines = marks_to_lines(marks, heading, lambda text: float(font.text_length(text, fontsize=TEXT_SIZE)))
    image, _ = page.render(dpi)
    with pymupdf.open() as canvas:
        size = (page.width + PANEL_WIDTH, max(page.height, lines_to_height(lines)))
        sheet = canvas.new_page(width=size[0], height=size[1])
        pixmap = pymupdf.Pixmap(pymupdf.csRGB, image.shape[1], image.shape[0], image.tobytes(), False)
        sheet.insert_image((0, 0, page.width, page.height), pixmap=pixmap)
        _draw_marks(sheet, marks)
        _draw_panel(sheet, lines, page.width, font)
        png: bytes = sheet.get_pixmap(dpi=dpi, alpha=False).tobytes("png")
    return png


def _draw_marks(sheet: Any, marks: PageMarks) -> None:
    for cell in marks.cells:
        _draw_cell(sheet, cell)
    for table in marks.tables:
        _draw_table(sheet, table)
    _draw_findings(sheet, marks.findings)


def _draw_cell(sheet: Any, cell: CellMark) -> None:
    color = ROLE_COLORS[cell.role]
    inner = _rect(cell.box.grow(-0.6))
    if cell.header:
        sheet.draw_rect(inner, color=color, width=0.8, fill=color, fill_opacity=HEADER_TINT)
    else:
        sheet.draw_rect(inner, color=color, width=0.5)
    if cell.needs_review:
        shape = sheet.new_shape()
        shape.draw_rect(_rect(cell.box.grow(-1.2)))
        for start, end in box_to_hatching(cell.box.grow(-1.2), HATCH_STEP):
            shape.draw_line(start, end)
        shape.finish(color=REVIEW_COLOR, width=0.6, stroke_opacity=0.6)
        shape.commit()


def _draw_table(sheet: Any, table: TableMark) -> None:
    sheet.draw_rect(_rect(table.box.grow(1.5)), color=TABLE_COLOR, width=1.4)
    _draw_label(sheet, table.label, table.box.x0, table.box.y0 - 2.5, TABLE_COLOR)


def _draw_findings(sheet: Any, marks: tuple[FindingMark, ...]) -> None:
    """Frame each cell once, in the colour of the worst of its findings, with all their numbers."""
    by_box: dict[Box, list[FindingMark]] = {}
    for mark in marks:
        for box in dict.fromkeys(mark.boxes):
            by_box.setdefault(box, []).append(mark)
    for box, found in by_box.items():
        worst = next(s for s in SEVERITY_COLORS if any(mark.finding.severity is s for mark in found))
        color = SEVERITY_COLORS[worst]
        sheet.draw_rect(_rect(box), color=color, width=1.6)
        numbers = ",".join(str(mark.number) for mark in found)
        _draw_label(sheet, numbers, box.x0, box.y0 + LABEL_SIZE - 2, color)


def _draw_label(sheet: Any, text: str, x: float, baseline: float, color: Color) -> None:
    """White text on a coloured ground; the ground's lower edge is just under ``baseline``."""
    baseline = max(baseline, LABEL_SIZE + 1)
    width = pymupdf.get_text_length(text, fontname="helv", fontsize=LABEL_SIZE)
    ground = (x, baseline - LABEL_SIZE, x + width + 3, baseline + 2)
    sheet.draw_rect(ground, color=color, fill=color, width=0.2)
    sheet.insert_text((x + 1.5, baseline), text, fontname="helv", fontsize=LABEL_SIZE, color=WHITE)


def _draw_panel(sheet: Any, lines: list[PanelLine], left: float, font: Any) -> None:
    ground = (left, 0, left + PANEL_WIDTH, sheet.rect.height)
    sheet.draw_rect(ground, color=None, fill=(0.97, 0.97, 0.97))
    sheet.draw_line((left, 0), (left, sheet.rect.height), color=INK, width=0.5)
    writers: dict[Color, Any] = {}
    baseline = PANEL_MARGIN
    for line in lines:
        baseline += LINE_HEIGHT
        x = left + PANEL_MARGIN
        if line.swatch is not None:
            swatch = (x, baseline - 7, x + 11, baseline + 1)
            sheet.draw_rect(swatch, color=line.swatch, fill=line.swatch, width=0.5, fill_opacity=0.4)
        if line.text:
            writer = writers.setdefault(line.color, pymupdf.TextWriter(sheet.rect))
            writer.append((x + line.indent, baseline), line.text, font=font, fontsize=TEXT_SIZE)
    for color, writer in writers.items():
        writer.write_text(sheet, color=color)


def box_to_hatching(box: Box, step: float) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Lines at 45° that fill a box, ``step`` points apart along its edges, cut at its edges."""
    lines = []
    for count in range(1, int((box.width + box.height) / step) + 1):
        reach = count * step  # the line x - x0 + y - y0 = reach
        if reach >= box.width + box.height:
            break
        start = (box.x0 + min(reach, box.width), box.y0 + max(0.0, reach - box.width))
        end = (box.x0 + max(0.0, reach - box.height), box.y0 + min(reach, box.height))
        lines.append((start, end))
    return lines


def _rect(box: Box) -> tuple[float, float, float, float]:
    """A drawable rectangle; a box thinner than its margin keeps a little extent."""
    return box.x0, box.y0, max(box.x1, box.x0 + 0.1), max(box.y1, box.y0 + 0.1)


def _write_picture(png: bytes, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.tmp")
        temporary.write_bytes(png)
        os.replace(temporary, path)  # noqa: PTH105 (says that an older picture is replaced)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}; choose another folder") from error
