"""The gallery of errors: which cells, in which order, and where to look."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.eval.builders import change_cells, make_table, set_text

from lanci.document import Box
from lanci_eval.matching import compare
from lanci_eval.records import EvalTable, Extraction
from lanci_eval.results import Mistake
from lanci_eval.run.mistakes import find_mistakes

ROLES = ["subject_name", "amount", "amount"]
ROWS = [["名称", "合计", "其中"], ["甲", "100.00", "40.00"], ["乙", "7.00", "5.00"], ["丙", "900.00", "60.00"]]
TRUTH = make_table(ROWS, "t001", header=1, roles=ROLES, unit="万元")
SMALL = make_table([["名称", "合计"], ["丁", "90,000.00"]], "t002", [(2, 0, 1)], header=1, roles=ROLES, unit="元")


def mistakes(*found: EvalTable, limit: int = 99) -> list[Mistake]:
    return list(find_mistakes(compare(Extraction((TRUTH, SMALL)), Extraction(found)), limit))


def test_there_are_none_in_a_perfect_extraction():
    assert mistakes(TRUTH, SMALL) == []
    assert find_mistakes(compare(Extraction(), Extraction((TRUTH,))), 5) == ()


def test_the_worst_come_first():
    found = set_text(TRUTH, 1, 1, "100.01")  # off by 100 yuan
    found = set_text(found, 1, 2, "90.00")  # off by 500,000 yuan
    found = set_text(found, 3, 1, "")
    found = set_text(found, 3, 2, "")
    found = set_text(found, 2, 1, "8.00", needs_review=True)
    found = set_text(found, 2, 0, "已", flagged=True)
    small = set_text(SMALL, 1, 1, "80,000.00")  # off by 10,000 yuan
    ordered = mistakes(found, small)
    assert [(one.expected, one.read, one.marked, one.is_amount) for one in ordered] == [
        ("40.00", "90.00", False, True),
        ("90,000.00", "80,000.00", False, True),
        ("100.00", "100.01", False, True),
        ("900.00", "", False, True),
        ("60.00", "", False, True),
        ("7.00", "8.00", True, True),
        ("乙", "已", True, False),
    ]
    assert [one.weight for one in ordered] == sorted((one.weight for one in ordered), reverse=True)
    assert mistakes(found, small, limit=2) == ordered[:2]
    assert mistakes(found, small) == ordered


def test_a_place_is_named_and_shown_where_it_was_read():
    box, true_box = Box(1.0, 2.0, 3.0, 4.0), Box(5.0, 6.0, 7.0, 8.0)
    truth = change_cells(TRUTH, lambda cell: replace(cell, box=true_box))
    found = set_text(set_text(TRUTH, 1, 1, "1.00", box=box), 2, 1, "2.00")
    first, second = find_mistakes(compare(Extraction((truth,)), Extraction((found,))), 9)
    assert (first.table, first.place, first.page, first.box) == (
        "t001",
        "t001 row 1, column 1",
        1,
        (1.0, 2.0, 3.0, 4.0),
    )
    assert second.box == (5.0, 6.0, 7.0, 8.0)
    assert mistakes(set_text(TRUTH, 1, 1, "1.00"), SMALL)[0].box is None


def test_a_missing_row_is_missing_cell_by_cell_and_a_missing_table_once():
    cells = tuple(cell for cell in TRUTH.cells if cell.row < 3)
    shorter = replace(TRUTH, n_rows=3, cells=cells, fragments=(replace(TRUTH.fragments[0], last_row=2),))
    ordered = mistakes(shorter)
    assert [(one.expected, one.read) for one in ordered] == [
        ("900.00", None),
        ("60.00", None),
        ("90,000.00", None),
        ("丙", None),
    ]
    assert [one.expected for one in mistakes()] == ["900.00", "90,000.00"]
    assert mistakes(TRUTH)[0].page == 2


def test_a_text_where_nothing_is_printed_is_a_mistake_and_a_wider_cell_is_not():
    truth = make_table([["甲", "", ""], ["乙", "丙", "丁"]])
    found = make_table([["甲", "", "多"], ["乙", "丙", "丁"]])
    wider = make_table([["甲", "<", ""], ["乙", "丙", "丁"]])

    def read(other: EvalTable) -> list[tuple[str, str | None]]:
        found = find_mistakes(compare(Extraction((truth,)), Extraction((other,))), 9)
        return [(one.expected, one.read) for one in found]

    assert read(found) == [("", "多")]
    assert read(wider) == []
