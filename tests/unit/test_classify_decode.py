"""The order of a table's parts, and what geometry fixes about header cells."""

from __future__ import annotations

import numpy as np
import pytest

from lanci.classify.chain import Links
from lanci.classify.decode import decode_columns, decode_header_cells, decode_rows, header_row_range, rows_to_cuts
from lanci.classify.view import fragment_to_view
from lanci.document import Box, Cell, Fragment, HeaderRole, RowRole

CLASSES = ("column_number", "detail", "header", "section", "total")
BOX = Box(0, 0, 1, 1)


NO_LINKS = Links(np.zeros(len(CLASSES)), np.zeros(len(CLASSES)), np.zeros((len(CLASSES), len(CLASSES))))


def rows_of(*names: str, certainty: float = 0.8) -> np.ndarray:
    rest = (1 - certainty) / (len(CLASSES) - 1)
    return np.log(np.asarray([[certainty if name == c else rest for c in CLASSES] for name in names]))


@pytest.mark.parametrize(
    ("likeliest", "n_header", "roles"),
    [
        (("header", "header", "column_number", "total", "detail"), 3, "header header column_number total detail"),
        (("detail", "detail", "total"), 0, "detail detail total"),
        (("header", "header"), 2, "header header"),
        (("section", "section", "header", "detail"), 3, "section section header detail"),
        (("section", "section"), 0, "section section"),
        (("header", "column_number"), 2, "header column_number"),
    ],
)
def test_reads_the_parts_in_order(likeliest: tuple[str, ...], n_header: int, roles: str) -> None:
    found = decode_rows(rows_of(*likeliest), CLASSES, NO_LINKS)
    assert found == (n_header, tuple(RowRole(role) for role in roles.split()))


def test_a_header_in_the_middle_of_the_body_stays_body() -> None:
    rows = rows_of("header", "detail", "detail", "header", "detail", "detail")
    n_header, roles = decode_rows(rows, CLASSES, NO_LINKS)
    assert n_header == 1
    assert RowRole.HEADER not in roles[1:]


def test_one_doubtful_row_does_not_end_the_header() -> None:
    rows = rows_of("header", "detail", "column_number", "detail", certainty=0.9)
    rows[1] = np.log([0.05, 0.45, 0.40, 0.05, 0.05])
    assert decode_rows(rows, CLASSES, NO_LINKS)[0] == 3


def test_a_header_does_not_end_within_a_merged_cell() -> None:
    rows = rows_of("section", "header", "detail", "detail", "detail")
    assert decode_rows(rows, CLASSES, NO_LINKS)[0] == 2
    n_header, roles = decode_rows(rows, CLASSES, NO_LINKS, cuts={2, 3, 4})
    assert n_header == 0
    assert roles[0] is RowRole.SECTION and roles[2:] == (RowRole.DETAIL,) * 3


def test_the_role_of_a_doubtful_row_comes_from_its_neighbours() -> None:
    rows = rows_of("header", "detail", "detail")
    rows[1, CLASSES.index("total")] = rows[1, CLASSES.index("detail")] + 0.1
    pair = NO_LINKS.pair.copy()
    pair[CLASSES.index("header"), CLASSES.index("total")] = -1.0
    assert decode_rows(rows, CLASSES, NO_LINKS)[1][1] is RowRole.TOTAL
    assert decode_rows(rows, CLASSES, Links(NO_LINKS.first, NO_LINKS.last, pair))[1][1] is RowRole.DETAIL


def test_nothing_has_no_rows() -> None:
    assert decode_rows(np.zeros((0, len(CLASSES))), CLASSES, NO_LINKS) == (0, ())


def grid(*cells: tuple[int, int, int, int, str], n_rows: int, n_cols: int) -> Fragment:
    made = tuple(Cell(r, c, rs, cs, text, 1, BOX) for r, c, rs, cs, text in cells)
    return Fragment(1, 0, BOX, n_rows, n_cols, made, tuple(float(i) for i in range(n_cols + 1)))


def test_groups_are_wide_cells_over_header_cells_and_nothing_else() -> None:
    view = fragment_to_view(
        grid((0, 0, 2, 1, "合计"), (0, 1, 1, 2, "本年"), (1, 1, 1, 1, "小计"), (1, 2, 1, 1, "其他"), n_rows=3, n_cols=3)
    )
    classes = ("amount", "group")
    certain_group = np.log(np.asarray([[0.1, 0.9]] * 4))
    none = Links(np.zeros(2), np.zeros(2), np.zeros((2, 2)))
    found = decode_header_cells(view, [0, 1, 2, 3], certain_group, classes, none, range(2))
    assert [role for role, _ in found.values()] == [
        HeaderRole.AMOUNT,
        HeaderRole.GROUP,
        HeaderRole.AMOUNT,
        HeaderRole.AMOUNT,
    ]
    columns = decode_columns(view, found, range(2), [(HeaderRole.TEXT, 0.5)] * 3)
    assert [role for role, _ in columns] == [HeaderRole.AMOUNT] * 3


def test_merged_cells_are_found_in_every_row_that_they_enter() -> None:
    view = fragment_to_view(grid((0, 0, 3, 1, "资金"), (0, 1, 1, 1, "总额"), (1, 1, 2, 1, "其他"), n_rows=4, n_cols=2))
    assert rows_to_cuts(view) == {1, 2}


def test_a_column_without_header_falls_back_on_its_body() -> None:
    view = fragment_to_view(grid((0, 0, 1, 1, "1"), (0, 1, 1, 1, "2.00"), n_rows=1, n_cols=2))
    fallback = [(HeaderRole.ROW_NUMBER, 0.9), (HeaderRole.AMOUNT, 0.8)]
    assert decode_columns(view, {}, range(0), fallback) == tuple(fallback)


def test_header_rows_leave_out_sections_and_numbers() -> None:
    roles = (RowRole.SECTION, RowRole.HEADER, RowRole.HEADER, RowRole.COLUMN_NUMBER, RowRole.DETAIL)
    assert header_row_range(roles, 4) == range(1, 3)
    assert header_row_range(roles[4:], 0) == range(0)
