"""What features see of a fragment."""

from __future__ import annotations

import pytest

from lanci.classify import view as shapes
from lanci.classify.cell_features import view_to_header_samples, view_to_profiles
from lanci.classify.row_features import view_to_row_samples
from lanci.classify.view import fragment_to_view, integer_run, share_to_bin, text_to_shape
from lanci.document import Box, Caption, Cell, Fragment

BOX = Box(0, 0, 1, 1)


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("", shapes.BLANK),
        ("2010301", shapes.CODE),
        ("301", shapes.CODE),
        ("12", shapes.INTEGER),
        ("722.61", shapes.AMOUNT),
        ("-1,234.50", shapes.AMOUNT),
        ("69%", shapes.AMOUNT),
        ("**", shapes.STARS),
        ("13062524P00001510483", shapes.LONG_CODE),
        ("科目名称", shapes.SHORT),
        ("其他政府办公厅（室）及相关机构事务支出", shapes.LONG),
    ],
)
def test_shapes(text: str, shape: int) -> None:
    assert text_to_shape(text) == shape


def test_positions_under_a_span_belong_to_its_cell() -> None:
    cells = (Cell(0, 0, 2, 1, "序号", 1, BOX), Cell(0, 1, 1, 2, "收 入", 1, BOX), Cell(1, 1, 1, 1, "a", 1, BOX))
    view = fragment_to_view(Fragment(1, 0, BOX, 2, 3, cells, (0, 1, 2, 3)))
    assert view.owner == ((0, 1, 1), (0, 2, -1))
    assert view.texts[1] == "收入"
    assert view.row_cells(1) == (0, 2)
    assert view.starting_cells(1) == [2]


def row_signs(*texts: str) -> set[str]:
    cells = tuple(Cell(0, col, 1, 1, text, 1, BOX) for col, text in enumerate(texts))
    view = fragment_to_view(Fragment(1, 0, BOX, 1, len(texts), cells, tuple(map(float, range(len(texts) + 1)))))
    return set(view_to_row_samples(view)[0][1].split())


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("栏次", "1", "2", "3"), True),
        (("1", "2", "3", "4"), True),
        (("**", "**", "1", "2", "3"), True),
        (("**", "**", "**"), True),
        (("7", "2013101", "行政运行", "889.12"), False),
        (("合计", "722.61", "389.01"), False),
        (("19", "4", "", ""), False),
    ],
)
def test_rows_that_number_the_columns(texts: tuple[str, ...], expected: bool) -> None:
    assert ("numbering" in row_signs(*texts)) is expected


def test_amounts_are_not_learnt_by_heart() -> None:
    cells = (Cell(0, 0, 1, 1, "合计", 1, BOX), Cell(0, 1, 1, 1, "1,379.53", 1, BOX))
    view = fragment_to_view(Fragment(1, 0, BOX, 1, 2, cells, (0, 1, 2)))
    assert view_to_row_samples(view)[0][0] == "|合计|0|"


@pytest.mark.parametrize(
    ("texts", "signs"),
    [
        (("2150701-行政运行", "2010301 行政运行"), {"coded1", "distinct1"}),
        (("1,379.53", "-2.50"), {"coded0", "decimals2", "commas", "negative"}),
        (("201", "20103", "2010301"), {"decimals0", "rising1", "lengths3", "digits7"}),
        (("2021年", "3.5%"), {"coded0", "percent", "decimals1"}),
        (("", ""), {"blank1", "distinctn"}),
    ],
)
def test_what_a_column_holds(texts: tuple[str, ...], signs: set[str]) -> None:
    cells = tuple(Cell(row, 0, 1, 1, text, 1, BOX) for row, text in enumerate(texts))
    view = fragment_to_view(Fragment(1, 0, BOX, len(texts), 1, cells, (0, 1)))
    assert signs <= set(view_to_profiles(view, 0)[0].signs)


@pytest.mark.parametrize(
    ("unit", "sign"), [("", "unit-none"), ("万元", "unit-money"), ("%", "unit-other"), ("亿元、%", "unit-money")]
)
def test_the_unit_stands_beside_every_header_cell(unit: str, sign: str) -> None:
    cells = (Cell(0, 0, 1, 1, "年度", 1, BOX), Cell(1, 0, 1, 1, "41.5", 1, BOX))
    view = fragment_to_view(Fragment(1, 0, BOX, 2, 1, cells, (0, 1), Caption(unit=unit)))
    assert sign in view_to_header_samples(view, view_to_profiles(view, 1), range(1))[0][2].split()


def test_rows_under_one_merged_cell_are_joined_and_not_alike() -> None:
    cells = (
        Cell(0, 0, 2, 1, "项目", 1, BOX),
        Cell(0, 1, 1, 1, "预算数", 1, BOX),
        Cell(1, 1, 1, 1, "年初", 1, BOX),
        Cell(2, 0, 1, 1, "设备", 1, BOX),
        Cell(2, 1, 1, 1, "3.50", 1, BOX),
    )
    rows = [
        set(s[1].split()) for s in view_to_row_samples(fragment_to_view(Fragment(1, 0, BOX, 3, 2, cells, (0, 1, 2))))
    ]
    assert {"joined-belowb", "joined-below1", "begins-label2"} <= rows[0]
    assert {"joined-aboveb", "like-belowb", "within-label2"} <= rows[1]
    assert not any(sign.startswith("joined") for sign in rows[2])


def test_counting_helpers() -> None:
    assert integer_run([1, 2, 3, 7, 8]) == 3
    assert integer_run([]) == 0
    assert [share_to_bin(n, 10) for n in (0, 3, 6, 9, 10)] == ["0", "a", "b", "c", "1"]
    assert share_to_bin(0, 0) == "n"
