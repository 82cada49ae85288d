"""The reference lists of the package and what is asked of them."""

from __future__ import annotations

import pytest

from lanci.document import Alternative
from lanci.reference import (
    MatchKind,
    better_code,
    better_name,
    children,
    division_parents,
    find_division,
    find_named,
    is_covered,
    is_customary,
    lookup_code,
    name_matches,
    parents,
    to_national,
)
from lanci.reference.subjects import load_subjects
from lanci.text import squash


def test_the_list_is_whole_and_in_order() -> None:
    subjects = load_subjects()
    assert list(subjects) == sorted(subjects)
    assert len(subjects) > 800
    for code, subject in subjects.items():
        assert len(code) in ((3, 5, 7) if code.startswith("2") else (3, 5)), code
        assert [parent.code for parent in parents(code)] == [code[:n] for n in range(3, len(code), 2)]
        assert len(subject.name) > 1, code
        assert not set(subject.name) & set(" (),|") and subject.name == squash(subject.name).translate(
            str.maketrans("(),", "（），")
        )
        assert len(set(subject.forms)) == len(subject.forms), code
        assert (subject.since or 0) <= (subject.until or 9999), code


def test_codes_are_looked_up_by_classification_and_year() -> None:
    found = lookup_code("2080505", "functional", 2024)
    assert found is not None
    assert found.name == "机关事业单位基本养老保险缴费支出"
    assert lookup_code("2080505", "department_economic") is None
    assert lookup_code("50101", year=2017) is None
    assert lookup_code("50101", year=2018) is not None
    assert lookup_code("2080599999") is None


def test_the_tree_goes_up_and_down() -> None:
    assert [subject.code for subject in parents("2089999")] == ["208", "20899"]
    assert [subject.code for subject in parents("2010388")] == ["201", "20103"]  # also of a code that is not listed
    assert {"2080505", "2080506"} <= {subject.code for subject in children("20805")}
    assert children("2080505") == ()
    assert to_national("3021101") == "30211"
    assert to_national("2080505") == "2080505"


def test_old_documents_follow_other_lists() -> None:
    assert is_covered("2080505", 2019) and is_covered("2080505", None)
    assert not is_covered("2080505", 2018)
    assert not is_covered("1080505", 2024)


def test_unlisted_codes_may_be_built_like_others() -> None:
    assert lookup_code("2130101") is None
    assert is_customary("2130101", "行政运行")
    assert is_customary("2010999", "其他海关事务支出")
    assert not is_customary("2130101", "事业运行")
    assert not is_customary("2139301", "行政运行")  # its 款 is not known


@pytest.mark.parametrize(
    ("code", "name", "kind"),
    [
        ("2010301", "行政运行", MatchKind.EXACT),
        ("20103", "  政府办公厅(室)及\n相关机构事务", MatchKind.EXACT),
        ("201", "一、一般公共服务支出", MatchKind.EXACT),
        ("20805", "行政事业单位离退休", MatchKind.EXACT),
        ("30212", "因公出国境费用", MatchKind.PUNCTUATION),
        ("2080505", "机关事业单位基本养老", MatchKind.CUT),
        ("2010301", "行政运行（项）", MatchKind.LONGER),
        ("2080505", "机关事业单位基木养老保险缴费支出", MatchKind.NOISY),
        ("2080505", "机关事业单位职业年金缴费支出", MatchKind.OTHER),
        ("2080501", "事业单位离退休", MatchKind.OTHER),
    ],
)
def test_names_are_compared_as_they_are_printed(code: str, name: str, kind: MatchKind) -> None:
    match = name_matches(code, name)
    assert match is not None
    assert match.kind is kind
    assert (match.score == 1.0) is (kind in (MatchKind.EXACT, MatchKind.PUNCTUATION))


def test_nothing_is_said_of_unknown_codes_and_blank_names() -> None:
    assert name_matches("2990101", "行政运行") is None
    assert name_matches("2010301", " —— ") is None


def test_a_name_leads_to_its_subjects() -> None:
    assert [subject.code for subject in find_named("住房公积金")] == ["2210201", "30113", "50103"]
    assert [subject.code for subject in find_named("住 房公积金", "department_economic")] == ["30113"]


def test_a_misread_character_of_a_name_is_proposed() -> None:
    suggestion = better_name("2080505", "机关事业单位基木养老保险缴费支出")
    assert suggestion is not None
    assert suggestion.text == "机关事业单位基本养老保险缴费支出"
    assert not suggestion.seen


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("2080505", "机关事业单位基本养老"),  # cut, not misread
        ("2080505", "机关事业单位职业年金缴费支出"),  # another subject's
        ("30399", "对个人和家庭补助其他"),  # worded differently
        ("2990101", "行政云行"),
        ("30103", "奖全"),  # too short to tell
    ],
)
def test_other_differences_of_names_are_left_alone(code: str, text: str) -> None:
    assert better_name(code, text) is None


def test_a_lost_character_needs_the_recognisers_word() -> None:
    assert better_name("2010302", "一般行政理事务") is None
    suggestion = better_name("2010302", "一般行政理事务", [Alternative("一般行政管理事务", 0.2)])
    assert suggestion is not None
    assert suggestion.seen


@pytest.mark.parametrize("read", ["2080515", "208055", "20805055", "2O80505"])
def test_a_code_is_found_by_its_name(read: str) -> None:
    suggestion = better_code(read, "机关事业单位基本养老保险缴费支出")
    assert suggestion is not None
    assert suggestion.text == "2080505"


def test_a_code_with_several_ways_out_needs_the_recognisers_word() -> None:
    assert better_code("2010X01", "行政运行") is None
    suggestion = better_code("2010X01", "行政运行", [Alternative("2010601", 0.3)])
    assert suggestion is not None
    assert (suggestion.text, suggestion.seen) == ("2010601", True)
    assert better_code("2080505", "机关事业单位基本养老保险缴费支出") is None  # already right


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("434001 临西县人民政府办公室本级", ["130535"]),
        ("巨鹿县委", ["130529"]),
        ("北京市朝阳区财政局", ["110105"]),
        ("长春市朝阳区", ["220104"]),
        ("朝阳区财政局", ["110105", "220104"]),
        ("上海浦东新区", ["310115"]),
        ("吉林市", ["2202"]),
        ("吉林省财政厅", ["22"]),
        ("东莞市", ["4419"]),
        ("深圳市规划和自然资源局", ["4403"]),
        ("内蒙古包头市", ["1502"]),
        ("财政局", []),
        ("南方大同小异", []),
        ("", []),
    ],
)
def test_divisions_are_found_in_names_of_offices(text: str, codes: list[str]) -> None:
    assert [division.code for division in find_division(text)] == codes


def test_divisions_know_what_they_are_part_of() -> None:
    (county,) = find_division("临西县")
    assert [parent.name for parent in division_parents(county)] == ["河北省", "邢台市"]
    (district,) = find_division("北京市东城区")
    assert [parent.name for parent in division_parents(district)] == ["北京市"]  # 市辖区 is no place
    assert county.code == "130535"
