"""Annotations as truth: with real files, and laid out again with the boxes of the layout."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import pymupdf
import pytest

from lanci.annotation import load_annotation
from lanci.document import Box
from lanci.text import squash
from lanci_eval.datasets import DatasetError, load_dataset, parse_dataset
from lanci_eval.datasets.base import Contents
from lanci_eval.datasets.truth import TruthError, annotation_to_truth, complete_cells
from lanci_eval.demo import last_main_page
from lanci_eval.records import EvalCell, EvalFragment, EvalTable

ANNOTATIONS = Path(__file__).parents[3] / "annotations" / "documents"
IDS = ["gaoyi-2021", "julu-2022", "linxi-2021", "pingxiang-2023", "xushui-2024"]
"""The documents that were annotated from a text."""


@cache
def generated(form: str = "both") -> Contents:
    return load_dataset(parse_dataset(f"generated:{ANNOTATIONS},form={form},dpi=100", None, 0))


def test_both_forms_of_all_documents_are_there_in_groups() -> None:
    contents = generated()
    assert contents.rejected == ()
    assert [item.id for item in contents.items] == sorted(
        f"{name}-{form}" for name in IDS for form in ("digital", "scan")
    )
    assert {item.group for item in contents.items} == set(IDS)
    scans = [item for item in contents.items if item.id.endswith("-scan")]
    assert {item.tags for item in scans} == {(("dpi", "100"), ("form", "scan"))}


@pytest.mark.parametrize("name", ["julu-2022", "linxi-2021"])
def test_the_boxes_hold_the_texts_of_the_digital_form(name: str, tmp_path: Path) -> None:
    item = next(item for item in generated().items if item.id == f"{name}-digital")
    assert item.truth is not None and item.evidence is not None
    path = item.materialize(tmp_path)
    assert item.evidence(tmp_path) == path
    with pymupdf.open(path) as pdf:
        chars = [page_chars(page) for page in pdf]
    for table in item.truth.tables:
        assert covers(table)
        for cell in table.cells:
            end = next(f.last_row for f in table.fragments if f.page == cell.page)
            assert cell.box is not None and cell.row <= end
            assert inner_text(chars[cell.page - 1], cell.box) == squash(cell.text), f"{table.id} {cell}"
        for fragment in table.fragments:
            assert fragment.box is not None
            for cell in fragment.repeated:
                assert cell.box is not None and cell.role is not None
                assert inner_text(chars[fragment.page - 1], cell.box) == squash(cell.text)


def page_chars(page: pymupdf.Page) -> list[tuple[float, float, str]]:
    spans = [s for b in page.get_text("rawdict")["blocks"] for line in b["lines"] for s in line["spans"]]
    found = [
        ((c["bbox"][0] + c["bbox"][2]) / 2, (c["bbox"][1] + c["bbox"][3]) / 2, c["c"])
        for s in spans
        for c in s["chars"]
    ]
    return [char for char in found if char[2].strip()]


def inner_text(chars: list[tuple[float, float, str]], box: Box) -> str:
    return squash("".join(char for x, y, char in chars if box.contains(x, y)))


def covers(table: EvalTable) -> bool:
    places = sorted((row, col) for cell in table.cells for row in cell.rows for col in cell.cols)
    return places == [(row, col) for row in range(table.n_rows) for col in range(table.n_cols)]


def test_the_truth_says_all_that_the_annotation_says() -> None:
    document = load_annotation(ANNOTATIONS / "julu-2022.json")
    item = next(item for item in generated().items if item.id == "julu-2022-digital")
    assert item.truth is not None
    for truth, annotated in zip(item.truth.tables, document.tables, strict=True):
        table = annotated.table
        assert (truth.id, truth.type, truth.title, truth.unit) == (
            table.id,
            table.type,
            table.title,
            table.caption.unit,
        )
        assert (truth.n_rows, truth.n_cols, truth.n_header_rows) == (table.n_rows, table.n_cols, table.n_header_rows)
        assert [c.text for c in truth.cells] == [c.text for c in table.cells]
        assert [c.role for c in truth.cells] == [c.role for c in table.cells]
        assert [f.page for f in truth.fragments] == [f.page for f in annotated.fragments]
        assert [len(f.repeated) for f in truth.fragments] == [len(f.repeated_header) for f in annotated.fragments]
    assert any("1210" in remark for remark in item.remarks), "errors of the source are passed on"


def test_a_scan_has_the_leading_pages_no_text_and_evidence_page_for_page(tmp_path: Path) -> None:
    document = load_annotation(ANNOTATIONS / "linxi-2021.json")
    item = next(item for item in generated().items if item.id == "linxi-2021-scan")
    assert item.truth is not None and item.evidence is not None
    with pymupdf.open(item.materialize(tmp_path)) as scan, pymupdf.open(item.evidence(tmp_path)) as evidence:
        assert scan.page_count == evidence.page_count == last_main_page(document)
        assert not any(page.get_text() for page in scan)
        assert all(page.get_text() for page in evidence)
    pages = {fragment.page for table in item.truth.tables for fragment in table.fragments}
    assert max(pages) == last_main_page(document)
    assert all(cell.box is None for table in item.truth.tables for cell in table.cells)


def test_a_limit_and_wrong_options() -> None:
    assert len(load_dataset(parse_dataset(f"generated:{ANNOTATIONS},form=scan", 2, 0)).items) == 2
    for option in ("form=paper", "dpi=9000", "dpi=two"):
        with pytest.raises(DatasetError, match=option):
            load_dataset(parse_dataset(f"generated:{ANNOTATIONS},{option}", None, 0))


def test_files_are_found_by_their_hash_wherever_they_are(tmp_path: Path) -> None:
    real = tmp_path / "files" / "深处" / "随便.pdf"
    real.parent.mkdir(parents=True)
    shutil.copy(Path(__file__).parents[2] / "resources" / "demo" / "linxi-2021.pdf", real)
    (tmp_path / "truth").mkdir()
    digest = hashlib.sha256(real.read_bytes()).hexdigest()
    annotate(tmp_path / "truth" / "one.json", "linxi-2021", media="pdf", sha256=digest)
    annotate(tmp_path / "truth" / "two.json", "linxi-2021", media="pdf")
    annotate(tmp_path / "truth" / "three.json", "julu-2022", media="pdf")
    annotate(tmp_path / "truth" / "text.json", "gaoyi-2021")
    (tmp_path / "truth" / "cut.json").write_text('{"schema": "lanci/ann', encoding="utf-8")
    contents = load_dataset(parse_dataset(f"annotations:{tmp_path / 'truth'},files={tmp_path / 'files'}", None, 0))
    (item,) = contents.items
    assert item.materialize(tmp_path) == real
    assert item.evidence is not None and item.evidence(tmp_path) == real, "a digital file is its own evidence"
    assert item.truth is not None and item.truth.tables[0].cells[0].box is None
    reasons = {one.id: one.reason for one in contents.rejected}
    assert "not a JSON file" in reasons["cut"]
    assert "another file describes linxi-2021" in reasons["two"]
    assert "SHA-256" in reasons["julu-2022"]
    assert "gaoyi-2021" not in reasons, "a text has no file that could be missing"


def test_only_documents_of_the_asked_sides_are_taken(tmp_path: Path) -> None:
    splits = ANNOTATIONS.parent / "splits.json"
    request = f"annotations:{ANNOTATIONS},files={tmp_path}"
    everything, train, rest = (
        {one.id for one in load_dataset(parse_dataset(f"{request}{option}", None, 0)).rejected}
        for option in ("", ",side=train", f",side=dev+test,splits={splits}")
    )
    assert train and rest and not train & rest and train | rest == everything
    for option, message in (("side=exam", "there are: train, dev, test"), ("side=dev,splits=no.json", "splits=FILE")):
        with pytest.raises(DatasetError, match=message):
            load_dataset(parse_dataset(f"{request},{option}", None, 0))


def test_annotated_boxes_are_those_of_the_truth() -> None:
    table = load_annotation(ANNOTATIONS / "linxi-2021.json").tables[0]
    upper, lower = table.fragments
    frame, heading, amount = Box(40, 60, 500, 700), Box(40, 60, 80, 90), Box(300, 100, 380, 118)
    header = (replace(lower.repeated_header[0], box=heading), *lower.repeated_header[1:])
    cells = tuple(replace(c, box=amount) if (c.row, c.col) == (5, 2) else c for c in table.table.cells)
    placed = replace(
        table,
        table=replace(table.table, cells=cells),
        fragments=(upper, replace(lower, box=frame, repeated_header=header)),
    )
    (truth,) = annotation_to_truth([placed]).tables
    assert {(c.row, c.col): c.box for c in truth.cells if c.box is not None} == {(5, 2): amount}
    assert [f.box for f in truth.fragments] == [None, frame]
    assert [c.box for c in truth.fragments[1].repeated] == [heading] + [None] * (len(header) - 1)
    (elsewhere,) = annotation_to_truth([placed], layout={}).tables
    assert all(
        thing.box is None for thing in (*elsewhere.cells, *elsewhere.fragments, *elsewhere.fragments[1].repeated)
    )


def annotate(path: Path, name: str, **about: str) -> None:
    content = json.loads((ANNOTATIONS / f"{name}.json").read_text(encoding="utf-8"))
    content["document"] |= about
    path.write_text(json.dumps(content), encoding="utf-8")


def test_annotations_need_a_folder_of_files(tmp_path: Path) -> None:
    for option in ("", f",files={tmp_path / 'nowhere'}"):
        with pytest.raises(DatasetError, match="files=FOLDER"):
            load_dataset(parse_dataset(f"annotations:{ANNOTATIONS}{option}", None, 0))


def test_gaps_are_filled_and_contradictions_refused() -> None:
    fragments = (EvalFragment(4, 0, 0), EvalFragment(5, 1, 1))
    cells = [EvalCell(1, 1, 1, 1, "b", 5), EvalCell(0, 0, 1, 2, "a", 4)]
    full = complete_cells(cells, fragments, "t")
    assert [(c.row, c.col, c.text, c.page) for c in full] == [(0, 0, "a", 4), (1, 0, "", 5), (1, 1, "b", 5)]
    for wrong, message in (
        (EvalCell(0, 1, 2, 1, "x", 4), "another cell covers row 0, column 1"),
        (EvalCell(2, 0, 1, 1, "x", 5), "stands on no page"),
        (EvalCell(-1, 0, 1, 1, "x", 4), "begins before the table"),
        (EvalCell(1, 0, 0, 1, "x", 4), "ends before it begins"),
        (EvalCell(1, 2, 100_000, 100_000, "x", 4), "too many"),
    ):
        with pytest.raises(TruthError, match=message):
            complete_cells([*cells, wrong], fragments, "t")
