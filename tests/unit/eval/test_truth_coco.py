"""COCO: boxes of tables there and back, and the things that PubTables-1M knows in a table."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tests.unit.eval.printed_annotations import SHIPPED, as_json, print_annotation

from lanci.annotation import AnnotatedDocument, load_annotation, save_annotation
from lanci.document import Box, RowRole, boxes_to_hull
from lanci.errors import AnnotationError, ExitCode
from lanci_eval.truth.coco import DetectedTable, documents_to_coco, read_coco_tables, set_table_boxes
from lanci_eval.truth.exchange_command import export, import_
from lanci_eval.truth.originals import PageImage

Json = dict[str, Any]
DPI = 110


@pytest.fixture(scope="module")
def linxi(tmp_path_factory: pytest.TempPathFactory) -> tuple[AnnotatedDocument, Path]:
    return print_annotation("linxi-2021", 6, tmp_path_factory.mktemp("linxi"))


def to_coco(document: AnnotatedDocument) -> Json:
    scale = DPI / 72
    images = [
        PageImage(p.number, f"{document.id}-{p.number}.png", round(p.width * scale), round(p.height * scale))
        for p in document.pages
    ]
    content: Json = json.loads(json.dumps(documents_to_coco([(document, images)])))
    return content


def write(content: Json, folder: Path) -> Path:
    path = folder / "coco.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def boxes_of(document: AnnotatedDocument) -> dict[tuple[str, int], Box]:
    return {(t.table.id, part.page): part.box for t in document.tables for part in t.fragments}


def of_category(content: Json, name: str) -> list[Json]:
    number = next(c["id"] for c in content["categories"] if c["name"] == name)
    return [a for a in content["annotations"] if a["category_id"] == number]


@pytest.mark.parametrize("named", [True, False])
def test_boxes_of_tables_come_back_within_half_a_pixel(
    linxi: tuple[AnnotatedDocument, Path], named: bool, tmp_path: Path
) -> None:
    """Also where a tool drops members that it does not know, and rounds to whole pixels."""
    document = linxi[0]
    content = to_coco(document)
    for annotation in content["annotations"]:
        if not named:
            annotation.pop("table")
            annotation["bbox"] = [round(number) for number in annotation["bbox"]]
    found = read_coco_tables(write(content, tmp_path))
    assert len(found) == sum(len(t.fragments) for t in document.tables)
    back, left = set_table_boxes(document, found)
    assert left == ()
    pixel = 72 / DPI
    for key, box in boxes_of(document).items():
        other = boxes_of(back)[key]
        # Left and upper edge, width and height are each rounded on their own.
        assert abs(box.x0 - other.x0) <= pixel / 2 + 0.01
        assert abs(box.y0 - other.y0) <= pixel / 2 + 0.01
        assert abs(box.width - other.width) <= pixel / 2 + 0.02
        assert abs(box.height - other.height) <= pixel / 2 + 0.02
    if named:
        assert as_json(back) == as_json(document)


def test_what_is_in_a_table_is_named_as_in_pubtables(linxi: tuple[AnnotatedDocument, Path]) -> None:
    document = linxi[0]
    content = to_coco(document)
    assert [c["name"] for c in content["categories"]] == [
        "table",
        "table column",
        "table row",
        "table column header",
        "table projected row header",
        "table spanning cell",
        "table cell",
    ]
    cells = [c for t in document.tables for c in t.table.cells]
    again = [c for t in document.tables for f in t.fragments for c in f.repeated_header]
    assert again
    spanning = [c for c in cells + again if c.row_span > 1 or c.col_span > 1]
    parts = [(t, f) for t in document.tables for f in t.fragments]
    assert len(of_category(content, "table cell")) == len(cells) + len(again)
    assert len(of_category(content, "table spanning cell")) == len(spanning)
    assert len(of_category(content, "table column")) == sum(t.table.n_cols for t, _ in parts)
    assert len(of_category(content, "table column header")) == sum(
        f.first_row < t.table.n_header_rows or bool(f.repeated_header) for t, f in parts
    )
    rows = sum(f.last_row - f.first_row + 1 + f.n_repeated_rows for _, f in parts)
    assert len(of_category(content, "table row")) == rows


def test_every_box_lies_in_its_picture_and_columns_stand_side_by_side(linxi: tuple[AnnotatedDocument, Path]) -> None:
    content = to_coco(linxi[0])
    images = {image["id"]: image for image in content["images"]}
    assert Counter(a["id"] for a in content["annotations"]).most_common(1)[0][1] == 1
    for annotation in content["annotations"]:
        x, y, width, height = annotation["bbox"]
        image = images[annotation["image_id"]]
        assert 0 <= x < x + width <= image["width"] + 0.01
        assert 0 <= y < y + height <= image["height"] + 0.01
        assert annotation["area"] == pytest.approx(width * height, abs=0.01)
    first = content["annotations"][0]["image_id"]
    columns = [a["bbox"] for a in of_category(content, "table column") if a["image_id"] == first]
    for left, right in pairwise(columns):
        assert left[0] + left[2] == pytest.approx(right[0], abs=0.1)


def test_a_row_of_one_cell_over_all_columns_heads_rows(linxi: tuple[AnnotatedDocument, Path]) -> None:
    """Made of a total row, whose cells are joined."""
    document = linxi[0]
    annotated = document.tables[0]
    table, row = annotated.table, annotated.table.n_header_rows
    rest = [c for c in table.cells if row not in c.rows]
    boxes = [c.box for c in table.cells if c.row == row]
    first = table.cell_at(row, 0)
    assert first is not None
    joined = replace(first, col_span=table.n_cols, box=boxes_to_hull(boxes))
    roles = (*table.row_roles[:row], RowRole.SECTION, *table.row_roles[row + 1 :])
    changed = replace(table, cells=(*rest, joined), row_roles=roles)
    content = to_coco(replace(document, tables=(replace(annotated, table=changed), *document.tables[1:])))
    assert of_category(to_coco(document), "table projected row header") == []
    (heading,) = of_category(content, "table projected row header")
    assert (heading["row"], heading["col_span"], heading["table"]) == (row, table.n_cols, table.id)
    scale = DPI / 72
    assert heading["bbox"][2] == pytest.approx(joined.box.width * scale, abs=0.5)


def test_boxes_without_a_table_are_handed_back(linxi: tuple[AnnotatedDocument, Path]) -> None:
    document = linxi[0]
    table, page = document.tables[0].table.id, document.tables[0].fragments[0].page
    box = document.tables[0].fragments[0].box
    half = replace(box, x1=(box.x0 + box.x1) / 2 + 5)
    third = replace(box, x1=box.x0 + box.width / 3)
    found = [
        DetectedTable(document.id, page, half),
        DetectedTable(document.id, page, replace(half, x1=half.x1 + 1)),
        DetectedTable(document.id, page + 1, third),
        DetectedTable(document.id, 6, box, "t999"),
        DetectedTable("another-2026", page, box, table),
    ]
    back, left = set_table_boxes(document, found)
    assert boxes_of(back)[table, page] == half
    assert left == (found[3], found[1], found[2])
    assert back.tables[1:] == document.tables[1:]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda c: c.pop("categories"),
        lambda c: c["images"][0].pop("page_width"),
        lambda c: c["annotations"][0].update(bbox=[1, 2, 3]),
        lambda c: c["annotations"][0].update(image_id=99),
    ],
)
def test_another_coco_file_is_refused(
    linxi: tuple[AnnotatedDocument, Path], spoil: Callable[[Json], object], tmp_path: Path
) -> None:
    content = to_coco(linxi[0])
    spoil(content)
    with pytest.raises(AnnotationError, match="not the COCO file of our export"):
        read_coco_tables(write(content, tmp_path))


def test_a_table_whose_place_is_unknown_is_refused(linxi: tuple[AnnotatedDocument, Path]) -> None:
    shipped = load_annotation(SHIPPED / "documents" / "linxi-2021.json")
    with pytest.raises(AnnotationError, match="linxi-2021, table t001, page 1: its place is not annotated"):
        to_coco(replace(linxi[0], tables=shipped.tables[:1]))


def test_the_commands_go_there_and_back(
    linxi: tuple[AnnotatedDocument, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document, pdf = linxi
    save_annotation(document, tmp_path / "linxi-2021.json")
    own = [str(tmp_path / "linxi-2021.json"), "--files", str(pdf)]
    made = [*own, "--format", "coco", "-o", str(tmp_path / "coco"), "--dpi", "72"]
    assert export.main(made, standalone_mode=False) == ExitCode.OK
    path = tmp_path / "coco" / "coco.json"
    back = [str(path), "--format", "coco", "--into", own[0], "-o", str(tmp_path / "back")]
    assert import_.main(back, standalone_mode=False) == ExitCode.OK
    assert (tmp_path / "back" / "linxi-2021.json").read_bytes() == (tmp_path / "linxi-2021.json").read_bytes()

    content = json.loads(path.read_text(encoding="utf-8"))
    content["images"][0]["document"] = "another-2026"
    path.write_text(json.dumps(content), encoding="utf-8")
    assert import_.main(back, standalone_mode=False) == ExitCode.SOME_FAILED
    assert "another-2026: there is no such document" in capsys.readouterr().out
