"""Every kind of expectation holds on a document that is as expected and names what is not."""

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.unit.eval.test_cases_findings import HOLD as OF_CHECKS

from lanci.document import (
    Box,
    Caption,
    Cell,
    Column,
    Document,
    HeaderRole,
    PageKind,
    PageSummary,
    Place,
    RowMeaning,
    RowRole,
    SourceInfo,
    SubColumn,
    SubjectCode,
    SubTable,
    Table,
    TableFragment,
)
from lanci_eval.cases.cells import CellIs, RowHolds, RowsBetween, TextAbsent, UnmarkedTrue
from lanci_eval.cases.headers import ColumnNumbers, ColumnRoles, SubTableIs
from lanci_eval.cases.kinds import KINDS
from lanci_eval.cases.pages import BoxesInside, DistinctTables, PageIs, TableBox, TableCount, TableKinds
from lanci_eval.cases.rows import RowCodes, RowDifference, RowRoleIs, RowWithin, ValueIs
from lanci_eval.cases.tables import (
    CaptionIs,
    ColumnPaths,
    ColumnsFilled,
    ColumnSum,
    ColumnTotal,
    HeaderOnce,
    NumbersTrue,
    TableShape,
)

TEXTS = (
    ("类别", "项目", "预算数"),
    ("1", "2", "3"),
    ("服务", "办 公 费", "1.50"),
    ("", "印刷费", "2"),
    ("类别", "项目", "预算数"),
    ("", "ＡＢ费", "−0.5"),
    ("", "", ""),
)
CODE = SubjectCode("2010101", 3, "行政运行", "functional", (0,))
MEANINGS = (RowMeaning(2, (CODE,)), RowMeaning(3, within=((2, 0),)), RowMeaning(5, difference_of=(3, 2)))
INSIDE = SubTable(1, 3, 1, (SubColumn(0, 0, ("类", "别")), SubColumn(1, 2, ("数",))))
HEADERS = {0: RowRole.HEADER, 1: RowRole.COLUMN_NUMBER, 4: RowRole.HEADER}


def cell(row: int, col: int) -> Cell:
    """The label 服务 spans rows 2 and 3 and, cut by the page, goes on below the page's edge."""
    text = TEXTS[row][col]
    page = 1 if row < 4 else 2
    box = Box(100 * col, 30 * (row % 4), 100 * col + 100, 30 * (row % 4) + 30)
    cut = text == "服务"
    return Cell(
        row,
        col,
        2 if cut else 1,
        1,
        text,
        page,
        box,
        needs_review=text == "印刷费",
        value=Decimal(text.replace("−", "-")) if col == 2 and row > 1 and text and row != 4 else None,
        continued=(Place(2, Box(0, 390, 100, 420)),) if cut else (),
    )


@pytest.fixture(scope="module")
def document() -> Document:
    places = [(row, col) for row in range(7) for col in range(3) if (row, col) != (3, 0)]
    table = Table(
        id="t001",
        type="expenditure_summary",
        kind="expenditure",
        fund="all",
        scope="all",
        classification="none",
        type_probability=1.0,
        caption=Caption(lines=("附表 支出总表", "单位：万元"), title="支出总表", entity="某局", unit="万元"),
        notes=("注：四舍五入。",),
        n_rows=7,
        n_cols=3,
        n_header_rows=2,
        row_roles=tuple(HEADERS.get(row, RowRole.DETAIL) for row in range(7)),
        columns=tuple(Column(n, HeaderRole.TEXT, (text, "甲"), n + 1) for n, text in enumerate(TEXTS[0])),
        fragments=(TableFragment(1, Box(0, 0, 300, 120), 0, 3), TableFragment(2, Box(0, 0, 300, 90), 4, 6)),
        cells=tuple(cell(row, col) for row, col in places),
        meanings=MEANINGS,
        sub_tables=(INSIDE,),
    )
    upper = replace(
        table,
        id="t002",
        n_rows=4,
        row_roles=table.row_roles[:4],
        fragments=(TableFragment(4, Box(0, 0, 300, 120), 0, 3),),
        cells=tuple(cell for cell in table.cells if cell.row < 4),
    )
    turned = ("turned clockwise by 270 degrees to stand upright",)
    pages = tuple(
        PageSummary(number, 300, 400, 90 * number, PageKind.DIGITAL, remarks)
        for number, remarks in ((1, turned), (2, ()))
    )
    return Document(SourceInfo("a.pdf", "0", "application/pdf", 4), (), pages, (table, upper))


HOLD = [
    PageIs((1,), "digital", 90, (300, 400), turned=270),
    PageIs((2,), "digital", turned=0),
    TableCount((1, 2), 1),
    TableCount((3,), 0),
    DistinctTables((1, 2, 3), 1),
    DistinctTables((1, 4), 2),
    TableKinds((1, 2, 3), ("expenditure", "income")),
    BoxesInside((1,)),
    TableBox(2, (1, 1, 299, 90)),
    TableShape(page=2, rows=4, columns=3, pages=(1, 2), page_rows=(2, 2)),
    TableShape(page=1, page_rows=(2,), header_rows=2),
    ColumnPaths(page=1, columns=("类别/甲", "项目/…", "预算数/甲")),
    HeaderOnce(page=4),
    ColumnsFilled(page=1),
    ColumnRoles(page=1, roles=("text", "text", "text")),
    ColumnNumbers(page=2, texts=("1", "2", "3")),
    SubTableIs(page=1, columns=("类/别", "数"), rows=2, page_rows=2),
    RowRoleIs(page=1, row=("1",), role="column_number"),
    RowCodes(page=1, row=("服务", "办公费"), codes=("2010101 行政运行",), levels=(3,)),
    RowCodes(page=1, row=("印刷费",), codes=()),
    RowWithin(page=1, row=("印刷费",), texts=("服务",)),
    RowWithin(page=1, row=("服务",), texts=()),
    RowDifference(page=2, row=("AB费",), later="印刷费", earlier="办公费"),
    ValueIs(page=1, row=("办公费",), column="预算数/甲", value=Decimal("1.50"), yuan=Decimal(15000)),
    CaptionIs(page=1, title="支出总表", unit="万元", entity="某局", notes=("四舍五入",), lines=("附表",)),
    ColumnSum(page=1, column=2, rows="服务", total=Decimal("3.5")),
    ColumnTotal(page=1, column=2, label="办公费", total=Decimal("1.5")),
    NumbersTrue(page=1, rows=((), ("1", "2", "3"), ("1.50",), ("2",))),
    NumbersTrue(page=1, rows=((), ("1", "2", "3"), ("1.50",), ("8", "2"))),
    NumbersTrue(page=2, rows=((), ("−0.5",), ())),
    RowHolds(1, ("服务", "2")),
    RowHolds(1, ("服务", "印刷费", "2"), whole=True),
    RowHolds(2, ("AB费", "−0.5"), whole=True),
    RowsBetween(1, "类别", 3),
    RowsBetween(1, "1", 1, above="印刷费"),
    CellIs(1, "服务", count=1, row_span=2, col_span=1, review=False),
    CellIs(1, "印刷费", review=True),
    CellIs(1, "服务", pages=(1, 2)),
    TextAbsent((1, 2), ("审核",)),
    UnmarkedTrue(1, ("类别", "项目", "预算数", "1", "2", "3", "服务", "办公…", "1.50")),
]

DIFFERENCE = "AB费 as the difference of 办公费 and 印刷费"
FAIL = [
    (PageIs((1,), "scanned"), "a scanned page", "digital"),
    (PageIs((2,), "digital", 90), "rotation 90", "180"),
    (PageIs((2,), "digital", size=(400, 300)), "a page of 400 x 300 points", "300 x 400"),
    (PageIs((3,), "digital"), "the page", "it was not read"),
    (PageIs((1,), "digital", turned=0), "turned clockwise by 0 degrees", "270"),
    (PageIs((2,), "digital", turned=90), "turned clockwise by 90 degrees", "0"),
    (TableCount((1,), 2), "2 tables", "1 (4 x 3)"),
    (DistinctTables((1, 2, 4), 3), "3 tables on pages 1 to 4", "2: t001, t002"),
    (TableKinds((1,), ("other",)), "only tables of kind other", "t001 is expenditure"),
    (BoxesInside((2,)), "all boxes on the page", "not those of t001 r2 c0"),
    (TableBox(1, (0, 0, 300, 100)), "table 1 at 0 0 300 100", "0 0 300 120"),
    (TableBox(1, (0, 0, 300, 120), nth=2), "table 2 at 0 0 300 120", "1 tables"),
    (TableShape(page=1, rows=5), "5 rows of data", "4"),
    (TableShape(page=1, columns=4), "4 columns", "3"),
    (TableShape(page=1, header_rows=1), "1 header rows", "2"),
    (ColumnRoles(page=1, roles=("text", "text")), "roles text, text", "text, text, text"),
    (ColumnNumbers(page=1, texts=("1", "2")), "column numbers 1 | 2", "1 | 2 | 3"),
    (SubTableIs(page=1, columns=("数",), rows=2), "a table inside with 数", "类/别 | 数"),
    (SubTableIs(page=2, columns=("类/别", "数"), rows=2), "a table inside with 类/别 | 数", "none"),
    (SubTableIs(page=1, columns=("类/别", "数"), rows=3), "a table inside with 类/别 | 数, 3 rows", "2"),
    (RowRoleIs(page=1, row=("印刷费",), role="total"), "row 印刷费 as total", "detail"),
    (RowRoleIs(page=1, row=("印刷费", "服务"), role="total"), "a row 印刷费 | 服务", "none"),
    (RowCodes(page=1, row=("办公费",), codes=()), "codes of 办公费: none", "2010101 行政运行"),
    (RowCodes(page=1, row=("办公费",), codes=("2010101 行政运行",), levels=(2,)), "levels (2,) of 办公费", "(3,)"),
    (RowWithin(page=1, row=("办公费",), texts=("服务",)), "办公费 within: 服务", "none"),
    (RowDifference(page=2, row=("AB费",), later="办公费", earlier="印刷费"), DIFFERENCE, "that of rows 3 and 2"),
    (
        RowDifference(page=1, row=("印刷费",), later="1", earlier="1"),
        "印刷费 as the difference of 1 and 1",
        "no difference",
    ),
    (ValueIs(page=1, row=("办公费",), column="预算数/甲", value=Decimal("1.5")), "1.5 in 预算数/甲 of 办公费", "1.50"),
    (ValueIs(page=1, row=("办公费",), column="预算", value=Decimal(1)), "one column 预算", "0"),
    (ValueIs(page=1, row=("印刷费",), column="预算数/甲", value=Decimal(2), yuan=Decimal(2)), "2 as 2 yuan", "20000"),
    (TableShape(page=1, pages=(1,)), "a table on pages 1", "1 + 2"),
    (TableShape(page=1, pages=(1, 2), page_rows=(3, 2)), "3 + 2 rows of data by page", "2 + 2"),
    (TableShape(page=3), "table 1 from the top", "0 tables on the page"),
    (ColumnPaths(page=1, columns=("类别/甲", "项目", "预算数/甲")), "column 项目", "项目/甲"),
    (ColumnPaths(page=1, columns=("类别/甲",)), "1 columns", "3: 类别/甲 | 项目/甲 | 预算数/甲"),
    (HeaderOnce(page=2), "no header row in the body", "row 4: 类别 | 项目 | 预算数"),
    (CaptionIs(page=1, title="总表"), "title 总表", "支出总表"),
    (CaptionIs(page=1, notes=("下同",)), "a note with 下同", "注：四舍五入。"),
    (ColumnSum(page=1, column=2, rows="服务", total=Decimal("3.51")), "服务 in column 2: 3.51", "3.50 in 2 rows"),
    (ColumnTotal(page=1, column=2, label="办公费", total=Decimal("1.6")), "办公费 in column 2: 1.6", "1.50"),
    (ColumnTotal(page=1, column=1, label="办公费", total=Decimal("1.5")), "办公费 in column 1: 1.5", "no value"),
    (ColumnTotal(page=1, column=2, label="服务", total=Decimal("3.5")), "one row with 服务", "2"),
    (
        ColumnTotal(page=1, column=2, label="印刷费", total=Decimal(2)),
        "印刷费 in column 2: 2 as the sum of the other rows",
        "1.00",
    ),
    (
        NumbersTrue(page=1, rows=((), ("1", "2", "3"), ("1.60",), ("2",))),
        "numbers 1.60 in row 3",
        "1.50, and 0 cells marked",
    ),
    (
        NumbersTrue(page=1, rows=((), ("1", "2", "3"), (), ("2",))),
        "numbers nowhere in row 3",
        "1.50, and 0 cells marked",
    ),
    (
        NumbersTrue(page=1, rows=((), ("3", "2", "1"), ("1.50",), ("2",))),
        "numbers 3 | 2 | 1 in row 2",
        "1 | 2 | 3, and 0 cells marked",
    ),
    (
        NumbersTrue(page=1, rows=((), ("1", "2", "3"), ("1.50",), ("8", "9", "2"))),
        "numbers 8 | 9 | 2 in row 4",
        "2, and 1 cells marked",
    ),
    (NumbersTrue(page=2, rows=((), ("−0.5",), ("7",))), "numbers 7 in row 3", "none, and 0 cells marked"),
    (NumbersTrue(page=1, rows=((), ())), "2 rows on the page", "4"),
    (RowHolds(1, ("2", "服务")), "a row 2 | 服务", "服务 | 印刷费 | 2"),
    (RowHolds(1, ("服务", "2"), whole=True), "a row 服务 | 2", "服务 | 印刷费 | 2"),
    (RowHolds(2, ("服务",)), "a row 服务", "类别 | 项目 | 预算数"),
    (RowHolds(3, ("服务",)), "a row 服务", "no rows"),
    (RowsBetween(1, "类别", 2), "2 rows below 类别", "3"),
    (RowsBetween(1, "合计", 2), "2 rows below 合计", "no row with 合计"),
    (RowsBetween(1, "类别", 2, above="合计"), "a row with 合计 below 类别", "none"),
    (CellIs(1, "服务", count=2), "2 cell 服务", "1"),
    (CellIs(1, "服务", row_span=3, review=True), "cell 服务", "spans 2 rows, not 3; is not marked for review"),
    (CellIs(1, "服务", pages=(1,)), "cell 服务", "stands on pages 1, 2, not 1"),
    (TextAbsent((1,), ("办公",)), "办公 nowhere", "办 公 费"),
    (TextAbsent((2,), ("附表",)), "附表 nowhere", "附表 支出总表"),
    (UnmarkedTrue(2, ("类别", "项目", "预算数", "-0.5")), "a cell as printed, or marked for review", "ＡＢ费"),
    (UnmarkedTrue(3, ()), "a table", "none on the page"),
]


@pytest.mark.parametrize("expectation", HOLD, ids=repr)
def test_it_holds(document, expectation):
    assert expectation.check(document) == []


@pytest.mark.parametrize(("expectation", "expected", "found"), FAIL, ids=repr)
def test_it_tells_what_is_not_so(document, expectation, expected, found):
    problems = expectation.check(document)
    assert (expected, found) in [(problem.expected, problem.found) for problem in problems]


def test_an_empty_column_is_told(document):
    table = document.tables[0]
    emptied = replace(table, cells=tuple(cell if cell.col else replace(cell, text="") for cell in table.cells))
    (problem,) = ColumnsFilled(page=1).check(replace(document, tables=(emptied,)))
    assert (problem.expected, problem.found) == ("no empty column", "columns 0")


@pytest.mark.parametrize(("text", "found"), [("预算数", "row 3: 服务 | 预算数 | 2"), ("印刷费", None)])
def test_a_header_is_told_by_its_texts_too(document, text, found):
    """Of the two texts of this header one is enough, whatever role the row was given."""
    table = document.tables[1]
    texts = {(0, 0): "", (3, 1): text}
    cells = tuple(replace(cell, text=texts.get((cell.row, cell.col), cell.text)) for cell in table.cells)
    problems = HeaderOnce(page=4).check(replace(document, tables=(replace(table, cells=cells),)))
    assert [problem.found for problem in problems] == ([] if found is None else [found])


def test_all_kinds_are_tested():
    assert {type(item) for item in HOLD} | {type(item) for item in OF_CHECKS} == set(KINDS.values())
