"""Read annotation files into records; nothing that breaks the schema or contradicts itself gets through."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from lanci.annotation.checks import check_annotations
from lanci.annotation.records import (
    NO_BOX,
    AnnotatedDocument,
    AnnotatedFragment,
    AnnotatedPage,
    AnnotatedTable,
    How,
    Media,
    Narrative,
    Verification,
)
from lanci.document import Box, Caption, Cell, Column, HeaderRole, Place, RowRole, Table, TableFragment
from lanci.errors import AnnotationError
from lanci.facets import facets_to_type
from lanci.json_schema import JsonSchema, Violation

_SCHEMA = JsonSchema("lanci.annotation", "annotation-2.schema.json")
_SHOWN_PROBLEMS = 5


def load_annotations(folder: Path) -> tuple[AnnotatedDocument, ...]:
    """All documents of a folder (``*.json``), sorted by id.

    Raises AnnotationError, naming file, table and cell, when the folder holds none, a file is no JSON, breaks
    the schema or contradicts itself, or two documents share an id.
    """
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise AnnotationError(f"{folder}: no annotation files (*.json) here; name the folder that holds them")
    documents = sorted((load_annotation(path) for path in paths), key=lambda document: document.id)
    for one, two in pairwise(documents):
        if one.id == two.id:
            raise AnnotationError(f"{folder}: two documents have the id {one.id!r}; ids must differ")
    return tuple(documents)


@dataclass(frozen=True, slots=True)
class Reading:
    """What an annotation file holds: ``document`` is None when it breaks the schema, ``problems`` are sentences."""

    path: Path
    document: AnnotatedDocument | None
    problems: tuple[str, ...]


def load_annotation(path: Path) -> AnnotatedDocument:
    """One annotation file as a record; raises AnnotationError as :func:`load_annotations` does."""
    reading = read_annotation(path)
    if reading.document is None or reading.problems:
        raise AnnotationError(_message(path, reading.problems))
    return reading.document


def read_annotation(path: Path) -> Reading:
    """One annotation file with everything that is wrong with it, for those who are still at work on it.

    Raises AnnotationError only when the file cannot be read.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        return Reading(path, None, (f"not a JSON file in UTF-8 ({error})",))
    except OSError as error:
        raise AnnotationError(f"{path}: cannot be read ({error.strerror}); check name and permissions") from error
    broken = sorted(_SCHEMA.find_violations(content), key=_place_in_file)
    if broken:
        return Reading(path, None, tuple(_violation_to_text(violation, content) for violation in broken))
    document = _to_document(content)
    return Reading(path, document, tuple(str(problem) for problem in check_annotations((document,))))


def _place_in_file(violation: Violation) -> list[str]:
    """Sorts violations by where they are: list positions by number, not by their digits."""
    return [f"{step:06d}" if isinstance(step, int) else step for step in violation.path]


def _message(path: Path, problems: Sequence[str]) -> str:
    shown = "; ".join(problems[:_SHOWN_PROBLEMS])
    more = len(problems) - _SHOWN_PROBLEMS
    return f"{path}: {shown}" + (f"; and {more} more" if more > 0 else "")


def _violation_to_text(violation: Violation, content: Any) -> str:
    """The place in words (table id, cell position) before what the schema says."""
    words: list[str] = []
    node = content
    for step in violation.path:
        parent = words[-1] if words else ""
        node = node[step]
        if isinstance(step, int) and isinstance(node, dict) and parent == "tables":
            words[-1] = f"table {node.get('id', step)}"
        elif isinstance(step, int) and isinstance(node, dict) and parent == "cells":
            words[-1] = f"cell ({node.get('row')}, {node.get('col')})"
        else:
            words.append(str(step))
    place = ", ".join(words)
    return f"{place}: {violation.message}" if place else violation.message


def _to_document(content: dict[str, Any]) -> AnnotatedDocument:
    about = content["document"]
    return AnnotatedDocument(
        id=about["id"],
        name=about["name"],
        province=about["province"],
        city=about["city"],
        county=about["county"],
        fiscal_year=about["fiscal_year"],
        sha256=about["sha256"],
        media=Media(about["media"]),
        origin=about["origin"],
        published=about["published"],
        scanned=about["scanned"],
        layout=about["layout"],
        n_pages=content["n_pages"],
        pages=tuple(AnnotatedPage(p["number"], float(p["width"]), float(p["height"])) for p in content["pages"]),
        narrative=tuple(Narrative(n["page"], n["kind"], n["text"], n["before"]) for n in content["narrative"]),
        tables=tuple(_to_table(table) for table in content["tables"]),
    )


def _to_table(entry: dict[str, Any]) -> AnnotatedTable:
    fragments = tuple(_to_fragment(fragment) for fragment in entry["fragments"])
    table = Table(
        id=entry["id"],
        type=facets_to_type(entry["kind"], entry["fund"], entry["scope"], entry["classification"]),
        kind=entry["kind"],
        fund=entry["fund"],
        scope=entry["scope"],
        classification=entry["classification"],
        type_probability=1.0,
        caption=Caption(
            lines=tuple(entry["caption_lines"]),
            title=entry["title"],
            entity=entry["entity"],
            entity_code=entry["entity_code"],
            fiscal_year=entry["fiscal_year"],
            unit=entry["unit"],
        ),
        notes=tuple(entry["notes"]),
        n_rows=entry["n_rows"],
        n_cols=entry["n_cols"],
        n_header_rows=entry["n_header_rows"],
        row_roles=tuple(RowRole(role) for role in entry["row_roles"]),
        columns=tuple(
            Column(c["index"], HeaderRole(c["role"]), tuple(c["path"]), c["column_number"]) for c in entry["columns"]
        ),
        fragments=tuple(TableFragment(f.page, f.box, f.first_row, f.last_row) for f in fragments),
        cells=tuple(_to_cell(cell, fragments) for cell in entry["cells"]),
        companion=entry["companion"],
    )
    verified = entry["verified"]
    return AnnotatedTable(
        table=table,
        fragments=fragments,
        verification=Verification(
            How(verified["how"]),
            verified["agreed"],
            verified["by_eye"],
            tuple(verified["doubts"]),
            verified["remarks"],
        ),
        inconsistencies=tuple(entry["inconsistencies"]),
    )


def _to_fragment(entry: dict[str, Any]) -> AnnotatedFragment:
    page = entry["page"]
    repeated = tuple(
        Cell(c["row"], c["col"], c["row_span"], c["col_span"], c["text"], page, _to_box(c["bbox"]))
        for c in entry["repeated_header"]
    )
    return AnnotatedFragment(
        page,
        entry["first_row"],
        entry["last_row"],
        tuple(entry["caption_lines"]),
        repeated,
        _to_box(entry["bbox"]),
    )


def _to_cell(entry: dict[str, Any], fragments: tuple[AnnotatedFragment, ...]) -> Cell:
    """A cell on the page of its first row; its parts on later pages are ``continued``."""
    first, last = entry["row"], entry["row"] + entry["row_span"] - 1
    pages = [f.page for f in fragments if f.first_row <= last and f.last_row >= first]
    return Cell(
        first,
        entry["col"],
        entry["row_span"],
        entry["col_span"],
        entry["text"],
        # A row outside every fragment is reported by the checks; page 1 keeps the record whole until then.
        pages[0] if pages else 1,
        _to_box(entry["bbox"]),
        role=HeaderRole(entry["role"]),
        continued=tuple(Place(page, NO_BOX) for page in pages[1:]),
    )


def _to_box(corners: list[float] | None) -> Box:
    return NO_BOX if corners is None else Box(*(float(corner) for corner in corners))
