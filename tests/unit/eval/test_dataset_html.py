"""Tables written in HTML, and the two data sets that have them: PubTabNet and OmniDocBench."""

from __future__ import annotations

import json
from pathlib import Path

import pymupdf
import pytest

from lanci.document import Box
from lanci.source import open_source
from lanci_eval.datasets import DatasetError, load_dataset, parse_dataset
from lanci_eval.datasets.base import Contents
from lanci_eval.datasets.html_table import HtmlTable, parse_html_table
from lanci_eval.datasets.truth import TruthError


def places(table: HtmlTable) -> list[tuple[int, int, int, int, str]]:
    return [(c.row, c.col, c.row_span, c.col_span, c.text) for c in table.cells]


def test_spans_groups_inline_tags_and_references() -> None:
    table = parse_html_table(
        "<html><body><table border='1'><thead><tr><th rowspan=2>项<br>目</th>"
        "<th colspan='2'><b>预</b>算&amp;数</th></tr>"
        "<tr><td>a &lt; b</td><td><sup>1</sup>2</td></tr></thead>"
        "<tbody><tr><td rowspan='9'>x<p>y</p></td><td></td><td>3</td></tr><tr><td>4<td>5</tr></tbody></table>",
        "t",
    )
    assert table.n_header_rows == 2
    assert places(table) == [
        (0, 0, 2, 1, "项目"),
        (0, 1, 1, 2, "预算&数"),
        (1, 1, 1, 1, "a < b"),
        (1, 2, 1, 1, "12"),
        (2, 0, 2, 1, "x y"),
        (2, 1, 1, 1, ""),
        (2, 2, 1, 1, "3"),
        (3, 1, 1, 1, "4"),
        (3, 2, 1, 1, "5"),
    ]


def test_a_row_span_ends_with_its_group() -> None:
    table = parse_html_table("<thead><tr><td rowspan=0>h</td></tr></thead><tr><td>a</td></tr><tr><td>b</td></tr>", "t")
    assert places(table) == [(0, 0, 1, 1, "h"), (1, 0, 1, 1, "a"), (2, 0, 1, 1, "b")]
    assert parse_html_table("<tr><th>h</th></tr><tr><th>r</th><td>1</td></tr>", "t").n_header_rows == 1
    assert parse_html_table("<tr><td>h</td></tr>", "t").n_header_rows is None


@pytest.mark.parametrize(
    ("html", "message"),
    [
        ("<table></table>", "no cell"),
        ("<tr><td>1</td></tr><table></table><table></table>", "more than one table"),
        ("<tr><td>a</td><td rowspan=2>b</td></tr><tr><td colspan=2>c</td></tr>", "overlaps"),
        ("<tr><td colspan=9999999>a</td></tr>", "too many"),
        ("<tr><td rowspan=5 colspan=9999999>a</td></tr>" * 3, "too many"),
    ],
)
def test_html_that_is_no_table_is_refused(html: str, message: str) -> None:
    with pytest.raises(TruthError, match=message):
        parse_html_table(html, "t")


def write_picture(path: Path, width: int, height: int, dpi: int = 96) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.IRect(0, 0, width, height), False)
    picture.clear_with(255)
    picture.set_dpi(dpi, dpi)
    path.write_bytes(picture.tobytes("png"))


def pubtabnet_line(filename: str = "PMC123_002_00.png", **more: object) -> str:
    structure = ["<thead>", "<tr>", "<td", ' colspan="2"', ">", "</td>", "</tr>", "</thead>"]
    structure += ["<tbody>", "<tr>", "<td>", "</td>", "<td>", "</td>", "</tr>", "</tbody>"]
    cells = [
        {"tokens": ["<b>", "p", " ", "<", " ", "0", "</b>"], "bbox": [10, 20, 110, 40]},
        {"tokens": ["A", "<sup>", "2", "</sup>"], "bbox": [10, 50, 60, 70]},
        {"tokens": []},
    ]
    html = {"structure": {"tokens": structure}, "cells": cells}
    return json.dumps({"filename": filename, "split": "val", "imgid": 7, "html": html} | more)


def load_pubtabnet(folder: Path, *lines: str, options: str = "") -> Contents:
    path = folder / "PubTabNet_2.0.0.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return load_dataset(parse_dataset(f"pubtabnet:{path}{options}", None, 0))


def test_pubtabnet_tokens_become_a_table_with_boxes_in_points(tmp_path: Path) -> None:
    write_picture(tmp_path / "val" / "PMC123_002_00.png", 384, 288)
    (item,) = load_pubtabnet(tmp_path, pubtabnet_line()).items
    assert (item.id, item.group, item.tags) == ("PMC123_002_00.png", "PMC123", (("split", "val"),))
    assert item.materialize(tmp_path) == tmp_path / "val" / "PMC123_002_00.png"
    assert item.truth is not None
    (table,) = item.truth.tables
    assert [(c.row, c.col, c.col_span, c.text) for c in table.cells] == [
        (0, 0, 2, "p < 0"),
        (1, 0, 1, "A2"),
        (1, 1, 1, ""),
    ]
    assert table.n_header_rows == 1
    with open_source(item.materialize(tmp_path)) as source:
        scale = source.page(1).width / 384
    assert table.cells[0].box == Box(10 * scale, 20 * scale, 110 * scale, 40 * scale)
    assert table.cells[2].box is None


def test_pubtabnet_takes_plain_html_and_a_split(tmp_path: Path) -> None:
    write_picture(tmp_path / "a.png", 300, 300)
    write_picture(tmp_path / "b.png", 300, 300)
    plain = "<table><tr><td>一</td><td>1.5</td></tr></table>"
    lines = (pubtabnet_line("a.png", html=plain), pubtabnet_line("b.png", split="train"))
    (item,) = load_pubtabnet(tmp_path, *lines, options=",split=val").items
    assert item.truth is not None
    assert [c.text for c in item.truth.tables[0].cells] == ["一", "1.5"]
    with pytest.raises(DatasetError, match="no table"):
        load_pubtabnet(tmp_path, *lines, options=",split=test")


def test_pubtabnet_lines_that_cannot_be_used_are_listed(tmp_path: Path) -> None:
    for name in ("good", "twice", "few", "odd", "box", "none"):
        write_picture(tmp_path / "images" / f"{name}.png", 300, 300)
    write_picture(tmp_path / "outside.png", 300, 300)
    (tmp_path / "images" / "text.png").write_text("not a picture")
    few = json.loads(pubtabnet_line("few.png"))
    few["html"]["cells"].pop()
    box = json.loads(pubtabnet_line("box.png"))
    box["html"]["cells"][0]["bbox"] = [1, 2, 3]
    contents = load_pubtabnet(
        tmp_path,
        pubtabnet_line("good.png"),
        pubtabnet_line("twice.png"),
        pubtabnet_line("twice.png"),
        pubtabnet_line("../outside.png"),
        pubtabnet_line("missing.png"),
        pubtabnet_line("text.png"),
        pubtabnet_line(
            "odd.png", html="<tr><td rowspan=2>a</td><td rowspan=2>b</td></tr><tr><td colspan=2>c</td></tr><tr/>"
        ),
        pubtabnet_line("none.png", html=None),
        json.dumps(few),
        json.dumps(box),
        "[" * 100_000,
        pubtabnet_line("cut.png")[:60],
        options=f",images={tmp_path / 'images'}",
    )
    assert sorted(item.id for item in contents.items) == ["good.png", "odd.png"]
    reasons = {one.id: one.reason for one in contents.rejected}
    expected = {
        "outside.png": "leads out of",
        "missing.png": "there is no missing.png",
        "text.png": "plain text",
        "none.png": "structure.tokens",
        "few.png": "3 cells, but there are 2 texts",
        "box.png": "structure.tokens",
        "twice.png": "lines 2 and 3",
        "line-11": "no JSON",
        "line-12": "cut off",
    }
    for name, message in expected.items():
        assert any(message in reason for one, reason in reasons.items() if one.endswith(name)), (name, reasons)
    assert len(reasons) == len(expected)


def omnidocbench_page(image: str, *tables: dict[str, object], **info: object) -> dict[str, object]:
    text = {"category_type": "text_block", "poly": [0.0] * 8, "text": "正文", "ignore": False}
    page_info = {"page_no": 0, "width": 1000, "height": 2000, "image_path": image}
    attributes = {"data_source": "research_report", "language": "simplified_chinese", "watermark": False}
    return {
        "layout_dets": [text, *tables],
        "page_info": {**page_info, "page_attribute": attributes, **info},
        "extra": {},
    }


def omnidocbench_table(**more: object) -> dict[str, object]:
    poly = [100.0, 200.0, 900.0, 200.0, 900.0, 600.0, 100.0, 600.0]
    html = "<table><tr><td>科目</td><td>金额</td></tr><tr><td>合计</td><td>1,234.50</td></tr></table>"
    return {"category_type": "table", "poly": poly, "ignore": False, "order": 1, "html": html, **more}


def load_omnidocbench(folder: Path, *pages: dict[str, object], options: str = "") -> Contents:
    path = folder / "OmniDocBench.json"
    path.write_text(json.dumps(pages, ensure_ascii=False), encoding="utf-8")
    return load_dataset(parse_dataset(f"omnidocbench:{path}{options}", None, 0))


def test_omnidocbench_tables_stand_where_lanci_sees_them(tmp_path: Path) -> None:
    write_picture(tmp_path / "images" / "研报_1.png", 500, 1000)  # the truth was made at twice the resolution
    page = omnidocbench_page("研报_1.png", omnidocbench_table(), omnidocbench_table(html="", latex="\\begin{tabular}"))
    (item,) = load_omnidocbench(tmp_path, page).items
    assert item.id == "研报_1.png"
    assert item.tags == (("data_source", "research_report"), ("language", "simplified_chinese"))
    assert item.remarks == ("table 2 has no HTML and is left out",)
    assert item.truth is not None
    (table,) = item.truth.tables
    assert [c.text for c in table.cells] == ["科目", "金额", "合计", "1,234.50"]
    with open_source(item.materialize(tmp_path)) as source:
        width, height = source.page(1).width, source.page(1).height
    box = table.fragments[0].box
    assert box is not None
    assert (box.x0, box.y0, box.x1, box.y1) == pytest.approx((width / 10, height / 10, width * 0.9, height * 0.3))


def test_omnidocbench_pages_without_tables_are_taken_when_asked_for(tmp_path: Path) -> None:
    for name in "ab":
        write_picture(tmp_path / "images" / f"{name}.png", 500, 1000)
    pages = (omnidocbench_page("a.png", omnidocbench_table()), omnidocbench_page("b.png"))
    assert [item.id for item in load_omnidocbench(tmp_path, *pages).items] == ["a.png"]
    one, two = load_omnidocbench(tmp_path, *pages, options=",pages=all").items
    assert one.truth is not None and two.truth is not None
    assert (len(one.truth.tables), len(two.truth.tables)) == (1, 0)


def test_omnidocbench_pages_that_cannot_be_used_are_listed(tmp_path: Path) -> None:
    for name in ("size", "poly", "latex", "twice", "wild"):
        write_picture(tmp_path / "images" / f"{name}.png", 500, 1000)
    write_picture(tmp_path / "outside.png", 500, 1000)
    contents = load_omnidocbench(
        tmp_path,
        omnidocbench_page("size.png", omnidocbench_table(), width=3000),
        omnidocbench_page("poly.png", omnidocbench_table(poly=[1, 2, 3])),
        omnidocbench_page("wild.png", omnidocbench_table(poly=[float("nan")] * 8)),
        omnidocbench_page("latex.png", omnidocbench_table(html=None)),
        omnidocbench_page("twice.png", omnidocbench_table()),
        omnidocbench_page("twice.png", omnidocbench_table()),
        omnidocbench_page("../outside.png", omnidocbench_table()),
        omnidocbench_page("", omnidocbench_table()),
    )
    assert contents.items == ()
    reasons = {one.id: one.reason for one in contents.rejected}
    expected = {
        "size.png": "500 x 1000 pixels, but the truth was made on 3000 x 2000",
        "poly.png": "eight numbers",
        "wild.png": "eight numbers",
        "latex.png": "no HTML",
        "twice.png": "2 entries",
        "outside.png": "leads out of",
        "page-8": "image_path is missing",
    }
    for name, message in expected.items():
        assert any(message in reason for one, reason in reasons.items() if one.endswith(name)), (name, reasons)
    assert len(reasons) == len(expected)


@pytest.mark.parametrize("text", ["{}", "[1]", '[{"page_info": ', "[" * 100_000])
def test_omnidocbench_files_of_another_form_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "o.json").write_text(text)
    with pytest.raises(DatasetError, match="JSON"):
        load_dataset(parse_dataset(f"omnidocbench:{tmp_path / 'o.json'}", None, 0))
