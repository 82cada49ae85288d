"""Label Studio: a round trip loses nothing, what a person changes arrives, and what cannot be held is refused."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import cv2
import pytest
from tests.unit.eval.printed_annotations import SHIPPED, as_json, print_annotation

from lanci.annotation import NO_BOX, AnnotatedDocument, check_annotations, load_annotation, save_annotation
from lanci.document import HeaderRole
from lanci.errors import AnnotationError, ExitCode
from lanci_eval.truth.exchange_command import export, import_
from lanci_eval.truth.label_studio import document_to_tasks
from lanci_eval.truth.label_studio_config import to_labeling_config
from lanci_eval.truth.label_studio_reader import read_tasks
from lanci_eval.truth.originals import PageImage

Tasks = list[dict[str, Any]]
Change = Callable[[Tasks], object]


@pytest.fixture(scope="module", params=[("linxi-2021", 6), ("gaoyi-2021", 17), ("xushui-2024", 12)])
def printed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AnnotatedDocument:
    name, last_page = request.param
    document, _ = print_annotation(name, last_page, tmp_path_factory.mktemp("printed"))
    return document


@pytest.fixture(scope="module")
def linxi(tmp_path_factory: pytest.TempPathFactory) -> tuple[AnnotatedDocument, Path]:
    return print_annotation("linxi-2021", 6, tmp_path_factory.mktemp("linxi"))


def to_tasks(document: AnnotatedDocument) -> Tasks:
    """Of pictures at 144 dpi, through the text of a file."""
    images = [PageImage(p.number, f"p{p.number}.png", round(2 * p.width), round(2 * p.height)) for p in document.pages]
    tasks: Tasks = json.loads(json.dumps(document_to_tasks(document, images, "/images/"), ensure_ascii=False))
    return tasks


def read_back(tasks: Tasks, folder: Path) -> AnnotatedDocument:
    path = folder / "tasks.json"
    path.write_text(json.dumps(tasks, ensure_ascii=False), encoding="utf-8")
    (document,) = read_tasks([path])
    return document


def results_on(tasks: Tasks, page: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tasks[page - 1]["predictions"][0]["result"]
    return found


def find(tasks: Tasks, page: int, region: str, control: str = "region") -> dict[str, Any]:
    return next(r for r in results_on(tasks, page) if r["id"].endswith(region) and r["from_name"] == control)


def test_a_round_trip_loses_nothing(printed: AnnotatedDocument, tmp_path: Path) -> None:
    assert any(f.repeated_header for t in printed.tables for f in t.fragments) or printed.id != "linxi-2021"
    back = read_back(to_tasks(printed), tmp_path)
    assert as_json(back) == as_json(printed)
    assert check_annotations([back]) == ()


def test_it_does_not_depend_on_the_order_of_tasks_and_results(printed: AnnotatedDocument, tmp_path: Path) -> None:
    tasks = to_tasks(printed)
    for task in tasks:
        task["predictions"][0]["result"].reverse()
    assert as_json(read_back(tasks[::-1], tmp_path)) == as_json(printed)


def test_cells_without_a_place_come_back_too(linxi: tuple[AnnotatedDocument, Path], tmp_path: Path) -> None:
    document = linxi[0]
    first = document.tables[0]
    cells = tuple(replace(c, box=NO_BOX) if c.row in (0, 4) else c for c in first.table.cells)
    last = document.tables[-1]
    parts = tuple(
        replace(p, repeated_header=tuple(replace(c, box=NO_BOX) for c in p.repeated_header)) for p in last.fragments
    )
    assert any(p.repeated_header for p in parts)
    tables = (
        replace(first, table=replace(first.table, cells=cells)),
        *document.tables[1:-1],
        replace(last, fragments=parts),
    )
    changed = replace(document, tables=tables)
    assert as_json(read_back(to_tasks(changed), tmp_path)) == as_json(changed)


def test_results_are_in_percent_of_the_picture_and_name_their_table(linxi: tuple[AnnotatedDocument, Path]) -> None:
    document = linxi[0]
    table = document.tables[0].table
    page, cell = document.pages[table.cells[0].page - 1], table.cells[0]
    own = find(to_tasks(document), cell.page, f"-{table.id}-r{cell.row}-c{cell.col}")
    assert own["type"] == "rectanglelabels"
    assert own["to_name"] == "page"
    assert own["parentID"] == f"linxi-2021-p{cell.page}-{table.id}"
    assert (own["original_width"], own["original_height"]) == (round(2 * page.width), round(2 * page.height))
    value = own["value"]
    assert value["rectanglelabels"] == ["cell"]
    assert value["rotation"] == 0
    assert value["x"] * page.width / 100 == pytest.approx(cell.box.x0)
    assert (value["y"] + value["height"]) * page.height / 100 == pytest.approx(cell.box.y1)


def test_every_result_fits_the_labeling_configuration(printed: AnnotatedDocument) -> None:
    view = ET.fromstring(to_labeling_config())
    tags = {e.get("name"): e for e in view.iter() if e.get("name")}
    regions = [r for t in to_tasks(printed) for r in t["predictions"][0]["result"]]
    assert {"textarea", "number", "choices", "rectanglelabels"} == {r["type"] for r in regions}
    for result in regions:
        tag = tags[result["from_name"]]
        assert tag.tag.lower() == result["type"]
        assert tag.get("toName") == result["to_name"] == "page"
        if result["type"] == "choices":
            assert result["value"]["choices"][0] in {e.get("value") for e in tag}
        if result["type"] == "textarea":
            assert tag.get("maxSubmissions") != "1" or len(result["value"]["text"]) == 1


def test_what_a_person_changes_arrives(linxi: tuple[AnnotatedDocument, Path], tmp_path: Path) -> None:
    """A header text, a box and an amount are corrected, and a cell is drawn anew without naming its table."""
    document = linxi[0]
    tasks = to_tasks(document)
    table = document.tables[0].table
    page = table.cells[0].page
    header = next(c for c in table.cells if c.row == 1 and c.text)
    blank = next(c for c in table.cells if c.row > table.n_header_rows and not c.text)
    results = json.loads(json.dumps(results_on(tasks, page)))
    for result in results:
        if result["id"].endswith(f"{table.id}-r{header.row}-c{header.col}"):
            result["value"]["x"] += 1
            if result["from_name"] == "text":
                result["value"]["text"] = ["改过的"]
    drawn = [r for r in results if r["id"].endswith(f"{table.id}-r{blank.row}-c{blank.col}")]
    for result in drawn:
        del result["parentID"]
        result["id"] = "Xb3_drawn"
    text = dict(drawn[0], from_name="text", type="textarea", value=dict(drawn[0]["value"], text=["12.50"]))
    older = {"result": [], "was_cancelled": False, "updated_at": "2026-01-01T00:00:00Z"}
    newest = {"result": [*results, text], "was_cancelled": False, "updated_at": "2026-02-01T00:00:00Z"}
    cancelled = {"result": [], "was_cancelled": True, "updated_at": "2026-03-01T00:00:00Z"}
    tasks[page - 1]["annotations"] = [newest, older, cancelled]

    back = read_back(tasks, tmp_path)
    assert check_annotations([back]) == ()
    changed = back.tables[0].table
    moved = changed.cell_at(header.row, header.col)
    assert moved is not None
    assert moved.text == "改过的"
    assert moved.box.x0 == pytest.approx(header.box.x0 + document.pages[page - 1].width / 100, abs=0.006)
    assert "改过的" in changed.columns[header.col].path
    filled = changed.cell_at(blank.row, blank.col)
    assert filled is not None
    assert (filled.text, filled.role) == ("12.50", HeaderRole.AMOUNT)
    assert back.tables[1:] == document.tables[1:]


def drop_page(tasks: Tasks) -> None:
    del tasks[1]


def drop_rectangle_of_table(tasks: Tasks) -> None:
    table = find(tasks, 2, "-t001")["id"]
    page = results_on(tasks, 2)
    page[:] = [r for r in page if r["id"] != table]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (drop_page, "linxi-2021: tasks for pages 1, 3, 4, 5, 6 of 6"),
        (lambda t: t.append(t[0]), "linxi-2021: tasks for pages 1, 1, 2"),
        (drop_rectangle_of_table, r"page 2\), rectangle .*: lies in no rectangle labelled table"),
        (lambda t: find(t, 1, "-t001", "table_id")["value"].update(text=[""]), "table_id is not filled in"),
        (lambda t: find(t, 1, "-r3-c0", "row")["value"].update(number=99), r"cell \(99, 0\): lies beyond the last row"),
        (lambda t: find(t, 1, "-t001", "row_roles")["value"].update(text=["heading"]), "'heading', which is none of"),
        (lambda t: find(t, 1, "-t001", "kind")["value"].update(choices=["budget"]), "'budget', which is none of"),
        (lambda t: find(t, 1, "-r3-c0")["value"].update(rectanglelabels=["dog"]), "give it one of the labels"),
        (lambda t: find(t, 1, "-r3-c0")["value"].update(rotation=5), "is turned"),
        (lambda t: find(t, 1, "-r3-c0")["value"].pop("x"), "not in the format of Label Studio"),
        (lambda t: t[0].pop("data"), "task 1: not one of our tasks"),
        (lambda t: t[0]["data"]["document"].pop("layout"), "not those of our export"),
    ],
)
def test_what_cannot_be_read_is_named(
    linxi: tuple[AnnotatedDocument, Path], change: Change, message: str, tmp_path: Path
) -> None:
    tasks = to_tasks(linxi[0])
    change(tasks)
    with pytest.raises(AnnotationError, match=message):
        read_back(tasks, tmp_path)


def test_a_table_whose_place_is_unknown_cannot_be_shown(linxi: tuple[AnnotatedDocument, Path]) -> None:
    shipped = load_annotation(SHIPPED / "documents" / "linxi-2021.json")
    with pytest.raises(AnnotationError, match="table t001, page 1: its place is not annotated"):
        to_tasks(replace(linxi[0], tables=shipped.tables[:1]))


def test_the_commands_go_there_and_back(linxi: tuple[AnnotatedDocument, Path], tmp_path: Path) -> None:
    document, pdf = linxi
    own = tmp_path / "annotations" / "documents"
    own.mkdir(parents=True)
    save_annotation(document, own / "linxi-2021.json")
    text = (SHIPPED / "documents" / "gaoyi-2021.json").read_bytes()
    (own / "gaoyi-2021.json").write_bytes(text)

    made = [str(own.parent), "--files", str(pdf.parent), "-o", str(tmp_path / "project"), "--dpi", "72"]
    assert export.main(made, standalone_mode=False) == ExitCode.OK
    names = sorted(path.name for path in (tmp_path / "project" / "tasks").iterdir())
    assert names == ["linxi-2021.json"]
    tasks = json.loads((tmp_path / "project" / "tasks" / "linxi-2021.json").read_text(encoding="utf-8"))
    result = find(tasks, 2, "-t001")
    picture = cv2.imread(str(tmp_path / "project" / "images" / "linxi-2021-p002.png"))
    assert picture is not None
    assert picture.shape[:2] == (result["original_height"], result["original_width"])
    assert tasks[1]["data"]["image"].endswith("images/linxi-2021-p002.png")
    assert (tmp_path / "project" / "labels.xml").read_text(encoding="utf-8") == to_labeling_config()

    files = [str(tmp_path / "project" / "tasks" / "linxi-2021.json"), "-o", str(tmp_path / "back")]
    assert import_.main(files, standalone_mode=False) == ExitCode.OK
    assert (tmp_path / "back" / "linxi-2021.json").read_bytes() == (own / "linxi-2021.json").read_bytes()


def test_what_was_read_is_checked(
    linxi: tuple[AnnotatedDocument, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An import that contradicts itself is written, to be mended, and fails."""
    tasks = to_tasks(linxi[0])
    find(tasks, 1, "-t001-r3-c0", "col")["value"]["number"] = 1
    (tmp_path / "tasks.json").write_text(json.dumps(tasks), encoding="utf-8")
    result = import_.main([str(tmp_path / "tasks.json"), "-o", str(tmp_path)], standalone_mode=False)
    assert result == ExitCode.SOME_FAILED
    assert "linxi-2021, table t001, cell (3, 1): overlaps cell (3, 1)" in capsys.readouterr().out
    assert (tmp_path / "linxi-2021.json").exists()


def test_another_file_than_the_annotated_one_is_refused(linxi: tuple[AnnotatedDocument, Path], tmp_path: Path) -> None:
    document, pdf = linxi
    (tmp_path / "pdf").mkdir()
    (tmp_path / "pdf" / pdf.name).write_bytes(pdf.read_bytes() + b"\n")
    save_annotation(document, tmp_path / "linxi-2021.json")
    with pytest.raises(AnnotationError, match="linxi-2021: no file with the SHA-256"):
        export.main(
            [str(tmp_path / "linxi-2021.json"), "--files", str(tmp_path / "pdf"), "-o", str(tmp_path / "out")],
            standalone_mode=False,
        )
