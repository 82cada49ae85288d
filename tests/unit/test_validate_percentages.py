"""Percentages, weights, and subjects that several tables print in several rows."""

import pytest

from lanci.document import (
    Box,
    Caption,
    Cell,
    Column,
    Finding,
    HeaderRole,
    PageKind,
    PageSummary,
    RowRole,
    Severity,
    Table,
    TableFragment,
)
from lanci.interpret import interpret
from lanci.validate import validate

CODE, NAME, ITEM = HeaderRole.SUBJECT_CODE, HeaderRole.SUBJECT_NAME, HeaderRole.ITEM
AMOUNT, COUNT, NUMBER = HeaderRole.AMOUNT, HeaderRole.QUANTITY, HeaderRole.ROW_NUMBER
SPENDING = [(CODE, "编码"), (NAME, "名称"), (AMOUNT, "合计"), (AMOUNT, "基本支出"), (AMOUNT, "项目支出")]


def make_table(
    columns: list[tuple[HeaderRole, str]],
    rows: list[str],
    facets: tuple[str, str, str] = ("other", "all", "all"),
    table_id: str = "t001",
    role: RowRole = RowRole.DETAIL,
) -> Table:
    """A table without header rows; ``^`` is a cell that goes on from the row above it, facets are kind, fund, scope."""
    texts = [[text.strip() for text in row.split("|")] for row in rows]
    cells = []
    for c, (column_role, _) in enumerate(columns):
        starts = [r for r, row in enumerate(texts) if row[c] != "^"]
        for r, end in zip(starts, [*starts[1:], len(texts)], strict=True):
            cells.append(Cell(r, c, end - r, 1, texts[r][c], 1, Box(0, 0, 1, 1), role=column_role))
    described = tuple(Column(i, column_role, (name,)) for i, (column_role, name) in enumerate(columns))
    roles = tuple(RowRole.TOTAL if "合计" in row else role for row in texts)
    kind, fund, scope = facets
    head = (table_id, kind, kind, fund, scope, "none", 1.0, Caption(unit="万元"), ())
    cells.sort(key=lambda cell: (cell.row, cell.col))
    fragments = (TableFragment(1, Box(0, 0, 1, 1), 0, len(rows) - 1),)
    return interpret(Table(*head, len(rows), len(columns), 0, roles, described, fragments, tuple(cells)))


def find(rule: str, *tables: Table) -> list[Finding]:
    checked, across = validate(tables)
    return [one for one in (*(f for table in checked for f in table.findings), *across) if one.rule == rule]


def brief(findings: list[Finding]) -> list[tuple[list[tuple[int, int]], str | None, str | None]]:
    return [([(ref.row, ref.col) for ref in one.cells], one.expected, one.found) for one in findings]


def shares(last: str) -> Table:
    columns = [(ITEM, "项目"), (AMOUNT, "金额"), (COUNT, "占比%")]
    return make_table(
        columns,
        ["甲 | 25.00 | 25", "乙 | 33.33 | 33.3", "丙 | 12.67 | 12.7", f"丁 | 29.00 | {last}", "合计 | 100.00 | 100"],
    )


def test_shares_are_of_the_total():
    assert find("percentage", shares("29")) == []
    (finding,) = find("percentage", shares("92"))
    assert brief([finding]) == [([(3, 2), (3, 1), (4, 1)], "29", "92")]
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(("last", "expected"), [("12.5%", []), ("-12.5%", [("12.5", "-12.5")]), ("", [])])
def test_rates_of_change_are_told_by_the_column_that_most_of_them_fit(last: str, expected: list[tuple[str, str]]):
    columns = [(ITEM, "项目"), (AMOUNT, "2024年"), (AMOUNT, "2025年"), (COUNT, "增长率")]
    rows = ["甲 | 80 | 100.00 | 25.00%", "乙 | 90.00 | 60.00 | -33.33%", "丙 | 10.00 | 11.10 | 11%"]
    rows += ["戊 | 30.00 | 39.00 | 30%", f"丁 | 80.00 | 90.00 | {last}"]
    found = find("percentage", make_table(columns, rows))
    assert [(one.expected, one.found) for one in found] == expected


def test_percentages_of_what_nobody_prints_are_left_alone():
    columns = [(ITEM, "项目"), (AMOUNT, "金额"), (AMOUNT, "其中"), (COUNT, "占地区生产总值比重")]
    rows = [f"{n}季度 | {n * 17}.50 | {n * 3}.10 | {n + 5}.2" for n in range(1, 7)]
    assert find("percentage", make_table(columns, rows)) == []


@pytest.mark.parametrize(("rate", "found"), [("69%", []), ("69.27%", []), ("96%", [("69.2703", "96")])])
def test_the_execution_rate_of_a_form_is_that_of_its_amounts(rate: str, found: list[tuple[str, str]]):
    columns = [(HeaderRole.TEXT, "")] * 5
    rows = [" | | | | 预算执行率", f"预算数： | 1308.05 | 执行数： | 906.09 | {rate}"]
    form = make_table(columns, rows, ("self_evaluation", "all", "all"), role=RowRole.SECTION)
    assert [(one.expected, one.found) for one in find("percentage", form)] == found


@pytest.mark.parametrize(("left", "expected"), [("20.50", []), ("25.00", [("84.50", "80.00")])])
def test_a_budget_is_spent_or_left(left: str, expected: list[tuple[str, str]]):
    columns = [(ITEM, "项目"), (AMOUNT, "年初预算数"), (AMOUNT, "全年预算数"), (AMOUNT, "执行数"), (AMOUNT, "结余数")]
    rows = ["甲 | 50.00 | 60.00 | 55.25 | 4.75", "乙 | 70.00 | 70.00 | 70.00 |", f"丙 | 80.00 | 80.00 | 59.50 | {left}"]
    found = find("execution-balance", make_table(columns, rows))
    assert [(one.expected, one.found) for one in found] == expected


WEIGHTED = [(NUMBER, "序号"), (HeaderRole.PROJECT_NAME, "项目"), (HeaderRole.TEXT, "指标"), (COUNT, "指标权重(%)")]


def test_weights_of_each_project_add_up_to_100():
    rows = ["1 | 甲 | 数量 | 60", "^ | ^ | 时效 | 40", "2 | 乙 | 数量 | 50", "^ | ^ | 时效 | 40"]
    assert brief(find("weights", make_table(WEIGHTED, rows))) == [([(2, 3), (3, 3)], "100", "90")]
    assert find("weights", make_table(WEIGHTED, [*rows[:3], rows[3].replace("40", "50")])) == []
    # Every row is a project: these are no weights of one.
    assert find("weights", make_table(WEIGHTED, ["1 | 甲 | 数量 | 60", "2 | 乙 | 数量 | 60"])) == []


def test_scores_add_up_to_the_total_below_them():
    columns = [(ITEM, "指标"), (COUNT, "分值"), (COUNT, "得分")]
    rows = ["甲 | 60 | 55.5", "乙 | 30 | 29", "合计 | {} | 84.5"]
    assert find("weights", make_table(columns, [*rows[:2], rows[2].format(90)])) == []
    found = brief(find("weights", make_table(columns, [*rows[:2], rows[2].format(100)])))
    assert found == [([(2, 1), (0, 1), (1, 1)], "90", "100")]
    assert find("weights", make_table(columns, rows[:2])) == []


def test_the_last_weights_may_go_on_where_the_document_does():
    table = make_table(WEIGHTED, ["1 | 甲 | 数量 | 60", "^ | ^ | 时效 | 20"])
    pages = (PageSummary(1, 1, 1, 0, PageKind.DIGITAL),)
    assert len(find("weights", table)) == 1
    checked, _ = validate([table], pages)
    assert checked[0].findings == ()


def tree(amounts: dict[str, str], facets: tuple[str, str, str], table_id: str) -> Table:
    """A table of subjects; amounts are total, basic and project expenditure, as far as they are printed."""
    rows = [f"{code} | {code and '名称'} | {texts}" for code, texts in amounts.items()]
    return make_table(SPENDING, [row.replace(" |  | ", " | 合计 | ", 1) for row in rows], facets, table_id)


def by_unit(last: str) -> Table:
    columns = [(HeaderRole.UNIT_NAME, "单位"), *SPENDING]
    rows = ["本级 | 2010301 | 行政 | 40.10 | 40.10 |", "本级 | 2010302 | 管理 | 20.20 | | 20.20"]
    rows += [f"下级 | 2010301 | 行政 | {last} | {last} |", "下级 | 2080505 | 养老 | 7.70 | 7.70 |"]
    return make_table(columns, [*rows, "合计 | | | 100.00 | 79.80 | 20.20"], ("expenditure", "all", "all"), "t002")


WHOLE = {
    "": "100.00 | 79.80 | 20.20",
    "2010301": "72.10 | 72.10 |",
    "2010302": "20.20 | | 20.20",
    "2080505": "7.70 | 7.70 |",
}


def test_the_rows_of_a_subject_in_a_list_add_up_to_it_in_another_table():
    whole = tree(WHOLE, ("expenditure", "all", "all"), "t001")
    assert find("code-total", whole, by_unit("32.00")) == []
    found = find("code-total", whole, by_unit("23.00"))
    assert {(one.expected, one.found, one.severity) for one in found} == {("63.10", "72.10", Severity.ERROR)}
    assert all("2010301 名称" in one.message for one in found)


def test_the_tables_of_the_funds_add_up_to_that_of_all():
    whole = tree(WHOLE, ("expenditure", "all", "all"), "t001")
    first = {"": "92.30 | 72.10 | 20.20", "2010301": "72.10 | 72.10 |", "2010302": "{0} | | {0}"}
    other = {"": "7.70 | 7.70 |", "2080505": "7.70 | 7.70 |"}
    for project, n_broken in (("20.20", 0), ("22.00", 1)):
        general = {code: text.format(project) for code, text in first.items()}
        funds = (
            tree(general, ("expenditure", "general_public", "all"), "t002"),
            tree(other, ("expenditure", "government_fund", "all"), "t003"),
        )
        assert len(find("code-total", whole, *funds)) == n_broken


def test_tables_of_other_totals_are_not_compared():
    less = tree({**WHOLE, "": "99.00 | 78.80 | 20.20"}, ("expenditure", "all", "all"), "t001")
    assert find("code-total", less, by_unit("23.00")) == []
