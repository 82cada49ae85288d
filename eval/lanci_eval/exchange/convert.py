"""An extraction as JSON: what a measured program writes, and how it is read and checked.

The form is documented in docs/evaluation-json.md and in ``extraction-1.schema.json`` beside this file. Every
``document.json`` that ``lanci parse`` writes is a valid input.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from lanci.document import Box, boxes_to_hull
from lanci_eval.exchange.schema import SCHEMA_ID, ExtractionFormatError, Json, check_json
from lanci_eval.records import EvalCell, EvalFragment, EvalLine, EvalTable, Extraction

__all__ = [
    "ExtractionFormatError",
    "cells_to_fragments",
    "extraction_to_json",
    "json_to_extraction",
    "text_to_extraction",
]


def extraction_to_json(extraction: Extraction) -> Json:
    """The extraction in the documented form, complete: :func:`json_to_extraction` gives back an equal one."""
    return {
        "schema": SCHEMA_ID,
        "tables": [_table_to_json(table) for table in extraction.tables],
        "lines": [{"page": line.page, "text": line.text, "bbox": _to_bbox(line.box)} for line in extraction.lines],
    }


def text_to_extraction(text: str | bytes) -> Extraction:
    """The extraction in a JSON text.

    Raises:
        ExtractionFormatError: it is no JSON, or not of the documented form.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        start = text[:60]
        raise ExtractionFormatError(f"the output is no JSON ({error}); it begins with {start!r}") from error
    return json_to_extraction(data)


def json_to_extraction(data: object) -> Extraction:
    """The extraction in a decoded JSON value, defaults filled in; nothing is judged yet.

    Raises:
        ExtractionFormatError: it is not of the documented form; the message names the first broken place.
    """
    valid = check_json(data)
    flags = _document_flags(valid.get("findings", ()))
    return Extraction(
        tables=tuple(_json_to_table(table, f"t{i:03d}", flags) for i, table in enumerate(valid.get("tables", ()), 1)),
        lines=tuple(EvalLine(int(d["page"]), d["text"], _to_box(d.get("bbox"))) for d in valid.get("lines", ())),
    )


def _table_to_json(table: EvalTable) -> Json:
    return {
        "id": table.id,
        "n_rows": table.n_rows,
        "n_cols": table.n_cols,
        "n_header_rows": table.n_header_rows,
        "type": table.type,
        "title": table.title,
        "unit": table.unit,
        "fragments": [
            {
                "page": fragment.page,
                "bbox": _to_bbox(fragment.box),
                "first_row": fragment.first_row,
                "last_row": fragment.last_row,
                "repeated": [_cell_to_json(cell) for cell in fragment.repeated],
            }
            for fragment in table.fragments
        ],
        "cells": [_cell_to_json(cell) for cell in table.cells],
    }


def _cell_to_json(cell: EvalCell) -> Json:
    return {
        "row": cell.row,
        "col": cell.col,
        "row_span": cell.row_span,
        "col_span": cell.col_span,
        "text": cell.text,
        "page": cell.page,
        "bbox": _to_bbox(cell.box),
        "role": cell.role,
        "confidence": cell.confidence,
        "needs_review": cell.needs_review,
        "flagged": cell.flagged,
        "doubted": cell.doubted,
        "status": cell.status,
    }


def _to_bbox(box: Box | None) -> list[float] | None:
    return None if box is None else [box.x0, box.y0, box.x1, box.y1]


def _to_box(bbox: Sequence[float] | None) -> Box | None:
    if bbox is None:
        return None
    x0, y0, x1, y1 = (float(value) for value in bbox)
    return Box(x0, y0, x1, y1)


def _document_flags(findings: Iterable[Json]) -> dict[str, set[tuple[int, int]]]:
    """The cells that findings of the whole document point at, by table id."""
    flags: dict[str, set[tuple[int, int]]] = {}
    for finding in findings:
        for ref in finding.get("cells", ()):
            flags.setdefault(ref["table"], set()).add((ref["row"], ref["col"]))
    return flags


def _json_to_table(data: Json, default_id: str, flags: dict[str, set[tuple[int, int]]]) -> EvalTable:
    table_id = data.get("id", default_id)
    flagged = {(row, col) for finding in data.get("findings", ()) for row, col in finding.get("cells", ())}
    flagged |= flags.get(table_id, set())
    given = data.get("fragments", ())
    cells = tuple(
        sorted(
            (_json_to_cell(cell, _page_of(cell, data, given), flagged) for cell in data["cells"]),
            key=lambda cell: (cell.row, cell.col),
        )
    )
    header = data.get("n_header_rows")
    return EvalTable(
        id=table_id,
        n_rows=int(data.get("n_rows", max((cell.rows.stop for cell in cells), default=0))),
        n_cols=int(data.get("n_cols", max((cell.cols.stop for cell in cells), default=0))),
        cells=cells,
        fragments=tuple(_json_to_fragment(fragment) for fragment in given) or cells_to_fragments(cells),
        n_header_rows=None if header is None else int(header),
        type=data.get("type"),
        title=data.get("title", ""),
        unit=data.get("unit", ""),
    )


def _json_to_fragment(data: Json) -> EvalFragment:
    page = int(data["page"])
    return EvalFragment(
        page=page,
        first_row=int(data["first_row"]),
        last_row=int(data["last_row"]),
        box=_to_box(data.get("bbox")),
        repeated=tuple(_json_to_cell(cell, int(cell.get("page", page)), set()) for cell in data.get("repeated", ())),
    )


def _page_of(cell: Json, table: Json, fragments: Sequence[Json]) -> int:
    if "page" in cell:
        return int(cell["page"])
    if "page" in table:
        return int(table["page"])
    return next((int(f["page"]) for f in fragments if f["first_row"] <= cell["row"] <= f["last_row"]), 1)


def _json_to_cell(data: Json, page: int, flagged: set[tuple[int, int]]) -> EvalCell:
    row, col = int(data["row"]), int(data["col"])
    confidence = data.get("confidence")
    return EvalCell(
        row=row,
        col=col,
        row_span=int(data.get("row_span", 1)),
        col_span=int(data.get("col_span", 1)),
        text=data["text"],
        page=page,
        box=_to_box(data.get("bbox")),
        role=data.get("role"),
        confidence=None if confidence is None else float(confidence),
        needs_review=data.get("needs_review", False),
        flagged=data.get("flagged", False) or (row, col) in flagged,
        doubted=data.get("doubted"),
        status=data.get("status"),
    )


def cells_to_fragments(cells: Sequence[EvalCell]) -> tuple[EvalFragment, ...]:
    """One fragment for each page that the cells lie on, in page order; its box is there if all cells have one."""
    pages: dict[int, list[EvalCell]] = {}
    for cell in cells:
        pages.setdefault(cell.page, []).append(cell)
    return tuple(
        EvalFragment(
            page=page,
            first_row=min(cell.row for cell in group),
            last_row=max(cell.rows.stop - 1 for cell in group),
            box=_hull([cell.box for cell in group]),
        )
        for page, group in sorted(pages.items())
    )


def _hull(boxes: Sequence[Box | None]) -> Box | None:
    known = [box for box in boxes if box is not None]
    return boxes_to_hull(known) if known and len(known) == len(boxes) else None
