"""What features see of a fragment."""

from __future__ import annotations

import pytest

from lanci.classify import view as shapes
from lanci.classify.row_features import view_to_row_samples
from lanci.classify.view import fragment_to_view, integer_run, share_to_bin, text_to_shape
from lanci.document import Box, Cell, Fragment

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


def test_counting_helpers() -> None:
    assert integer_run([1, 2, 3, 7, 8]) == 3
    assert integer_run([]) == 0
    assert [share_to_bin(n, 10) for n in (0, 3, 6, 9, 10)] == ["0", "a", "b", "c", "1"]
    assert share_to_bin(0, 0) == "n"
