"""What an annotation claims, drawn beside the page.

The page has all boxes; the same boxes beside it hold the texts, row and column numbers of the annotation.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pymupdf

from lanci.annotation.records import NO_BOX, AnnotatedDocument, AnnotatedFragment, AnnotatedTable
from lanci.document import Box, Cell, Image
from lanci.errors import OutputError, UnsupportedInputError
from lanci.show.panel import wrap
from lanci.show.style import FONT, HEADER_TINT, INK, REVIEW_COLOR, ROLE_COLORS, TABLE_COLOR, Color
from lanci.source import SourcePage, open_source

_DPI = 110
_SIZES = (8.0, 7.0, 6.0, 5.0, 4.2, 3.5, 2.8)
_LABEL = 6.0
_LEADING = 1.15
_ROOM = 22.0
"""Points above a table for its id and column numbers."""
_PER_ROW, _THUMB = 6, 210.0
_LINE = 10.0
_GREY: Color = (0.45, 0.45, 0.45)

Place = tuple[str, int, int]
"""Table id, row and column of a cell."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A printed cell in the numbers of its table; rows of a header printed again are named apart."""

    cell: Cell
    label: str
    header: bool
    doubtful: bool


@dataclass(frozen=True, slots=True)
class _Part:
    """The part of a table on a page."""

    annotated: AnnotatedTable
    fragment: AnnotatedFragment
    cells: tuple[_Drawn, ...]


def draw_annotation(
    document: AnnotatedDocument,
    source: Path,
    out: Path,
    *,
    pages: Sequence[int] | None = None,
    doubtful: Collection[Place] = (),
) -> list[Path]:
    """Draw pages of an annotated document as ``page-001.png`` and so on.

    Upright pages stand left of what the annotation says, wide ones above it.

    Args:
        document: the annotation.
        source: the file that it is of.
        out: folder of the pictures; made when missing.
        pages: numbers from 1; those with tables when None.
        doubtful: cells to mark.

    Returns:
        The pictures' paths in page order.

    Raises:
        UnsupportedInputError: the source has no such page, or is no document.
        OutputError: a picture cannot be written.
    """
    shown = sorted({part.page for t in document.tables for part in t.fragments}) if pages is None else sorted(pages)
    paths = []
    with open_source(source) as opened:
        beyond = [number for number in shown if not 1 <= number <= opened.n_pages]
        if beyond:
            raise UnsupportedInputError(f"{source.name} has {opened.n_pages} pages, no page {beyond[0]}")
        for number in shown:
            path = out / f"page-{number:03d}.png"
            _write_file(_draw_page(document, opened.page(number), doubtful), path)
            paths.append(path)
    return paths


def draw_contact_sheet(source: Path, pages: Sequence[int], path: Path) -> None:
    """Draw pages small on one picture, six in a row; no picture when there are none.

    Raises LanciError as :func:`draw_annotation` does.
    """
    if not pages:
        return
    rows = -(-len(pages) // _PER_ROW)
    with open_source(source) as opened, pymupdf.open() as canvas:
        sheet = canvas.new_page(width=_PER_ROW * _THUMB, height=rows * _THUMB)
        for index, number in enumerate(pages):
            page = opened.page(number)
            x, y = (index % _PER_ROW) * _THUMB, (index // _PER_ROW) * _THUMB
            scale = (_THUMB - 12) / max(page.width, page.height)
            image, _ = page.render(max(20.0, 2 * 72 * scale))
            frame = (x + 4, y + 10, x + 4 + page.width * scale, y + 10 + page.height * scale)
            sheet.insert_image(frame, pixmap=_to_pixmap(image))
            sheet.draw_rect(frame, color=_GREY, width=0.5)
            sheet.insert_text((x + 4, y + 8), str(number), fontsize=8, color=TABLE_COLOR)
        _write_file(sheet.get_pixmap(dpi=_DPI, alpha=False).tobytes("png"), path)


def _to_pixmap(image: Image) -> Any:
    return pymupdf.Pixmap(pymupdf.csRGB, image.shape[1], image.shape[0], image.tobytes(), False)


def _write_file(png: bytes, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}; choose another folder") from error


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet with the page at its top left and what the annotation says moved by ``dx``, ``dy``."""

    canvas: Any
    writer: Any
    font: Any
    dx: float
    dy: float


def _draw_page(document: AnnotatedDocument, page: SourcePage, doubtful: Collection[Place]) -> bytes:
    parts = list(_parts(document, page.number, doubtful))
    lines = [line for part in parts for line in _about(part)] or ["no table on this page"]
    boxes = [part.fragment.box for part in parts if part.fragment.box != NO_BOX]
    beside = page.height >= page.width
    # What the annotation says needs only the height of the tables, with their numbers.
    top, bottom = (min(b.y0 for b in boxes) - _ROOM, max(b.y1 for b in boxes)) if boxes else (0.0, page.height)
    dx, dy = (page.width, 0.0) if beside else (0.0, page.height - top)
    width, height = page.width + dx, page.height if beside else bottom + dy + _LINE
    image, _ = page.render(_DPI)
    with pymupdf.open() as canvas:
        sheet = canvas.new_page(width=width, height=height + _LINE * (len(lines) + 1))
        sheet.insert_image((0, 0, page.width, page.height), pixmap=_to_pixmap(image))
        sheet.draw_line((dx, 0 if beside else page.height), (dx or width, page.height), color=INK, width=0.8)
        drawing = _Sheet(sheet, pymupdf.TextWriter(sheet.rect), pymupdf.Font(FONT), dx, dy)
        for part in parts:
            _draw_part(drawing, part)
        for index, line in enumerate(lines, start=1):
            text = line[: _fitting(line, drawing.font, width)]
            drawing.writer.append((6, height + index * _LINE), text, font=drawing.font, fontsize=8)
        drawing.writer.write_text(sheet, color=INK)
        png: bytes = sheet.get_pixmap(dpi=_DPI, alpha=False).tobytes("png")
    return png


def _fitting(line: str, font: Any, width: float) -> int:
    """How many characters fit."""
    count = len(line)
    while count and font.text_length(line[:count], fontsize=8) > width - 12:
        count -= max(1, count // 50)
    return count


def _parts(document: AnnotatedDocument, page: int, doubtful: Collection[Place]) -> Iterator[_Part]:
    for annotated in document.tables:
        for fragment in annotated.fragments:
            if fragment.page == page:
                yield _Part(annotated, fragment, tuple(_cells(annotated, fragment, doubtful)))


def _cells(annotated: AnnotatedTable, fragment: AnnotatedFragment, doubtful: Collection[Place]) -> Iterator[_Drawn]:
    table = annotated.table
    for cell in fragment.repeated_header:
        if cell.box != NO_BOX:
            yield _Drawn(cell, f"h{cell.row}", header=True, doubtful=False)
    for cell in table.cells:
        if cell.page == fragment.page and cell.box != NO_BOX:
            marked = (table.id, cell.row, cell.col) in doubtful
            yield _Drawn(cell, str(cell.row), header=cell.row < table.n_header_rows, doubtful=marked)


def _about(part: _Part) -> Iterator[str]:
    """The lines under the page: what the annotation says of the table besides its cells."""
    table, fragment = part.annotated.table, part.fragment
    rows = f"rows {fragment.first_row}-{fragment.last_row} of {table.n_rows}, {table.n_header_rows} header rows"
    again = f", header again: {fragment.n_repeated_rows} rows" if fragment.repeated_header else ""
    caption = table.caption
    yield (
        f"{table.id} 《{caption.title}》 {table.type}; {rows}{again}; unit {caption.unit or '-'}; "
        f"entity {caption.entity or '-'} {caption.entity_code}; year {caption.fiscal_year or '-'}"
    )
    if fragment.caption_lines:
        yield "    above: " + " / ".join(fragment.caption_lines)
    if table.notes and fragment is part.annotated.fragments[-1]:
        yield "    notes: " + " / ".join(table.notes)
    roles = [f"{row} {role.value}" for row, role in enumerate(table.row_roles) if role.value != "detail"]
    yield "    rows: " + ", ".join(roles)
    yield "    columns: " + ", ".join(f"{c.index} {c.role.value}" for c in table.columns)


def _draw_part(sheet: _Sheet, part: _Part) -> None:
    canvas, box = sheet.canvas, part.fragment.box
    places = ((0.0, 0.0), (sheet.dx, sheet.dy))
    numbered: set[tuple[str, str]] = set()
    for drawn in part.cells:
        color = ROLE_COLORS[drawn.cell.role]
        inner = drawn.cell.box.grow(-0.5)
        tint = {"fill": color, "fill_opacity": HEADER_TINT} if drawn.header else {}
        canvas.draw_rect(_rect(inner, *places[0]), color=color, width=0.6)
        canvas.draw_rect(_rect(inner, *places[1]), color=color, width=0.4, **tint)
        if drawn.doubtful:
            for place in places:
                canvas.draw_rect(_rect(inner, *place), color=REVIEW_COLOR, width=1.6)
        _write(sheet, drawn.cell.text, drawn.cell.box)
        _number(sheet, drawn, box, numbered)
    if box != NO_BOX:
        for place in places:
            canvas.draw_rect(_rect(box.grow(1.5), *place), color=TABLE_COLOR, width=1.2)
        at = (box.x0 + sheet.dx, max(box.y0 + sheet.dy - 10, sheet.dy + 8))
        canvas.insert_text(at, part.annotated.table.id, fontsize=8, color=TABLE_COLOR)


def _number(sheet: _Sheet, drawn: _Drawn, box: Box, numbered: set[tuple[str, str]]) -> None:
    """Row numbers left of the table and column numbers above it, each once."""
    cell, edge = drawn.cell, box if box != NO_BOX else drawn.cell.box
    if cell.row_span == 1 and ("row", drawn.label) not in numbered:
        numbered.add(("row", drawn.label))
        place = (max(edge.x0 - 14, 1) + sheet.dx, cell.box.center[1] + 2 + sheet.dy)
        sheet.canvas.insert_text(place, drawn.label, fontsize=_LABEL, color=_GREY)
    if cell.col_span == 1 and ("col", str(cell.col)) not in numbered:
        numbered.add(("col", str(cell.col)))
        place = (cell.box.center[0] - 2 + sheet.dx, max(edge.y0 - 3, 7) + sheet.dy)
        sheet.canvas.insert_text(place, str(cell.col), fontsize=_LABEL, color=_GREY)


def _write(sheet: _Sheet, text: str, box: Box) -> None:
    """The text as large as it fits in the cell; the smallest size may run over."""
    if not text:
        return
    lines: list[str] = []
    size = _SIZES[-1]
    for size in _SIZES:

        def measure(part: str, size: float = size) -> float:
            return float(sheet.font.text_length(part, fontsize=size))

        lines = wrap(text, max(box.width - 3, size), measure)
        if len(lines) * size * _LEADING <= box.height - 1:
            break
    for index, line in enumerate(lines, start=1):
        at = (box.x0 + 1.5 + sheet.dx, box.y0 + sheet.dy + index * size * _LEADING - 0.2 * size + 0.5)
        sheet.writer.append(at, line, font=sheet.font, fontsize=size)


def _rect(box: Box, dx: float, dy: float) -> tuple[float, float, float, float]:
    return box.x0 + dx, box.y0 + dy, max(box.x1, box.x0 + 0.1) + dx, max(box.y1, box.y0 + 0.1) + dy
