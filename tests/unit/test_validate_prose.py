"""Sums, changes and percentages that prose states by itself, without a table."""

from decimal import Decimal

import pytest

from lanci.document import Box, ConflictVerdict, Finding, Place, Severity, Statement
from lanci.validate import validate

PLACE = Place(5, Box(90, 100, 500, 160))
INCOME = [
    "2026年收入预算{}万元，比2025年99,003.18万元增加2,669.85万元，增长2.7%。",
    "（一）本年财政拨款收入96,722.18万元",
    "1.一般公共预算拨款收入96,722.18万元。",
    "2.政府性基金预算拨款收入0万元。",
    "（二）本年其他资金收入0万元",
    "3.事业收入0万元。",
    "（三）上年结转结余4,950.85万元",
    "4.上年结转结余4,950.85万元。",
]


def check(texts: list[str], confidence: float = 1.0) -> list[Finding]:
    statements = [Statement(text, (PLACE,), "二、收入预算情况说明", confidence) for text in texts]
    return list(validate((), (), statements)[1])


def facts(texts: list[str]) -> list[tuple[str, str | None, str | None]]:
    return [(one.rule, one.expected, one.found) for one in check(texts)]


def test_numbered_paragraphs_add_up_to_the_one_above_them():
    right, wrong = ([INCOME[0].format(whole), *INCOME[1:]] for whole in ("101,673.03", "96,722.18"))
    assert check(right) == []
    outline = [one for one in check(wrong) if one.rule == "narrative-outline"]
    assert [(one.expected, one.found, one.places, one.verdict) for one in outline] == [
        ("101673.03", "96722.18", (PLACE,), ConflictVerdict.SOURCE)
    ]
    assert "2026年收入预算（万元）" in outline[0].message


@pytest.mark.parametrize(
    "texts",
    [
        ["支出预算10万元", "1.甲项目3万元", "3.丙项目4万元"],  # a paragraph was not read
        ["支出预算10万元，其中：", "1.甲项目3万元", "2.乙项目4万元"],  # some of its parts
        ["支出预算10万元，其中：基本支出4万元，项目支出6万元", "1.甲项目3万元", "2.乙项目4万元"],
        ["支出预算10万元", "1.按功能分类，包括教育3万元、卫生7万元", "2.按用途分类，包括人员4万元、公用6万元"],
        ["支出预算10万元", "1.甲项目3万元", "2.乙项目由市本级安排"],
    ],
)  # fmt: skip
def test_paragraphs_that_are_not_all_the_parts_prove_nothing(texts: list[str]):
    assert check(texts) == []


def test_where_a_part_may_have_been_lost_after_the_others_it_is_a_remark():
    texts = ["支出预算10万元", "1.甲项目3万元", "2.乙项目4万元"]
    lost = [*texts, "丙项目3万元"]
    assert [[one.severity for one in check(some)] for some in (texts, lost)] == [[Severity.WARNING], [Severity.INFO]]
    assert [one.severity for one in check(texts, confidence=0.999)] == [Severity.INFO]
    (finding,) = check(lost)
    assert (finding.verdict, finding.found) == (None, "10")


def test_prose_read_by_ocr_is_told_with_its_doubt():
    wrong = [INCOME[0].format("101,623.03"), *INCOME[1:]]
    (finding,) = (one for one in check(wrong, confidence=0.8) if one.rule == "narrative-outline")
    assert finding.verdict is ConflictVerdict.MISREADING
    assert finding.severity is Severity.INFO
    assert "confidence 0.80" in finding.message
    assert [one.severity for one in check(wrong) if one.rule == "narrative-outline"] == [Severity.WARNING]
    (rate,) = check(["收入预算80万元，比上年预算100万元减少20万元，下降25%。"], confidence=0.8)
    assert (rate.verdict, "confidence 0.80" in rate.message) == (ConflictVerdict.OPEN, True)


def test_a_change_is_the_difference_of_the_amounts_beside_it():
    text = "收入预算{}万元，比上年预算80.5万元减少5.5万元。"
    assert facts([text.format("75")]) == []
    assert facts([text.format("76")]) == [("narrative-change", "-4.5", "-5.5")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("收入预算80万元，比上年预算100万元减少20万元，下降20%。", []),
        ("收入预算80万元，比上年预算100万元减少20万元，下降25%。", [("-20", "-25")]),
        ("收入预算120万元。与上年相比增加20.00万元，增长20.00%。", []),
        ("收入预算120万元。与上年相比增加20.00万元，增长21.00%。", [("20", "21.00")]),
        ("收入预算120万元，增加17万元，增长16.5%。", []),  # 16.505: cut off, not rounded
        ("甲项目50万元；乙项目120万元。比上年增加20万元，增长13.3%。", []),  # both of them
        ("收入预算120万元，增加20万元，主要是基金收入增长45.9%。", []),  # of something else
        ("上年结转20万元，增加30万元，增长16.5%。", []),  # what it was before is no amount
    ],
)
def test_a_rate_is_that_of_the_change_before_it(text: str, expected: list[tuple[str, str]]):
    assert [(one.expected, one.found) for one in check([text]) if one.rule == "narrative-percentage"] == expected


def test_shares_are_of_the_amount_that_the_passage_begins_with():
    texts = [
        "收入预算合计200万元，包括：",
        "一般公共预算收入150万元，占75%；",
        "事业收入30万元，占15%；",
        "其他20万元，占{}%。",
    ]
    assert facts([*texts[:3], texts[3].format(10)]) == []
    assert facts([*texts[:3], texts[3].format(13)]) == [("narrative-percentage", "10", "13")]
    # Where most shares are of something else, nobody knows of what this one is.
    assert facts([texts[0].replace("200", "999"), *texts[1:]]) == []


def test_percentages_of_prose_are_exact_to_their_last_place():
    (finding,) = check(["收入预算合计300.00万元", "甲100.00万元，占33.33%；", "乙100.00万元，占33.5%。"])
    assert (finding.expected, finding.verdict) == ("33.3333", ConflictVerdict.SOURCE)
    assert Decimal(finding.found or "") == Decimal("33.5")
