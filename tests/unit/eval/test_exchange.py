"""The exchange JSON: what it means, what is refused, and which claims are thrown out."""

import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import meta

from lanci.document import (
    Box,
    Caption,
    Cell,
    CellRef,
    Column,
    Document,
    Finding,
    HeaderRole,
    PageKind,
    PageSummary,
    RowRole,
    Severity,
    SourceInfo,
    Table,
    TableFragment,
)
from lanci.store.encode import document_to_json
from lanci_eval.exchange import (
    ExtractionFormatError,
    check_extraction,
    extraction_to_json,
    json_to_extraction,
    text_to_extraction,
)
from lanci_eval.exchange.schema import EXTRACTION_SCHEMA
from lanci_eval.records import EvalCell, EvalFragment, EvalLine, EvalTable, Extraction
from lanci_eval.systems.lanci_system import document_to_extraction

ROOT = Path(__file__).parents[3]
boxes = st.none() | st.tuples(*[st.floats(0, 1000)] * 4).map(
    lambda v: Box(min(v[0], v[2]), min(v[1], v[3]), max(v[0], v[2]), max(v[1], v[3]))
)


@st.composite
def cells(draw, row, col):
    return EvalCell(
        row=row,
        col=col,
        row_span=1,
        col_span=1,
        text=draw(st.text(max_size=5)),
        page=draw(st.integers(1, 3)),
        box=draw(boxes),
        role=draw(st.sampled_from([None, "amount"])),
        confidence=draw(st.none() | st.floats(0, 1)),
        needs_review=draw(st.booleans()),
        flagged=draw(st.booleans()),
        doubted=draw(st.sampled_from([None, False, True])),
        status=draw(st.sampled_from([None, "proven", "unchecked", "conflict"])),
    )


@st.composite
def extractions(draw):
    n_rows, n_cols = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    grid = [(row, col) for row in range(n_rows) for col in range(n_cols)]
    table = EvalTable(
        id="t9",
        n_rows=n_rows,
        n_cols=n_cols,
        cells=tuple(draw(cells(row, col)) for row, col in grid),
        fragments=(EvalFragment(1, 0, 0, draw(boxes), (draw(cells(0, 0)),)), EvalFragment(3, 0, n_rows - 1)),
        n_header_rows=draw(st.sampled_from([None, 0, 1])),
        type=draw(st.sampled_from([None, "other"])),
        title="表",
        unit="万元",
    )
    return Extraction((table,), (EvalLine(1, "一行", draw(boxes)),))


@given(extractions())
def test_what_is_written_is_read_back_the_same(extraction):
    assert text_to_extraction(json.dumps(extraction_to_json(extraction))) == extraction
    assert check_extraction(extraction, 3) == (extraction, ())


def test_defaults_fill_in_what_a_small_program_leaves_out():
    data = {
        "tables": [
            {
                "cells": [
                    {"row": 1, "col": 1, "text": "1", "page": 2, "bbox": [1, 2, 3, 4]},
                    {"row": 0, "col": 0, "text": "a", "page": 1, "col_span": 2},
                    {"row": 1, "col": 0, "text": "b", "page": 2, "bbox": [0, 2, 1, 4]},
                ]
            }
        ],
        "anything": {"else": "is ignored"},
    }
    (table,) = json_to_extraction(data).tables
    assert (table.id, table.n_rows, table.n_cols, table.n_header_rows, table.type) == ("t001", 2, 2, None, None)
    assert [(cell.row, cell.col, cell.row_span, cell.col_span) for cell in table.cells] == [
        (0, 0, 1, 2),
        (1, 0, 1, 1),
        (1, 1, 1, 1),
    ]
    assert table.fragments == (EvalFragment(1, 0, 0, None), EvalFragment(2, 1, 1, Box(0, 2, 3, 4)))


@pytest.mark.parametrize(
    ("table", "page"),
    [
        ({}, 1),
        ({"page": 4}, 4),
        ({"fragments": [{"page": 2, "first_row": 0, "last_row": 4}, {"page": 3, "first_row": 5, "last_row": 9}]}, 3),
    ],
)
def test_a_cell_without_page_takes_that_of_its_table_or_fragment(table, page):
    data = {"tables": [table | {"cells": [{"row": 7, "col": 0, "text": ""}]}]}
    assert json_to_extraction(data).tables[0].cells[0].page == page


def make_document():
    box = Box(10, 20, 30, 40)
    cells = tuple(
        Cell(
            row=row,
            col=col,
            row_span=1,
            col_span=1,
            text=text,
            page=row + 1,
            box=box,
            role=HeaderRole.AMOUNT if col else HeaderRole.ITEM,
            value=Decimal("1.5") if text == "1.5" else None,
            confidence=0.5,
            needs_review=col == 0,
        )
        for row, col, text in [(0, 0, "项目"), (0, 1, "预算数"), (1, 0, "合计"), (1, 1, "1.5")]
    )
    finding = Finding("sum", Severity.ERROR, "off by one", (CellRef("t001", 1, 1),))
    table = Table(
        id="t001",
        type="other",
        kind="other",
        fund="all",
        scope="all",
        classification="none",
        type_probability=1.0,
        caption=Caption(title="收支总表", unit="万元"),
        notes=(),
        n_rows=2,
        n_cols=2,
        n_header_rows=1,
        row_roles=(RowRole.HEADER, RowRole.TOTAL),
        columns=(Column(0, HeaderRole.ITEM), Column(1, HeaderRole.AMOUNT)),
        fragments=(TableFragment(1, box, 0, 0), TableFragment(2, box, 1, 1)),
        cells=cells,
        findings=(finding,),
    )
    across = replace(finding, cells=(CellRef("t001", 0, 1),))
    pages = tuple(PageSummary(n, 595, 842, 0, PageKind.DIGITAL) for n in (1, 2))
    return Document(SourceInfo("a.pdf", "0" * 64, "application/pdf", 2), (), pages, (table,), (across,))


def test_a_document_json_of_lanci_says_the_same_as_lanci_called_as_a_library():
    document = make_document()
    read = json_to_extraction(document_to_json(document))
    assert read == document_to_extraction(document)
    (table,) = read.tables
    assert [cell.flagged for cell in table.cells] == [False, True, False, True]
    assert [cell.marked for cell in table.cells] == [True, True, True, True]
    assert (table.title, table.unit, table.n_header_rows) == ("收支总表", "万元", 1)
    assert [(f.page, f.first_row, f.last_row) for f in table.fragments] == [(1, 0, 0), (2, 1, 1)]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "no JSON"),
        ("Segmentation fault", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "top level"),
        ("{}", "top level"),
        ('{"tables": {}}', "tables"),
        ('{"tables": [{"cells": [{"row": 0, "col": 0}]}]}', "tables/0/cells/0"),
        ('{"tables": [{"cells": [{"row": -1, "col": 0, "text": ""}]}]}', "cells/0/row"),
        ('{"tables": [{"cells": [{"row": true, "col": 0, "text": ""}]}]}', "cells/0/row"),
        ('{"tables": [{"cells": [{"row": 0, "col": 0, "text": 5}]}]}', "cells/0/text"),
        ('{"tables": [{"cells": [{"row": 0, "col": 0, "text": "", "bbox": [1, 2, 3]}]}]}', "bbox"),
        ('{"lines": [{"text": "no page"}]}', "lines/0"),
    ],
)
def test_garbage_is_refused_with_the_place(text, place):
    with pytest.raises(ExtractionFormatError, match=place) as caught:
        text_to_extraction(text)
    assert caught.value.category == "garbage"


def one_table(**changes):
    cell = EvalCell(0, 0, 1, 1, "1", 1, Box(0, 0, 1, 1))
    table = EvalTable("t001", 1, 2, (cell, replace(cell, col=1)), (EvalFragment(1, 0, 0),))
    return replace(table, **changes)


def with_cell(**changes):
    table = one_table()
    return replace(table, cells=(table.cells[0], replace(table.cells[1], **changes)))


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (with_cell(page=99), "page 99, the document has 3"),
        (with_cell(page=0), "page 0"),
        (with_cell(col=2), "reaches beyond 1 rows and 2 columns"),
        (with_cell(row_span=2), "reaches beyond"),
        (with_cell(col=0), "overlap at row 0, column 0"),
        (with_cell(box=Box(float("nan"), 0, 1, 1)), "impossible box"),
        (with_cell(box=Box(0, 0, float("inf"), 1)), "impossible box"),
        (with_cell(box=Box(5, 0, 1, 1)), "impossible box"),
        (with_cell(text="1" * 20_001), "20001 characters"),
        (with_cell(confidence=float("nan")), "confidence"),
        (one_table(cells=()), "no cells"),
        (one_table(n_rows=10**12), "positions"),
        (one_table(n_header_rows=2), "2 header rows"),
        (one_table(fragments=()), "no page"),
        (one_table(fragments=(EvalFragment(4, 0, 0),)), "page 4"),
        (one_table(fragments=(EvalFragment(1, 0, 1),)), "rows 0 to 1 of 1"),
        (one_table(fragments=(EvalFragment(2, 0, 0), EvalFragment(1, 0, 0))), "order of the pages"),
        (one_table(fragments=(EvalFragment(1, 0, 0, Box(float("nan"), 0, 0, 0)),)), "impossible box"),
        (one_table(fragments=(EvalFragment(1, 0, 0, None, (EvalCell(0, 5, 1, 1, "", 1),)),)), "reaches beyond"),
    ],
)
def test_an_impossible_table_is_left_out_with_a_remark_and_the_others_stay(table, words):
    good = one_table(id="t002")
    checked, remarks = check_extraction(Extraction((table, good)), 3)
    assert checked == Extraction((good,))
    (remark,) = remarks
    assert remark.startswith("table t001 was left out: ")
    assert words in remark


def test_lines_on_pages_that_do_not_exist_are_left_out():
    lines = (EvalLine(1, "a"), EvalLine(9, "b"))
    checked, remarks = check_extraction(Extraction(lines=lines), 1)
    assert checked.lines == lines[:1]
    assert remarks == ("1 of 2 lines were left out: no such page, too long or too many",)


def test_a_thousand_bad_tables_make_few_remarks():
    checked, remarks = check_extraction(Extraction((one_table(cells=()),) * 1000), 1)
    assert checked.tables == ()
    assert len(remarks) == 51
    assert remarks[-1] == "and 950 more remarks like these"


def test_the_schema_is_valid_and_the_documented_example_keeps_it():
    meta.validate(EXTRACTION_SCHEMA.load())
    text = (ROOT / "docs" / "evaluation-json.md").read_text(encoding="utf-8")
    examples = re.findall(r"```json\n(.*?)```", text, flags=re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        extraction = text_to_extraction(example)
        assert extraction.tables
        assert check_extraction(extraction, 9) == (extraction, ())


def test_every_member_of_the_schema_is_in_the_documentation():
    text = (ROOT / "docs" / "evaluation-json.md").read_text(encoding="utf-8")
    definitions = EXTRACTION_SCHEMA.load()["$defs"]
    members = {name for one in definitions.values() for name in one.get("properties", {})}
    assert {name for name in members if f"`{name}`" not in text} == set()
