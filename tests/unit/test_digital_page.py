"""Words and rules of digital pages, the regions and grids they make, and the texts of the cells."""

from __future__ import annotations

from collections.abc import Sequence

import pymupdf
import pytest

from lanci.detect import find_regions
from lanci.document import Grid, PageEvidence, PageKind
from lanci.grid import build_grid, fill_from_words
from lanci.page.rules import read_drawings
from lanci.page.text import read_text_layer

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
    layer = read_text_layer(page)
    rect = page.rect
    return PageEvidence(1, rect.width, rect.height, 0, PageKind.DIGITAL, layer.words, drawings.rules)


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


def test_invisible_text_is_not_content(page: pymupdf.Page) -> None:
    table(page, [["a", "b", "c"], ["1", "2", "3"]])
    write(page, 80, 134, "white", color=(1, 1, 1))
    write(page, 700, 134, "off the page")
    write(page, 53, 134, "1")  # drawn a second time for boldness
    assert texts_of(page)[0][1] == ["1", "2", "3"]


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
