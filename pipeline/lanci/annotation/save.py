"""Write annotated documents as the files they are loaded from, in one canonical layout.

Each cell, column, page and paragraph stands on a line of its own, so that a change is one line of a diff. Boxes
and sizes are rounded to hundredths of a point: what a file holds comes back from loading and saving unchanged.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lanci.annotation.records import NO_BOX, AnnotatedDocument, AnnotatedFragment, AnnotatedTable
from lanci.document import Box, Cell
from lanci.errors import AnnotationError

SCHEMA = "lanci/annotation/2"
_OPEN_LISTS = ("pages", "narrative", "tables", "columns", "fragments", "cells", "repeated_header")
"""Lists whose entries stand on lines of their own."""


def save_annotation(document: AnnotatedDocument, path: Path) -> None:
    """Write one annotation file; equal records give equal bytes.

    The records are not checked, so that unfinished work can be saved (see
    :func:`lanci.annotation.read_annotation`).

    Raises AnnotationError when a cell has no role or the file cannot be written.
    """
    text = annotation_to_text(document)
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise AnnotationError(f"{path}: cannot be written ({error.strerror}); check the folder") from error


def annotation_to_text(document: AnnotatedDocument) -> str:
    """The text of the file of a document; raises AnnotationError when a cell has no role."""
    return _open(annotation_to_json(document), 0) + "\n"


def annotation_to_json(document: AnnotatedDocument) -> dict[str, Any]:
    """The content of the file, keys in its order; raises AnnotationError when a cell has no role."""
    return {
        "schema": SCHEMA,
        "document": {
            "id": document.id,
            "name": document.name,
            "province": document.province,
            "city": document.city,
            "county": document.county,
            "fiscal_year": document.fiscal_year,
            "sha256": document.sha256,
            "media": str(document.media),
            "origin": document.origin,
            "published": document.published,
            "scanned": document.scanned,
            "layout": document.layout,
        },
        "n_pages": document.n_pages,
        "pages": [{"number": p.number, "width": _short(p.width), "height": _short(p.height)} for p in document.pages],
        "narrative": [{"page": n.page, "kind": n.kind, "text": n.text, "before": n.before} for n in document.narrative],
        "tables": [_table_to_json(table, document.id) for table in document.tables],
    }


def _table_to_json(annotated: AnnotatedTable, document: str) -> dict[str, Any]:
    table, verification = annotated.table, annotated.verification
    for cell in table.cells:
        if cell.role is None:
            raise AnnotationError(f"{document}, table {table.id}, cell ({cell.row}, {cell.col}): has no role; set it")
    return {
        "id": table.id,
        "title": table.caption.title,
        "entity": table.caption.entity,
        "entity_code": table.caption.entity_code,
        "fiscal_year": table.caption.fiscal_year,
        "unit": table.caption.unit,
        "caption_lines": list(table.caption.lines),
        "kind": table.kind,
        "fund": table.fund,
        "scope": table.scope,
        "classification": table.classification,
        "notes": list(table.notes),
        "companion": table.companion,
        "n_rows": table.n_rows,
        "n_cols": table.n_cols,
        "n_header_rows": table.n_header_rows,
        "row_roles": [str(role) for role in table.row_roles],
        "columns": [
            {"index": c.index, "role": str(c.role), "path": list(c.path), "column_number": c.column_number}
            for c in table.columns
        ],
        "fragments": [_fragment_to_json(fragment) for fragment in annotated.fragments],
        "cells": [
            _cell_to_json(cell) | {"role": str(cell.role), "bbox": _box_to_json(cell.box)} for cell in table.cells
        ],
        "verified": {
            "how": str(verification.how),
            "agreed": verification.agreed,
            "by_eye": verification.by_eye,
            "doubts": list(verification.doubts),
            "remarks": verification.remarks,
        },
        "inconsistencies": list(annotated.inconsistencies),
    }


def _fragment_to_json(fragment: AnnotatedFragment) -> dict[str, Any]:
    return {
        "page": fragment.page,
        "first_row": fragment.first_row,
        "last_row": fragment.last_row,
        "bbox": _box_to_json(fragment.box),
        "caption_lines": list(fragment.caption_lines),
        "repeated_header": [
            _cell_to_json(cell) | {"bbox": _box_to_json(cell.box)} for cell in fragment.repeated_header
        ],
    }


def _cell_to_json(cell: Cell) -> dict[str, Any]:
    return {"row": cell.row, "col": cell.col, "row_span": cell.row_span, "col_span": cell.col_span, "text": cell.text}


def _box_to_json(box: Box) -> list[float] | None:
    return None if box == NO_BOX else [_short(corner) for corner in (box.x0, box.y0, box.x1, box.y1)]


def _short(value: float) -> float:
    """To hundredths; whole numbers without a decimal point (and without the sign of -0.0)."""
    rounded = round(value, 2)
    return int(rounded) if rounded == int(rounded) else rounded


def _open(value: Mapping[str, Any], depth: int) -> str:
    """An object with a member a line; objects in it that hold a list of entries are opened in the same way."""
    margin = " " * (depth + 1)
    members = [f"{margin}{_closed(key)}: {_member(key, member, depth + 1)}" for key, member in value.items()]
    return "{\n" + ",\n".join(members) + "\n" + " " * depth + "}"


def _member(key: str, value: Any, depth: int) -> str:
    if key == "document":
        return _open(value, depth)
    if key in _OPEN_LISTS and value:
        return _entries(value, depth)
    return _closed(value)


def _entries(values: Sequence[Mapping[str, Any]], depth: int) -> str:
    margin = " " * (depth + 1)
    lines = [margin + (_open(v, depth + 1) if _holds_entries(v) else _closed(v)) for v in values]
    return "[\n" + ",\n".join(lines) + "\n" + " " * depth + "]"


def _holds_entries(value: Mapping[str, Any]) -> bool:
    return any(value.get(key) for key in _OPEN_LISTS)


def _closed(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
