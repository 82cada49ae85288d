"""Performance: targets of one project, of all projects, of the department, and the evaluation by itself."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import numpy as np

from lanci.document import HeaderRole, RowRole
from lanci.facets import FacetValues
from lanci_eval.factory.budget import Measure, Project, count
from lanci_eval.factory.content_sheet import Head, Line, Sheet, Span, group
from lanci_eval.factory.forms.common import Scene, choose, make_caption, titled
from lanci_eval.factory.names import pick, sample

_GOALS = (
    "围绕{work}年度安排，按计划推进前期准备、组织实施和验收归档，确保资金及时支付、成果按期交付。",
    "完成{work}各项任务，补齐短板弱项；规范资金使用，严控一般性开支；基层单位和群众认可度稳中有升。",
    "目标1：按时间节点完成{work}。目标2：建立台账，做到底数清、情况明。目标3：形成可复制的工作办法。",
    "通过实施{work}，改善服务条件，提高办理效率，年内不发生责任事故。",
)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator, worded for a project."""

    first: str
    second: str
    third: str
    sign: str
    value: str
    measure: str
    remark: str

    @property
    def whole(self) -> str:
        """Sign, value and unit in one text."""
        return self.remark if self.sign == "定性" else f"{self.sign}{self.value}{self.measure}"


@cache
def _patterns() -> tuple[dict[str, str], ...]:
    text = files("lanci_eval.factory").joinpath("data/indicators.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def make_indicators(scene: Scene, work: str, amount: int, at_least: int = 5) -> tuple[Indicator, ...]:
    """Some indicators in the order of their classes; that of the cost names the project's money."""
    patterns = _patterns()
    made = []
    for pattern in sample(scene.rng, patterns, int(scene.rng.integers(at_least, len(patterns) - 6))):
        sign, measure, value = pattern["sign"], pattern["measure"], ""
        if measure == "money":
            value, measure = scene.manner.money(amount, blank_zero=False), scene.manner.unit
        elif sign != "定性":
            value = str(int(scene.rng.integers(int(pattern["low"]), int(pattern["high"]) + 1)))
        third = pattern["third"].format(work=work)
        made.append(
            Indicator(
                f"{pattern['first']}指标", f"{pattern['second']}指标", third, sign, value, measure, pattern["remark"]
            )
        )
    return tuple(made)


def goal_text(scene: Scene, project: Project) -> str:
    """What a project shall reach, in a sentence or three."""
    return choose(scene, *_GOALS).format(work=project.work)


def project_title(scene: Scene, project: Project) -> str:
    """The title of a project's own form."""
    form = choose(scene, "{name}绩效目标表", "项目支出绩效目标表", "{year}年项目绩效目标表", "{name}绩效目标申报表")
    return form.format(name=project.name, year=scene.budget.year)


def indicator_heads(scene: Scene) -> tuple[Head, ...]:
    """The header of an indicator grid, with the value in one column or taken apart."""
    levels = tuple(Head(f"{level}指标", HeaderRole.TEXT) for level in ("一级", "二级", "三级"))
    if scene.chance(0.4):
        levels = (group("绩效指标", *levels),)
    parts = (
        (Head("指标值", HeaderRole.TEXT),),
        (Head("目标值", HeaderRole.TEXT), Head("指标说明", HeaderRole.TEXT)),
        (Head("运算符号", HeaderRole.TEXT), Head("指标值", HeaderRole.TEXT), Head("度量单位", HeaderRole.TEXT)),
    )
    return (*levels, *pick(scene.rng, parts))


def indicator_lines(scene: Scene, project: Project, n_cols: int) -> tuple[Line, ...]:
    """The indicators of a project; equal labels of the first two levels are merged."""
    amount = count(scene.budget.project_facts(project))
    indicators = make_indicators(scene, project.work, amount)
    return tuple(
        Line(RowRole.DETAIL, (*labels, one.third, *_value_texts(one, n_cols - 3)))
        for labels, one in zip(merged_labels(indicators), indicators, strict=True)
    )


def _value_texts(one: Indicator, n_cols: int) -> tuple[str, ...]:
    if n_cols == 1:
        return (one.whole,)
    if n_cols == 2:
        return (one.whole, "" if one.sign == "定性" else one.remark)
    return (one.sign, one.remark if one.sign == "定性" else one.value, one.measure)


def merged_labels(indicators: Sequence[Indicator]) -> list[tuple[Span, ...]]:
    """For each indicator the cells of the first two levels that begin with it."""
    labels: list[tuple[Span, ...]] = []
    for index, one in enumerate(indicators):
        cells: list[Span] = []
        before = indicators[index - 1] if index else None
        if before is None or before.first != one.first:
            cells.append(Span(one.first, rows=_run([i.first == one.first for i in indicators[index:]])))
        if before is None or (before.first, before.second) != (one.first, one.second):
            cells.append(Span(one.second, rows=_run([i.second == one.second for i in indicators[index:]])))
        labels.append(tuple(cells))
    return labels


def _run(flags: Sequence[bool]) -> int:
    return next((index for index, flag in enumerate(flags) if not flag), len(flags))


def targets(scene: Scene, project: int, look: int | None = None) -> tuple[Sheet, ...]:
    """绩效目标 of one project in one grid: key/value rows, then the indicators.

    Forms of one ``look`` (a seed) have the same title or kind of title, labels and columns.
    """
    budget, manner = scene.budget, scene.manner
    shape = scene if look is None else replace(scene, rng=np.random.default_rng(look))
    one = budget.projects[project]
    facts = budget.project_facts(one)
    heads = indicator_heads(shape)
    n_cols = sum(len(head.leaves) for head in heads)
    goal = Line(RowRole.SECTION, (choose(shape, "绩效目标", "年度目标"), Span(goal_text(scene, one), cols=n_cols - 1)))
    sections = [goal]
    if shape.chance(0.7):
        name = Line(RowRole.SECTION, ("项目名称", Span(one.name, cols=n_cols - 1)))
        money = (manner.money(count(facts)), "其中：财政拨款", manner.money(count(facts, Measure.FISCAL)))
        rest = n_cols - 3
        amounts = Line(RowRole.SECTION, ("资金总额", money[0], money[1], Span(money[2], cols=rest)))
        sections = [name, amounts, goal]
    sheet = Sheet(
        FacetValues("performance_targets"),
        make_caption(scene, project_title(shape, one)),
        heads,
        indicator_lines(scene, one, n_cols),
        sections=tuple(sections),
    )
    return (sheet,)


def all_targets(scene: Scene) -> tuple[Sheet, ...]:
    """The projects with their goals, one a row."""
    budget, manner = scene.budget, scene.manner
    heads = (
        Head(choose(scene, "实施单位", "预算单位"), HeaderRole.UNIT_NAME),
        Head("项目名称", HeaderRole.PROJECT_NAME),
        Head(manner.amount_word),
        Head(choose(scene, "绩效目标", "项目目标"), HeaderRole.TEXT),
    )
    lines = [
        Line(
            RowRole.DETAIL,
            (
                budget.units[project.unit].name,
                project.name,
                manner.money(count(budget.project_facts(project))),
                goal_text(scene, project),
            ),
        )
        for project in budget.projects[: 40 if scene.features.long_tables else 8]
    ]
    title = titled(scene, choose(scene, "重点项目绩效目标", "项目绩效目标"))
    return (Sheet(FacetValues("performance_targets"), make_caption(scene, title), heads, tuple(lines)),)


def overall(scene: Scene) -> tuple[Sheet, ...]:
    """整体绩效目标: the department's money and tasks above its indicators."""
    budget, manner = scene.budget, scene.manner
    money = manner.money
    total, basic, project = (count(budget.facts, m) for m in (Measure.TOTAL, Measure.BASIC, Measure.PROJECT))
    works = list(dict.fromkeys(one.work for one in budget.projects))[:3]
    goal = choose(scene, *_GOALS).format(work="、".join(works))
    sections = (
        Line(RowRole.SECTION, (choose(scene, "部门名称", "部门（单位）名称"), Span(budget.entity, cols=5))),
        Line(
            RowRole.SECTION, (Span("年度预算", rows=2), "资金总额", Span("基本支出", cols=2), Span("项目支出", cols=2))
        ),
        Line(RowRole.SECTION, (money(total), Span(money(basic), cols=2), Span(money(project), cols=2))),
        Line(RowRole.SECTION, ("年度总体目标", Span(goal, cols=5))),
    )
    heads = (
        *(Head(f"{level}指标", HeaderRole.TEXT) for level in ("一级", "二级", "三级")),
        Head("运算符号", HeaderRole.TEXT),
        Head("指标值", HeaderRole.TEXT),
        Head("计量单位", HeaderRole.TEXT),
    )
    indicators = make_indicators(scene, choose(scene, *works), total, 8)
    lines = tuple(
        Line(RowRole.DETAIL, (*labels, one.third, *_value_texts(one, 3)))
        for labels, one in zip(merged_labels(indicators), indicators, strict=True)
    )
    title = titled(scene, choose(scene, "整体支出绩效目标", "整体绩效目标"))
    return (Sheet(FacetValues("overall_performance"), make_caption(scene, title), heads, lines, sections=sections),)


def self_evaluation(scene: Scene) -> tuple[Sheet, ...]:
    """自评: last year's goal, what came of it, and points for every indicator that add up."""
    budget, manner = scene.budget, scene.manner
    project = pick(scene.rng, budget.projects)
    planned = count(budget.project_facts(project))
    spent = planned * int(scene.rng.integers(700, 1001)) // 1000
    rate = f"{spent * 100 / planned:.2f}%" if planned else "0%"
    heads = (
        *(Head(f"{level}指标", HeaderRole.TEXT) for level in ("一级", "二级", "三级")),
        Head(choose(scene, "年度指标值", "目标值"), HeaderRole.TEXT),
        Head(choose(scene, "实际完成值", "全年完成值"), HeaderRole.TEXT),
        Head("分值", HeaderRole.QUANTITY),
        Head(choose(scene, "得分", "自评得分"), HeaderRole.QUANTITY),
        Head("未完成原因", HeaderRole.TEXT),
    )
    sections = (
        Line(
            RowRole.SECTION,
            ("项目名称", Span(project.name, cols=3), "实施单位", Span(budget.units[project.unit].name, cols=3)),
        ),
        Line(
            RowRole.SECTION,
            (Span("资金执行", rows=2), Span("年初预算数", cols=2), Span("全年执行数", cols=3), Span("执行率", cols=2)),
        ),
        Line(
            RowRole.SECTION,
            (Span(manner.money(planned), cols=2), Span(manner.money(spent), cols=3), Span(rate, cols=2)),
        ),
        Line(RowRole.SECTION, ("年度目标", Span(goal_text(scene, project), cols=7))),
    )
    indicators = make_indicators(scene, project.work, planned)
    points = [100 // len(indicators)] * len(indicators)
    points[0] += 100 - sum(points)
    lost = [int(scene.rng.integers(0, 3)) for _ in points]
    lines = [
        Line(
            RowRole.DETAIL,
            (
                *labels,
                one.third,
                one.whole,
                _outcome(one, missing),
                str(point),
                str(point - missing),
                "进度滞后" if missing else "",
            ),
        )
        for labels, one, point, missing in zip(merged_labels(indicators), indicators, points, lost, strict=True)
    ]
    total = Line(RowRole.TOTAL, (Span(choose(scene, "总分", "合计"), cols=5), "100", str(100 - sum(lost)), ""))
    title = choose(scene, "{}年度项目支出绩效自评表", "{}年度项目绩效自我评价表").format(budget.year - 1)
    caption = make_caption(scene, title, year=budget.year - 1)
    return (Sheet(FacetValues("self_evaluation"), caption, heads, (*lines, total), sections=sections),)


def _outcome(one: Indicator, missing: int) -> str:
    if one.sign == "定性":
        return "基本达到" if missing else "达到"
    return f"{one.value}{one.measure}" if not missing else "未全部完成"
