"""Annotated documents as tasks of Label Studio 1.23: one task for each page, its annotation as a prediction.

A rectangle is a part of a table (``table``), a printed cell (``cell``) or a header cell that a page prints again
(``repeated header cell``); the latter two name their table's rectangle as ``parentID``. What is known of a rectangle is
filled into the fields of :mod:`lanci_eval.truth.label_studio_config`; a field that would be empty, a span of 1, and
roles that follow from others are left out. Members of the task's ``data`` hold what no rectangle can: the document,
the size of its page and the prose on it. What cannot be held at all is a part of a table whose place is unknown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lanci.annotation.records import NO_BOX, AnnotatedDocument, AnnotatedFragment, AnnotatedPage, AnnotatedTable
from lanci.annotation.save import annotation_to_json
from lanci.document import Box, Cell, RowRole
from lanci.errors import AnnotationError
from lanci_eval.truth.label_studio_config import CONTROL_BY_NAME, IMAGE, RECTANGLES, Label, Tag
from lanci_eval.truth.originals import PageImage

Json = dict[str, Any]
Values = Iterable[tuple[str, str | int | Sequence[str] | None]]
"""Names of fields and what to fill in; nothing is filled in for None, an empty text or no texts."""

MODEL = "lanci/annotation/2"
"""Names our predictions in Label Studio."""

IMAGE_MEMBER = "image"
"""Member of a task's data with the address of the picture."""

_DIGITS = 7
"""Decimals of a percentage: far below a hundredth of a point on any page."""


def document_to_tasks(document: AnnotatedDocument, images: Sequence[PageImage], image_root: str) -> list[Json]:
    """The tasks of a document, one for each picture, in their order.

    Args:
        document: its tables have boxes.
        images: pictures of its pages.
        image_root: what stands before a picture's name to make the address at which Label Studio gets it.

    Raises:
        AnnotationError: the place of a part of a table, or the size of a page, is not annotated.
    """
    content = annotation_to_json(document)
    sizes = {page.number: page for page in document.pages}
    tasks = []
    for image in images:
        if image.number not in sizes:
            raise AnnotationError(f"{document.id}: the size of page {image.number} is not annotated; add it to pages")
        page = sizes[image.number]
        data = {
            IMAGE_MEMBER: image_root + image.name,
            "document": content["document"],
            "n_pages": document.n_pages,
            "page": {"number": page.number, "width": page.width, "height": page.height},
            "narrative": [entry for entry in content["narrative"] if entry["page"] == page.number],
        }
        results = list(_Drawing(document.id, page, image).draw(document.tables))
        tasks.append({"data": data, "predictions": [{"model_version": MODEL, "score": 1.0, "result": results}]})
    return tasks


class _Drawing:
    """The results of one page."""

    def __init__(self, document: str, page: AnnotatedPage, image: PageImage) -> None:
        self._document = document
        self._page = page
        self._image = image

    def draw(self, tables: Iterable[AnnotatedTable]) -> Iterator[Json]:
        for annotated in tables:
            for part in annotated.fragments:
                if part.page == self._page.number:
                    yield from self._draw_part(annotated, part)

    def _draw_part(self, annotated: AnnotatedTable, part: AnnotatedFragment) -> Iterator[Json]:
        table = annotated.table
        if part.box == NO_BOX:
            raise AnnotationError(
                f"{self._document}, table {table.id}, page {part.page}: its place is not annotated, and Label "
                "Studio can show only what has one; annotate its bbox"
            )
        own = f"{self._document}-p{part.page}-{table.id}"
        cells = [cell for cell in table.cells if cell.page == part.page]
        values = [*_part_values(annotated, part, cells)]
        if part is annotated.fragments[0]:
            values += _table_values(annotated)
        yield from self._rectangle(own, Label.TABLE, part.box, values)
        for cell in cells:
            if cell.box != NO_BOX:
                role = _stated_role(cell, table.row_roles)
                fields = [*_cell_values(cell), ("role", role)]
                name = f"{own}-r{cell.row}-c{cell.col}"
                yield from self._rectangle(name, Label.CELL, cell.box, fields, own)
        for cell in part.repeated_header:
            if cell.box != NO_BOX:
                name = f"{own}-h{cell.row}-c{cell.col}"
                yield from self._rectangle(name, Label.REPEATED, cell.box, _cell_values(cell), own)

    def _rectangle(self, own: str, label: Label, box: Box, values: Values, parent: str = "") -> Iterator[Json]:
        """The rectangle, and a result with its id for each field that is filled in."""
        place = self._percent(box)
        yield self._result(own, RECTANGLES, "rectanglelabels", place | {"rectanglelabels": [label.value]}, parent)
        for name, value in values:
            if value is None or value in ("", []):
                continue
            tag = CONTROL_BY_NAME[name].tag
            filled = value if tag is Tag.NUMBER or isinstance(value, list) else [value]
            yield self._result(own, name, tag.value.lower(), place | {tag.member: filled}, parent)

    def _result(self, own: str, control: str, kind: str, value: Json, parent: str) -> Json:
        result: Json = {
            "id": own,
            "from_name": control,
            "to_name": IMAGE,
            "type": kind,
            "original_width": self._image.width,
            "original_height": self._image.height,
            "image_rotation": 0,
            "value": value,
        }
        if parent:
            result["parentID"] = parent
        return result

    def _percent(self, box: Box) -> Json:
        """A box in points of the page as percentages of the picture."""
        width, height = self._page.width, self._page.height
        return {
            "x": round(100 * box.x0 / width, _DIGITS),
            "y": round(100 * box.y0 / height, _DIGITS),
            "width": round(100 * box.width / width, _DIGITS),
            "height": round(100 * box.height / height, _DIGITS),
            "rotation": 0,
        }


def _part_values(annotated: AnnotatedTable, part: AnnotatedFragment, cells: Iterable[Cell]) -> Values:
    table = annotated.table
    roles = table.row_roles[part.first_row : part.last_row + 1]
    return (
        ("table_id", table.id),
        ("first_row", part.first_row),
        ("last_row", part.last_row),
        ("row_roles", "\n".join(roles)),
        ("caption_lines", list(part.caption_lines)),
        ("cells_without_box", [_to_text(cell, table.row_roles) for cell in cells if cell.box == NO_BOX]),
        ("repeated_without_box", [_to_text(cell) for cell in part.repeated_header if cell.box == NO_BOX]),
    )


def _table_values(annotated: AnnotatedTable) -> Values:
    table, verification = annotated.table, annotated.verification
    return (
        ("n_header_rows", table.n_header_rows),
        ("column_roles", "\n".join(column.role for column in table.columns)),
        ("title", table.caption.title),
        ("entity", table.caption.entity),
        ("entity_code", table.caption.entity_code),
        ("fiscal_year", table.caption.fiscal_year),
        ("unit", table.caption.unit),
        ("kind", table.kind),
        ("fund", table.fund),
        ("scope", table.scope),
        ("classification", table.classification),
        ("notes", list(table.notes)),
        ("companion", table.companion),
        ("how", str(verification.how)),
        ("agreed", verification.agreed),
        ("doubts", list(verification.doubts)),
        ("remarks", verification.remarks),
        ("inconsistencies", list(annotated.inconsistencies)),
    )


def _cell_values(cell: Cell) -> Values:
    return (
        ("text", cell.text),
        ("row", cell.row),
        ("col", cell.col),
        ("row_span", cell.row_span if cell.row_span > 1 else None),
        ("col_span", cell.col_span if cell.col_span > 1 else None),
    )


def _stated_role(cell: Cell, row_roles: Sequence[RowRole]) -> str | None:
    """The role of a header cell; that of any other follows from its row and column."""
    return str(cell.role) if cell.role is not None and row_roles[cell.row] is RowRole.HEADER else None


def _to_text(cell: Cell, row_roles: Sequence[RowRole] = ()) -> str:
    """A cell that has no rectangle, as one line of JSON."""
    fields = dict(_cell_values(cell))
    if row_roles:
        fields["role"] = _stated_role(cell, row_roles)
    return json.dumps({name: value for name, value in fields.items() if value not in (None, "")}, ensure_ascii=False)
