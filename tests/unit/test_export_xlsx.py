"""Workbooks: what is printed and nothing else, numbers exact, doubts told, nothing ever run."""

from __future__ import annotations

import subprocess
import zipfile
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lanci.document import (
    Alternative,
    AmountStatus,
    Caption,
    Cell,
    CellRef,
    Column,
    Document,
    Finding,
    HeaderRole,
    Place,
    RowRole,
    Severity,
    SourceInfo,
    Table,
    TableFragment,
    TextSource,
)
from lanci.errors import LimitError
from lanci.export.xlsx import document_to_xlsx
from lanci.export.xlsx.amounts import amount_to_number
from lanci.export.xlsx.plan import MAX_COLS, document_to_plans
from lanci.export.xlsx.texts import MAX_TEXT_UNITS, assign_sheet_names, text_to_sheet_text
from lanci.geometry import Box
from lanci.numbers import parse_amount
from lanci.source.office import find_soffice

BOX = Box(0, 0, 9, 9)
TABLE, OFFICE = (f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("table", "office"))
CELL = f"{TABLE}table-cell"
HOSTILE = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "＝1+1",
    "＋1",
    "－1+1",
    "＠SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    '=HYPERLINK("http://example.invalid","x")',
    "=cmd|'/c calc'!A0",
    "#N/A",
    "_x003D_1+1",
    "{=1+1}",
    "2021-01-02",
    "2010301",
)


def make_cell(row: int, col: int, text: str, **more) -> Cell:
    return Cell(row, col, more.pop("row_span", 1), more.pop("col_span", 1), text, 1, BOX, **more)


def make_amount(row: int, col: int, text: str, **more) -> Cell:
    return make_cell(row, col, text, role=HeaderRole.AMOUNT, value=parse_amount(text), **more)


def make_table(*cells: Cell, table_id: str = "t001", title: str = "收支总表", **more) -> Table:
    n_rows = max((cell.row + cell.row_span for cell in cells), default=0)
    n_cols = max((cell.col + cell.col_span for cell in cells), default=0)
    n_header_rows = more.pop("n_header_rows", 0)
    return Table(
        id=table_id,
        type="budget_summary",
        kind="summary",
        fund="all",
        scope="all",
        classification="none",
        type_probability=1.0,
        caption=Caption((title, "单位：万元"), title, "临西县财政局", "", 2021, "万元"),
        notes=("注：无",),
        n_rows=n_rows,
        n_cols=n_cols,
        n_header_rows=n_header_rows,
        row_roles=(RowRole.HEADER,) * n_header_rows + (RowRole.DETAIL,) * (n_rows - n_header_rows),
        columns=tuple(Column(col, HeaderRole.TEXT) for col in range(n_cols)),
        fragments=(TableFragment(1, BOX, 0, max(n_rows - 1, 0)),),
        cells=cells,
        **more,
    )


def make_document(*tables: Table, name: str = "临西县2021.pdf", **more) -> Document:
    return Document(SourceInfo(name, "0" * 64, "application/pdf", 1), (("lanci", "1"),), (), tables, **more)


def read(document: Document) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(document_to_xlsx(document)))


@pytest.mark.parametrize(
    ("text", "number_format"),
    [
        ("18", "0"),
        ("3.60", "0.00"),
        ("1,234.50", "#,##0.00"),
        ("1234.50", "0.00"),
        ("-0.40", "0.00"),
        ("△0.40", '0.00;"△"0.00'),
        ("(1,234)", '#,##0;"("#,##0")"'),
        ("（3.5）", '0.0;"（"0.0"）"'),
        ("0.00", "0.00"),
    ],
)
def test_amounts_are_numbers_that_show_what_is_printed(text, number_format):
    sheet = read(make_document(make_table(make_amount(0, 0, text)))).worksheets[2]
    cell = sheet["A3"]
    assert (cell.data_type, cell.number_format) == ("n", number_format)
    assert cell.value == float(parse_amount(text))


@pytest.mark.parametrize("text", ["１２.５", ".5", "007", "-0.00", "1234567890123456", "0.1234567", "12 ", "12 (3)"])
def test_amounts_that_a_number_would_not_show_alike_stay_text(text):
    value = parse_amount(text) or Decimal(12)
    cell = read(make_document(make_table(make_cell(0, 0, text, value=value)))).worksheets[2]["A3"]
    assert (cell.data_type, cell.value) == ("s", text)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**13) + 1, max_value=10**13 - 1))
def test_a_number_in_the_file_rounds_to_the_printed_amount(value):
    text = f"{value:,.2f}"
    number = amount_to_number(text, value)
    assert (number is None) == (value.is_signed() and value == 0)
    if number:
        assert f"{float(f'{number.value:.16g}'):,.2f}" == text


def test_hostile_texts_are_texts_character_by_character():
    cells = tuple(make_cell(row, 0, text) for row, text in enumerate(HOSTILE))
    finding = Finding("rule", Severity.ERROR, "=1+1", (CellRef("t001", 0, 0),), "=2", "@3", "=4")
    document = make_document(
        make_table(*cells, title="=1+1", findings=(finding,), companion=None), name="=cmd|' '!A1.pdf"
    )
    content = document_to_xlsx(document)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not any("externalLink" in name or "vba" in name for name in archive.namelist())
    assert len(sheets) == 3
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)
    workbook = openpyxl.load_workbook(BytesIO(content))
    typed = {
        cell.data_type for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value is not None
    }
    assert typed == {"s", "n"}
    shown = [workbook.worksheets[2].cell(row, 1) for row in range(3, 3 + len(HOSTILE))]
    assert [cell.value for cell in shown] == [text.replace("_x003D_", "_x005F_x003D_") for text in HOSTILE]
    assert {cell.number_format for cell in shown} == {"@"}


@pytest.mark.skipif(find_soffice() is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it_and_runs_nothing(tmp_path):
    cells = tuple(make_cell(row, 0, text) for row, text in enumerate(HOSTILE))
    amounts = (make_amount(0, 1, "1,234.50"), make_amount(1, 1, "△0.40"))
    (tmp_path / "in.xlsx").write_bytes(document_to_xlsx(make_document(make_table(*cells, *amounts))))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [find_soffice(), profile, "--headless", "--convert-to", "fods", "--outdir", tmp_path, "in.xlsx"]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=180, capture_output=True)
    written = (tmp_path / "in.fods").read_text(encoding="utf-8")
    assert "table:formula" not in written
    sheet = ElementTree.fromstring(written).findall(f".//{TABLE}table")[2]
    shown = {(cell.get(f"{OFFICE}value-type"), "".join(cell.itertext()).strip()) for cell in sheet.iter(CELL)}
    assert {("string", text.strip()) for text in HOSTILE} <= shown
    assert {("float", "1,234.50"), ("float", "△0.40")} <= shown


def test_spans_are_merged_and_covered_cells_framed():
    head = make_cell(0, 0, "收入", col_span=2), make_cell(0, 2, "备注", row_span=2)
    body = make_cell(1, 0, "项目"), make_cell(1, 1, "预算数"), make_cell(2, 0, "一"), make_amount(2, 1, "5")
    sheet = read(make_document(make_table(*head, *body, n_header_rows=2))).worksheets[2]
    assert {str(one) for one in sheet.merged_cells.ranges} == {"A3:B3", "C3:C4"}
    assert [sheet[name].value for name in ("A1", "A2", "A3", "C3", "A4", "B5", "A6")] == [
        "收支总表",
        "单位：万元",
        "收入",
        "备注",
        "项目",
        5,
        "注：无",
    ]
    assert sheet.freeze_panes == "A5"
    assert sheet["A3"].font.bold
    assert not sheet["B5"].font.bold


def test_spans_that_overlap_hide_no_text():
    cells = make_cell(0, 0, "一", row_span=2), make_cell(1, 0, "二", col_span=2), make_cell(2, 0, "三", col_span=2)
    sheet = read(make_document(make_table(*cells))).worksheets[2]
    assert [sheet[name].value for name in ("A3", "A4", "A5")] == ["一", "二", "三"]
    assert {str(one) for one in sheet.merged_cells.ranges} == {"A5:B5"}


def test_doubtful_cells_are_coloured_and_say_why():
    other = (Alternative("1,251.60", 0.125),)
    cells = (
        make_amount(0, 0, "1,231.60", status=AmountStatus.CONFLICT),
        make_amount(0, 1, "7", needs_review=True, confidence=0.5, source=TextSource.OCR, alternatives=other),
        make_amount(1, 0, "8", row_span=2),
        make_amount(1, 1, "9", status=AmountStatus.PROVEN),
    )
    findings = (
        Finding("column-sum", Severity.ERROR, "the sum is off by 6.00", (CellRef("t001", 0, 0),), proposal="1,237.60"),
        Finding("part", Severity.WARNING, "too big", (CellRef("t001", 2, 0),)),
        Finding("open", Severity.INFO, "goes on", (CellRef("t001", 1, 1),)),
    )
    workbook = read(make_document(make_table(*cells, findings=findings)))
    sheet = workbook.worksheets[2]
    conflict, review, named, fine = (sheet[name] for name in ("A3", "B3", "A4", "B4"))
    assert "in conflict" in conflict.comment.text
    assert "error column-sum: the sum is off by 6.00; may read 1,237.60" in conflict.comment.text
    assert "confidence 0.50; or: 1,251.60 (0.12)" in review.comment.text
    assert named.comment.text == "warning part: too big"
    assert fine.comment is None
    assert fine.fill.fill_type is None
    assert len({cell.fill.fgColor.rgb for cell in (conflict, review, named)}) == 3
    assert {workbook["Summary"].cell(row, 1).fill.fgColor.rgb for row in (7, 8, 9)} == {
        cell.fill.fgColor.rgb for cell in (conflict, review, named)
    }


def test_findings_are_listed_with_links_to_their_cells():
    first = make_table(make_amount(0, 0, "5"), make_amount(1, 0, "6"), title="甲's [1]/表")
    second = make_table(make_amount(0, 0, "7"), table_id="t002", title="")
    both = Finding("same", Severity.ERROR, "differ", (CellRef("t001", 1, 0), CellRef("t002", 0, 0)), "6", "7")
    prose = Finding("prose", Severity.WARNING, "says 8", places=(Place(4, BOX),))
    workbook = read(make_document(first, second, findings=(both, prose)))
    assert workbook.sheetnames == ["Summary", "Findings", "t001 甲's 1 表", "t002 budget_summary"]
    rows = [[cell.value for cell in row] for row in workbook["Findings"].iter_rows(min_row=2)]
    assert rows[0][:11] == [1, "error", "same", "differ", "t001", "A4", "6", "1", "6", "7", None]
    assert [row[4:8] for row in rows[1:]] == [["t002", "A3", "7", "1"], [None, None, None, "4"]]
    links = [workbook["Findings"].cell(row, 6).hyperlink for row in (2, 3, 4)]
    assert [link and link.location for link in links] == ["'t001 甲''s 1 表'!A4", "'t002 budget_summary'!A3", None]
    assert workbook["Summary"]["A12"].hyperlink.location == "'t001 甲''s 1 表'!A3"


def test_sheet_names_are_legal_and_unlike():
    names = assign_sheet_names(["a" * 40, "A" * 40, "History", "'x'", "", "[]:*?/\\", "\U00020000" * 20, "a\x00b"])
    assert names[:2] == ["a" * 31, "A" * 27 + " (2)"]
    assert names[2:6] == ["History (2)", "x", "Sheet", "Sheet (2)"]
    assert len(names[6].encode("utf-16-le")) <= 62
    assert len({name.casefold() for name in names}) == len(names)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=5))
def test_any_titles_make_sheets_that_open(titles):
    names = assign_sheet_names(titles)
    assert len({name.casefold() for name in names}) == len(titles)
    assert all(0 < len(name.encode("utf-16-le")) <= 62 and not set(name) & set("[]:*?/\\") for name in names)
    tables = [make_table(make_cell(0, 0, text), table_id=f"t{i:03}", title=text) for i, text in enumerate(titles)]
    assert len(read(make_document(*tables)).sheetnames) == 2 + len(titles)


def test_what_a_workbook_cannot_hold_is_left_out_and_told():
    cells = make_cell(0, 0, "收\x00\x0b入\ud800"), make_cell(1, 0, "长" * (MAX_TEXT_UNITS + 5))
    sheet = read(make_document(make_table(*cells))).worksheets[2]
    assert sheet["A3"].value == "收入"
    assert "3 control characters" in sheet["A3"].comment.text
    assert len(sheet["A4"].value) == MAX_TEXT_UNITS
    assert "32772 characters" in sheet["A4"].comment.text
    assert len(text_to_sheet_text("\U00020000" * MAX_TEXT_UNITS).text) == MAX_TEXT_UNITS // 2


def test_tables_beyond_a_sheet_are_refused_by_name():
    wide = replace(make_table(make_cell(0, 0, "x")), n_cols=MAX_COLS + 1)
    with pytest.raises(LimitError, match=r"临西县2021.pdf: table t001 has .* 16385 columns"):
        document_to_plans(make_document(wide))


def test_the_same_document_gives_the_same_bytes_at_any_time(monkeypatch):
    table = make_table(*(make_cell(row, 0, str(row), col_span=2) for row in range(40)))
    first = document_to_xlsx(make_document(table))
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    assert document_to_xlsx(make_document(table)) == first
    with zipfile.ZipFile(BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2000-01-01T00:00:00Z" in archive.read("docProps/core.xml")


def test_a_document_without_tables_is_a_workbook_too():
    assert read(make_document()).sheetnames == ["Summary", "Findings"]
