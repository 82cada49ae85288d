"""Annotated tables as COCO object detection, and boxes of tables back from it.

The categories are those of PubTables-1M (Smock, Pesala, Abraham, 2022), with ``table cell`` added: PubTables-1M has
cells where rows and columns cross. A box is ``[x, y, width, height]`` in pixels of the page's picture. Entries of
``images`` have members of ours, ``document``, ``page`` and the page's size in points, so that boxes find their way
back; annotations of tables have ``table`` and, where our export made them, rows and columns of cells.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lanci.annotation.records import NO_BOX, AnnotatedDocument, AnnotatedFragment, AnnotatedPage, AnnotatedTable
from lanci.document import Box, Cell, RowRole, TableFragment, boxes_to_hull
from lanci.errors import AnnotationError
from lanci_eval.truth.originals import PageImage

Json = dict[str, Any]

TABLE = "table"
COLUMN = "table column"
ROW = "table row"
COLUMN_HEADER = "table column header"
PROJECTED_ROW_HEADER = "table projected row header"
SPANNING_CELL = "table spanning cell"
CELL = "table cell"
CATEGORIES = (TABLE, COLUMN, ROW, COLUMN_HEADER, PROJECTED_ROW_HEADER, SPANNING_CELL, CELL)
"""Names of the categories; their ids count from 1."""

_DIGITS = 3
"""Decimals of a pixel."""
_LEAST_OVERLAP = 0.5
"""Least intersection over union of a table and the box that comes back for it, when the box does not name it."""


@dataclass(frozen=True, slots=True)
class DetectedTable:
    """The box of a table (points of the displayed page); ``table`` is its id, "" when the file does not say it."""

    document: str
    page: int
    box: Box
    table: str = ""


@dataclass(frozen=True, slots=True)
class _Thing:
    category: str
    box: Box
    about: Mapping[str, Any]


def documents_to_coco(documents: Iterable[tuple[AnnotatedDocument, Sequence[PageImage]]]) -> Json:
    """The content of a COCO file for documents with pictures of their pages.

    Raises:
        AnnotationError: the place of a part of a table, or the size of a page, is not annotated.
    """
    images: list[Json] = []
    annotations: list[Json] = []
    for document, pictures in documents:
        sizes = {page.number: page for page in document.pages}
        for picture in pictures:
            if picture.number not in sizes:
                raise AnnotationError(f"{document.id}: the size of page {picture.number} is not annotated")
            page = sizes[picture.number]
            images.append(_to_image(len(images) + 1, document, page, picture))
            for thing in _things_on(document, page.number):
                annotations.append(_to_annotation(len(annotations) + 1, thing, images[-1]))
    return {
        "info": {"description": "Tables of Chinese government budget disclosures", "version": "lanci/annotation/2"},
        "licenses": [],
        "categories": [
            {"id": number, "name": name, "supercategory": TABLE} for number, name in enumerate(CATEGORIES, start=1)
        ],
        "images": images,
        "annotations": annotations,
    }


def read_coco_tables(path: Path) -> tuple[DetectedTable, ...]:
    """The boxes of all tables of a COCO file, in its order.

    Raises:
        AnnotationError: it is no COCO file, or its images lack the members that our export gives them.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise AnnotationError(f"{path} cannot be read ({error.strerror}); name a COCO file") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise AnnotationError(f"{path}: not a JSON file in UTF-8 ({error})") from error
    try:
        images = {image["id"]: image for image in content["images"]}
        tables = {category["id"] for category in content["categories"] if category["name"] == TABLE}
        found = [entry for entry in content["annotations"] if entry["category_id"] in tables]
        return tuple(_to_detected(entry, images[entry["image_id"]]) for entry in found)
    except (KeyError, TypeError, ValueError) as error:
        raise AnnotationError(
            f"{path}: not the COCO file of our export, nor one made from it ({type(error).__name__}: {error}); "
            "its images need document, page, page_width and page_height"
        ) from error


def set_table_boxes(
    document: AnnotatedDocument, detected: Iterable[DetectedTable]
) -> tuple[AnnotatedDocument, tuple[DetectedTable, ...]]:
    """The document with the boxes of its tables replaced, and the boxes for which it has no table.

    A box goes to the table that it names; one that names none to the table on its page with which it overlaps
    most, by half of their union at least, and each table takes one box only.
    """
    boxes: dict[tuple[str, int], Box] = {}
    left: list[DetectedTable] = []
    own = [found for found in detected if found.document == document.id]
    for found in sorted(own, key=lambda found: not found.table):
        key = _find_part(document, found, boxes)
        if key is None:
            left.append(found)
        else:
            boxes[key] = found.box
    tables = tuple(_with_boxes(annotated, boxes) for annotated in document.tables)
    return replace(document, tables=tables), tuple(left)


def _find_part(
    document: AnnotatedDocument, found: DetectedTable, taken: Mapping[tuple[str, int], Box]
) -> tuple[str, int] | None:
    best, most = None, _LEAST_OVERLAP
    for annotated in document.tables:
        for part in annotated.fragments:
            key = (annotated.table.id, part.page)
            if part.page != found.page or key in taken:
                continue
            if found.table:
                if found.table == annotated.table.id:
                    return key
            elif part.box != NO_BOX and _overlap(part.box, found.box) >= most:
                best, most = key, _overlap(part.box, found.box)
    return best


def _overlap(one: Box, two: Box) -> float:
    """Intersection over union."""
    common = one.intersect(two).area
    union = one.area + two.area - common
    return common / union if union else 0.0


def _with_boxes(annotated: AnnotatedTable, boxes: Mapping[tuple[str, int], Box]) -> AnnotatedTable:
    parts = tuple(
        replace(part, box=boxes.get((annotated.table.id, part.page), part.box)) for part in annotated.fragments
    )
    fragments = tuple(TableFragment(part.page, part.box, part.first_row, part.last_row) for part in parts)
    return replace(annotated, fragments=parts, table=replace(annotated.table, fragments=fragments))


def _to_image(number: int, document: AnnotatedDocument, page: AnnotatedPage, picture: PageImage) -> Json:
    return {
        "id": number,
        "file_name": picture.name,
        "width": picture.width,
        "height": picture.height,
        "document": document.id,
        "page": page.number,
        "page_width": page.width,
        "page_height": page.height,
    }


def _to_annotation(number: int, thing: _Thing, image: Json) -> Json:
    x_scale, y_scale = image["width"] / image["page_width"], image["height"] / image["page_height"]
    x, width = round(thing.box.x0 * x_scale, _DIGITS), round(thing.box.width * x_scale, _DIGITS)
    y, height = round(thing.box.y0 * y_scale, _DIGITS), round(thing.box.height * y_scale, _DIGITS)
    return {
        "id": number,
        "image_id": image["id"],
        "category_id": CATEGORIES.index(thing.category) + 1,
        "bbox": [x, y, width, height],
        "area": round(width * height, _DIGITS),
        "iscrowd": 0,
        "segmentation": [],
        **thing.about,
    }


def _to_detected(entry: Json, image: Json) -> DetectedTable:
    x_scale, y_scale = image["page_width"] / image["width"], image["page_height"] / image["height"]
    x, y, width, height = (float(number) for number in entry["bbox"])
    # Annotation files hold hundredths of a point.
    corners = (x * x_scale, y * y_scale, (x + width) * x_scale, (y + height) * y_scale)
    box = Box(*(round(corner, 2) for corner in corners))
    return DetectedTable(str(image["document"]), int(image["page"]), box, str(entry.get("table", "")))


def _things_on(document: AnnotatedDocument, page: int) -> Iterator[_Thing]:
    for annotated in document.tables:
        for part in annotated.fragments:
            if part.page == page:
                if part.box == NO_BOX:
                    place = f"{document.id}, table {annotated.table.id}, page {page}"
                    raise AnnotationError(f"{place}: its place is not annotated; annotate its bbox")
                yield from _things_of(annotated, part)


def _things_of(annotated: AnnotatedTable, part: AnnotatedFragment) -> Iterator[_Thing]:
    table = annotated.table
    name = {"table": table.id}
    yield _Thing(TABLE, part.box, name)
    own = [cell for cell in table.cells if cell.page == part.page and cell.box != NO_BOX]
    again = [cell for cell in part.repeated_header if cell.box != NO_BOX]
    for category, box in (
        *_columns(part.box, [*own, *again], table.n_cols),
        *_rows(part.box, own),
        *_rows(part.box, again),
    ):
        yield _Thing(category, box, name)
    header = again + [cell for cell in own if cell.row < table.n_header_rows]
    if header:
        yield _Thing(COLUMN_HEADER, boxes_to_hull([cell.box for cell in header]), name)
    for cell in own:
        about = name | {"row": cell.row, "col": cell.col, "row_span": cell.row_span, "col_span": cell.col_span}
        yield _Thing(CELL, cell.box, about)
        if table.row_roles[cell.row] is RowRole.SECTION and cell.col_span == table.n_cols > 1:
            yield _Thing(PROJECTED_ROW_HEADER, cell.box, about)
        elif cell.row_span > 1 or cell.col_span > 1:
            yield _Thing(SPANNING_CELL, cell.box, about)
    for cell in again:
        yield _Thing(CELL, cell.box, name)
        if cell.row_span > 1 or cell.col_span > 1:
            yield _Thing(SPANNING_CELL, cell.box, name)


def _columns(whole: Box, cells: Sequence[Cell], n_cols: int) -> Iterator[tuple[str, Box]]:
    """A box over the height of the part for every column that has a cell of its own."""
    for col in range(n_cols):
        boxes = [cell.box for cell in cells if cell.col == col and cell.col_span == 1]
        if boxes:
            yield COLUMN, replace(boxes_to_hull(boxes), y0=whole.y0, y1=whole.y1)


def _rows(whole: Box, cells: Sequence[Cell]) -> Iterator[tuple[str, Box]]:
    """A box over the width of the part for every row that has a cell of its own."""
    for row in sorted({cell.row for cell in cells}):
        boxes = [cell.box for cell in cells if cell.row == row and cell.row_span == 1]
        if boxes:
            yield ROW, replace(boxes_to_hull(boxes), x0=whole.x0, x1=whole.x1)
