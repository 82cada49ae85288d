"""The codes of rows, also where a level is printed only when it changes, over a page break too."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from tests.made_fragments import AMOUNT, CODE, NAME, D, H, N, fragment

from lanci.document import LabelledFragment
from lanci.stitch import stitch
from lanci.stitch.decide import gather_breaks
from lanci.stitch.evidence import Sign
from lanci.stitch.row_codes import read_row_codes
from lanci.stitch.view import FragmentView

ROLES = (CODE, CODE, CODE, NAME, AMOUNT)
HEADER = ["类", "款", "项", "科目名称", "合计"]
NUMBERS = ["1", "2", "3", "4", "5"]


def staircase(page: int, rows: Sequence[Sequence[str]]) -> LabelledFragment:
    return fragment(page, [HEADER, NUMBERS, *rows], [H, N, *[D] * len(rows)], ROLES)


UPPER = staircase(1, [["", "", "", "合计", "9"], ["208", "", "", "社保", "9"], ["", "05", "", "养老", "9"]])
LOWER = staircase(2, [["", "", "01", "离休", "4"], ["", "", "02", "退休", "5"]])
LAST = staircase(3, [["", "06", "", "补助", "0"], ["210", "", "", "卫生", "0"]])


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([["208", "", ""], ["", "05", ""], ["", "", "01"], ["210", "", ""]], ["208", "20805", "2080501", "210"]),
        ([["208", "05", "01"], ["208", "05", "02"]], ["2080501", "2080502"]),
        ([["208"], ["20805"], ["合计"]], ["208", "20805", ""]),
        ([["30101", "50101"], ["30102", "50101"], ["", "50102"]], ["30101", "30102", ""]),
        ([["", "01", ""], ["208", "", ""]], ["", "208"]),
        ([[], []], ["", ""]),
    ],
)
def test_codes_of_rows(rows: Sequence[Sequence[str]], codes: Sequence[str]) -> None:
    assert read_row_codes(rows, ()).codes == tuple(codes)


def test_levels_hold_over_breaks() -> None:
    upper = FragmentView(UPPER)
    lower = FragmentView(LOWER).below(upper)
    last = FragmentView(LAST).below(lower)
    assert FragmentView(LOWER).codes[2:] == ("", "")
    assert lower.codes[2:] == ("2080501", "2080502")
    assert last.codes[2:] == ("20806", "210")
    assert upper.below(last) is upper, "a part that prints its first level needs none from above"


def test_a_staircase_goes_on() -> None:
    _, evidence = gather_breaks([UPPER, LOWER], ["a", "a"])[0]
    assert {one.sign: one.strength for one in evidence}[Sign.CODES] == 1
    (table,) = stitch([UPPER, LOWER, LAST])
    assert [part.page for part in table.fragments] == [1, 2, 3]


def test_a_page_may_lack_the_blank_columns_of_the_first_levels() -> None:
    lower = fragment(2, [["01", "离休", "4"], ["02", "退休", "5"]], [D, D], ROLES[2:])
    assert FragmentView(lower).below(FragmentView(UPPER)).codes == ("2080501", "2080502")
    other = fragment(2, [["301", "工资", "4"], ["302", "商品", "5"]], [D, D], ROLES[2:])
    assert FragmentView(other).below(FragmentView(UPPER)).codes == ("301", "302")
