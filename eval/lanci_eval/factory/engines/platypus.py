"""ReportLab's Platypus: paragraphs and tables laid out in Python."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import pymupdf

from lanci.errors import MissingProgramError
from lanci_eval.demo.blocks import Align, GridCell
from lanci_eval.demo.grid import PAD_X, PAD_Y
from lanci_eval.demo.typeset import LINE_PITCH
from lanci_eval.factory.engines.strokes import WIDTH, Stroke, cell_edges
from lanci_eval.factory.fonts import Typeface, find_typeface
from lanci_eval.factory.problems import FactoryError, PrintError
from lanci_eval.factory.records import Family, Passage, PassageKind, SheetPage, TablePart
from lanci_eval.factory.sheet import (
    CAPTION_PITCH,
    CHART_HEIGHT,
    HEADING_SCALE,
    MARGIN_X,
    MARGIN_Y,
    PROSE_PITCH,
    PROSE_SIZE,
    TABLE_GAP,
    TITLE_SCALE,
    CaptionRow,
    PrintedTable,
    frame_width,
    page_size,
    print_part,
)

if TYPE_CHECKING:
    from reportlab.platypus import Flowable, Paragraph, Table

_BOLD = "WenQuanYi Zen Hei"
"""These typefaces have no bold cut; titles and totals are set in a black face, as official documents do."""

_STRONG = 2.0  # times the usual width
_DOTS = (0.5, 1.2)  # on and off, points
_ALIGNMENTS = {Align.LEFT: 0, Align.CENTER: 1, Align.RIGHT: 2}


def check_installed() -> None:
    """See :meth:`lanci_eval.factory.engines.Engine.check_installed`."""
    try:
        import reportlab  # noqa: F401
    except ImportError as error:
        raise MissingProgramError(
            "the layout engine ReportLab is not installed: pip install 'lanci[factory]'"
        ) from error
    find_typeface(_BOLD)


def print_pages(pages: Sequence[SheetPage], family: Family, seed: int, folder: Path) -> bytes:
    """See :meth:`lanci_eval.factory.engines.Engine.print_pages`."""
    check_installed()
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate
    from reportlab.platypus.doctemplate import LayoutError

    faces = _Faces(family.font)
    target = BytesIO()
    document = BaseDocTemplate(target, invariant=1, pageCompression=1)
    templates = []
    for name, landscape in (("upright", False), ("wide", True)):
        width, height = page_size(landscape=landscape)
        frame = Frame(MARGIN_X, MARGIN_Y, width - 2 * MARGIN_X, height - 2 * MARGIN_Y, 0, 0, 0, 0)
        templates.append(PageTemplate(name, [frame], pagesize=(width, height)))
    # The first template is that of the first page.
    document.addPageTemplates(templates if not pages or not pages[0].landscape else templates[::-1])
    try:
        document.build(list(_flow(pages, family, faces)))
    except LayoutError as error:
        raise PrintError(f"ReportLab: a block is higher than its page ({str(error)[:120]})") from error
    return target.getvalue()


class _Faces:
    """The fonts of a document, registered under their own names."""

    def __init__(self, name: str) -> None:
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.ttfonts import TTFont

        self.plain, self.bold = find_typeface(name), find_typeface(_BOLD)
        for face in (self.plain, self.bold):
            if face.outlines != "truetype" or face.latin:
                raise FactoryError(f"ReportLab cannot print in {face.name}; give the family another typeface")
            if face.name not in pdfmetrics.getRegisteredFontNames():
                pdfmetrics.registerFont(TTFont(face.name, str(face.path), subfontIndex=face.number))
        self._glyphs = pymupdf.Font(fontfile=str(self.plain.path))

    def markup(self, text: str, *, bold: bool) -> str:
        """The text as a paragraph's source; characters that the face lacks are set in the black one."""
        if bold or all(self._glyphs.has_glyph(ord(char)) for char in text):
            return escape(text)
        pieces = (
            escape(char) if self._glyphs.has_glyph(ord(char)) else f'<font name="{_BOLD}">{escape(char)}</font>'
            for char in text
        )
        return "".join(pieces)

    def face(self, *, bold: bool) -> Typeface:
        return self.bold if bold else self.plain


def _flow(pages: Sequence[SheetPage], family: Family, faces: _Faces) -> Iterator[Flowable]:
    from reportlab.platypus import NextPageTemplate, PageBreak

    for index, page in enumerate(pages):
        if index:
            yield NextPageTemplate("wide" if page.landscape else "upright")
            yield PageBreak()
        for block in page.blocks:
            if isinstance(block, TablePart):
                yield from _part_to_flowables(print_part(block, family), family, faces, page)
            else:
                yield from _passage_to_flowables(block, faces)


def _paragraph(text: str, faces: _Faces, size: float, **options: float) -> Paragraph:
    """A paragraph; ``options``: bold, align (as ReportLab counts), pitch and indent in ems, first (line) in ems."""
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    bold = bool(options.get("bold", 0))
    style = ParagraphStyle(
        "text",
        fontName=faces.face(bold=bold).name,
        fontSize=size,
        leading=size * options.get("pitch", LINE_PITCH),
        alignment=int(options.get("align", 0)),
        leftIndent=size * options.get("indent", 0.0),
        firstLineIndent=size * options.get("first", 0.0),
        wordWrap="CJK",
    )
    return Paragraph(faces.markup(text, bold=bold), style)


def _passage_to_flowables(passage: Passage, faces: _Faces) -> Iterator[Flowable]:
    from reportlab.platypus import Spacer

    if passage.kind is PassageKind.CHART:
        yield Spacer(1, CHART_HEIGHT)
        yield _paragraph(passage.text, faces, PROSE_SIZE, pitch=PROSE_PITCH, align=1)
        return
    heading = passage.kind is PassageKind.HEADING
    size = PROSE_SIZE * HEADING_SCALE if heading else PROSE_SIZE
    first = 2.0 if passage.kind is PassageKind.PARAGRAPH else 0.0
    yield _paragraph(passage.text, faces, size, pitch=PROSE_PITCH, bold=heading, first=first)
    yield Spacer(1, 0.3 * size)


def _part_to_flowables(table: PrintedTable, family: Family, faces: _Faces, page: SheetPage) -> Iterator[Flowable]:
    from reportlab.platypus import Spacer

    width = frame_width(landscape=page.landscape)
    for row in table.captions:
        yield _caption(row, faces, table.size, width)
    yield _grid(table, family, faces)
    for note in table.notes:
        yield _paragraph(note, faces, table.size, pitch=CAPTION_PITCH)
    yield Spacer(1, TABLE_GAP)


def _caption(row: CaptionRow, faces: _Faces, size: float, width: float) -> Flowable:
    from reportlab.platypus import Table

    if row.is_title:
        return _paragraph(row.middle, faces, size * TITLE_SCALE, pitch=CAPTION_PITCH, bold=True, align=1)
    texts = ((row.left, 0), (row.middle, 1), (row.right, 2))
    if len(row.texts) == 1:
        text, align = next((text, align) for text, align in texts if text)
        return _paragraph(text, faces, size, pitch=CAPTION_PITCH, align=align)
    cells = [_paragraph(text, faces, size, pitch=CAPTION_PITCH, align=align) for text, align in texts if text]
    return Table([cells], [width / len(cells)] * len(cells), style=[(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in
                 ("LEFT", "RIGHT", "TOP", "BOTTOM")])  # fmt: skip


def _grid(table: PrintedTable, family: Family, faces: _Faces) -> Table:
    from reportlab.platypus import Table

    size = table.size
    content: list[list[Flowable | str]] = [[""] * len(table.widths) for _ in range(table.n_rows)]
    heights = [table.least_height] * table.n_rows
    for cell in sorted(table.cells, key=lambda cell: cell.row_span):
        if cell.text:
            paragraph = _paragraph(
                cell.text, faces, size, bold=cell.bold, align=_ALIGNMENTS[cell.align], indent=cell.indent
            )
            content[cell.row][cell.col] = paragraph
            width = sum(table.widths[cell.col : cell.col + cell.col_span]) - 2 * PAD_X * size
            needed = paragraph.wrap(width, 10_000)[1] + 2 * PAD_Y * size
            rows = range(cell.row, cell.row + cell.row_span)
            missing = needed - sum(heights[row] for row in rows)
            for row in rows:
                heights[row] += max(0.0, missing) / cell.row_span
    commands: list[tuple[object, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), PAD_X * size),
        ("RIGHTPADDING", (0, 0), (-1, -1), PAD_X * size),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
    ]
    for cell in table.cells:
        commands += _cell_commands(cell, table, family)
    return Table(content, table.widths, heights, style=commands, splitByRow=0)


def _cell_commands(cell: GridCell, table: PrintedTable, family: Family) -> Iterator[tuple[object, ...]]:
    start, stop = (cell.col, cell.row), (cell.col + cell.col_span - 1, cell.row + cell.row_span - 1)
    if start != stop:
        yield ("SPAN", start, stop)
    edges = cell_edges(cell, table, family)
    if edges.fill:
        yield ("BACKGROUND", start, stop, edges.fill)
    sides = (("LINEABOVE", edges.top), ("LINEAFTER", edges.right), ("LINEBELOW", edges.bottom))
    for name, stroke in (*sides, ("LINEBEFORE", edges.left)):
        if stroke is not None:
            yield (name, start, stop, *_line(stroke))


def _line(stroke: Stroke) -> tuple[object, ...]:
    width = WIDTH * _STRONG if stroke.strong else WIDTH
    return (width, stroke.color, "projecting", _DOTS if stroke.dotted else None)
