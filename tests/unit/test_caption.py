"""Titles, entities, years, units and notes around tables; running heads; captions inside the grid."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from lanci.caption import PageContent, make_fragments
from lanci.caption.lines import TextLine
from lanci.caption.parse import parse_caption, strip_number
from lanci.document import Box, Caption, CellReading, Fragment, PageEvidence, PageKind, Rule, TableRegion, Word
from lanci.grid import build_grid

TABLE = Box(50, 200, 550, 400)


def caption(*lines: str, size: float = 10.0) -> Caption:
    """Parse lines given as text; ``|`` sets pieces of a line apart."""
    made = [
        TextLine(line.replace("|", " "), Box(60, 100 + 15 * i, 300, 110 + 15 * i), tuple(line.split("|")), size)
        for i, line in enumerate(lines)
    ]
    return parse_caption(made, TABLE)


def test_caption_on_lines_of_their_own() -> None:
    found = caption("单位预算收支总表", "434001 临西县人民政府办公室本级", "预算年度：2021", "单位：万元")
    assert (found.title, found.entity_code, found.entity) == ("单位预算收支总表", "434001", "临西县人民政府办公室本级")
    assert (found.fiscal_year, found.unit) == (2021, "万元")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ["2026年预算单位收入预算总表", "编制单位：上海市财政局|单位：元"],
            ("2026年预算单位收入预算总表", "上海市财政局", 2026, "元"),
        ),
        (
            ["表3", "支出总表", "部门名称：深圳市民政局（本级）|单位：万元"],
            ("支出总表", "深圳市民政局（本级）", None, "万元"),
        ),
        (
            ["公开13表", "政府采购支出表", "单位：苏州市数据局|单位：万元"],
            ("政府采购支出表", "苏州市数据局", None, "万元"),
        ),
        (["预算01表 收支总表", "金额单位：万元"], ("收支总表", "", None, "万元")),
        (["2、运转保障经费（劳务费）绩效目标表"], ("运转保障经费（劳务费）绩效目标表", "", None, "")),
        (
            ["表05", "2026年市级部门一般公共预算支出表", "507-湖州市卫生健康委员会|万元"],
            ("2026年市级部门一般公共预算支出表", "湖州市卫生健康委员会", 2026, "万元"),
        ),
        (["一、收支预算总表（续表）"], ("收支预算总表", "", None, "")),
        (["表2 增加值分季度情况 单位:亿元、%"], ("增加值分季度情况", "", None, "亿元、%")),
        (["平台，促进人才"], ("", "", None, "")),
    ],
)
def test_captions_of_many_places(lines: list[str], expected: tuple[str, str, int | None, str]) -> None:
    found = caption(*lines)
    assert (found.title, found.entity, found.fiscal_year, found.unit) == expected


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("附表3：支出总表", "支出总表"),
        ("（二）部门收入总表", "部门收入总表"),
        ("12345热线平台绩效目标表", "12345热线平台绩效目标表"),
        ("1、12345热线平台绩效目标表", "12345热线平台绩效目标表"),
        ("2026年部门预算表", "2026年部门预算表"),
        ("三公经费支出表", "三公经费支出表"),
    ],
)
def test_numbers_before_titles(printed: str, title: str) -> None:
    assert strip_number(printed) == title


def words(*lines: tuple[float, str]) -> tuple[Word, ...]:
    return tuple(Word(text, Box(60, y, 60 + 10 * len(text), y + 10)) for y, text in lines)


def content(number: int, tops: Sequence[float], outside: Sequence[Word], texts: Sequence[str] = ()) -> PageContent:
    """A page of 800 points with tables of two rows by two columns (40 points high) at the given heights."""
    grids, readings = [], []
    for top in tops:
        rules = [Rule(True, y, 50, 550) for y in (top, top + 20, top + 40)]
        rules += [Rule(False, x, top, top + 40) for x in (50, 550)]
        rules += [Rule(False, 300, top + (20 if texts else 0), top + 40)]
        grid = build_grid(TableRegion(number, Box(50, top, 550, top + 40), tuple(rules), "rules"))
        assert grid is not None
        grids.append(grid)
        readings.append(tuple(CellReading(t) for t in (texts or ("a", "b", "c", "d"))))
    evidence = PageEvidence(number, 600, 800, 0, PageKind.DIGITAL)
    return PageContent(evidence, tuple(grids), tuple(readings), tuple(outside))


def one(page: PageContent) -> Fragment:
    (fragment,) = make_fragments([page])
    return fragment


def test_notes_and_the_next_caption_are_told_apart() -> None:
    outside = words(
        (170, "收入总表"), (250, "注：无政府基金预算，"), (262, "空表列示。"), (300, "支出总表"), (370, "这是正文。")
    )
    upper, lower = make_fragments([content(1, [190, 320], outside)])
    assert (upper.caption.title, upper.notes) == ("收入总表", ("注：无政府基金预算，空表列示。",))
    assert (lower.caption.title, lower.notes) == ("支出总表", ())
    assert (upper.gap_above, upper.gap_below, lower.gap_above, lower.gap_below) == (0, 0, 0, 1)


def test_prose_is_no_caption() -> None:
    fragment = one(content(1, [200], words((150, "收支包含在部门预算中。"), (165, "项目支出绩效目标表"))))
    assert fragment.caption.lines == ("项目支出绩效目标表",)
    assert fragment.gap_above == 1


def test_running_heads_and_page_numbers_are_no_captions() -> None:
    pages = [
        content(n, [60], words((20, f"苏州市数据局{2024}年度单位预算公开"), (780, f"- {n} -"))) for n in range(1, 5)
    ]
    for fragment in make_fragments(pages):
        assert fragment.caption.lines == ()
        assert (fragment.gap_above, fragment.gap_below) == (0, 0)


def test_a_title_repeated_on_every_page_is_no_running_head() -> None:
    pages = [content(n, [60], words((20, "项目支出绩效目标表"), (40, "金额单位：万元"))) for n in range(1, 5)]
    assert {f.caption.title for f in make_fragments(pages)} == {"项目支出绩效目标表"}
    assert {f.caption.unit for f in make_fragments(pages)} == {"万元"}


def test_a_full_width_title_row_is_lifted_out_of_the_grid() -> None:
    fragment = one(content(1, [100], (), texts=("建设工程抽查情况表", "序号", "名称")))
    assert fragment.caption.title == "建设工程抽查情况表"
    assert (fragment.n_rows, [c.text for c in fragment.cells]) == (1, ["序号", "名称"])
    assert [c.row for c in fragment.cells] == [0, 0]
    assert fragment.box.y0 == pytest.approx(120)


def test_a_full_width_row_that_says_nothing_of_the_table_stays() -> None:
    fragment = one(content(1, [100], (), texts=("甲方应当保证", "序号", "名称")))
    assert fragment.n_rows == 2
