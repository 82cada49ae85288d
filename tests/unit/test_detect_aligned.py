"""Tables with few or no rules: what the words of a page alone say; the pages are laid out by hand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanci.detect import DetectOptions, find_tables
from lanci.document import Box, Grid, PageEvidence, PageKind, Rule, Word
from lanci.grid import build_grid, fill_from_words

SIZE = 10.0
PITCH = 20.0
LEFTS, RIGHTS = (50.0, 200.0, 280.0, 360.0), (180.0, 260.0, 340.0, 420.0)
BODY = [
    ["一般公共服务支出", "120.50", "80.25", "40.25"],
    ["教育支出", "9.00", "9.00", "0.00"],
    ["社会保障和就业支出", "1,204.10", "1,000.00", "204.10"],
    ["卫生健康支出", "33.30", "30.00", "3.30"],
]
HEAD = ["项目", "合计", "基本支出", "项目支出"]


def width(text: str) -> float:
    return sum(SIZE * (0.55 if char.isascii() else 1.0) for char in text)


def word(text: str, y: float, *, left: float | None = None, right: float | None = None, middle: float = 0.0) -> Word:
    """A word whose line has its middle at ``y``, at the left, right or middle of a place."""
    x0 = left if left is not None else right - width(text) if right is not None else middle - width(text) / 2
    return Word(text, Box(x0, y - SIZE / 2, x0 + width(text), y + SIZE / 2))


def head_words(y: float, texts: Sequence[str] = HEAD) -> list[Word]:
    middles = [(a + b) / 2 for a, b in zip(LEFTS, RIGHTS, strict=True)]
    return [word(text, y, middle=x) for text, x in zip(texts, middles, strict=True) if text]


def body_words(y: float, rows: Sequence[Sequence[str]] = BODY, pitch: float = PITCH) -> list[Word]:
    words: list[Word] = []
    for index, row in enumerate(rows):
        at = y + index * pitch
        words += [word(row[0], at, left=LEFTS[0])] if row[0] else []
        words += [word(t, at, right=x) for t, x in zip(row[1:], RIGHTS[1:], strict=True) if t]
    return words


def rule(y: float, x0: float = 45.0, x1: float = 425.0) -> Rule:
    return Rule(True, y, x0, x1, 0.5)


def page(words: Sequence[Word], rules: Sequence[Rule] = ()) -> PageEvidence:
    return PageEvidence(1, 595, 842, 0, PageKind.DIGITAL, words=tuple(words), rules=tuple(rules))


def grids(words: Sequence[Word], rules: Sequence[Rule] = ()) -> list[Grid]:
    return [grid for region in find_tables(page(words, rules)) if (grid := build_grid(region))]


def texts(grid: Grid, words: Sequence[Word]) -> list[list[str]]:
    readings = fill_from_words([grid], words).readings[0]
    rows = [[""] * grid.n_cols for _ in range(grid.n_rows)]
    for cell, reading in zip(grid.cells, readings, strict=True):
        rows[cell.row][cell.col] = reading.text
    return rows


def spans(grid: Grid) -> set[tuple[int, int, int, int]]:
    return {(c.row, c.col, c.row_span, c.col_span) for c in grid.cells if c.row_span * c.col_span > 1}


PLAIN = head_words(200) + body_words(220)


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param([], id="borderless"),
        pytest.param([rule(190), rule(210), rule(290)], id="three-line"),
        pytest.param([rule(190 + 20 * k) for k in range(6)], id="every-row"),
        pytest.param([rule(190), rule(290)], id="frame"),
    ],
)
def test_rows_and_columns(rules: list[Rule]) -> None:
    (grid,) = grids(PLAIN, rules)
    assert grid.region.detector == "aligned"
    assert texts(grid, PLAIN) == [HEAD, *BODY]
    assert spans(grid) == set()
    if rules:
        assert (grid.row_edges[0], grid.row_edges[-1]) == (190, 290)


def test_alignment_can_be_left_out() -> None:
    assert find_tables(page(PLAIN), DetectOptions(use_alignment=False)) == ()


def test_title_and_captions_stay_outside() -> None:
    title = Word("2024年支出总表", Box(150, 130, 320, 150))
    captions = [word("部门：财政局", 178, left=50.0), word("单位：万元", 178, right=420.0)]
    note = [word("注：本表金额单位转换时可能存在尾数误差，不影响公开内容，特此说明", 308, left=50.0)]
    (grid,) = grids([title, *captions, *PLAIN, *note])
    assert texts(grid, PLAIN) == [HEAD, *BODY]
    assert 183 < grid.row_edges[0] < 195
    assert 285 < grid.row_edges[-1] < 303


def test_amounts_all_blank_keep_their_column() -> None:
    rows = [[row[0], row[1], row[2], ""] for row in BODY]
    words = head_words(200) + body_words(220, rows)
    (grid,) = grids(words)
    assert texts(grid, words) == [HEAD, *rows]


def test_spanning_header() -> None:
    upper = [word("本年支出", 190, middle=(LEFTS[1] + RIGHTS[3]) / 2)]
    tall = [word("项目", 200, middle=115)]
    words = [*upper, *tall, *head_words(210, ["", *HEAD[1:]]), *body_words(230)]
    (grid,) = grids(words)
    assert texts(grid, words)[0] == ["项目", "本年支出", "", ""]
    assert spans(grid) == {(0, 0, 2, 1), (0, 1, 1, 3)}
    assert texts(grid, words)[2:] == BODY


def test_spanner_rule_tells_the_columns() -> None:
    upper = [word("其中", 190, middle=350)]
    tall = [word("项目", 200, middle=115), word("合计", 200, middle=230)]
    words = [*upper, *tall, *head_words(210, ["", "", *HEAD[2:]]), *body_words(230)]
    (grid,) = grids(words, [rule(180), rule(200, 275, 425), rule(220), rule(300)])
    assert spans(grid) == {(0, 0, 2, 1), (0, 1, 2, 1), (0, 2, 1, 2)}
    assert texts(grid, words)[2:] == BODY


@pytest.mark.parametrize("rules", [[], [rule(190), rule(210), rule(298)]])
def test_amounts_stand_at_the_middle_of_a_label_of_two_lines(rules: list[Rule]) -> None:
    words = head_words(200) + body_words(220, BODY[:2])
    words += [word("机关事业单位基本养", 258, left=50), word("老保险缴费支出", 271, left=50)]
    words += [word(t, 264.5, right=x) for t, x in zip(BODY[2][1:], RIGHTS[1:], strict=True)]
    words += body_words(288, BODY[3:])
    (grid,) = grids(words, rules)
    assert texts(grid, words)[3] == ["机关事业单位基本养老保险缴费支出", *BODY[2][1:]]
    assert grid.n_rows == 5


def test_label_in_the_middle_of_its_rows() -> None:
    words = [word("单位", 200, middle=20), *head_words(200), *body_words(220)]
    words += [word("本级", 230, middle=20), word("中心", 270, middle=20)]
    (grid,) = grids(words)
    assert spans(grid) == {(1, 0, 2, 1), (3, 0, 2, 1)}


def test_row_of_column_numbers_is_a_row() -> None:
    numbers = head_words(220, ["栏次", "1", "2", "3"])
    words = head_words(200) + numbers + body_words(240)
    for rules in ([], [rule(190), rule(230), rule(310)]):
        (grid,) = grids(words, rules)
        assert texts(grid, words)[:2] == [HEAD, ["栏次", "1", "2", "3"]]
        assert grid.n_cols == 4


def test_two_tables_with_rules_under_each_other() -> None:
    lower = [Word(w.text, Box(w.box.x0, w.box.y0 + 200, w.box.x1, w.box.y1 + 200)) for w in PLAIN]
    title = [Word("2024年收入表", Box(160, 350, 310, 368))]
    ys = (190.0, 210.0, 290.0)
    found = grids([*PLAIN, *title, *lower], [rule(y + d) for d in (0.0, 200.0) for y in ys])
    assert [(g.row_edges[0], g.row_edges[-1], g.n_rows) for g in found] == [(190, 290, 5), (390, 490, 5)]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(
            [
                word("反映本部门当年全部收入，二〇二四年预算收入合计为若干万元，其中", 100 + 18 * r, left=60)
                for r in range(20)
            ],
            id="prose",
        ),
        pytest.param(
            [
                w
                for r in range(12)
                for w in (
                    word(f"第{r}章收支预算总表", 100 + 20 * r, left=60),
                    word("……………………", 100 + 20 * r, left=220),
                    word(str(r + 3), 100 + 20 * r, right=500),
                )
            ],
            id="contents",
        ),
        pytest.param(
            [word(str(400 - 50 * k), 100 + 25 * k, right=90) for k in range(8)]
            + [
                word(t, y, middle=x)
                for t, x, y in (("3686.06", 150, 120), ("2340.94", 250, 120), ("2287.38", 350, 120))
            ]
            + [word(str(2020 + k), 300, middle=150 + 100 * k) for k in range(3)],
            id="chart",
        ),
        pytest.param([word("单位负责人：张三", 700, left=60), word("填报人：李四", 700, left=300)], id="sign-off"),
        pytest.param(
            [word("厦门市商务局办公室", 700, left=60), word("2024年5月6日印发", 700, right=420)], id="colophon"
        ),
    ],
)
def test_no_table_is_invented(words: list[Word]) -> None:
    assert grids(words) == []
    assert grids(words, [rule(690, 55, 425), rule(710, 55, 425)]) == []


def test_boxes_of_a_flow_chart_are_no_table() -> None:
    words = [
        word(text, 200 + 40 * r, middle=100 + 150 * c)
        for r in range(3)
        for c, text in enumerate(["受理", "审核", "办结"])
    ]
    uprights = [
        Rule(False, 100 + 150 * c + side, 190 + 40 * r, 210 + 40 * r)
        for r in range(3)
        for c in range(3)
        for side in (-30, 30)
    ]
    assert grids(words, uprights) == []


@given(st.permutations(PLAIN))
def test_the_order_of_the_words_does_not_matter(words: list[Word]) -> None:
    assert find_tables(page(words)) == find_tables(page(PLAIN))


@given(
    st.lists(
        st.tuples(
            st.floats(0, 500), st.floats(0, 800), st.sampled_from(["12.50", "合计", "-", "2010301", "一般公共服务支出"])
        ),
        max_size=60,
    ),
    st.lists(st.tuples(st.floats(0, 800), st.floats(0, 200), st.floats(210, 590)), max_size=12),
)
def test_any_page_gives_grids_that_do_not_overlap(places: list, levels: list) -> None:
    evidence = page([word(t, y, left=x) for x, y, t in places], [rule(y, x0, x1) for y, x0, x1 in levels])
    regions = find_tables(evidence)
    for index, region in enumerate(regions):
        assert region.box.width > 0 and region.box.height > 0
        for other in regions[index + 1 :]:
            shared = region.box.intersect(other.box)
            assert shared.width <= 2.0 or shared.height <= 2.0


def test_a_form_and_its_table_are_one_grid() -> None:
    aim = "通过实施项目改善服务条件提高办理效率年内不发生责任事故"
    words = [word("项目名称", 200, middle=115), word("农业普查经费", 200, middle=(180 + 430) / 2)]
    words += [word("年度目标", 220, middle=115), word(aim, 220, left=150)]
    words += head_words(240) + body_words(260)
    (grid,) = grids(words)
    assert (grid.n_rows, grid.n_cols) == (7, 4)
    assert spans(grid) == {(0, 1, 1, 3), (1, 1, 1, 3)}
    assert texts(grid, words)[:2] == [["项目名称", "农业普查经费", "", ""], ["年度目标", aim, "", ""]]


def test_one_label_for_an_even_number_of_rows_without_numbers() -> None:
    rows = [["数量指标", "完成批次", "≥13批"], ["", "覆盖街镇", "≥20个"], ["质量指标", "合格率", "达标"]]
    lefts, middles = (50.0, 150.0, 300.0), (80.0, 200.0, 330.0)
    words = [word(t, 200, middle=x) for t, x in zip(("二级指标", "三级指标", "指标值"), middles, strict=True)]
    words += [
        word(t, 220 + 20 * r, left=x) for r, row in enumerate(rows) for t, x in zip(row[1:], lefts[1:], strict=True)
    ]
    words += [word("数量指标", 230, left=60), word("质量指标", 260, left=60)]
    (grid,) = grids(words)
    assert grid.n_rows == 4
    assert (1, 0, 2, 1) in spans(grid)


def test_empty_table_keeps_its_sum() -> None:
    words = [*head_words(200), word("总计", 220, left=50)]
    (grid,) = grids(words)
    assert [row[0] for row in texts(grid, words)] == ["项目", "总计"]


def test_one_row_at_the_top_of_a_page_goes_on_with_a_table() -> None:
    row = body_words(60, BODY[:1])
    (grid,) = grids(row)
    assert texts(grid, row) == BODY[:1]
    assert grids([word("第一部分概况", 40, left=50), *row]) == []


def sentence(y: float, left: float) -> list[Word]:
    return [Word("services", Box(left + 45 * k, y - 5, left + 45 * k + 40, y + 5), after_space=True) for k in range(5)]


def test_table_beside_a_column_of_prose() -> None:
    prose = [w for k in range(14) for w in sentence(100 + 12 * k, 350)]
    prose += [w for k in range(6) for w in sentence(100 + 12 * k, 50)]
    rows = [["Item", "2023", "2024"], ["Coal", "120.5", "80.2"], ["Gas", "9.0", "9.1"], ["Oil", "33.3", "30.0"]]
    table = [
        word(t, 196 + 14 * r, left=50) if c == 0 else word(t, 196 + 14 * r, right=120 + 70 * c)
        for r, row in enumerate(rows)
        for c, t in enumerate(row)
    ]
    (grid,) = grids([*prose, *table])
    assert texts(grid, table) == rows
    assert grid.col_edges[-1] < 300


def test_currency_sign_belongs_to_its_amount() -> None:
    words = head_words(200, ["Item", "2023", "2024", "2025"]) + body_words(220)
    words += [word("$", 220, left=x) for x in LEFTS[1:]]
    (grid,) = grids(words)
    assert grid.n_cols == 4
    assert texts(grid, words)[1] == [BODY[0][0], *(f"$ {amount}" for amount in BODY[0][1:])]
