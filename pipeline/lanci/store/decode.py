"""JSON in the published form back to a document."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from lanci.document import (
    Alternative,
    AmountStatus,
    AppliedOverride,
    Box,
    Caption,
    Cell,
    CellRef,
    Column,
    ColumnMeaning,
    ConflictVerdict,
    Document,
    Facets,
    Finding,
    FormAmount,
    HeaderRole,
    Measure,
    PageKind,
    PageSummary,
    Place,
    RowMeaning,
    RowRole,
    Severity,
    SourceInfo,
    Statement,
    SubColumn,
    SubjectCode,
    SubTable,
    Table,
    TableFragment,
    TextSource,
)
from lanci.override import OverrideAction
from lanci.store.validate_json import check_document_json

Json = dict[str, Any]


def json_to_document(data: object) -> Document:
    """The document that was written by :func:`lanci.store.encode.document_to_json`.

    Equal to the original but for rounded coordinates and probabilities.

    Raises:
        UnsupportedInputError: the data are of another schema or of another version of it.
        DamagedError: they break the schema; the message says where.
    """
    valid = check_document_json(data)
    source = valid["source"]
    return Document(
        source=SourceInfo(source["name"], source["sha256"], source["media_type"], source["n_pages"]),
        software=tuple(valid["software"].items()),
        pages=tuple(_json_to_page(page) for page in valid["pages"]),
        tables=tuple(_json_to_table(table) for table in valid["tables"]),
        findings=tuple(
            _json_to_finding(f, tuple(CellRef(c["table"], c["row"], c["col"]) for c in f["cells"]))
            for f in valid["findings"]
        ),
        statements=tuple(_json_to_statement(statement) for statement in valid.get("statements", ())),
        overrides=tuple(
            AppliedOverride(OverrideAction(o["action"]), o["page"], o["table"], float(o["model_probability"]))
            for o in valid.get("overrides", ())
        ),
    )


def _json_to_statement(data: Json) -> Statement:
    return Statement(data["text"], _json_to_places(data), data["heading"], float(data.get("confidence", 1)))


def _json_to_places(data: Json, key: str = "places") -> tuple[Place, ...]:
    return tuple(Place(place["page"], _json_to_box(place["bbox"])) for place in data.get(key, ()))


def _json_to_page(data: Json) -> PageSummary:
    return PageSummary(
        number=data["number"],
        width=float(data["width"]),
        height=float(data["height"]),
        rotation=data["rotation"],
        kind=PageKind(data["kind"]),
        remarks=tuple(data["remarks"]),
    )


def _json_to_table(data: Json) -> Table:
    return Table(
        id=data["id"],
        type=data["type"],
        kind=data["kind"],
        fund=data["fund"],
        scope=data["scope"],
        classification=data["classification"],
        type_probability=float(data["type_probability"]),
        caption=Caption(
            lines=tuple(data["caption_lines"]),
            title=data["title"],
            entity=data["entity"],
            entity_code=data["entity_code"],
            fiscal_year=data["fiscal_year"],
            unit=data["unit"],
        ),
        notes=tuple(data["notes"]),
        n_rows=data["n_rows"],
        n_cols=data["n_cols"],
        n_header_rows=data["n_header_rows"],
        row_roles=tuple(RowRole(role) for role in data["row_roles"]),
        columns=tuple(
            Column(c["index"], HeaderRole(c["role"]), tuple(c["path"]), c["column_number"], _json_to_column_meaning(c))
            for c in data["columns"]
        ),
        fragments=tuple(_json_to_fragment(fragment) for fragment in data["fragments"]),
        cells=tuple(_json_to_cell(cell) for cell in data["cells"]),
        findings=tuple(
            _json_to_finding(f, tuple(CellRef(data["id"], row, col) for row, col in f["cells"]))
            for f in data["findings"]
        ),
        companion=data["companion"],
        meanings=tuple(_json_to_meaning(meaning) for meaning in data.get("meanings", ())),
        guesses=_json_to_guesses(data["guesses"]) if "guesses" in data else None,
        sub_tables=tuple(_json_to_sub_table(part) for part in data.get("sub_tables", ())),
        form_amounts=tuple(_json_to_form_amount(amount) for amount in data.get("form_amounts", ())),
    )


def _json_to_guesses(data: Json) -> Facets:
    ranked = {name: tuple((g["value"], float(g["probability"])) for g in found) for name, found in data.items()}
    return Facets(ranked["kind"], ranked["fund"], ranked["scope"], ranked["classification"])


def _json_to_meaning(data: Json) -> RowMeaning:
    difference = data.get("difference_of")
    return RowMeaning(
        row=data["row"],
        codes=tuple(
            SubjectCode(c["code"], c["level"], c["name"], c["classification"], tuple(c["cols"]))
            for c in data.get("codes", ())
        ),
        within=tuple((row, col) for row, col in data.get("within", ())),
        difference_of=None if difference is None else (difference[0], difference[1]),
    )


def _json_to_column_meaning(data: Json) -> ColumnMeaning:
    return ColumnMeaning(_json_to_measures(data.get("measures", ())), data.get("year"), data.get("unit", ""))


def _json_to_measures(data: Iterable[str]) -> tuple[Measure, ...]:
    return tuple(Measure(value) for value in data)


def _json_to_form_amount(data: Json) -> FormAmount:
    return FormAmount(
        row=data["row"],
        col=data["col"],
        label=(data["label"][0], data["label"][1]),
        path=tuple(data["path"]),
        measures=_json_to_measures(data["measures"]),
        unit=data["unit"],
    )


def _json_to_sub_table(data: Json) -> SubTable:
    columns = tuple(SubColumn(c["first_col"], c["last_col"], tuple(c["path"])) for c in data["columns"])
    return SubTable(data["first_row"], data["last_row"], data["n_header_rows"], columns)


def _json_to_fragment(data: Json) -> TableFragment:
    return TableFragment(
        page=data["page"],
        box=_json_to_box(data["bbox"]),
        first_row=data["first_row"],
        last_row=data["last_row"],
        probability=float(data["probability"]),
        evidence=tuple(data["evidence"]),
        number=data.get("number"),
        first_col=data.get("first_col", 0),
        last_col=data.get("last_col"),
    )


def _json_to_cell(data: Json) -> Cell:
    return Cell(
        row=data["row"],
        col=data["col"],
        row_span=data["row_span"],
        col_span=data["col_span"],
        text=data["text"],
        page=data["page"],
        box=_json_to_box(data["bbox"]),
        source=TextSource(data["source"]),
        confidence=float(data["confidence"]),
        needs_review=data["needs_review"],
        alternatives=tuple(Alternative(a["text"], float(a["probability"])) for a in data["alternatives"]),
        role=None if data["role"] is None else HeaderRole(data["role"]),
        value=None if data["value"] is None else Decimal(data["value"]),
        continued=_json_to_places(data, "continued"),
        status=AmountStatus(data["status"]) if "status" in data else None,
        proofs=data.get("proofs", 0),
    )


def _json_to_finding(data: Json, cells: tuple[CellRef, ...]) -> Finding:
    return Finding(
        rule=data["rule"],
        severity=Severity(data["severity"]),
        message=data["message"],
        cells=cells,
        expected=data["expected"],
        found=data["found"],
        proposal=data["proposal"],
        verdict=ConflictVerdict(data["verdict"]) if "verdict" in data else None,
        places=_json_to_places(data),
    )


def _json_to_box(data: list[float]) -> Box:
    x0, y0, x1, y1 = (float(value) for value in data)
    return Box(x0, y0, x1, y1)
