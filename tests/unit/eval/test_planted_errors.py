"""Errors planted in a perfect extraction lower exactly the figures they should, by exactly as much."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.eval.builders import LEFT, UP, Rows, all_figures, change_cells, make_table, set_text

from lanci_eval.metrics.base import Figures
from lanci_eval.records import EvalTable

HEADER = [["科目编码", "科目名称", "支出", LEFT, LEFT], [UP, UP, "合计", "基本支出", "项目支出"]]
BODY = [
    ["201", "一般公共服务支出", "100.00", "60.00", "40.00"],
    ["20103", "政府办公厅", "100.00", "60.00", "40.00"],
    ["2010301", "行政运行", "60.00", "60.00", ""],
    ["2010302", "一般行政管理事务", "40.00", "", "40.00"],
    ["208", "社会保障和就业支出", "15.00", "15.00", ""],
    ["20805", "行政事业单位养老支出", "15.00", "15.00", ""],
]
ROLES = ["subject_code", "subject_name", "amount", "amount", "amount"]
SPENDING = make_table(
    HEADER + BODY,
    "t001",
    [(1, 0, 4), (2, 5, 7)],
    header=2,
    roles=ROLES,
    repeated=HEADER,
    type="expenditure_summary",
    unit="万元",
)
ASSETS = make_table(
    [["项目", "数量", "价值"], ["房屋", "3", "800.00"], ["车辆", "2", "24.00"]],
    "t002",
    [(2, 0, 2)],
    header=1,
    roles=["item", "quantity", "amount"],
    type="fixed_assets",
    unit="万元",
)
TRUTH = (SPENDING, ASSETS)

N_CELLS = 6 + 6 * 5 + 9  # a repeated header is no cell of the table; SPENDING has 6 header cells
N_TEXTS = N_CELLS - 4
N_CHINESE = 6 + 6 + 5
N_CHARS = sum(len(cell.text) for table in TRUTH for cell in table.cells)
N_AMOUNTS = 14 + 4
YUAN = (100 * 2 + 60 * 4 + 40 * 4 + 15 * 4 + 824) * 10_000

PERFECT: Figures = {
    "cell_f1": 1.0,
    "cell_precision": 1.0,
    "cell_recall": 1.0,
    "cell_text_f1": 1.0,
    "chinese_exact": 1.0,
    "cer": 0.0,
    "amount_exact": 1.0,
    "silent_error_rate": 0.0,
    "silent_error_rate_yuan": 0.0,
    "marked_error_rate": 0.0,
    "missing_amounts": 0.0,
    "review_share": 0.0,
    "doubted_readings": 0.0,
    "invented_amounts": 0.0,
    "stitch_f1": 1.0,
    "stitch_precision": 1.0,
    "stitch_recall": 1.0,
    "tables_exact": 1.0,
    "multi_page_tables_exact": 1.0,
    "type_macro_f1": 1.0,
    "type_accuracy": 1.0,
    "role_macro_f1": 1.0,
    "role_accuracy": 1.0,
    "header_rows_exact": 1.0,
    "ece": 0.0,
    "review_effort": 0.0,
    "cells_marked": 0.0,
    "cells_wrong": 0.0,
    "missing_cells": 0.0,
}


def sure(table: EvalTable) -> EvalTable:
    """The table as a system gives it that is sure of everything and drops repeated headers."""
    table = replace(table, fragments=tuple(replace(fragment, repeated=()) for fragment in table.fragments))
    return change_cells(table, lambda cell: replace(cell, confidence=1.0))


def spending_of(rows: Rows, pages: tuple[tuple[int, int, int], ...] = ((1, 0, 4), (2, 5, 7))) -> EvalTable:
    return sure(make_table(rows, "t001", pages, header=2, roles=ROLES, type="expenditure_summary", unit="万元"))


SURE_SPENDING, SURE_ASSETS = sure(SPENDING), sure(ASSETS)


def check(found: tuple[EvalTable, ...], **changed: float | None) -> None:
    """The figures are those of a perfect extraction but for those given."""
    assert changed.keys() <= PERFECT.keys()
    assert all_figures(TRUTH, found) == pytest.approx(PERFECT | changed)


def wrong_cells(n_wrong: int, n_found: int = N_CELLS) -> dict[str, float]:
    """Figures of calibration when so many of the found cells, all of confidence 1, are wrong."""
    return {"ece": n_wrong / n_found, "cells_wrong": n_wrong / n_found, "review_effort": 1.0 if n_wrong else 0.0}


def test_a_perfect_extraction_is_perfect():
    check((SURE_SPENDING, SURE_ASSETS))


def test_the_order_of_tables_does_not_matter():
    check((SURE_ASSETS, SURE_SPENDING))


def test_a_digit_altered():
    found = set_text(SURE_SPENDING, 4, 2, "60.80")
    check(
        (found, SURE_ASSETS),
        cell_f1=1 - 1 / N_CELLS,
        cell_precision=1 - 1 / N_CELLS,
        cell_recall=1 - 1 / N_CELLS,
        cell_text_f1=1 - 1 / N_TEXTS,
        cer=1 / N_CHARS,
        amount_exact=1 - 1 / N_AMOUNTS,
        silent_error_rate=1 / N_AMOUNTS,
        silent_error_rate_yuan=600_000 / YUAN,
        tables_exact=0.5,
        multi_page_tables_exact=0.0,
        **wrong_cells(1),
    )


def test_a_digit_altered_and_marked():
    found = set_text(SURE_SPENDING, 4, 2, "60.80", needs_review=True, confidence=0.5)
    check(
        (found, SURE_ASSETS),
        cell_f1=1 - 1 / N_CELLS,
        cell_precision=1 - 1 / N_CELLS,
        cell_recall=1 - 1 / N_CELLS,
        cell_text_f1=1 - 1 / N_TEXTS,
        cer=1 / N_CHARS,
        amount_exact=1 - 1 / N_AMOUNTS,
        marked_error_rate=1 / N_AMOUNTS,
        review_share=1 / N_AMOUNTS,
        doubted_readings=1 / N_AMOUNTS,
        tables_exact=0.5,
        multi_page_tables_exact=0.0,
        ece=0.5 / N_CELLS,
        cells_marked=1 / N_TEXTS,
        cells_wrong=1 / N_CELLS,
        review_effort=1 / N_CELLS,
    )


def test_a_number_dropped():
    found = set_text(SURE_SPENDING, 4, 2, "")
    check(
        (found, SURE_ASSETS),
        cell_f1=1 - 1 / N_CELLS,
        cell_precision=1 - 1 / N_CELLS,
        cell_recall=1 - 1 / N_CELLS,
        cell_text_f1=2 * (N_TEXTS - 1) / (2 * N_TEXTS - 1),
        cer=5 / N_CHARS,
        amount_exact=1 - 1 / N_AMOUNTS,
        silent_error_rate=1 / N_AMOUNTS,
        silent_error_rate_yuan=600_000 / YUAN,
        missing_amounts=1 / N_AMOUNTS,
        tables_exact=0.5,
        multi_page_tables_exact=0.0,
        **wrong_cells(1),
    )


def test_a_number_invented_in_a_blank():
    found = set_text(SURE_SPENDING, 4, 4, "60.00")
    check(
        (found, SURE_ASSETS),
        cell_f1=1 - 1 / N_CELLS,
        cell_precision=1 - 1 / N_CELLS,
        cell_recall=1 - 1 / N_CELLS,
        cell_text_f1=2 * N_TEXTS / (2 * N_TEXTS + 1),
        invented_amounts=1 / N_AMOUNTS,
        tables_exact=0.5,
        multi_page_tables_exact=0.0,
        **wrong_cells(1),
    )


@pytest.mark.parametrize("repeated", [False, True])
def test_a_table_split_at_a_page(repeated: bool):
    """Pages are as good as before, whether the second part keeps its header or not; the whole table is not."""
    first = replace(
        SURE_SPENDING,
        n_rows=5,
        cells=tuple(cell for cell in SURE_SPENDING.cells if cell.row < 5),
        fragments=SURE_SPENDING.fragments[:1],
    )
    rows = [*HEADER, *BODY[3:]] if repeated else BODY[3:]
    header, pages = (2 if repeated else 0), [(2, 0, len(rows) - 1)]
    second = sure(make_table(rows, "t002", pages, header=header, roles=ROLES, type="expenditure_summary"))
    # The header cells of the second part stand for none of the logical table's: 1, 1 and 4 roles too many.
    roles_f1 = [2 / 3, 2 / 3, 1.0, 1.0, 2 * 5 / (5 + 9)] if repeated else [1.0] * 5
    check(
        (first, second, SURE_ASSETS),
        amount_exact=1 - 6 / N_AMOUNTS,
        silent_error_rate=6 / N_AMOUNTS,
        silent_error_rate_yuan=140 * 10_000 / YUAN,
        missing_amounts=6 / N_AMOUNTS,
        invented_amounts=6 / N_AMOUNTS,
        stitch_f1=0.0,
        stitch_precision=None,
        stitch_recall=0.0,
        tables_exact=0.5,
        multi_page_tables_exact=0.0,
        type_macro_f1=(2 / 3 + 1) / 2,
        role_macro_f1=sum(roles_f1) / 5,
    )


def test_two_tables_merged():
    rows = [*HEADER, *BODY, *([*texts, "", ""] for texts in (["项目", "数量", "价值"], ["房屋", "3", "800.00"]))]
    rows.append(["车辆", "2", "24.00", "", ""])
    check(
        (spending_of(rows, ((1, 0, 4), (2, 5, 10))),),
        cell_f1=2 * 36 / (N_CELLS + 51),
        cell_precision=36 / 51,
        cell_recall=36 / N_CELLS,
        cell_text_f1=2 * 32 / (N_TEXTS + 41),
        chinese_exact=1 - 5 / N_CHINESE,
        cer=sum(len(cell.text) for cell in ASSETS.cells) / N_CHARS,
        amount_exact=1 - 4 / N_AMOUNTS,
        silent_error_rate=4 / N_AMOUNTS,
        silent_error_rate_yuan=824 * 10_000 / YUAN,
        missing_amounts=4 / N_AMOUNTS,
        invented_amounts=2 / N_AMOUNTS,  # 3 and 2 do not look like amounts
        tables_exact=0.0,
        multi_page_tables_exact=0.0,
        type_macro_f1=0.5,
        type_accuracy=0.5,
        role_macro_f1=(1 + 1 + 2 * 4 / (5 + 4)) / 5,
        role_accuracy=6 / 9,
        header_rows_exact=0.5,
        missing_cells=9 / N_TEXTS,
        **wrong_cells(15, 51),
    )


def test_two_tables_joined_that_do_not_belong_together():
    """The page grids are as before; that they are one table shows in stitching and in what is judged on it."""
    pages = ((1, 0, 4), (2, 5, 7), (2, 8, 10))
    rows = [*HEADER, *BODY, ["项目", "数量", "价值", "", ""], ["房屋", "3", "800.00", "", ""]]
    joined = spending_of([*rows, ["车辆", "2", "24.00", "", ""]], pages)
    figures = all_figures(TRUTH, (joined,))
    assert (figures["stitch_precision"], figures["stitch_recall"]) == (1 / 3, 1.0)
    assert figures["stitch_f1"] == pytest.approx(2 / (1 + 3))
    assert (figures["tables_exact"], figures["amount_exact"]) == (0.0, 1 - 4 / N_AMOUNTS)
    assert (figures["cell_recall"], figures["cer"]) == (1.0, 0.0)


def test_a_row_doubled():
    rows = [*HEADER, *BODY[:3], BODY[2], *BODY[3:]]
    check(
        (spending_of(rows, ((1, 0, 5), (2, 6, 8))), SURE_ASSETS),
        cell_f1=2 * N_CELLS / (2 * N_CELLS + 5),
        cell_precision=N_CELLS / (N_CELLS + 5),
        cell_text_f1=2 * N_TEXTS / (2 * N_TEXTS + 4),
        invented_amounts=2 / N_AMOUNTS,
        tables_exact=0.5,
        multi_page_tables_exact=0.0,
        **wrong_cells(5, N_CELLS + 5),
    )


def test_a_row_dropped():
    rows = [*HEADER, *BODY[:2], *BODY[3:]]
    check(
        (spending_of(rows, ((1, 0, 3), (2, 4, 6))), SURE_ASSETS),
        cell_f1=2 * (N_CELLS - 5) / (2 * N_CELLS - 5),
        cell_recall=1 - 5 / N_CELLS,
        cell_text_f1=2 * (N_TEXTS - 4) / (2 * N_TEXTS - 4),
        chinese_exact=1 - 1 / N_CHINESE,
        cer=sum(len(text) for text in BODY[2]) / N_CHARS,
        amount_exact=1 - 2 / N_AMOUNTS,
        silent_error_rate=2 / N_AMOUNTS,
        silent_error_rate_yuan=120 * 10_000 / YUAN,
        missing_amounts=2 / N_AMOUNTS,
        tables_exact=0.5,
        multi_page_tables_exact=0.0,
        missing_cells=4 / N_TEXTS,
    )


def test_the_amounts_of_a_row_shifted_by_a_column():
    rows = [*HEADER, [*BODY[0][:2], "", "100.00", "60.00"], *BODY[1:]]
    check(
        (spending_of(rows), SURE_ASSETS),
        cell_f1=1 - 3 / N_CELLS,
        cell_precision=1 - 3 / N_CELLS,
        cell_recall=1 - 3 / N_CELLS,
        cell_text_f1=2 * (N_TEXTS - 3) / (2 * N_TEXTS - 1),
        cer=(6 + 2 + 1) / N_CHARS,
        amount_exact=1 - 3 / N_AMOUNTS,
        silent_error_rate=3 / N_AMOUNTS,
        silent_error_rate_yuan=200 * 10_000 / YUAN,
        missing_amounts=1 / N_AMOUNTS,
        tables_exact=0.5,
        multi_page_tables_exact=0.0,
        **wrong_cells(3),
    )


def test_two_columns_swapped():
    """One of them keeps its place in the order, the other is missing there and too many elsewhere."""
    rows = [HEADER[0], *([*texts[:3], texts[4], texts[3]] for texts in [HEADER[1], *BODY])]
    check(
        (spending_of(rows), SURE_ASSETS),
        cell_f1=1 - 8 / N_CELLS,  # the column and the header cell that spans it
        cell_precision=1 - 8 / N_CELLS,
        cell_recall=1 - 8 / N_CELLS,
        cell_text_f1=1 - 5 / N_TEXTS,
        chinese_exact=1 - 2 / N_CHINESE,
        cer=(4 + 3 * 5) / N_CHARS,
        amount_exact=1 - 3 / N_AMOUNTS,
        silent_error_rate=3 / N_AMOUNTS,
        silent_error_rate_yuan=120 * 10_000 / YUAN,
        missing_amounts=3 / N_AMOUNTS,
        invented_amounts=3 / N_AMOUNTS,
        tables_exact=0.5,
        multi_page_tables_exact=0.0,
        role_macro_f1=(4 + 2 * 4 / (5 + 5)) / 5,
        role_accuracy=8 / 9,
        missing_cells=4 / N_TEXTS,
        **wrong_cells(7),
    )


def test_a_table_not_found():
    check(
        (SURE_SPENDING,),
        cell_f1=2 * 36 / (N_CELLS + 36),
        cell_recall=36 / N_CELLS,
        cell_text_f1=2 * 32 / (N_TEXTS + 32),
        chinese_exact=1 - 5 / N_CHINESE,
        cer=sum(len(cell.text) for cell in ASSETS.cells) / N_CHARS,
        amount_exact=1 - 4 / N_AMOUNTS,
        silent_error_rate=4 / N_AMOUNTS,
        silent_error_rate_yuan=824 * 10_000 / YUAN,
        missing_amounts=4 / N_AMOUNTS,
        tables_exact=0.5,
        type_macro_f1=0.5,
        type_accuracy=0.5,
        role_macro_f1=(1 + 1 + 2 * 4 / (5 + 4)) / 5,
        role_accuracy=6 / 9,
        header_rows_exact=0.5,
        missing_cells=9 / N_TEXTS,
    )


def test_a_table_that_is_not_there():
    extra = sure(make_table([["甲", "1.00"], ["乙", "2"]], "t003", [(3, 0, 1)]))
    check(
        (SURE_SPENDING, SURE_ASSETS, extra),
        cell_f1=2 * N_CELLS / (2 * N_CELLS + 4),
        cell_precision=N_CELLS / (N_CELLS + 4),
        cell_text_f1=2 * N_TEXTS / (2 * N_TEXTS + 4),
        invented_amounts=1 / N_AMOUNTS,
        **wrong_cells(4, N_CELLS + 4),
    )


def test_wrong_labels_alone_change_only_labels():
    wrong = replace(SURE_ASSETS, type="other", n_header_rows=0)
    wrong = change_cells(wrong, lambda cell: replace(cell, role="text" if cell.col == 1 else cell.role))
    check(
        (SURE_SPENDING, wrong),
        type_macro_f1=0.5,
        type_accuracy=0.5,
        role_macro_f1=4 / 5,
        role_accuracy=8 / 9,
        header_rows_exact=0.5,
    )


NOTHING: Figures = dict.fromkeys(PERFECT)


def test_nothing_found():
    """What a system leaves that crashed: all is missing, and of what it never says nothing is known."""
    lost = {
        "cell_f1": 0.0,
        "cell_recall": 0.0,
        "cell_text_f1": 0.0,
        "chinese_exact": 0.0,
        "cer": 1.0,
        "amount_exact": 0.0,
        "silent_error_rate": 1.0,
        "silent_error_rate_yuan": 1.0,
        "marked_error_rate": 0.0,
        "missing_amounts": 1.0,
        "invented_amounts": 0.0,
        "stitch_f1": 0.0,
        "stitch_recall": 0.0,
        "tables_exact": 0.0,
        "multi_page_tables_exact": 0.0,
        "missing_cells": 1.0,
    }
    assert all_figures(TRUTH, ()) == NOTHING | lost


def test_nothing_true():
    found = {"cell_f1": 0.0, "cell_precision": 0.0, "cell_text_f1": 0.0, "stitch_f1": 0.0, "stitch_precision": 0.0}
    sure_of_it = {
        "review_share": 0.0,
        "doubted_readings": 0.0,
        "cells_marked": 0.0,
        "ece": 1.0,
        "cells_wrong": 1.0,
        "review_effort": 1.0,
    }
    assert all_figures((), (SURE_SPENDING, SURE_ASSETS)) == NOTHING | found | sure_of_it


def test_nothing_true_and_nothing_found():
    assert all_figures((), ()) == NOTHING
