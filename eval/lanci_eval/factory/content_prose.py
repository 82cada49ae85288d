"""The prose of a disclosure: headings, contents, paragraphs whose figures agree with the tables, charts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lanci_eval.factory.budget import FISCAL, Fund, Measure, code_rows, count
from lanci_eval.factory.content_manner import to_numeral
from lanci_eval.factory.content_plant import transpose_digits
from lanci_eval.factory.forms.common import Scene, choose
from lanci_eval.factory.forms.three_public import three_public_total
from lanci_eval.factory.names import sample
from lanci_eval.factory.records import Form, Passage, PassageKind

_DUTIES = (
    "贯彻执行国家和省、市有关{work}工作的法律法规和方针政策，拟订本地区相关规划并组织实施。",
    "负责{work}的组织协调和监督检查，提出改进意见。",
    "指导下属单位开展{work}，规范业务流程，加强队伍建设。",
    "承担{work}的统计分析、信息报送和档案管理工作。",
    "完成上级交办的其他任务。",
)
_TERMS = (
    (
        "财政拨款收入",
        "指从同级财政部门取得的各类预算拨款，包括一般公共预算、政府性基金预算和国有资本经营预算安排的资金。",
    ),
    ("基本支出", "指为维持机构日常运行、完成常规工作而安排的人员经费和公用经费。"),
    ("项目支出", "指在基本支出以外，为完成专门任务或者事业发展目标而安排的支出。"),
    ("“三公”经费", "指用财政拨款安排的因公出国（境）费、公务用车购置及运行维护费、公务接待费。"),
    ("机关运行经费", "指行政单位和参照公务员法管理的事业单位用于保障日常运转的公用经费。"),
    ("上年结转", "指以前年度预算尚未执行完毕、按规定转到本年继续使用的资金。"),
)


@dataclass(frozen=True, slots=True)
class _Figures:
    """A paragraph before its amounts are filled in; ``amounts`` are what its places ``{}`` say."""

    pattern: str
    amounts: tuple[int, ...]


def with_prose(scene: Scene, forms: Sequence[Form], *, wrong_figure: bool) -> tuple[Form | Passage, ...]:
    """The forms among prose. With ``wrong_figure`` one amount in the prose differs, listed with the first form."""
    paragraphs, words = _explain(scene, wrong_figure=wrong_figure)
    forms = list(forms)
    if words:
        forms[0] = replace(forms[0], inconsistencies=(*forms[0].inconsistencies, words))
    terms = [
        _paragraph(f"{to_numeral(n)}、{term}：{meaning}") for n, (term, meaning) in enumerate(_some_terms(scene), 1)
    ]
    parts: list[tuple[str, Sequence[Form | Passage]]] = [
        (choose(scene, "部门基本情况", "部门概况", "单位简介"), list(_overview(scene))),
        (choose(scene, f"{scene.budget.year}年部门预算表", "预算公开表格", "部门预算公开表"), _tables(scene, forms)),
        (choose(scene, "预算情况说明", f"{scene.budget.year}年部门预算说明", "预算编制说明"), paragraphs),
        ("名词解释", terms),
    ]
    if scene.chance(0.3):  # some documents begin with their tables
        parts[0], parts[1] = parts[1], parts[0]
    blocks: list[Form | Passage] = [_heading(f"{scene.budget.entity}{scene.budget.year}年部门预算公开")]
    names = [f"第{to_numeral(number)}部分 {name}" for number, (name, _) in enumerate(parts, start=1)]
    if scene.features.with_contents_page:
        blocks += _contents(names, parts)
    for name, (_, content) in zip(names, parts, strict=True):
        blocks += [_heading(name), *content]
    return tuple(blocks)


def _heading(text: str) -> Passage:
    return Passage(PassageKind.HEADING, text)


def _paragraph(text: str) -> Passage:
    return Passage(PassageKind.PARAGRAPH, text)


def _some_terms(scene: Scene) -> list[tuple[str, str]]:
    return sample(scene.rng, _TERMS, int(scene.rng.integers(3, len(_TERMS) + 1)))


def _contents(names: Sequence[str], parts: Sequence[tuple[str, Sequence[Form | Passage]]]) -> Iterator[Passage]:
    """目录: the parts, and below them the titles of the tables."""
    yield _heading("目 录")
    for name, (_, content) in zip(names, parts, strict=True):
        yield Passage(PassageKind.CONTENTS, name)
        titles = [block.table.title for block in content if isinstance(block, Form) and block.table.caption.lines]
        for number, title in enumerate(titles, start=1):
            yield Passage(PassageKind.CONTENTS, f"{to_numeral(number)}、{title}")


def _tables(scene: Scene, forms: Sequence[Form]) -> list[Form | Passage]:
    """The forms, in some documents with a sentence below that on 三公 or procurement."""
    said = {
        "three_public_expenses": "上表所列“三公”经费按照从严从紧的原则编制。",
        "government_procurement": "采购事项以实际批复的采购计划为准。",
        "summary": "按照综合预算的原则，所有收入和支出均纳入部门预算管理。",
    }
    talks = scene.chance(0.35)
    blocks: list[Form | Passage] = []
    for form in forms:
        blocks.append(form)
        if talks and form.table.kind in said:
            blocks.append(_paragraph(said[form.table.kind]))
    return blocks


def _overview(scene: Scene) -> Iterator[Passage]:
    budget = scene.budget
    works = list(dict.fromkeys(project.work for project in budget.projects))
    yield _heading("一、主要职责")
    duties = sample(scene.rng, _DUTIES, int(scene.rng.integers(2, len(_DUTIES) + 1)))
    for number, duty in enumerate(duties, start=1):
        yield _paragraph(f"（{to_numeral(number)}）{duty.format(work=works[number % len(works)])}")
    yield _heading("二、机构设置")
    under = budget.units[1:]
    if under:
        names = "、".join(unit.name for unit in under)
        yield _paragraph(f"纳入部门预算编制范围的预算单位共{len(budget.units)}个，除机关外还有{names}。")
    else:
        yield _paragraph("本部门只有机关1个预算单位，没有下属独立核算单位。")


def _explain(scene: Scene, *, wrong_figure: bool) -> tuple[list[Form | Passage], str]:
    """The paragraphs with figures, and the words of the one that was made to differ ("" for none)."""
    all_figures = list(_figures(scene))
    wrong = -1
    if wrong_figure:
        wrong = int(scene.rng.integers(len(all_figures)))
    blocks: list[Form | Passage] = []
    words, n_charts = "", 0
    for index, (heading, figures) in enumerate(all_figures):
        texts = [scene.manner.money(amount, blank_zero=False) for amount in figures.amounts]
        if index == wrong:
            words = _change(scene, texts)
        blocks += [_heading(f"{to_numeral(index + 1)}、{heading}"), _paragraph(figures.pattern.format(*texts))]
        if scene.features.with_charts and (index in (0, 1) or scene.chance(0.2)):
            n_charts += 1
            what = ("收入预算构成图", "支出预算结构图", "经费对比图")[min(index, 2)]
            blocks.append(Passage(PassageKind.CHART, f"图{n_charts} {scene.budget.year}年{what}"))
    return blocks, words


def _change(scene: Scene, texts: list[str]) -> str:
    """Exchanges two digits of one of the texts and says so."""
    for index in scene.rng.permutation(len(texts)):
        old = texts[int(index)]
        new = transpose_digits(old, scene.rng)
        if new is not None:
            texts[int(index)] = new
            return f"prose: the explanation says {new}{scene.manner.unit}, the tables add up to {old}"
    return ""


def _figures(scene: Scene) -> Iterator[tuple[str, _Figures]]:
    """Headings with paragraphs about the budget, their amounts added up from the same facts as the tables."""
    budget, unit, year = scene.budget, scene.manner.unit, scene.budget.year
    facts = budget.facts
    income = (Measure.TOTAL, Measure.CURRENT_GENERAL, Measure.CURRENT_GOVERNMENT, Measure.CURRENT_CAPITAL)
    yield (
        "收入预算说明",
        _Figures(
            f"{year}年收入预算{{}}{unit}，其中：一般公共预算{{}}{unit}，政府性基金预算{{}}{unit}，"
            f"国有资本经营预算{{}}{unit}，财政专户管理资金{{}}{unit}，单位资金{{}}{unit}，上年结转{{}}{unit}。",
            tuple(count(facts, m) for m in (*income, Measure.ACCOUNT, Measure.OWN, Measure.CARRIED)),
        ),
    )
    yield (
        "支出预算说明",
        _Figures(
            f"{year}年支出预算{{}}{unit}。按用途划分，基本支出{{}}{unit}，包括人员经费{{}}{unit}和公用经费{{}}{unit}；"
            f"项目支出{{}}{unit}。",
            tuple(
                count(facts, m)
                for m in (Measure.TOTAL, Measure.BASIC, Measure.PERSONNEL, Measure.PUBLIC, Measure.PROJECT)
            ),
        ),
    )
    general = [fact for fact in facts if fact.fund is Fund.GENERAL]
    classes = [row for row in code_rows(general, lambda fact: fact.function) if row.level == 1]
    listed = "，".join(f"{row.name}（类）{{}}{unit}" for row in classes)
    yield (
        "一般公共预算支出说明",
        _Figures(
            f"一般公共预算支出{{}}{unit}，分功能科目为：{listed}。",
            (count(general), *(count(row.facts) for row in classes)),
        ),
    )
    fiscal = [fact for fact in facts if fact.fund in FISCAL]
    yield (
        "财政拨款收支说明",
        _Figures(
            f"财政拨款收支总预算{{}}{unit}，其中本年拨款{{}}{unit}。", (count(fiscal), count(fiscal, Measure.CURRENT))
        ),
    )
    yield "“三公”经费说明", _three_public(scene)
    bought = sum(one.amount for one in budget.purchases)
    goods = sum(one.amount for one in budget.purchases if not one.is_service)
    yield (
        "政府采购情况",
        _Figures(f"政府采购预算{{}}{unit}，其中货物类{{}}{unit}，服务类{{}}{unit}。", (bought, goods, bought - goods)),
    )


def _three_public(scene: Scene) -> _Figures:
    unit, now = scene.manner.unit, three_public_total(scene)
    before = sum(amount for _, amount in scene.budget.last_three_public)
    change = "增加" if now > before else "减少"
    reason = choose(scene, "主要是按实际公务活动需要核定", "主要是车辆保险和油料支出变化", "主要是压减一般性支出")
    return _Figures(
        f"{scene.budget.year}年“三公”经费预算{{}}{unit}，比上年{{}}{unit}{change}{{}}{unit}，{reason}。",
        (now, before, abs(now - before)),
    )
