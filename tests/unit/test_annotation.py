"""The shipped ground truth is sound, and every kind of planted contradiction is caught and named."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lanci.annotation import (
    NO_BOX,
    AnnotatedDocument,
    AnnotatedTable,
    How,
    load_annotation,
    load_annotations,
    read_annotation,
    save_annotation,
)
from lanci.document import Box, Cell, RowRole
from lanci.errors import AnnotationError
from lanci.facets import CLASSIFICATIONS, FUNDS, KINDS, SCOPES, FacetValues, facets_to_type

SHIPPED = Path(__file__).parents[2] / "annotations" / "documents"
FILES = sorted(SHIPPED.glob("*.json"))
SEEDS = {"gaoyi-2021": 3, "julu-2022": 39, "linxi-2021": 22, "pingxiang-2023": 30, "xushui-2024": 26}
Json = dict[str, Any]


def read(name: str) -> Json:
    content: Json = json.loads((SHIPPED / f"{name}.json").read_text(encoding="utf-8"))
    return content


@pytest.fixture(scope="module")
def documents() -> tuple[AnnotatedDocument, ...]:
    return load_annotations(SHIPPED)


def table_of(documents: tuple[AnnotatedDocument, ...], document: str, table: str) -> AnnotatedTable:
    found = next(d for d in documents if d.id == document)
    return next(t for t in found.tables if t.table.id == table)


def test_every_table_of_the_five_texts_is_there(documents: tuple[AnnotatedDocument, ...]) -> None:
    assert {d.id: len(d.tables) for d in documents if d.id in SEEDS} == SEEDS
    assert [d.id for d in documents] == [path.stem for path in FILES]


def test_cells_are_counted_by_how_they_were_settled(documents: tuple[AnnotatedDocument, ...]) -> None:
    first = table_of(documents, "linxi-2021", "t001").verification
    assert (first.how, first.agreed, first.by_eye) == (How.READINGS_AND_ARITHMETIC, 177, 0)
    labels = table_of(documents, "gaoyi-2021", "t002").verification
    assert [doubt.split(":")[0] for doubt in labels.doubts] == [
        "The source text is ragged",
        "预算管理 (7) is cut by the page break",
    ]


def test_pages_follow_each_other(documents: tuple[AnnotatedDocument, ...]) -> None:
    for document in documents:
        pages = [f.page for t in document.tables for f in t.fragments]
        assert pages == sorted(pages), document.id


def test_types_come_from_the_facets(documents: tuple[AnnotatedDocument, ...]) -> None:
    types = {t.table.id: t.table.type for d in documents if d.id == "julu-2022" for t in d.tables[:10]}
    assert list(types.values()) == [
        "budget_summary",
        "income_summary",
        "expenditure_summary",
        "fiscal_appropriation_summary",
        "general_public_expenditure",
        "general_public_basic_expenditure",
        "government_fund_expenditure",
        "state_capital_expenditure",
        "three_public_expenses",
        "organization",
    ]


def test_the_true_errors_of_the_sources_are_listed(documents: tuple[AnnotatedDocument, ...]) -> None:
    income = " ".join(table_of(documents, "julu-2022", "t002").inconsistencies)
    assert all(figure in income for figure in ("1385.53", "1379.53", "1204.00", "1210.00", "1225.6"))
    assert table_of(documents, "pingxiang-2023", "t009").inconsistencies
    assert not any(t.inconsistencies for t in next(d for d in documents if d.id == "linxi-2021").tables)


def test_a_label_cut_by_the_page_break_is_one_cell(documents: tuple[AnnotatedDocument, ...]) -> None:
    annotated = table_of(documents, "linxi-2021", "t011")
    label = annotated.table.cell_at(4, 0)
    assert label is not None
    assert (label.text, label.row, label.row_span, label.page) == ("产出指标", 2, 4, 15)
    assert [place.page for place in label.continued] == [16]


def to_json(document: AnnotatedDocument) -> Json:
    """The record in the form of the file, written independently of the loader."""

    def cell(c: Cell) -> Json:
        return {"row": c.row, "col": c.col, "row_span": c.row_span, "col_span": c.col_span, "text": c.text}

    def corners(box: Box) -> list[float] | None:
        return None if box == NO_BOX else [box.x0, box.y0, box.x1, box.y1]

    def table(a: AnnotatedTable) -> Json:
        t = a.table
        return {
            "id": t.id,
            "title": t.title,
            "entity": t.caption.entity,
            "entity_code": t.caption.entity_code,
            "fiscal_year": t.caption.fiscal_year,
            "unit": t.caption.unit,
            "caption_lines": list(t.caption.lines),
            "kind": t.kind,
            "fund": t.fund,
            "scope": t.scope,
            "classification": t.classification,
            "notes": list(t.notes),
            "companion": t.companion,
            "n_rows": t.n_rows,
            "n_cols": t.n_cols,
            "n_header_rows": t.n_header_rows,
            "row_roles": [role.value for role in t.row_roles],
            "columns": [
                {
                    "index": c.index,
                    "role": c.role.value,
                    "path": list(c.path),
                    "column_number": c.column_number,
                }
                for c in t.columns
            ],
            "fragments": [
                {
                    "page": f.page,
                    "first_row": f.first_row,
                    "last_row": f.last_row,
                    "bbox": corners(f.box),
                    "caption_lines": list(f.caption_lines),
                    "repeated_header": [cell(c) | {"bbox": corners(c.box)} for c in f.repeated_header],
                }
                for f in a.fragments
            ],
            "cells": [cell(c) | {"role": c.role.value if c.role else None, "bbox": corners(c.box)} for c in t.cells],
            "verified": {
                "how": a.verification.how.value,
                "agreed": a.verification.agreed,
                "by_eye": a.verification.by_eye,
                "doubts": list(a.verification.doubts),
                "remarks": a.verification.remarks,
            },
            "inconsistencies": list(a.inconsistencies),
        }

    place = ("id", "name", "province", "city", "county", "fiscal_year")
    about = (*place, "sha256", "media", "origin", "published", "scanned", "layout")
    return {
        "schema": "lanci/annotation/2",
        "document": {name: getattr(document, name) for name in about},
        "n_pages": document.n_pages,
        "pages": [{"number": p.number, "width": p.width, "height": p.height} for p in document.pages],
        "narrative": [{"page": n.page, "kind": n.kind, "text": n.text, "before": n.before} for n in document.narrative],
        "tables": [table(t) for t in document.tables],
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_loading_and_saving_lose_nothing(path: Path, tmp_path: Path) -> None:
    document = load_annotation(path)
    save_annotation(document, tmp_path / path.name)
    assert (tmp_path / path.name).read_bytes() == path.read_bytes()
    content, rebuilt = read(path.stem), to_json(document)
    assert rebuilt == content
    assert [list(t) for t in rebuilt["tables"]] == [list(t) for t in content["tables"]], "order of the keys"


def cells(content: Json, table: int = 0) -> list[Json]:
    found: list[Json] = content["tables"][table]["cells"]
    return found


def widen(content: Json) -> None:
    next(c for c in cells(content) if (c["row"], c["col"]) == (5, 1))["col_span"] = 2


def drop(content: Json) -> None:
    cells(content).remove(next(c for c in cells(content) if (c["row"], c["col"]) == (5, 1)))


def overflow(content: Json) -> None:
    cells(content)[-1]["row_span"] = 2


def lose_row_role(content: Json) -> None:
    content["tables"][0]["row_roles"].pop()


def lose_last_row(content: Json) -> None:
    content["tables"][0]["fragments"][-1]["last_row"] -= 1


def skip_a_row(content: Json) -> None:
    content["tables"][0]["fragments"][1]["first_row"] += 1


def same_page_twice(content: Json) -> None:
    content["tables"][0]["fragments"][1]["page"] = 1


def hole_in_repeated_header(content: Json) -> None:
    content["tables"][0]["fragments"][1]["repeated_header"].pop()


def repeat_on_first_page(content: Json) -> None:
    first, second = content["tables"][0]["fragments"]
    first["repeated_header"] = second["repeated_header"]


def wrong_column_number(content: Json) -> None:
    content["tables"][0]["columns"][2]["column_number"] = 7


def wrong_column_formula(content: Json) -> None:
    next(c for c in cells(content) if (c["row"], c["col"]) == (2, 4))["text"] = "5=2+3"


def miscounted(content: Json) -> None:
    content["tables"][0]["verified"]["by_eye"] += 1


def agreed_by_eye(content: Json) -> None:
    content["tables"][0]["verified"]["how"] = "by eye"


def tables_in_a_negative(content: Json) -> None:
    content["document"]["layout"] = "no-tables"


def no_tables(content: Json) -> None:
    content["tables"] = []
    content["narrative"] = []


def a_page_without_size(content: Json) -> None:
    content["pages"] = [{"number": n, "width": 595.3, "height": 841.9} for n in range(1, 33)]


def wrong_path(content: Json) -> None:
    content["tables"][0]["columns"][2]["path"] = ["支出", "预算数"]


def wrong_header_role(content: Json) -> None:
    next(c for c in cells(content) if (c["row"], c["col"]) == (1, 2))["role"] = "item"


def wrong_body_role(content: Json) -> None:
    next(c for c in cells(content) if (c["row"], c["col"]) == (4, 2))["role"] = "text"


def header_below_header(content: Json) -> None:
    content["tables"][0]["row_roles"][9] = "header"


def one_sided_companion(content: Json) -> None:
    content["tables"][0]["companion"] = "t002"


def lonely_companion(content: Json) -> None:
    content["tables"][0]["companion"] = "t099"


def same_id_twice(content: Json) -> None:
    content["tables"][1]["id"] = "t001"


def prose_off_the_pages(content: Json) -> None:
    content["narrative"][-1]["page"] = 99


def swapped_cells(content: Json) -> None:
    found = cells(content)
    found[-1], found[-2] = found[-2], found[-1]


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        (widen, "table t001, cell (5, 2): overlaps cell (5, 1)"),
        (drop, "table t001, cell (5, 1): no cell covers"),
        (overflow, "cell (35, 4): spans 2 x 1: out of the 36 x 5 grid"),
        (swapped_cells, "cell (35, 3): cells must stand in row-major order"),
        (lose_row_role, "table t001: 35 row_roles for 36 rows"),
        (lose_last_row, "table t001: the fragments end at row 34, the table at row 35"),
        (skip_a_row, "fragment 2 (page 2): begins at row 20, expected row 19"),
        (same_page_twice, "fragment 2 (page 1): its page must come after page 1"),
        (hole_in_repeated_header, "cell (2, 4): fragment 2 (page 2), repeated header: no cell covers"),
        (repeat_on_first_page, "fragment 1 (page 1): the first fragment cannot repeat"),
        (wrong_column_number, "cell (2, 2): column_number 7, but 2 is printed"),
        (wrong_column_formula, "cell (2, 4): column_number 4, but 5 is printed"),
        (wrong_path, "column 2: path ['支出', '预算数'], but the header cells say ['收入', '预算数']"),
        (wrong_header_role, "cell (1, 2): role amount, but the header cell above has item"),
        (wrong_body_role, "cell (4, 2): role text, expected amount"),
        (header_below_header, "row 9: a header row below the 3 header rows"),
        (one_sided_companion, "table t001: its companion t002 names None"),
        (lonely_companion, "its companion t099 is no other table"),
        (same_id_twice, "table t001: another table of the document has this id"),
        (prose_off_the_pages, "narrative on page 99"),
        (miscounted, "table t001: verified: 177 cells agreed, 1 by eye, but the table has 177"),
        (agreed_by_eye, "verified: 177 cells agreed, 0 by eye, but all cells of a table verified by eye"),
        (tables_in_a_negative, "linxi-2021: layout no-tables is that of documents without tables"),
        (no_tables, "it has layout hebei-disclosure and 0 tables"),
        (a_page_without_size, "but there must be one for each of 1 to 33, or none"),
    ],
)
def test_a_contradiction_is_caught_and_named(plant: Callable[[Json], None], said: str, tmp_path: Path) -> None:
    content = read("linxi-2021")
    plant(content)
    path = tmp_path / "linxi-2021.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(AnnotationError) as caught:
        load_annotations(tmp_path)
    message = str(caught.value)
    assert said in message
    assert message.startswith(f"{path}: ")


def test_a_breach_of_the_schema_names_table_and_cell(tmp_path: Path) -> None:
    content = read("linxi-2021")
    cells(content, 4)[7]["row_span"] = 0
    content["tables"][5]["kind"] = "pie"
    path = tmp_path / "a.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(AnnotationError, match=r"a\.json: .*table t005, cell \(2, 0\), row_span: 0 is less") as e:
        load_annotation(path)
    assert 'table t006, kind: "pie" is not one of' in str(e.value)


def test_a_document_without_tables_is_a_negative(tmp_path: Path) -> None:
    content = read("linxi-2021") | {"tables": [], "narrative": []}
    content["document"] |= {"layout": "no-tables", "county": ""}
    path = tmp_path / "linxi-2021.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    assert load_annotation(path).tables == ()


def test_unfinished_work_can_be_read_with_all_its_problems(tmp_path: Path) -> None:
    content = read("linxi-2021")
    for table in content["tables"]:
        table["verified"]["agreed"] += 1
    path = tmp_path / "linxi-2021.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    reading = read_annotation(path)
    assert reading.document is not None and len(reading.document.tables) == 22
    assert len(reading.problems) == 22
    save_annotation(reading.document, path)
    assert read_annotation(path) == reading


def test_what_is_no_annotation_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match="no annotation files"):
        load_annotations(tmp_path)
    (tmp_path / "x.json").write_text("{", encoding="utf-8")
    with pytest.raises(AnnotationError, match=r"x\.json: not a JSON file"):
        load_annotations(tmp_path)
    for name in ("x", "y"):
        (tmp_path / f"{name}.json").write_text(json.dumps(read("gaoyi-2021")), encoding="utf-8")
    with pytest.raises(AnnotationError, match="two documents have the id 'gaoyi-2021'"):
        load_annotations(tmp_path)


def test_the_schema_knows_exactly_the_values_that_the_code_knows() -> None:
    path = SHIPPED.parents[1] / "pipeline" / "lanci" / "annotation" / "annotation-2.schema.json"
    table = json.loads(path.read_text(encoding="utf-8"))["$defs"]["table"]["properties"]
    assert tuple(table["kind"]["enum"]) == KINDS
    assert tuple(table["fund"]["enum"]) == FUNDS
    assert tuple(table["scope"]["enum"]) == SCOPES
    assert tuple(table["classification"]["enum"]) == CLASSIFICATIONS
    assert tuple(table["row_roles"]["items"]["enum"]) == tuple(role.value for role in RowRole)


@pytest.mark.parametrize(
    ("facets", "name"),
    [
        (("summary", "all", "all", "none"), "budget_summary"),
        (("summary", "fiscal_appropriation", "all", "none"), "fiscal_appropriation_summary"),
        (("income", "all", "all", "functional"), "income_summary"),
        (("expenditure", "all", "all", "functional"), "expenditure_summary"),
        (("expenditure", "all", "all", "government_economic"), "expenditure_summary_by_government_economic"),
        (("expenditure", "all", "project", "functional"), "project_expenditure"),
        (("expenditure", "general_public", "basic", "department_economic"), "general_public_basic_expenditure"),
        (
            ("expenditure", "general_public", "basic", "functional"),
            "general_public_basic_expenditure_by_functional",
        ),
        (("three_public_expenses", "fiscal_appropriation", "all", "none"), "three_public_expenses"),
        (("performance_targets", "all", "all", "none"), "performance_targets"),
    ],
)
def test_type_names(facets: tuple[str, str, str, str], name: str) -> None:
    assert facets_to_type(*facets) == FacetValues(*facets).type == name


def test_an_unknown_facet_is_refused() -> None:
    with pytest.raises(ValueError, match="fund 'gold' is none of all, fiscal_appropriation"):
        FacetValues("summary", "gold")
