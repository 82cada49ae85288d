"""ICDAR-2013 truths: coordinates, spans, tables over pages, contradictions, hostile XML."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pymupdf
import pytest

from lanci.document import Box
from lanci_eval.datasets import load_dataset, parse_dataset
from lanci_eval.datasets.base import Contents, Item

REAL = os.environ.get("LANCI_EVAL_ICDAR", "")
"""The folder of the competition, where there is one: its documents are loaded too."""


def write_pdf(path: Path, pages: list[list[tuple[float, float, str]]], rotation: int = 0) -> None:
    """Pages of 400 x 600 points with texts at (x, y of the baseline), before any turn."""
    with pymupdf.open() as pdf:
        for texts in pages:
            page = pdf.new_page(width=400, height=600)
            for x, y, text in texts:
                page.insert_text((x, y), text, fontsize=10, rotate=rotation)
            page.set_rotation(rotation)
        pdf.save(path)


def cell(place: tuple[int, int], text: str, box: tuple[int, int, int, int] | None = None, end: str = "") -> str:
    inner = "<bounding-box x1='{}' y1='{}' x2='{}' y2='{}'/>".format(*box) if box else ""
    content = f"<content>{text}</content><instruction instr-id='1' subinstr-id='0'/>"
    return f"<cell id='1' start-row='{place[0]}' start-col='{place[1]}' {end}>{inner}{content}</cell>"


def region(page: int, *cells: str, down: int = 0, right: int = 0) -> str:
    numbers = f"col-increment='{right}' row-increment='{down}'"
    return f"<region id='1' page='{page}' {numbers}>{''.join(cells)}</region>"


def write_truth(folder: Path, name: str, *tables: str, head: str = "") -> None:
    body = "".join(f"<table id='{number}'>{regions}</table>" for number, regions in enumerate(tables, start=1))
    text = f"<?xml version='1.0' encoding='UTF-8'?>{head}<document filename='{name}'>{body}</document>"
    (folder / f"{name}-str.xml").write_text(text, encoding="utf-8")


def load(folder: Path) -> Contents:
    return load_dataset(parse_dataset(f"icdar2013:{folder}", None, 0))


def load_one(folder: Path) -> Item:
    contents = load(folder)
    assert contents.rejected == ()
    (item,) = contents.items
    return item


def reason(folder: Path) -> str:
    contents = load(folder)
    assert contents.items == ()
    (one,) = contents.rejected
    return one.reason


def test_a_table_over_two_pages_with_spans_and_gaps(tmp_path: Path) -> None:
    write_pdf(tmp_path / "a.pdf", [[(50, 100, "head")], [(50, 60, "next")]])
    first = region(
        1,
        cell((0, 0), "over\nboth", (50, 510, 90, 492), "end-col='1'"),  # corners in any order
        cell((1, 1), "一千\n二百", (100, 470, 140, 480), "end-row='2'"),
    )
    write_truth(tmp_path, "a", first + region(2, cell((0, 1), "next", (100, 538, 140, 550)), down=3))
    (tmp_path / "a-reg.xml").write_text(
        "<document><table id='1'><region id='1' page='1'><bounding-box x1='45' y1='468' x2='142' y2='512'/></region>"
        "<region id='2' page='2'><bounding-box x1='300' y1='1' x2='310' y2='9'/></region></table></document>"
    )
    item = load_one(tmp_path)
    assert item.truth is not None and item.evidence is not None
    (table,) = item.truth.tables
    assert (table.id, table.n_rows, table.n_cols, table.n_header_rows) == ("t001", 4, 2, None)
    assert [(c.row, c.col, c.row_span, c.col_span, c.text, c.page) for c in table.cells] == [
        (0, 0, 1, 2, "over both", 1),
        (1, 0, 1, 1, "", 1),
        (1, 1, 2, 1, "一千二百", 1),
        (2, 0, 1, 1, "", 1),
        (3, 0, 1, 1, "", 2),
        (3, 1, 1, 1, "next", 2),
    ]
    assert table.cells[0].box == Box(50, 90, 90, 108)
    one, two = table.fragments
    assert (one.page, one.first_row, one.last_row, one.box) == (1, 0, 2, Box(45, 88, 142, 132))
    assert (two.page, two.first_row, two.last_row, two.box) == (2, 3, 3, Box(100, 50, 140, 62))
    assert item.remarks == ("table 1: its region and its cells stand in different places; the cells count",)


@pytest.mark.parametrize("height", [400, 600])
def test_boxes_of_a_turned_page_are_found_by_their_texts(tmp_path: Path, height: int) -> None:
    # Displayed, the page is 600 wide and 400 high; "word" stands at x = 100, its baseline at y = 50.
    write_pdf(tmp_path / "a.pdf", [[(50, 500, "word"), (90, 300, "more")]], rotation=90)
    with pymupdf.open(tmp_path / "a.pdf") as pdf:
        words = {w[4]: pymupdf.Rect(w[:4]) * pdf[0].rotation_matrix for w in pdf[0].get_text("words")}
    cells = []
    for col, (text, box) in enumerate(sorted(words.items())):
        cells.append(
            cell((0, col), text, (round(box.x0), round(height - box.y1), round(box.x1), round(height - box.y0)))
        )
    write_truth(tmp_path, "a", region(1, *cells))
    item = load_one(tmp_path)
    assert item.truth is not None
    for found, (_, box) in zip(item.truth.tables[0].cells, sorted(words.items()), strict=True):
        assert found.box is not None
        assert (found.box.x0, found.box.y0, found.box.x1, found.box.y1) == pytest.approx(tuple(box), abs=1)


def test_numbering_that_does_not_begin_at_0_is_shifted(tmp_path: Path) -> None:
    write_pdf(tmp_path / "a.pdf", [[(50, 100, "x")]])
    write_truth(tmp_path, "a", region(1, cell((1, 0), "a"), cell((2, 0), "b"), cell((4, 0), "c"), down=-1))
    item = load_one(tmp_path)
    assert item.truth is not None
    assert [(c.row, c.text) for c in item.truth.tables[0].cells] == [(0, "a"), (1, "b"), (2, "c")]
    assert item.remarks == ("table 1: rows or columns without any cell are left out",)


@pytest.mark.parametrize(
    ("regions", "message"),
    [
        (region(3, cell((0, 0), "a")), "page 3, but the PDF has 1 pages"),
        (region(0, cell((0, 0), "a")), "page 0"),
        (region(1, cell((0, 0), "a", end="end-col='1'"), cell((0, 1), "b")), "another cell covers row 0, column 1"),
        (region(1, cell((0, 0), "a")) + region(1, cell((0, 0), "b")), "another cell covers row 0, column 0"),
        (region(1, cell((0, 2), "a", end="end-col='0'")), "table 1"),
        (region(1, cell((0, 0), "a", end="end-row='900000' end-col='900000'")), "can be true"),
        (region(1), "no cell"),
        ("<region page='1'><cell start-row='x' start-col='0'/></region>", "start-row='x' of a <cell>"),
        ("<region page='1'><cell start-row='0'/></region>", "start-col=None"),
    ],
)
def test_a_truth_that_contradicts_itself_is_rejected(tmp_path: Path, regions: str, message: str) -> None:
    write_pdf(tmp_path / "a.pdf", [[(50, 100, "x")]])
    write_truth(tmp_path, "a", regions)
    assert message in reason(tmp_path)


LAUGHS = [f"<!ENTITY {one} '{f'&{before};' * 10}'>" for before, one in pairwise("abcdefghi")]
BOMB = f"<!DOCTYPE d [<!ENTITY a 'aaaaaaaaaa'>{''.join(LAUGHS)}]>"


@pytest.mark.parametrize(
    ("head", "text", "message"),
    [
        (BOMB, "&i;", "declares a document type"),
        ("<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>", "&x;", "declares a document type"),
        ("<!DOCTYPE d SYSTEM 'http://localhost/x.dtd'>", "x", "declares a document type"),
        ("", "&undeclared;", "no well-formed XML"),
        ("", "<a>" * 100 + "</a>" * 100, "nested"),
        ("", "<cut", "no well-formed XML"),
    ],
)
def test_hostile_xml_is_refused(tmp_path: Path, head: str, text: str, message: str) -> None:
    write_pdf(tmp_path / "a.pdf", [[(50, 100, "x")]])
    write_truth(tmp_path, "a", region(1, cell((0, 0), text)), head=head)
    assert message in reason(tmp_path)


def test_a_truth_without_pdf_says_which_other_truth_is_of_its_document(tmp_path: Path) -> None:
    write_truth(tmp_path, "a", region(1, cell((0, 0), "x")))
    assert reason(tmp_path) == "there is no a.pdf beside a-str.xml; put it there"
    write_pdf(tmp_path / "a.pdf", [[(50, 100, "x")]])
    text = (tmp_path / "a-str.xml").read_text()
    (tmp_path / "b-str.xml").write_text(text)
    (one,) = load(tmp_path).rejected
    assert one.id == "b" and "another truth of the document of a-str.xml" in one.reason


def test_a_damaged_pdf_is_rejected(tmp_path: Path) -> None:
    write_truth(tmp_path, "a", region(1, cell((0, 0), "x")))
    (tmp_path / "a.pdf").write_text("<html>")
    assert "HTML page" in reason(tmp_path)


if REAL:

    def test_the_european_half_loads() -> None:
        contents = load(Path(REAL))
        assert len(contents.items) == 27
        assert [one.id.rpartition("__")[2] for one in contents.rejected] == ["eu-009b"]
        truths = [item.truth for item in contents.items if item.truth is not None]
        assert sum(len(truth.tables) for truth in truths) == 76
        assert sum(bool(cell.text) for truth in truths for table in truth.tables for cell in table.cells) == 3743
