"""Made-up fragments from the layouts and the list of titles, for forms that no annotated document shows yet."""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lanci.annotation import FragmentTruth
from lanci.document import Box, Caption, Cell, Fragment, HeaderRole, RowRole
from lanci.errors import AnnotationError
from lanci.facets import FacetValues
from lanci.training.examples import Example
from lanci.training.layouts import BUDGET_LAYOUTS, Layout
from lanci.training.merged_forms import MERGED_FORMS, MergedForm
from lanci.training.other_forms import OTHER_COLUMNS, OTHER_LAYOUTS, OTHER_TITLE_ENDS, OTHER_TITLE_WORDS
from lanci.training.project_forms import PROJECT_LAYOUTS

SYNTHETIC_WEIGHT = 0.6
TITLE_WEIGHT = 1.0

_NO_BOX = Box(0.0, 0.0, 0.0, 0.0)
_FUNCTIONS = (
    ("201", "一般公共服务支出"), ("20103", "政府办公厅（室）及相关机构事务"), ("2010301", "行政运行"),
    ("2010302", "一般行政管理事务"), ("205", "教育支出"), ("20502", "普通教育"), ("2050201", "学前教育"),
    ("208", "社会保障和就业支出"), ("20805", "行政事业单位养老支出"),
    ("2080505", "机关事业单位基本养老保险缴费支出"), ("210", "卫生健康支出"), ("21011", "行政事业单位医疗"),
    ("2101101", "行政单位医疗"), ("212", "城乡社区支出"), ("21201", "城乡社区管理事务"), ("2120101", "行政运行"),
    ("221", "住房保障支出"), ("22102", "住房改革支出"), ("2210201", "住房公积金"), ("2210203", "购房补贴"),
)  # fmt: skip
_DEPARTMENT = (
    ("301", "工资福利支出"), ("30101", "基本工资"), ("30102", "津贴补贴"), ("30103", "奖金"),
    ("30107", "绩效工资"), ("30108", "机关事业单位基本养老保险缴费"), ("30113", "住房公积金"),
    ("302", "商品和服务支出"), ("30201", "办公费"), ("30205", "水费"), ("30211", "差旅费"), ("30228", "工会经费"),
    ("30239", "其他交通费用"), ("303", "对个人和家庭的补助"), ("30302", "退休费"), ("310", "资本性支出"),
    ("31002", "办公设备购置"), ("399", "其他支出"),
)  # fmt: skip
_GOVERNMENT = (
    ("501", "机关工资福利支出"), ("50101", "工资奖金津补贴"), ("50102", "社会保障缴费"), ("50103", "住房公积金"),
    ("502", "机关商品和服务支出"), ("50201", "办公经费"), ("50205", "委托业务费"), ("50209", "维修（护）费"),
    ("503", "机关资本性支出（一）"), ("50306", "设备购置"), ("505", "对事业单位经常性补助"),
    ("50501", "工资福利支出"), ("509", "对个人和家庭的补助"), ("50905", "离退休费"),
)  # fmt: skip
_SUMMARY = (
    "一、一般公共预算拨款收入", "二、政府性基金预算拨款收入", "三、国有资本经营预算拨款收入", "四、事业收入",
    "五、其他收入", "一、一般公共服务支出", "二、教育支出", "三、科学技术支出", "四、社会保障和就业支出",
    "五、卫生健康支出", "六、城乡社区支出", "七、住房保障支出", "基本支出", "项目支出", "人员经费", "上年结转",
)  # fmt: skip
_UNITS = ("市发展改革委", "市教育局（本级）", "市实验小学", "区卫生健康局", "市疾病预防控制中心", "区城市管理局")
_PROJECTS = (
    "信息系统运行维护",
    "办公设备购置",
    "课题研究经费",
    "业务用房维修",
    "宣传活动经费",
    "培训项目",
    "物业管理服务",
)
_ITEMS = ("台式计算机", "复印纸", "物业服务", "会议服务", "办公桌椅", "货物", "服务", "房屋", "车辆")
_WORDS = (
    "产出指标",
    "数量指标",
    "质量指标",
    "集中采购",
    "财政拨款",
    "是",
    "个",
    "完成",
    "本级",
    "第一季度",
    "张某",
    "甲类",
)
_DIRECTORY = ("01-公共服务", "0102-公共教育", "A02-政府履职辅助性服务", "B0901-物业管理服务", "02-法律服务", "会议服务")
_SENTENCES = (
    "按照年度工作计划完成各项任务，保障业务正常开展。", "项目资金按规定拨付到位，群众满意度达到较高水平。",
    "完善制度，规范流程，提高办事质量和效率。", "依据有关管理办法核定标准并组织实施。",
)  # fmt: skip
_VALUES = (
    "≥95%",
    "100%",
    "95",
    "≤30万元",
    "12",
    "3项",
    "≥4次",
    "优",
    "持续提升",
    "2026年12月底前",
    "达标",
    "4.5",
    "＝100",
)
_CODED = {"c": _FUNCTIONS, "e": _DEPARTMENT, "g": _GOVERNMENT}
_ROLES = {
    "no": HeaderRole.ROW_NUMBER, "n": HeaderRole.SUBJECT_NAME,
    "s": HeaderRole.ITEM, "a": HeaderRole.AMOUNT, "b": HeaderRole.AMOUNT, "q": HeaderRole.QUANTITY,
    "u": HeaderRole.UNIT_NAME, "uc": HeaderRole.UNIT_CODE, "p": HeaderRole.PROJECT_NAME,
    "pc": HeaderRole.PROJECT_CODE, "i": HeaderRole.ITEM, "t": HeaderRole.TEXT, "T": HeaderRole.TEXT,
    "o": HeaderRole.TEXT, "w": HeaderRole.TEXT, "v": HeaderRole.TEXT, "d": HeaderRole.TEXT,
}  # fmt: skip
_MONEY_UNITS = ("万元", "万元", "万元", "元", "亿元")
_OTHER_UNITS = ("", "", "", "万元", "%", "人", "个、%")
_WORDY = ("n", "cn", "en", "s", "u", "p", "i", "t", "d")
_TITLE_STARTS = ("", "部门", "单位", "年度", "年部门", "年预算单位")


@dataclass(frozen=True, slots=True)
class TitledFacets:
    """A title as printed somewhere, and the facets of the table under it."""

    title: str
    facets: FacetValues


def read_titles(path: Path) -> list[TitledFacets]:
    """The labelled titles of a CSV file (``title,kind,fund,scope,classification``; lines with # are remarks).

    Raises AnnotationError, naming file and title, for a missing column or an unknown facet value.
    """
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(line for line in stream if not line.startswith("#")))
    titles = []
    for row in rows:
        try:
            facets = FacetValues(row["kind"], row["fund"], row["scope"], row["classification"])
            titles.append(TitledFacets(row["title"], facets))
        except KeyError as error:
            raise AnnotationError(f"{path}: has no column {error}") from error
        except ValueError as error:
            raise AnnotationError(f"{path}: title {row['title']!r}: {error}") from error
    return titles


def forms_to_examples(seed: int, copies: int = 2, n_lists: int = 60) -> list[list[Example]]:
    """Made-up fragments, ``copies`` of every layout and ``n_lists`` lists that are no budget; grouped by form."""
    rng = random.Random(seed)  # noqa: S311 - reproducible variety, not secrecy
    layouts = [*BUDGET_LAYOUTS, *OTHER_LAYOUTS, *PROJECT_LAYOUTS]
    groups = [[layout_to_example(layout, rng) for _ in range(copies)] for layout in layouts]
    groups += [[form_to_example(form, rng) for _ in range(2 * copies)] for form in MERGED_FORMS]
    return groups + [[layout_to_example(_random_list(rng), rng)] for _ in range(n_lists)]


def _random_list(rng: random.Random) -> Layout:
    """A list that is no budget, of columns and a title put together at random."""
    chosen = rng.sample(OTHER_COLUMNS, rng.randint(2, 7))
    if rng.random() < 0.6:
        chosen.insert(0, ("序号", "no"))
    title = rng.choice(OTHER_TITLE_WORDS) + rng.choice(OTHER_TITLE_ENDS) if rng.random() < 0.8 else ""
    header = "|".join(word for word, _ in chosen)
    return Layout((title,), FacetValues("other"), (header,), " ".join(code for _, code in chosen), total=False)


def layout_to_example(layout: Layout, rng: random.Random) -> Example:
    """One made-up fragment of a layout: title, header, column numbers, total and some rows of body."""
    columns = layout.columns.split()
    roles = tuple(_ROLES.get(code, HeaderRole.SUBJECT_CODE) for code in columns)
    row_roles = [RowRole.SECTION] * len(layout.sections)
    cells, _ = _grid_to_cells(layout.sections, roles, 0)
    cells = [replace(c, text=_plain_text(c.text[1:], 1, rng)) if c.text[:1] == "=" else c for c in cells]
    header_roles = [HeaderRole.TEXT] * len(cells) if layout.header else []
    header, found = _grid_to_cells(layout.header, roles, len(row_roles))
    cells += header
    header_roles += found
    row_roles += [RowRole.HEADER] * len(layout.header)
    if layout.numbering:
        cells += _texts_to_cells(len(row_roles), layout.numbering.split())
        header_roles += [HeaderRole.COLUMN_NUMBER] * len(columns)
        row_roles.append(RowRole.COLUMN_NUMBER)
    # A form of key/value rows alone has neither header nor body.
    n_header = len(row_roles) if layout.header else 0
    body = _body_to_texts(layout, columns, rng) if layout.header else []
    for texts, role in body:
        cells += _texts_to_cells(len(row_roles), texts)
        row_roles.append(role)
    title = rng.choice(layout.titles)
    truth = FragmentTruth(n_header, tuple(row_roles), tuple(header_roles), roles, layout.facets)
    return _to_example(cells, _title_to_caption(title, columns, rng) if title else Caption(), truth)


def form_to_example(form: MergedForm, rng: random.Random) -> Example:
    """One made-up fragment of a form with merged labels."""
    columns = form.columns.split()
    roles = tuple([_ROLES[code] for code in columns])
    lines, row_roles = _repeat_rows(form.rows, rng)
    cells, found = _grid_to_cells(lines, roles, 0)
    cells = [replace(c, text=_plain_text(c.text[1:], c.row, rng)) if c.text[:1] == "=" else c for c in cells]
    # Sections at the end or between the indicators have no header below them.
    n_header = max([row + 1 for row, role in enumerate(row_roles) if role is RowRole.HEADER], default=0)
    above = [(cell, role) for cell, role in zip(cells, found, strict=True) if cell.row < n_header]
    header_roles = tuple([r if row_roles[c.row] is RowRole.HEADER else HeaderRole.TEXT for c, r in above])
    title = rng.choice(form.titles)
    truth = FragmentTruth(n_header, tuple(row_roles), header_roles, roles, form.facets)
    return _to_example(cells, _title_to_caption(title, columns, rng) if title else Caption(), truth)


def _to_example(cells: Sequence[Cell], caption: Caption, truth: FragmentTruth) -> Example:
    n_cols = len(truth.column_roles)
    fragment = Fragment(
        page=1,
        index=0,
        box=_NO_BOX,
        n_rows=len(truth.row_roles),
        n_cols=n_cols,
        cells=tuple(cells),
        col_edges=tuple(float(i) for i in range(n_cols + 1)),
        caption=caption,
        detector="synthetic",
    )
    return Example(fragment, truth, weight=SYNTHETIC_WEIGHT, variant="synthetic")


_FORM_ROLES = {"s": RowRole.SECTION, "h": RowRole.HEADER, "d": RowRole.DETAIL, "t": RowRole.TOTAL}


def _repeat_rows(rows: Sequence[str], rng: random.Random) -> tuple[list[str], list[RowRole]]:
    """The rows of a form in the notation of headers, some of them several times, and their roles.

    A row that is repeated prints its labels again or has them merged; the last label before the values is printed
    again in some forms that merge the others.
    """
    merged = rng.choice((True, True, False))
    lines: list[str] = []
    roles: list[RowRole] = []
    for row in rows:
        kind, _, line = row.partition(" ")
        times = rng.randint(1, 5) if kind.endswith("+") else 1
        again = line.split("|")
        if merged:
            again = ["^" if text and text[0] not in "=>^" else text for text in again]
        lines += [line] + ["|".join(again)] * (times - 1)
        roles += [_FORM_ROLES[kind[0]]] * times
    return lines, roles


def _title_to_caption(title: str, columns: Sequence[str], rng: random.Random) -> Caption:
    """The lines above a table; where no column holds money, the unit is another one or none."""
    full = rng.choice(_TITLE_STARTS) + title
    holds_money = any(code in ("a", "b") for code in columns)
    unit = rng.choice(_MONEY_UNITS if holds_money else _OTHER_UNITS)
    lines = (rng.choice(("公开01表", "表3", "预算05表", "附件2")), full, *([f"单位：{unit}"] if unit else []))
    return Caption(lines=lines[rng.randint(0, 1) :], title=full, unit=unit)


def _grid_to_cells(
    rows: Sequence[str], roles: Sequence[HeaderRole], first_row: int
) -> tuple[list[Cell], list[HeaderRole]]:
    """Cells and roles of header rows in the notation of :mod:`lanci.training.layouts`, in row-major order."""
    grid = [row.split("|") for row in rows]
    cells, found = [], []
    for row, line in enumerate(grid):
        for col, text in enumerate(line):
            if text in (">", "^"):
                continue
            width = next((w for w in range(1, len(line) - col) if line[col + w] != ">"), len(line) - col)
            height = next((h for h in range(1, len(grid) - row) if grid[row + h][col] != "^"), len(grid) - row)
            cells.append(Cell(first_row + row, col, height, width, text, 1, _NO_BOX))
            is_group = width > 1 and row + height < len(grid)
            found.append(HeaderRole.GROUP if is_group else roles[col])
    return cells, found


def _texts_to_cells(row: int, texts: Sequence[str]) -> list[Cell]:
    return [Cell(row, col, 1, 1, text, 1, _NO_BOX) for col, text in enumerate(texts)]


def _body_to_texts(layout: Layout, columns: Sequence[str], rng: random.Random) -> list[tuple[list[str], RowRole]]:
    """Rows of texts with their roles; the total stands first or last, its label in the first wordy column."""
    n_rows = rng.randint(3, 14)
    offset = rng.randint(0, 4)
    rows = [(_row_to_texts(columns, number, offset, rng), RowRole.DETAIL) for number in range(1, n_rows + 1)]
    if columns[0] in ("t", "u") and "a" in columns and rng.random() < 0.4:
        rows = _group_rows(rows, columns, rng)
    if not layout.total:
        return rows
    if columns.count("s") > 1:
        return rows + _closing_rows(columns, rng)
    label = next((i for i, code in enumerate(columns) if code in _WORDY), 0)
    total = (_sums_to_texts(columns, {label: rng.choice(("合计", "合 计", "总计"))}, rng), RowRole.TOTAL)
    return [*rows, total] if "s" in columns or rng.random() < 0.3 else [total, *rows]


def _sums_to_texts(columns: Sequence[str], labels: Mapping[int, str], rng: random.Random) -> list[str]:
    """A row of labels at their columns and of sums where money stands."""
    return [labels.get(col, _amount(rng) if code == "a" else "") for col, code in enumerate(columns)]


def _group_rows(
    rows: Sequence[tuple[list[str], RowRole]], columns: Sequence[str], rng: random.Random
) -> list[tuple[list[str], RowRole]]:
    """The rows under lines that name a class or a unit once and carry its sum; a sum alone makes no subtotal."""
    grouped: list[tuple[list[str], RowRole]] = []
    for texts, role in rows:
        if not grouped or rng.random() < 0.3:
            grouped.append((_sums_to_texts(columns, {0: texts[0]}, rng), RowRole.DETAIL))
        grouped.append((["", *texts[1:]], role))
    return grouped


def _closing_rows(columns: Sequence[str], rng: random.Random) -> list[tuple[list[str], RowRole]]:
    """How a table of two sides ends: with its total, or with the sums of the year and what is carried over before."""
    cols = [col for col, code in enumerate(columns) if code == "s"]
    endings = (
        (("收入总计", RowRole.TOTAL),),
        (("收入合计", RowRole.TOTAL),),
        (("本年收入合计", RowRole.SUBTOTAL), ("上年结转结余", RowRole.DETAIL), ("收入总计", RowRole.TOTAL)),
        (("本年收入小计", RowRole.SUBTOTAL), ("上年结转", RowRole.DETAIL), ("收入合计", RowRole.TOTAL)),
    )
    closing = []
    for left, role in rng.choice(endings):
        right = left.replace("收入", "支出").replace("上年结转", "结转下年")
        labels = {cols[0]: left, **dict.fromkeys(cols[1:], right)}
        closing.append((_sums_to_texts(columns, labels, rng), role))
    return closing


def _row_to_texts(columns: Sequence[str], number: int, offset: int, rng: random.Random) -> list[str]:
    texts, name = [], ""
    for code in columns:
        if code[0] in _CODED and code[1:] in ("", "n", "1", "2", "3"):
            subjects = _CODED[code[0]]
            subject, name = subjects[(number + offset) % len(subjects)]
            texts.append(_subject_to_text(code, subject, name, rng))
        else:
            if code == "n" and not name:
                name = rng.choice(_DEPARTMENT)[1]
            texts.append(name if code == "n" else _plain_text(code, number, rng))
    return texts


def _subject_to_text(code: str, subject: str, name: str, rng: random.Random) -> str:
    if code.endswith("n"):
        return f"{subject}{rng.choice(('-', '', ' '))}{name}"
    levels = {"1": subject[:3], "2": subject[3:5], "3": subject[5:7]}
    return levels.get(code[1:], subject)


def _amount(rng: random.Random) -> str:
    value = rng.choice((rng.uniform(0.1, 60), rng.uniform(10, 9000)))
    return rng.choice((f"{value:.2f}", f"{value:,.2f}", f"{value:.0f}", f"{value:.6f}"))


def _plain_text(code: str, number: int, rng: random.Random) -> str:
    """The text of a cell that is no subject, by the letter code of its column."""
    pools = {
        "v": _VALUES,
        "s": _SUMMARY,
        "u": _UNITS,
        "o": _UNITS,
        "p": _PROJECTS,
        "i": _ITEMS,
        "t": _WORDS,
        "T": _SENTENCES,
        "d": _DIRECTORY,
    }
    if code in pools:
        return rng.choice(pools[code])
    if code == "no":
        return str(number)
    if code == "n":
        return ""
    if code == "q":
        return rng.choice((str(rng.randint(1, 300)), f"{rng.uniform(-30, 99):.1f}", str(rng.randint(1, 9))))
    if code in ("uc", "pc", "w"):
        return f"{rng.randint(101, 799)}{rng.randint(1, 20):03d}" + ("" if code == "uc" else "T0000")
    return _amount(rng) if code == "a" or rng.random() < 0.3 else ""


def titles_to_examples(titles: Sequence[TitledFacets], real: Sequence[Example], seed: int) -> list[Example]:
    """Three examples a title: alone, over a bare header, and over a grid that has the same facets.

    The grid is taken from ``real`` or, where none has these facets, from a layout; where no layout has them the
    third is left out.
    """
    rng = random.Random(seed)  # noqa: S311 - reproducible variety, not secrecy
    examples = []
    for titled in titles:
        bare = Layout((titled.title,), titled.facets, ("序号|项目|金额",), "no i a")
        empty = layout_to_example(bare, rng)
        caption = empty.fragment.caption
        alone = replace(empty.fragment, n_rows=0, n_cols=0, cells=(), col_edges=())
        nothing = FragmentTruth(0, (), (), (), titled.facets)
        examples.append(replace(empty, fragment=alone, truth=nothing, weight=TITLE_WEIGHT))
        examples.append(replace(empty, weight=TITLE_WEIGHT / 2))
        hosts = [e for e in real if e.truth.facets == titled.facets and e.fragment.caption.title]
        if hosts:
            host = rng.choice(hosts)
            fragment = replace(host.fragment, caption=caption, notes=())
            examples.append(replace(host, fragment=fragment, group="", table="", variant="retitled"))
        else:
            forms = [layout for layout in BUDGET_LAYOUTS if layout.facets == titled.facets]
            if forms:
                made = layout_to_example(rng.choice(forms), rng)
                examples.append(replace(made, fragment=replace(made.fragment, caption=caption)))
    return examples
