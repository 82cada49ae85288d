"""Boxes of annotations: sound ones load and come back unchanged, every misplaced one is caught and named."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lanci.annotation import load_annotation, read_annotation, save_annotation
from lanci.document import Box

SHIPPED = Path(__file__).parents[2] / "annotations" / "documents"
LEFT, TOP, WIDTH, HEIGHT = 50.25, 60.5, 90.0, 16.33
PAGE = (595.32, 841.92)
Json = dict[str, Any]


def placed(turn: Callable[[list[float]], list[float]] = lambda corners: corners) -> Json:
    """A real table of two pages, laid out on even grids, as the first of its document."""
    content: Json = json.loads((SHIPPED / "linxi-2021.json").read_text(encoding="utf-8"))
    content["pages"] = [
        {"number": number, "width": PAGE[0], "height": PAGE[1]} for number in range(1, content["n_pages"] + 1)
    ]
    table = content["tables"][0]
    for part in table["fragments"]:
        n_repeated = max((c["row"] + c["row_span"] for c in part["repeated_header"]), default=0)
        n_rows = n_repeated + part["last_row"] - part["first_row"] + 1
        part["bbox"] = turn(corners(0, 0, n_rows, table["n_cols"]))
        for cell in part["repeated_header"]:
            cell["bbox"] = turn(corners(cell["row"], cell["col"], cell["row_span"], cell["col_span"]))
        for cell in table["cells"]:
            if part["first_row"] <= cell["row"] <= part["last_row"]:
                row = cell["row"] - part["first_row"] + n_repeated
                cell["bbox"] = turn(corners(row, cell["col"], cell["row_span"], cell["col_span"]))
    return content


def corners(row: int, col: int, row_span: int, col_span: int) -> list[float]:
    x0, y0 = LEFT + col * WIDTH, TOP + row * HEIGHT
    return [round(value, 2) for value in (x0, y0, x0 + col_span * WIDTH, y0 + row_span * HEIGHT)]


def write(content: Json, folder: Path) -> Path:
    path = folder / "linxi-2021.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def cell_at(content: Json, row: int, col: int) -> Json:
    found: Json = next(c for c in content["tables"][0]["cells"] if (c["row"], c["col"]) == (row, col))
    return found


def test_boxes_are_in_the_records_and_come_back_from_the_file(tmp_path: Path) -> None:
    document = load_annotation(write(placed(), tmp_path))
    annotated = document.tables[0]
    assert (document.pages[32].number, document.pages[32].height) == (33, 841.92)
    assert annotated.table.cells[0].box == Box(*corners(0, 0, 2, 1))
    assert annotated.fragments[1].repeated_header[1].box == Box(*corners(0, 1, 1, 2))
    assert [part.box for part in annotated.table.fragments] == [part.box for part in annotated.fragments]
    one, two = tmp_path / "one.json", tmp_path / "two.json"
    save_annotation(document, one)
    assert json.loads(one.read_text(encoding="utf-8")) == placed()
    save_annotation(load_annotation(one), two)
    assert one.read_bytes() == two.read_bytes()
    assert '"bbox": [50.25, 60.5, 140.25, 93.16]}' in one.read_text(encoding="utf-8")


def turned(degrees: int) -> Callable[[list[float]], list[float]]:
    def turn(box: list[float]) -> list[float]:
        x0, y0, x1, y1 = box
        points = {
            90: (PAGE[1] - y1, x0, PAGE[1] - y0, x1),
            180: (PAGE[0] - x1, PAGE[1] - y1, PAGE[0] - x0, PAGE[1] - y0),
            270: (y0, PAGE[0] - x1, y1, PAGE[0] - x0),
        }[degrees]
        return [round(value, 2) for value in points]

    return turn


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_table_may_lie_sideways_on_its_page(degrees: int, tmp_path: Path) -> None:
    content = placed(turned(degrees))
    for page in content["pages"] if degrees != 180 else ():
        page["width"], page["height"] = page["height"], page["width"]
    assert read_annotation(write(content, tmp_path)).problems == ()


def test_cells_of_a_scan_may_overlap_a_little_and_reach_over_the_frame(tmp_path: Path) -> None:
    content = placed()
    for cell in content["tables"][0]["cells"]:
        x0, y0, x1, y1 = cell["bbox"]
        cell["bbox"] = [x0 - 1.0, y0 - 0.8, x1 + 1.0, y1 + 0.8]
    assert read_annotation(write(content, tmp_path)).problems == ()


def off_the_page(content: Json) -> None:
    cell_at(content, 5, 4)["bbox"][2] = 600.0


def fragment_off_the_page(content: Json) -> None:
    content["tables"][0]["fragments"][0]["bbox"][3] = 900.0


def backwards(content: Json) -> None:
    box = cell_at(content, 5, 2)["bbox"]
    box[0], box[2] = box[2], box[0]


def flat(content: Json) -> None:
    content["tables"][0]["fragments"][1]["bbox"][3] = TOP


def out_of_the_table(content: Json) -> None:
    cell_at(content, 18, 0)["bbox"][3] += 3.5


def too_wide(content: Json) -> None:
    cell_at(content, 5, 2)["bbox"][2] += 0.3 * WIDTH


def swapped_rows(content: Json) -> None:
    upper, lower = cell_at(content, 6, 1), cell_at(content, 7, 1)
    upper["bbox"], lower["bbox"] = lower["bbox"], upper["bbox"]


def swapped_columns(content: Json) -> None:
    left, right = cell_at(content, 6, 3), cell_at(content, 6, 4)
    left["bbox"], right["bbox"] = right["bbox"], left["bbox"]


def one_row_too_high(content: Json) -> None:
    """The only known box of row 6 stands beside row 4, where nothing else is in its way."""
    for cell in content["tables"][0]["cells"]:
        if cell["row"] in (4, 5, 6, 7) and (cell["row"], cell["col"]) not in ((5, 1), (6, 2)):
            cell["bbox"] = None
    cell_at(content, 6, 2)["bbox"] = corners(4, 2, 1, 1)


def own_header_over_repeated(content: Json) -> None:
    content["tables"][0]["fragments"][1]["repeated_header"][0]["bbox"] = corners(3, 0, 2, 1)


def no_sizes(content: Json) -> None:
    content["pages"] = []


def no_frame(content: Json) -> None:
    content["tables"][0]["fragments"][1]["bbox"] = None


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        (off_the_page, "table t001, cell (5, 4): its box [410.25, 142.15, 600, 158.48] reaches out of page 1"),
        (fragment_off_the_page, "table t001: fragment 1 (page 1): its box [50.25, 60.5, 500.25, 900] reaches out of"),
        (backwards, "cell (5, 2): its box [320.25, 142.15, 230.25, 158.48] ends before it begins"),
        (flat, "fragment 2 (page 2): its box [50.25, 60.5, 500.25, 60.5] ends before it begins"),
        (out_of_the_table, "cell (18, 0): its box [50.25, 354.44, 140.25, 374.27] reaches out of [50.25, 60.5"),
        (too_wide, "cell (5, 3): its box covers 30% of that of cell (5, 2)"),
        (swapped_rows, "cell (7, 1): stands above cell (6, 1), which belongs to an earlier row"),
        (swapped_columns, "cell (6, 4): stands left of cell (6, 3), which belongs to an earlier column"),
        (one_row_too_high, "cell (6, 2): stands above cell (5, 1), which belongs to an earlier row"),
        (own_header_over_repeated, "cell (2, 0): fragment 2 (page 2), repeated header: "),
        (no_sizes, "fragment 1 (page 1): has a box, but the sizes of the pages are not known"),
        (no_frame, "fragment 2 (page 2): its cells have boxes, it has none"),
    ],
)
def test_a_misplaced_box_is_caught_and_named(plant: Callable[[Json], None], said: str, tmp_path: Path) -> None:
    content = placed()
    plant(content)
    problems = read_annotation(write(content, tmp_path)).problems
    assert any(said in problem for problem in problems), problems
