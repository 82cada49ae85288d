"""Twins of the demo documents: a truth where two extractors agree, none where they do not, the same twins again."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import pymupdf
import pytest

from lanci.annotation import AnnotatedTable, load_annotation
from lanci.parsing import parse
from lanci.text import squash
from lanci_eval.datasets.agreement import agree_on_page, compare_readings
from lanci_eval.datasets.base import Contents, DatasetRequest
from lanci_eval.datasets.request import DatasetError
from lanci_eval.datasets.twins import Twins
from lanci_eval.records import Extraction
from lanci_eval.scanning import PROFILES, page_to_pdf
from lanci_eval.systems.base import Limits, SystemRequest
from lanci_eval.systems.lanci_system import document_to_extraction
from lanci_eval.systems.pdfplumber_system import PdfplumberSystem

ROOT = Path(__file__).parents[3]
DEMO = ROOT / "tests" / "resources" / "demo"


def write_page(number: int, folder: Path) -> Path:
    path = folder / "page.pdf"
    with pymupdf.open(DEMO / "linxi-2021.pdf") as source:
        path.write_bytes(page_to_pdf(source, number))
    return path


@cache
def annotated_alone() -> tuple[AnnotatedTable, ...]:
    """The tables of the demo document that share their page with no other and lie on that page whole."""
    tables = load_annotation(ROOT / "annotations" / "documents" / "linxi-2021.json").tables
    pages = [part.page for table in tables for part in table.fragments]
    return tuple(t for t in tables if len(t.fragments) == 1 and pages.count(t.fragments[0].page) == 1)


def load(folder: Path, seed: int = 0, limit: int | None = None, **options: str) -> Contents:
    return Twins().load(DatasetRequest("twins", folder, tuple(options.items()), limit, seed))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two digital documents in folders, a scan, and a page of the web under a wrong name."""
    root = tmp_path_factory.mktemp("pdfs")
    (root / "甲 市").mkdir()
    shutil.copy(DEMO / "linxi-2021.pdf", root / "甲 市" / "budget.pdf")
    shutil.copy(DEMO / "julu-2022.pdf", root / "julu.pdf")
    shutil.copy(DEMO / "linxi-2021-scan.pdf", root / "scan.pdf")
    (root / "web.pdf").write_text("<!DOCTYPE html><html><title>404</title></html>", encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def readings(tmp_path_factory: pytest.TempPathFactory) -> tuple[Extraction, Extraction]:
    path = write_page(3, tmp_path_factory.mktemp("page"))
    request = SystemRequest("pdfplumber", "pdfplumber")
    return document_to_extraction(parse(path)), PdfplumberSystem(request, Limits()).extract(path)


# Truth by agreement


@pytest.mark.parametrize("table", annotated_alone()[:3], ids=lambda table: table.table.id)
def test_the_agreed_truth_is_what_is_annotated(table: AnnotatedTable, tmp_path: Path) -> None:
    agreement = agree_on_page(write_page(table.fragments[0].page, tmp_path))
    assert agreement.reason == ""
    assert agreement.truth is not None
    (found,) = agreement.truth.tables
    assert (found.n_rows, found.n_cols) == (table.table.n_rows, table.table.n_cols)
    expected = [(c.row, c.col, c.row_span, c.col_span, c.text) for c in table.table.cells]
    assert [(c.row, c.col, c.row_span, c.col_span, c.text) for c in found.cells] == expected
    assert {(c.page, c.box, c.role, c.confidence) for c in found.cells} == {(1, None, None, None)}
    assert [(f.page, f.first_row, f.last_row, f.box) for f in found.fragments] == [(1, 0, found.n_rows - 1, None)]
    assert (found.n_header_rows, found.type, found.unit) == (None, None, table.table.caption.unit)


def test_a_page_without_tables_has_no_truth(tmp_path: Path) -> None:
    document = pymupdf.open()
    document.new_page().insert_text((72, 72), "Total 1,234.50")
    document.save(tmp_path / "prose.pdf")
    agreement = agree_on_page(tmp_path / "prose.pdf")
    assert agreement.truth is None
    assert agreement.reason == "lanci and pdfplumber find no table"


def test_white_space_and_frames_of_one_cell_are_no_difference(readings: tuple[Extraction, Extraction]) -> None:
    ours, theirs = readings
    (table,) = theirs.tables
    spaced = replace(table, cells=tuple(replace(c, text=" ".join(c.text)) for c in table.cells))
    frame = replace(table, id="frame", n_rows=1, n_cols=1, cells=table.cells[:1])
    assert compare_readings(ours, theirs).truth is not None
    assert compare_readings(ours, Extraction((spaced, frame))) == compare_readings(ours, theirs)


def test_any_difference_leaves_no_truth(readings: tuple[Extraction, Extraction]) -> None:
    ours, theirs = readings
    (table,) = theirs.tables
    amount = next(i for i, c in enumerate(table.cells) if squash(c.text) == "722.61")
    cells = list(table.cells)
    altered = [*cells[:amount], replace(cells[amount], text="722.67"), *cells[amount + 1 :]]
    wide = next(i for i, c in enumerate(cells) if c.col_span > 1)
    narrowed = [*cells[:wide], replace(cells[wide], col_span=1), *cells[wide + 1 :]]
    cases = {
        "'722.61' against '722.67'": (replace(table, cells=tuple(altered)),),
        "the spans": (replace(table, cells=tuple(narrowed)),),
        f"{table.n_rows} x {table.n_cols} cells against": (replace(table, n_rows=table.n_rows + 1),),
        "lanci finds 1 tables, pdfplumber 2": (table, replace(table, id="again")),
        "lanci finds 1 tables, pdfplumber 0": (),
    }
    for reason, tables in cases.items():
        agreement = compare_readings(ours, Extraction(tables))
        assert agreement.truth is None
        assert reason in agreement.reason


# The dataset


def test_each_page_comes_in_each_profile(folder: Path, tmp_path: Path) -> None:
    contents = load(folder, pages="4", per_document="2", profiles="coarse+sideways")
    assert len(contents.items) == 8
    assert [item.id for item in contents.items] == sorted(item.id for item in contents.items)
    assert {item.group for item in contents.items} == {"甲_市__budget", "julu"}
    assert len({item.id.rpartition("-")[0] for item in contents.items}) == 4
    for item in contents.items:
        assert [name for name, _ in item.tags] == ["dpi", "profile", "truth"]
        assert dict(item.tags)["truth"] == ("none" if item.truth is None else "agreed")
        assert bool(item.remarks) == (item.truth is None)
    assert sum(item.truth is not None for item in contents.items) >= 4
    coarse, sideways = contents.items[:2]
    assert dict(coarse.tags)["dpi"] == "150"
    assert coarse.truth == sideways.truth
    assert coarse.evidence is not None
    with pymupdf.open(coarse.materialize(tmp_path)) as twin, pymupdf.open(coarse.evidence(tmp_path)) as evidence:
        assert (twin.page_count, evidence.page_count) == (1, 1)
        assert twin[0].get_text() == ""
        assert twin[0].rect == evidence[0].rect
        number = int(coarse.id.split("-p")[1][:3])
        with pymupdf.open(DEMO / "julu-2022.pdf") as source:
            assert evidence[0].get_text() == source[number - 1].get_text() != ""
    with pymupdf.open(sideways.materialize(tmp_path)) as turned:
        assert turned[0].get_text() == ""


def test_the_same_seed_gives_the_same_twins(folder: Path, tmp_path: Path) -> None:
    one, two, other = (load(folder, seed, pages="3", profiles="coarse") for seed in (1, 1, 2))
    assert one == two
    assert [item.id for item in one.items] != [item.id for item in other.items]
    made = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        made.append(one.items[0].materialize(tmp_path / name).read_bytes())
    assert made[0] == made[1]


def test_documents_that_give_no_page_are_named(folder: Path) -> None:
    contents = load(folder, pages="100", per_document="1", profiles="coarse")
    reasons = {one.id: one.reason for one in contents.rejected}
    assert sorted(reasons) == ["scan", "web"]
    assert "HTML" in reasons["web"]
    assert "no page with trusted text" in reasons["scan"]
    assert len(contents.items) == 2
    assert "no page" in load(folder / "julu.pdf", amounts="100000").rejected[0].reason


@pytest.mark.parametrize("covered", [False, True])
def test_pages_with_a_large_picture_are_not_chosen(tmp_path: Path, covered: bool) -> None:
    with pymupdf.open(write_page(3, tmp_path)) as source:
        page = source[0]
        if covered:
            picture = pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.IRect(0, 0, 10, 10), False)
            lower = pymupdf.Rect(0, page.rect.height * 0.6, page.rect.width, page.rect.height)
            page.insert_image(lower, pixmap=picture, keep_proportion=False)
        source.save(tmp_path / "mixed.pdf")
    contents = load(tmp_path / "mixed.pdf", profiles="coarse")
    assert (len(contents.items), len(contents.rejected)) == ((0, 1) if covered else (1, 0))


def test_a_limit_counts_items(folder: Path) -> None:
    assert len(load(folder, limit=3, pages="2", profiles="all").items) == 3


def test_mixed_profiles(folder: Path) -> None:
    contents = load(folder, pages="8", per_document="4", profiles="mixed")
    assert len(contents.items) == 8
    drawn = {dict(item.tags)["profile"] for item in contents.items}
    assert 1 < len(drawn) <= len(PROFILES)
    assert len({item.id.rpartition("-p")[0] + item.id.split("-p")[1][:3] for item in contents.items}) == 8


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"pages": "0"}, "pages=0 must be a whole number of at least 1"),
        ({"per_document": "-1"}, "per_document=-1"),
        ({"amounts": "many"}, "amounts=many"),
        ({"profiles": "office+fax"}, "no profile 'fax'; the profiles are office"),
        ({"dpi": "200"}, "no option dpi"),
    ],
)
def test_options_that_make_no_sense(folder: Path, options: dict[str, str], message: str) -> None:
    with pytest.raises(DatasetError, match=message):
        load(folder, **options)


def test_a_folder_without_pdfs(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"no \.pdf files here"):
        load(tmp_path)
