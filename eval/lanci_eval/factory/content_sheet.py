"""From the plan of a table (header tree, lines, caption) to its cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lanci.annotation.records import NO_BOX
from lanci.document import Caption, Cell, Column, HeaderRole, RowRole, Table
from lanci.facets import FacetValues
from lanci_eval.factory.budget import Measure
from lanci_eval.factory.content_manner import Numbering
from lanci_eval.factory.records import Form

_TITLED_ROLES = (RowRole.TOTAL, RowRole.SUBTOTAL, RowRole.DETAIL)


@dataclass(frozen=True, slots=True)
class Head:
    """A header cell with the cells under it; one without is a column. ``measure`` tells what a money column counts."""

    text: str
    role: HeaderRole = HeaderRole.AMOUNT
    under: tuple[Head, ...] = ()
    measure: Measure | None = None

    @property
    def leaves(self) -> tuple[Head, ...]:
        """The columns under it, left to right."""
        return tuple(leaf for head in self.under for leaf in head.leaves) if self.under else (self,)

    @property
    def depth(self) -> int:
        """How many header rows it needs."""
        return 1 + max((head.depth for head in self.under), default=0)


def group(text: str, *under: Head) -> Head:
    """A header cell over others."""
    return Head(text, HeaderRole.GROUP, under)


@dataclass(frozen=True, slots=True)
class Span:
    """The text of a cell that covers several rows or columns."""

    text: str
    rows: int = 1
    cols: int = 1


Texts = tuple["str | Span", ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A row below or above the header: its texts from left to right; positions covered from above are left out."""

    role: RowRole
    texts: Texts


@dataclass(frozen=True, slots=True)
class Sheet:
    """The plan of a table.

    Attributes:
        facets: what it is.
        caption: what stands above it.
        heads: the header, left to right; empty for a form without one (``n_cols`` says how wide it is then).
        lines: the body.
        sections: key/value rows inside the grid above the header.
        numbering: how its columns are numbered.
        n_labels: the leading columns that the label of a total or of the numbers may span.
        stacked: it stands under the sheet before it, below the same title.
        inconsistencies: errors that it is planned with.
    """

    facets: FacetValues
    caption: Caption
    heads: tuple[Head, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()
    sections: tuple[Line, ...] = ()
    numbering: Numbering = Numbering.NONE
    n_labels: int = 1
    n_cols: int = 0
    stacked: bool = False
    inconsistencies: tuple[str, ...] = ()

    @property
    def leaves(self) -> tuple[Head, ...]:
        """The columns, left to right."""
        return tuple(leaf for head in self.heads for leaf in head.leaves)


def sheet_to_form(sheet: Sheet, table_id: str, companion: str | None) -> Form:
    """The table with all its cells; it has no fragments and no boxes yet."""
    leaves = sheet.leaves
    n_cols = len(leaves) or sheet.n_cols
    n_sections, depth = len(sheet.sections), max((head.depth for head in sheet.heads), default=0)
    cells = _place(sheet.sections, 0, n_cols)
    cells += _header_cells(sheet.heads, n_sections, depth)
    roles = [RowRole.SECTION] * n_sections + [RowRole.HEADER] * depth
    numbers: tuple[int | None, ...] = (None,) * n_cols
    if sheet.numbering is not Numbering.NONE and leaves:
        texts = _column_numbers(sheet)
        cells += _place((Line(RowRole.COLUMN_NUMBER, texts),), len(roles), n_cols)
        roles.append(RowRole.COLUMN_NUMBER)
        numbers = tuple(_read_numbers(texts))
    n_header = len(roles) if leaves else 0
    cells += _place(sheet.lines, len(roles), n_cols)
    roles += [line.role for line in sheet.lines]
    columns = _columns(cells, roles, leaves, numbers) if leaves else _plain_columns(n_cols)
    table = Table(
        id=table_id,
        type=sheet.facets.type,
        kind=sheet.facets.kind,
        fund=sheet.facets.fund,
        scope=sheet.facets.scope,
        classification=sheet.facets.classification,
        type_probability=1.0,
        caption=sheet.caption,
        notes=sheet.notes,
        n_rows=len(roles),
        n_cols=n_cols,
        n_header_rows=n_header,
        row_roles=tuple(roles),
        columns=columns,
        fragments=(),
        cells=tuple(sorted((_with_role(c, roles, columns) for c in cells), key=lambda c: (c.row, c.col))),
        companion=companion,
    )
    return Form(table, sheet.inconsistencies)


def _plain_columns(count: int) -> tuple[Column, ...]:
    return tuple(Column(index, HeaderRole.TEXT) for index in range(count))


def _place(lines: Sequence[Line], first_row: int, n_cols: int) -> list[Cell]:
    """Cells of lines like those of an HTML table: a text goes to the next position that nothing covers yet."""
    taken: set[tuple[int, int]] = set()
    cells = []
    for row, line in enumerate(lines, start=first_row):
        col = 0
        for text in line.texts:
            while (row, col) in taken:
                col += 1
            span = text if isinstance(text, Span) else Span(text)
            cells.append(Cell(row, col, span.rows, span.cols, span.text, 1, NO_BOX))
            taken.update((row + down, col + right) for down in range(span.rows) for right in range(span.cols))
            col += span.cols
        missing = [col for col in range(n_cols) if (row, col) not in taken]
        if missing or any(place[1] >= n_cols for place in taken):
            raise ValueError(f"row {row} does not fill its {n_cols} columns exactly (texts {line.texts})")
    return cells


def _header_cells(heads: Sequence[Head], row: int, depth: int, col: int = 0) -> list[Cell]:
    cells = []
    for head in heads:
        width = len(head.leaves)
        # A cell with others under it is as high as they leave room for at its own level: one row.
        height = 1 if head.under else depth
        cells.append(Cell(row, col, height, width, head.text, 1, NO_BOX, role=head.role))
        if head.under:
            cells += _header_cells(head.under, row + 1, depth - 1, col)
        col += width
    return cells


def _column_numbers(sheet: Sheet) -> Texts:
    leaves = sheet.leaves
    if sheet.numbering is Numbering.BARE:
        return tuple(str(number) for number in range(1, len(leaves) + 1))
    if sheet.numbering is Numbering.LABELLED:
        return ("栏次", *(str(number) for number in range(1, len(leaves))))
    if sheet.numbering is Numbering.SPANNED:
        numbers = range(1, len(leaves) - sheet.n_labels + 1)
        return (Span("栏次", cols=sheet.n_labels), *(str(number) for number in numbers))
    numbered = [leaf.role in (HeaderRole.AMOUNT, HeaderRole.QUANTITY) for leaf in leaves]
    return tuple(str(sum(numbered[: index + 1])) if own else "**" for index, own in enumerate(numbered))


def _read_numbers(texts: Texts) -> Iterator[int | None]:
    for text in texts:
        span = text if isinstance(text, Span) else Span(text)
        yield int(span.text) if span.text.isdecimal() else None
        yield from [None] * (span.cols - 1)


def _columns(
    cells: Sequence[Cell], roles: Sequence[RowRole], leaves: Sequence[Head], numbers: Sequence[int | None]
) -> tuple[Column, ...]:
    header = sorted((c for c in cells if roles[c.row] is RowRole.HEADER), key=lambda c: (c.row, c.col))
    return tuple(
        Column(index, leaf.role, tuple(c.text for c in header if index in c.cols and c.text), numbers[index])
        for index, leaf in enumerate(leaves)
    )


def _with_role(cell: Cell, roles: Sequence[RowRole], columns: Sequence[Column]) -> Cell:
    if cell.role is not None:
        return cell
    role = roles[cell.row]
    if role is RowRole.COLUMN_NUMBER:
        return replace(cell, role=HeaderRole.COLUMN_NUMBER)
    return replace(cell, role=HeaderRole.TEXT if role is RowRole.SECTION else columns[cell.col].role)


def number_lines(lines: Sequence[Line], first: int = 1) -> tuple[Line, ...]:
    """The lines with a serial number in front of each."""
    return tuple(Line(line.role, (str(number), *line.texts)) for number, line in enumerate(lines, start=first))
