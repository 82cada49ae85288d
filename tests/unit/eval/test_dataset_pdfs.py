"""Folders of real PDFs: what is taken, what is not and why."""

from __future__ import annotations

import shutil
from pathlib import Path

import pymupdf

from lanci_eval.datasets import load_dataset, parse_dataset

DEMO = Path(__file__).parents[2] / "resources" / "demo"


def test_digital_scanned_and_mixed_pdfs_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "石家庄").mkdir()
    shutil.copy(DEMO / "linxi-2021.pdf", tmp_path / "石家庄" / "预算.PDF")
    shutil.copy(DEMO / "linxi-2021-scan.pdf", tmp_path / "scan.pdf")
    with pymupdf.open(DEMO / "linxi-2021-scan.pdf") as mixed, pymupdf.open(DEMO / "linxi-2021.pdf") as digital:
        mixed.insert_pdf(digital, from_page=1, to_page=1)
        mixed.save(tmp_path / "both.pdf")
    contents = load_dataset(parse_dataset(f"pdfs:{tmp_path}", None, 0))
    assert contents.rejected == ()
    tags = {item.id: dict(item.tags)["source"] for item in contents.items}
    assert tags == {"both": "mixed", "scan": "scanned", "石家庄__预算": "digital"}
    evidence = {item.id: item.evidence for item in contents.items}
    assert evidence["scan"] is None
    own = evidence["石家庄__预算"]
    assert own is not None and own(tmp_path) == tmp_path / "石家庄" / "预算.PDF"
    assert all(item.truth is None for item in contents.items)


def test_what_is_no_pdf_is_named_for_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "page.pdf").write_text("<html><head><title>404 找不到</title></head></html>", encoding="utf-8")
    (tmp_path / "empty.pdf").write_bytes(b"")
    (tmp_path / "cut.pdf").write_bytes(b"%PDF-1.7\nnothing else")
    picture = pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.IRect(0, 0, 300, 300), False)
    picture.clear_with(255)
    (tmp_path / "picture.pdf").write_bytes(picture.tobytes("png"))
    with pymupdf.open() as pdf:
        pdf.new_page()
        pdf.save(tmp_path / "locked.pdf", encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="x", owner_pw="y")
        pdf.save(tmp_path / "blank.pdf")
    (tmp_path / "notes.txt").write_text("left out")
    contents = load_dataset(parse_dataset(f"pdfs:{tmp_path}", None, 0))
    assert [item.id for item in contents.items] == ["blank"]
    reasons = {one.id: one.reason for one in contents.rejected}
    assert sorted(reasons) == ["cut", "empty", "locked", "page", "picture"]
    assert "404 找不到" in reasons["page"]
    assert "0 bytes" in reasons["empty"]
    assert "image/png, not a PDF" in reasons["picture"]
    assert "encrypted" in reasons["locked"]
    assert "damaged" in reasons["cut"]


def test_one_file_is_a_dataset_too() -> None:
    (item,) = load_dataset(parse_dataset(f"pdfs:{DEMO / 'julu-2022.pdf'}", None, 0)).items
    assert item.id == "julu-2022"


def test_copies_of_one_file_are_one_group(tmp_path: Path) -> None:
    for name in ("a.pdf", "a.PDF", "b/a.pdf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(DEMO / "linxi-2021-scan.pdf", tmp_path / name)
    items = load_dataset(parse_dataset(f"pdfs:{tmp_path}", None, 0)).items
    assert len({item.id.casefold() for item in items}) == 3
    assert len({item.group for item in items}) == 1
