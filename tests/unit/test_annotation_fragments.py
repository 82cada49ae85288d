"""Fragments look as pages show them, and put together again they are the table."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lanci.annotation import AnnotatedFragment, AnnotatedTable, load_annotations, table_to_fragments
from lanci.document import Cell, Fragment, HeaderRole, RowRole

DOCUMENTS = load_annotations(Path(__file__).parents[2] / "annotations" / "documents")
TABLES = [table for document in DOCUMENTS for table in document.tables]


def find(document: str, table: str) -> AnnotatedTable:
    return next(t for d in DOCUMENTS for t in d.tables if d.id == document and t.table.id == table)


def cover(fragment: Fragment) -> dict[tuple[int, int], Cell]:
    """The cell at every position; fails where two overlap."""
    found: dict[tuple[int, int], Cell] = {}
    for cell in fragment.cells:
        for position in ((row, col) for row in cell.rows for col in cell.cols):
            assert position not in found
            found[position] = cell
    return found


def check_whole(annotated: AnnotatedTable) -> None:
    """Every fragment is a full rectangle, and its body at its rows says what the table says there."""
    table = annotated.table
    expected = table.to_rows()
    starts = {(cell.row, cell.col): cell for cell in table.cells}
    roles: dict[int, RowRole] = {}
    begun = 0
    for part, (fragment, truth) in zip(annotated.fragments, table_to_fragments(annotated), strict=True):
        found = cover(fragment)
        assert len(found) == fragment.n_rows * fragment.n_cols
        shift = part.first_row - part.n_repeated_rows
        for row in range(part.n_repeated_rows, fragment.n_rows):
            assert roles.setdefault(row + shift, truth.row_roles[row]) is truth.row_roles[row]
            for col in range(fragment.n_cols):
                cell = found[row, col]
                if (cell.row, cell.col) == (row, col):
                    assert cell.text == (expected[row + shift][col] if row + shift >= begun else "")
                original = table.cell_at(row + shift, col)
                assert original is not None
                assert cell.cols == original.cols
                inside = range(
                    max(original.row, part.first_row),
                    min(original.row + original.row_span - 1, part.last_row) + 1,
                )
                assert range(cell.row + shift, cell.row + shift + cell.row_span) == inside
        for cell in fragment.cells:
            if cell.row >= part.n_repeated_rows and (cell.row + shift, cell.col) not in starts:
                assert cell.text == ""
                assert cell.row == part.n_repeated_rows
        begun = part.last_row + 1
        assert len(truth.row_roles) == fragment.n_rows
        assert len(truth.header_roles) == sum(c.row < truth.n_header_rows for c in fragment.cells)
        assert len(truth.column_roles) == fragment.n_cols == len(fragment.col_edges) - 1
    assert list(roles) == list(range(table.n_rows))
    assert tuple(roles.values()) == table.row_roles


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.id)
def test_fragments_without_repeated_headers_are_the_table(document: object) -> None:
    for table in next(d for d in DOCUMENTS if d is document).tables:
        check_whole(table)


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_any_page_breaks_keep_the_table_whole(data: st.DataObject) -> None:
    annotated = data.draw(st.sampled_from(TABLES))
    n_rows = annotated.table.n_rows
    breaks = sorted(data.draw(st.sets(st.integers(1, max(1, n_rows - 1)), max_size=4)) - {n_rows})
    header = tuple(
        c
        for c in annotated.header_cells
        if RowRole.SECTION not in annotated.table.row_roles[: annotated.table.n_header_rows]
    )
    parts = []
    for page, (first, end) in enumerate(zip([0, *breaks], [*breaks, n_rows], strict=True), start=1):
        repeats = first >= annotated.table.n_header_rows and data.draw(st.booleans())
        parts.append(AnnotatedFragment(page, first, end - 1, (), header if repeats else ()))
    check_whole(replace(annotated, fragments=tuple(parts)))


def test_a_repeated_header_has_the_roles_of_the_first_one() -> None:
    (_, first), (_, second) = table_to_fragments(find("linxi-2021", "t001"))
    assert first.n_header_rows == second.n_header_rows == 3
    assert first.header_roles == second.header_roles
    assert first.row_roles[:3] == second.row_roles[:3] == (RowRole.HEADER, RowRole.HEADER, RowRole.COLUMN_NUMBER)
    assert second.header_roles[-5:] == (HeaderRole.COLUMN_NUMBER,) * 5
    assert (first.facets.kind, first.facets.type) == ("summary", "budget_summary")


def test_a_page_that_ends_on_its_header_row() -> None:
    (top, first), (_, second), (_, third) = table_to_fragments(find("linxi-2021", "t012"))
    assert top.n_rows == first.n_header_rows == 2
    assert first.row_roles == (RowRole.SECTION, RowRole.HEADER)
    assert second.n_header_rows == third.n_header_rows == 1
    assert second.header_roles == third.header_roles == (HeaderRole.TEXT,) * 6


def test_the_lower_part_of_a_cut_label_is_empty() -> None:
    _, (lower, truth) = table_to_fragments(find("linxi-2021", "t011"))
    label = next(c for c in lower.cells if (c.row, c.col) == (1, 0))
    assert (label.text, label.row_span) == ("", 2)
    assert truth.row_roles == (RowRole.HEADER,) + (RowRole.DETAIL,) * 5


def test_a_break_without_a_repeated_header() -> None:
    (_, first), (lower, second) = table_to_fragments(find("gaoyi-2021", "t002"))
    assert (first.n_header_rows, second.n_header_rows, second.header_roles) == (5, 0, ())
    assert lower.caption.lines == ()
    assert second.column_roles[6:] == (HeaderRole.QUANTITY, HeaderRole.QUANTITY)


def test_a_caption_says_only_what_its_page_prints() -> None:
    (top, _), (lower, _) = table_to_fragments(find("linxi-2021", "t001"))
    assert (top.caption.title, top.caption.entity_code) == ("单位预算收支总表", "434001")
    assert lower.caption.title == ""
    assert (lower.caption.entity_code, lower.caption.fiscal_year, lower.caption.unit) == ("434001", 2021, "万元")


def test_boxes_tile_the_page() -> None:
    for table in TABLES:
        for fragment, _ in table_to_fragments(table):
            box = fragment.box
            assert 0 < box.x0 < box.x1 < fragment.page_width
            assert sum(c.box.area for c in fragment.cells) == pytest.approx(box.area)
            assert all(c.role is None and c.page == fragment.page for c in fragment.cells)


def test_a_row_that_the_break_cuts_stands_on_both_pages() -> None:
    annotated = find("linxi-2021", "t001")
    upper, lower = annotated.fragments
    cut = replace(annotated, fragments=(upper, replace(lower, first_row=upper.last_row)))
    (top, _), (rest, truth) = table_to_fragments(cut)
    begun = [cell.text for cell in top.cells if cell.row == upper.last_row]
    gone_on = [cell for cell in rest.cells if cell.row == lower.n_repeated_rows]
    assert begun == ["16", "", "", "十六、商业服务业等支出", ""]
    assert [cell.text for cell in gone_on] == [""] * 5
    assert truth.row_roles[lower.n_repeated_rows] is RowRole.DETAIL
    assert rest.n_rows == lower.n_repeated_rows + lower.last_row - upper.last_row + 1
