"""“三公”经费: as one row, unit by unit, or as a list beside last year's amounts."""

from __future__ import annotations

from collections.abc import Sequence

from lanci.document import HeaderRole, RowRole
from lanci.facets import FacetValues
from lanci_eval.factory.budget import Fact, Fund, Purpose
from lanci_eval.factory.content_sheet import Head, Line, Sheet, group
from lanci_eval.factory.forms.common import Scene, choose, make_caption, numbered_sheet, titled, with_total

_ABROAD, _BUYING, _RUNNING, _RECEPTION, _MEETING, _TRAINING = "30212", "31013", "30231", "30217", "30215", "30216"
_THREE = (_ABROAD, _BUYING, _RUNNING, _RECEPTION)


def three_public(scene: Scene) -> tuple[Sheet, ...]:
    """One of the layouts; a document in 元 may print this table in 万元."""
    make = (_wide, _list, _by_unit)[int(scene.rng.integers(3))]
    return (make(scene),)


def _paid(facts: Sequence[Fact], codes: Sequence[str], unit: int | None = None) -> int:
    """What basic expenditure of the general budget holds for some economic classes."""
    return sum(
        fact.amount
        for fact in facts
        if fact.economic in codes
        and fact.fund is Fund.GENERAL
        and fact.purpose is Purpose.PUBLIC
        and unit in (None, fact.unit)
    )


def three_public_total(scene: Scene) -> int:
    """The document's “三公” total."""
    return _paid(scene.budget.facts, _THREE)


class _Printer:
    """Prints the amounts of one table, in the document's unit or in 万元."""

    def __init__(self, scene: Scene) -> None:
        self.in_wan = scene.manner.unit == "元" and scene.chance(0.5)
        self.unit = "万元" if self.in_wan else scene.manner.unit
        self.manner = scene.manner

    def __call__(self, amount: int) -> str:
        if self.in_wan and amount:
            return self.manner.money_in_wan(amount)
        return self.manner.money(amount)


def _facets(scene: Scene, title: str) -> FacetValues:
    fund = "general_public" if "一般公共预算" in title else "fiscal_appropriation"
    return FacetValues("three_public_expenses", fund)


def _title(scene: Scene, *, more: bool = False) -> str:
    words = "“三公”经费、会议费、培训费支出" if more else "“三公”经费支出"
    return titled(scene, choose(scene, "财政拨款", "一般公共预算", "一般公共预算财政拨款") + words)


def _cars(scene: Scene) -> Head:
    deep = choose(scene, "公务用车购置及运行维护费", "公务用车购置及运行费")
    return group(
        deep, Head("小计"), Head("公务用车购置费"), Head(choose(scene, "公务用车运行维护费", "公务用车运行费"))
    )


def _amounts(show: _Printer, facts: Sequence[Fact], unit: int | None = None) -> tuple[str, ...]:
    """Total, abroad, cars (sum, buying, running), reception."""
    one = [show(_paid(facts, (code,), unit)) for code in _THREE]
    total, cars = show(_paid(facts, _THREE, unit)), show(_paid(facts, (_BUYING, _RUNNING), unit))
    return (total, one[0], cars, one[1], one[2], one[3])


def _wide(scene: Scene) -> Sheet:
    show, facts = _Printer(scene), scene.budget.facts
    more = scene.chance(0.5)
    title = _title(scene, more=more)
    heads = [Head("“三公”经费合计"), Head("因公出国（境）费"), _cars(scene), Head("公务接待费")]
    texts = _amounts(show, facts)
    if more:
        heads += [Head("会议费"), Head("培训费")]
        texts = (*texts, show(_paid(facts, (_MEETING,))), show(_paid(facts, (_TRAINING,))))
    return Sheet(
        _facets(scene, title),
        make_caption(scene, title, show.unit),
        tuple(heads),
        (Line(RowRole.DETAIL, texts),),
    )


def _by_unit(scene: Scene) -> Sheet:
    show, budget, manner = _Printer(scene), scene.budget, scene.manner
    title = _title(scene)
    lines = [
        Line(RowRole.DETAIL, (unit.code, unit.name, *_amounts(show, budget.facts, index)))
        for index, unit in enumerate(budget.units)
    ]
    total = Line(RowRole.TOTAL, ("", manner.total, *_amounts(show, budget.facts)))
    over = group("“三公”经费预算", Head("合计"), Head("因公出国（境）费"), _cars(scene), Head("公务接待费"))
    heads = (Head("单位编码", HeaderRole.UNIT_CODE), Head("单位名称", HeaderRole.UNIT_NAME), over)
    return numbered_sheet(
        scene,
        Sheet(
            _facets(scene, title),
            make_caption(scene, title, show.unit),
            heads,
            with_total(manner, lines, total),
            n_labels=2,
        ),
    )


def _list(scene: Scene) -> Sheet:
    show, budget = _Printer(scene), scene.budget
    title, year = _title(scene), budget.year
    last = dict(budget.last_three_public)
    labels = (
        (RowRole.TOTAL, choose(scene, "合计", "“三公”经费合计"), _THREE),
        (RowRole.DETAIL, "一、因公出国（境）费", (_ABROAD,)),
        (RowRole.DETAIL, "二、公务用车购置及运行维护费", (_BUYING, _RUNNING)),
        (RowRole.DETAIL, "其中：公务用车购置费", (_BUYING,)),
        (RowRole.DETAIL, "公务用车运行维护费", (_RUNNING,)),
        (RowRole.DETAIL, "三、公务接待费", (_RECEPTION,)),
    )
    compared = scene.chance(0.5)
    lines = []
    for role, label, codes in labels:
        now, before = _paid(budget.facts, codes), sum(last[code] for code in codes)
        texts = (show(before), show(now), show(now - before)) if compared else (show(now),)
        lines.append(Line(role, (label, *texts)))
    heads = [Head("项目", HeaderRole.ITEM)]
    if compared:
        heads += [Head(f"{year - 1}年预算数"), Head(f"{year}年预算数"), Head(choose(scene, "增减额", "增减变化金额"))]
    else:
        heads.append(Head(scene.manner.amount_word))
    return numbered_sheet(
        scene, Sheet(_facets(scene, title), make_caption(scene, title, show.unit), tuple(heads), tuple(lines))
    )
