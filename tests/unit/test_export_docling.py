"""DoclingDocuments: they load back, and nothing that marks a doubt is lost."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from lanci.document import (
    AmountStatus,
    Caption,
    Cell,
    CellRef,
    Column,
    Document,
    Finding,
    HeaderRole,
    PageKind,
    PageSummary,
    Place,
    RowRole,
    Severity,
    SourceInfo,
    Statement,
    Table,
    TableFragment,
)
from lanci.errors import LimitError
from lanci.export.docling import document_to_docling_json
from lanci.geometry import Box
from lanci.source.sniff import MediaType

docling = pytest.importorskip("docling_core.types.doc", reason="needs lanci[export]")

NAME = {"role": HeaderRole.SUBJECT_NAME}


def make_table(**more) -> Table:
    cells = (
        Cell(0, 0, 1, 1, "科目名称", 1, Box(50, 60, 150, 80), **NAME),
        Cell(0, 1, 1, 1, "合计", 1, Box(150, 60, 250, 80)),
        Cell(1, 0, 1, 2, "一、收入", 1, Box(50, 80, 250, 90), **NAME),
        Cell(2, 0, 2, 1, "一般公共服务支出", 1, Box(50, 90, 150, 900), **NAME),
        Cell(2, 1, 1, 1, "1,231.60", 1, Box(150, 90, 250, 800), status=AmountStatus.CONFLICT),
        Cell(3, 1, 1, 1, "7", 2, Box(150, 40, 250, 60), needs_review=True),
    )
    table = Table(
        id="t001",
        caption=Caption(("收支总表", "单位：万元"), "收支总表", "临西县财政局", "", 2021, "万元"),
        n_rows=4,
        findings=(Finding("column-sum", Severity.ERROR, "sum is off", (CellRef("t001", 2, 1),)),),
        type="budget_summary",
        kind="summary",
        fund="all",
        scope="all",
        classification="none",
        type_probability=1.0,
        notes=("注：无",),
        n_cols=2,
        n_header_rows=1,
        row_roles=(RowRole.HEADER, RowRole.SECTION, RowRole.DETAIL, RowRole.DETAIL),
        columns=(Column(0, HeaderRole.SUBJECT_NAME), Column(1, HeaderRole.AMOUNT)),
        fragments=(
            TableFragment(1, Box(50, 60, 250, 800), 0, 2),
            TableFragment(2, Box(50, 40, 250, 60), 2, 3),
        ),
        cells=cells,
    )
    return replace(table, **more)


def make_document(*tables: Table, media_type: str = "application/pdf", statements: tuple[Statement, ...] = ()):
    pages = tuple(PageSummary(number, 595.3, 841.9, 0, PageKind.DIGITAL) for number in (1, 2))
    source = SourceInfo("临西县2021.pdf", "f" * 64, media_type, 2)
    finding = Finding("same-quantity", Severity.WARNING, "differ", (CellRef("t001", 2, 1), CellRef("t002", 0, 0)))
    return Document(source, (("lanci", "1"),), pages, tables, (finding,), statements=statements)


def load(document: Document, tmp_path) -> docling.DoclingDocument:
    path = tmp_path / "made.json"
    path.write_bytes(document_to_docling_json(document))
    return docling.DoclingDocument.load_from_json(path)


def test_a_table_comes_back_with_spans_headers_and_places(tmp_path):
    made = load(make_document(make_table()), tmp_path)
    (table,) = made.tables
    assert (table.data.num_rows, table.data.num_cols) == (4, 2)
    assert [[cell.text for cell in row] for row in table.data.grid] == [
        ["科目名称", "合计"],
        ["一、收入", "一、收入"],
        ["一般公共服务支出", "1,231.60"],
        ["一般公共服务支出", "7"],
    ]
    flags = [(cell.column_header, cell.row_header, cell.row_section) for cell in table.data.table_cells]
    header, label, amount = (True, False, False), (False, True, False), (False, False, False)
    assert flags == [header, header, (False, True, True), label, amount, amount]
    assert [(prov.page_no, prov.bbox.as_tuple(), prov.bbox.coord_origin.value) for prov in table.prov] == [
        (1, (50, 60, 250, 800), "TOPLEFT"),
        (2, (50, 40, 250, 60), "TOPLEFT"),
    ]
    assert table.data.table_cells[3].bbox.as_tuple() == (50, 90, 150, 841.9)  # within its page
    assert [ref.resolve(made).text for ref in table.captions] == ["收支总表", "单位：万元"]
    assert [ref.resolve(made).text for ref in table.footnotes] == ["注：无"]


def test_doubts_are_in_the_meta_of_table_and_document(tmp_path):
    made = load(make_document(make_table()), tmp_path)
    meta = made.tables[0].meta.get_custom_part()
    assert meta["lanci__in_conflict"] == [[2, 1]]
    assert meta["lanci__to_review"] == [[3, 1]]
    assert meta["lanci__findings"][0]["message"] == "sum is off"
    assert (meta["lanci__unit"], meta["lanci__fiscal_year"]) == ("万元", 2021)
    assert meta["lanci__cell_pages"] == [[1, 5], [2, 1]]
    assert made.body.meta.get_custom_part()["lanci__findings"][0]["cells"] == [["t001", 2, 1], ["t002", 0, 0]]


def test_texts_and_tables_stand_in_the_order_of_the_pages(tmp_path):
    before = Statement("预算1231.60万元。", (Place(1, Box(50, 20, 250, 40)),), "一、概况")
    after = Statement("比上年增加6万元。", (Place(2, Box(50, 90, 250, 99)),), "一、概况", 0.75)
    unplaced = make_table(id="t002", fragments=(), caption=Caption())
    made = load(make_document(make_table(), unplaced, statements=(after, before)), tmp_path)
    items = [item for item, _ in made.iterate_items()]
    texts = [item.text if isinstance(item, docling.TextItem) else item.label.value for item in items]
    assert texts == [
        *("table", "注：无"),
        *("一、概况", "预算1231.60万元。"),
        *("table", "收支总表", "单位：万元", "注：无"),
        "比上年增加6万元。",
    ]
    assert sum(isinstance(item, docling.TableItem) for item in items) == 2
    (prov,) = items[-1].prov
    assert (prov.page_no, prov.charspan) == (2, (0, len(after.text)))
    assert items[-1].meta.get_custom_part() == {"lanci__confidence": 0.75}
    assert "1,231.60" in made.export_to_markdown()


def test_the_same_document_gives_the_same_bytes_and_loads_unchanged(tmp_path):
    document = make_document(make_table())
    content = document_to_docling_json(document)
    assert document_to_docling_json(document) == content
    loaded = load(document, tmp_path)
    assert loaded.export_to_dict() == json.loads(content)
    assert loaded.origin.binary_hash == 2**64 - 1


@pytest.mark.parametrize("media_type", list(MediaType))
def test_every_kind_of_source_has_an_origin(media_type, tmp_path):
    assert load(make_document(media_type=media_type.value), tmp_path).origin.mimetype == media_type.value


def test_more_cells_than_the_form_holds_are_refused_by_name():
    with pytest.raises(LimitError, match=r"临西县2021.pdf: table t001 has 2000002 places"):
        document_to_docling_json(make_document(make_table(n_rows=1_000_001)))
    many = [make_table(id=f"t{number:03}", n_rows=450_000) for number in range(6)]
    with pytest.raises(LimitError, match=r"its tables have 5400000 places"):
        document_to_docling_json(make_document(*many))
