"""A store as one dataset: Parquet, DuckDB, CSV and a data package hold the same rows, exactly."""

from __future__ import annotations

import csv
import json
import re
import resource
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner
from tests.made_budgets import make_budget
from tests.made_store import make_store

from lanci.bulk import Store
from lanci.bulk.layout import document_folder
from lanci.cli.commands import commands
from lanci.document import Caption, Document
from lanci.errors import ExitCode, OutputError
from lanci.export import ExportReport, Format, Step, export_store
from lanci.export.parquet_files import ParquetFiles
from lanci.export.read import ReadDocument
from lanci.export.rows import RECORDS, RELATIONS, AmountRow
from lanci.records import tidy_records
from lanci.store import value_to_csv_cell

duckdb = pytest.importorskip("duckdb", reason="needs lanci[export]")
dataset = pytest.importorskip("pyarrow.dataset", reason="needs lanci[export]")

ROOT = Path(__file__).parents[2]
CAPTION = Caption(entity="临西县财政局", fiscal_year=2022, unit="万元")
LATER, EARLIER, OPEN, WRONG = "a" * 64, "b" * 64, "c" * 64, "d" * 64


def budgets() -> list[Document]:
    """Two years of one entity, one whose place and year only its file's name tells, and one that does not add up."""
    later = make_budget(LATER, "预算.pdf", CAPTION)
    earlier = make_budget(EARLIER, "预算.pdf", replace(CAPTION, fiscal_year=2021))
    unnamed = make_budget(OPEN, "=cmd|'长安区教育局2023年预算.pdf", Caption(unit="万元"))
    wrong = make_budget(
        WRONG, "青州市.pdf", Caption(entity="青州市财政局", fiscal_year=2022, unit="元"), total="101.00"
    )
    return [later, earlier, unnamed, wrong]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("export") / "store"
    return make_store(folder, budgets(), {LATER: ("2022/预算.pdf", "copy.pdf")})


@pytest.fixture(scope="module")
def exports(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports")
    for form in (Format.PARQUET, Format.DUCKDB, Format.CSV, Format.DATAPACKAGE):
        assert export(store, folder / form, form) == ExportReport(n_documents=4)
    return folder


@pytest.fixture
def database(exports: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(exports / "duckdb" / "lanci.duckdb", read_only=True) as connection:
        yield connection


def export(store: Store, target: Path, form: Format) -> ExportReport:
    return export_store(store, target, form, lambda step: None)


def amounts(document: Document) -> list[AmountRow]:
    (rows,) = (rows for relation, rows in ReadDocument(document).rows() if relation is RECORDS)
    return rows


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_all_formats_have_the_same_rows(exports: Path, database: duckdb.DuckDBPyConnection):
    for relation in RELATIONS:
        rows = read_csv(exports / "csv" / f"{relation.name}.csv")
        assert list(rows[0]) == [column.name for column in relation.columns]
        key = relation.key or ("path", "document")
        keys = sorted(tuple(row[name] for name in key) for row in rows)
        assert len(set(keys)) == len(keys)
        stored = dataset.dataset(exports / "parquet" / relation.name, partitioning="hive").to_table().to_pylist()
        assert sorted(tuple(value_to_csv_cell(row[name]) for name in key) for row in stored) == keys
        columns = ", ".join(f'"{name}"' for name in key)
        stored = database.execute(f"SELECT {columns} FROM {relation.name}").fetchall()
        assert sorted(tuple(map(value_to_csv_cell, row)) for row in stored) == keys
        package = (exports / "datapackage" / f"{relation.name}.csv").read_bytes()
        assert (exports / "csv" / f"{relation.name}.csv").read_bytes() == b"\xef\xbb\xbf" + package


def test_amounts_stay_exact(exports: Path, store: Store):
    expected = [record for stored in store.documents() for record in tidy_records(stored.read())]
    rows = read_csv(exports / "csv" / "records.csv")
    assert [row["value"] for row in rows] == ["" if one.value is None else str(one.value) for one in expected]
    table = dataset.dataset(exports / "parquet" / "records", partitioning="hive").to_table()
    values = {(r["document"], r["table"], r["row"], r["col"]): (r["value"], r["yuan"]) for r in table.to_pylist()}
    assert values == {(r.document, r.table, r.row, r.col): (r.value, r.yuan) for r in expected}


def test_the_descriptions_are_in_the_files(exports: Path, database: duckdb.DuckDBPyConnection):
    said = "exact value in 元; empty where the unit is unknown or no money"
    query = "SELECT comment FROM duckdb_columns() WHERE table_name = 'records' AND column_name = 'yuan'"
    assert database.execute(query).fetchall() == [(said,)]
    file = next((exports / "parquet" / "records").rglob("*.parquet"))
    assert dataset.dataset(file).schema.field("yuan").metadata[b"description"].decode() == said
    assert (exports / "csv" / "codebook.md").read_text(encoding="utf-8").count(said) == 1


def test_records_are_in_partitions_by_year_and_province(exports: Path):
    folder = exports / "parquet" / "records"
    places = {path.parent.relative_to(folder).as_posix() for path in folder.rglob("*.parquet")}
    assert places == {
        "budget_year=2021/province=河北省",
        "budget_year=2022/province=河北省",
        "budget_year=2022/province=山东省",
        "budget_year=2023/province=unknown",  # 长安区 is in 西安 and in 石家庄
    }
    assert pd.read_parquet(folder, filters=[("budget_year", "==", 2021)])["document"].unique().tolist() == [EARLIER]


def test_a_document_without_a_year_is_in_a_partition_that_readers_take_for_none(tmp_path: Path):
    writer = ParquetFiles(tmp_path)
    writer.write(RECORDS, amounts(make_budget(OPEN, "预算.pdf", Caption(unit="万元"))))
    writer.write(RECORDS, amounts(make_budget(LATER, "预算.pdf", CAPTION)))
    writer.close()
    years = dataset.dataset(tmp_path / "records", partitioning="hive").to_table().column("budget_year")
    assert years.null_count == len(years) / 2 > 0
    query = f"SELECT DISTINCT budget_year FROM read_parquet('{tmp_path}/records/**/*.parquet', hive_partitioning=true)"
    assert {year for (year,) in duckdb.sql(query).fetchall()} == {None, 2022}


def test_rows_in_memory_and_open_files_are_bounded(tmp_path: Path):
    writer = ParquetFiles(tmp_path, max_waiting=40, max_open=2)
    documents = [make_budget(f"{n:064}", "a.pdf", replace(CAPTION, fiscal_year=2000 + n % 3)) for n in range(12)]
    rows = [amounts(one) for one in documents]
    for some in rows:
        writer.write(RECORDS, some)
    writer.close()
    read = dataset.dataset(tmp_path / "records", partitioning="hive").to_table()
    assert read.num_rows == sum(map(len, rows))
    assert len(list(tmp_path.rglob("*.parquet"))) > 3  # partitions that came again went on in further parts
    assert sorted(set(read.column("document").to_pylist())) == [one.source.sha256 for one in documents]


def test_sources_name_every_file_and_what_became_of_it(exports: Path):
    rows = read_csv(exports / "csv" / "sources.csv")
    assert [row["path"] for row in rows if row["document"] == LATER] == ["2022/预算.pdf", "copy.pdf"]
    (lost,) = (row for row in rows if not row["document"])
    assert (lost["path"], lost["state"], lost["category"]) == ("lost.pdf", "failed", "missing")


def test_csv_texts_never_become_formulas(exports: Path):
    files = [row["file"] for row in read_csv(exports / "csv" / "documents.csv")]
    assert "'=cmd|'长安区教育局2023年预算.pdf" in files


def test_a_frictionless_package_that_validates(exports: Path):
    frictionless = pytest.importorskip("frictionless")
    path = exports / "datapackage" / "datapackage.json"
    report = frictionless.validate(str(path))
    assert report.valid, report.flatten(["type", "message"])
    records = next(one for one in json.loads(path.read_bytes())["resources"] if one["name"] == "records")
    types = {field["columnType"] for field in records["schema"]["fields"] if "columnType" in field}
    assert {"value", "date:fiscal-year", "direction", "phase:id", "functional-classification:generic:code"} <= types
    names = {field["name"] for field in records["schema"]["fields"]}
    assert {"yuan", "budget_year", "economic_code"} <= names


@pytest.mark.parametrize(
    ("column", "text"), [("yuan", "1,2"), ("document", "e" * 64), ("status", "sure"), ("page", "")]
)
def test_a_package_with_an_error_does_not_validate(exports: Path, tmp_path: Path, column: str, text: str):
    frictionless = pytest.importorskip("frictionless")
    for file in (exports / "datapackage").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    rows = read_csv(tmp_path / "records.csv")
    rows[0][column] = text
    with (tmp_path / "records.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    assert not frictionless.validate(str(tmp_path / "datapackage.json")).valid


def test_the_documented_queries_run(database: duckdb.DuckDBPyConnection):
    text = (ROOT / "docs" / "export.md").read_text(encoding="utf-8")
    by_province, by_code, share, unproven, place = (
        database.execute(query).fetchall() for query in re.findall(r"```sql\n(.*?)```", text, re.DOTALL)
    )
    assert by_province == [
        (2021, "河北省", 1, Decimal(1_000_000), 0, 0),
        (2022, "山东省", 1, Decimal(101), Decimal(101), 0),
        (2022, "河北省", 1, Decimal(1_000_000), 0, 0),
        (2023, "unknown", 1, Decimal(1_000_000), 0, 0),
    ]
    assert by_code == [
        ("204", "公共安全支出", 2022, 1, Decimal(800_000), Decimal(800_000), 0),
        ("205", "教育支出", 2022, 1, Decimal(200_000), Decimal(200_000), 0),
    ]
    assert [(row[1], row[2], row[5]) for row in share if row[0] == "河北省"] == [
        ("临西县财政局", 2021, 2.0),
        ("临西县财政局", 2022, 2.0),
    ]
    assert ("101.00", "conflict") in {(row[5], row[7]) for row in unproven}
    sizes = [abs(row[6]) for row in unproven]
    assert sizes == sorted(sizes, reverse=True)
    names, page, *box, text, unit, status, findings = place[0]
    assert (names, page, text, unit, status, findings) == (
        "2022/预算.pdf; copy.pdf",
        1,
        "80.00",
        "万元",
        "proven",
        None,
    )
    assert box == [200, 80, 300, 100]


def test_views_leave_out_what_contradicts_itself(tmp_path: Path):
    same = replace(CAPTION, fiscal_year=2022)
    two = [make_budget("1" * 64, "a.pdf", same), make_budget("2" * 64, "b.pdf", same, total="102.00")]
    export(make_store(tmp_path / "store", two), tmp_path / "out", Format.DUCKDB)
    with duckdb.connect(tmp_path / "out" / "lanci.duckdb") as database:
        assert database.execute("SELECT yuan, n_figures FROM entity_totals").fetchall() == [(None, 2)]
        assert database.execute("SELECT yuan, n_left_out FROM totals_by_province").fetchall() == [(None, 1)]


@pytest.mark.parametrize("form", [Format.PARQUET, Format.CSV, Format.DATAPACKAGE])
def test_the_same_store_gives_the_same_bytes(store: Store, exports: Path, tmp_path: Path, form: Format):
    export(store, tmp_path / "again", form)
    first, again = (
        {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (exports / form, tmp_path / "again")
    )
    assert first == again


def test_numbers_that_do_not_fit_are_counted_and_left_out(tmp_path: Path):
    huge = "123456789012345678901234567890.5"
    store = make_store(tmp_path / "store", [make_budget("1" * 64, "a.pdf", CAPTION, total=huge)])
    assert export(store, tmp_path / "parquet", Format.PARQUET).n_unfit == 2
    rows = dataset.dataset(tmp_path / "parquet" / "records", partitioning="hive").to_table().to_pylist()
    assert [(r["value"], r["yuan"], r["printed"]) for r in rows if r["text"] == huge] == [(None, None, "number")]
    assert export(store, tmp_path / "csv", Format.CSV).n_unfit == 0
    assert huge in {row["value"] for row in read_csv(tmp_path / "csv" / "records.csv")}


def test_workbooks_bear_the_names_of_the_files_that_were_read(store: Store, tmp_path: Path):
    export(store, tmp_path / "out", Format.XLSX)
    folder = tmp_path / "out" / "documents"
    assert len(list(folder.iterdir())) == 4
    assert openpyxl.load_workbook(folder / f"预算-{LATER[:16]}.xlsx")["Summary"]["B1"].value == "预算.pdf"


def test_an_export_replaces_an_export_and_nothing_else(store: Store, tmp_path: Path):
    target = tmp_path / "out"
    export(store, target, Format.CSV)
    export(store, target, Format.DATAPACKAGE)
    assert (target / "datapackage.json").exists()
    (target / "mine.txt").write_text("work")
    with pytest.raises(OutputError, match=r"mine\.txt"):
        export(store, target, Format.CSV)
    assert (target / "mine.txt").read_text() == "work"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_damaged_result_is_named_and_the_others_go_on(tmp_path: Path):
    store = make_store(tmp_path / "store", budgets())
    (document_folder(store.folder, EARLIER) / "document.json").write_text("{")
    steps: list[Step] = []
    report = export_store(store, tmp_path / "out", Format.CSV, steps.append)
    assert report == ExportReport(n_documents=3, n_failed=1)
    assert [step.error.category for step in steps if step.error] == ["damaged"]
    (row,) = (row for row in read_csv(tmp_path / "out" / "sources.csv") if row["document"] == EARLIER)
    assert (row["has_result"], row["category"]) == ("false", "damaged")
    done = CliRunner().invoke(
        commands,
        ["export", str(store.folder), "-o", str(tmp_path / "out"), "--format", "duckdb"],
        standalone_mode=False,
    )
    assert done.return_value is ExitCode.SOME_FAILED
    assert "✗ 预算.pdf: damaged" in done.output
    assert f"3 documents exported, 1 could not be read or do not fit → {tmp_path / 'out'}" in done.output


@pytest.mark.parametrize("form", [Format.CSV, Format.DUCKDB, Format.DATAPACKAGE])
def test_a_full_disk_leaves_the_export_before_as_it_was(tmp_path: Path, form: Format):
    many = [make_budget(f"{n:064}", f"{n}.pdf", CAPTION) for n in range(30)]
    store = make_store(tmp_path / "store", many)
    (tmp_path / "out").mkdir()
    target = tmp_path / "out" / "export"
    export(make_store(tmp_path / "small", many[:1]), target, Format.CSV)
    before = (target / "export.json").read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, limits[1]))
    try:
        with pytest.raises(OutputError, match="make room"):
            export(store, target, form)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (target / "export.json").read_bytes() == before
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["export"]


@pytest.mark.parametrize("form", list(Format))
def test_a_store_without_results_can_be_exported(tmp_path: Path, form: Format):
    assert export(make_store(tmp_path / "store", []), tmp_path / "out", form) == ExportReport()
    said = json.loads((tmp_path / "out" / "export.json").read_bytes())
    assert said["format"] == form
    assert set(said["entries"]) == {path.name for path in (tmp_path / "out").iterdir()}
    if (tmp_path / "out" / "sources.csv").exists():
        assert [row["path"] for row in read_csv(tmp_path / "out" / "sources.csv")] == ["lost.pdf"]
