"""The rules on subject codes and their names."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from lanci.document import Box, Caption, Cell, Column, Finding, HeaderRole, RowRole, Severity, Table, TextSource
from lanci.interpret import interpret
from lanci.validate.context import TableContext
from lanci.validate.rules.code_name import CodeName
from lanci.validate.rules.unknown_code import UnknownCode

CODE, NAME, AMOUNT = HeaderRole.SUBJECT_CODE, HeaderRole.SUBJECT_NAME, HeaderRole.AMOUNT
PLAIN = (CODE, NAME, AMOUNT)
SPLIT = (CODE, CODE, CODE, NAME, AMOUNT)
SPLIT_NAMES = ("类", "款", "项", "科目名称", "金额")


def find(
    rows: Sequence[str], roles: Sequence[HeaderRole] = PLAIN, *, ocr: bool = False, year: int | None = None
) -> list[Finding]:
    """What both rules say of a table whose rows are texts between bars."""
    source = TextSource.OCR if ocr else TextSource.TEXT
    cells = tuple(
        Cell(r, c, 1, 1, text.strip(), 1, Box(0, 0, 1, 1), role=roles[c], source=source)
        for r, row in enumerate(rows)
        for c, text in enumerate(row.split("|"))
    )
    names = SPLIT_NAMES if len(roles) == len(SPLIT) else tuple(role.value for role in roles)
    columns = tuple(Column(i, role, (name,)) for i, (role, name) in enumerate(zip(roles, names, strict=True)))
    row_roles = tuple(RowRole.TOTAL if "合计" in row else RowRole.DETAIL for row in rows)
    caption = Caption(fiscal_year=year)
    head = ("t001", "expenditure", "expenditure", "all", "all", "functional", 1.0)
    table = interpret(Table(*head, caption, (), len(rows), len(roles), 0, row_roles, columns, (), cells))
    context = TableContext(table)
    return [*UnknownCode().check(context), *CodeName().check(context)]


def places(finding: Finding) -> list[tuple[int, int]]:
    return [(ref.row, ref.col) for ref in finding.cells]


RIGHT = ["208|社会保障和就业支出|9", "20805|行政事业单位养老支出|9", "2080505|机关事业单位基本养老保险缴费|9"]


@pytest.mark.parametrize("ocr", [False, True])
def test_right_codes_with_names_cut_or_wrapped_say_nothing(ocr: bool) -> None:
    assert find([*RIGHT, "2080506|职业年金缴费支出|1", "2080599|其他行政事业单位养老支出(项)|2"], ocr=ocr) == []


def test_unknown_codes_of_a_table_are_one_remark() -> None:
    (finding,) = find([*RIGHT, "2080577|地方补充养老|1", "2089388|某项支出|2", "2089388|某项支出|3"])
    assert (finding.rule, finding.severity, finding.proposal) == ("unknown-code", Severity.INFO, None)
    assert places(finding) == [(3, 0), (4, 0), (5, 0)]
    assert "2080577、2089388" in finding.message


def test_codes_that_places_build_are_not_unknown() -> None:
    assert find(["30211|差旅费|4", "3021101|差旅费|4", "2130101|行政运行|1"]) == []


def test_documents_older_than_the_list_are_not_judged() -> None:
    rows = ["2080577|地方补充养老|1", "2080501|事业单位离退休|2"]
    assert find(rows, year=2016) == []
    assert [finding.rule for finding in find(rows, year=2022)] == ["unknown-code", "code-name"]


def test_a_code_that_began_later_is_unknown_before() -> None:
    assert find(["22401|应急管理事务|1"], year=2019) == []
    (finding,) = find(["50101|工资奖金津补贴|1", "20103|行政|1", "234|抗疫特别国债安排的支出|1"], year=2019)
    assert finding.found == "234"


def test_a_name_of_another_subject_contradicts_its_code() -> None:
    (finding,) = find(["2080501|事业单位离退休|2", "2080501|事业单位离退休|3"])
    assert (finding.rule, finding.severity) == ("code-name", Severity.WARNING)
    assert (finding.expected, finding.found, finding.proposal) == ("行政单位离退休", "事业单位离退休", None)
    assert places(finding) == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_other_wordings_do_not_contradict() -> None:
    assert find(["50999|其他对个人和家庭补助|1", "30399|其他对个人和家庭补助|1", "2080501|退休人员经费|2"]) == []


@pytest.mark.parametrize("code", ["2080515", "208055", "20805055"])
def test_a_code_misread_by_ocr_is_proposed_by_its_name(code: str) -> None:
    (finding,) = find([*RIGHT, f"{code}|机关事业单位基本养老保险缴费支出|1"], ocr=True)
    assert (finding.rule, finding.severity, finding.proposal) == ("unknown-code", Severity.WARNING, "2080505")
    assert places(finding) == [(3, 0)]
    (finding,) = find([*RIGHT, f"{code}|机关事业单位基本养老保险缴费支出|1"])
    assert (finding.severity, finding.proposal) == (Severity.INFO, None)


def test_a_misread_part_of_a_split_code_is_proposed_alone() -> None:
    rows = ["208||| 社会保障和就业支出|9", "208|05||行政事业单位养老支出|9"]
    (finding,) = find([*rows, "208|65|05|机关事业单位基本养老保险缴费支出|9"], SPLIT, ocr=True)
    assert finding.proposal == "05"
    assert places(finding)[0] == (2, 1)


def test_code_and_name_in_one_cell_are_reread_together() -> None:
    roles = (NAME, AMOUNT)
    rows = ["208-社会保障和就业支出|9", "2080515-机关事业单位基本养老保险缴费支出|9"]
    (finding,) = find(rows, roles, ocr=True)
    assert finding.proposal == "2080505-机关事业单位基本养老保险缴费支出"
    assert places(finding) == [(1, 0)]


def test_a_known_code_that_ocr_took_for_another_is_proposed() -> None:
    (finding,) = find([*RIGHT[:2], "2080506|机关事业单位基本养老保险缴费支出|9"], ocr=True)
    assert (finding.rule, finding.proposal) == ("code-name", "2080505")
    assert places(finding) == [(2, 0), (2, 1)]


def test_a_misread_character_of_a_name_is_a_remark() -> None:
    rows = [*RIGHT[:2], "2080506|机关事业单位职业牟金缴费支出|9"]
    (finding,) = find(rows, ocr=True)
    assert (finding.severity, finding.proposal) == (Severity.INFO, "机关事业单位职业年金缴费支出")
    assert places(finding) == [(2, 1), (2, 0)]
    assert find(rows) == []
