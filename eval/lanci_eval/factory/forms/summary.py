"""收支总表: income on the left, expenditure on the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from lanci.document import HeaderRole, RowRole
from lanci.facets import FacetValues
from lanci_eval.factory.budget import FISCAL, Fact, Measure, code_rows, count, subject_names
from lanci_eval.factory.content_manner import to_numeral
from lanci_eval.factory.content_sheet import Head, Line, Sheet, group
from lanci_eval.factory.forms.common import Scene, choose, make_caption, money_head, numbered_sheet, titled

_CLASSES = (
    "201", "外交支出", "国防支出", "204", "205", "206", "207", "208", "210", "211", "212", "213", "214", "215",
    "商业服务业等支出", "金融支出", "援助其他地区支出", "220", "221", "粮油物资储备支出", "223", "224", "229",
    "债务还本支出", "债务付息支出", "债务发行费用支出",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Item:
    """A line of one half: its label, its amounts, whether it sums others up."""

    label: str
    amounts: tuple[str, ...]
    role: RowRole = RowRole.DETAIL


def budget_summary(scene: Scene) -> tuple[Sheet, ...]:
    """收支总表 of all money, with or without the expenditure by use beside."""
    manner, facts = scene.manner, scene.budget.facts
    by_use = scene.chance(0.25)
    income, spending = _income_items(scene), _class_items(scene, facts, (Measure.TOTAL,), total=True)
    halves = [income, spending]
    words = choose(scene, "项目", "项 目")
    heads: tuple[Head, ...] = (
        group(choose(scene, "收入", "收 入", "本年收入"), Head(words, HeaderRole.ITEM), _amount(scene)),
        group(choose(scene, "支出", "支 出"), Head(words, HeaderRole.ITEM), _amount(scene)),
    )
    if by_use:
        halves.append(_use_items(scene, facts))
        heads = (
            heads[0],
            group(
                "支出",
                Head("功能分类", HeaderRole.ITEM),
                _amount(scene),
                Head("支出用途", HeaderRole.ITEM),
                _amount(scene),
            ),
        )
    if manner.levels == 1:
        heads = tuple(head for over in heads for head in over.under)
        named = ("收入项目", "支出项目（功能分类）", "支出项目（用途）")
        items = iter(named)
        heads = tuple(Head(next(items), HeaderRole.ITEM) if h.role is HeaderRole.ITEM else h for h in heads)
    title = titled(scene, choose(scene, "收支", "收支", "财务收支"), whole=True)
    return (_halves_sheet(scene, title, FacetValues("summary"), heads, halves),)


def fiscal_summary(scene: Scene) -> tuple[Sheet, ...]:
    """财政拨款收支总表: the expenditure by fund beside its total, or in one column."""
    facts = tuple(fact for fact in scene.budget.facts if fact.fund in FISCAL)
    by_fund = scene.chance(0.6)
    measures = (Measure.FISCAL, Measure.GENERAL, Measure.GOVERNMENT, Measure.CAPITAL) if by_fund else (Measure.FISCAL,)
    item = Head("项目", HeaderRole.ITEM)
    columns: tuple[Head, ...] = (_amount(scene),)
    if by_fund:
        words = (scene.manner.sum_word, "一般公共预算", "政府性基金预算", "国有资本经营预算")
        columns = tuple(money_head(word, measure) for word, measure in zip(words, measures, strict=True))
    spending = group("支出", item, *columns)
    if scene.manner.levels == 3 and by_fund:
        spending = group("支出", item, group(scene.manner.amount_word, *columns))
    heads = (group("收入", item, _amount(scene)), spending)
    nested = not by_fund and scene.chance(0.5)
    income = _nested_fiscal_income(scene, facts) if nested else _fiscal_income(scene, facts)
    items = _class_items(scene, facts, measures, total=True)
    facets = FacetValues("summary", "fiscal_appropriation")
    return (_halves_sheet(scene, titled(scene, "财政拨款收支", whole=True), facets, heads, [income, items]),)


def _amount(scene: Scene) -> Head:
    return money_head(scene.manner.amount_word, Measure.TOTAL)


def _halves_sheet(
    scene: Scene, title: str, facets: FacetValues, heads: tuple[Head, ...], halves: Sequence[Sequence[_Item]]
) -> Sheet:
    """Both halves side by side: their last items (合计, 结转, 总计) stand in the same rows."""
    tails = [next((i for i, item in enumerate(half) if item.role is not RowRole.DETAIL), len(half)) for half in halves]
    lines = [
        *_rows([half[:tail] for half, tail in zip(halves, tails, strict=True)], halves),
        *_rows([half[tail:] for half, tail in zip(halves, tails, strict=True)], halves, bottom=True),
    ]
    return numbered_sheet(scene, Sheet(facets, make_caption(scene, title), heads, tuple(lines)))


def _rows(parts: Sequence[Sequence[_Item]], halves: Sequence[Sequence[_Item]], *, bottom: bool = False) -> list[Line]:
    """Lines of the items side by side, from the top or, at the ``bottom``, so that the last ones stand together."""
    if bottom:
        parts = [part[::-1] for part in parts]
    lines = []
    for row in zip_longest(*parts):
        texts: list[str] = []
        for item, half in zip(row, halves, strict=True):
            texts += [item.label, *item.amounts] if item else [""] * (1 + len(half[0].amounts))
        roles = [item.role for item in row if item]
        role = next((r for r in (RowRole.TOTAL, RowRole.SUBTOTAL) if r in roles), RowRole.DETAIL)
        lines.append(Line(role, tuple(texts)))
    return lines[::-1] if bottom else lines


def _income_items(scene: Scene) -> list[_Item]:
    ending = choose(scene, "收入", "拨款收入", "财政拨款收入")
    account = choose(scene, "财政专户管理资金收入", "财政专户收入")
    lines = (
        (f"一般公共预算{ending}", Measure.CURRENT_GENERAL),
        (f"政府性基金预算{ending}", Measure.CURRENT_GOVERNMENT),
        (f"国有资本经营预算{ending}", Measure.CURRENT_CAPITAL),
        (account, Measure.ACCOUNT),
        ("事业收入", Measure.BUSINESS),
        ("事业单位经营收入", Measure.NOTHING),
        ("上级补助收入", Measure.NOTHING),
        ("附属单位上缴收入", Measure.NOTHING),
        ("其他收入", Measure.OTHER),
    )
    facts = scene.budget.facts
    items = [
        _Item(f"{to_numeral(number)}、{name}", (scene.manner.money(count(facts, measure)),))
        for number, (name, measure) in enumerate(lines, start=1)
    ]
    return items + _income_tail(scene, facts, choose(scene, "上年结转", "上年结转结余", "使用上年结转资金"))


def _income_tail(scene: Scene, facts: Sequence[Fact], carried: str) -> list[_Item]:
    money = scene.manner.money
    return [
        _Item("本年收入合计", (money(count(facts, Measure.CURRENT)),), RowRole.SUBTOTAL),
        _Item(carried, (money(count(facts, Measure.CARRIED)),)),
        _Item("收入总计", (money(count(facts)),), RowRole.TOTAL),
    ]


def _class_items(scene: Scene, facts: Sequence[Fact], measures: Sequence[Measure], *, total: bool) -> list[_Item]:
    """The classes of expenditure, all that there are or those with money, and the totals."""
    money = scene.manner.money
    rows = {row.code: row.facts for row in code_rows(facts, lambda fact: fact.function) if row.level == 1}
    names = subject_names()
    known = _CLASSES if scene.manner.other_outlays else tuple(sorted(rows))
    items = []
    for number, code in enumerate(known, start=1):
        amounts = tuple(money(count(rows.get(code, ()), measure)) for measure in measures)
        items.append(_Item(f"{to_numeral(number)}、{names.get(code, code)}", amounts))
    if total:
        zeros = (money(0),) * len(measures)
        sums = tuple(money(count(facts, measure)) for measure in measures)
        items += [
            _Item("本年支出合计", sums, RowRole.SUBTOTAL),
            _Item(choose(scene, "年终结转结余", "结转下年", "年末结转结余"), zeros),
            _Item("支出总计", sums, RowRole.TOTAL),
        ]
    return items


def _use_items(scene: Scene, facts: Sequence[Fact]) -> list[_Item]:
    money = scene.manner.money
    total = (money(count(facts)),)
    return [
        _Item("一、基本支出", (money(count(facts, Measure.BASIC)),)),
        _Item("（一）人员经费", (money(count(facts, Measure.PERSONNEL)),)),
        _Item("（二）公用经费", (money(count(facts, Measure.PUBLIC)),)),
        _Item("二、项目支出", (money(count(facts, Measure.PROJECT)),)),
        _Item("本年支出合计", total, RowRole.SUBTOTAL),
        _Item("结转下年", (money(0),)),
        _Item("支出总计", total, RowRole.TOTAL),
    ]


def _fiscal_income(scene: Scene, facts: Sequence[Fact]) -> list[_Item]:
    money = scene.manner.money
    ending = choose(scene, "拨款", "财政拨款收入", "拨款收入")
    lines = (
        (f"一、一般公共预算{ending}", Measure.CURRENT_GENERAL),
        (f"二、政府性基金预算{ending}", Measure.CURRENT_GOVERNMENT),
        (f"三、国有资本经营预算{ending}", Measure.CURRENT_CAPITAL),
    )
    items = [_Item(label, (money(count(facts, measure)),)) for label, measure in lines]
    return items + _income_tail(scene, facts, "上年财政拨款结转")


def _nested_fiscal_income(scene: Scene, facts: Sequence[Fact]) -> list[_Item]:
    """一、本年收入 and 二、上年结转, each with its funds below."""
    money = scene.manner.money
    words = ("（一）一般公共预算拨款", "（二）政府性基金预算拨款", "（三）国有资本经营预算拨款")
    current = (Measure.CURRENT_GENERAL, Measure.CURRENT_GOVERNMENT, Measure.CURRENT_CAPITAL)
    carried = (Measure.CARRIED_GENERAL, Measure.CARRIED_GOVERNMENT, Measure.CARRIED_CAPITAL)
    items = []
    for label, whole, parts in (
        ("一、本年收入", Measure.CURRENT, current),
        ("二、上年结转", Measure.CARRIED, carried),
    ):
        items.append(_Item(label, (money(count(facts, whole)),)))
        items += [_Item(word, (money(count(facts, part)),)) for word, part in zip(words, parts, strict=True)]
    items.append(_Item("收入总计", (money(count(facts)),), RowRole.TOTAL))
    return items
