"""Scanned and mixed documents from file to tables, with the default engine: few rules, pictures, kinds of file."""

from __future__ import annotations

import io
import subprocess
import sys
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pymupdf
import pytest
from PIL import Image as Pictures

from lanci.document import Document, Image, PageKind, TextSource
from lanci.errors import LanciError
from lanci.parsing import parse

HEAD = ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]
BODY = [
    ["201", "一般公共服务支出", "1,850.25", "1,200.15", "650.10"],
    ["20103", "政府办公厅及相关机构事务", "1,234.56", "1,034.06", "200.50"],
    ["2010301", "行政运行", "615.69", "166.09", "449.60"],
    ["208", "社会保障和就业支出", "312.40", "312.40", "0.00"],
    ["20805", "行政事业单位养老支出", "312.40", "312.40", "0.00"],
    ["210", "卫生健康支出", "96.71", "96.71", "0.00"],
    ["", "总计", "2,259.36", "1,609.26", "650.10"],
]
LEFTS, RIGHTS = (48.0, 110.0), (320.0, 400.0, 480.0)
TOP, PITCH = 110.0, 20.0
DPI = 200


def _write_table(page: pymupdf.Page) -> None:
    """Text in columns: the header centred over labels at the left and amounts at the right."""
    writer, font = pymupdf.TextWriter(page.rect), pymupdf.Font("china-s")

    def put(text: str, x: float, y: float, size: float = 10) -> None:
        writer.append((x, y), text, font=font, fontsize=size)

    put("部门一般公共预算支出表", 190, 50, 15)
    put("部门：青石县水利局", 48, 85)
    put("单位：万元", 430, 85)
    for index, row in enumerate([HEAD, *BODY]):
        y = TOP + PITCH * index
        for text, x in zip(row, (*LEFTS, *RIGHTS), strict=True):
            right = x in RIGHTS
            put(text, x - font.text_length(text, 10) if right else x, y)
    writer.write_text(page)


def _draw_rules(page: pymupdf.Page, kind: str) -> None:
    bottom = TOP + PITCH * len(BODY) + 6
    lines = {"none": [], "three": [TOP - 14, TOP + 6, bottom], "grid": [TOP - 14 + PITCH * i for i in range(9)]}[kind]
    for y in lines:
        page.draw_line((42, y), (486, y), width=0.8)
    for x in (42, 105, 250, 325, 405, 486) if kind == "grid" else ():
        page.draw_line((x, TOP - 14), (x, TOP - 14 + PITCH * 8), width=0.8)


@cache
def _scan(rules: str) -> Image:
    """A scanned page of 530 x 330 points with the table: blurred, noisy, a little skewed."""
    document = pymupdf.open()
    page = document.new_page(width=530, height=330)
    _write_table(page)
    _draw_rules(page, rules)
    pixmap = page.get_pixmap(dpi=DPI, colorspace=pymupdf.csGRAY, alpha=False)
    image = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width)
    turn = cv2.getRotationMatrix2D((pixmap.width / 2, pixmap.height / 2), 0.4, 1.0)
    image = cv2.warpAffine(image, turn, (pixmap.width, pixmap.height), borderValue=(255,))
    noise = np.random.default_rng(3).normal(0, 6, image.shape)
    return np.clip(cv2.GaussianBlur(image, (0, 0), 0.5) + noise, 0, 255).astype(np.uint8)


def _to_file(image: Image, path: Path) -> Path:
    Pictures.fromarray(image).save(path, dpi=(DPI, DPI))
    return path


def _to_pdf(image: Image, path: Path) -> Path:
    document = pymupdf.open()
    page = document.new_page(width=530, height=330)
    page.insert_image(page.rect, stream=_jpeg(image))
    document.save(path)
    return path


def _jpeg(image: Image) -> bytes:
    buffer = io.BytesIO()
    Pictures.fromarray(image).save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def _body(document: Document) -> list[list[str]]:
    (table,) = document.tables
    return table.to_rows()[-len(BODY) :]


@pytest.mark.parametrize("rules", ["none", "three", "grid"])
def test_tables_with_and_without_rules_come_out_alike(tmp_path: Path, rules: str) -> None:
    document = parse(_to_pdf(_scan(rules), tmp_path / "scan.pdf"))
    (table,) = document.tables
    assert document.pages[0].kind is PageKind.SCANNED
    assert (table.n_rows, table.n_cols) == (8, 5)
    assert _body(document) == BODY
    assert {cell.source for cell in table.cells} == {TextSource.OCR}
    assert (table.title, table.caption.unit, table.caption.entity) == (
        "部门一般公共预算支出表",
        "万元",
        "青石县水利局",
    )


def test_printed_prose_and_flow_charts_are_no_tables(tmp_path: Path) -> None:
    page = pymupdf.open().new_page(width=530, height=400)
    prose = "各部门应当严格按照批复的预算执行，不得随意调整。确需调整的，应当按照规定程序报批，并及时向社会公开。"
    for line in range(5):
        page.insert_text((48, 60 + 20 * line), prose[line : line + 34], fontname="china-s", fontsize=12)
    for col in range(3):
        for row in range(3):
            x, y = 60.0 + 150 * col, 190.0 + 60 * row
            page.draw_rect(pymupdf.Rect(x, y, x + 100, y + 34), radius=0.3)
            page.insert_text(
                (x + 14, y + 21), ("受理申请", "审核材料", "15个工作日")[row], fontname="china-s", fontsize=11
            )
            if row:
                page.draw_line((x + 50, y - 26), (x + 50, y))
    pixmap = page.get_pixmap(dpi=DPI, colorspace=pymupdf.csGRAY, alpha=False)
    image = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width)
    assert parse(_to_file(image, tmp_path / "page.png")).tables == ()


@pytest.mark.parametrize("name", ["page.png", "page.jpg", "page.tif"])
def test_picture_files_read_like_a_pdf(tmp_path: Path, name: str) -> None:
    found = parse(_to_file(_scan("grid"), tmp_path / name))
    assert _body(found) == BODY
    assert found.pages[0].kind is PageKind.SCANNED


def test_picture_cut_off_is_an_error_or_says_so(tmp_path: Path) -> None:
    path = _to_file(_scan("grid"), tmp_path / "page.png")
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(LanciError) as error:
        parse(path)
    assert "page.png" in str(error.value)


def _mixed(path: Path, picture: Image, place: tuple[float, float, float, float], digital: bool = False) -> Path:
    """A digital page with a heading and prose, and a picture; perhaps with a table of its own above."""
    document = pymupdf.open()
    page = document.new_page(width=595, height=842)
    prose = "现将有关情况予以公开并接受监督，本表由部门财务机构编制，数据来自决算系统"
    for line in range(4):
        page.insert_text((72, 60 + 16 * line), prose[line:], fontname="china-s", fontsize=10)
    page.insert_text((72, place[1] - 20), "附表：二〇二六年支出明细表", fontname="china-s", fontsize=13)
    page.insert_image(pymupdf.Rect(*place), stream=_jpeg(picture))
    if digital:
        for y in (140, 160, 180, 200):
            page.draw_line((72, y), (400, y))
        for x in (72, 200, 300, 400):
            page.draw_line((x, 140), (x, 200))
        for row, texts in enumerate(
            (("项目", "预算数", "决算数"), ("会议费", "3.00", "2.50"), ("培训费", "4.00", "4.00"))
        ):
            for text, x in zip(texts, (76, 204, 304), strict=True):
                page.insert_text((x, 154 + 20 * row), text, fontname="china-s", fontsize=10)
    document.save(path)
    return path


@pytest.mark.parametrize(
    ("turns", "place"), [(0, (60, 260, 540, 559)), (1, (100, 260, 399, 740)), (3, (100, 260, 399, 740))]
)
def test_picture_of_a_table_on_a_digital_page(tmp_path: Path, turns: int, place: tuple[float, ...]) -> None:
    picture = np.ascontiguousarray(np.rot90(_scan("grid"), turns))
    document = parse(_mixed(tmp_path / "mixed.pdf", picture, place))
    (table,) = document.tables
    assert document.pages[0].kind is PageKind.MIXED
    assert _body(document) == BODY
    assert table.caption.unit == "万元"
    x0, y0, x1, y1 = place
    assert all(x0 <= c.box.x0 < c.box.x1 <= x1 and y0 <= c.box.y0 < c.box.y1 <= y1 for c in table.cells)
    # The amounts stand in the last column: at the right of an upright picture, at the top of one turned to the left.
    last = next(cell for cell in table.cells if cell.row == 0 and cell.col == 4).box.center
    first = next(cell for cell in table.cells if cell.row == 0 and cell.col == 0).box.center
    assert {0: last[0] > first[0], 1: last[1] < first[1], 3: last[1] > first[1]}[turns]


def test_tables_of_text_and_picture_stand_in_their_order(tmp_path: Path) -> None:
    document = parse(_mixed(tmp_path / "mixed.pdf", _scan("none"), (60, 300, 540, 599), digital=True))
    texts = {table.n_rows: {cell.source for cell in table.cells} for table in document.tables}
    assert list(texts.items()) == [(3, {TextSource.TEXT}), (8, {TextSource.OCR})]
    assert "a table that is a picture is read by OCR" in document.pages[0].remarks


def test_photographs_and_logos_are_left_alone(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (60, 90)).astype(np.uint8)
    photo = cv2.resize(cv2.GaussianBlur(noise, (0, 0), 2), (1200, 800))
    document = parse(_mixed(tmp_path / "mixed.pdf", photo.astype(np.uint8), (60, 300, 540, 620), digital=True))
    assert [table.n_rows for table in document.tables] == [3]
    assert not any(name == "ocr" for name, _ in document.software)


def test_cell_that_is_a_picture_is_read_and_marked(tmp_path: Path) -> None:
    page = pymupdf.open().new_page(width=200, height=40)
    page.insert_text((10, 26), "1,025.30", fontsize=20)
    stamp = page.get_pixmap(dpi=150, colorspace=pymupdf.csGRAY, alpha=False)
    picture = np.frombuffer(stamp.samples, np.uint8).reshape(stamp.height, stamp.width)
    path = _mixed(tmp_path / "page.pdf", np.full((40, 40), 255, np.uint8), (60, 700, 70, 710), digital=True)
    with pymupdf.open(path) as document:
        document[0].draw_rect(pymupdf.Rect(302, 182, 398, 198), color=None, fill=(1, 1, 1))
        document[0].add_redact_annot(pymupdf.Rect(302, 184, 398, 196))
        document[0].apply_redactions(graphics=pymupdf.PDF_REDACT_LINE_ART_NONE)
        document[0].insert_image(pymupdf.Rect(305, 182, 385, 198), stream=_jpeg(picture))
        document.save(tmp_path / "cell.pdf")
    found = {(cell.row, cell.col): cell for table in parse(tmp_path / "cell.pdf").tables for cell in table.cells}
    assert (found[2, 2].text, found[2, 2].source, found[2, 2].needs_review) == ("1,025.30", TextSource.OCR, True)
    assert (found[2, 1].text, found[2, 1].source, found[2, 1].needs_review) == ("4.00", TextSource.TEXT, False)


def test_scans_give_the_same_bytes_each_time(tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        _to_pdf(_scan("three"), tmp_path / name)
    outputs: list[dict[str, bytes]] = []
    for run, jobs in (("first", "1"), ("second", "2")):
        command = [
            sys.executable,
            "-c",
            "from lanci.cli import main; main()",
            "parse",
            "a.pdf",
            "b.pdf",
            "-o",
            run,
            "--jobs",
            jobs,
        ]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
        folder = tmp_path / run
        outputs.append({str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()})
    assert outputs[0] and outputs[0] == outputs[1]
