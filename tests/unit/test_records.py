"""Tidy records: what is known of every amount of a document, and the file that holds them."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from lanci.document import (
    Box,
    Caption,
    Cell,
    Column,
    Document,
    HeaderRole,
    Measure,
    RowRole,
    SourceInfo,
    Table,
    TableFragment,
)
from lanci.entities import EntityMatch
from lanci.interpret import Printed, interpret
from lanci.records import COLUMNS, TidyRecord, records_to_markdown, tidy_records
from lanci.store import document_to_json, json_to_document, write_document

CODE, NAME, AMOUNT, ITEM = HeaderRole.SUBJECT_CODE, HeaderRole.SUBJECT_NAME, HeaderRole.AMOUNT, HeaderRole.ITEM
UNIT, PROJECT, TEXT = HeaderRole.UNIT_NAME, HeaderRole.PROJECT_NAME, HeaderRole.TEXT
ROLES = {"合计": RowRole.TOTAL, "资金总额": RowRole.SECTION, "项目名称": RowRole.SECTION}
CAPTION = Caption(title="支出总表", entity="某局", entity_code="434", fiscal_year=2022, unit="万元")


def make_table(columns: list[tuple[HeaderRole, str]], rows: list[str], caption: Caption = CAPTION) -> Table:
    """An interpreted table: its header in one row, a row is its texts between bars, header paths by slashes."""
    texts = [[path for _, path in columns], *([text.strip() for text in row.split("|")] for row in rows)]
    roles = (RowRole.HEADER, *(next((ROLES[t] for t in row if t in ROLES), RowRole.DETAIL) for row in texts[1:]))
    cells = tuple(
        Cell(r, c, 1, 1, text, 1, Box(10.004 * c, 20 * r, 10.004 * c + 10, 20 * r + 20), confidence=0.98765)
        for r, row in enumerate(texts)
        for c, text in enumerate(row)
    )
    described = tuple(Column(i, role, tuple(path.split("/"))) for i, (role, path) in enumerate(columns))
    fragments = (TableFragment(1, Box(0, 0, 100, 500), 0, len(texts) - 1),)
    head = ("t001", "expenditure_summary", "expenditure", "all", "all", "functional", 1.0)
    return interpret(Table(*head, caption, (), len(texts), len(columns), 1, roles, described, fragments, cells))


def make_document(*tables: Table) -> Document:
    return Document(SourceInfo("a.pdf", "0" * 64, "application/pdf", 1), (), (), tables)


def records_of(columns: list[tuple[HeaderRole, str]], rows: list[str]) -> list[TidyRecord]:
    return list(tidy_records(make_document(make_table(columns, rows))))


def test_a_record_tells_all_that_is_known_of_its_amount():
    columns = [(CODE, "编码"), (NAME, "名称"), (AMOUNT, "合计"), (AMOUNT, "上年结转/一般公共预算")]
    total, record, other = records_of(columns, ["合计 | | 3.60 | ", "2010301 | 行政运行 | 3.60 | -0.4"])
    assert (total.name, total.row_role, total.code) == ("合计", RowRole.TOTAL, "")
    assert (record.document, record.file, record.table, record.type) == (
        "0" * 64,
        "a.pdf",
        "t001",
        "expenditure_summary",
    )
    assert (record.entity, record.entity_code, record.fiscal_year, record.year) == ("某局", "434", 2022, 2022)
    assert (record.code, record.code_classification, record.name) == ("2010301", "functional", "行政运行")
    assert (record.measure, record.text, record.printed) == (Measure.TOTAL, "3.60", Printed.NUMBER)
    assert (str(record.value), record.unit, str(record.yuan)) == ("3.60", "万元", "36000.00")
    assert (other.measure, other.measure_groups) == (Measure.GENERAL_PUBLIC, "carry_over")
    assert (other.header, other.value) == ("上年结转 / 一般公共预算", Decimal("-0.4"))
    assert (record.page, record.x0, record.y1, record.confidence) == (1, 20.01, 60, 0.9877)


def test_what_is_printed_for_nothing_has_a_record_and_a_blank_has_none():
    found = records_of([(NAME, "名称"), (AMOUNT, "合计")], ["甲 | 0", "乙 | ", "丙 | -", "丁 | 无", "戊 | 1,23.4"])
    assert [(r.name, r.printed.value, r.value) for r in found] == [
        ("甲", "number", Decimal(0)),
        ("丙", "dash", None),
        ("丁", "none", None),
        ("戊", "text", None),
    ]


def test_units_in_labels_and_shares():
    columns = [(ITEM, "项目"), (AMOUNT, "预算数"), (AMOUNT, "占比%")]
    money, cars = records_of(columns, ["经费（元） | 5 | ", "车辆（辆） | 2 | "])
    assert [(r.unit, r.yuan) for r in (money, cars)] == [("元", 5), ("辆", None)]
    *_, share = records_of(columns, ["经费 | 5 | 12.5%"])
    assert (share.measure, share.value, share.unit, share.yuan) == (Measure.SHARE, Decimal("12.5"), "%", None)


def test_amounts_keep_all_their_digits_in_yuan():
    (record,) = records_of([(NAME, "名称"), (AMOUNT, "合计")], ["甲 | 1234567890123456789012345678901234.56"])
    assert record.yuan == Decimal("12345678901234567890123456789012345600.00")


def test_each_half_of_a_table_has_its_own_names():
    columns = [(UNIT, "单位"), (ITEM, "收入"), (AMOUNT, "收入/预算数"), (ITEM, "支出"), (AMOUNT, "支出/预算数")]
    rows = ["甲局 | 一、财政拨款 | 5 | 一、教育支出 | 4", " | 其中：本级 | 3 | （一）学校 | 1"]
    found = [(r.name, r.within, r.spending_unit) for r in records_of(columns, rows)]
    assert found == [
        ("一、财政拨款", "", "甲局"),
        ("一、教育支出", "", "甲局"),
        ("其中：本级", "甲局 / 财政拨款", "甲局"),
        ("（一）学校", "甲局 / 教育支出", "甲局"),
    ]


def test_several_classifications_in_a_row():
    columns = [(CODE, "功能"), (CODE, "政府经济"), (AMOUNT, "金额")]
    (record,) = records_of(columns, ["2150701-行政运行 | 50101-工资 | 5"])
    assert (record.code, record.name, record.other_codes) == ("2150701", "行政运行", "50101 工资")


def test_labels_above_units_and_projects():
    columns = [(UNIT, "单位"), (PROJECT, "项目"), (AMOUNT, "金额")]
    rows = ["合计 | | 8", "甲局 | | 8", " | 修路 | 5", " | 造桥 | 3"]
    found = [(r.name, r.within, r.spending_unit, r.project) for r in records_of(columns, rows)]
    assert found == [
        ("合计", "", "", ""),
        ("甲局", "", "甲局", ""),
        ("修路", "甲局", "甲局", "修路"),
        ("造桥", "甲局", "甲局", "造桥"),
    ]


def test_years_in_rows_and_their_change():
    columns = [(UNIT, "单位"), (TEXT, "年度"), (AMOUNT, "公务接待费"), (AMOUNT, "合计")]
    rows = ["甲局 | 2021年 | 8 | 9", " | 2022年 | 7 | 7", " | 增减变化 | -1 | -2"]
    found = [(r.year, r.measure.value, r.measure_groups) for r in records_of(columns, rows)]
    assert found == [
        (2021, "official_reception", "prior_year"),
        (2021, "prior_year", ""),
        (2022, "official_reception", ""),
        (2022, "total", ""),
        (None, "change", "official_reception"),
        (None, "change", "total"),
    ]


def test_amounts_of_a_form_know_its_project():
    columns = [(TEXT, "")] * 4
    rows = ["项目名称 | 修路 | 项目编码 | A1", "资金总额 | 8.00 | 其他资金（元） | 100"]
    first, second = records_of(columns, rows)
    assert (first.name, first.measure, first.yuan, first.project) == ("资金总额", Measure.TOTAL, 80_000, "修路")
    assert (second.measure, second.unit, second.yuan, second.project_code) == (Measure.OTHER_FUNDS, "元", 100, "A1")
    assert first.row_role is RowRole.SECTION


@pytest.mark.parametrize(("others", "entity", "year"), [((2022,), "某局", 2022), ((2022, 2021), "", None)])
def test_what_a_table_does_not_tell_the_others_tell_if_they_agree(
    others: tuple[int, ...], entity: str, year: int | None
):
    columns, rows = [(NAME, "名称"), (AMOUNT, "合计")], ["甲 | 1"]
    silent = make_table(columns, rows, Caption(unit="万元"))
    told = [
        make_table(columns, rows, replace(CAPTION, entity=f"某局{n or ''}", fiscal_year=y))
        for n, y in enumerate(others)
    ]
    record = next(tidy_records(make_document(silent, *told)))
    assert (record.entity, record.fiscal_year) == (entity, year)


@pytest.mark.parametrize(
    ("entity", "code"), [("临西县水务局", "130535"), ("上海市财政局", "31"), ("朝阳区财政局", ""), ("水务局", "")]
)
def test_the_place_whose_document_it_is_has_its_code(entity: str, code: str):
    table = make_table([(NAME, "名称"), (AMOUNT, "合计")], ["甲 | 1"], replace(CAPTION, entity=entity))
    document = make_document(table)
    assert [record.division_code for record in tidy_records(document)] == [code]
    assert next(tidy_records(document, EntityMatch(division_code="11"))).division_code == "11"


def test_the_file_holds_the_records_and_reads_as_the_document_does(tmp_path: Path):
    table = make_table([(NAME, "名称"), (AMOUNT, "合计")], ["=甲 | -3.6", "乙 | 0.00"])
    document = make_document(table)
    raw = (write_document(document, tmp_path) / "records.csv").read_bytes()
    header, *rows = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    assert tuple(header) == COLUMNS
    first = dict(zip(header, rows[0], strict=True))
    assert (first["name"], first["value"], first["yuan"], first["status"]) == ("'=甲", "-3.6", "-36000.0", "")
    assert (first["measure"], first["needs_review"], first["x0"]) == ("total", "false", "10.0")
    assert len(rows) == 2
    assert list(tidy_records(json_to_document(document_to_json(document)))) == list(tidy_records(document))


def test_a_document_without_amounts_has_the_header_only(tmp_path: Path):
    raw = (write_document(make_document(), tmp_path) / "records.csv").read_bytes()
    assert raw.decode("utf-8-sig") == ",".join(COLUMNS) + "\r\n"


def test_the_page_on_records_is_up_to_date():
    page = Path(__file__).parents[2] / "docs" / "records.md"
    assert page.read_text(encoding="utf-8") == records_to_markdown()
