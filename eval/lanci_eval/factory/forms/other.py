"""Tables without subjects: assets, organisation, staff, tasks, contacts."""

from __future__ import annotations

from lanci.document import HeaderRole, RowRole
from lanci.facets import FacetValues
from lanci_eval.factory.content_sheet import Head, Line, Sheet, number_lines
from lanci_eval.factory.forms.common import SERIAL, Scene, choose, make_caption, with_total
from lanci_eval.factory.names import make_person


def assets(scene: Scene) -> tuple[Sheet, ...]:
    """固定资产: what there is, how many, what it cost."""
    manner, items = scene.manner, scene.budget.assets
    two_values = scene.chance(0.5)
    heads = [
        Head(choose(scene, "资产类别", "资产名称", "项目"), HeaderRole.ITEM),
        Head("计量单位", HeaderRole.TEXT),
        Head(choose(scene, "数量", "账面数量"), HeaderRole.QUANTITY),
        Head(choose(scene, "原值", "账面原值")),
    ]
    if two_values:
        heads.append(Head(choose(scene, "净值", "账面净值")))
    lines = []
    for item in items:
        values = [manner.money(item.value)] + ([manner.money(item.net)] if two_values else [])
        lines.append(Line(RowRole.DETAIL, (item.name, item.measure, str(item.count), *values)))
    sums = [manner.money(sum(item.value for item in items))]
    if two_values:
        sums.append(manner.money(sum(item.net for item in items)))
    total = Line(RowRole.TOTAL, (choose(scene, "合计", "资产合计", "固定资产总额"), "", "", *sums))
    title = choose(scene, "国有资产占用使用情况表", "固定资产存量情况表", "资产占有情况表", "国有资产情况明细表")
    body = with_total(manner, lines, total)
    sheet = Sheet(FacetValues("fixed_assets"), make_caption(scene, title), tuple(heads), body, n_labels=2)
    return (sheet,)


def organization(scene: Scene) -> tuple[Sheet, ...]:
    """机构设置: the units of the department."""
    grades = ("正科级", "副科级", "股级", "正处级", "副处级", "未定级")
    heads = (
        SERIAL,
        Head(choose(scene, "单位名称", "机构名称", "预算单位名称"), HeaderRole.UNIT_NAME),
        Head(choose(scene, "机构性质", "单位类别"), HeaderRole.TEXT),
        Head(choose(scene, "机构级别", "单位规格"), HeaderRole.TEXT),
        Head(choose(scene, "经费形式", "经费保障方式"), HeaderRole.TEXT),
    )
    lines = []
    for unit in scene.budget.units:
        nature = "行政机关" if unit.is_office else choose(scene, "公益一类事业单位", "公益二类事业单位", "参公事业单位")
        pay = "财政全额拨款" if unit.is_office or scene.chance(0.7) else "财政差额补助"
        lines.append(Line(RowRole.DETAIL, (unit.name, nature, choose(scene, *grades), pay)))
    title = choose(scene, "机构设置一览表", "部门所属单位情况表", "预算单位构成情况表", "内设机构及所属单位表")
    caption = make_caption(scene, title, "", plain=scene.chance(0.5))
    return (Sheet(FacetValues("organization"), caption, heads, number_lines(lines)),)


def staff(scene: Scene) -> tuple[Sheet, ...]:
    """Posts and people of the units."""
    manner, units = scene.manner, scene.budget.units
    heads = (
        Head("单位名称", HeaderRole.UNIT_NAME),
        Head(choose(scene, "核定编制数", "编制人数"), HeaderRole.QUANTITY),
        Head(choose(scene, "在职人数", "实有在职人员"), HeaderRole.QUANTITY),
        Head("离退休人数", HeaderRole.QUANTITY),
    )
    lines = [Line(RowRole.DETAIL, (u.name, str(u.posts), str(u.staff), str(u.retired))) for u in units]
    sums = (sum(u.posts for u in units), sum(u.staff for u in units), sum(u.retired for u in units))
    total = Line(RowRole.TOTAL, (manner.total, *map(str, sums)))
    caption = make_caption(scene, choose(scene, "人员编制情况表", "人员基本情况表", "编制及实有人数统计表"), "")
    return (Sheet(FacetValues("other"), caption, heads, with_total(manner, lines, total)),)


def tasks(scene: Scene) -> tuple[Sheet, ...]:
    """The year's tasks and who answers for them: no money."""
    budget = scene.budget
    heads = (
        SERIAL,
        Head(choose(scene, "年度重点任务", "工作内容"), HeaderRole.TEXT),
        Head("责任单位", HeaderRole.TEXT),
        Head("完成时间", HeaderRole.TEXT),
        Head("备注", HeaderRole.TEXT),
    )
    lines = []
    for project in budget.projects[:12]:
        month = int(scene.rng.integers(3, 13))
        task = choose(scene, "推进{}，形成阶段成果", "完成{}年度任务", "抓好{}，办好民生实事").format(project.work)
        texts = (task, budget.units[project.unit].name, f"{budget.year}年{month}月底", "")
        lines.append(Line(RowRole.DETAIL, texts))
    title = choose(scene, "年度重点任务分解表", "重点工作清单", "工作要点安排表")
    return (Sheet(FacetValues("other"), make_caption(scene, title, "", plain=True), heads, number_lines(lines)),)


def contacts(scene: Scene) -> tuple[Sheet, ...]:
    """Who took part in drawing up the budget."""
    heads = (
        Head("姓名", HeaderRole.TEXT),
        Head(choose(scene, "科室", "所在科室"), HeaderRole.TEXT),
        Head(choose(scene, "职务（职称）", "岗位"), HeaderRole.TEXT),
        Head("分工", HeaderRole.TEXT),
    )
    offices = ("财务科", "综合科", "法规科", "人事科", "规划科")
    duties = ("预算汇总", "绩效目标审核", "公开材料校对", "项目论证", "数据填报")
    posts = ("科长", "会计师", "主任科员", "经济师", "出纳")
    lines = [
        Line(
            RowRole.DETAIL,
            (make_person(scene.rng), choose(scene, *offices), choose(scene, *posts), choose(scene, *duties)),
        )
        for _ in range(int(scene.rng.integers(3, 8)))
    ]
    title = choose(scene, "预算编制人员分工表", "绩效目标编审人员名单", "预算公开工作联系表")
    return (Sheet(FacetValues("other"), make_caption(scene, title, "", plain=True), heads, tuple(lines)),)
