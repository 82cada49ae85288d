"""Shipped annotations of texts, laid out as PDFs: annotations with boxes, and the file that they are of."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pymupdf

from lanci.annotation import AnnotatedDocument, AnnotatedPage, AnnotatedTable, Media, load_annotation
from lanci.annotation.save import annotation_to_json
from lanci.document import Box, Cell, TableFragment
from lanci_eval.datasets.generated import document_layout
from lanci_eval.datasets.truth import GridLines
from lanci_eval.demo import layout_document, tables_within

SHIPPED = Path(__file__).parents[3] / "annotations"


def print_annotation(name: str, last_page: int, folder: Path) -> tuple[AnnotatedDocument, Path]:
    """The first pages of a shipped document with the boxes of its layout, and the PDF of these pages."""
    whole = load_annotation(SHIPPED / "documents" / f"{name}.json")
    layout = document_layout(whole)
    path = folder / f"{name}.pdf"
    with pymupdf.open(stream=layout_document(whole), filetype="pdf") as pdf:
        pdf.select(range(last_page))
        path.write_bytes(pdf.tobytes(no_new_id=True))
        pages = tuple(AnnotatedPage(n, page.rect.width, page.rect.height) for n, page in enumerate(pdf, start=1))
    tables = tables_within(whole, last_page)
    ids = {table.table.id for table in tables}
    document = replace(
        whole,
        media=Media.PDF,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        n_pages=last_page,
        pages=pages,
        narrative=tuple(n for n in whole.narrative if n.page <= last_page and n.before in ids),
        tables=tuple(
            _with_boxes(table, {f.page: layout[table.table.id, f.page] for f in table.fragments}) for table in tables
        ),
    )
    return document, path


def as_json(document: AnnotatedDocument) -> object:
    """All that an annotation file holds of a document."""
    return annotation_to_json(document)


def _with_boxes(annotated: AnnotatedTable, lines: dict[int, GridLines]) -> AnnotatedTable:
    parts = {part.page: part for part in annotated.fragments}

    def place(cell: Cell) -> Cell:
        part = parts[cell.page]
        shift = part.n_repeated_rows - part.first_row
        rows = range(
            max(cell.row, part.first_row) + shift, min(cell.row + cell.row_span - 1, part.last_row) + 1 + shift
        )
        return replace(cell, box=_round(lines[cell.page].span_box(rows, cell.cols)))

    fragments = tuple(
        replace(
            part,
            box=_round(_of_part(lines[part.page], part.n_repeated_rows + part.last_row - part.first_row + 1)),
            repeated_header=tuple(
                replace(cell, box=_round(lines[part.page].span_box(cell.rows, cell.cols)))
                for cell in part.repeated_header
            ),
        )
        for part in annotated.fragments
    )
    table = replace(
        annotated.table,
        cells=tuple(place(cell) for cell in annotated.table.cells),
        fragments=tuple(TableFragment(f.page, f.box, f.first_row, f.last_row) for f in fragments),
    )
    n_cells = len(table.cells)
    verification = replace(annotated.verification, by_eye=n_cells - min(annotated.verification.agreed, n_cells))
    verification = replace(verification, agreed=n_cells - verification.by_eye)
    return replace(annotated, table=table, fragments=fragments, verification=verification)


def _of_part(lines: GridLines, n_rows: int) -> Box:
    return lines.span_box(range(n_rows), range(len(lines.xs) - 1))


def _round(box: Box) -> Box:
    return Box(round(box.x0, 2), round(box.y0, 2), round(box.x1, 2), round(box.y1, 2))
