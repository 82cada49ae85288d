"""Tables whose rows are economic subjects, of departments (3xx), of governments (5xx), or of both."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from lanci.document import HeaderRole, RowRole
from lanci.facets import FacetValues
from lanci_eval.factory.budget import CodeRow, Fact, Fund, Measure, Purpose, code_rows, count, subject_names
from lanci_eval.factory.content_sheet import Head, Line, Sheet, Span, Texts, group
from lanci_eval.factory.forms.common import (
    Scene,
    choose,
    coded_lines,
    make_caption,
    money_head,
    numbered_sheet,
    subject_columns,
    titled,
    with_total,
)


def _economic(fact: Fact) -> str:
    return fact.economic


def _government(fact: Fact) -> str:
    return fact.government


def _general(scene: Scene, *purposes: Purpose) -> list[Fact]:
    return [f for f in scene.budget.facts if f.fund is Fund.GENERAL and f.purpose in purposes]


def _basic_heads(scene: Scene) -> tuple[Head, ...]:
    total = money_head(scene.manner.sum_word, Measure.BASIC)
    parts = (money_head("人员经费", Measure.PERSONNEL), money_head("公用经费", Measure.PUBLIC))
    over = choose(scene, "本年一般公共预算基本支出", "基本支出预算", "一般公共预算基本支出")
    if scene.manner.levels == 1:
        return (total, *parts)
    if scene.manner.levels == 2:
        return (group(over, total, *parts),)
    return (group(over, total, group("其中", *parts)),)


def basic_by_department(scene: Scene) -> tuple[Sheet, ...]:
    """一般公共预算基本支出 by the departmental classification."""
    subjects = subject_columns(scene, "部门预算支出经济分类科目", scene.manner.levels, economic=True)
    money = _basic_heads(scene)
    rows = code_rows(_general(scene, Purpose.PERSONNEL, Purpose.PUBLIC), _economic)
    sheet = Sheet(
        FacetValues("expenditure", "general_public", "basic", "department_economic"),
        make_caption(scene, titled(scene, "一般公共预算基本支出", end=choose(scene, "", "", "（部门经济分类）"))),
        (*subjects.heads, *money),
        coded_lines(scene, subjects, money, rows),
        n_labels=subjects.width,
    )
    return (numbered_sheet(scene, sheet),)


def basic_by_government(scene: Scene) -> tuple[Sheet, ...]:
    """一般公共预算基本支出 by the government classification."""
    subjects = subject_columns(scene, "政府预算支出经济分类科目", scene.manner.levels, economic=True)
    money = _basic_heads(scene)
    rows = code_rows(_general(scene, Purpose.PERSONNEL, Purpose.PUBLIC), _government)
    sheet = Sheet(
        FacetValues("expenditure", "general_public", "basic", "government_economic"),
        make_caption(scene, titled(scene, "一般公共预算基本支出", end="（政府经济分类）")),
        (*subjects.heads, *money),
        coded_lines(scene, subjects, money, rows),
        n_labels=subjects.width,
    )
    return (numbered_sheet(scene, sheet),)


def basic_by_both(scene: Scene) -> tuple[Sheet, ...]:
    """Both classifications of the 基本支出 side by side, each with its own column of amounts."""
    manner = scene.manner
    facts = _general(scene, Purpose.PERSONNEL, Purpose.PUBLIC)

    def half(word: str) -> tuple[Head, ...]:
        own = word if manner.levels == 1 else ""
        code = Head(f"{own}科目编码", HeaderRole.SUBJECT_CODE)
        name = Head(f"{own}科目名称", HeaderRole.SUBJECT_NAME)
        amount = money_head(manner.amount_word, Measure.TOTAL)
        if manner.levels == 1:
            return (code, name, amount)
        pair = (group("科目", code, name),) if manner.levels == 3 else (code, name)
        return (group(word, *pair, amount),)

    def row_texts(row: CodeRow | None) -> Texts:
        return (row.code, row.name, manner.money(count(row.facts))) if row else ("", "", "")

    lines = [
        Line(RowRole.DETAIL, (*row_texts(left), *row_texts(right)))
        for left, right in zip_longest(code_rows(facts, _economic), code_rows(facts, _government))
    ]
    amount = manner.money(count(facts))
    total = Line(RowRole.TOTAL, (Span(manner.total, cols=2), amount, Span(manner.total, cols=2), amount))
    sheet = Sheet(
        FacetValues("expenditure", "general_public", "basic", "department_economic"),
        make_caption(scene, titled(scene, "一般公共预算基本支出", end=choose(scene, "", "（经济分类）"))),
        (*half("部门预算支出经济分类"), *half("政府预算支出经济分类")),
        with_total(manner, lines, total),
        n_labels=2,
    )
    return (numbered_sheet(scene, sheet),)


def crossed(scene: Scene) -> tuple[Sheet, ...]:
    """一般公共预算支出 by department class, each row with the government class that it belongs to."""
    facts = _general(scene, Purpose.PERSONNEL, Purpose.PUBLIC, Purpose.PROJECT)
    pairs = sorted({(fact.economic, fact.government) for fact in facts})
    names, manner = subject_names(), scene.manner
    lines = []
    for economic, government in pairs:
        own = [fact for fact in facts if (fact.economic, fact.government) == (economic, government)]
        amounts = _amounts(scene, own)
        texts = (f"{economic}{manner.joint}{names[economic]}", f"{government}{manner.joint}{names[government]}")
        lines.append(Line(RowRole.DETAIL, (*texts, *amounts)))
    money: tuple[Head, ...] = (
        money_head(manner.sum_word, Measure.TOTAL),
        money_head("基本支出", Measure.BASIC),
        money_head("项目支出", Measure.PROJECT),
    )
    heads: tuple[Head, ...] = (
        Head("部门支出经济分类科目", HeaderRole.SUBJECT_CODE),
        Head("政府支出经济分类科目", HeaderRole.SUBJECT_CODE),
    )
    if manner.levels > 1:
        money = (group(choose(scene, "一般公共预算支出", f"{scene.budget.year}年预算数"), *money),)
    if manner.levels == 3:
        heads, money = (group("经济分类", *heads),), (group("支出", *money),)
    total = Line(RowRole.TOTAL, (Span(manner.total, cols=2), *_amounts(scene, facts)))
    sheet = Sheet(
        FacetValues("expenditure", "general_public", "all", "department_economic"),
        make_caption(scene, titled(scene, "一般公共预算支出", end="（按经济分类科目）")),
        (*heads, *money),
        with_total(manner, lines, total),
        n_labels=2,
    )
    return (numbered_sheet(scene, sheet),)


def _amounts(scene: Scene, facts: Sequence[Fact]) -> Texts:
    return tuple(scene.manner.money(count(facts, m)) for m in (Measure.TOTAL, Measure.BASIC, Measure.PROJECT))


def operating_expenses(scene: Scene) -> tuple[Sheet, ...]:
    """机关运行经费: the running costs of the office itself."""
    budget = scene.budget
    offices = {index for index, unit in enumerate(budget.units) if unit.is_office}
    rows = code_rows([f for f in _general(scene, Purpose.PUBLIC) if f.unit in offices], _economic)
    general = scene.chance(0.5)
    subjects = subject_columns(scene, "部门预算支出经济分类科目", min(2, scene.manner.levels), economic=True)
    money = (money_head(choose(scene, "机关运行经费支出", "机关运行经费", "预算金额"), Measure.TOTAL),)
    sheet = Sheet(
        FacetValues("operating_expenses", "general_public" if general else "all"),
        make_caption(scene, titled(scene, "一般公共预算机关运行经费支出" if general else "机关运行经费支出")),
        (*subjects.heads, *money),
        coded_lines(scene, subjects, money, rows),
        n_labels=subjects.width,
    )
    return (numbered_sheet(scene, sheet),)
