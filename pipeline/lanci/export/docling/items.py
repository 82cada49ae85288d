"""What a DoclingDocument is filled with."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import Any

from docling_core.types.doc import (
    BoundingBox,
    CoordOrigin,
    DocItemLabel,
    DoclingDocument,
    DocumentOrigin,
    ProvenanceItem,
    Size,
    TableCell,
    TableData,
)
from docling_core.types.doc.common.meta import BaseMeta, FloatingMeta
from docling_core.utils.settings import settings

from lanci.document import AmountStatus, Box, Cell, Document, Finding, HeaderRole, RowRole, Statement, Table
from lanci.errors import LimitError

_LABEL_ROLES = frozenset(
    {
        HeaderRole.SUBJECT_CODE,
        HeaderRole.SUBJECT_NAME,
        HeaderRole.UNIT_CODE,
        HeaderRole.UNIT_NAME,
        HeaderRole.PROJECT_CODE,
        HeaderRole.PROJECT_NAME,
        HeaderRole.ITEM,
    }
)
"""Columns whose cells say what their row is about."""

_NAMESPACE = "lanci"
_HASH_DIGITS = 16


def make_docling_document(document: Document) -> DoclingDocument:
    """The document with its tables and statements in the order of the pages.

    Raises:
        LimitError: the tables have more cells than docling-core reads back.
    """
    _check_size(document)
    source = document.source
    name = source.name
    made = DoclingDocument(
        name=name.rpartition(".")[0] or name,
        origin=DocumentOrigin(
            mimetype=source.media_type, binary_hash=int(source.sha256[:_HASH_DIGITS], 16), filename=name
        ),
    )
    for page in document.pages:
        made.add_page(page.number, Size(width=round(page.width, 2), height=round(page.height, 2)))
    _Filler(document, made).fill()
    made.body.meta = BaseMeta()
    _set_meta(
        made.body.meta,
        sha256=source.sha256,
        software=dict(document.software),
        findings=[_finding_to_meta(finding) for finding in document.findings],
    )
    return made


class _Filler:
    """Adds the tables and texts of a document to a DoclingDocument."""

    def __init__(self, document: Document, made: DoclingDocument) -> None:
        self._document = document
        self._made = made
        self._sizes = {page.number: (page.width, page.height) for page in document.pages}

    def fill(self) -> None:
        """Add everything, from the first page to the last and from the top of a page down."""
        found: list[tuple[tuple[int, float], Table | Statement]] = [
            ((table.fragments[0].page, table.fragments[0].box.y0) if table.fragments else (0, 0.0), table)
            for table in self._document.tables
        ]
        for statement in self._document.statements:
            place = statement.places[0] if statement.places else None
            found.append(((place.page, place.box.y0) if place else (0, 0.0), statement))
        heading = ""
        for _, item in sorted(found, key=itemgetter(0)):
            if isinstance(item, Table):
                self._add_table(item)
                continue
            if item.heading and item.heading != heading:
                self._made.add_heading(item.heading)
            heading = item.heading
            self._add_statement(item)

    def _add_statement(self, statement: Statement) -> None:
        added = self._made.add_text(DocItemLabel.TEXT, statement.text)
        added.prov = [self._prov(place.page, place.box, len(statement.text)) for place in statement.places]
        if statement.confidence < 1:
            added.meta = BaseMeta()
            _set_meta(added.meta, confidence=round(statement.confidence, 4))

    def _add_table(self, table: Table) -> None:
        added = self._made.add_table(self._table_data(table))
        added.prov = [self._prov(fragment.page, fragment.box, 0) for fragment in table.fragments]
        for line in table.caption.lines or ((table.title,) if table.title else ()):
            added.captions.append(self._made.add_text(DocItemLabel.CAPTION, line, parent=added).get_ref())
        for note in table.notes:
            added.footnotes.append(self._made.add_text(DocItemLabel.FOOTNOTE, note, parent=added).get_ref())
        added.meta = FloatingMeta()
        _set_meta(added.meta, **_table_to_meta(table))

    def _table_data(self, table: Table) -> TableData:
        return TableData(
            num_rows=table.n_rows,
            num_cols=table.n_cols,
            table_cells=[
                TableCell(
                    bbox=self._bbox(cell.page, cell.box),
                    row_span=cell.row_span,
                    col_span=cell.col_span,
                    start_row_offset_idx=cell.row,
                    end_row_offset_idx=cell.row + cell.row_span,
                    start_col_offset_idx=cell.col,
                    end_col_offset_idx=cell.col + cell.col_span,
                    text=cell.text,
                    column_header=cell.row < table.n_header_rows,
                    row_header=_is_row_header(cell, table),
                    row_section=_is_section(cell, table),
                )
                for cell in table.cells
            ],
        )

    def _prov(self, page: int, box: Box, n_chars: int) -> ProvenanceItem:
        return ProvenanceItem(page_no=page, bbox=self._bbox(page, box), charspan=(0, n_chars))

    def _bbox(self, page: int, box: Box) -> BoundingBox:
        """The box within its page: docling-core warns of print that hangs over the edge."""
        width, height = self._sizes.get(page, (box.x1, box.y1))
        x0, x1 = (round(min(max(x, 0.0), width), 2) for x in (box.x0, box.x1))
        y0, y1 = (round(min(max(y, 0.0), height), 2) for y in (box.y0, box.y1))
        return BoundingBox(l=x0, t=y0, r=x1, b=y1, coord_origin=CoordOrigin.TOPLEFT)


def _is_row_header(cell: Cell, table: Table) -> bool:
    return cell.row >= table.n_header_rows and table.columns[cell.col].role in _LABEL_ROLES


def _is_section(cell: Cell, table: Table) -> bool:
    return table.row_roles[cell.row] is RowRole.SECTION and cell.col_span == table.n_cols


def _table_to_meta(table: Table) -> dict[str, Any]:
    """What a TableItem has no field for. ``cell_pages`` are runs of ``[page, cells]`` in the order of the cells."""
    caption = table.caption
    return {
        "id": table.id,
        "type": table.type,
        "entity": caption.entity,
        "entity_code": caption.entity_code,
        "fiscal_year": caption.fiscal_year,
        "unit": caption.unit,
        "cell_pages": [[page, len(list(run))] for page, run in groupby(cell.page for cell in table.cells)],
        "to_review": [[cell.row, cell.col] for cell in table.cells if cell.needs_review],
        "in_conflict": [[cell.row, cell.col] for cell in table.cells if cell.status is AmountStatus.CONFLICT],
        "findings": [_finding_to_meta(finding) for finding in table.findings],
    }


def _finding_to_meta(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "cells": [[ref.table, ref.row, ref.col] for ref in finding.cells],
    }


def _set_meta(meta: Any, **values: Any) -> None:
    """Put values that are known and not empty into the ``meta`` of an item."""
    for name, value in values.items():
        if value not in (None, "", [], {}):
            meta.set_custom_field(_NAMESPACE, name, value)


def _check_size(document: Document) -> None:
    """Refuse what docling-core would refuse to read back."""
    sizes = {table.id: table.n_rows * table.n_cols for table in document.tables}
    biggest = max(sizes, key=lambda table: sizes[table], default="")
    if biggest and sizes[biggest] > settings.max_table_cells:
        raise LimitError(
            f"{document.source.name}: table {biggest} has {sizes[biggest]} places; a DoclingDocument holds tables of "
            f"{settings.max_table_cells}: export this document in another format"
        )
    if sum(sizes.values()) > settings.max_total_table_cells:
        raise LimitError(
            f"{document.source.name}: its tables have {sum(sizes.values())} places; a DoclingDocument holds "
            f"{settings.max_total_table_cells} in all: export this document in another format"
        )
