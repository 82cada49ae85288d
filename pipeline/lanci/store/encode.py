"""A document as JSON: the published form ``lanci/document/1``.

Coordinates are rounded to 0.01 points and probabilities to 0.0001, so that the same document gives the same
bytes everywhere. Amounts stay exact: a decimal string, never a binary float.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from lanci.document import (
    Alternative,
    AppliedOverride,
    Box,
    Cell,
    Column,
    Document,
    Facets,
    Finding,
    FormAmount,
    Place,
    RowMeaning,
    Statement,
    SubTable,
    Table,
    TableFragment,
)
from lanci.validate.summary import summarize_amounts

SCHEMA_ID = "lanci/document/1"
"""The value of the ``schema`` key that this version of lanci writes and reads."""

_N_GUESSES = 3
"""Of each facet of a table that is not named, so many of the likeliest values are written."""

Json = dict[str, Any]


def document_to_json(document: Document) -> Json:
    """The document in the published form, keys in the published order.

    Raises:
        ValueError: a table's finding points into another table (such findings belong to the document).
    """
    source = document.source
    data: Json = {
        "schema": SCHEMA_ID,
        "source": {
            "name": source.name,
            "sha256": source.sha256,
            "media_type": source.media_type,
            "n_pages": source.n_pages,
        },
        "software": dict(document.software),
        "pages": [
            {
                "number": page.number,
                "width": _points(page.width),
                "height": _points(page.height),
                "rotation": page.rotation,
                "kind": page.kind.value,
                "remarks": list(page.remarks),
            }
            for page in document.pages
        ],
        "tables": [_table_to_json(table) for table in document.tables],
        "findings": [
            _finding_to_json(finding)
            | {"cells": [{"table": c.table, "row": c.row, "col": c.col} for c in finding.cells]}
            for finding in document.findings
        ],
    }
    data |= _amounts_to_json(document.tables)
    if document.statements:
        data["statements"] = [_statement_to_json(statement) for statement in document.statements]
    if document.overrides:
        data["overrides"] = [_override_to_json(override) for override in document.overrides]
    return data


def _amounts_to_json(tables: Sequence[Table]) -> Json:
    """How many amounts have which status; nothing where none has any."""
    found = summarize_amounts(tables)
    counts = {"proven": found.proven, "unchecked": found.unchecked, "conflict": found.conflict}
    return {"amounts": counts} if found.amounts else {}


def _statement_to_json(statement: Statement) -> Json:
    data: Json = {
        "text": statement.text,
        "heading": statement.heading,
        "places": [_place_to_json(place) for place in statement.places],
    }
    if statement.confidence < 1:
        data["confidence"] = _probability(statement.confidence)
    return data


def _override_to_json(override: AppliedOverride) -> Json:
    return {
        "action": override.action.value,
        "page": override.page,
        "table": override.table,
        "model_probability": _probability(override.model_probability),
    }


def _table_to_json(table: Table) -> Json:
    caption = table.caption
    data: Json = {
        "id": table.id,
        "type": table.type,
        "kind": table.kind,
        "fund": table.fund,
        "scope": table.scope,
        "classification": table.classification,
        "type_probability": _probability(table.type_probability),
        "title": caption.title,
        "entity": caption.entity,
        "entity_code": caption.entity_code,
        "fiscal_year": caption.fiscal_year,
        "unit": caption.unit,
        "caption_lines": list(caption.lines),
        "notes": list(table.notes),
        "companion": table.companion,
        "n_rows": table.n_rows,
        "n_cols": table.n_cols,
        "n_header_rows": table.n_header_rows,
        "row_roles": [role.value for role in table.row_roles],
        "columns": [_column_to_json(column) for column in table.columns],
        "fragments": [_fragment_to_json(fragment) for fragment in table.fragments],
        "cells": [_cell_to_json(cell) for cell in table.cells],
        "findings": [_table_finding_to_json(finding, table.id) for finding in table.findings],
    }
    data |= _amounts_to_json([table])
    if table.guesses is not None:
        data["guesses"] = _guesses_to_json(table.guesses)
    if table.meanings:
        data["meanings"] = [_meaning_to_json(meaning) for meaning in table.meanings]
    if table.sub_tables:
        data["sub_tables"] = [_sub_table_to_json(part) for part in table.sub_tables]
    if table.form_amounts:
        data["form_amounts"] = [_form_amount_to_json(amount) for amount in table.form_amounts]
    return data


def _guesses_to_json(guesses: Facets) -> Json:
    facets = {
        "kind": guesses.kind,
        "fund": guesses.fund,
        "scope": guesses.scope,
        "classification": guesses.classification,
    }
    return {
        name: [{"value": value, "probability": _probability(p)} for value, p in ranked[:_N_GUESSES]]
        for name, ranked in facets.items()
    }


def _meaning_to_json(meaning: RowMeaning) -> Json:
    data: Json = {"row": meaning.row}
    if meaning.codes:
        data["codes"] = [
            {
                "code": code.code,
                "level": code.level,
                "name": code.name,
                "classification": code.classification,
                "cols": list(code.cols),
            }
            for code in meaning.codes
        ]
    if meaning.within:
        data["within"] = [list(place) for place in meaning.within]
    if meaning.difference_of is not None:
        data["difference_of"] = list(meaning.difference_of)
    return data


def _sub_table_to_json(part: SubTable) -> Json:
    return {
        "first_row": part.first_row,
        "last_row": part.last_row,
        "n_header_rows": part.n_header_rows,
        "columns": [
            {"first_col": column.first_col, "last_col": column.last_col, "path": list(column.path)}
            for column in part.columns
        ],
    }


def _form_amount_to_json(amount: FormAmount) -> Json:
    return {
        "row": amount.row,
        "col": amount.col,
        "label": list(amount.label),
        "path": list(amount.path),
        "measures": [measure.value for measure in amount.measures],
        "unit": amount.unit,
    }


def _column_to_json(column: Column) -> Json:
    data: Json = {
        "index": column.index,
        "role": column.role.value,
        "path": list(column.path),
        "column_number": column.column_number,
    }
    meaning = column.meaning
    if meaning.measures:
        data["measures"] = [measure.value for measure in meaning.measures]
    if meaning.year is not None:
        data["year"] = meaning.year
    if meaning.unit:
        data["unit"] = meaning.unit
    return data


def _fragment_to_json(fragment: TableFragment) -> Json:
    data: Json = {
        "page": fragment.page,
        "bbox": _bbox(fragment.box),
        "first_row": fragment.first_row,
        "last_row": fragment.last_row,
        "probability": _probability(fragment.probability),
        "evidence": list(fragment.evidence),
    }
    if fragment.number is not None:
        data["number"] = fragment.number
    if fragment.last_col is not None:
        data["first_col"], data["last_col"] = fragment.first_col, fragment.last_col
    return data


def _cell_to_json(cell: Cell) -> Json:
    data: Json = {
        "row": cell.row,
        "col": cell.col,
        "row_span": cell.row_span,
        "col_span": cell.col_span,
        "text": cell.text,
        "role": None if cell.role is None else cell.role.value,
        "value": _decimal(cell.value),
        "page": cell.page,
        "bbox": _bbox(cell.box),
        "source": cell.source.value,
        "confidence": _probability(cell.confidence),
        "needs_review": cell.needs_review,
        "alternatives": [_alternative_to_json(other) for other in cell.alternatives],
    }
    if cell.status is not None:
        data["status"] = cell.status.value
        data["proofs"] = cell.proofs
    if cell.continued:
        data["continued"] = [_place_to_json(place) for place in cell.continued]
    return data


def _alternative_to_json(alternative: Alternative) -> Json:
    return {"text": alternative.text, "probability": _probability(alternative.probability)}


def _place_to_json(place: Place) -> Json:
    return {"page": place.page, "bbox": _bbox(place.box)}


def _table_finding_to_json(finding: Finding, table_id: str) -> Json:
    strangers = sorted({ref.table for ref in finding.cells} - {table_id})
    if strangers:
        raise ValueError(f"finding {finding.rule} of table {table_id} points into {', '.join(strangers)}")
    return _finding_to_json(finding) | {"cells": [[ref.row, ref.col] for ref in finding.cells]}


def _finding_to_json(finding: Finding) -> Json:
    data: Json = {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "cells": [],
        "expected": finding.expected,
        "found": finding.found,
        "proposal": finding.proposal,
    } | ({} if finding.verdict is None else {"verdict": finding.verdict.value})
    if finding.places:
        data["places"] = [_place_to_json(place) for place in finding.places]
    return data


def _bbox(box: Box) -> list[float]:
    return [_points(box.x0), _points(box.y0), _points(box.x1), _points(box.y1)]


def _points(value: float) -> float:
    return round(float(value), 2) + 0.0  # adding 0.0 turns -0.0 into 0.0


def _probability(value: float) -> float:
    return round(float(value), 4) + 0.0


def _decimal(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")
