"""Amounts in prose: what they count, and whether the tables print the same."""

from dataclasses import replace
from decimal import Decimal

import pytest

from lanci.checking import check
from lanci.document import (
    AmountStatus,
    Box,
    Caption,
    Cell,
    Column,
    ConflictVerdict,
    Document,
    Finding,
    HeaderRole,
    Measure,
    Place,
    RowRole,
    Severity,
    SourceInfo,
    Statement,
    Table,
    TableFragment,
)
from lanci.facets import FUNDS
from lanci.interpret import FigureRole, interpret, read_figures, text_to_subject
from lanci.store.decode import json_to_document
from lanci.store.encode import document_to_json
from lanci.validate import validate

NAME, AMOUNT, CODE, ITEM = HeaderRole.SUBJECT_NAME, HeaderRole.AMOUNT, HeaderRole.SUBJECT_CODE, HeaderRole.ITEM
SPENDING = [(CODE, "编码"), (NAME, "名称"), (AMOUNT, "合计"), (AMOUNT, "基本支出"), (AMOUNT, "项目支出")]
SPENT = [
    " | 合计 | 103.00 | 61.25 | 41.75",
    "201 | 一般公共服务支出 | 61.25 | 61.25 | ",
    "20103 | 政府办公厅（室）及相关机构事务 | 61.25 | 61.25 | ",
    "2010301 | 行政运行 | 61.25 | 61.25 | ",
    "208 | 社会保障和就业支出 | 41.75 | | 41.75",
]
THREE = ["三公经费合计 | 8.43", "公务接待费 | 2.40", "公务用车运行维护费 | 6.03"]
PLACE = Place(3, Box(90, 100, 500, 160))


def make_table(
    kind: str, fund: str, columns: list[tuple[HeaderRole, str]], rows: list[str], unit: str = "万元"
) -> Table:
    texts = [[path for _, path in columns], *([text.strip() for text in row.split("|")] for row in rows)]
    totals = (RowRole.TOTAL if any("合计" in text for text in row) else RowRole.DETAIL for row in texts[1:])
    cells = tuple(
        Cell(r, c, 1, 1, text, 8, Box(10 * c, 20 * r, 10 * c + 10, 20 * r + 20), role=columns[c][0])
        for r, row in enumerate(texts)
        for c, text in enumerate(row)
    )
    described = tuple(Column(i, role, (path,)) for i, (role, path) in enumerate(columns))
    head = ("t001", "expenditure_summary", kind, fund, "all", "none", 1.0)
    caption = Caption(title="表", entity="某县水务局", fiscal_year=2026, unit=unit)
    fragments = (TableFragment(8, Box(0, 0, 100, 500), 0, len(rows)),)
    roles = (RowRole.HEADER, *totals)
    return interpret(Table(*head, caption, (), len(texts), len(columns), 1, roles, described, fragments, cells))


def spending(fund: str = "all", rows: list[str] = SPENT, unit: str = "万元") -> Table:
    return make_table("expenditure", fund, SPENDING, rows, unit)


def three_public() -> Table:
    return make_table("three_public_expenses", "general_public", [(ITEM, "项目"), (AMOUNT, "预算数")], THREE)


def narrative(table: Table, *texts: str, heading: str = "", confidence: float = 1.0) -> list[Finding]:
    statements = [Statement(text, (PLACE,), heading, confidence) for text in texts]
    return [one for one in validate([table], (), statements)[1] if one.rule.startswith("narrative")]


def figures(text: str) -> list[tuple[str, str]]:
    return [(figure.phrase, str(figure.value)) for figure in read_figures(Statement(text, (PLACE,)))]


def test_figures_are_read_with_what_they_count():
    text = "２０２６年收入预算１，０３１．２１万元，比上年增加12.3万元，增长1.2 %。其中：基本支出606.34 万元，占58.8%"
    found = read_figures(Statement(text, (PLACE,)))
    assert [(one.role, one.value, one.unit) for one in found] == [
        (FigureRole.AMOUNT, Decimal("1031.21"), "万元"),
        (FigureRole.CHANGE, Decimal("12.3"), "万元"),
        (FigureRole.RATE, Decimal("1.2"), "%"),
        (FigureRole.AMOUNT, Decimal("606.34"), "万元"),
        (FigureRole.SHARE, Decimal("58.8"), "%"),
    ]
    assert [(one.of, one.whole) for one in found] == [(None, None), (0, None), (0, None), (None, 0), (3, None)]
    assert (found[0].phrase, found[0].year, found[3].phrase) == ("2026年收入预算", 2026, "基本支出")


@pytest.mark.parametrize(
    ("text", "wholes"),
    [
        ("支出预算10元，其中基本支出6元，包括人员经费5元、公用经费1元；项目支出4元。", [None, 0, 1, 1, 0]),
        ("三公经费50元，其中：出国（境）0元；用车5元（其中：购置费0元，运行费5元）；接待费0元", [None, 0, 0, 2, 2, 0]),
        ("办公楼10元。印刷费4元", [None, None]),
        ("收入预算9元，其中：拨款收入6元、上年结转3元", [None, 0, 0]),
    ],
)  # fmt: skip
def test_parts_belong_to_the_amount_before_them(text: str, wholes: list[int | None]):
    assert [figure.whole for figure in read_figures(Statement(text, (PLACE,)))] == wholes


def test_amounts_of_last_year_and_falls_are_told_apart():
    text = "2026年预算5元，比2025年预算数8元减少3元，与上年决算7元相比"
    found = read_figures(Statement(text, (PLACE,)))
    assert [one.is_prior for one in found] == [False, True, False, True]
    assert found[2].value == -3


@pytest.mark.parametrize("text", ["共12,34万元", "第3.2.1元", "A12元"])
def test_what_is_no_number_is_no_figure(text: str):
    assert figures(text) == []


@pytest.mark.parametrize(
    ("phrase", "label"),
    [
        ("（3）卫生健康支出（类）支出", "三、卫生健康支出"),
        ("4.“住房保障支出”科目", "住房保障支出"),
        ("某县水务局2026年度财政拨款“三公”经费支出预算", "“三公”经费合计"),
        ("公务用车运行维护费2026年预算数", "公务用车运行维护费"),
        ("其中：基本支出", "基本支出"),
    ],
)
def test_phrases_and_labels_meet(phrase: str, label: str):
    one, other = text_to_subject(phrase), text_to_subject(label)
    assert (one.things, one.name) == (other.things, other.name)
    assert not one.is_open


def test_codes_classes_and_sides_are_read():
    coded = text_to_subject("（五）2101202-财政对城乡居民基本医疗保险基金的补助")
    assert (coded.code, coded.name) == ("2101202", "财政对城乡居民基本医疗保险基金的补助")
    chain = text_to_subject("1.统计信息事务（款）行政运行（项）支出")
    assert (chain.name, chain.parents) == ("行政运行", ("统计信息事务",))
    assert [text_to_subject(text).side for text in ("收入预算", "支出总计", "收、支总预算", "合计")] == [
        "income", "expenditure", "both", "",
    ]  # fmt: skip
    assert text_to_subject("政府性基金预算支出").fund is Measure.GOVERNMENT_FUND


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", AmountStatus.UNCHECKED),
        ("住房公积金（项）支出7.31万元", AmountStatus.PROVEN),
        ("住房公积金（项）支出73,100元", AmountStatus.PROVEN),
        ("住房公积金（项）支出7.3万元", AmountStatus.UNCHECKED),  # says nothing of the last digit
    ],
)
def test_an_amount_in_prose_proves_that_of_the_table(text: str, status: AmountStatus):
    table = spending(rows=["2210201 | 住房公积金 | 7.31 | | "])
    (checked,), _ = validate([table], (), [Statement(text, (PLACE,))])
    assert [cell.status for cell in checked.cells if cell.value == Decimal("7.31")] == [status]


@pytest.mark.parametrize(
    "text",
    [
        "2026年支出预算103万元，其中：基本支出61.25万元，项目支出41.75万元",
        "支出预算1,030,000元",
        "支出预算103.0万元，比上年增加5.5万元，上年支出预算97.5万元",
        "一般公共服务支出61.3万元",  # rounded
        "一般公共服务支出61万元",
        "社会保障和就业支出41万元",  # cut off
        "2025年支出预算99.10万元",
        "办公用品88.88万元",  # nothing that a table names
        "水利工程20.20万元，主要用于：行政运行5.04万元、巡查15.16万元",  # parts of a project
    ],
)
def test_what_agrees_or_is_not_told_is_no_finding(text: str):
    assert narrative(spending(), text) == []


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ("2026年支出预算130.00万元", "130.00", "103.00"),
        ("某县水务局支出预算10.30亿元", "10.30", "103.00"),
        ("政府办公厅（室）及相关机构事务（款）行政运行（项）支出62.25万元", "62.25", "61.25"),
        ("2010301-行政运行62.25万元", "62.25", "61.25"),
        ("（二）项目支出。2026年预算数47.15万元", "47.15", "41.75"),
    ],
)
def test_what_differs_is_a_warning_with_its_place(text: str, found: str, expected: str):
    (finding,) = narrative(spending(), text)
    assert (finding.rule, finding.severity) == ("narrative-figure", Severity.WARNING)
    assert (finding.found, finding.expected, finding.places) == (found, expected, (PLACE,))
    assert "第3页" in finding.message and "page 3" in finding.message
    assert {ref.table for ref in finding.cells} == {"t001"}


def test_a_heading_tells_what_a_bare_amount_counts():
    assert narrative(three_public(), "2026年预算安排2.40万元", heading="（二）公务接待费") == []
    (finding,) = narrative(
        three_public(), "2026年预算安排2.90万元，与上年持平", heading="（二）一般公共预算安排的公务接待费"
    )
    assert (finding.found, finding.expected) == ("2.90", "2.40")


def test_another_fund_is_another_amount():
    assert narrative(spending("government_fund"), "一般公共预算支出预算130.00万元") == []
    assert len(narrative(spending("general_public"), "一般公共预算支出预算130.00万元")) == 1


def test_prose_read_by_ocr_is_compared_and_its_doubt_told():
    text = "支出预算{}万元，其中：基本支出61.25万元，项目支出41.75万元"
    differing, listed = narrative(spending(), text.format("130.00"), confidence=0.9)
    assert (differing.rule, differing.verdict) == ("narrative-figure", ConflictVerdict.SOURCE)
    assert (listed.rule, listed.severity) == ("narrative-sum", Severity.WARNING)
    assert "confidence 0.90" in differing.message
    # One digit off, against tables that nobody doubts: prose that was misread says nothing of the source.
    found = narrative(spending(), text.format("108.00"), confidence=0.9)
    assert {(one.verdict, one.severity) for one in found} == {(ConflictVerdict.MISREADING, Severity.INFO)}


def test_lists_that_name_all_parts_add_up():
    text = "支出预算{}万元，其中：基本支出61.25万元、项目支出41.75万元"
    table = spending(rows=[" | 合计 | 77.00 | 1.00 | 76.00"])
    sums = [one for one in narrative(table, text.format("104.00")) if one.rule == "narrative-sum"]
    assert [(one.expected, one.found, one.cells, one.places) for one in sums] == [("103.00", "104.00", (), (PLACE,))]
    assert not [one for one in narrative(table, text.format("103.00")) if one.rule == "narrative-sum"]
    assert narrative(table, "培训费104.00万元，其中：会议费1.11万元、印刷费2.22万元") == []


def test_statements_and_their_findings_are_stored():
    statements = (
        Statement("支出预算130.00万元", (PLACE, replace(PLACE, page=4)), "二、支出预算"),
        Statement("支出预算103.00万元", (PLACE,), confidence=0.75),
    )
    source = SourceInfo("a.pdf", "0" * 64, "application/pdf", 9)
    document = check(Document(source, (), (), (spending(),), statements=statements))
    assert [finding.places for finding in document.findings] == [(PLACE,)]
    data = document_to_json(document)
    again = json_to_document(data)
    assert (again.statements, again.findings) == (statements, document.findings)
    assert document_to_json(check(again)) == data


@pytest.mark.parametrize("fund", FUNDS)
def test_prose_is_compared_with_tables_of_any_fund(fund: str):
    assert narrative(spending(fund), "2026年支出预算103.00万元。") == []
