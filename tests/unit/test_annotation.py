"""The shipped ground truth is sound, and every kind of planted contradiction is caught and named."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lanci.annotation import AnnotatedDocument, AnnotatedTable, load_annotation, load_annotations
from lanci.document import Cell, RowRole
from lanci.errors import AnnotationError
from lanci.facets import CLASSIFICATIONS, FUNDS, KINDS, SCOPES, FacetValues, facets_to_type

SHIPPED = Path(__file__).parents[2] / "annotations" / "documents"
TABLES = {"gaoyi-2021": 3, "julu-2022": 39, "linxi-2021": 22, "pingxiang-2023": 30, "xushui-2024": 26}
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


def test_every_table_of_every_document_is_there(documents: tuple[AnnotatedDocument, ...]) -> None:
    assert {d.id: len(d.tables) for d in documents} == TABLES
    assert [d.id for d in documents] == sorted(TABLES)


def test_pages_follow_each_other(documents: tuple[AnnotatedDocument, ...]) -> None:
    for document in documents:
        pages = [f.page for t in document.tables for f in t.fragments]
        assert pages == sorted(pages), document.id


def test_types_come_from_the_facets(documents: tuple[AnnotatedDocument, ...]) -> None:
    types = {t.table.id: t.table.type for t in documents[1].tables[:10]}
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
                    "caption_lines": list(f.caption_lines),
                    "repeated_header": [cell(c) for c in f.repeated_header],
                }
                for f in a.fragments
            ],
            "cells": [cell(c) | {"role": c.role.value if c.role else None} for c in t.cells],
            "verified": {"how": a.verified, "remarks": a.remarks},
            "inconsistencies": list(a.inconsistencies),
        }

    about = ("id", "name", "province", "city", "county", "fiscal_year", "sha256", "origin", "layout")
    return {
        "schema": "lanci/annotation/1",
        "document": {name: getattr(document, name) for name in about},
        "n_pages": document.n_pages,
        "narrative": [{"page": n.page, "kind": n.kind, "text": n.text, "before": n.before} for n in document.narrative],
        "tables": [table(t) for t in document.tables],
    }


@pytest.mark.parametrize("name", sorted(TABLES))
def test_loading_loses_nothing(name: str) -> None:
    content = read(name)
    rebuilt = to_json(load_annotation(SHIPPED / f"{name}.json"))
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


def column_numbers_jump(content: Json) -> None:
    number = next(c for c in cells(content) if (c["row"], c["col"]) == (2, 4))
    number["text"] = "5"
    content["tables"][0]["columns"][4]["column_number"] = 5


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
        (column_numbers_jump, "column numbers [1, 2, 3, 5] do not count up"),
        (wrong_path, "column 2: path ['支出', '预算数'], but the header cells say ['收入', '预算数']"),
        (wrong_header_role, "cell (1, 2): role amount, but the header cell above has item"),
        (wrong_body_role, "cell (4, 2): role text, expected amount"),
        (header_below_header, "row 9: a header row below the 3 header rows"),
        (one_sided_companion, "table t001: its companion t002 names None"),
        (lonely_companion, "its companion t099 is no other table"),
        (same_id_twice, "table t001: another table of the document has this id"),
        (prose_off_the_pages, "narrative on page 99"),
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
    assert "table t006, kind: 'pie' is not one of" in str(e.value)


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
    path = SHIPPED.parents[1] / "pipeline" / "lanci" / "annotation" / "annotation-1.schema.json"
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
