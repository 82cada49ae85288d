"""Tables whose rows are functional subjects: income and expenditure, of all money or of one fund."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lanci.document import HeaderRole, RowRole
from lanci.facets import FacetValues
from lanci_eval.factory.budget import FISCAL, CodeRow, Fact, Fund, Measure, Purpose, code_rows
from lanci_eval.factory.content_sheet import Head, Line, Sheet, Span, Texts, group
from lanci_eval.factory.forms.common import (
    Maker,
    Scene,
    Subjects,
    choose,
    coded_lines,
    leaves_of,
    make_caption,
    money_head,
    money_texts,
    numbered_sheet,
    subject_columns,
    subject_texts,
    titled,
    total_texts,
    with_total,
)


@dataclass(frozen=True, slots=True)
class _Kind:
    """One of the expenditure tables: whose money it counts, and what it is called."""

    fund: str
    funds: tuple[Fund, ...]
    stems: tuple[str, ...]
    word: str


_ALL = _Kind("all", tuple(Fund), ("支出",), "支出")
_FISCAL = _Kind("fiscal_appropriation", FISCAL, ("财政拨款支出",), "财政拨款支出")
_GENERAL = _Kind(
    "general_public",
    (Fund.GENERAL,),
    ("一般公共预算支出", "一般公共预算财政拨款支出", "一般公共预算拨款支出"),
    "一般公共预算支出",
)
_GOVERNMENT = _Kind(
    "government_fund",
    (Fund.GOVERNMENT,),
    ("政府性基金预算支出", "政府性基金预算财政拨款支出", "政府性基金支出"),
    "政府性基金预算支出",
)
_CAPITAL = _Kind(
    "state_capital",
    (Fund.CAPITAL,),
    ("国有资本经营预算支出", "国有资本经营预算财政拨款支出"),
    "国有资本经营预算支出",
)
_ACCOUNT = _Kind("special_account", (Fund.ACCOUNT,), ("财政专户管理资金支出", "财政专户支出"), "财政专户管理资金支出")


def _spending_heads(scene: Scene, kind: _Kind) -> tuple[Head, ...]:
    """The money columns of an expenditure table in the document's number of header rows."""
    manner = scene.manner
    total = money_head(manner.sum_word, Measure.TOTAL)
    project = money_head("项目支出", Measure.PROJECT)
    basic = money_head("基本支出", Measure.BASIC)
    inner = group(
        "基本支出",
        money_head("小计", Measure.BASIC),
        money_head("人员经费", Measure.PERSONNEL),
        money_head(choose(scene, "公用经费", "日常公用经费"), Measure.PUBLIC),
    )
    word = "支出" if scene.features.look_alikes else kind.word
    over = choose(scene, f"本年{word}", f"{scene.budget.year}年{word}", word)
    if manner.levels == 1:
        more = () if kind.fund != "all" else _other_outlays(scene)
        return (total, basic, project, *more)
    if manner.levels == 2:
        return (total, inner, project) if manner.splits_basic else (group(over, total, basic, project),)
    return (group(over, total, inner, project),)


def _other_outlays(scene: Scene) -> tuple[Head, ...]:
    """Columns that an administrative department never fills."""
    if not scene.manner.other_outlays:
        return ()
    names = ("上缴上级支出", "事业单位经营支出", "对附属单位补助支出")
    return tuple(money_head(name, Measure.NOTHING) for name in names)


def _income_heads(scene: Scene) -> tuple[Head, ...]:
    total = money_head(scene.manner.sum_word, Measure.TOTAL)
    words = ("一般公共预算", "政府性基金预算", "国有资本经营预算")
    ending = choose(scene, "", "拨款", "拨款收入")
    current = (Measure.CURRENT_GENERAL, Measure.CURRENT_GOVERNMENT, Measure.CURRENT_CAPITAL)
    fiscal = tuple(money_head(word + ending, measure) for word, measure in zip(words, current, strict=True))
    account = money_head("财政专户管理资金", Measure.ACCOUNT)
    own = (money_head("事业收入", Measure.BUSINESS), money_head("其他收入", Measure.OTHER))
    carried = money_head(choose(scene, "上年结转", "上年结转结余", "上年结转和结余"), Measure.CARRIED)
    if scene.manner.levels == 1:
        return (total, *fiscal, account, *own, carried)
    subtotal = money_head("小计", Measure.CURRENT)
    if scene.manner.levels == 2:
        return (total, group("本年收入", subtotal, *fiscal, account, *own), carried)
    past = group(
        "上年结转结余",
        money_head("小计", Measure.CARRIED),
        money_head("一般公共预算", Measure.CARRIED_GENERAL),
        money_head("政府性基金预算", Measure.CARRIED_GOVERNMENT),
        money_head("国有资本经营预算", Measure.CARRIED_CAPITAL),
    )
    inner = (subtotal, group("财政拨款", *fiscal), account, group("单位资金", *own))
    return (total, group("本年收入", *inner), past)


def _function(fact: Fact) -> str:
    return fact.function


def _coded_sheet(
    scene: Scene, title: str, facets: FacetValues, money: tuple[Head, ...], facts: Sequence[Fact]
) -> Sheet:
    subjects = subject_columns(scene, scene.manner.group_word, scene.manner.levels)
    rows = code_rows(facts, _function)
    lines = coded_lines(scene, subjects, money, rows) if rows else empty_lines(scene, subjects, money)
    caption = make_caption(scene, title)
    return numbered_sheet(scene, Sheet(facets, caption, (*subjects.heads, *money), lines, n_labels=subjects.width))


def empty_lines(scene: Scene, subjects: Subjects, money: Sequence[Head]) -> tuple[Line, ...]:
    """The body of a table without data: a total of nothing, or empty rows, or both."""
    columns = leaves_of(money)
    width = subjects.width + len(columns)
    blank = Line(RowRole.DETAIL, ("",) * width)
    total = Line(RowRole.TOTAL, (*total_texts(scene, subjects), *money_texts(scene.manner, columns, ())))
    blanks = (blank,) * int(scene.rng.integers(0, 4))
    if blanks and scene.chance(0.3):
        return blanks
    return with_total(scene.manner, blanks, total)


def income(scene: Scene) -> tuple[Sheet, ...]:
    """收入总表 by functional subjects."""
    title = titled(scene, "收入", whole=True)
    facets = FacetValues("income", "all", "all", "functional")
    return (_coded_sheet(scene, title, facets, _income_heads(scene), scene.budget.facts),)


def income_by_unit(scene: Scene) -> tuple[Sheet, ...]:
    """收入总表 with one row for each unit."""
    manner, budget = scene.manner, scene.budget
    money = _income_heads(scene)
    words = choose(scene, "部门", "单位", "预算单位")
    labels = (Head(f"{words}代码", HeaderRole.UNIT_CODE), Head(f"{words}名称", HeaderRole.UNIT_NAME))
    lines = [
        Line(
            RowRole.DETAIL,
            (unit.code, unit.name, *money_texts(manner, leaves_of(money), _facts_of_unit(scene, index, tuple(Fund)))),
        )
        for index, unit in enumerate(budget.units)
    ]
    subjects = Subjects(labels, 1, False)
    total = Line(RowRole.TOTAL, (*total_texts(scene, subjects), *money_texts(manner, leaves_of(money), budget.facts)))
    sheet = Sheet(
        FacetValues("income", "all", "all", "none"),
        make_caption(scene, titled(scene, "收入", whole=True)),
        (*labels, *money),
        with_total(manner, lines, total),
        n_labels=2,
    )
    return (numbered_sheet(scene, sheet),)


def _facts_of_unit(scene: Scene, unit: int, funds: Sequence[Fund]) -> tuple[Fact, ...]:
    return tuple(fact for fact in scene.budget.facts if fact.unit == unit and fact.fund in funds)


def _expenditure(kind: _Kind, *, whole: bool = False) -> Maker:
    def make(scene: Scene) -> tuple[Sheet, ...]:
        facts = [fact for fact in scene.budget.facts if fact.fund in kind.funds]
        end = "（按功能分类科目）" if kind.fund == "fiscal_appropriation" or scene.chance(0.1) else ""
        title = titled(scene, choose(scene, *kind.stems), whole=whole, end=end)
        facets = FacetValues("expenditure", kind.fund, "all", "functional")
        sheet = _coded_sheet(scene, title, facets, _spending_heads(scene, kind), facts)
        if facts:
            return (sheet,)
        return (replace(sheet, notes=(_empty_note(scene, kind),)),)

    return make


def _empty_note(scene: Scene, kind: _Kind) -> str:
    return choose(
        scene,
        f"注：本单位无{kind.word}，故本表无数据。",
        f"注：本部门{scene.budget.year}年没有安排{kind.word}，本表为空。",
        f"备注：无{kind.word}预算安排，空表公开。",
        f"说明：我单位不涉及{kind.word}。",
    )


expenditure = _expenditure(_ALL, whole=True)
fiscal_expenditure = _expenditure(_FISCAL)
general_expenditure = _expenditure(_GENERAL)
government_fund_expenditure = _expenditure(_GOVERNMENT)
state_capital_expenditure = _expenditure(_CAPITAL)
special_account_expenditure = _expenditure(_ACCOUNT)


def expenditure_by_unit(scene: Scene) -> tuple[Sheet, ...]:
    """支出总表 unit by unit: the unit's name stands once, merged over its rows, or on a row of its own."""
    manner, budget = scene.manner, scene.budget
    merged = scene.chance(0.6)
    subjects = subject_columns(scene, scene.manner.group_word, manner.levels)
    money = _spending_heads(scene, _ALL)
    columns = leaves_of(money)
    lines: list[Line] = []
    for index, unit in enumerate(budget.units):
        facts = _facts_of_unit(scene, index, tuple(Fund))
        rows = code_rows(facts, _function)
        if not merged:
            amounts = money_texts(manner, columns, facts)
            lines.append(Line(RowRole.DETAIL, (unit.name, *[""] * subjects.width, *amounts)))
        for place, row in enumerate(rows):
            head: Texts = (Span(unit.name, rows=len(rows)),) if merged and place == 0 else () if merged else ("",)
            lines.append(_unit_line(scene, head, subjects, columns, row))
    label = Head(choose(scene, "单位名称", "预算单位", "部门（单位）名称"), HeaderRole.UNIT_NAME)
    total = Line(
        RowRole.TOTAL,
        (Span(manner.total, cols=subjects.width + 1), *money_texts(manner, columns, budget.facts)),
    )
    title = titled(scene, choose(scene, "支出", "分单位支出"), whole=True)
    sheet = Sheet(
        FacetValues("expenditure", "all", "all", "functional"),
        make_caption(scene, title),
        (label, *subjects.heads, *money),
        with_total(manner, lines, total),
        n_labels=subjects.width + 1,
    )
    return (numbered_sheet(scene, sheet),)


def _unit_line(scene: Scene, head: Texts, subjects: Subjects, columns: Sequence[Head], row: CodeRow) -> Line:
    texts = subject_texts(scene.manner, subjects, row.code, row.name)
    return Line(RowRole.DETAIL, (*head, *texts, *money_texts(scene.manner, columns, row.facts)))


def project_expenditure(scene: Scene) -> tuple[Sheet, ...]:
    """一般公共预算项目支出 by functional subjects."""
    facts = [f for f in scene.budget.facts if f.fund is Fund.GENERAL and f.purpose is Purpose.PROJECT]
    over = choose(scene, "本年项目支出", "项目支出预算")
    current = money_head("当年安排", Measure.CURRENT)
    carried = money_head("上年结转安排", Measure.CARRIED)
    total = money_head(scene.manner.sum_word, Measure.TOTAL)
    money: tuple[Head, ...] = (total, current, carried)
    if scene.manner.levels == 2:
        money = (group(over, *money),)
    elif scene.manner.levels == 3:
        money = (group(over, total, group("资金来源", current, carried)),)
    facets = FacetValues("expenditure", "general_public", "project", "functional")
    title = titled(scene, "一般公共预算项目支出")
    sheet = _coded_sheet(scene, title, facets, money, facts)
    return (sheet if facts else replace(sheet, notes=("注：本单位无一般公共预算项目支出。",)),)
