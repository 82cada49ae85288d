"""Each sign of a page break: when it is seen, which way it speaks, and when it is silent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import pytest
from tests.made_fragments import AMOUNT, CODE, ITEM, NAME, SERIAL, TEXT, D, H, N, S, T, fragment

from lanci.document import Caption, Facets, LabelledFragment, TextSource
from lanci.stitch.decide import gather_breaks
from lanci.stitch.evidence import Sign

CODED = (CODE, NAME, AMOUNT)
ITEMS = (ITEM, AMOUNT)


def signs(*parts: LabelledFragment, blank: Collection[int] = ()) -> dict[Sign, float]:
    """The strengths of the signs at the last break, where all parts before it are one table."""
    tables = ["a"] * len(parts)
    _, seen = gather_breaks(parts, tables, blank)[-1]
    return {evidence.sign: evidence.strength for evidence in seen}


def listed(page: int, rows: Sequence[tuple[str, str]], total: int | None = None, **more: object) -> LabelledFragment:
    """Items with amounts; row ``total`` is a total."""
    roles = [T if index == total else D for index in range(len(rows))]
    return fragment(page, [list(row) for row in rows], roles, ITEMS, **more)  # type: ignore[arg-type]


def coded(page: int, rows: Sequence[tuple[str, str, str]], *, header: bool = False) -> LabelledFragment:
    top = [["科目编码", "科目名称", "合计"]] if header else []
    roles = [H] * len(top) + [D] * len(rows)
    return fragment(page, [*top, *(list(row) for row in rows)], roles, CODED)


def with_caption(labelled: LabelledFragment, caption: Caption) -> LabelledFragment:
    return replace(labelled, fragment=replace(labelled.fragment, caption=caption))


PLAIN = listed(1, [("甲项", "1"), ("乙项", "2")])
MORE = listed(2, [("丙项", "3"), ("丁项", "4")])


def test_blank_pages_and_prose() -> None:
    later = replace(MORE, fragment=replace(MORE.fragment, page=4))
    assert gather_breaks([PLAIN, later], ["a", "a"]) == []
    assert signs(PLAIN, later, blank={2, 3})[Sign.BLANK_PAGES] == -1
    assert Sign.BLANK_PAGES not in signs(PLAIN, MORE)
    two_lines = replace(MORE, fragment=replace(MORE.fragment, gap_above=2))
    assert signs(PLAIN, two_lines)[Sign.PROSE] == -0.5


@pytest.mark.parametrize(
    ("title", "sign", "strength"),
    [
        ("", Sign.NO_TITLE, 1),
        ("支出总表", Sign.TITLE, 1),
        ("支出总表（续）", Sign.CONTINUED, 1),
        ("收入总表", Sign.OTHER_TITLE, -1),
    ],
)
def test_titles(title: str, sign: Sign, strength: float) -> None:
    upper = with_caption(PLAIN, Caption(title="支出总表"))
    assert signs(upper, with_caption(MORE, Caption(title=title)))[sign] == strength


def test_a_title_where_there_was_none_and_one_nearly_read() -> None:
    titled = with_caption(MORE, Caption(title="支出总表"))
    assert signs(PLAIN, titled)[Sign.NEW_TITLE] == -1
    cells = tuple(replace(cell, source=TextSource.OCR) for cell in MORE.fragment.cells)
    scanned = replace(titled, fragment=replace(titled.fragment, cells=cells))
    near = with_caption(PLAIN, Caption(title="支入忽表"))
    assert signs(near, scanned)[Sign.NEAR_TITLE] == -1


def test_entity_unit_lines_and_notes() -> None:
    ours = Caption(lines=("单位：甲局", "单位：万元"), entity="甲局", unit="万元")
    theirs = Caption(lines=("单位：乙局", "单位：元"), entity="乙局", unit="元")
    seen = signs(with_caption(PLAIN, ours), with_caption(MORE, theirs))
    assert (seen[Sign.OTHER_ENTITY], seen[Sign.OTHER_UNIT]) == (-1, -1)
    assert Sign.CAPTION_LINES not in seen
    assert signs(with_caption(PLAIN, ours), with_caption(MORE, ours))[Sign.CAPTION_LINES] == 1
    schools = [with_caption(part, Caption(entity=f"某区第{n}中心小学校")) for part, n in ((PLAIN, "一"), (MORE, "二"))]
    assert signs(*schools)[Sign.OTHER_ENTITY] == -1
    noted = replace(PLAIN, fragment=replace(PLAIN.fragment, notes=("注：完",)))
    assert signs(noted, MORE)[Sign.NOTES] == -1


@pytest.mark.parametrize(
    ("ours", "theirs", "other"),
    [
        (("附表13", "支出总表"), ("附表13", "支出总表"), False),
        (("附表13", "支出总表"), ("附表14", "支出总表"), True),
        (("5.支出总表",), ("6.支出总表",), True),
        (("（三）支出总表",), ("（三）支出总表（续）",), False),
        (("公开01表", "支出总表"), ("公开02表",), True),
        (("支出总表", "第1页"), ("支出总表", "第2页"), False),
        (("支出总表", "续表1"), ("支出总表", "续表2"), False),
        (("支出总表", "2"), ("支出总表", "3"), False),
    ],
)
def test_numbers_of_tables(ours: tuple[str, ...], theirs: tuple[str, ...], other: bool) -> None:
    captions = [Caption(lines=lines, title="支出总表") for lines in (ours, theirs)]
    assert (Sign.OTHER_NUMBER in signs(*map(with_caption, (PLAIN, MORE), captions))) == other


def test_an_open_total_without_codes() -> None:
    upper = listed(1, [("合计", "10"), ("甲", "1"), ("乙", "2")], 0)
    assert signs(upper, listed(2, [("丙", "7"), ("丁", "0")]))[Sign.OPEN_TOTAL] == 0.5
    reached = listed(1, [("合计", "10"), ("甲", "4"), ("乙", "6")], 0)
    assert signs(reached, listed(2, [("丙", "7"), ("丁", "0")]))[Sign.OPEN_TOTAL] == -1


def test_a_total_that_is_reached_over_the_break() -> None:
    upper = listed(1, [("甲", "1"), ("乙", "2")])
    assert signs(upper, listed(2, [("丙", "3"), ("丁", "4"), ("合计", "10")], 2))[Sign.SUM] == 1
    assert signs(upper, listed(2, [("丙", "3"), ("丁", "4"), ("合计", "7")], 2))[Sign.SUM] == -1
    assert Sign.SUM not in signs(upper, listed(2, [("丙", "3"), ("丁", "4"), ("合计", "8")], 2))


def test_a_closed_total() -> None:
    upper = listed(1, [("甲", "1"), ("乙", "2"), ("合计", "3")], 2)
    assert signs(upper, MORE)[Sign.CLOSED_TOTAL] == -1
    assert signs(PLAIN, listed(2, [("合计", "7"), ("丙", "7"), ("丁", "0")], 0))[Sign.TOTAL_AT_TOP] == -1


def test_the_total_of_a_group_closes_no_table() -> None:
    upper = listed(1, [("甲", "1"), ("乙", "5"), ("合计", "3")], 2)
    assert Sign.CLOSED_TOTAL not in signs(upper, MORE)  # less than a row above it
    roles = (NAME, ITEM, AMOUNT)
    rows = [["甲局", "办公费", "1"], ["甲局", "差旅费", "2"]]
    for name, closed in (("甲局", False), ("", False), ("合计", True)):
        group = fragment(1, [*rows, [name, "合计", "3"]], [D, D, T], roles)
        seen = signs(group, fragment(2, [["乙局", "办公费", "1"]], [D], roles))
        assert (Sign.CLOSED_TOTAL in seen) == closed


FAMILY = [("205", "教育", "9"), ("20501", "管理", "4"), ("2050101", "行政", "4"), ("20502", "普通", "5")]


def test_codes_under_an_open_parent() -> None:
    child, stranger = [("2050202", "小学", "5")], [("20601", "科技", "5")]
    assert signs(coded(1, FAMILY), coded(2, child))[Sign.CODE_TREE] == 1
    assert signs(coded(1, FAMILY), coded(2, stranger))[Sign.CODE_TREE] == -1
    whole = [*FAMILY, ("2050202", "小学", "5")]
    assert Sign.CODE_TREE not in signs(coded(1, whole), coded(2, stranger))


def test_codes_ascend_or_start_again() -> None:
    assert signs(coded(1, FAMILY), coded(2, [("2050201", "学前", "5")]))[Sign.CODES] == 1
    assert signs(coded(1, FAMILY), coded(2, [("208", "社保", "5")]))[Sign.CODES] == 0.7
    assert signs(coded(1, FAMILY), coded(2, [("201", "一般", "5")]))[Sign.CODES] == -1


@pytest.mark.parametrize(("first", "strength"), [("3", 1), ("5", 0.3), ("1", -1), ("9", -0.7)])
def test_serials(first: str, strength: float) -> None:
    roles = (SERIAL, TEXT)
    upper = fragment(1, [["1", "甲"], ["2", "乙"]], [D, D], roles)
    assert signs(upper, fragment(2, [[first, "丙"]], [D], roles))[Sign.SERIAL] == strength


def test_items_count_on() -> None:
    upper = listed(1, [("九、教育", "1"), ("十、科技", "1")])
    assert signs(upper, listed(2, [("十一、文化", "1")]))[Sign.ORDINAL] == 1
    assert Sign.ORDINAL not in signs(upper, listed(2, [("一、文化", "1")]))
    assert signs(upper, listed(2, [("", "2")]), listed(3, [("十一、文化", "1")]))[Sign.ORDINAL] == 1


HEADER = ["科目编码", "科目名称", "合计"]


def test_a_header_repeated_missing_or_another() -> None:
    upper = coded(1, FAMILY, header=True)
    rows = [("208", "社保", "5")]
    assert signs(upper, coded(2, rows, header=True))[Sign.HEADER] == 1
    assert signs(upper, coded(2, rows))[Sign.NO_HEADER] == 1
    other = fragment(2, [["项目代码", "项目名称", "绩效目标"], *map(list, rows)], [H, D], CODED)
    assert signs(upper, other)[Sign.OTHER_HEADER] == -1
    assert signs(coded(1, FAMILY), other)[Sign.NEW_HEADER] == -1


def test_the_manner_of_the_breaks_so_far() -> None:
    pages = [coded(page, [(f"20{page}", "科目", "5")], header=True) for page in range(1, 5)]
    assert Sign.MANNER not in signs(*pages[:2])
    assert signs(*pages)[Sign.MANNER] == pytest.approx(2 / 3)
    assert signs(*pages, coded(5, [("205", "科目", "5")]))[Sign.MANNER] == -1
    mixed = [pages[0], coded(2, [("202", "科目", "5")]), *pages[2:]]
    assert Sign.MANNER not in signs(*mixed)


def test_column_numbers() -> None:
    upper = fragment(1, [["栏次", "1"], ["甲", "1"]], [N, D], ITEMS)
    assert signs(upper, fragment(2, [["栏次", "1"], ["乙", "1"]], [N, D], ITEMS))[Sign.COLUMN_NUMBERS] == 1
    assert signs(upper, fragment(2, [["栏次", "2"], ["乙", "1"]], [N, D], ITEMS))[Sign.COLUMN_NUMBERS] == -1


def test_a_header_alone_and_an_empty_table_again() -> None:
    alone = fragment(1, [HEADER], [H], CODED)
    assert signs(alone, coded(2, FAMILY, header=True))[Sign.HEADER_ALONE] == 1
    assert signs(alone, fragment(2, [HEADER], [H], CODED))[Sign.EMPTY_AGAIN] == -1


def test_columns() -> None:
    wide = fragment(1, [["甲", "", "1"], ["乙", "", "2"]], [D, D], (TEXT, TEXT, AMOUNT), edges=[50, 100, 110, 200])
    same = fragment(2, [["丙", "", "1"]], [D], (TEXT, TEXT, AMOUNT), edges=[60, 115, 126, 225])
    lost = fragment(2, [["丙", "1"]], [D], (TEXT, AMOUNT), edges=[50, 110, 200])
    merged = fragment(2, [["丙", "x", "1"]], [D], (TEXT, TEXT, AMOUNT), edges=[50, 90, 110, 200])
    other = fragment(2, [["丙", "", "1"]], [D], (TEXT, TEXT, AMOUNT), edges=[50, 80, 170, 200])
    assert signs(wide, same)[Sign.COLUMNS] == 1
    assert signs(wide, other)[Sign.WIDTHS] == -1
    assert signs(wide, lost)[Sign.COLUMNS_FIT] == 1
    assert signs(merged, replace(lost, fragment=replace(lost.fragment, page=3)))[Sign.COLUMNS_FIT] == 0.5
    assert signs(lost, fragment(3, [["a", "b", "c", "d"]], [D], (TEXT,) * 4))[Sign.COLUMNS] == -1


def test_column_types() -> None:
    assert signs(PLAIN, MORE)[Sign.COLUMN_TYPES] == 1
    assert signs(PLAIN, listed(2, [("1", "丙"), ("2", "丁")]))[Sign.COLUMN_TYPES] == -1


def sure(kind: str, fund: str = "all") -> Facets:
    return Facets(((kind, 0.9),), ((fund, 1.0),), (("all", 1.0),), (("none", 1.0),))


def test_facets_of_both_parts() -> None:
    upper = replace(PLAIN, facets=sure("income"))
    assert signs(upper, replace(MORE, facets=sure("income")))[Sign.FACETS] == pytest.approx(0.81)
    assert signs(upper, replace(MORE, facets=sure("expenditure")))[Sign.FACETS] == pytest.approx(-0.81)
    assert signs(upper, replace(MORE, facets=sure("income", "general_public")))[Sign.FACETS] == -1
    assert Sign.FACETS not in signs(upper, replace(MORE, facets=Facets((("income", 0.6),))))


def test_labels_and_forms_that_start_again() -> None:
    assert signs(PLAIN, listed(2, [("甲项", "5"), ("乙项", "6")]))[Sign.LABELS] == -1
    assert signs(PLAIN, listed(2, [("甲项", "5"), ("丙项", "6")]))[Sign.ONE_LABEL] == -1
    long = listed(1, [("甲项", "1"), ("甲项", "2"), ("乙项", "3")])
    assert signs(long, listed(2, [("甲项", "5"), ("乙项", "6")]))[Sign.LABELS] == -1
    heads = [("项目", "金额"), ("甲项", "1")]
    assert Sign.LABELS not in signs(listed(1, heads), listed(2, [*heads[:1], ("丙项", "3")]))
    form = fragment(1, [["名称", "甲"], ["指标", "值"], ["产出", "1"]], [S, H, D], (TEXT, TEXT))
    form = replace(form, n_header_rows=2, header_roles=form.header_roles * 2)
    again = fragment(2, [["名称", "乙"], ["指标", "值"], ["产出", "1"]], [S, H, D], (TEXT, TEXT))
    again = replace(again, n_header_rows=2, header_roles=again.header_roles * 2)
    assert signs(form, again)[Sign.FORM] == -1
    body_only = fragment(2, [["名称", "乙"], ["产出", "1"]], [S, D], (TEXT, TEXT))
    assert signs(form, body_only)[Sign.KEY_ROWS] == -1
    same = replace(form, fragment=replace(form.fragment, page=2))
    assert signs(form, same)[Sign.FORM] == 1


def test_cut_labels_and_rows() -> None:
    roles = (TEXT, TEXT, AMOUNT)
    rows = [["采购类别", "采购名称", "金额"], ["货物", "计算机", "12.00"], ["服务", "其他生态环境保护和治", "2,975.70"]]
    upper = fragment(1, rows, [H, D, D], roles)
    assert signs(upper, fragment(2, [["", "理服务", ""]], [D], roles))[Sign.CUT_ROW] == 1
    assert signs(upper, fragment(2, [["", "打印机", "5.00"]], [D], roles))[Sign.CUT_LABEL] == 1


def test_every_sign_is_within_bounds_and_has_a_reason() -> None:
    upper = with_caption(coded(1, FAMILY, header=True), Caption(title="支出总表"))
    for lower in (coded(2, FAMILY, header=True), coded(2, [("2050202", "小学", "5")])):
        for _, seen in gather_breaks([upper, lower], ["a", "a"]):
            assert seen
            assert all(-1 <= one.strength <= 1 and one.strength and one.reason for one in seen)
