"""The annotated documents, cut into their fragments with true labels, come back as they are annotated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.seeds import SEED_FILES, files_to_tune_on
from tests.truth_fragments import labelled_fragments

from lanci.annotation import AnnotatedFragment, AnnotatedTable, Media, load_annotation
from lanci.document import Caption, Cell, LabelledFragment, RowRole, Table
from lanci.stitch import stitch

HEADER, NUMBERS = RowRole.HEADER, RowRole.COLUMN_NUMBER


def content(table: Table) -> tuple[object, ...]:
    """What stitching must bring back: all but boxes, evidence and where cut cells go on."""
    return (
        *body(table),
        [(c.row, c.col, c.page) for c in table.cells],
        [(f.page, f.first_row, f.last_row) for f in table.fragments],
    )


def body(table: Table) -> tuple[object, ...]:
    """The table without its pages."""
    return (
        table.type,
        table.notes,
        table.n_rows,
        table.n_cols,
        table.n_header_rows,
        table.row_roles,
        table.columns,
        [(c.row, c.col, c.row_span, c.col_span, c.text, c.role) for c in table.cells],
    )


def test_there_are_annotations() -> None:
    assert SEED_FILES


@pytest.mark.parametrize("path", SEED_FILES, ids=lambda path: path.stem)
def test_annotated_tables_come_back(path: Path) -> None:
    document = load_annotation(path)
    stitched = stitch(labelled_fragments(document.tables))
    expected = [annotated.table for annotated in document.tables]
    assert [t.title for t in stitched] == [t.title for t in expected]
    assert [t.companion for t in stitched] == [t.companion for t in expected]
    for found, table in zip(stitched, expected, strict=True):
        assert content(found) == content(table), table.title
        assert found.caption == table.caption


CUT_ROWS = {
    ("fuzhou-yibaoju-2026", "t012"),
    ("shenzhen-kouanban-2026", "t001"),
    ("suzhou-shengtaihuanjingju-2026", "t013"),
}
"""Tables of which a page break cuts a row; its texts stand above the break, so that only a blank row is below it."""


def test_annotated_tables_of_pdfs_come_back() -> None:
    wrong, n_tables = set(), 0
    for document in map(load_annotation, files_to_tune_on()):
        if document.media is not Media.PDF or not document.tables:
            continue
        stitched = stitch(labelled_fragments(document.tables))
        n_tables += len(document.tables)
        for found, annotated in zip(stitched, document.tables, strict=True):
            if content(found) != content(annotated.table):
                wrong.add((document.id, annotated.table.id))
    assert n_tables > 150
    assert wrong == CUT_ROWS


@pytest.mark.parametrize("path", SEED_FILES, ids=lambda path: path.stem)
def test_other_tables_do_not_matter(path: Path) -> None:
    document = load_annotation(path)
    together = stitch(labelled_fragments(document.tables))
    for found, annotated in zip(together, document.tables, strict=True):
        (alone,) = stitch(labelled_fragments([annotated]))
        assert content(alone) == content(found)


def joins(fragments: Sequence[LabelledFragment]) -> list[tuple[int, ...]]:
    return [tuple(part.page for part in table.fragments) for table in stitch(fragments)]


@pytest.mark.parametrize("path", SEED_FILES, ids=lambda path: path.stem)
def test_stitching_again_changes_nothing(path: Path) -> None:
    """A table that is one piece, as the stitched ones are, comes back as it is."""
    for annotated in load_annotation(path).tables:
        (table,) = stitch(labelled_fragments([cut(annotated, [])]))
        assert body(table) == body(annotated.table)


COPIES = st.sampled_from(["header", "header and numbers", "nothing"])
CAPTIONS = st.sampled_from(["title and lines", "lines", "nothing"])
TABLES = {
    f"{path.stem}/{annotated.table.id}": annotated for path in SEED_FILES for annotated in load_annotation(path).tables
}
LONG = [name for name, one in TABLES.items() if one.table.n_rows >= max(one.table.n_header_rows, 1) + 1]


def header_copy(table: Table, copied: str) -> tuple[Cell, ...]:
    """The header cells as a page prints them again; key/value rows above the header are not."""
    wanted = {"header": [HEADER], "header and numbers": [HEADER, NUMBERS], "nothing": []}[copied]
    rows = [row for row in range(table.n_header_rows) if table.row_roles[row] in wanted]
    return tuple(replace(cell, row=cell.row - rows[0]) for cell in table.cells if cell.row in rows)


def cut(
    annotated: AnnotatedTable, rows: Sequence[int], copied: str = "nothing", captions: str = "nothing"
) -> AnnotatedTable:
    """The table on one more page for each of ``rows``, after which a page ends."""
    table = annotated.table
    lines = table.caption.lines
    printed = {"title and lines": lines, "lines": lines[1:], "nothing": ()}[captions]
    starts, ends = [0, *(row + 1 for row in rows)], [*rows, table.n_rows - 1]
    parts = tuple(
        AnnotatedFragment(
            page, first, last, printed if page > 1 else lines, header_copy(table, copied) if page > 1 else ()
        )
        for page, (first, last) in enumerate(zip(starts, ends, strict=True), start=1)
    )
    return replace(annotated, fragments=parts)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(data=st.data(), name=st.sampled_from(LONG), copied=COPIES, captions=CAPTIONS)
def test_any_table_cut_anywhere_comes_back(data: st.DataObject, name: str, copied: str, captions: str) -> None:
    annotated = TABLES[name]
    table = annotated.table
    ends = st.integers(max(table.n_header_rows - 1, 0), table.n_rows - 2)
    rows = sorted(data.draw(st.sets(ends, min_size=1, max_size=2)))
    (found,) = stitch(labelled_fragments([cut(annotated, rows, copied, captions)]))
    assert body(found) == body(table)
    assert [(f.first_row, f.last_row) for f in found.fragments] == [
        (f.first_row, f.last_row) for f in cut(annotated, rows).fragments
    ]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(first=st.sampled_from(sorted(TABLES)), second=st.sampled_from(sorted(TABLES)))
def test_tables_with_other_titles_stay_apart(first: str, second: str) -> None:
    one, two = TABLES[first], TABLES[second]
    assume(one.table.title != two.table.title and two.table.title)
    upper = labelled_fragments([cut(one, [])])[0]
    lower = labelled_fragments([cut(two, [])])[0]
    caption = replace(lower.fragment.caption, title=two.table.title)
    lower = replace(lower, fragment=replace(lower.fragment, page=2, caption=caption))
    assert joins([upper, lower]) == [(1,), (2,)]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data(), first=st.sampled_from(sorted(TABLES)), second=st.sampled_from(LONG))
def test_a_neighbour_does_not_matter(data: st.DataObject, first: str, second: str) -> None:
    """The parts of a table are found alike whatever stands in front of it."""
    one, two = TABLES[first], TABLES[second]
    table = two.table
    assume(one.table.title != table.title and table.n_header_rows < table.n_rows - 1)
    row = data.draw(st.integers(table.n_header_rows, table.n_rows - 2))
    before = labelled_fragments([cut(one, [])])
    parts = [
        replace(part, fragment=replace(part.fragment, page=part.fragment.page + 1))
        for part in labelled_fragments([cut(two, [row], "header")])
    ]
    caption = replace(parts[0].fragment.caption, title=table.title)
    parts[0] = replace(parts[0], fragment=replace(parts[0].fragment, caption=caption))
    assert joins([*before, *parts]) == [(1,), (2, 3)]


@pytest.mark.parametrize("path", SEED_FILES, ids=lambda path: path.stem)
def test_tables_are_told_apart_without_titles(path: Path) -> None:
    """Where every line above the tables was missed, the rows alone tell nearly all tables apart."""
    fragments = labelled_fragments(load_annotation(path).tables)
    bare = [replace(one, fragment=replace(one.fragment, caption=Caption())) for one in fragments]
    truth, found = joins(fragments), joins(bare)
    assert len(set(truth) - set(found)) <= 0.05 * len(truth)
