"""The published form, the folder that holds it, and what becomes of a run that dies."""

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import meta

from lanci import facets
from lanci.document import (
    Alternative,
    AmountStatus,
    AppliedOverride,
    Box,
    Caption,
    Cell,
    CellRef,
    Column,
    ColumnMeaning,
    Document,
    Facets,
    Finding,
    FormAmount,
    HeaderRole,
    Measure,
    PageKind,
    PageSummary,
    Place,
    RowMeaning,
    RowRole,
    Severity,
    SourceInfo,
    SubColumn,
    SubjectCode,
    SubTable,
    Table,
    TableFragment,
    TextSource,
)
from lanci.errors import DamagedError, OutputError, UnsupportedInputError
from lanci.override import OverrideAction
from lanci.store import (
    DOCUMENT_SCHEMA,
    bytes_to_document,
    document_to_json,
    json_to_document,
    read_document,
    remove_leftovers,
    table_to_csv,
    write_document,
)
from lanci.store.locks import lock_folder
from lanci.store.swap import exchange_folders, put_folder_in_two_moves, restore_aside, target_to_aside
from lanci.store.table_csv import text_to_csv_cell
from lanci.store.temporary import TEMPORARY_PREFIX, temporary_folder


def make_cells(text: str) -> tuple[Cell, ...]:
    name, amount = {"role": HeaderRole.SUBJECT_NAME}, {"role": HeaderRole.AMOUNT}
    read = {"source": TextSource.OCR, "confidence": 0.75, "needs_review": True, "value": Decimal("1231.60")}
    judged = {"status": AmountStatus.CONFLICT, "proofs": 2}
    other = {"alternatives": (Alternative("1,251.60", 0.125),)}
    return (
        Cell(0, 0, 1, 1, "科目名称", 1, Box(50, 60, 150, 80), **name),
        Cell(0, 1, 1, 1, "合计", 1, Box(150, 60, 250, 80), **amount),
        Cell(1, 0, 2, 1, text, 1, Box(50, 80, 150, 800), **name, continued=(Place(2, Box(50, 40, 150, 60)),)),
        Cell(1, 1, 1, 1, "1,231.60", 1, Box(150, 80, 250, 800), **amount, **read, **other, **judged),
        Cell(2, 1, 1, 1, "", 2, Box(150, 40, 250, 60), **amount),
    )


def make_document(name: str = "临西县2021.pdf", text: str = "一般公共服务支出") -> Document:
    table = Table(
        id="t001",
        type="budget_summary",
        kind="summary",
        fund="all",
        scope="all",
        classification="none",
        type_probability=0.9876,
        caption=Caption(("收支总表", "单位：万元"), "收支总表", "临西县人民政府", "434001", 2021, "万元"),
        notes=("注：无",),
        n_rows=3,
        n_cols=2,
        n_header_rows=1,
        row_roles=(RowRole.HEADER, RowRole.DETAIL, RowRole.TOTAL),
        columns=(
            Column(0, HeaderRole.SUBJECT_NAME, ("科目名称",)),
            Column(
                1, HeaderRole.AMOUNT, ("合计",), 1, ColumnMeaning((Measure.CARRY_OVER, Measure.TOTAL), 2020, "万元")
            ),
        ),
        fragments=(
            TableFragment(1, Box(50, 60, 250, 800), 0, 1),
            TableFragment(2, Box(50, 40, 250, 60), 1, 2, 1.0, ("joined by the user", "same widths"), number=2),
        ),
        cells=make_cells(text),
        findings=(Finding("column-sum", Severity.ERROR, "sum is off", (CellRef("t001", 1, 1),), "1237.60", "1231.60"),),
        companion="t002",
        meanings=(
            RowMeaning(1, (SubjectCode("2010101", 3, "行政运行", "functional", (0,)),), ((0, 0), (1, 0)), (1, 0)),
            RowMeaning(2, within=((1, 0),)),
        ),
        sub_tables=(SubTable(1, 2, 1, (SubColumn(0, 0, ("指标", "名称")), SubColumn(1, 1, ()))),),
        form_amounts=(FormAmount(1, 1, (1, 0), ("预算数",), (Measure.TOTAL,), "万元"),),
        guesses=Facets((("income", 0.48), ("summary", 0.4)), (("all", 0.9),), (("all", 1.0),), (("none", 0.7),)),
    )
    return Document(
        source=SourceInfo(name, "0" * 64, "application/pdf", 3),
        software=(("lanci", "0.1.0"), ("models", "1")),
        pages=(
            PageSummary(1, 595.28, 841.89, 0, PageKind.DIGITAL, ("repaired",)),
            PageSummary(2, 841.89, 595.28, 90, PageKind.SCANNED),
        ),
        tables=(table,),
        findings=(Finding("same-code", Severity.WARNING, "differs", (CellRef("t001", 1, 1),), None, None, "1,251.60"),),
        overrides=(AppliedOverride(OverrideAction.JOIN, 2, 2, 0.125),),
    )


def entries(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def schema_errors(data: object) -> list[str]:
    return [str(violation) for violation in DOCUMENT_SCHEMA.find_violations(data)]


def test_what_is_not_known_of_rows_is_left_out():
    document = make_document()
    table = document_to_json(document)["tables"][0]
    assert table["meanings"][1] == {"row": 2, "within": [[1, 0]]}
    bare = replace(
        document, tables=(replace(document.tables[0], meanings=(), sub_tables=(), form_amounts=(), guesses=None),)
    )
    data = document_to_json(bare)
    assert not {"meanings", "sub_tables", "form_amounts", "guesses"} & set(data["tables"][0])
    assert json_to_document(data) == bare


def test_round_trip_through_json_text():
    document = make_document()
    assert json_to_document(json.loads(json.dumps(document_to_json(document)))) == document


def test_json_is_valid_and_rounded():
    document = make_document()
    table = document.tables[0]
    odd = replace(table.cells[0], box=Box(-0.001, 1 / 3, 100.006, 2e2), confidence=2 / 3)
    data = document_to_json(replace(document, tables=(replace(table, cells=(odd, *table.cells[1:])),)))
    cell = data["tables"][0]["cells"][0]
    assert json.dumps(cell["bbox"]) == "[0.0, 0.33, 100.01, 200.0]"
    assert cell["confidence"] == 0.6667
    assert schema_errors(data) == []


def test_optional_key_only_where_a_cell_is_cut():
    cells = document_to_json(make_document())["tables"][0]["cells"]
    assert [("continued" in cell) for cell in cells] == [False, False, True, False, False]


@pytest.mark.parametrize("value", ["1E+3", "-0.40", "0.00", "123456789012345678901234.56", "1E-7"])
def test_amounts_are_plain_and_exact(value):
    document = make_document()
    table = document.tables[0]
    cell = replace(table.cells[3], value=Decimal(value))
    changed = replace(document, tables=(replace(table, cells=(*table.cells[:3], cell, table.cells[4])),))
    data = document_to_json(changed)
    assert schema_errors(data) == []
    assert json_to_document(data).tables[0].cells[3].value == Decimal(value)


def test_finding_of_a_table_cannot_point_elsewhere():
    document = make_document()
    stray = Finding("r", Severity.INFO, "m", (CellRef("t009", 0, 0),))
    with pytest.raises(ValueError, match="t009"):
        document_to_json(replace(document, tables=(replace(document.tables[0], findings=(stray,)),)))


def broken(change):
    data = document_to_json(make_document())
    change(data)
    return data


BREAKS = {
    "unknown key": lambda d: d.update(extra=1),
    "missing key": lambda d: d["tables"][0].pop("unit"),
    "unknown role": lambda d: d["tables"][0]["cells"][0].update(role="amuont"),
    "value as number": lambda d: d["tables"][0]["cells"][3].update(value=1231.6),
    "page 0": lambda d: d["tables"][0]["cells"][0].update(page=0),
    "short bbox": lambda d: d["tables"][0]["fragments"][0].update(bbox=[1, 2, 3]),
    "probability over 1": lambda d: d["tables"][0].update(type_probability=1.5),
    "unknown kind": lambda d: d["tables"][0].update(kind="budget"),
    "empty continued": lambda d: d["tables"][0]["cells"][0].update(continued=[]),
    "finding by name only": lambda d: d["findings"][0].update(cells=[[1, 1]]),
}


@pytest.mark.parametrize("change", BREAKS.values(), ids=BREAKS.keys())
def test_schema_refuses(change):
    data = broken(change)
    assert schema_errors(data)
    with pytest.raises(DamagedError, match="breaks its schema"):
        json_to_document(data)


MISFITS = {
    "tables/0/row_roles: 2 entries where the table has 3": lambda d: d["tables"][0]["row_roles"].pop(),
    "tables/0/columns: 2 entries where the table has 9": lambda d: d["tables"][0].update(n_cols=9),
    "tables/0/cells/4: row 2, column 1 reaches out": lambda d: d["tables"][0]["cells"][4].update(row_span=2),
}


@pytest.mark.parametrize(("message", "change"), MISFITS.items(), ids=range(len(MISFITS)))
def test_tables_that_contradict_themselves_are_refused(message, change):
    data = broken(change)
    assert schema_errors(data) == []
    with pytest.raises(DamagedError, match=message):
        json_to_document(data)


HOSTILE = {
    "title of half a character": (b'"title": "\\u6536', b'"title": "\\udc00\\u6536', "no JSON .*surrogates"),
    "key of half a character": (b'"title"', b'"\\ud800"', "no JSON .*surrogates"),
    "not a number": (b'"type_probability": 0.9876', b'"type_probability": NaN', "tables/0/type_probability"),
    "infinite": (b'"width": 595.28', b'"width": 1e999', "pages/0/width"),
    "huge": (b'"width": 595.28', b'"width": 1' + b"0" * 400, "beyond all measure"),
    "nested": (b'"fiscal_year": 2021', b'"fiscal_year": ' + b"[" * 300 + b"]" * 300, "at the top level: Recursion"),
}


@pytest.mark.parametrize(("before", "after", "message"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_json_is_refused(before, after, message):
    content = json.dumps(document_to_json(make_document())).encode()
    assert content.count(before) == 1
    with pytest.raises(DamagedError, match=f"here.json.*{message}"):
        bytes_to_document(content.replace(before, after), "here.json")


def test_whole_numbers_are_integers_however_they_are_written():
    content = json.dumps(document_to_json(make_document())).encode()
    again = bytes_to_document(content.replace(b'"n_rows": 3', b'"n_rows": 3.0'), "here.json")
    assert type(again.tables[0].n_rows) is int
    assert again == bytes_to_document(content, "here.json")


@pytest.mark.parametrize("data", [[], "x", None, {}, {"schema": 1}, {"schema": "lanci/document/2"}])
def test_other_schemas_are_named(data):
    with pytest.raises(UnsupportedInputError, match="lanci"):
        json_to_document(data)


def test_schema_lists_the_values_that_the_code_has():
    meta.validate(DOCUMENT_SCHEMA.load())
    definitions = DOCUMENT_SCHEMA.load()["$defs"]
    expected = {
        "kind": facets.KINDS,
        "fund": facets.FUNDS,
        "scope": facets.SCOPES,
        "classification": facets.CLASSIFICATIONS,
        "role": tuple(HeaderRole),
        "measure": tuple(Measure),
    }
    assert {name: tuple(definitions[name]["enum"]) for name in expected} == expected


def test_folder_holds_json_and_csv(tmp_path):
    document = make_document()
    folder = write_document(document, tmp_path / "new" / "out")
    assert folder == tmp_path / "new" / "out" / "临西县2021"
    assert sorted(str(p.relative_to(folder)) for p in folder.rglob("*")) == [
        "document.json",
        "records.csv",
        "tables",
        "tables/t001_收支总表.csv",
    ]
    assert read_document(folder) == document
    raw = (folder / "document.json").read_bytes()
    assert raw.endswith(b"\n}\n") and "收支总表".encode() in raw
    assert entries(folder.parent) == [folder.name]
    assert folder.stat().st_mode & 0o777 == (tmp_path / "new").stat().st_mode & 0o777


def test_same_document_same_bytes(tmp_path):
    first, second = (write_document(make_document(), tmp_path / name) for name in "ab")
    assert (first / "document.json").read_bytes() == (second / "document.json").read_bytes()


def test_csv_bytes():
    raw = table_to_csv(make_document(text='名称,"甲"').tables[0])
    assert raw == '\ufeff科目名称,合计\r\n"名称,""甲""","1,231.60"\r\n,\r\n'.encode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1+1", "'=1+1"),
        (" =cmd|' /C calc'!A0", "' =cmd|' /C calc'!A0"),
        ("+86 10", "'+86 10"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1+1", "'＝1+1"),
        ("-2+3", "'-2+3"),
        ("-0.40", "-0.40"),
        ("-1,234.50", "-1,234.50"),
        ("-12.5%", "-12.5%"),
        ("-", "-"),
        ("——", "——"),
        ("20131", "20131"),
        ("", ""),
    ],
)
def test_csv_cells_are_no_formulas(text, expected):
    assert text_to_csv_cell(text) == expected


@given(st.text())
def test_no_csv_cell_can_be_run(text):
    written = text_to_csv_cell(text)
    assert written in (text, f"'{text}")
    start = written.lstrip(" ")[:1]
    if start and start in "=@\t\r":
        assert not any(c.isalnum() for c in written)
    if start and start in "+-":
        assert not any(c.isalpha() or c in "(|!" for c in written) or not any(c.isalnum() for c in written)
    assert next(csv.reader(io.StringIO(f'"{written.replace(chr(34), chr(34) * 2)}"\r\n', newline=""))) == [written]


def test_older_result_is_replaced_whole(tmp_path):
    write_document(make_document(), tmp_path)
    empty = replace(make_document(), tables=(), findings=())
    folder = write_document(empty, tmp_path)
    assert read_document(folder) == empty
    assert entries(folder / "tables") == []
    assert entries(tmp_path) == [folder.name]


@pytest.mark.parametrize("kind", ["file", "link", "foreign"])
def test_what_is_not_ours_is_never_replaced(tmp_path, kind):
    target = tmp_path / "临西县2021"
    if kind == "file":
        target.write_text("mine")
    elif kind == "link":
        (tmp_path / "elsewhere").mkdir()
        target.symlink_to(tmp_path / "elsewhere")
    else:
        write_document(make_document(), tmp_path)
        (target / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match="临西县2021"):
        write_document(make_document(), tmp_path)
    assert target.is_symlink() or (target if kind == "file" else target / "notes.txt").read_text() == "mine"
    assert not list(tmp_path.glob(".lanci*"))


def test_output_that_cannot_be_made(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(OutputError, match="cannot write"):
        write_document(make_document(), tmp_path / "out")


def test_name_that_is_no_unicode(tmp_path):
    document = make_document(os.fsdecode(b"\xff\xfe.pdf"))
    folder = write_document(document, tmp_path)
    (folder / "document.json").read_bytes().decode("utf-8")
    assert read_document(folder).tables == document.tables


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (None, UnsupportedInputError),
        (b"{", DamagedError),
        (b"\xff", DamagedError),
        (b"[" * 100_000, DamagedError),
        (b'{"schema": "lanci/document/9"}', UnsupportedInputError),
    ],
)
def test_unreadable_folder(tmp_path, content, error):
    if content is not None:
        (tmp_path / "document.json").write_bytes(content)
    with pytest.raises(error, match=r"document\.json"):
        read_document(tmp_path)


_ENDLESS_WRITER = """
import sys
from pathlib import Path
from lanci.store import read_document, write_document
out = Path(sys.argv[1])
versions = [read_document(out / name) for name in ("甲", "乙")]
print("ready", flush=True)
while True:
    for version in versions:
        write_document(version, out / "results", name="x")
"""


def test_killed_writer_leaves_old_or_new_and_no_litter(tmp_path):
    old, new = make_document(text="旧"), make_document(text="新" * 2000)
    for name, document in (("甲", old), ("乙", new)):
        write_document(document, tmp_path, name=name)
    results = tmp_path / "results"
    write_document(old, results, name="x")
    for round_ in range(4):
        command = [sys.executable, "-c", _ENDLESS_WRITER, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None and process.stdout.readline() == b"ready\n"
            time.sleep(0.013 * round_ + 0.01)
            process.send_signal(signal.SIGKILL)
        assert read_document(results / "x") in (old, new)
        csvs = list((results / "x" / "tables").iterdir())
        assert len(csvs) == 1 and csvs[0].read_bytes().endswith(b"\r\n,\r\n")
    write_document(old, results, name="x")
    assert entries(results) == ["x"]


def test_folder_of_a_running_writer_is_no_leftover(tmp_path):
    dead = tmp_path / f"{TEMPORARY_PREFIX}1-dead"
    (dead / "tables").mkdir(parents=True)
    with temporary_folder(tmp_path) as alive:
        remove_leftovers(tmp_path)
        assert entries(tmp_path) == [alive.name]
    remove_leftovers(tmp_path)
    assert entries(tmp_path) == []


def fill_pair(folder: Path) -> tuple[Path, Path]:
    paths = folder / ".new", folder / "x"
    for path, text in zip(paths, ("new", "old"), strict=True):
        path.mkdir(exist_ok=True)
        (path / "f").write_text(text)
    return paths


@pytest.mark.skipif(not sys.platform.startswith(("linux", "darwin")), reason="needs an atomic exchange")
def test_folders_are_exchanged_in_one_step(tmp_path):
    new, target = fill_pair(tmp_path)
    assert exchange_folders(new, target)
    assert ((target / "f").read_text(), (new / "f").read_text()) == ("new", "old")
    assert not exchange_folders(new, tmp_path / "missing")


def test_a_folder_that_its_owner_moves_is_not_put_back(tmp_path):
    new, target = fill_pair(tmp_path)
    lock = lock_folder(target)
    aside = target.rename(target_to_aside(target))
    assert restore_aside(tmp_path) == [] and aside.exists()
    os.close(lock)
    assert restore_aside(tmp_path) == [] and not aside.exists()
    shutil.copytree(target, aside)
    assert (put_folder_in_two_moves(new, target) / "f").read_text() == "old"


def test_replacing_in_two_moves_can_be_undone(tmp_path):
    new, target = fill_pair(tmp_path)
    aside = put_folder_in_two_moves(new, target)
    assert ((target / "f").read_text(), (aside / "f").read_text()) == ("new", "old")
    assert restore_aside(tmp_path) == [aside]
    (target / "f").unlink()
    target.rmdir()  # as if the run had died between the two moves
    assert restore_aside(tmp_path) == []
    assert (target / "f").read_text() == "old"
