"""Changing annotations: every change keeps what the checks of the format ask for."""

from dataclasses import replace
from pathlib import Path

import pytest

from lanci.annotation import How, Media, check_annotations, load_annotations
from lanci.annotation.records import AnnotatedDocument, AnnotatedFragment, AnnotatedTable
from lanci.document import Box, HeaderRole, Place, RowRole
from lanci_eval.truth import amend

ANNOTATIONS = Path(__file__).parents[3] / "annotations" / "documents"
ROWS = [
    ["科目", "<", "预算数", "<"],
    ["编码", "名称", "合计", "基本支出"],
    ["栏次", "<", "1", "2=1"],
    ["201", "一般公共服务", "10.00", "4.00"],
    ["20103", "政府办公厅", "10.00", "4.00"],
    ["合计", "<", "10.00", "4.00"],
]
ROLES = (HeaderRole.SUBJECT_CODE, HeaderRole.SUBJECT_NAME, HeaderRole.AMOUNT, HeaderRole.AMOUNT)


@pytest.fixture
def document() -> AnnotatedDocument:
    """One table of one page, with three header rows."""
    empty = AnnotatedDocument(
        id="made",
        name="made",
        province="河北省",
        city="",
        county="",
        fiscal_year=2026,
        sha256="0" * 64,
        media=Media.PDF,
        origin="made",
        published="nowhere",
        scanned=False,
        layout="made",
        n_pages=4,
        pages=(),
        narrative=(),
        tables=(),
    )
    made = amend.add_table_from_rows(empty, ROWS, page=2, n_header_rows=3, roles=ROLES)
    table = amend.set_row_role(amend.get_table(made, "t001"), 2, RowRole.COLUMN_NUMBER)
    return amend.put_table(made, amend.set_row_role(table, 5, "total"))


@pytest.fixture
def table(document: AnnotatedDocument) -> AnnotatedTable:
    return amend.get_table(document, "t001")


@pytest.fixture
def long(document: AnnotatedDocument) -> AnnotatedDocument:
    """The table over pages 2 and 3; page 3 prints its lower header row again."""
    table = amend.get_table(document, "t001")
    header = tuple(replace(cell, row=0, page=3, role=None) for cell in table.table.cells if cell.row == 1)
    parts = (replace(table.fragments[0], last_row=3), AnnotatedFragment(3, 4, 5, ("续表",), header))
    return amend.put_table(document, amend.recompute_paths(replace(table, fragments=parts)))


def problems(document: AnnotatedDocument, table: AnnotatedTable | None = None) -> list[str]:
    changed = document if table is None else amend.put_table(document, table)
    return [str(problem) for problem in check_annotations((changed,))]


def texts(table: AnnotatedTable) -> list[list[str]]:
    return table.table.to_rows()


def test_rows_make_a_table_with_spans_paths_and_numbers(document: AnnotatedDocument, table: AnnotatedTable) -> None:
    assert problems(document) == []
    assert [c.path for c in table.table.columns][1:3] == [("科目", "名称"), ("预算数", "合计")]
    assert [c.column_number for c in table.table.columns] == [None, None, 1, 2]
    assert table.table.cells[0].role is HeaderRole.GROUP
    assert table.verification.by_eye == len(table.table.cells) == 20


def test_annotated_tables_stand_as_they_are() -> None:
    """What is worked out anew is what annotators wrote down in all tables."""
    for document in load_annotations(ANNOTATIONS):
        for table in document.tables:
            assert amend.recompute_paths(table) == table, (document.id, table.table.id)


def test_changes_of_annotated_tables_keep_them_whole() -> None:
    """A row and a column put in and taken out again leave no trace but in the count of what was looked at."""
    for document in load_annotations(ANNOTATIONS)[:2]:
        for table in document.tables:
            row, col = table.table.n_header_rows, table.table.n_cols // 2
            grown = amend.insert_column(amend.insert_row(table, row), col)
            if table.table.n_header_rows < table.table.n_rows:
                assert problems(document, grown) == []
            again = amend.delete_column(amend.delete_row(grown, row), col)
            assert texts(again) == texts(table)
            assert again.table.fragments == table.table.fragments


def test_a_header_text_changes_the_path(document: AnnotatedDocument, table: AnnotatedTable) -> None:
    changed = amend.set_text(table, 0, 3, " 金  额 ")
    assert changed.table.columns[3].path == ("金 额", "基本支出")
    assert problems(document, changed) == []


def test_merging_and_splitting(document: AnnotatedDocument, table: AnnotatedTable) -> None:
    merged = amend.merge_cells(table, 3, 1, 2, 1)
    assert merged.table.cell_at(4, 1).text == "一般公共服务政府办公厅"
    assert problems(document, merged) == []
    split = amend.split_cell(merged, 4, 1, [["一般公共服务"], ["政府办公厅"]])
    assert texts(split) == texts(table)
    with pytest.raises(amend.AmendError, match="only partly"):
        amend.merge_cells(table, 0, 1, 1, 2)
    with pytest.raises(amend.AmendError, match="spans nothing"):
        amend.split_cell(table, 3, 1)


def test_a_split_cell_gets_boxes_from_its_neighbours(table: AnnotatedTable) -> None:
    placed = table
    for row, col, box in ((3, 0, Box(0, 30, 10, 40)), (3, 1, Box(10, 30, 30, 40)), (5, 0, Box(0, 50, 30, 60))):
        placed = amend.set_box(placed, row, col, box)
    split = amend.split_cell(placed, 5, 0, [["合计", ""]])
    assert [cell.box for cell in split.table.cells if cell.row == 5][:2] == [Box(0, 50, 10, 60), Box(10, 50, 30, 60)]


def test_rows_join_the_header_or_the_body(document: AnnotatedDocument, table: AnnotatedTable) -> None:
    above = amend.insert_row(table, 0, ["单位：万元", "", "", ""], role=RowRole.SECTION)
    assert above.table.n_header_rows == 4
    assert above.table.cells[0].role is HeaderRole.TEXT
    assert problems(document, above) == []
    with pytest.raises(amend.AmendError, match="above the body"):
        amend.insert_row(table, 5, role=RowRole.HEADER)


def test_inserting_into_a_span_grows_it(document: AnnotatedDocument, table: AnnotatedTable) -> None:
    grown = amend.insert_column(table, 3, ["", "项目支出", "3", "6.00", "6.00", "6.00"], role=HeaderRole.AMOUNT)
    assert grown.table.cell_at(0, 4).col_span == 3
    assert grown.table.columns[3].path == ("预算数", "项目支出")
    assert problems(document, grown) == []


def test_header_rows_and_roles(document: AnnotatedDocument, table: AnnotatedTable) -> None:
    fewer = amend.set_header_rows(table, 2)
    assert fewer.table.row_roles[2] is RowRole.DETAIL
    assert fewer.table.columns[2].column_number is None
    assert problems(document, fewer) == []
    quantities = amend.set_column_role(table, [2, 3], "quantity")
    assert [c.role for c in quantities.table.columns[2:]] == [HeaderRole.QUANTITY] * 2
    assert problems(document, quantities) == []
    with pytest.raises(amend.AmendError, match="set the header rows first"):
        amend.set_row_role(table, 4, RowRole.HEADER)
    with pytest.raises(amend.AmendError, match="only a header cell"):
        amend.set_column_role(table, 0, HeaderRole.GROUP)


def test_facets_and_caption(document: AnnotatedDocument, table: AnnotatedTable) -> None:
    changed = amend.set_facets(table, kind="expenditure", fund="general_public", classification="functional")
    changed = amend.set_caption(changed, title="支出表", unit="万元", lines=["支出表", "单位：万元"])
    assert changed.table.type == "general_public_expenditure"
    assert changed.fragments[0].caption_lines == ("支出表", "单位：万元")
    assert problems(document, changed) == []
    with pytest.raises(ValueError, match="kind"):
        amend.set_facets(table, kind="nonsense")
    with pytest.raises(amend.AmendError, match="no color"):
        amend.set_caption(table, color="red")


def test_a_break_moves_and_cuts(long: AnnotatedDocument) -> None:
    table = amend.get_table(long, "t001")
    moved = amend.move_break(table, 3, 5)
    assert [(p.first_row, p.last_row) for p in moved.fragments] == [(0, 4), (5, 5)]
    cut = amend.move_break(table, 3, 4, cut=True)
    assert [(p.first_row, p.last_row) for p in cut.fragments] == [(0, 4), (4, 5)]
    assert [place.page for place in cut.table.cell_at(4, 1).continued] == [3]
    assert problems(long, moved) == problems(long, cut) == []


def test_a_label_over_the_break_has_two_places(long: AnnotatedDocument) -> None:
    merged = amend.merge_cells(amend.get_table(long, "t001"), 3, 1, 2, 1)
    cell = merged.table.cell_at(3, 1)
    assert (cell.page, [place.page for place in cell.continued]) == (2, [3])
    assert isinstance(cell.continued[0], Place)
    assert problems(long, merged) == []


def test_splitting_at_a_break_and_joining_again(long: AnnotatedDocument) -> None:
    halves = amend.split_table(long, "t001", 4)
    upper, lower = (amend.get_table(halves, name) for name in ("t001", "t002"))
    assert (upper.table.n_rows, lower.table.n_rows, lower.table.n_header_rows) == (4, 3, 1)
    assert lower.table.columns[1].path == ("名称",)
    assert lower.table.caption.lines == ("续表",)
    assert problems(halves) == []
    whole = amend.join_tables(halves, "t001", "t002")
    assert texts(whole.tables[0]) == texts(long.tables[0])
    assert whole.tables[0].fragments == long.tables[0].fragments
    assert problems(whole) == []
    with pytest.raises(amend.AmendError, match="move the break"):
        amend.split_table(long, "t001", 5)


def test_tables_are_numbered_in_page_order(document: AnnotatedDocument) -> None:
    earlier = amend.add_table_from_rows(document, [["名称"], ["甲"]], page=1, n_header_rows=1)
    assert [(t.table.id, t.fragments[0].page) for t in earlier.tables] == [("t001", 1), ("t002", 2)]
    left = amend.delete_table(earlier, "t001")
    assert [t.table.id for t in left.tables] == ["t001"]
    assert texts(left.tables[0]) == texts(document.tables[0])
    with pytest.raises(amend.AmendError, match="no table t009"):
        amend.delete_table(document, "t009")


@pytest.mark.parametrize(
    "rows", [[["<", "a"]], [["a", "b"], ["<", "c"]], [["a", "b"], ["^"]], [["a", "<"], ["^", "b"]]]
)
def test_rows_that_make_no_table_are_refused(document: AnnotatedDocument, rows: list[list[str]]) -> None:
    with pytest.raises(amend.AmendError):
        amend.add_table_from_rows(document, rows, page=1, n_header_rows=0)


def test_what_changes_counts_as_settled_by_eye(table: AnnotatedTable) -> None:
    agreed = amend.set_verification(table, How.EXTRACTORS, by_eye=0)
    changed = amend.set_text(amend.set_text(agreed, 3, 1, "外交"), 4, 2, "9.00")
    assert (changed.verification.agreed, changed.verification.by_eye) == (18, 2)
    shifted = amend.insert_row(agreed, 3, ["202", "外交", "1.00", "1.00"])
    assert (shifted.verification.agreed, shifted.verification.by_eye) == (20, 4)
    assert amend.add_doubt(changed, "as printed").verification.doubts == ("as printed",)
    with pytest.raises(amend.AmendError, match="settled by eye"):
        amend.set_verification(table, How.EXTRACTORS, by_eye=99)
