"""Pages as a word-processor file (Office Open XML), one section for each page."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from xml.sax.saxutils import escape

from lanci_eval.demo.blocks import Align, GridCell
from lanci_eval.demo.grid import PAD_X, PAD_Y
from lanci_eval.demo.typeset import LINE_PITCH
from lanci_eval.factory.engines.strokes import WIDTH, Stroke, cell_edges
from lanci_eval.factory.fonts import find_typeface
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

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_LINKS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_RELATIONS}/officeDocument" Target="word/document.xml"/></Relationships>'
)
_DATE = (2020, 1, 1, 0, 0, 0)  # zip archives name a time for every member
_JUSTIFY = {Align.LEFT: "left", Align.CENTER: "center", Align.RIGHT: "right"}


def pages_to_docx(pages: Sequence[SheetPage], family: Family) -> bytes:
    """The bytes of the file; raises MissingProgramError when the family's typeface is not installed."""
    writer = _Writer(family)
    body: list[str] = []
    for index, page in enumerate(pages):
        body += writer.blocks(page)
        section = _section(landscape=page.landscape)
        # The last section's properties stand in the body itself.
        body.append(section if index == len(pages) - 1 else _paragraph(f"<w:pPr>{_line(1.0)}{section}</w:pPr>"))
    document = f'<w:document xmlns:w="{_MAIN}"><w:body>{"".join(body)}</w:body></w:document>'
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (("[Content_Types].xml", _TYPES), ("_rels/.rels", _LINKS), ("word/document.xml", document)):
            declared = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{text}'
            archive.writestr(zipfile.ZipInfo(name, _DATE), declared, zipfile.ZIP_DEFLATED)
    return target.getvalue()


class _Writer:
    """Blocks to XML in the typeface of a family."""

    def __init__(self, family: Family) -> None:
        face = find_typeface(family.font)
        latin, chinese = face.latin or face.name, face.name
        self._family = family
        self._fonts = f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:cs="{latin}" w:eastAsia="{chinese}"/>'

    def blocks(self, page: SheetPage) -> Iterator[str]:
        """Everything on a page."""
        for block in page.blocks:
            if isinstance(block, TablePart):
                yield from self._part(print_part(block, self._family), frame_width(landscape=page.landscape))
            else:
                yield from self._passage(block)

    def _passage(self, passage: Passage) -> Iterator[str]:
        if passage.kind is PassageKind.CHART:
            yield _paragraph(f"<w:pPr>{_line(CHART_HEIGHT)}</w:pPr>")
        heading = passage.kind is PassageKind.HEADING
        size = PROSE_SIZE * HEADING_SCALE if heading else PROSE_SIZE
        first = 2 * size if passage.kind is PassageKind.PARAGRAPH else 0.0
        align = Align.CENTER if passage.kind is PassageKind.CHART else Align.LEFT
        properties = _line(size * PROSE_PITCH, after=0.3 * size) + f'<w:ind w:firstLine="{_twips(first)}"/>'
        yield self._text(passage.text, size, properties, align, bold=heading)

    def _part(self, table: PrintedTable, width: float) -> Iterator[str]:
        for row in table.captions:
            yield self._caption(row, table.size, width)
        yield self._table(table)
        for note in table.notes:
            yield self._text(note, table.size, _line(table.size * CAPTION_PITCH), Align.LEFT)
        yield _paragraph(f"<w:pPr>{_line(TABLE_GAP)}</w:pPr>")

    def _caption(self, row: CaptionRow, size: float, width: float) -> str:
        if row.is_title:
            size *= TITLE_SCALE
            return self._text(row.middle, size, _line(size * CAPTION_PITCH), Align.CENTER, bold=True)
        stops = "".join(
            f'<w:tab w:val="{kind}" w:pos="{_twips(place)}"/>'
            for kind, place in (("center", width / 2), ("right", width))
        )
        properties = f"<w:tabs>{stops}</w:tabs>" + _line(size * CAPTION_PITCH)
        runs = self._run(row.left, size)
        if row.middle or row.right:
            runs += "<w:r><w:tab/></w:r>" + self._run(row.middle, size)
        if row.right:
            runs += "<w:r><w:tab/></w:r>" + self._run(row.right, size)
        return _paragraph(f"<w:pPr>{properties}</w:pPr>{runs}")

    def _text(self, text: str, size: float, properties: str, align: Align, *, bold: bool = False) -> str:
        justify = f'<w:jc w:val="{_JUSTIFY[align]}"/>'
        return _paragraph(f"<w:pPr>{properties}{justify}</w:pPr>{self._run(text, size, bold=bold)}")

    def _run(self, text: str, size: float, *, bold: bool = False) -> str:
        if not text:
            return ""
        half_points = round(size * 2)
        properties = f'{self._fonts}{"<w:b/>" if bold else ""}<w:sz w:val="{half_points}"/>'
        return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'

    def _table(self, table: PrintedTable) -> str:
        pad_x, pad_y = _twips(PAD_X * table.size), _twips(PAD_Y * table.size)
        margins = (("top", pad_y), ("left", pad_x), ("bottom", pad_y), ("right", pad_x))
        sides = "".join(f'<w:{side} w:w="{pad}" w:type="dxa"/>' for side, pad in margins)
        properties = (
            f'<w:tblW w:w="{sum(_twips(w) for w in table.widths)}" w:type="dxa"/><w:tblInd w:w="0" w:type="dxa"/>'
            f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{sides}</w:tblCellMar>'
        )
        grid = "".join(f'<w:gridCol w:w="{_twips(width)}"/>' for width in table.widths)
        rows = "".join(self._row(table, row) for row in range(table.n_rows))
        return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"

    def _row(self, table: PrintedTable, row: int) -> str:
        cells = sorted((c for c in table.cells if c.row <= row < c.row + c.row_span), key=lambda c: c.col)
        height = f'<w:trHeight w:val="{_twips(table.least_height)}" w:hRule="atLeast"/>'
        return f"<w:tr><w:trPr>{height}</w:trPr>{''.join(self._cell(c, table, row) for c in cells)}</w:tr>"

    def _cell(self, cell: GridCell, table: PrintedTable, row: int) -> str:
        edges = cell_edges(cell, table, self._family)
        width = _twips(sum(table.widths[cell.col : cell.col + cell.col_span]))
        starts = row == cell.row
        properties = f'<w:tcW w:w="{width}" w:type="dxa"/><w:gridSpan w:val="{cell.col_span}"/>'
        if cell.row_span > 1:
            properties += f'<w:vMerge w:val="{"restart" if starts else "continue"}"/>'
        sides = (("top", edges.top), ("left", edges.left), ("bottom", edges.bottom), ("right", edges.right))
        properties += "<w:tcBorders>" + "".join(_border(name, stroke) for name, stroke in sides) + "</w:tcBorders>"
        if edges.fill:
            properties += f'<w:shd w:val="clear" w:color="auto" w:fill="{edges.fill[1:]}"/>'
        properties += '<w:vAlign w:val="center"/>'
        line = _line(table.size * LINE_PITCH) + f'<w:ind w:left="{_twips(cell.indent * table.size)}"/>'
        text = self._text(cell.text if starts else "", table.size, line, cell.align, bold=cell.bold)
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{text}</w:tc>"


def _paragraph(content: str) -> str:
    return f"<w:p>{content}</w:p>"


def _line(height: float, after: float = 0.0) -> str:
    """Lines of exactly this height in points."""
    return f'<w:spacing w:before="0" w:after="{_twips(after)}" w:line="{_twips(height)}" w:lineRule="exact"/>'


def _border(name: str, stroke: Stroke | None) -> str:
    if stroke is None:
        return f'<w:{name} w:val="nil"/>'
    kind = "dotted" if stroke.dotted else "single"
    return f'<w:{name} w:val="{kind}" w:sz="{round(WIDTH * 8)}" w:space="0" w:color="{stroke.color[1:]}"/>'


def _section(*, landscape: bool) -> str:
    width, height = page_size(landscape=landscape)
    turned = ' w:orient="landscape"' if landscape else ""
    x, y = _twips(MARGIN_X), _twips(MARGIN_Y)
    return (
        f'<w:sectPr><w:type w:val="nextPage"/><w:pgSz w:w="{_twips(width)}" w:h="{_twips(height)}"{turned}/>'
        f'<w:pgMar w:top="{y}" w:right="{x}" w:bottom="{y}" w:left="{x}" w:header="0" w:footer="0" w:gutter="0"/>'
        "</w:sectPr>"
    )


def _twips(points: float) -> int:
    return round(points * 20)
