"""The published vocabulary of measures: how headers and labels print each of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from lanci.document import Measure
from lanci.text import squash


@dataclass(frozen=True, slots=True)
class Entry:
    """A measure of the vocabulary.

    Attributes:
        measure: the measure.
        pattern: what a header prints for it, in a text without spaces and in compatibility forms; "" where only the
            columns around it or the year tell.
        chinese: its usual names.
        english: what it counts.
    """

    measure: Measure
    pattern: str
    chinese: str
    english: str


_OF_FUND = "(?:预算)?(?:财政)?(?:拨款)?(?:资金|收入|支出)?"

VOCABULARY: tuple[Entry, ...] = (
    Entry(
        Measure.PRIOR_YEAR, r"(?<![比较与])(?:上一?年度?|去年)(?![度末]?(?:结|相比|增|减))", "上年预算数", "last year's"
    ),
    Entry(Measure.CURRENT, "本年(?!末)度?|当年|今年", "本年收入, 当年安排", "this year's, carry-over not counted"),
    Entry(Measure.ADJUSTED, "全年预算|调整后?预算|调整后", "全年预算数", "the budget as adjusted in the year"),
    Entry(Measure.EXECUTED, "执行[数额]|执行金额|实际(?:支出|完成|执行|到位)", "执行数", "what was really spent"),
    Entry(Measure.FINAL, "决算", "决算数", "as the final accounts have it"),
    Entry(
        Measure.CARRY_FORWARD,
        "结余?结?转(?:到|至)?下年|年[终末]结[转余](?:[和、]?结[转余])?",
        "结转下年",
        "left for the next year",
    ),
    Entry(Measure.CARRY_OVER, "(?:上年|年初)?(?:结[转余][和、及]?)+", "上年结转, 结余", "left from last year"),
    Entry(Measure.OF_WHICH, "其中|扣除|预留", "其中", "a part that no other measure names"),
    Entry(Measure.GENERAL_PUBLIC, f"一般公共预算{_OF_FUND}", "一般公共预算", "of the general public budget"),
    Entry(Measure.GOVERNMENT_FUND, f"政府性?基金{_OF_FUND}|基金预算", "政府性基金预算", "of government funds"),
    Entry(Measure.STATE_CAPITAL, f"国有资本(?:经营|收益){_OF_FUND}", "国有资本经营预算", "of the state capital budget"),
    Entry(
        Measure.FISCAL_ACCOUNT,
        "(?:财政)?专户(?:管理|核拨)?(?:资金|收入)?",
        "财政专户管理资金",
        "of the fiscal special account",
    ),
    Entry(
        Measure.FISCAL_APPROPRIATION,
        "(?<!非)财政(?:预算)?(?:拨款|资金|性资金|补助)(?:收入|支出)?",
        "财政拨款",
        "of all fiscal appropriations",
    ),
    Entry(Measure.OWN_FUNDS, "单位资金|自有资金|自筹", "单位资金", "of the unit's own money"),
    Entry(Measure.BUSINESS_INCOME, "事业收入", "事业收入", "from services that the unit sells"),
    Entry(Measure.OPERATING_INCOME, "(?:事业单位)?经营收入", "事业单位经营收入", "from trade"),
    Entry(Measure.SUPERIOR_SUBSIDY, "上级(?:单位)?补助(?:收入)?", "上级补助收入", "from the unit above"),
    Entry(Measure.SUBORDINATE_PAYMENT, "(?:附属|下级)单位上缴(?:收入)?", "附属单位上缴收入", "from units below"),
    Entry(
        Measure.OTHER_FUNDS,
        "其[他它](?:收入|资金|来源|拨款)|非财政(?:拨款|资金|补助)",
        "其他收入, 其他资金",
        "of other sources",
    ),
    Entry(Measure.BASIC, "基本支出", "基本支出", "for running the unit"),
    Entry(Measure.PROJECT, "项目(?:支出|经费)", "项目支出", "for projects"),
    Entry(Measure.PERSONNEL, "人员(?:经费|支出)", "人员经费", "for people, within basic expenditure"),
    Entry(Measure.PUBLIC, "(?:日常)?公用(?:经费|支出)", "公用经费", "for goods and services, within basic expenditure"),
    Entry(Measure.OPERATING_EXPENDITURE, "(?:事业单位)?经营支出", "事业单位经营支出", "for trade"),
    Entry(Measure.PAYMENT_TO_SUPERIOR, "上[缴解]上级(?:支出)?", "上缴上级支出", "paid to the unit above"),
    Entry(Measure.SUBORDINATE_SUBSIDY, "对?附属单位补助(?:支出)?", "对附属单位补助支出", "paid to units below"),
    Entry(Measure.TRANSFER, "转移支付", "转移支付", "paid to other governments"),
    Entry(Measure.AGENCY_OPERATION, "机关运行(?:经费)?", "机关运行经费", "for running the agency"),
    Entry(Measure.THREE_PUBLIC, '[“"]?三公[”"]?(?:经费)?', "“三公”经费", "for the three public expenses together"),
    Entry(Measure.ABROAD, r"因公出国(?:\(境\))?(?:费用?)?", "因公出国（境）费", "for trips abroad"),
    Entry(
        Measure.VEHICLES,
        "公务用车购置(?:费)?[及和与](?:公务用车)?运行(?:维护)?费?|公务用车(?:费用?)?$",
        "公务用车购置及运行维护费",
        "for official vehicles",
    ),
    Entry(Measure.VEHICLE_PURCHASE, "(?:公务用车|车辆)?购置费?", "公务用车购置费", "for buying vehicles"),
    Entry(Measure.VEHICLE_OPERATION, "(?:公务用车|车辆)?运行(?:维护)?费", "公务用车运行维护费", "for running vehicles"),
    Entry(Measure.RECEPTION, "公务接待费?", "公务接待费", "for receptions"),
    Entry(Measure.MEETINGS, "会议费", "会议费", "for meetings"),
    Entry(Measure.TRAINING, "培训费", "培训费", "for training"),
    Entry(Measure.PROCUREMENT, "政府采购", "政府采购", "that is bought by government procurement"),
    Entry(Measure.SERVICE_PURCHASE, "(?:政府)?购买服务", "政府购买服务", "for services that are bought"),
    Entry(Measure.ASSET_VALUE, "价值|[原净]值|账面", "资产价值, 原值", "of assets"),
    Entry(
        Measure.CHANGE_RATE,
        "(?:增减|增长|变[化动]|[比较]上年)[^%率]*(?:%|率|幅度?|比例)|增幅",
        "增长率",
        "change against another year in percent",
    ),
    Entry(
        Measure.CHANGE,
        "增减|增长|变[化动]|增加(?!值)|减少|[比较]上年|差[额异]",
        "增减额",
        "change against another year",
    ),
    Entry(
        Measure.SHARE, "%|占[^%]*比|比[重例率]|(?<!税)(?<!汇)率$", "占比, 执行率", "part of another amount in percent"
    ),
    Entry(Measure.UNIT_PRICE, "单价|人均|均价", "单价", "for one piece"),
    Entry(
        Measure.QUANTITY,
        "数量|人数|[个辆台套件次]数|面积|编制",
        "数量, 人数",
        "pieces, persons, square metres: no money",
    ),
    Entry(
        Measure.TOTAL,
        "[合小总]计|总[额数值]|预算|金额|收入|支出|经费|资金|费用",
        "合计, 总计, 预算数, 金额",
        "all of what the row names",
    ),
    Entry(Measure.OTHER, "", "1季度 …", "the header names none of these"),
)
"""In the order in which a header tells them, from what year to how much of it."""

_PATTERNS = tuple((entry.measure, re.compile(entry.pattern)) for entry in VOCABULARY if entry.pattern)
_READ_FIRST = (Measure.CHANGE_RATE, Measure.CHANGE, Measure.QUANTITY, Measure.UNIT_PRICE)
_BY_SPECIFICITY = tuple(sorted(_PATTERNS, key=lambda pair: pair[0] not in _READ_FIRST))
_ORDER = {entry.measure: index for index, entry in enumerate(VOCABULARY)}


def text_to_measures(text: str) -> tuple[Measure, ...]:
    """The measures that a header or label text names, from the widest to the narrowest.

    ``TOTAL`` stands alone: ``预算数/合计`` and ``金额`` are totals, ``政府性基金预算合计`` is all of that fund.
    """
    return split_measures(text)[0]


@lru_cache(maxsize=4096)
def split_measures(text: str) -> tuple[tuple[Measure, ...], str]:
    """The measures as of :func:`text_to_measures`, and what the text says besides them, squashed."""
    rest = squash(text)
    found = []
    # What one measure is read from is taken away: 公务用车购置及运行费 is no 购置费.
    for measure, pattern in _BY_SPECIFICITY:
        rest, count = pattern.subn("|", rest)
        if count:
            found.append(measure)
    if len(found) > 1 and Measure.TOTAL in found:
        found.remove(Measure.TOTAL)
    return tuple(sorted(found, key=_ORDER.__getitem__)), rest.replace("|", "")


def vocabulary_to_markdown() -> str:
    """The rows of the table of measures in ``docs/records.md``."""
    return "".join(f"| `{e.measure.value}` | {e.chinese} | {e.english} |\n" for e in VOCABULARY)
