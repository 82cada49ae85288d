"""Titles, entities, years, units and notes around tables; running heads; captions inside the grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from lanci.caption import PageContent, PageDraft, draft_page
from lanci.caption import make_fragments as drafts_to_fragments
from lanci.caption.lines import TextLine
from lanci.caption.parse import parse_caption
from lanci.caption.phrases import entity_of, strip_number, unit_of, year_of
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
        (["第二部分 部门预算公开表", "1.2023年部门收支总表"], ("2023年部门收支总表", "", 2023, "")),
        (["部门整体支出绩效目标表", "（2026年度）"], ("部门整体支出绩效目标表", "", 2026, "")),
        (["支出表（经济分类）（单位：万元）"], ("支出表（经济分类）", "", None, "万元")),
        (["支出总表（万元）"], ("支出总表", "", None, "万元")),
        (["投资增速表", "计量单位：%"], ("投资增速表", "", None, "%")),
        (
            ["收入总表", "编制单位：苇岗区生态环境局 预算年度：2026 单位：万元"],
            ("收入总表", "苇岗区生态环境局", 2026, "万元"),
        ),
        (["Table 2: 收支总表", "Unit: 元"], ("收支总表", "", None, "元")),
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
        ("第七部分 绩效情况说明", "绩效情况说明"),
        ("10.2023年部门收入总表", "2023年部门收入总表"),
        ("1.5万元以上项目表", "1.5万元以上项目表"),
    ],
)
def test_numbers_before_titles(printed: str, title: str) -> None:
    assert strip_number(printed) == title


@pytest.mark.parametrize(
    ("piece", "unit"),
    [
        ("单位：元/人", "元/人"),
        ("（单位：万元、%）", "万元、%"),
        ("金额单位：百万美元", "百万美元"),
        ("计量单位：万吨标准煤", "万吨标准煤"),
        ("单位：人", "人"),
        ("单位：万元人民币", "万元"),
        ("单位：人民法院", ""),
        ("单位：元氏县财政局", ""),
    ],
)
def test_units_and_bodies_that_begin_like_units(piece: str, unit: str) -> None:
    assert unit_of(piece) == unit


@pytest.mark.parametrize(
    ("piece", "entity"),
    [
        ("填报单位（盖章）：教育局", ("", "教育局")),
        ("部门（单位）名称：教育局", ("", "教育局")),
        ("编制单位：434001 教育局", ("434001", "教育局")),
        ("434001-教育局", ("434001", "教育局")),
        ("企业名称：", ("", "")),
        ("2026年部门预算", None),
    ],
)
def test_entities(piece: str, entity: tuple[str, str] | None) -> None:
    assert entity_of(piece) == entity


@pytest.mark.parametrize(
    ("piece", "year"),
    [("年度：2021", 2021), ("教育局2024年部门收支总表", 2024), ("表2 2025年度决算", 2025), ("关于2020年的说明", None)],
)
def test_years(piece: str, year: int | None) -> None:
    assert year_of(piece) == year


def test_a_title_on_two_lines_is_put_together() -> None:
    def line(y: float, text: str, x0: float, x1: float) -> TextLine:
        return TextLine(text, Box(x0, y, x1, y + 14), (text,), 14.0)

    upper, lower = line(150, "表3 2025年全市物流业增加值", 160, 440), line(170, "占生产总值分季度比重", 200, 400)
    assert parse_caption([upper, lower], TABLE).title == "2025年全市物流业增加值占生产总值分季度比重"
    added = line(170, "（规划新建）", 250, 350)
    whole = line(150, "表5 建筑垃圾资源化利用厂近期规划统计表", 120, 480)
    assert parse_caption([whole, added], TABLE).title == "建筑垃圾资源化利用厂近期规划统计表（规划新建）"
    entity = line(150, "教育局", 280, 320)
    assert parse_caption([entity, line(170, "收支总表", 270, 330)], TABLE).title == "收支总表"


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


def make_fragments(pages: Sequence[PageContent]) -> tuple[Fragment, ...]:
    drafts: list[PageDraft] = []
    for page in pages:
        drafts.append(draft_page(page, after_table=bool(drafts and drafts[-1].tables)))
    return drafts_to_fragments(drafts)


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


def test_a_paragraph_that_leads_over_to_a_table_is_no_caption() -> None:
    outside = [
        Word("从预算单位构成看，本级包括十二个处室及零个下属单位，其中列入本年单位", Box(70, 140, 550, 150)),
        Word("预算编制范围的单位详细情况见下表：", Box(50, 155, 300, 165)),
    ]
    fragment = one(content(1, [200], outside))
    assert (fragment.caption, fragment.gap_above) == (Caption(), 2)


def test_entries_of_a_contents_page_are_no_captions() -> None:
    fragment = one(content(1, [200], words((160, "一、收支预算总表……8"), (175, "二、收入预算总表........9"))))
    assert fragment.caption.lines == ()


def test_what_names_a_part_of_the_document_is_no_caption_of_its_first_table() -> None:
    outside = words((110, "二、表格部分"), (130, "表1"), (150, "收支总表"), (170, "单位：万元"))
    fragment = one(content(1, [200], outside))
    assert fragment.caption.lines == ("表1", "收支总表", "单位：万元")
    assert fragment.gap_above == 1


def test_the_overflow_of_a_cut_cell_is_neither_caption_nor_prose() -> None:
    outside = [Word("务完成", Box(100, 192, 130, 202)), Word("公开的", Box(100, 238, 130, 248))]
    fragment = one(content(1, [200], outside))
    assert (fragment.caption.lines, fragment.gap_above, fragment.gap_below) == ((), 0, 0)


@pytest.mark.parametrize(
    ("printed", "notes"),
    [
        (("说明事项：部分项目不公开，", "其余从略。", "三、名词解释"), ("说明事项：部分项目不公开，其余从略。",)),
        (("注：1.含本级。", "2.不含下属。"), ("注：1.含本级。2.不含下属。",)),
        (("注释：", "利用率是有用物质的比例。", "另行公布。"), ("注释：利用率是有用物质的比例。另行公布。",)),
        (("注1：含本级。", "注2：不含下属。"), ("注1：含本级。", "注2：不含下属。")),
        (("本单位没有此项支出，故本表无数据。",), ("本单位没有此项支出，故本表无数据。",)),
        (("审核人：甲 填报人：乙", "填报日期：2026-01-20"), ("审核人：甲 填报人：乙", "填报日期：2026-01-20")),
        (("其他说明如下",), ()),
        (("填报单位：教育局 单位：万元",), ()),
    ],
)
def test_notes_of_all_kinds(printed: tuple[str, ...], notes: tuple[str, ...]) -> None:
    outside = words(*((245 + 11 * i, text) for i, text in enumerate(printed)))
    assert one(content(1, [200], outside)).notes == notes


def test_a_note_after_the_page_break_belongs_to_the_table_before_it() -> None:
    upper = content(1, [200], ())
    alone = content(2, [], words((90, "注：含上年结转，"), (101, "下同。"), (130, "二、说明")))
    assert [f.notes for f in make_fragments([upper, alone])] == [("注：含上年结转，下同。",)]
    first, second = make_fragments([upper, content(2, [200], words((90, "注：下同。"), (180, "支出总表")))])
    assert (first.notes, second.notes, second.caption.title, second.gap_above) == (("注：下同。",), (), "支出总表", 0)
    (prose_between,) = make_fragments([content(1, [200], words((300, "正文。"))), alone])
    assert prose_between.notes == ()


def test_a_label_between_two_tables_goes_with_the_nearer_one() -> None:
    signed, label = (250, "仓管员：甲 记录员：乙"), "登记人："
    upper, _ = make_fragments([content(1, [200, 320], words(signed, (262, label)))])
    assert upper.notes == (signed[1], label)
    upper, lower = make_fragments([content(1, [200, 320], words(signed, (278, label), (300, "支出总表")))])
    assert (upper.notes, lower.caption.lines) == ((signed[1],), ("支出总表",))


def test_running_heads_and_page_numbers_are_no_captions() -> None:
    pages = [
        content(n, [60], words((20, f"苏州市数据局{2024}年度单位预算公开"), (780, f"- {n} -"))) for n in range(1, 5)
    ]
    for fragment in make_fragments(pages):
        assert fragment.caption.lines == ()
        assert (fragment.gap_above, fragment.gap_below) == (0, 0)


def test_the_number_of_a_table_in_the_margin_is_no_running_head() -> None:
    pages = [content(n, [100], words((40, f"附件1-{n}"), (60, "收支总表"))) for n in range(1, 5)]
    assert [f.caption.lines[0] for f in make_fragments(pages)] == [f"附件1-{n}" for n in range(1, 5)]


def test_a_marked_page_number_stands_a_little_higher() -> None:
    fragment = one(content(1, [200], words((715, "— 10 —"))))
    assert fragment.gap_below == 0
    assert one(content(1, [200], words((715, "10")))).gap_below == 1


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


def test_caption_rows_are_lifted_out_of_a_table_that_no_rule_draws() -> None:
    ruled = content(1, [100], (), texts=("收支总表", "单位：万元", "2"))
    grid = ruled.grids[0]
    loose = replace(grid, region=replace(grid.region, detector="aligned"), cells=grid.cells)
    assert one(replace(ruled, grids=(loose,))).caption.title == "收支总表"
    page = content(1, [100], ())
    grid = replace(page.grids[0], region=replace(page.grids[0].region, detector="aligned"))
    unit = tuple(CellReading(text) for text in ("", "单位：万元", "项目", "2026年预算"))
    lifted = one(replace(page, grids=(grid,), readings=(unit,)))
    assert (lifted.caption.unit, lifted.n_rows) == ("万元", 1)
    header = tuple(CellReading(text) for text in ("", "2026年预算", "项目", "金额"))
    assert one(replace(page, grids=(grid,), readings=(header,))).n_rows == 2
    assert one(replace(page, readings=(unit,))).n_rows == 2


def test_entries_of_a_contents_page_are_kept() -> None:
    entries = words((100, "目录"), (130, "一、收支总表……………3"), (150, "二、收入总表.......4"), (170, "见后文……"))
    draft = draft_page(content(1, [], entries))
    assert draft.contents == ("一、收支总表……………3", "二、收入总表.......4", "见后文……")
    assert draft_page(content(1, [], words((100, "正文。")))).contents == ()
    assert draft_page(content(2, [200], entries)).contents == ()
