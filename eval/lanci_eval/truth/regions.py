"""Labelled rectangles with what was filled in for them, put together to annotated tables."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from lanci.annotation.records import NO_BOX, AnnotatedFragment, AnnotatedTable, How, Verification
from lanci.document import Box, Caption, Cell, Column, HeaderRole, RowRole, Table
from lanci.errors import AnnotationError
from lanci.facets import CLASSIFICATIONS, FUNDS, KINDS, SCOPES
from lanci_eval.truth.amend_rebuild import recompute_paths
from lanci_eval.truth.label_studio_config import Label

_Value = TypeVar("_Value", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle on a page, in points of the page as displayed.

    ``parent`` is the id of the rectangle of its table, if stated; ``texts`` are the fields that were filled in, by the
    names of their controls; ``where`` names it in messages.
    """

    id: str
    label: Label
    page: int
    box: Box
    parent: str
    texts: Mapping[str, tuple[str, ...]]
    where: str

    def text(self, name: str) -> str:
        """What was filled in there, "" when nothing was."""
        return "\n".join(self.texts.get(name, ()))

    def number(self, name: str, default: int | None = None) -> int:
        """The number filled in there; AnnotationError when there is none and no default."""
        value = self.text(name) or ("" if default is None else str(default))
        if not value.isdecimal():
            raise AnnotationError(f"{self.where}: {name} is {value!r}; fill in a whole number")
        return int(value)

    def lines(self, name: str) -> tuple[str, ...]:
        """All lines filled in there."""
        return tuple(line.strip() for line in self.text(name).splitlines() if line.strip())


@dataclass(slots=True)
class _Part:
    """The rectangle of a part of a table, and those of its cells."""

    region: Region
    cells: list[Region]
    repeated: list[Region]


def regions_to_tables(regions: Iterable[Region], document: str) -> tuple[AnnotatedTable, ...]:
    """The tables, in the order of their ids.

    Raises:
        AnnotationError: a cell is in no table, a table is twice on a page, or something is not filled in or no value
            that there is.
    """
    parts = _to_parts(list(regions))
    tables: dict[str, list[_Part]] = defaultdict(list)
    for part in parts:
        name = part.region.text("table_id")
        if not name:
            raise AnnotationError(f"{part.region.where}: table_id is not filled in")
        if any(other.region.page == part.region.page for other in tables[name]):
            raise AnnotationError(f"{part.region.where}: a second rectangle of table {name} on one page; join them")
        tables[name].append(part)
    return tuple(
        _to_table(name, sorted(tables[name], key=lambda part: part.region.page), document) for name in sorted(tables)
    )


def _to_parts(regions: Sequence[Region]) -> list[_Part]:
    parts = [_Part(region, [], []) for region in regions if region.label is Label.TABLE]
    for region in regions:
        if region.label is not Label.TABLE:
            part = _part_of(region, parts)
            (part.cells if region.label is Label.CELL else part.repeated).append(region)
    return parts


def _part_of(region: Region, parts: Sequence[_Part]) -> _Part:
    """The part that a cell names as its parent; for one that was drawn anew, the smallest around its middle."""
    on_page = [part for part in parts if part.region.page == region.page]
    named = [part for part in on_page if part.region.id == region.parent]
    around = [part for part in on_page if part.region.box.contains(*region.box.center)]
    if not named and not around:
        raise AnnotationError(f"{region.where}: lies in no rectangle labelled {Label.TABLE}; draw one, or delete it")
    return named[0] if named else min(around, key=lambda part: part.region.box.area)


def _to_table(name: str, parts: Sequence[_Part], document: str) -> AnnotatedTable:
    first = parts[0].region
    cells = [cell for part in parts for cell in _to_cells(part.region, part.cells, "cells_without_box")]
    if not cells:
        raise AnnotationError(f"{first.where}: table {name} has no cells; draw them, or delete its rectangle")
    fragments = tuple(_to_fragment(part) for part in parts)
    row_roles = _to_row_roles(parts, fragments)
    beyond = [cell for cell in cells if cell.row + cell.row_span > len(row_roles)]
    if beyond:
        place = f"{document}, table {name}, cell ({beyond[0].row}, {beyond[0].col})"
        last = len(row_roles) - 1
        raise AnnotationError(f"{place}: lies beyond the last row {last}; correct its row, or last_row of the table")
    columns = _to_columns(first, max(cell.col + cell.col_span for cell in cells))
    agreed = min(first.number("agreed", 0), len(cells))
    table = Table(
        id=name,
        type="",
        kind=_choose_facet("kind", first, KINDS, "other"),
        fund=_choose_facet("fund", first, FUNDS, "all"),
        scope=_choose_facet("scope", first, SCOPES, "all"),
        classification=_choose_facet("classification", first, CLASSIFICATIONS, "none"),
        type_probability=1.0,
        caption=_to_caption(first),
        notes=first.texts.get("notes", ()),
        n_rows=len(row_roles),
        n_cols=len(columns),
        n_header_rows=first.number("n_header_rows", 0),
        row_roles=row_roles,
        columns=columns,
        fragments=(),
        cells=tuple(cells),
        companion=first.text("companion") or None,
    )
    verification = Verification(
        _choose(How, first.text("how") or How.BY_EYE, first, "how"),
        agreed,
        len(cells) - agreed,
        first.texts.get("doubts", ()),
        first.text("remarks"),
    )
    # This puts the cells in order, onto their pages, and gives them the roles that follow from others.
    return recompute_paths(AnnotatedTable(table, fragments, verification, first.texts.get("inconsistencies", ())))


def _to_row_roles(parts: Sequence[_Part], fragments: Sequence[AnnotatedFragment]) -> tuple[RowRole, ...]:
    """Those filled in for the parts; header and detail rows where nothing was."""
    n_header_rows = parts[0].region.number("n_header_rows", 0)
    n_rows = max(fragment.last_row for fragment in fragments) + 1
    roles = [RowRole.HEADER if row < n_header_rows else RowRole.DETAIL for row in range(n_rows)]
    for part, fragment in zip(parts, fragments, strict=True):
        stated = part.region.lines("row_roles")
        for row, role in zip(range(fragment.first_row, fragment.last_row + 1), stated, strict=False):
            roles[row] = _choose(RowRole, role, part.region, "row_roles")
    return tuple(roles)


def _to_columns(first: Region, n_cols: int) -> tuple[Column, ...]:
    roles = [_choose(HeaderRole, role, first, "column_roles") for role in first.lines("column_roles")][:n_cols]
    roles += [HeaderRole.TEXT] * (n_cols - len(roles))
    return tuple(Column(index, role) for index, role in enumerate(roles))


def _to_caption(first: Region) -> Caption:
    return Caption(
        lines=first.texts.get("caption_lines", ()),
        title=first.text("title"),
        entity=first.text("entity"),
        entity_code=first.text("entity_code"),
        fiscal_year=first.number("fiscal_year") if first.text("fiscal_year") else None,
        unit=first.text("unit"),
    )


def _to_fragment(part: _Part) -> AnnotatedFragment:
    region = part.region
    repeated = _to_cells(region, part.repeated, "repeated_without_box")
    return AnnotatedFragment(
        region.page,
        region.number("first_row"),
        region.number("last_row"),
        region.texts.get("caption_lines", ()),
        tuple(sorted((replace(cell, role=None) for cell in repeated), key=lambda cell: (cell.row, cell.col))),
        region.box,
    )


def _to_cells(table: Region, drawn: Iterable[Region], without_box: str) -> list[Cell]:
    cells = [_to_cell(region) for region in drawn]
    for line in table.texts.get(without_box, ()):
        try:
            texts = {name: (str(value),) for name, value in json.loads(line).items()}
        except (json.JSONDecodeError, AttributeError) as error:
            raise AnnotationError(f"{table.where}: {without_box} is no JSON object: {line}") from error
        cells.append(_to_cell(replace(table, box=NO_BOX, texts=texts, where=f"{table.where}, {without_box}")))
    return cells


def _to_cell(region: Region) -> Cell:
    role = region.text("role")
    return Cell(
        region.number("row"),
        region.number("col"),
        region.number("row_span", 1),
        region.number("col_span", 1),
        region.text("text"),
        region.page,
        region.box,
        role=_choose(HeaderRole, role, region, "role") if role else None,
    )


def _choose(values: type[_Value], text: str, region: Region, name: str) -> _Value:
    try:
        return values(text)
    except ValueError as error:
        known = ", ".join(value.value for value in values)
        raise AnnotationError(f"{region.where}: {name} says {text!r}, which is none of {known}") from error


def _choose_facet(name: str, region: Region, known: Sequence[str], default: str) -> str:
    text = region.text(name) or default
    if text not in known:
        raise AnnotationError(f"{region.where}: {name} says {text!r}, which is none of {', '.join(known)}")
    return text
