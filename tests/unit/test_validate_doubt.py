"""Which amounts read by OCR a person should look at: their reading and the constraints together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lanci.document import (
    AmountStatus,
    Box,
    Caption,
    Cell,
    Column,
    ConflictVerdict,
    HeaderRole,
    RowRole,
    Table,
    TableFragment,
    TextSource,
)
from lanci.interpret import interpret
from lanci.validate import validate

Place = tuple[int, int]
CODE, NAME, AMOUNT = HeaderRole.SUBJECT_CODE, HeaderRole.SUBJECT_NAME, HeaderRole.AMOUNT
PROVEN, UNCHECKED, CONFLICT = AmountStatus.PROVEN, AmountStatus.UNCHECKED, AmountStatus.CONFLICT
HEAD = "编码 | 名称 | 合计 | 基本支出 | 项目支出"
ROWS = (
    HEAD,
    " | 合计 | 2157.25 | 1203.15 | 954.10",
    "201 | 服务 | 1234.50 | 900.00 | 334.50",
    "208 | 社保 | 601.45 | 201.45 | 400.00",
    "210 | 卫生 | 321.30 | 101.70 | 219.60",
)
ALONE = ("编码 | 名称 | 合计", "201 | 服务 | 1234.50", "208 | 社保 | 601.45")
"""Rows of which nothing proves anything."""
SURE = 0.9995


def make_table(
    rows: tuple[str, ...], sure: dict[Place, float] | None = None, wide: dict[Place, int] | None = None
) -> Table:
    """A coded table of one page, read by OCR, with one header row; ``wide`` cells cover so many columns."""
    texts = [[text.strip() for text in row.split("|")] for row in rows]
    n_cols = len(texts[0])
    roles = (CODE, NAME, *(AMOUNT for _ in range(n_cols - 2)))
    spans = wide or {}
    covered = {(r, c + i) for (r, c), span in spans.items() for i in range(1, span)}
    box = Box(0, 0, 1, 1)
    cells = tuple(
        Cell(r, c, 1, spans.get((r, c), 1), text, 1, box, TextSource.OCR, (sure or {}).get((r, c), SURE), role=roles[c])
        for r, row in enumerate(texts)
        for c, text in enumerate(row)
        if (r, c) not in covered
    )
    columns = tuple(Column(c, role, (texts[0][c],) if texts[0][c] else ()) for c, role in enumerate(roles))
    kinds = (RowRole.HEADER, *(RowRole.TOTAL if "合计" in row else RowRole.DETAIL for row in texts[1:]))
    head = ("t001", "expenditure_summary", "expenditure", "all", "all", "functional", 1.0)
    parts = (TableFragment(1, box, 0, len(rows) - 1),)
    caption = Caption(title="支出总表", unit="万元")
    return interpret(Table(*head, caption, (), len(rows), n_cols, 1, kinds, columns, parts, cells))


def to_look_at(table: Table) -> set[Place]:
    (checked,), _ = validate([table])
    return {(cell.row, cell.col) for cell in checked.cells if cell.needs_review}


@pytest.mark.parametrize(
    ("confidence", "marked", "alone", "proven"),
    [(0.9995, False, False, False), (0.98, False, True, False), (0.8, True, True, False), (0.01, True, True, True)],
)
def test_a_doubtful_reading_is_excused_by_proofs_and_only_by_them(confidence, marked, alone, proven):
    def table_of(rows: tuple[str, ...]) -> Table:
        table = make_table(rows, {(2, 2): confidence})
        cells = (replace(c, needs_review=marked and (c.row, c.col) == (2, 2)) for c in table.cells)
        return replace(table, cells=tuple(cells))

    assert to_look_at(table_of(ALONE)) == ({(2, 2)} if alone else set())
    assert to_look_at(table_of((*ALONE[:1], " | 合计 | 1835.95", *ALONE[1:]))) == ({(2, 2)} if proven else set())


def test_what_an_earlier_stage_marks_needs_a_look_however_surely_it_was_read():
    table = make_table(ALONE)
    marked = replace(table, cells=tuple(replace(c, needs_review=(c.row, c.col) == (1, 2)) for c in table.cells))
    assert to_look_at(marked) == {(1, 2)}
    (checked,), _ = validate([marked])
    assert validate([checked]) == ((checked,), ())


def test_a_misreading_needs_a_look_and_not_the_other_amounts_of_its_sums():
    rows = tuple(row.replace("201.45", "207.45") for row in ROWS)
    assert to_look_at(make_table(rows, {(3, 3): 0.9})) == {(3, 3)}


def test_an_error_of_the_source_is_told_and_its_amounts_need_no_look():
    rows = ("编码 | 名称 | 合计", " | 合计 | 900.00", *(f"2{n:02} | 名 | {n}.37" for n in range(10, 30)))
    table = make_table(rows)
    (checked,), _ = validate([table])
    (finding,) = [finding for finding in checked.findings if finding.rule == "column-sum"]
    assert finding.verdict is ConflictVerdict.SOURCE
    assert {cell.status for cell in checked.cells if cell.value is not None} == {CONFLICT}
    assert not any(cell.needs_review for cell in checked.cells)


def test_an_amount_that_was_lost_is_looked_for_in_its_blank():
    rows = tuple(row.replace("201.45", "") for row in ROWS)
    assert (3, 3) in to_look_at(make_table(rows, {(3, 3): 0.9}))


def test_a_doubtful_blank_is_excused_where_sums_hold_without_it():
    def table_of(*rows: str) -> Table:
        table = make_table((HEAD, *rows), {(2, 4): 0.3})
        return replace(table, cells=tuple(replace(c, needs_review=c.confidence < SURE) for c in table.cells))

    rows = ("201 | 服务 | 1234.50 | 1234.50 | 0.00", "208 | 社保 | 601.45 | 601.45 | ")
    assert to_look_at(table_of(*rows)) == set()
    assert to_look_at(table_of(*(row.replace("601.45 | 601.45", " | 601.45") for row in rows))) == {(2, 4)}


def test_a_column_too_many_is_looked_at_whatever_it_adds_up_to():
    split = tuple(row.replace(" | 项目支出", " | 项目支出 |") for row in ROWS[:1])
    split += tuple(" | ".join([*row.split(" | ")[:-1], "", row.split(" | ")[-1]]) for row in ROWS[1:])
    table = make_table(split)
    (checked,), _ = validate([table])
    (finding,) = checked.findings
    assert (finding.rule, len(finding.cells)) == ("unnamed-column", 8)
    assert {cell.status for cell in checked.cells if cell.col == 5 and cell.value is not None} == {PROVEN}
    places = {(row, col) for row in range(1, 5) for col in (4, 5)}
    assert {(cell.row, cell.col) for cell in checked.cells if cell.needs_review} == places
    # The same under a header cell that covers both columns.
    assert to_look_at(make_table(split, wide={(0, 4): 2})) == places
    # Cells as wide as their header cell are no columns of their own, and text layers are believed.
    assert to_look_at(make_table(split, wide={(row, 4): 2 for row in range(5)})) == set()
    digital = replace(table, cells=tuple(replace(cell, source=TextSource.TEXT) for cell in table.cells))
    assert validate([digital])[0][0].findings == ()


def test_a_rule_not_seen_between_two_column_numbers_takes_no_name_away():
    rows = (HEAD, "栏次 | | 1 | 23 | ", *ROWS[1:])
    table = make_table(rows, wide={(1, 3): 2})
    table = replace(table, n_header_rows=2, row_roles=(RowRole.HEADER, RowRole.COLUMN_NUMBER, *table.row_roles[2:]))
    assert {row for row, _ in to_look_at(table)} == {1}
    nameless = replace(table, cells=tuple(cell for cell in table.cells if (cell.row, cell.col) not in {(0, 3), (0, 4)}))
    assert {(row, col) for row, col in to_look_at(nameless) if row > 1} == {
        (row, col) for row in range(2, 6) for col in (3, 4)
    }


def test_where_columns_are_cut_wrongly_unproven_amounts_beside_them_are_in_doubt():
    rows = ("编码 | 名称 | 合计 | ", "201 | 服务 | 1234.50 | ", "208 | 社保 | | 601.45", "210 | 卫生 | 321.30 | ")
    assert to_look_at(make_table(rows)) == {(1, 2), (2, 2), (2, 3), (3, 2)}


TORN = (
    "编码 | 名称 | 合计 | 基本支出 | 项目支出",
    "201 | 服务 | 1234.50 | | 334.50",
    "208 | 社保 | 601.45 | | 412.30",
    "210 | 卫生 | 321.30 | 101.70 | 219.60",
)
WIDE = {(1, 2): 2, (2, 2): 2}
"""A rule between two columns where the page has none, seen in the last row only."""


def test_amounts_that_keep_to_other_columns_than_most_are_looked_at_whatever_they_add_up_to():
    (checked,), _ = validate([make_table(TORN, wide=WIDE)])
    last = {cell.col: cell for cell in checked.cells if cell.row == 3 and cell.value is not None}
    assert {cell.status for cell in last.values()} == {PROVEN}
    assert {col for col, cell in last.items() if cell.needs_review} == {2, 3}
    # Where most are narrow the wide one is the odd one.
    rows = (*TORN[:2], "208 | 社保 | 601.45 | 189.15 | 412.30", TORN[3])
    assert {place for place in to_look_at(make_table(rows, wide={(1, 2): 2})) if place[1] < 4} == {(1, 2)}


def test_amounts_in_other_columns_put_all_unproven_ones_of_their_page_in_doubt():
    table = make_table(TORN, wide=WIDE)
    assert {(1, 4), (2, 4)} < to_look_at(table)
    parts = tuple(replace(table.fragments[0], page=page, first_row=page - 1, last_row=page - 1) for page in (2, 3, 4))
    paged = replace(table, fragments=parts, cells=tuple(replace(c, page=c.row + 1) for c in table.cells))
    apart = replace(paged, cells=tuple(replace(c, col_span=1) if c.row == 2 else c for c in paged.cells))
    assert to_look_at(apart) == {(1, 2), (1, 4)}


def test_amounts_as_wide_as_their_header_are_in_no_doubt():
    rows = ("编码 | 名称 | 合计 | | 项目支出", *(row.replace("101.70", "") for row in TORN[1:]))
    assert to_look_at(make_table(rows, wide={(row, 2): 2 for row in range(4)})) == set()


def test_a_number_in_a_column_of_text_is_looked_at_where_columns_are_broken():
    def table_of(wide: dict[Place, int]) -> Table:
        texts = ("说明", "17.25", "无", "另")
        table = make_table(tuple(f"{row} | {text}" for row, text in zip(TORN, texts, strict=True)), wide=wide)
        roles = tuple(replace(c, role=HeaderRole.TEXT) if c.index == 5 else c for c in table.columns)
        cells = tuple(replace(c, role=HeaderRole.TEXT) if c.col == 5 else c for c in table.cells)
        return interpret(replace(table, columns=roles, cells=cells))

    assert {place for place in to_look_at(table_of(WIDE)) if place[1] == 5} == {(1, 5)}
    assert {place for place in to_look_at(table_of({})) if place[1] == 5} == set()


def test_amounts_of_a_table_without_header_are_in_doubt_unless_proven():
    """The rest of a table that was not joined to it, or a header that was not recognised: columns have no names."""

    def rest_of(rows: tuple[str, ...]) -> Table:
        whole = make_table(rows)
        columns = tuple(replace(column, path=()) for column in whole.columns)
        return replace(whole, n_header_rows=0, row_roles=(RowRole.DETAIL, *whole.row_roles[1:]), columns=columns)

    def rules_of(table: Table) -> set[str]:
        return {finding.rule for finding in validate([table])[0][0].findings}

    alone = ("编码 | 名称 | 基本支出 | 项目支出", "201 | 服务 | 1234.50 | 12.10", "208 | 社保 | 601.45 | 700.00")
    assert {place for place in to_look_at(rest_of(alone)) if place[1] > 1} == {(1, 2), (1, 3), (2, 2), (2, 3)}
    assert "missing-header" in rules_of(rest_of(alone))
    assert not to_look_at(make_table(alone))
    assert "missing-header" not in rules_of(make_table(alone))
    assert not {place for place in to_look_at(rest_of(ROWS)) if place[1] > 1}
    assert "missing-header" in rules_of(rest_of(ROWS))


def test_numbers_that_are_no_amounts_need_no_header():
    """Column numbers, for one: a page may print these alone."""
    whole = make_table(ROWS)
    columns = tuple(replace(column, path=()) for column in whole.columns)
    cells = tuple(replace(cell, value=None) for cell in whole.cells)
    (checked,), _ = validate([replace(whole, n_header_rows=0, columns=columns, cells=cells)])
    assert "missing-header" not in {finding.rule for finding in checked.findings}


WHOLE_ROWS = (
    HEAD,
    " | 合计 | 2,157,250 | 1,203,150 | 954,100",
    "201 | 服务 | 1,234,500 | 900,000 | 334,500",
    "208 | 社保 | 601,450 | 201,450 | 400,000",
    "210 | 卫生 | 321,300 | 101,700 | 219,600",
)


def test_commas_read_as_points_are_doubted_and_not_proven_though_all_sums_hold():
    points = (
        HEAD,
        *(
            row.replace(",", ".")
            for row in (" | 合计 | 55,700 | 25,450 | 30,250", "201 | 服务 | 55,700 | 25,450 | 30,250")
        ),
    )
    one, other = make_table(WHOLE_ROWS), replace(make_table(points), id="t002")
    (first, second), across = validate([one, other])
    assert not any(cell.needs_review for cell in first.cells)
    doubted = [cell for cell in second.cells if cell.needs_review]
    assert {cell.text for cell in doubted} == {"55.700", "25.450", "30.250"}
    assert len(doubted) == 6
    assert {cell.status for cell in doubted} == {UNCHECKED}
    assert [finding.rule for finding in across if len(finding.cells) == 6] == ["thousands-point"]


def test_three_decimals_among_amounts_with_decimals_are_decimals():
    decimals = (
        HEAD,
        *(
            row.replace(",", "")
            for row in (" | 合计 | 55.700 | 25.450 | 30.250", "201 | 服务 | 55.700 | 25.450 | 30.250")
        ),
    )
    one, other = make_table(ROWS), replace(make_table(decimals), id="t002")
    (_, second), across = validate([one, other])
    assert not any(cell.needs_review for cell in second.cells)
    assert "thousands-point" not in {finding.rule for finding in across}
