"""Constraints, the graph that they make, and the status of amounts that follows from it."""

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
    Finding,
    HeaderRole,
    RowMeaning,
    RowRole,
    Severity,
    Table,
    TextSource,
)
from lanci.interpret import interpret
from lanci.validate import build_graph, validate
from lanci.validate.constraints import Constraint, Part, Term, Wording, cell_to_term, make_parts
from lanci.validate.context import DocumentContext
from lanci.validate.graph import Graph
from lanci.validate.summary import AmountSummary, summarize_amounts

CODE, NAME, ITEM, AMOUNT = HeaderRole.SUBJECT_CODE, HeaderRole.SUBJECT_NAME, HeaderRole.ITEM, HeaderRole.AMOUNT
CODED = [(CODE, "编码"), (NAME, "名称"), (AMOUNT, "合计"), (AMOUNT, "基本支出"), (AMOUNT, "项目支出")]
PLAIN = [(ITEM, "项目"), (AMOUNT, "金额")]
PROVEN, UNCHECKED, CONFLICT = AmountStatus.PROVEN, AmountStatus.UNCHECKED, AmountStatus.CONFLICT


def make_table(
    columns: list[tuple[HeaderRole, str]], rows: list[str], table_id: str = "t1", unit: str = "万元"
) -> Table:
    """A table without header rows; a row is its texts between bars, a column's path is joined by slashes."""
    texts = [[text.strip() for text in row.split("|")] for row in rows]
    roles = tuple(RowRole.TOTAL if "合计" in row else RowRole.DETAIL for row in texts)
    cells = tuple(
        Cell(r, c, 1, 1, text, 1, Box(0, 0, 1, 1), role=columns[c][0])
        for r, row in enumerate(texts)
        for c, text in enumerate(row)
    )
    described = tuple(Column(i, role, tuple(path.split("/"))) for i, (role, path) in enumerate(columns))
    head = (table_id, "other", "other", "all", "all", "none", 1.0)
    caption = Caption(title=f"表 {table_id}", unit=unit)
    return interpret(Table(*head, caption, (), len(rows), len(columns), 0, roles, described, (), cells))


def term(col: int, text: str, factor: str | None = "10000") -> Term:
    value = None if text in ("", "x") else Decimal(text)
    cell = Cell(0, col, 1, 1, text, 1, Box(0, 0, 1, 1), role=AMOUNT, value=value)
    return cell_to_term(CellRef("t1", 0, col), cell, 2, None if factor is None else Decimal(factor))


def make_sum(total: Term, *parts: Term) -> Constraint:
    return Constraint("sum", total, make_parts(parts), 0.95, Severity.ERROR, Wording("各项", "its parts"))


def status_of(table: Table) -> dict[tuple[int, int], AmountStatus]:
    (checked,), _ = validate([table])
    return {(cell.row, cell.col): cell.status for cell in checked.cells if cell.status is not None}


def findings_of(*tables: Table) -> list[Finding]:
    checked, across = validate(tables)
    return [finding for table in checked for finding in table.findings] + list(across)


@pytest.mark.parametrize(
    ("total", "parts", "holds"),
    [
        ("3.02", ["1.00", "2.00"], False),
        ("3.01", ["1.00", "2.00"], True),  # three roundings of half a cent
        ("3.01", ["3.00"], False),  # printed twice, rounded once
        ("3.01", ["3.00", "0.00", ""], False),
        ("3.00", ["3.00", ""], True),
    ],
)
def test_tolerance_is_what_rounding_of_the_terms_explains(total: str, parts: list[str], holds: bool):
    one = make_sum(term(0, total), *(term(col, text) for col, text in enumerate(parts, start=1)))
    assert (one.holds, one.is_broken) == (holds, not holds)


def test_units_are_compared_in_yuan_and_an_unreadable_term_decides_nothing():
    one = make_sum(term(0, "3.00"), term(1, "12000.00", "1"), term(2, "18049.00", "1"))
    assert one.holds and one.expected == Decimal("3.0049")
    assert make_sum(term(0, "3.00"), term(1, "12000.00", "1"), term(2, "18051.00", "1")).is_broken
    unread = make_sum(term(0, "3.00"), term(1, "x"), term(2, "1.00"))
    assert (unread.is_open, unread.holds, unread.is_broken) == (True, False, False)
    assert unread.holds_with({CellRef("t1", 0, 1): Decimal(2)}) and not unread.holds_with({})


def test_a_difference_and_what_would_mend_it():
    later, earlier, change = term(0, "5.00"), term(1, "2.00"), term(2, "4.00")
    one = replace(make_sum(change), parts=(Part(later), Part(earlier, -1)))
    assert one.difference == 1
    assert one.holds_with({later.ref: Decimal(6)}) and one.holds_with({earlier.ref: Decimal(1)})
    assert not one.holds_with({earlier.ref: Decimal(3)})


def test_two_constraints_over_the_same_amounts_are_one_proof():
    total, part = term(0, "3.00"), term(1, "3.00")
    graph = Graph.of([make_sum(total, part), make_sum(part, total), make_sum(total, part, term(2, ""))])
    assert (graph.proofs(total.ref), graph.proofs(part.ref)) == (1, 1)


def test_what_looks_like_rounding_proves_only_where_documents_round():
    def graph_of(n_rounded: int) -> Graph:
        sums = [
            make_sum(
                term(10 * n, "3.01" if n < n_rounded else "3.00"), term(10 * n + 1, "1.00"), term(10 * n + 2, "2.00")
            )
            for n in range(6)
        ]
        return Graph.of(sums)

    assert [graph_of(n).proofs(CellRef("t1", 0, 0)) for n in (0, 1, 2, 3)] == [1, 0, 0, 1]
    assert graph_of(1).broken() == ()


ROWS = [
    " | 合计 | 14.00 | 9.00 | 5.00",
    "201 | 服务 | 9.00 | 6.00 | 3.00",
    "20103 | 政府 | 9.00 | 6.00 | 3.00",
    "208 | 社保 | 5.00 | 3.00 | 2.00",
]


def test_an_amount_that_breaks_its_sums_is_in_conflict_and_those_that_others_prove_are_not():
    assert set(status_of(make_table(CODED, ROWS)).values()) == {PROVEN}
    rows = [*ROWS[:3], ROWS[3].replace("3.00", "3.70")]
    status = status_of(make_table(CODED, rows))
    assert {place for place, found in status.items() if found is CONFLICT} == {(3, 3)}
    first = {finding.cells[0] for finding in findings_of(make_table(CODED, rows))}
    assert first == {CellRef("t1", 3, 3)}


def test_review_follows_the_status_of_what_was_read_by_ocr():
    def as_ocr(table: Table) -> Table:
        cells = (replace(cell, source=TextSource.OCR, needs_review=cell.col == 2) for cell in table.cells)
        return replace(table, cells=tuple(cells))

    rows = [*ROWS[:3], ROWS[3].replace("3.00", "3.70")]
    (checked,), _ = validate([as_ocr(make_table(CODED, rows))])
    assert {(cell.row, cell.col) for cell in checked.cells if cell.needs_review} == {(3, 3)}
    lost = replace(checked, row_roles=(RowRole.NOTE,) * 4)  # a later check that finds nothing to prove them
    (again,), _ = validate([lost])
    assert all(cell.needs_review for cell in again.cells if cell.status is UNCHECKED)


def test_zeros_and_balances_prove_nothing():
    zeros = [row.replace("14.00", "0.00") for row in ROWS[:1]] + ["201 | 服务 | 0.00 | 0.00 | 0.00"]
    assert set(
        status_of(make_table(CODED, [zeros[0].replace("9.00", "0").replace("5.00", "0"), zeros[1]])).values()
    ) == {UNCHECKED}
    sides = [(ITEM, "收入/项目"), (AMOUNT, "收入/金额"), (ITEM, "支出/项目"), (AMOUNT, "支出/金额")]
    table = make_table(sides, ["收入总计 | 5.12 | 支出总计 | 5.12"])
    assert set(status_of(table).values()) == {UNCHECKED}
    assert summarize_amounts(validate([table])[0]) == AmountSummary(unchecked=2)


def test_numbered_lines_are_sums_of_the_lines_numbered_under_them():
    rows = ["一、拨款 | 7.50", "1.一般 | 5.20", "2.基金 | 2.30", "二、事业 | 1.00", "合计 | 8.50"]
    assert set(status_of(make_table(PLAIN, rows)).values()) == {PROVEN}
    rows[1] = "1.一般 | 5.30"
    (finding,) = findings_of(make_table(PLAIN, rows))
    assert (finding.rule, finding.expected, finding.found) == ("item-sum", "7.60", "7.50")
    assert {ref.row for ref in finding.cells} == {0, 1, 2}
    # Rates do not add up, whatever is numbered under them.
    assert findings_of(make_table(PLAIN, ["一、收入同比增长 | 4.70", "1.批发 | 3.30", "2.零售 | 8.20"])) == []


def test_lines_without_numbers_are_proven_by_their_amounts_unless_these_are_too_round():
    rows = ["文化 | 12.37", "文旅 | 8.12", "其他 | 4.25", "社保 | 3.00", "养老 | 3.00"]
    status = status_of(make_table(PLAIN, rows))
    assert [status[row, 1] for row in range(5)] == [PROVEN, PROVEN, PROVEN, UNCHECKED, UNCHECKED]


def test_a_total_group_adds_up_the_groups_beside_it_column_by_column():
    names = ["总计/一般", "总计/基金", "出国/一般", "出国/基金", "用车/小计/一般", "用车/小计/基金"]
    names += ["用车/购置/一般", "用车/购置/基金", "用车/运行/一般", "用车/运行/基金"]
    columns = [(NAME, "单位"), *((AMOUNT, name) for name in names)]
    row = "甲 | 9.50 | 3.10 | 4.30 | 1.10 | 5.20 | 2.00 | 2.10 | 1.20 | 3.10 | 0.80"
    assert set(status_of(make_table(columns, [row])).values()) == {PROVEN}


def test_changes_are_later_less_earlier():
    columns = [(NAME, "名称"), (AMOUNT, "上年预算数"), (AMOUNT, "本年预算数"), (AMOUNT, "比上年增减")]
    rows = ["甲 | 3.10 | 4.30 | 1.20", "乙 | 5.00 | 4.00 | -1.00", "丙 | 2.20 | 7.70 | 5.50"]
    assert set(status_of(make_table(columns, rows)).values()) == {PROVEN}
    years = make_table([(NAME, "年度"), (AMOUNT, "合计")], ["2025年 | 3.10", "2026年 | 4.30", "增减变化 | 1.20"])
    assert years.meanings == (RowMeaning(2, difference_of=(1, 0)),)
    assert set(status_of(years).values()) == {PROVEN}


def test_a_list_with_a_total_and_no_names_of_subjects_is_added_up():
    columns = [(HeaderRole.TEXT, "目录"), (AMOUNT, "金额")]
    rows = ["合计 | 10.37", "甲 | 6.12", "乙 | 4.25"]
    assert set(status_of(make_table(columns, rows)).values()) == {PROVEN}
    rows[1] = "甲 | 6.72"
    (finding,) = findings_of(make_table(columns, rows))
    assert (finding.rule, finding.severity) == ("column-sum", Severity.WARNING)


def test_amounts_over_several_rows_are_summed_with_their_like_only():
    columns = [(NAME, "项目"), (AMOUNT, "项目总额"), (AMOUNT, "其中：/财政资金"), (AMOUNT, "其中：/其他资金")]
    table = make_table(columns, [f"甲{n} | {n + 2}.50 | {n}.00 | 2.50" for n in range(1, 4)])
    tall = tuple(replace(cell, row_span=2) if (cell.row, cell.col) == (2, 1) else cell for cell in table.cells)
    assert set(status_of(table).values()) == {PROVEN}
    status = status_of(replace(table, n_rows=4, row_roles=(RowRole.DETAIL,) * 4, cells=tall))
    assert status[2, 1] is UNCHECKED


def test_a_table_that_is_printed_twice_is_told_once():
    one, other = make_table(CODED, ROWS), make_table(CODED, ROWS, "t2")
    assert "duplicate-table" not in {found.rule for found in findings_of(one, other)}  # another title: another table
    other = replace(other, caption=one.caption)
    (finding,) = [found for found in findings_of(one, other) if found.rule == "duplicate-table"]
    assert (finding.severity, finding.cells) == (Severity.INFO, (CellRef("t2", 0, 2), CellRef("t1", 0, 2)))


def test_constraints_of_tables_come_before_those_between_tables():
    tables = [replace(make_table(CODED, ROWS, f"t{n}"), kind=kind) for n, kind in enumerate(("income", "expenditure"))]
    graph = build_graph(DocumentContext.of(tables))
    rules = [one.rule for one in graph.constraints]
    assert rules.index("same-quantity") > max(i for i, rule in enumerate(rules) if rule == "children-sum")
    shared = CellRef("t1", 1, 2)
    assert {one.rule for one in graph.around(shared)} == {"column-sum", "row-sum", "children-sum", "same-quantity"}


def test_counts_of_a_form_add_up_to_the_one_that_is_named_a_total():
    def form(total: str) -> list[Finding]:
        texts = [("信息发布", "总数", total), ("", "概况", "0"), ("", "动态", "30"), ("", "目录", "13")]
        cells = [
            Cell(r, c, 1, 1, text, 1, Box(0, 0, 1, 1)) for r, row in enumerate(texts) for c, text in enumerate(row)
        ]
        tall = replace(cells[0], row_span=4)
        table = make_table([(HeaderRole.TEXT, "")] * 3, ["a | b | c"] * 4)
        inside = tuple(cell for cell in cells[1:] if cell.col)
        return findings_of(interpret(replace(table, cells=(tall, *inside), row_roles=(RowRole.SECTION,) * 4)))

    assert form("43") == []
    (finding,) = form("93")
    assert (finding.rule, finding.severity, finding.expected) == ("form-sum", Severity.WARNING, "43")


DEEP = [
    " | 合计 | 14.00 | 9.00 | 5.00",
    "201 | 服务 | 9.00 | 6.00 | 3.00",
    "20103 | 政府 | 9.00 | 6.00 | 3.00",
    "2010301 | 行政 | 5.30 | 5.30 | ",
    "2010302 | 一般 | 3.70 | 0.70 | 3.00",
    "208 | 社保 | 5.00 | 3.00 | 2.00",
    "20805 | 养老 | 5.00 | 3.00 | 2.00",
    "2080501 | 离休 | 5.00 | 3.00 | 2.00",
]


def with_row(rows: list[str], index: int, *others: str) -> Table:
    """The coded table with other rows in the place of one."""
    return make_table(CODED, [*rows[:index], *others, *rows[index + 1 :]])


def test_an_amount_that_moved_within_its_row_is_not_proven_by_the_row():
    assert set(status_of(make_table(CODED, DEEP)).values()) == {PROVEN}
    moved = with_row(DEEP, 3, "2010301 | 行政 | 5.30 |  | 5.30")
    status = status_of(moved)
    assert status[3, 4] is not PROVEN
    assert {status[row, 2] for row in range(len(DEEP))} == {PROVEN}
    assert CellRef("t1", 3, 4) in {finding.cells[0] for finding in findings_of(moved)}


def test_copies_of_an_amount_in_its_row_are_one_proof():
    a, b, c, total = (term(col, "3.00") for col in range(4))
    below = replace(term(0, "3.00"), ref=CellRef("t1", 1, 0))
    graph = Graph.of([make_sum(total, a), make_sum(a, b), make_sum(b, c), make_sum(a, below)])
    assert [graph.proofs(one.ref) for one in (total, a, b, c)] == [1, 2, 1, 1]


def test_nothing_is_proven_in_a_row_that_was_read_with_another():
    status = status_of(with_row(DEEP, 3, "2010301 2010302 | 行政 一般 | 5.30 3.70 | 5.30 | "))
    assert status[3, 3] is not PROVEN
    words = status_of(with_row(DEEP, 3, "2010301 | 行政 | 5.30 | 5.30 | 见附表"))
    assert words[3, 2] is PROVEN


def test_a_lost_row_above_others_leaves_a_gap_that_no_sum_shows():
    (finding,) = findings_of(with_row(DEEP, 2))
    assert (finding.rule, finding.cells) == ("code-gap", (CellRef("t1", 2, 0),))
    assert findings_of(make_table(CODED, DEEP[3:5])) == []  # a list of 项 alone has none


def test_a_subject_that_alone_is_not_broken_down_may_have_lost_its_row():
    more = ["210 | 卫生 | 2.00 | 2.00 | ", "21011 | 医疗 | 2.00 | 2.00 | ", "2101101 | 行政 | 2.00 | 2.00 | "]
    rows = [" | 合计 | 16.00 | 11.00 | 5.00", *DEEP[1:], *more]
    assert findings_of(make_table(CODED, rows)) == []
    (finding,) = findings_of(make_table(CODED, rows[:-1]))
    assert (finding.rule, finding.cells) == ("code-gap", (CellRef("t1", 9, 0),))


def test_a_total_after_a_subtotal_takes_in_the_lines_between():
    sides = [(ITEM, "收入/项目"), (AMOUNT, "收入/金额"), (ITEM, "支出/项目"), (AMOUNT, "支出/金额")]
    rows = ["一、拨款 | 5.20 | 一、服务 | 4.10", "二、事业 | 1.30 | 二、教育 | 2.40"]
    rows += ["本年收入合计 | 6.50 | 本年支出合计 | 6.50", "上年结转 | 0.00 | 结转下年 | 0.00"]
    rows += ["收入总计 | 6.50 | 支出总计 | 6.50"]
    assert findings_of(make_table(sides, rows)) == []
    rows[3] = rows[3].replace("上年结转 | 0.00", "上年结转 | 0.08")
    assert {(one.rule, one.expected) for one in findings_of(make_table(sides, rows))} == {("column-sum", "6.58")}


def test_an_error_in_a_row_is_told_in_each_column_of_a_plain_list():
    columns = [(HeaderRole.TEXT, "类别"), (AMOUNT, "原值"), (AMOUNT, "净值")]
    rows = ["合计 | 21.40 | 12.10", "房屋 | 9.30 | 5.20", "车辆 | 8.10 | 4.60", "家具 | 4.00 | 2.30"]
    assert findings_of(make_table(columns, rows)) == []
    lost = findings_of(make_table(columns, [*rows[:2], rows[3]]))
    assert [(one.rule, one.severity, one.cells[0].col) for one in lost] == [
        ("column-sum", Severity.WARNING, 1),
        ("column-sum", Severity.WARNING, 2),
    ]


def test_a_digit_too_many_is_told_of_what_was_read_by_ocr_only():
    table = make_table(PLAIN, [f"第{n} | {n}.{n}5" for n in range(1, 10)] + ["第十 | 3.255"])
    assert findings_of(table) == []
    read = replace(table, cells=tuple(replace(cell, source=TextSource.OCR) for cell in table.cells))
    (finding,) = findings_of(read)
    assert (finding.rule, finding.cells) == ("decimal-places", (CellRef("t1", 9, 1),))


def test_many_breaks_of_the_row_numbers_are_one_finding():
    columns = [(HeaderRole.ROW_NUMBER, "序号"), (NAME, "名称")]
    numbers = [1, 2, 9, 4, 14, 15, 7, 26, 27, 3]
    (finding,) = findings_of(make_table(columns, [f"{number} | 甲" for number in numbers]))
    assert finding.rule == "row-number-sequence" and len(finding.cells) > 3
