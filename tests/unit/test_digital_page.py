"""Words and rules of digital pages, the regions and grids they make, and the texts of the cells."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanci.detect import find_borderless, find_regions, needs_second_detector
from lanci.document import Box, Grid, PageEvidence, PageKind, Rule, TableRegion, Word
from lanci.grid import build_grid, fill_from_words
from lanci.page.rules import merge_rules, read_drawings
from lanci.page.text import line_to_text, read_text_layer, words_to_lines
from lanci.page.trust import judge_text_layer

FONT = "china-s"
XS = (50.0, 150.0, 300.0, 400.0)


@pytest.fixture
def page() -> pymupdf.Page:
    document = pymupdf.open()
    new = document.new_page(width=595, height=842)
    new.keep_alive = document
    return new


def line(page: pymupdf.Page, x0: float, y0: float, x1: float, y1: float, **style: object) -> None:
    shape = page.new_shape()
    shape.draw_line((x0, y0), (x1, y1))
    shape.finish(**({"color": (0, 0, 0), "width": 0.5} | style))
    shape.commit()


def write(page: pymupdf.Page, x: float, y: float, text: str, **style: object) -> None:
    page.insert_text((x, y), text, **({"fontname": FONT, "fontsize": 9} | style))


def table(
    page: pymupdf.Page,
    rows: Sequence[Sequence[str | None]],
    xs: Sequence[float] = XS,
    top: float = 100.0,
    step: float = 20.0,
) -> None:
    """A ruled table; ``None`` continues the cell on its left."""
    for r, row in enumerate(rows):
        y = top + r * step
        line(page, xs[0], y, xs[-1], y)
        line(page, xs[-1], y, xs[-1], y + step)
        for c, text in enumerate(row):
            if text is not None:
                line(page, xs[c], y, xs[c], y + step)
                write(page, xs[c] + 3, y + 14, text)
    line(page, xs[0], top + len(rows) * step, xs[-1], top + len(rows) * step)


def evidence_of(page: pymupdf.Page) -> PageEvidence:
    drawings = read_drawings(page)
    layer = read_text_layer(page, drawings.fills)
    rect = page.rect
    return PageEvidence(1, rect.width, rect.height, 0, PageKind.DIGITAL, layer.words, drawings.rules)


def kind_of(page: pymupdf.Page) -> PageKind:
    return judge_text_layer(page, read_text_layer(page), read_drawings(page).n_paths)[0]


def texts_of(page: pymupdf.Page) -> list[list[list[str]]]:
    """The texts of each table on the page as a rectangle."""
    evidence = evidence_of(page)
    grids = [grid for region in find_regions(evidence) if (grid := build_grid(region))]
    filled = fill_from_words(grids, evidence.words)
    return [rows_of(g, [r.text for r in readings]) for g, readings in zip(grids, filled.readings, strict=True)]


def rows_of(grid: Grid, texts: Sequence[str]) -> list[list[str]]:
    rows = [[""] * grid.n_cols for _ in range(grid.n_rows)]
    for cell, text in zip(grid.cells, texts, strict=True):
        rows[cell.row][cell.col] = text
    return rows


def test_a_number_is_never_torn(page: pymupdf.Page) -> None:
    table(page, [["科目", "名称", "82,149,114"], ["201", "一般公共服务支出", "-1,234.50"]])
    assert texts_of(page) == [[["科目", "名称", "82,149,114"], ["201", "一般公共服务支出", "-1,234.50"]]]


def test_spanning_cells(page: pymupdf.Page) -> None:
    table(page, [["收入", None, "合计"], ["项 目", "预算数", "1"]])
    grid = build_grid(find_regions(evidence_of(page))[0])
    assert grid is not None
    assert [(c.row, c.col, c.row_span, c.col_span) for c in grid.cells] == [
        (0, 0, 1, 2),
        (0, 2, 1, 1),
        (1, 0, 1, 1),
        (1, 1, 1, 1),
        (1, 2, 1, 1),
    ]
    assert texts_of(page)[0][1][0] == "项 目"


def test_touching_texts_of_two_cells_are_told_apart(page: pymupdf.Page) -> None:
    table(page, [["a", "b", "c"], ["", "", ""]])
    code = "2010301"
    start = XS[1] - pymupdf.get_text_length(code, FONT, 9)
    write(page, start, 134, code + "行政运行")
    assert texts_of(page)[0][1] == [code, "行政运行", ""]


def test_touching_amounts_are_told_apart_only_when_they_are_no_amount_together(page: pymupdf.Page) -> None:
    table(page, [["a", "b", "c"], ["", "", ""], ["", "", ""]])
    left = "168,441.81"
    write(page, XS[1] - pymupdf.get_text_length(left, FONT, 9), 134, left + "154,304.22")
    write(page, XS[1] - pymupdf.get_text_length("168,44", FONT, 9), 154, "168,441.81")
    rows = texts_of(page)[0]
    assert rows[1][:2] == [left, "154,304.22"]
    assert "168,441.81" in rows[2]


def test_amounts_that_nearly_touch_over_a_rule_are_told_apart(page: pymupdf.Page) -> None:
    """``4.82`` and ``2026`` would read as one valid amount; the gap at the rule is wider than a digit's step."""
    table(page, [["a", "b", "c"], ["", "", ""]])
    write(page, XS[1] - 1 - pymupdf.get_text_length("4.82", FONT, 9), 134, "4.82")
    write(page, XS[1] + 1, 134, "2026年度目标")
    assert texts_of(page)[0][1][:2] == ["4.82", "2026年度目标"]


def test_wrapped_amounts_and_labels_are_joined(page: pymupdf.Page) -> None:
    table(page, [["a", "b", "c"], ["", "", ""]], step=40)
    write(page, 155, 152, "其他政府办公厅（室）")
    write(page, 155, 166, "及相关机构事务支出")
    write(page, 303, 152, "1,234,")
    write(page, 303, 166, "567.89")
    assert texts_of(page)[0][1][1:] == ["其他政府办公厅（室）及相关机构事务支出", "1,234,567.89"]


def test_invisible_text_is_not_content(page: pymupdf.Page) -> None:
    table(page, [["a", "b", "c"], ["1", "2", "3"]])
    write(page, 80, 134, "white", color=(1, 1, 1))
    write(page, 700, 134, "off the page")
    write(page, 53, 134, "1")  # drawn a second time for boldness
    assert texts_of(page)[0][1] == ["1", "2", "3"]


def test_text_printed_over_other_text_is_marked(page: pymupdf.Page) -> None:
    table(page, [["a", "b", "c"], ["115", "石拐区", "31.20"]])
    write(page, XS[1] + 8, 136, "东河区")
    evidence = evidence_of(page)
    (grid,) = (g for region in find_regions(evidence) if (g := build_grid(region)))
    (readings,) = fill_from_words([grid], evidence.words).readings
    assert [r.needs_review for r in readings] == [False, False, False, False, True, False]


def test_a_line_spilled_over_the_next_row_goes_back_to_its_label(page: pymupdf.Page) -> None:
    """As Excel prints a label too long for its row: the second line lies half under the next row's text."""
    table(page, [["", "b", "c"], ["2110101-行政运行", "b", "c"]])
    write(page, XS[0] + 3, 112, "2110106-生态环境国际")
    write(page, XS[0] + 3, 123.5, "合作")
    assert [row[0] for row in texts_of(page)[0]] == ["2110106-生态环境国际合作", "2110101-行政运行"]


def test_white_text_on_a_dark_fill_is_content(page: pymupdf.Page) -> None:
    page.draw_rect((50, 100, 150, 120), color=(0, 0, 0.5), fill=(0, 0, 0.5))
    table(page, [["", "b", "c"], ["1", "2", "3"]])
    write(page, 53, 114, "项目", color=(1, 1, 1))
    assert texts_of(page)[0][0][0] == "项目"


@pytest.mark.parametrize("how", ["thin rectangles", "stroked cells", "dots"])
def test_ways_to_draw_rules(page: pymupdf.Page, how: str) -> None:
    xs, ys = XS, (100.0, 120.0, 140.0)
    shape = page.new_shape()
    if how == "thin rectangles":
        for y in ys:
            shape.draw_rect((xs[0], y, xs[-1], y + 0.96))
        for x in xs:
            shape.draw_rect((x, ys[0], x + 0.96, ys[-1]))
        shape.finish(fill=(0, 0, 0), color=None)
    elif how == "stroked cells":
        for x0, x1 in pairwise(xs):
            for y0, y1 in pairwise(ys):
                shape.draw_rect((x0, y0, x1, y1))
        shape.finish(color=(0.7, 0.7, 0.7), width=0.5)
    else:
        for y in ys:
            for i in range(int((xs[-1] - xs[0]) / 2.5) + 1):
                shape.draw_rect((xs[0] + 2.5 * i, y, xs[0] + 2.5 * i + 1, y + 1))
        for x in xs:
            for i in range(int((ys[-1] - ys[0]) / 2.5) + 1):
                shape.draw_rect((x, ys[0] + 2.5 * i, x + 1, ys[0] + 2.5 * i + 1))
        shape.finish(fill=(0, 0, 0), color=None)
    shape.commit()
    (region,) = find_regions(evidence_of(page))
    grid = build_grid(region)
    assert grid is not None
    assert (grid.n_rows, grid.n_cols, len(grid.cells)) == (2, 3, 6)


def test_white_rules_draw_nothing(page: pymupdf.Page) -> None:
    for y in (100, 120, 140):
        line(page, 50, y, 400, y, color=(1, 1, 1))
    for x in XS:
        line(page, x, 100, x, 140, color=(1, 1, 1))
    assert find_regions(evidence_of(page)) == ()


def test_rules_are_cut_to_the_page(page: pymupdf.Page) -> None:
    for x in XS:
        line(page, x, 700, x, 1300)
    for y in (700, 760, 1300):
        line(page, 50, y, 400, y)
    (region,) = find_regions(evidence_of(page))
    assert region.box.y1 <= 842
    grid = build_grid(region)
    assert grid is not None
    assert (grid.n_rows, grid.n_cols) == (2, 3)


def test_cells_open_at_a_page_break_keep_their_rows(page: pymupdf.Page) -> None:
    """Verticals run on beyond the first horizontal: the row is cut by the break but there."""
    for x in XS:
        line(page, x, 80, x, 140)
    for y in (100, 120, 140):
        line(page, 50, y, 400, y)
    write(page, 55, 94, "金")
    assert texts_of(page)[0][0] == ["金", "", ""]


def test_one_rule_that_runs_on_alone_makes_no_row(page: pymupdf.Page) -> None:
    table(page, [["a", "b", "c"], ["1", "2", "3"]])
    line(page, XS[1], 140, XS[1], 160)
    write(page, 60, 155, "注：无。")
    assert texts_of(page) == [[["a", "b", "c"], ["1", "2", "3"]]]


def test_open_sides_are_closed(page: pymupdf.Page) -> None:
    for y in (100, 120, 140):
        line(page, 50, y, 400, y)
    for x in XS[1:-1]:
        line(page, x, 100, x, 140)
    write(page, 55, 114, "指标")
    write(page, 320, 134, "33.7")
    assert texts_of(page) == [[["指标", "", ""], ["", "", "33.7"]]]


def test_two_tables_on_a_page_and_a_frame_around_prose(page: pymupdf.Page) -> None:
    table(page, [["a", "b", "c"], ["1", "2", "3"]])
    table(page, [["d", "e", "f"], ["4", "5", "6"]], top=200)
    page.draw_rect((50, 300, 400, 400))
    write(page, 60, 350, "这是一段文字。")
    assert [rows[1] for rows in texts_of(page)] == [["1", "2", "3"], ["4", "5", "6"]]


def test_boxes_of_a_flow_chart_are_no_table(page: pymupdf.Page) -> None:
    page.draw_rect((100, 100, 200, 120))
    page.draw_rect((130, 118, 260, 140))  # overlaps the first: a network of rules, but no rectangle
    write(page, 105, 114, "会议投票推荐")
    write(page, 140, 134, "个别谈话推荐")
    assert find_regions(evidence_of(page)) == ()


def test_borderless_table_from_the_second_detector(page: pymupdf.Page) -> None:
    rows = [
        ["指标", "本年", "上年", "增长"],
        ["货运量", "11.50", "10.20", "12.70"],
        ["周转量", "21.50", "20.20", "6.40"],
        ["吞吐量", "31.50", "30.20", "4.30"],
        ["快递量", "41.50", "40.20", "3.20"],
        ["仓储量", "51.50", "50.20", "2.60"],
    ]
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            write(page, 60 + 110 * c, 200 + 18 * r, text)
    evidence = evidence_of(page)
    assert find_regions(evidence) == ()
    assert needs_second_detector(evidence)
    (region,) = find_borderless(evidence, page)
    grid = build_grid(region)
    assert grid is not None
    filled = fill_from_words([grid], evidence.words)
    assert rows_of(grid, [r.text for r in filled.readings[0]])[-5:] == rows[1:]


def test_prose_needs_no_second_detector(page: pymupdf.Page) -> None:
    for r in range(20):
        write(page, 60, 100 + 18 * r, "反映本部门当年全部收入，2021年预算收入722.61万元，其中：")
    assert not needs_second_detector(evidence_of(page))


def test_kinds_of_pages(page: pymupdf.Page) -> None:
    assert kind_of(page) is PageKind.BLANK
    picture = pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.IRect(0, 0, 60, 80))
    picture.clear_with(200)
    page.insert_image(page.rect, pixmap=picture, keep_proportion=False)
    assert kind_of(page) is PageKind.SCANNED
    for r in range(20):
        write(page, 60, 100 + 18 * r, "看不见的文字层不能相信", render_mode=3)
    assert kind_of(page) is PageKind.SCANNED
    for r in range(30):
        write(page, 60, 100 + 18 * r, "看得见的文字在背景图片之上，可以直接读取")
    assert kind_of(page) is PageKind.MIXED


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_rotated_pages_are_read_as_displayed(page: pymupdf.Page, rotation: int) -> None:
    """The same picture stored with any /Rotate gives the same words at the same places."""
    table(page, [["a", "b", "c"], ["1,234.00", "2", "3"]])
    page.set_rotation(rotation)
    layer = read_text_layer(page)
    expected = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}[rotation]
    assert layer.direction == expected
    amount = next(w for w in layer.words if w.text == "1,234.00")
    rect = pymupdf.Rect(page.search_for("1,234.00")[0]) * page.rotation_matrix
    assert amount.box.intersect(Box(*rect)).area > 0.5 * amount.box.area


def test_lines_keep_lowered_digits(page: pymupdf.Page) -> None:
    write(page, 50, 100, "年部门收支总体情况表")
    write(page, 30, 103, "2026")
    lines = words_to_lines(read_text_layer(page).words)
    assert [line_to_text(words) for words in lines] == ["2026年部门收支总体情况表"]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50)), min_size=1, max_size=20))
def test_merged_rules_cover_what_their_pieces_cover(pieces: list[tuple[int, int]]) -> None:
    """Merging loses no ink of long pieces and invents none beyond the gaps it may close."""
    rules = [Rule(True, 100.0, 10.0 * s, 10.0 * s + n) for s, n in pieces]
    merged = merge_rules(rules)
    for rule in rules:
        if rule.length >= 5:
            assert any(m.start <= rule.start and rule.end <= m.end for m in merged)
    assert sum(m.length for m in merged) <= sum(r.length for r in rules) + 3.0 * len(rules)
    assert all(a.end < b.start for a, b in pairwise(merged))


@given(
    st.integers(1, 5),
    st.integers(1, 5),
    st.sets(st.tuples(st.booleans(), st.integers(1, 4), st.integers(0, 4))),
)
def test_grids_tile_their_region(n_rows: int, n_cols: int, missing: set[tuple[bool, int, int]]) -> None:
    """Whatever inner rules are missing: cells cover every place exactly once and are rectangles."""
    rules = [
        Rule(horizontal, 20.0 * i, 30.0 * j, 30.0 * (j + 1))
        if horizontal
        else Rule(False, 30.0 * i, 20.0 * j, 20.0 * (j + 1))
        for horizontal, count, across in ((True, n_rows, n_cols), (False, n_cols, n_rows))
        for i in range(count + 1)
        for j in range(across)
        if i in (0, count) or (horizontal, i, j) not in missing
    ]
    grid = build_grid(TableRegion(1, Box(0, 0, 30.0 * n_cols, 20.0 * n_rows), tuple(rules), "rules"))
    if grid is None:
        return
    places = [
        (r, c)
        for cell in grid.cells
        for r in range(cell.row, cell.row + cell.row_span)
        for c in range(cell.col, cell.col + cell.col_span)
    ]
    assert sorted(places) == [(r, c) for r in range(grid.n_rows) for c in range(grid.n_cols)]
    assert abs(sum(cell.box.area for cell in grid.cells) - grid.region.box.area) < 1e-6


def test_words_outside_every_grid_are_kept(page: pymupdf.Page) -> None:
    table(page, [["a", "b", "c"], ["1", "2", "3"]])
    write(page, 200, 80, "收支总表")
    evidence = evidence_of(page)
    grids = [g for region in find_regions(evidence) if (g := build_grid(region))]
    filled = fill_from_words(grids, evidence.words)
    assert [w.text for w in filled.outside] == ["收支总表"]
    assert all(isinstance(w, Word) for w in filled.outside)
