"""Lists of projects, and the form of a project with its indicators below."""

from __future__ import annotations

from collections.abc import Sequence

from lanci.document import Caption, HeaderRole, RowRole
from lanci.facets import FacetValues
from lanci_eval.factory.budget import Fact, Measure, Project, count
from lanci_eval.factory.content_sheet import Head, Line, Sheet, Span, group
from lanci_eval.factory.forms.common import (
    Scene,
    choose,
    leaves_of,
    make_caption,
    money_head,
    money_texts,
    numbered_sheet,
    titled,
    with_total,
)
from lanci_eval.factory.forms.performance import goal_text, indicator_heads, indicator_lines, project_title


def project_list(scene: Scene) -> tuple[Sheet, ...]:
    """项目支出表: one project a row, its unit printed once (merged), on a row of its own, or in every row."""
    budget, manner = scene.budget, scene.manner
    style = int(scene.rng.integers(3))
    money = _money_heads(scene)
    columns = leaves_of(money)
    with_code = scene.chance(0.5)
    heads = [Head(choose(scene, "单位名称", "预算单位", "主管单位"), HeaderRole.UNIT_NAME)]
    if with_code:
        heads.append(Head("项目编码", HeaderRole.PROJECT_CODE))
    heads.append(Head("项目名称", HeaderRole.PROJECT_NAME))
    lines: list[Line] = []
    for index, unit in enumerate(budget.units):
        own = [project for project in budget.projects if project.unit == index]
        facts = [fact for project in own for fact in budget.project_facts(project)]
        if own and style == 1:
            blanks = [""] * (len(heads) - 1)
            lines.append(Line(RowRole.DETAIL, (unit.name, *blanks, *money_texts(manner, columns, facts))))
        for place, project in enumerate(own):
            labels = (project.code, project.name) if with_code else (project.name,)
            amounts = money_texts(manner, columns, budget.project_facts(project))
            lines.append(Line(RowRole.DETAIL, (*_unit_texts(style, unit.name, place, len(own)), *labels, *amounts)))
    facts = [fact for fact in budget.facts if fact.project is not None]
    total = Line(RowRole.TOTAL, (Span(manner.total, cols=len(heads)), *money_texts(manner, columns, facts)))
    title = titled(scene, choose(scene, "项目支出", "部门项目" if manner.title_start == "" else "项目支出"))
    sheet = Sheet(
        FacetValues("project_list"),
        make_caption(scene, title),
        (*heads, *money),
        with_total(manner, lines, total),
        n_labels=len(heads),
    )
    return (numbered_sheet(scene, sheet),)


def _unit_texts(style: int, name: str, place: int, rows: int) -> tuple[str | Span, ...]:
    if style == 0:
        return (Span(name, rows=rows),) if place == 0 else ()
    return ("",) if style == 1 else (name,)


def _money_heads(scene: Scene) -> tuple[Head, ...]:
    total = money_head(scene.manner.sum_word, Measure.TOTAL)
    fiscal = (
        money_head("一般公共预算", Measure.CURRENT_GENERAL),
        money_head("政府性基金预算", Measure.CURRENT_GOVERNMENT),
        money_head("国有资本经营预算", Measure.CURRENT_CAPITAL),
    )
    rest = (
        money_head("财政专户管理资金", Measure.ACCOUNT),
        money_head("单位资金", Measure.OWN),
        money_head("上年结转", Measure.CARRIED),
    )
    if scene.manner.levels == 1:
        return (total, *fiscal, *rest)
    if scene.manner.levels == 2:
        return (total, group(choose(scene, "财政拨款", "本年财政拨款"), *fiscal), *rest)
    return (group(f"{scene.budget.year}年项目支出", total, group("财政拨款", *fiscal), *rest),)


def profile(scene: Scene, project: int) -> tuple[Sheet, ...]:
    """The form of a project above the grid of its indicators, both under one title."""
    budget = scene.budget
    one = budget.projects[project]
    title = project_title(scene, one)
    make = _flat_profile if scene.chance(0.5) else _merged_profile
    lines = make(scene, one, budget.project_facts(one))
    upper = Sheet(FacetValues("project_profile"), make_caption(scene, title), (), lines, n_cols=6)
    heads = indicator_heads(scene)
    lower = Sheet(
        FacetValues("performance_targets"),
        Caption(title=title),
        heads,
        indicator_lines(scene, one, len(leaves_of(heads))),
        stacked=True,
    )
    return upper, lower


def _flat_profile(scene: Scene, project: Project, facts: Sequence[Fact]) -> tuple[Line, ...]:
    money, year, unit = scene.manner.money, scene.budget.year, scene.budget.units[project.unit]
    total, fiscal = count(facts), count(facts, Measure.FISCAL)
    rows: tuple[tuple[str | Span, ...], ...] = (
        ("项目名称", Span(project.name, cols=2), "项目代码", Span(project.code, cols=2)),
        ("主管部门", Span(scene.budget.entity, cols=2), "实施单位", Span(unit.name, cols=2)),
        (
            "项目属性",
            choose(scene, "延续项目", "新增项目"),
            "开始年度",
            str(year),
            "结束年度",
            str(year + int(scene.rng.integers(0, 4))),
        ),
        ("预算总额", money(total), "财政拨款", money(fiscal), "其他资金", money(total - fiscal)),
        ("立项依据", Span(choose(scene, *_GROUNDS).format(work=project.work, year=year - 1), cols=5)),
        (choose(scene, "年度目标", "总体绩效目标"), Span(goal_text(scene, project), cols=5)),
    )
    return tuple(Line(RowRole.SECTION, row) for row in rows)


def _merged_profile(scene: Scene, project: Project, facts: Sequence[Fact]) -> tuple[Line, ...]:
    """With labels merged over two rows: the money by source, and the shares to be paid each quarter."""
    money = scene.manner.money
    unit = scene.budget.units[project.unit]
    total, fiscal = count(facts), count(facts, Measure.FISCAL)
    shares = sorted(int(share) for share in scene.rng.integers(5, 95, 3))
    rows: tuple[tuple[str | Span, ...], ...] = (
        ("项目名称", Span(project.name, cols=5)),
        ("项目负责单位", Span(unit.name, cols=3), "类别", choose(scene, "特定目标类", "其他运转类")),
        (Span("资金情况", rows=2), "资金总额", Span("其中：财政拨款", cols=2), "上年结转", "其他来源"),
        (
            money(total),
            Span(money(count(facts, Measure.FISCAL) - count(facts, Measure.CARRIED)), cols=2),
            money(count(facts, Measure.CARRIED)),
            money(total - fiscal),
        ),
        (Span("支付进度", rows=2), "第一季度末", "第二季度末", "第三季度末", Span("第四季度末", cols=2)),
        (*(f"{share}%" for share in shares), Span("100%", cols=2)),
        ("绩效目标", Span(goal_text(scene, project), cols=5)),
    )
    return tuple(Line(RowRole.SECTION, row) for row in rows)


_GROUNDS = (
    "根据{year}年主管部门下达的{work}实施方案，结合上一年度执行情况编制。",
    "经班子会议研究，{work}列入年度重点事项，按现行支出标准测算。",
    "依据行业主管部门关于{work}的通知要求及合同约定安排。",
)
