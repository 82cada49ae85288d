"""Expectations of findings and statuses hold where validation says so, and tell what it says instead."""

from dataclasses import replace
from decimal import Decimal

import pytest

from lanci.document import (
    AmountStatus,
    Box,
    Caption,
    Cell,
    CellRef,
    Column,
    ConflictVerdict,
    Document,
    Finding,
    HeaderRole,
    PageKind,
    PageSummary,
    Place,
    RowRole,
    Severity,
    SourceInfo,
    Statement,
    Table,
    TableFragment,
)
from lanci_eval.cases.findings import FindingIs, NoBudget, Quiet
from lanci_eval.cases.rows import StatusIs
from lanci_eval.cases.sums import SumIs

TEXTS = (("项目", "金额"), ("合计", "9.00"), ("甲", "3.00"), ("乙", "5.00"))
STATUSES = {1: AmountStatus.CONFLICT, 2: AmountStatus.PROVEN}
BOX = Box(0, 0, 10, 10)


def cell(row: int, col: int) -> Cell:
    """The last row stands on page 2; 合计 is cut by the page's end."""
    page = 2 if row == 3 else 1
    cut = (Place(2, BOX),) if (row, col) == (1, 0) else ()
    status = STATUSES.get(row) if col else None
    value = Decimal(TEXTS[row][col]) if row and col else None
    role = HeaderRole.AMOUNT if col else HeaderRole.ITEM
    text = TEXTS[row][col]
    return Cell(row, col, 1, 1, text, page, BOX, role=role, value=value, continued=cut, status=status)


def document(*findings: Finding) -> Document:
    table = Table(
        id="t001",
        type="other",
        kind="other",
        fund="all",
        scope="all",
        classification="none",
        type_probability=1.0,
        caption=Caption(),
        notes=(),
        n_rows=4,
        n_cols=2,
        n_header_rows=1,
        row_roles=(RowRole.HEADER, RowRole.TOTAL, RowRole.DETAIL, RowRole.DETAIL),
        columns=(Column(0, HeaderRole.ITEM, ("项目",)), Column(1, HeaderRole.AMOUNT, ("金额",))),
        fragments=(TableFragment(1, BOX, 0, 2), TableFragment(2, BOX, 3, 3)),
        cells=tuple(cell(row, col) for row in range(4) for col in range(2)),
        findings=findings,
    )
    pages = tuple(PageSummary(number, 20, 20, 0, PageKind.DIGITAL) for number in (1, 2))
    return Document(SourceInfo("a.pdf", "0", "application/pdf", 2), (), pages, (table,))


def stated() -> Document:
    """A document whose prose contradicts itself."""
    places = (Place(1, BOX), Place(2, BOX))
    finding = Finding("prose", Severity.WARNING, "off", (), "8.00", "9.00", places=places)
    statements = (Statement("收入预算 9.00万元", (places[0],)), Statement("1.拨款收入8.00 万元", (places[1],)))
    return replace(document(), findings=(finding,), statements=statements)


def told(severity: Severity = Severity.WARNING, expected: str | None = "8.00") -> Finding:
    cells = (CellRef("t001", 1, 1), CellRef("t001", 2, 1), CellRef("t001", 3, 1))
    return Finding("sum", severity, "off", cells, expected, "9.00", verdict=ConflictVerdict.SOURCE)


HOLD = [
    FindingIs((1, 2), ("9.00", "5.0…"), Decimal(1)),
    FindingIs((2,), difference=Decimal("-1.00"), verdict="source"),
    Quiet((3,)),
    Quiet((1, 2), ("甲",)),
    NoBudget(),
    StatusIs(page=1, row=("合计",), column="金额", status="conflict"),
    StatusIs(page=1, row=("甲",), column="金额", status="proven"),
    SumIs(page=1, total="9.00", parts=("5.00", "3.00")),  # though they are off by 1.00
]

FAIL = [
    (FindingIs((1,), ("9.00",), Decimal(2)), "a finding (warning) about 9.00, off by 2", "sum: 9.00 3.00 5.00"),
    (FindingIs((1,), ("乙",)), "a finding (warning) about 乙", "sum: 9.00 3.00 5.00"),
    (
        FindingIs(
            (1, 3),
        ),
        "a finding (warning) about the page",
        "sum: 9.00 3.00 5.00",
    ),
    (FindingIs((1,), severity="error"), "a finding (error) about the page", "none"),
    (FindingIs((1,), verdict="open"), "a finding (open) about the page", "sum: 9.00 3.00 5.00"),
    (SumIs(page=1, total="9.00", parts=("3.00",)), "9.00 = 3.00", "3.00 + 5.00"),
    (SumIs(page=2, total="9.00", parts=("3.00", "5.00")), "9.00 = 3.00 + 5.00", "no sum"),
    (SumIs(page=1, total="9.00", parts=("3.00", "5.00"), outside=("5.00",)), "5.00 outside of 9.00", "part of it"),
    (Quiet((2,)), "no finding about amounts", "sum: off"),
    (Quiet((1,), ("3.00",)), "no finding about 3.00", "sum: off"),
    (StatusIs(page=2, row=("乙",), column="金额", status="proven"), "proven: 金额 of 乙", "no status"),
    (StatusIs(page=1, row=("甲",), column="数", status="proven"), "one column 数", "0"),
]


@pytest.mark.parametrize("expectation", HOLD, ids=repr)
def test_it_holds(expectation):
    assert expectation.check(document(told())) == []


@pytest.mark.parametrize(("expectation", "expected", "found"), FAIL, ids=repr)
def test_it_tells_what_is_not_so(expectation, expected, found):
    problems = expectation.check(document(told()))
    assert (expected, found) in [(problem.expected, problem.found) for problem in problems]


def test_remarks_and_findings_that_are_not_about_amounts_do_not_disturb():
    quiet = Quiet((1, 2))
    assert quiet.check(document(told(Severity.INFO), told(expected=None))) == []
    assert quiet.check(document(told())) != []


def test_a_remark_is_found_where_one_is_asked_for():
    assert FindingIs((1,)).check(document(told(Severity.INFO))) != []
    assert FindingIs((1,), severity="info").check(document(told(Severity.INFO))) == []


def test_a_cell_that_a_page_break_cuts_stands_on_both_pages():
    finding = replace(told(), cells=(CellRef("t001", 1, 0),))
    assert FindingIs((1, 2)).check(document(finding)) == []


def test_a_table_of_a_budget_is_told():
    parsed = document()
    budget = replace(parsed, tables=(replace(parsed.tables[0], kind="income", type="income_summary"),))
    (problem,) = NoBudget().check(budget)
    assert (problem.page, problem.found) == (1, "t001 is income_summary")


def test_findings_about_prose_count_for_its_pages_and_texts():
    assert FindingIs((1, 2), ("收入预算9.00万元", "8.00"), Decimal(1)).check(stated()) == []
    (problem,) = FindingIs((1,), ("7.00",)).check(stated())
    assert problem.expected == "a finding (warning) about 7.00"
    assert Quiet((1, 2)).check(stated()) == []
