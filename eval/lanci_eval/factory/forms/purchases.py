"""政府采购 and 政府购买服务."""

from __future__ import annotations

from collections.abc import Sequence

from lanci.document import HeaderRole, RowRole
from lanci.facets import FacetValues
from lanci_eval.factory.budget import Fund, Purchase
from lanci_eval.factory.content_sheet import Head, Line, Sheet, Span, group
from lanci_eval.factory.forms.common import Scene, choose, make_caption, numbered_sheet, titled, with_total

_DIRECTORY = (
    ("公共服务", "技术性公共服务", "检验检测服务"),
    ("公共服务", "社会管理服务", "社区治理服务"),
    ("政府履职辅助性服务", "法律服务", "法律顾问服务"),
    ("政府履职辅助性服务", "评审评估服务", "绩效评价服务"),
    ("政府履职辅助性服务", "后勤服务", "物业服务"),
    ("政府履职辅助性服务", "信息化服务", "数据处理服务"),
)


def procurement(scene: Scene) -> tuple[Sheet, ...]:
    """政府采购预算: items below the projects that buy them, in the layout of the document."""
    if not scene.budget.purchases:
        return (_empty(scene),)
    return (_by_project(scene) if scene.chance(0.6) else _by_item(scene),)


def _title(scene: Scene) -> str:
    return titled(scene, choose(scene, "政府采购", "政府采购支出", "政府采购计划"))


def _funds(scene: Scene, purchase: Purchase) -> tuple[str, str, str]:
    """The price in the column of the fund that the project is paid from."""
    fund = scene.budget.project_facts(scene.budget.projects[purchase.project])[0].fund
    money = scene.manner.money
    amounts = (purchase.amount if fund is one else 0 for one in (Fund.GENERAL, Fund.GOVERNMENT))
    rest = purchase.amount if fund not in (Fund.GENERAL, Fund.GOVERNMENT) else 0
    general, government = amounts
    return money(general), money(government), money(rest)


def _fund_sums(scene: Scene, purchases: Sequence[Purchase]) -> tuple[str, str, str]:
    sums = [0, 0, 0]
    for purchase in purchases:
        fund = scene.budget.project_facts(scene.budget.projects[purchase.project])[0].fund
        sums[{Fund.GENERAL: 0, Fund.GOVERNMENT: 1}.get(fund, 2)] += purchase.amount
    money = scene.manner.money
    return money(sums[0]), money(sums[1]), money(sums[2])


def _money_heads(scene: Scene) -> tuple[Head, ...]:
    funds = (Head("一般公共预算"), Head("政府性基金预算"), Head("其他资金"))
    over = choose(scene, "采购资金来源", "预算金额", "资金来源")
    return (group(over, Head(scene.manner.sum_word), *funds),)


def _by_project(scene: Scene) -> Sheet:
    """The project's name and category stand once, merged over what it buys."""
    budget, manner = scene.budget, scene.manner
    purchases = budget.purchases
    unit_head = Head(choose(scene, "采购单位", "预算单位"), HeaderRole.UNIT_NAME)
    heads = (
        unit_head,
        Head(choose(scene, "采购项目", "项目名称"), HeaderRole.PROJECT_NAME),
        Head(choose(scene, "采购内容", "采购品目"), HeaderRole.ITEM),
        Head("品目类别", HeaderRole.TEXT),
        Head("数量", HeaderRole.QUANTITY),
        *_money_heads(scene),
    )
    lines: list[Line] = []
    for project in budget.projects:
        own = [one for one in purchases if one.project == project.index]
        for place, one in enumerate(own):
            labels = (budget.units[project.unit].name, project.name)
            first = tuple(Span(label, rows=len(own)) for label in labels) if place == 0 else ()
            texts = (one.item, one.category, str(one.count), manner.money(one.amount), *_funds(scene, one))
            lines.append(Line(RowRole.DETAIL, (*first, *texts)))
    amounts = (manner.money(sum(one.amount for one in purchases)), *_fund_sums(scene, purchases))
    total = Line(RowRole.TOTAL, (Span(manner.total, cols=4), "", *amounts))
    sheet = Sheet(
        FacetValues("government_procurement"),
        make_caption(scene, _title(scene)),
        heads,
        with_total(manner, lines, total),
        n_labels=4,
    )
    return numbered_sheet(scene, sheet)


def _item_heads(scene: Scene) -> tuple[Head, ...]:
    return (
        Head(choose(scene, "品目编码", "采购目录编码"), HeaderRole.TEXT),
        Head(choose(scene, "品目名称", "采购品目名称"), HeaderRole.ITEM),
        Head("计量单位", HeaderRole.TEXT),
        Head("采购数量", HeaderRole.QUANTITY),
        Head(choose(scene, "参考单价", "单价"), HeaderRole.AMOUNT),
        Head(choose(scene, "采购金额", "采购预算"), HeaderRole.AMOUNT),
        Head(choose(scene, "采购方式", "组织形式"), HeaderRole.TEXT),
    )


def _by_item(scene: Scene) -> Sheet:
    manner, purchases = scene.manner, scene.budget.purchases
    ways = ("公开招标", "竞争性磋商", "网上超市", "框架协议", "询价")
    lines = [
        Line(
            RowRole.DETAIL,
            (
                one.code,
                one.item,
                one.measure,
                str(one.count),
                manner.money(one.price),
                manner.money(one.amount),
                choose(scene, *ways),
            ),
        )
        for one in purchases
    ]
    amount = manner.money(sum(one.amount for one in purchases))
    total = Line(RowRole.TOTAL, ("", manner.total, "", "", "", amount, ""))
    sheet = Sheet(
        FacetValues("government_procurement"),
        make_caption(scene, _title(scene)),
        _item_heads(scene),
        with_total(manner, lines, total),
        n_labels=3,
    )
    return numbered_sheet(scene, sheet)


def _empty(scene: Scene) -> Sheet:
    year = scene.budget.year
    note = choose(scene, f"注：{year}年未编列政府采购预算，空表公开。", "注：本部门无政府采购预算。")
    lines = (Line(RowRole.DETAIL, ("",) * 7),) * int(scene.rng.integers(1, 4))
    return Sheet(
        FacetValues("government_procurement"), make_caption(scene, _title(scene)), _item_heads(scene), lines, (note,)
    )


def service_purchase(scene: Scene) -> tuple[Sheet, ...]:
    """政府购买服务: the services among the purchases, by the three levels of the guiding directory."""
    manner, budget = scene.manner, scene.budget
    services = [one for one in budget.purchases if one.is_service]
    directory = group(
        choose(scene, "政府购买服务指导性目录", "指导目录"),
        *(Head(f"{level}目录", HeaderRole.TEXT) for level in ("一级", "二级", "三级")),
    )
    heads = (
        Head("购买主体", HeaderRole.UNIT_NAME),
        Head("服务项目", HeaderRole.PROJECT_NAME),
        directory,
        Head(manner.amount_word),
    )
    lines: list[Line] = []
    for one in services:
        project = budget.projects[one.project]
        levels = _DIRECTORY[(one.project + len(lines)) % len(_DIRECTORY)]
        amount = manner.money(one.amount)
        lines.append(Line(RowRole.DETAIL, (budget.units[project.unit].name, project.name, *levels, amount)))
    amount = manner.money(sum(one.amount for one in services))
    total = Line(RowRole.TOTAL, (manner.total, "", "", "", "", amount))
    notes = () if services else (choose(scene, "注：本单位无政府购买服务支出。", "注：无此项预算，空表列示。"),)
    sheet = Sheet(
        FacetValues("service_purchase"),
        make_caption(scene, titled(scene, choose(scene, "政府购买服务", "政府购买服务支出"))),
        heads,
        with_total(manner, lines, total),
        notes,
        n_labels=5,
    )
    return (numbered_sheet(scene, sheet),)
