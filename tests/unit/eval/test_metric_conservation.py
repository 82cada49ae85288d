"""Conservation: each planted error lowers exactly the figures that it should."""

from dataclasses import replace

import pytest
from tests.unit.eval.builders import figures_of, make_table, set_text
from tests.unit.eval.printed_pages import save_pages

from lanci_eval.evidence import NumberKind
from lanci_eval.metrics.base import Case
from lanci_eval.metrics.conservation import Conservation, Loss, LostNumber, list_losses
from lanci_eval.records import Extraction

ROWS = (
    ("科目编码", "合计", "基本支出"),
    ("201", "1,234.00", "34.00"),
    ("20101", "1,200.00", "34.00"),
    ("2010101", "34.00", "-4.50"),
)
PERFECT = {
    **dict.fromkeys(("recall_alone", "recall_alone_amounts", "recall_alone_codes"), 1.0),
    **dict.fromkeys(("recall_kept", "recall_kept_amounts", "recall_kept_codes"), 1.0),
    **dict.fromkeys(("precision", "precision_amounts", "precision_codes", "kept_documents"), 1.0),
    "printed": 9.0,
    **dict.fromkeys(("missing", "glued", "doubled", "invented"), 0.0),
}


@pytest.fixture
def pdf(tmp_path):
    return save_pages(tmp_path / "page.pdf", [ROWS])


def case_with(pdf, *tables) -> Case:
    return Case(Extraction(tables), evidence=pdf)


def test_perfect_is_one(pdf) -> None:
    case = case_with(pdf, make_table(ROWS))
    assert figures_of(Conservation, case) == PERFECT
    assert list_losses(case) == ()


def test_other_spellings_of_one_number_are_it(pdf) -> None:
    table = set_text(set_text(make_table(ROWS), 1, 1, "１,２３４.00"), 3, 2, "−4.50 ")
    assert figures_of(Conservation, case_with(pdf, table)) == PERFECT


@pytest.mark.parametrize(
    ("place", "text", "expected", "losses"),
    [
        (
            (2, 1),
            "",
            {"recall_alone": 8 / 9, "recall_alone_amounts": 5 / 6, "recall_kept": 8 / 9, "recall_kept_amounts": 5 / 6}
            | {"missing": 1, "kept_documents": 0},
            [("1,200.00", Loss.MISSING)],
        ),
        (
            (1, 0),
            "201一般公共服务",
            {"recall_alone": 8 / 9, "recall_alone_codes": 2 / 3, "glued": 1, "kept_documents": 0},
            [("201", Loss.GLUED)],
        ),
        (
            (1, 1),
            "1 234.00",  # torn: the pieces 1 and 234.00
            {"recall_alone": 8 / 9, "recall_alone_amounts": 5 / 6, "recall_kept": 8 / 9, "recall_kept_amounts": 5 / 6}
            | {"precision": 8 / 9, "precision_amounts": 5 / 6, "missing": 1, "invented": 1, "kept_documents": 0},
            [("234.00", Loss.INVENTED), ("1,234.00", Loss.MISSING)],
        ),
        (
            (1, 1),
            ",1234.00",
            {"recall_alone": 8 / 9, "recall_alone_amounts": 5 / 6, "recall_kept": 8 / 9, "recall_kept_amounts": 5 / 6}
            | {"precision": 8 / 9, "precision_amounts": 5 / 6, "missing": 1, "invented": 1, "kept_documents": 0},
            [(",1234.00", Loss.INVENTED), ("1,234.00", Loss.MISSING)],
        ),
        (
            (0, 1),
            "1,200.00",
            {"precision": 9 / 10, "precision_amounts": 6 / 7, "doubled": 1},
            [("1,200.00", Loss.DOUBLED)],
        ),
        (
            (0, 0),
            "2010102",
            {"precision": 9 / 10, "precision_codes": 3 / 4, "invented": 1},
            [("2010102", Loss.INVENTED)],
        ),
    ],
    ids=["lost", "glued", "torn", "broken", "doubled", "invented"],
)
def test_planted_errors(pdf, place, text, expected, losses) -> None:
    case = case_with(pdf, set_text(make_table(ROWS), *place, text))
    assert figures_of(Conservation, case) == pytest.approx(PERFECT | expected)
    assert [(lost.token, lost.loss) for lost in list_losses(case)] == losses


def test_two_numbers_in_one_cell_are_kept_but_not_alone(pdf) -> None:
    table = set_text(set_text(make_table(ROWS), 1, 1, "1,234.00 34.00"), 1, 2, "")
    figures = figures_of(Conservation, case_with(pdf, table))
    assert (figures["recall_alone"], figures["recall_kept"], figures["precision"]) == (7 / 9, 1.0, 1.0)


def test_number_wrapped_in_its_cell_is_alone(pdf) -> None:
    table = set_text(make_table(ROWS), 1, 1, "1,23\n4.00")
    assert figures_of(Conservation, case_with(pdf, table)) == PERFECT


def test_same_number_counts_for_every_printing(pdf) -> None:
    # 34.00 is printed three times; found twice
    table = set_text(make_table(ROWS), 3, 1, "")
    assert figures_of(Conservation, case_with(pdf, table))["recall_alone_amounts"] == 5 / 6


def test_right_number_on_the_wrong_page_is_lost_and_invented(tmp_path) -> None:
    rows = ROWS[1:]
    pdf = save_pages(tmp_path / "two.pdf", [rows, (("202", "7.00", "8.00"), ("20201", "9.00", "10.00"))])
    whole = (*rows, ("202", "7.00", "8.00"), ("20201", "9.00", "10.00"))
    right = case_with(pdf, make_table(whole, pages=((1, 0, 2), (2, 3, 4))))
    assert figures_of(Conservation, right)["recall_alone"] == 1.0
    wrong = case_with(pdf, make_table(whole, pages=((1, 0, 3), (2, 4, 4))))
    figures = figures_of(Conservation, wrong)
    assert (figures["missing"], figures["invented"]) == (3.0, 3.0)


def test_row_that_a_page_break_cuts_may_be_printed_on_either_side(tmp_path) -> None:
    pdf = save_pages(tmp_path / "two.pdf", [(("201", ""), ("20101", "5.00")), (("", "6.00"), ("20102", "7.00"))])
    table = make_table((("201", "6.00"), ("20101", "5.00"), ("20102", "7.00")))
    table = replace(
        table,
        cells=tuple(replace(cell, page=2) if cell.row == 2 else cell for cell in table.cells),
        fragments=make_table(("a",) * 3, pages=((1, 0, 1), (2, 0, 2))).fragments,
    )
    assert figures_of(Conservation, case_with(pdf, table))["recall_alone"] == 1.0
    assert figures_of(Conservation, case_with(pdf, table))["precision"] == 1.0


def test_repeated_header_of_a_later_page_counts_there(tmp_path) -> None:
    pages = [(("code", "2,025.00"), ("201", "1.00")), (("code", "2,025.00"), ("202", "2.00"))]
    pdf = save_pages(tmp_path / "two.pdf", pages)
    table = make_table((*pages[0], pages[1][1]), pages=((1, 0, 1), (2, 2, 2)), repeated=pages[1][:1])
    assert figures_of(Conservation, case_with(pdf, table))["recall_alone"] == 1.0


def test_failed_system_loses_everything(pdf) -> None:
    case = case_with(pdf)
    figures = figures_of(Conservation, case)
    assert (figures["recall_alone"], figures["recall_kept"], figures["kept_documents"]) == (0.0, 0.0, 0.0)
    assert (figures["precision"], figures["missing"]) == (None, 9.0)
    assert LostNumber(1, "-4.50", NumberKind.AMOUNT, Loss.MISSING) in list_losses(case)


def test_nothing_printed_or_no_evidence_is_undefined(tmp_path) -> None:
    blank = save_pages(tmp_path / "blank.pdf", [()])
    figures = figures_of(Conservation, case_with(blank))
    assert all(figures[name] is None for name in ("recall_alone", "recall_kept", "precision", "kept_documents"))
    assert figures["printed"] == 0.0
    assert set(figures_of(Conservation, Case(Extraction())).values()) == {None}
    (tmp_path / "page.pdf").write_text("no PDF")
    assert set(figures_of(Conservation, case_with(tmp_path / "page.pdf")).values()) == {None}


def test_documents_add_up_and_every_figure_is_described(pdf) -> None:
    good, bad = case_with(pdf, make_table(ROWS)), case_with(pdf)
    figures = figures_of(Conservation, good, bad)
    assert (figures["recall_alone"], figures["kept_documents"], figures["printed"]) == (0.5, 0.5, 18.0)
    assert list(figures) and set(figures) == {info.name for info in Conservation.infos}
