"""The truth about printed pages, as an annotated document: from the sheets, never from what an engine did."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pymupdf

from lanci.annotation import (
    NO_BOX,
    NO_TABLES,
    AnnotatedDocument,
    AnnotatedFragment,
    AnnotatedPage,
    AnnotatedTable,
    How,
    Media,
    Narrative,
    Verification,
    annotation_to_text,
)
from lanci.document import Cell, Place, TableFragment
from lanci_eval.factory.prints import PartLines
from lanci_eval.factory.records import Content, Family, Form, Passage, PassageKind, SheetPage, TablePart
from lanci_eval.factory.sheet import repeated_rows

Lines = Mapping[tuple[str, int], PartLines]
"""The lines of the parts whose places are known, by table id and page."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A part with its page, and its lines where they are known."""

    page: int
    part: TablePart
    lines: PartLines | None


def pages_to_truth(
    content: Content, pages: Sequence[SheetPage], lines: Lines, family: Family, pdf: bytes | None
) -> AnnotatedDocument:
    """What is true of the final document ``pdf``: its tables on its pages, boxes where ``lines`` has them.

    Without a PDF no page has a size.
    """
    parts: dict[str, list[_Placed]] = {}
    for page in pages:
        for block in page.blocks:
            if isinstance(block, TablePart):
                name = block.form.table.id
                parts.setdefault(name, []).append(_Placed(page.number, block, lines.get((name, page.number))))
    return AnnotatedDocument(
        id=content.id,
        name=content.name,
        province=content.province,
        city=content.city,
        county=content.county,
        fiscal_year=content.fiscal_year,
        sha256=hashlib.sha256(pdf or b"").hexdigest(),
        media=Media.PDF,
        origin=f"made by the document factory, layout family {family.name}, printed by {family.engine}",
        published="made up; never published",
        scanned=False,
        layout=family.name if parts else NO_TABLES,
        n_pages=len(pages),
        pages=_page_sizes(pdf) if pdf else (),
        narrative=tuple(_narrative(pages)),
        tables=tuple(_annotate(placed) for placed in parts.values()),
    )


def plan_to_truth(content: Content, pages: Sequence[SheetPage], family: Family) -> AnnotatedDocument:
    """What is true of the pages as they are planned, before any engine prints them: no boxes, no page sizes.

    The id is not that of the printed document, whose pages an engine may have made cut anew.
    """
    truth = replace(
        pages_to_truth(content, pages, {}, family, None),
        id=f"{content.id}-plan",
        media=Media.TEXT,
        origin=f"made by the document factory, layout family {family.name}, planned but not printed",
    )
    # The plan has no bytes of its own: what it says stands for it.
    return replace(truth, sha256=hashlib.sha256(annotation_to_text(truth).encode()).hexdigest())


def truth_of_scan(truth: AnnotatedDocument, scan: bytes) -> AnnotatedDocument:
    """The truth of a scan of all pages: the same without places, for a scan lies askew on its page."""
    return replace(
        truth,
        id=f"{truth.id}-scan",
        sha256=hashlib.sha256(scan).hexdigest(),
        origin=f"{truth.origin}, scanned",
        scanned=True,
        pages=_page_sizes(scan),
        tables=tuple(_without_boxes(table) for table in truth.tables),
    )


def _page_sizes(pdf: bytes) -> tuple[AnnotatedPage, ...]:
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        sizes = [(page.rect.width, page.rect.height) for page in document]
    return tuple(AnnotatedPage(n, round(w, 2), round(h, 2)) for n, (w, h) in enumerate(sizes, start=1))


def _narrative(pages: Sequence[SheetPage]) -> Iterator[Narrative]:
    """Prose with the table that follows it; the caption of a chart is a paragraph, its numbers are not transcribed."""
    flat = [(page.number, block) for page in pages for block in page.blocks]
    for index, (number, block) in enumerate(flat):
        if not isinstance(block, Passage):
            continue
        # A part that goes on does not begin there.
        later = (b for _, b in flat[index + 1 :] if isinstance(b, TablePart) and b.first_row == 0 and not b.cut_top)
        following = next(later, None)
        kind = PassageKind.PARAGRAPH if block.kind is PassageKind.CHART else block.kind
        yield Narrative(number, kind.value, block.text, following.form.table.id if following else None)


def _annotate(placed: Sequence[_Placed]) -> AnnotatedTable:
    form: Form = placed[0].part.form
    table = form.table
    fragments = tuple(_fragment(one) for one in placed)
    cells = tuple(_place_cell(cell, placed) for cell in table.cells)
    printed = tuple(TableFragment(f.page, f.box, f.first_row, f.last_row) for f in fragments)
    return AnnotatedTable(
        table=replace(table, fragments=printed, cells=cells),
        fragments=fragments,
        verification=Verification(How.GENERATED, agreed=len(cells), by_eye=0),
        inconsistencies=form.inconsistencies,
    )


def _fragment(placed: _Placed) -> AnnotatedFragment:
    part, lines = placed.part, placed.lines
    repeated = tuple(
        replace(
            cell,
            page=placed.page,
            box=lines.span_box(cell.rows, cell.cols) if lines else NO_BOX,
            role=None,
            continued=(),
        )
        for cell in part.repeated_header
    )
    box = lines.box if lines else NO_BOX
    return AnnotatedFragment(placed.page, part.first_row, part.last_row, part.caption_lines, repeated, box)


def _place_cell(cell: Cell, placed: Sequence[_Placed]) -> Cell:
    """The cell on the page of its first part; its other parts are ``continued``."""
    places = []
    for one in placed:
        part = one.part
        first, last = max(cell.row, part.first_row), min(cell.row + cell.row_span - 1, part.last_row)
        if first <= last:
            shift = repeated_rows(part) - part.first_row
            rows = range(first + shift, last + 1 + shift)
            places.append(Place(one.page, one.lines.span_box(rows, cell.cols) if one.lines else NO_BOX))
    return replace(cell, page=places[0].page, box=places[0].box, continued=tuple(places[1:]))


def _without_boxes(annotated: AnnotatedTable) -> AnnotatedTable:
    table = annotated.table
    cells = tuple(
        replace(cell, box=NO_BOX, continued=tuple(Place(p.page, NO_BOX) for p in cell.continued))
        for cell in table.cells
    )
    fragments = tuple(
        replace(
            fragment,
            box=NO_BOX,
            repeated_header=tuple(replace(cell, box=NO_BOX) for cell in fragment.repeated_header),
        )
        for fragment in annotated.fragments
    )
    printed = tuple(replace(fragment, box=NO_BOX) for fragment in table.fragments)
    return replace(annotated, table=replace(table, cells=cells, fragments=printed), fragments=fragments)
