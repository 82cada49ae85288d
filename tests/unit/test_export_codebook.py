"""The codebook and the views say what the code does."""

from __future__ import annotations

import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from tests.made_budgets import AMOUNT, NAME, make_budget, make_table

from lanci.document import Caption, Measure
from lanci.errors import MissingProgramError
from lanci.export import Format, codebook_to_markdown
from lanci.export.data_package import FISCAL_TYPES
from lanci.export.decimals import fit
from lanci.export.formats import open_exporter
from lanci.export.read import ReadDocument
from lanci.export.relations import Kind
from lanci.export.rows import RECORDS, RELATIONS, Direction, Phase
from lanci.export.views import VIEWS
from lanci.records import COLUMNS

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_is_up_to_date():
    assert (DOCS / "codebook.md").read_text(encoding="utf-8") == codebook_to_markdown()


def test_every_relation_column_value_and_view_is_in_it():
    book = codebook_to_markdown()
    for relation in RELATIONS:
        _, _, section = book.partition(f"\n## {relation.name}\n")
        for column in relation.columns:
            assert f"| `{column.name}` | {column.kind.value}" in section.partition("\n## ")[0]
    assert all(f"`{measure.value}`" in book for measure in Measure)
    assert all(f"| `{view.name}` |" in book for view in VIEWS)


def test_every_format_is_in_the_documentation():
    text = (DOCS / "export.md").read_text(encoding="utf-8")
    assert all(f"| `{form.value}` |" in text for form in Format)


def test_records_are_the_tidy_records_with_more():
    names = [column.name for column in RECORDS.columns]
    assert tuple(names[: len(COLUMNS)]) == COLUMNS
    assert set(FISCAL_TYPES) <= set(names)
    kinds = {column.name: (column.kind, column.optional) for column in RECORDS.columns}
    assert kinds["yuan"] == (Kind.EXACT, True)
    assert kinds["fiscal_year"] == (Kind.WHOLE, True)
    assert kinds["needs_review"] == (Kind.FLAG, False)
    assert kinds["x0"] == (Kind.REAL, False)


def test_keys_refer_to_columns_and_parents():
    for relation in RELATIONS:
        assert set(relation.key) <= {column.name for column in relation.columns}
        assert relation.parent is None or relation.key[: len(relation.parent.key)] == relation.parent.key


@pytest.mark.parametrize(
    ("value", "fits"),
    [
        ("0.10", True),
        ("-1E+3", True),
        ("0.123456789012345678", True),
        ("99999999999999999999.9", True),
        ("0.1234567890123456789", False),
        ("100000000000000000000", False),
        ("12345678901234567890123456789012345678901234567890", False),
    ],
)
def test_decimals_are_exact_or_missing(value: str, fits: bool):
    assert fit(Decimal(value)) == (Decimal(value) if fits else None)


@pytest.mark.parametrize(
    ("kind", "title", "header", "direction", "phase"),
    [
        ("income", "收入总表", "合计", Direction.REVENUE, Phase.APPROVED),
        ("expenditure", "支出决算总表", "合计", Direction.EXPENDITURE, Phase.EXECUTED),
        ("summary", "收支总表", "支出预算数", Direction.EXPENDITURE, Phase.APPROVED),
        ("summary", "收支总表", "金额", Direction.UNKNOWN, Phase.APPROVED),
        ("self_evaluation", "自评表", "全年预算数", Direction.EXPENDITURE, Phase.ADJUSTED),
        ("self_evaluation", "自评表", "执行数", Direction.EXPENDITURE, Phase.EXECUTED),
        ("expenditure", "支出总表", "上年预算数", Direction.EXPENDITURE, Phase.UNKNOWN),
        ("fixed_assets", "资产表", "价值", Direction.UNKNOWN, Phase.APPROVED),
    ],
)
def test_direction_and_phase(kind: str, title: str, header: str, direction: Direction, phase: Phase):
    caption = Caption(title=title, fiscal_year=2022, unit="万元")
    table = make_table(
        "t001", (kind, kind, "all", "all", "none"), caption, [(NAME, "项目"), (AMOUNT, header)], ["甲 | 1"]
    )
    made = make_budget("1" * 64, "a.pdf", caption)
    document = replace(made, tables=(table,), findings=())
    ((row,),) = (rows for relation, rows in ReadDocument(document).rows() if relation is RECORDS)
    assert (row.direction, row.phase) == (direction, phase)


@pytest.mark.parametrize(
    ("form", "library"),
    [
        (Format.PARQUET, "pyarrow"),
        (Format.DUCKDB, "pyarrow"),
        (Format.DUCKDB, "duckdb"),
        (Format.XLSX, "openpyxl"),
        (Format.DOCLING, "docling_core"),
    ],
)
def test_a_missing_library_is_named_with_its_extra_before_anything_is_written(
    form: Format, library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingProgramError, match=rf"(pyarrow|{library}) is .*lanci\[export\]"):
        open_exporter(form, tmp_path)
    assert list(tmp_path.iterdir()) == []
