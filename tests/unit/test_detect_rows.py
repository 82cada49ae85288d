"""Tables between horizontal rules: what the rules say of rows, tall cells and columns, also over a page break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

from lanci.detect import find_tables
from lanci.detect.columns import Column, columns_to_edges, find_columns, is_column_numbers, join_apart
from lanci.detect.continued import region_columns
from lanci.detect.pieces import words_to_pieced_lines
from lanci.detect.ruled import column_marks, is_row_ruled, open_spans, rules_to_levels
from lanci.document import Box, Fill, Grid, PageEvidence, PageKind, Rule, TableRegion, Word, boxes_to_hull
from lanci.grid import build_grid, fill_from_words

SIZE = 10.0
PITCH = 20.0
EDGES = (50.0, 80.0, 200.0, 330.0, 410.0, 490.0)  # serial number, unit, item and two amounts
SPANS_BY_RULES = {(2, 1, 3, 1), (5, 1, 2, 1)}


def width(text: str) -> float:
    return sum(SIZE * (0.55 if char.isascii() else 1.0) for char in text)


def word(text: str, y: float, x: float, anchor: float = 0.0) -> Word:
    """A word whose line has its middle at ``y``; ``x`` is its left side, its middle (0.5) or its right side (1)."""
    x0 = x - anchor * width(text)
    return Word(text, Box(x0, y - SIZE / 2, x0 + width(text), y + SIZE / 2))


def centred(texts: Sequence[str], y: float, edges: Sequence[float] = EDGES) -> list[Word]:
    return [word(t, y, (a + b) / 2, 0.5) for t, a, b in zip(texts, edges, edges[1:], strict=False) if t]


def row(y: float, serial: str, item: str, amounts: Sequence[str]) -> list[Word]:
    words = [word(serial, y, 65, 0.5), word(item, y, 204)]
    return words + [word(t, y, x - 4, 1.0) for t, x in zip(amounts, EDGES[4:], strict=True) if t]


def rule(y: float, x0: float = EDGES[0], x1: float = EDGES[-1]) -> Rule:
    return Rule(True, y, x0, x1, 0.5)


def evidence(words: Sequence[Word], rules: Sequence[Rule], number: int = 1) -> PageEvidence:
    return PageEvidence(number, 595, 842, 0, PageKind.DIGITAL, words=tuple(words), rules=tuple(rules))


def grids(
    words: Sequence[Word], rules: Sequence[Rule], before: TableRegion | None = None, number: int = 1
) -> list[Grid]:
    regions = find_tables(evidence(words, rules, number), before=before)
    return [grid for region in regions if (grid := build_grid(region))]


def texts(grid: Grid, words: Sequence[Word]) -> list[list[str]]:
    rows = [[""] * grid.n_cols for _ in range(grid.n_rows)]
    for cell, reading in zip(grid.cells, fill_from_words([grid], words).readings[0], strict=True):
        rows[cell.row][cell.col] = reading.text
    return rows


def spans(grid: Grid) -> set[tuple[int, int, int, int]]:
    return {(c.row, c.col, c.row_span, c.col_span) for c in grid.cells if c.row_span * c.col_span > 1}


HEAD = ["序号", "单位名称", "项目名称", "合计", "基本支出"]
NUMBERS = ["**", "**", "**", "1", "2"]
BODY = [
    ("1", "公用经费", ("12.50", "2.50")),
    ("2", "普法宣传", ("3.00", "")),
    ("3", "档案整理", ("1,204.10", "1,000.00")),
    ("4", "业务培训", ("8.00", "8.00")),
    ("5", "设备购置", ("9.10", "")),
]


def tall_page() -> tuple[list[Word], list[Rule]]:
    """Two units of three and two rows, each named once in the middle; the rules leave their column out."""
    words = centred(HEAD, 110) + centred(NUMBERS, 130)
    for k, (serial, item, amounts) in enumerate(BODY):
        words += row(150 + PITCH * k, serial, item, amounts)
    words += [word("财政局本级", 170, 140, 0.5), word("国库支付中心", 210, 140, 0.5)]
    rules = [rule(y) for y in (100, 120, 140, 200, 240)]
    for y in (160, 180, 220):  # of 30 points before the unit's column
        rules += [rule(y, 50, 80), rule(y, 200, 490)]
    return words, rules


def test_rules_that_leave_a_column_out_make_tall_cells() -> None:
    words, rules = tall_page()
    (grid,) = grids(words, rules)
    assert grid.row_edges == (100, 120, 140, 160, 180, 200, 220, 240)
    assert spans(grid) == SPANS_BY_RULES
    found = texts(grid, words)
    assert found[:2] == [HEAD, NUMBERS]
    assert [found[r][0] for r in range(2, 7)] == ["1", "2", "3", "4", "5"]
    assert (found[2][1], found[5][1]) == ("财政局本级", "国库支付中心")


def test_ends_of_rules_are_sides_of_columns() -> None:
    words, rules = tall_page()
    (grid,) = grids(words, rules)
    assert grid.col_edges[1:3] == (80, 200)


def test_a_tall_label_takes_no_number_from_the_column_beside_it() -> None:
    """Without a header nothing but the ends of the rules parts the serial numbers from the one unit named."""
    words = [w for k, one in enumerate(BODY) for w in row(150 + PITCH * k, *one)] + [word("财政局本级", 190, 140, 0.5)]
    rules = [rule(140), rule(240)]
    rules += [r for y in (160, 180, 200, 220) for r in (rule(y, 50, 80), rule(y, 200, 490))]
    (grid,) = grids(words, rules)
    assert spans(grid) == {(0, 1, 5, 1)}
    assert texts(grid, words)[0] == ["1", "财政局本级", "公用经费", "12.50", "2.50"]


def test_every_stripe_between_rules_is_a_row() -> None:
    """A text of three lines beside amounts at its top: without rules it would be three rows."""
    words = centred(HEAD[1:], 110, EDGES[1:])
    for y, lines in ((150, 3), (200, 1), (230, 3)):
        words += [word("12.00", y, 406, 1.0), word("3.00", y, 486, 1.0), word("甲", y, 84)]
        words += [word("培训会议场地租用", y + 12 * k, 204) for k in range(lines)]
    rules = [rule(y, 80) for y in (100, 120, 190, 215, 280)]
    (grid,) = grids(words, rules)
    assert grid.row_edges == (100, 120, 190, 215, 280)
    assert texts(grid, words)[1] == ["甲", "培训会议场地租用" * 3, "12.00", "3.00"]


def test_numbers_below_each_other_part_the_rows_of_a_group() -> None:
    lines = words_to_pieced_lines([w for k in range(6) for w in row(150 + PITCH * k, str(k), "项目", ("1.00", "2.00"))])
    grouped = rules_to_levels([rule(180), rule(220), rule(240)])
    single = rules_to_levels([rule(160 + PITCH * k) for k in range(5)])
    assert not is_row_ruled(lines, grouped)
    assert is_row_ruled(lines, single)
    assert not is_row_ruled(lines, single[:2])


def test_open_spans_need_an_edge_drawn_elsewhere() -> None:
    levels = rules_to_levels([rule(10, 0, 50), rule(20, 0, 100)])
    assert open_spans([(1, levels[0]), (2, levels[1])], [0, 50, 100], 3) == [(0, 2, 1, 2)]
    assert open_spans([(2, levels[1])], [0, 50, 100], 3) == []


def test_column_marks_are_inner_ends_put_together() -> None:
    rules = [rule(1, 0, 100), rule(2, 0, 40), rule(2, 60, 100), rule(3, 1, 40.8), rule(3, 59, 98.5)]
    assert column_marks(rules, 0, 100) == pytest.approx([40.4, 59.5])


def test_edges_mirror_at_the_middle_of_columns_without_amounts() -> None:
    """Two empty columns between amounts show only their column numbers; these stand in the middle."""
    amounts = Column(60, 96, {0, 1}, 2, 2, head=(70, 90), text=(60, 96))
    empty = [Column(x - 2, x + 2, {0}, 1, 1, number=(x - 2, x + 2)) for x in (115, 155)]
    last = Column(210, 246, {0, 1}, 2, 2, head=(205, 230), text=(210, 246))
    edges = columns_to_edges([amounts, *empty, last], 50, 250, 10)
    assert edges == pytest.approx([50, 100, 127.5, 182.5, 250])  # mirrored from the left and from the right, the mean


def test_header_text_over_the_rule_of_its_codes_spans_them() -> None:
    """类 and 款 stand in the middle, their codes at the left: 科目编码 is over both, nearest to the codes of 款."""
    edges = (50.0, 110.0, 170.0, 400.0, 490.0)
    words = [word("科目编码", 110, 110, 0.5), *centred(["类", "款"], 130, edges)]
    words += [word("科目名称", 120, 285, 0.5), word("金额", 120, 445, 0.5)]
    rules = [rule(100), rule(120, 50, 170), rule(140)]
    for k in range(5):
        y = 150 + PITCH * k
        words += [word("302", y, 54), word(f"0{k + 1}", y, 114), word("办公费用", y, 174), word("1.20", y, 486, 1.0)]
        rules.append(rule(y + 10))
    (grid,) = grids(words, rules)
    assert spans(grid) == {(0, 0, 1, 2), (0, 2, 2, 1), (0, 3, 2, 1)}
    assert texts(grid, words)[1][:2] == ["类", "款"]
    assert texts(grid, words)[2] == ["302", "01", "办公费用", "1.20"]


@pytest.mark.parametrize(
    ("line", "first", "expected"),
    [
        (["栏次", "1", "2", "3"], False, True),
        (["**", "**", "1"], False, True),
        (["栏次", "1"], True, True),
        (["栏次", "1"], False, False),
        (["办公设备", "3"], True, False),
        (["3", "2", "1"], False, False),
        (["1", "3", "4", "-", "-", "7"], False, True),
        (["*k", "**", "1", "2"], False, True),
        (["††", "1", "2", "3"], False, True),
        (["常率", "中中", "1", "2", "3"], False, True),
        (["常率", "中中", "1", "3", "2"], False, False),
        (["办公费", "小计", "1", "2", "3"], False, False),
        (["栏次", "一", "2", "3"], True, True),
        (["1", "-", "-", "12"], False, False),
        (["1", "3", "4", "-", "-", "38"], False, False),
        (["12.00", "1", "2"], False, False),
    ],
)
def test_column_numbers(line: list[str], first: bool, expected: bool) -> None:
    (found,) = words_to_pieced_lines([word(text, 100, 60 + 80 * k) for k, text in enumerate(line)])
    assert is_column_numbers(found.pieces, first=first) is expected


def test_a_column_number_on_a_line_of_its_own_numbers_its_column() -> None:
    """Read off a scan, one of the numbers stands a little higher; rules tell that it is of their row."""
    numbers = [word(str(k + 1), 100 - 6 * (k == 1), 80 + 70 * k) for k in range(4)]
    amounts = [word("10.00", 120 + PITCH * n, 114 + 70 * k, 1.0) for n in range(4) for k in range(4)]
    lines = words_to_pieced_lines([*numbers, *amounts])
    assert len(lines) == 6
    columns = join_apart(find_columns(lines, levels=[85, 110, *(110 + PITCH * n for n in range(1, 5))]), (), 9.0)
    assert len(columns) == 4


def plain_table(y: float, head: Sequence[str]) -> tuple[list[Word], list[Rule]]:
    words = centred(head, y + 10)
    for k, (serial, item, amounts) in enumerate(BODY):
        words += [*row(y + 30 + PITCH * k, serial, item, amounts), word("财政局", y + 30 + PITCH * k, 84)]
    return words, [rule(y + PITCH * k) for k in range(len(BODY) + 2)]


def test_a_title_of_the_size_of_its_table_parts_two_tables() -> None:
    upper, upper_rules = plain_table(100, HEAD)
    lower, lower_rules = plain_table(280, HEAD)
    words = [*upper, *lower, word("9.项目支出情况表", 271, 50)]
    found = grids(words, upper_rules + lower_rules)
    assert [(g.row_edges[0], g.row_edges[-1], g.n_rows) for g in found] == [(100, 220, 6), (280, 400, 6)]


def test_a_coloured_header_is_of_the_table_whose_rules_go_on_below() -> None:
    words, rules = plain_table(100, HEAD)
    words += centred(HEAD, 90)  # a header of two rows, so that its coloured cells alone could be a table
    rules.append(rule(80))
    fills = [Fill(Box(a, y, b, y + PITCH), 0xD8D8D8) for a, b in pairwise(EDGES) for y in (80.0, 100.0)]
    page = replace(evidence(words, rules), fills=tuple(fills))
    (region,) = find_tables(page)
    grid = build_grid(region)
    assert grid is not None
    assert (grid.row_edges[0], grid.n_rows, grid.n_cols) == (80, 7, 5)


def test_a_section_in_the_middle_of_its_stripe_parts_nothing() -> None:
    words, rules = plain_table(100, HEAD)
    more = [w for k, one in enumerate(BODY) for w in row(270 + PITCH * k, *one)]
    words = [*words, *more, word("二、项目支出", 240, 84)]
    rules += [rule(260 + PITCH * k) for k in range(len(BODY) + 1)]
    assert len(grids(words, rules)) == 1


def test_a_value_with_a_colon_is_a_row_and_no_caption() -> None:
    words, rules = plain_table(100, HEAD)
    bottom = rules[-1].position
    words += [word("年度目标", bottom + 18, 84), word("目标：完成全年任务", bottom + 12, 204)]
    words += [word("并做好总结工作", bottom + 24, 204)]
    rules += [rule(bottom + 36), rule(bottom + 56)]
    words += row(bottom + 46, "7", "其他", ("1.00", "1.00"))
    (grid,) = grids(words, rules)
    assert texts(grid, words)[-2][1:3] == ["年度目标", "目标：完成全年任务并做好总结工作"]


def test_a_number_that_looks_large_parts_no_table() -> None:
    """A speck over a digit, or a row of digits alone, is no title, whatever its height says."""
    words, rules = plain_table(100, HEAD)
    tall = [replace(w, box=replace(w.box, y0=w.box.y0 - 6, y1=w.box.y1)) for w in centred("12345", 230)]
    rules.append(rule(240))
    words += [*tall, *row(250, "7", "其他", ("1.00", "1.00"))]
    rules.append(rule(260))
    (grid,) = grids(words, rules)
    assert (grid.n_rows, grid.n_cols) == (8, 5)


@pytest.mark.parametrize(("n_split", "n_cols"), [(2, 2), (5, 3)])
def test_code_and_name_in_most_rows_one_text_are_one_column(n_split: int, n_cols: int) -> None:
    """A scan shows the gap between code and name a little wider in some rows; where it does in most, they are two."""
    words: list[Word] = []
    for k in range(8):
        y = 100 + PITCH * k
        code, name = word("30101", y, 60), word("办公费用支出", y, 95)
        whole = Word("30101 办公费用支出", boxes_to_hull([code.box, name.box]))
        words += [code, name] if k < n_split else [whole]
        words.append(word("12.50", y, 300, 1.0))
    assert len(find_columns(words_to_pieced_lines(words))) == n_cols


def sparse_page(y: float = 60, n_rows: int = 4) -> tuple[list[Word], list[Rule]]:
    """Rows of the table that goes on, without texts in the unit and with amounts in the last column only."""
    words: list[Word] = []
    for k in range(n_rows):
        words += row(y + 10 + PITCH * k, str(k + 6), "其他", ("", "1.25"))
    return words, [rule(y + PITCH * k) for k in range(n_rows + 1)]


def test_a_table_goes_on_with_the_columns_of_the_page_before() -> None:
    before_words, before_rules = plain_table(100, HEAD)
    (before,) = find_tables(evidence(before_words, before_rules))
    words, rules = sparse_page()
    (alone,) = grids(words, rules, number=2)
    assert alone.n_cols == 3
    (grid,) = grids(words, rules, before, number=2)
    assert grid.n_cols == 5
    assert texts(grid, words)[0] == ["6", "", "其他", "", "1.25"]


@pytest.mark.parametrize("shift", [-12.0, 6.0])
def test_a_sheet_that_lies_elsewhere_on_the_glass_goes_on_as_well(shift: float) -> None:
    before_words, before_rules = plain_table(100, HEAD)
    (before,) = find_tables(evidence(before_words, before_rules))
    words, rules = sparse_page()
    words = [replace(w, box=replace(w.box, x0=w.box.x0 + shift, x1=w.box.x1 + shift)) for w in words]
    rules = [rule(r.position, r.start + shift, r.end + shift) for r in rules]
    (grid,) = grids(words, rules, before, number=2)
    assert list(grid.col_edges) == pytest.approx([edge + shift for edge in region_columns(before)])


def test_one_text_that_a_speck_widens_takes_no_column_away() -> None:
    before_words, before_rules = plain_table(100, HEAD)
    (before,) = find_tables(evidence(before_words, before_rules))
    words, rules = sparse_page(n_rows=9)
    words[1] = replace(words[1], box=replace(words[1].box, x0=words[1].box.x0 - 12))
    (grid,) = grids(words, rules, before, number=2)
    assert grid.n_cols == 5


@pytest.mark.parametrize(
    ("more", "shift"),
    [
        pytest.param([word("编制单位：财政局", 40, 50)], 0.0, id="captions"),
        pytest.param([], 30.0, id="other-sides"),
        pytest.param([word("跨过两列的文字说明跨过两列", 70 + PITCH * k, 300) for k in range(4)], 0.0, id="crossing"),
    ],
)
def test_another_table_has_its_own_columns(more: list[Word], shift: float) -> None:
    before_words, before_rules = plain_table(100, HEAD)
    (before,) = find_tables(evidence(before_words, before_rules))
    words, rules = sparse_page()
    words += more
    rules = [rule(r.position, r.start, r.end + shift) for r in rules]
    assert grids(words, rules, before, number=2) == grids(words, rules, number=2)
