"""Scans of documents whose truth is known: pages of their own with the truth cut to them, and whole documents."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest
from tests.unit.eval.builders import LEFT, UP, make_table
from tests.unit.eval.printed_annotations import as_json, print_annotation

from lanci.annotation import AnnotatedDocument, AnnotatedPage
from lanci.document import Box
from lanci.errors import DamagedError
from lanci.text import squash
from lanci_eval.datasets import DatasetError, load_dataset, parse_dataset
from lanci_eval.datasets.base import Contents, FixedFile, Item
from lanci_eval.datasets.page_truth import page_truth, run_truth, whole_pages, whole_runs, without_boxes
from lanci_eval.datasets.scans import DigitalPage, ScanFile
from lanci_eval.records import EvalTable, Extraction
from lanci_eval.scanning import Degradation

HEADER = [["科目", "支出", LEFT], [UP, "基本", "项目"]]
BODY = [["类", "1.00", "2.00"], ["款", "3.00", "4.00"], ["项", "5.00", "6.00"]]
ROLES = ("subject_name", "amount", "amount")


# The truth of a page


def long_table(*, repeated: bool, rows: list[list[str]] | None = None) -> EvalTable:
    """Two header rows and three others: two of these on page 3, the last on page 4."""
    return make_table(
        HEADER + (rows or BODY),
        "t001",
        [(3, 0, 3), (4, 4, 4)],
        header=2,
        roles=ROLES,
        repeated=HEADER if repeated else (),
        type="expenditure_summary",
        title="支出表",
        unit="万元",
    )


def texts(table: EvalTable) -> list[tuple[int, int, int, int, str]]:
    return [(cell.row, cell.col, cell.row_span, cell.col_span, cell.text) for cell in table.cells]


def test_the_first_page_of_a_table_has_its_header_type_and_title() -> None:
    (table,) = page_truth(Extraction((long_table(repeated=False),)), 3).tables
    assert texts(table) == texts(make_table(HEADER + BODY[:2]))
    assert (table.n_rows, table.n_cols, table.n_header_rows) == (4, 3, 2)
    assert (table.type, table.title, table.unit) == ("expenditure_summary", "支出表", "万元")
    assert [(part.page, part.first_row, part.last_row) for part in table.fragments] == [(1, 0, 3)]
    assert {cell.page for cell in table.cells} == {1}
    assert [cell.role for cell in table.cells if cell.text == "3.00"] == ["amount"]


def test_a_continuation_has_the_header_that_its_page_prints_again_and_no_title() -> None:
    (table,) = page_truth(Extraction((long_table(repeated=True),)), 4).tables
    assert texts(table) == texts(make_table([*HEADER, BODY[2]]))
    assert (table.n_rows, table.n_header_rows, table.type, table.title) == (3, 2, None, "")
    (bare,) = page_truth(Extraction((long_table(repeated=False),)), 4).tables
    assert texts(bare) == texts(make_table(BODY[2:]))
    assert (bare.n_rows, bare.n_header_rows, bare.unit) == (1, 0, "万元")


def test_a_table_of_unknown_header_keeps_that_and_other_pages_have_nothing() -> None:
    unknown = replace(long_table(repeated=False), n_header_rows=None)
    assert page_truth(Extraction((unknown,)), 4).tables[0].n_header_rows is None
    assert page_truth(Extraction((unknown,)), 5) == Extraction()


def test_pages_with_a_cell_that_the_page_break_cuts_are_not_whole() -> None:
    cut = [BODY[0], ["款", "3.00", "4.00"], [UP, "5.00", "6.00"]]
    blank = [BODY[0], ["", "3.00", "4.00"], [UP, "5.00", "6.00"]]
    other = make_table([["甲", "乙"]], "t002", [(7, 0, 0)])
    assert whole_pages(Extraction((long_table(repeated=False), other))) == (3, 4, 7)
    assert whole_pages(Extraction((long_table(repeated=False, rows=cut), other))) == (7,)
    assert whole_pages(Extraction((long_table(repeated=False, rows=blank), other))) == (3, 4, 7)
    first, second = (page_truth(Extraction((long_table(repeated=False, rows=cut),)), page).tables[0] for page in (3, 4))
    assert texts(first)[-3:] == [(3, 0, 1, 1, "款"), (3, 1, 1, 1, "3.00"), (3, 2, 1, 1, "4.00")]
    assert texts(second) == [(0, 0, 1, 1, ""), (0, 1, 1, 1, "5.00"), (0, 2, 1, 1, "6.00")]


def test_a_run_is_as_long_as_the_tables_on_it_that_go_on() -> None:
    first = long_table(repeated=True)
    second = make_table(BODY, "t002", [(4, 0, 1), (5, 2, 2)])
    alone = make_table(BODY, "t003", [(7, 0, 2)])
    last = make_table(BODY, "t004", [(8, 0, 1), (9, 2, 2)])
    truth = Extraction((first, second, alone, last))
    assert whole_runs(truth) == ((3, 4, 5), (8, 9))
    one, other = run_truth(truth, (3, 4, 5)).tables
    assert [[part.page for part in table.fragments] for table in (one, other)] == [[1, 2], [2, 3]]
    assert [cell.page for cell in one.cells if cell.col == 0] == [1, 1, 1, 2]
    assert {cell.page for cell in one.fragments[1].repeated} == {2}
    assert texts(one) == texts(first)
    assert (one.type, one.title, one.n_header_rows) == (first.type, first.title, 2)
    assert whole_runs(Extraction((alone,))) == ()


def test_without_boxes_nothing_else_changes() -> None:
    table = long_table(repeated=True)
    box = Box(0, 0, 10, 10)
    placed = replace(
        table,
        cells=tuple(replace(cell, box=box) for cell in table.cells),
        fragments=tuple(
            replace(part, box=box, repeated=tuple(replace(cell, box=box) for cell in part.repeated))
            for part in table.fragments
        ),
    )
    assert without_boxes(Extraction((placed,))) == Extraction((table,))


# The dataset


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> tuple[AnnotatedDocument, Path, Path]:
    """An annotated document of eight pages, its folder of annotations, and its PDF."""
    root = tmp_path_factory.mktemp("printed")
    (root / "truth").mkdir()
    document, pdf = print_annotation("linxi-2021", 8, root)
    write_truth(document, root / "truth")
    return document, root / "truth", pdf


def write_truth(document: AnnotatedDocument, folder: Path) -> None:
    (folder / f"{document.id}.json").write_text(json.dumps(as_json(document)), encoding="utf-8")


def load(truth: Path, files: Path, options: str, limit: int | None = None, seed: int = 0) -> Contents:
    return load_dataset(parse_dataset(f"annotations:{truth},files={files},{options}", limit, seed))


def test_each_page_is_an_item_in_every_profile(printed: tuple[AnnotatedDocument, Path, Path], tmp_path: Path) -> None:
    document, truth, pdf = printed
    contents = load(truth, pdf.parent, "profiles=office+coarse,pages=2")
    assert contents.rejected == ()
    names = {item.id.rpartition("-")[0] for item in contents.items}
    assert len(contents.items) == 4
    assert {item.id for item in contents.items} == {f"{name}-{profile}" for name in names for profile in PROFILES}
    for item in contents.items:
        profile = item.id.rpartition("-")[2]
        assert (item.group, dict(item.tags)) == (
            document.id,
            {"form": "scan", "profile": profile, "dpi": PROFILES[profile]},
        )
        check_page(item, tmp_path)
    assert load(truth, pdf.parent, "profiles=coarse,pages=1").items == tuple(
        item for item in load(truth, pdf.parent, "profiles=coarse+office,pages=1").items if item.id.endswith("coarse")
    )


PROFILES = {"office": "200", "coarse": "150"}


def check_page(item: Item, folder: Path) -> None:
    """Its scan is one page without text, its evidence one page that prints all texts of its truth."""
    assert item.truth is not None and item.evidence is not None
    with pymupdf.open(item.materialize(folder)) as scan, pymupdf.open(item.evidence(folder)) as evidence:
        assert scan.page_count == evidence.page_count == 1
        assert not scan[0].get_text() and scan[0].get_images()
        shown = squash(evidence[0].get_text())
    assert item.truth.tables
    for table in item.truth.tables:
        assert all(squash(char) in shown for cell in table.cells for char in squash(cell.text))
        assert all(cell.box is None and cell.page == 1 for cell in table.cells)


def test_all_profiles_of_a_page_have_one_seed_and_the_run_decides_it(
    printed: tuple[AnnotatedDocument, Path, Path],
) -> None:
    _, truth, pdf = printed
    first, again = (load(truth, pdf.parent, "profiles=office+fine,pages=1", seed=seed).items for seed in (1, 1))
    seeds = {item.materialize.seed for item in first if isinstance(item.materialize, ScanFile)}
    assert len(seeds) == 1
    assert first == again
    drawn = {load(truth, pdf.parent, "profiles=office,pages=1", seed=seed).items[0].id for seed in range(8)}
    assert len(drawn) > 1, "the seed decides which pages are drawn"


def test_the_limit_counts_items(printed: tuple[AnnotatedDocument, Path, Path]) -> None:
    _, truth, pdf = printed
    assert len(load(truth, pdf.parent, "profiles=office+coarse,pages=5", limit=3).items) == 3


def test_whole_documents_are_one_item_with_all_pages(
    printed: tuple[AnnotatedDocument, Path, Path], tmp_path: Path
) -> None:
    document, truth, pdf = printed
    (item,) = load(truth, pdf.parent, "profiles=coarse,pages=all").items
    assert item.id == f"{document.id}-coarse"
    assert item.evidence is not None and item.evidence(tmp_path) == pdf
    with pymupdf.open(item.materialize(tmp_path)) as scan:
        assert scan.page_count == document.n_pages
        assert not any(page.get_text() for page in scan)
    assert item.truth is not None
    assert [table.id for table in item.truth.tables] == [table.table.id for table in document.tables]
    assert any(len(table.fragments) > 1 for table in item.truth.tables)
    assert all(cell.box is None for table in item.truth.tables for cell in table.cells)


def test_a_run_is_an_item_of_its_own_with_whole_tables(
    printed: tuple[AnnotatedDocument, Path, Path], tmp_path: Path
) -> None:
    document, truth, pdf = printed
    items = load(truth, pdf.parent, "profiles=coarse,runs=9").items
    assert items
    for item in items:
        first, last = (int(text) for text in item.id.removesuffix("-coarse").split("-p")[-2:])
        assert item.truth is not None and item.evidence is None
        with pymupdf.open(item.materialize(tmp_path)) as scan:
            assert scan.page_count == last - first + 1 > 1
        parts = [part for table in item.truth.tables for part in table.fragments]
        assert {part.page for part in parts} == set(range(1, last - first + 2))
    on_several = [table for table in document.tables if len({part.page for part in table.fragments}) > 1]
    shown = [table.id for item in items if item.truth for table in item.truth.tables if len(table.fragments) > 1]
    assert shown == [table.table.id for table in on_several]


def test_remarks_are_those_of_the_tables_shown(printed: tuple[AnnotatedDocument, Path, Path], tmp_path: Path) -> None:
    document, _, pdf = printed
    wrong = tuple(replace(table, inconsistencies=("1 + 1 = 3",)) for table in document.tables)
    write_truth(replace(document, tables=wrong), tmp_path)
    for item in load(tmp_path, pdf.parent, "profiles=coarse,pages=8").items:
        assert item.truth is not None
        told = {remark.partition(":")[0] for remark in item.remarks}
        assert told == {table.id for table in item.truth.tables}


def test_scans_are_not_scanned_again_and_a_missing_file_is_told_once(
    printed: tuple[AnnotatedDocument, Path, Path], tmp_path: Path
) -> None:
    document, _, pdf = printed
    write_truth(replace(document, id="scan", scanned=True), tmp_path)
    write_truth(replace(document, id="lost", sha256="0" * 64), tmp_path)
    contents = load(tmp_path, pdf.parent, "profiles=office+coarse+fine")
    assert contents.items == ()
    assert [one.id for one in contents.rejected] == ["lost"]


def test_any_page_of_a_document_without_tables_is_an_item_without_tables(
    printed: tuple[AnnotatedDocument, Path, Path], tmp_path: Path
) -> None:
    document, _, pdf = printed
    write_truth(replace(document, tables=(), narrative=(), layout="no-tables"), tmp_path)
    items = load(tmp_path, pdf.parent, "profiles=office,pages=3").items
    assert [item.truth for item in items] == [Extraction()] * 3


def test_pages_that_no_profile_can_scan_are_not_drawn(
    printed: tuple[AnnotatedDocument, Path, Path], tmp_path: Path
) -> None:
    document, truth, pdf = printed
    numbers = {item.id.split("-p")[1][:3] for item in load(truth, pdf.parent, "profiles=fine,pages=8").items}
    large = tuple(AnnotatedPage(page.number, 5000, 5000) if page.number == 3 else page for page in document.pages)
    write_truth(replace(document, pages=large), tmp_path)
    left = {item.id.split("-p")[1][:3] for item in load(tmp_path, pdf.parent, "profiles=fine,pages=8").items}
    assert "003" in numbers and numbers - left == {"003"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("profiles=office+polaroid", "polaroid"),
        ("profiles=office,pages=0", "pages=0"),
        ("profiles=office,pages=some", "pages=some"),
        ("pages=3", "add profiles="),
        ("runs=3", "add profiles="),
        ("profiles=office,runs=all", "runs=all"),
        ("profiles=office,runs=2,pages=2", "exclude each other"),
    ],
)
def test_wrong_options(printed: tuple[AnnotatedDocument, Path, Path], options: str, message: str) -> None:
    _, truth, pdf = printed
    with pytest.raises(DatasetError, match=message):
        load(truth, pdf.parent, options)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nnothing")
    for maker in (
        ScanFile(FixedFile(broken), (2,), "scan.pdf", 0, Degradation()),
        DigitalPage(FixedFile(broken), 2, "page.pdf"),
    ):
        with pytest.raises(DamagedError, match=r"broken\.pdf, page 2 cannot be drawn"):
            maker(tmp_path)


def test_the_factory_gives_scans_too(printed: tuple[AnnotatedDocument, Path, Path], tmp_path: Path) -> None:
    document, _, pdf = printed
    write_truth(document, tmp_path)
    (tmp_path / f"{document.id}.pdf").write_bytes(pdf.read_bytes())
    (item,) = load_dataset(parse_dataset(f"factory:{tmp_path},profiles=coarse,pages=1", None, 0)).items
    assert dict(item.tags) == {"form": "scan", "profile": "coarse", "dpi": "150", "layout": document.layout}
    (tmp_path / "made").mkdir()
    check_page(item, tmp_path / "made")
