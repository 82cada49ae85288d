"""Printed text made comparable, and printed numbers read exactly."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanci.numbers import decimal_places, looks_numeric, parse_amount
from lanci.text import has_unreadable, join_lines, normalize, squash


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.50", "1234.50"),
        ("82,149,114", "82149114"),
        (".5", "0.5"),
        ("１，２３４．５", "1234.5"),
        ("1, 234.5", "1234.5"),
        ("-3.6", "-3.6"),
        ("－3.6", "-3.6"),
        ("−3.6", "-3.6"),
        ("△ 3.6", "-3.6"),
        ("（3.60）", "-3.60"),
    ],
)
def test_amounts_are_read_exactly(text: str, value: str) -> None:
    assert parse_amount(text) == Decimal(value)
    assert looks_numeric(text)


@pytest.mark.parametrize(
    "text",
    ["", "-", "1,23.4", "1.2.3", "12 34", "1 234", "12\u300034", "5%", "12²", "3①", "①", "12元", "--5", "1,2345"],
)
def test_what_is_not_printed_as_one_number_is_none(text: str) -> None:
    assert parse_amount(text) is None


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_formatted_amounts_come_back(value: Decimal) -> None:
    assert parse_amount(f"{value:,}") == value
    assert decimal_places(f"{value:,}") == 2


@given(st.text(max_size=30))
def test_normal_forms_are_stable(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)
    assert not any(char.isspace() for char in squash(text))
    assert squash(normalize(text)) == squash(text)


def test_spaces_and_marks_without_width() -> None:
    assert normalize(" 项\u3000 目\u00a0\n") == "项 目"
    assert normalize("预\u200b算\ufeff数") == "预算数"
    assert squash("项\u3000目（Ａ）") == "项目(A)"


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["一般公共", "", " 预算"], "一般公共预算"),
        (["public", "budget"], "public budget"),
        (["inter-", "national"], "inter-national"),
        (["A-", "B"], "A- B"),
        (["1,234,", "567.89"], "1,234,567.89"),
        (["预算", "Budget"], "预算Budget"),
        (["COVID", "19"], "COVID 19"),
        ([], ""),
    ],
)
def test_lines_of_a_cell_are_joined(lines: list[str], text: str) -> None:
    assert join_lines(lines) == text


@pytest.mark.parametrize(
    ("text", "unreadable"),
    [
        ("202\u2022年", True),
        ("\ufffd", True),
        ("\ue012", True),
        ("a\x07", True),
        ("\u2022 第一", False),
        ("阿里木\u2022买买提", False),
    ],
)
def test_unreadable_glyphs_are_known(text: str, unreadable: bool) -> None:
    assert has_unreadable(text) is unreadable
