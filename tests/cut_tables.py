"""Whole tables cut into the pages of a document in all manners, and what stitching must make of them again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import chain

from tests.truth_fragments import labelled_fragments

from lanci.annotation import NO_BOX, AnnotatedFragment, AnnotatedTable
from lanci.document import Box, Cell, LabelledFragment, Place, RowRole, Table
from lanci.numbers import looks_numeric
from lanci.stitch.labels import ITEM_MARK
from lanci.text import is_cjk, join_lines

HEADER_ROWS = (RowRole.HEADER, RowRole.COLUMN_NUMBER)
LONG_TEXT = 8
"""A text of so many characters is torn where a break cuts its row; a shorter one stands above the break."""


class Copied(Enum):
    """Which header rows a continuation prints again."""

    HEADER = "header"
    ALL = "header and column numbers"
    LOWEST = "lowest level of the header"
    NUMBERS = "column numbers"
    NOTHING = "nothing"


class Above(Enum):
    """Which lines a continuation prints above itself."""

    CAPTION = "title and lines"
    LINES = "lines"
    MARK = "续表"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Manners:
    """How a document repeats and cuts.

    ``backwards`` prints a label that a break cuts below the break, ``spaced`` prints copied header labels with
    spaces, ``scale`` and ``shift`` (points) move the columns of every second page; with ``narrow`` it lacks the
    outer columns in which it prints nothing.
    """

    copied: Copied = Copied.NOTHING
    above: Above = Above.NOTHING
    spaced: bool = False
    backwards: bool = False
    scale: float = 1.0
    shift: float = 0.0
    narrow: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Break:
    """A page ends after ``row``; ``inside`` when the row itself goes on on the next page."""

    row: int
    inside: bool = False


@dataclass(frozen=True, slots=True)
class CutTable:
    """A table on its pages: ``parts`` in order, their first and last rows, and the printed pieces of its cells."""

    table: Table
    rows: tuple[tuple[int, int], ...]
    parts: tuple[LabelledFragment, ...]
    pieces: tuple[tuple[tuple[Cell, Cell], ...], ...]

    def places(self) -> dict[tuple[int, int], tuple[Place, ...]]:
        """By row and column of the table's cells where their pieces are printed."""
        printed: dict[tuple[int, int], tuple[Place, ...]] = {}
        for of, own in chain.from_iterable(self.pieces):
            printed[of.row, of.col] = (*printed.get((of.row, of.col), ()), Place(own.page, own.box))
        return printed


def breaks_of(table: Table) -> list[Break]:
    """All places where a page may end: after the header or a body row, or inside a body row that may be torn."""
    ends = range(max(table.n_header_rows - 1, 0), table.n_rows - 1)
    inside = range(table.n_header_rows, table.n_rows)
    return [*map(Break, ends), *(Break(row, inside=True) for row in inside if may_be_torn(table, row))]


def may_be_torn(table: Table, row: int) -> bool:
    """Whether a break inside the row leaves below it what can only be the rest of the row.

    That is: texts in at most half of the row's filled cells, and either a blank under a number where every row has
    one, or no item mark where all other texts have one.
    """
    own = [cell for cell in table.cells if cell.row == row and cell.row_span == 1 and cell.text]
    torn = [cell for cell in own if is_torn(cell)]
    if table.row_roles[row] is not RowRole.DETAIL or not 0 < 2 * len(torn) <= len(own):
        return False
    numbers = [cell for cell in own if looks_numeric(cell.text)]
    filled = any(all(_column_texts(table, cell.col)) for cell in numbers)
    marked = all(ITEM_MARK.match(text) for cell in torn for text in filter(None, _column_texts(table, cell.col)))
    last = any(cell.row == max(other.row for other in _body(table, cell.col) if other.text) for cell in torn)
    return filled or (bool(numbers) and marked and not last)


def _body(table: Table, col: int) -> list[Cell]:
    """The cells of a column in rows that are data, without totals."""
    return [cell for cell in table.cells if cell.col == col and table.row_roles[cell.row] is RowRole.DETAIL]


def _column_texts(table: Table, col: int) -> list[str]:
    return [cell.text for cell in _body(table, col)]


def is_torn(cell: Cell) -> bool:
    """Whether the cell's text goes on below a break that cuts its row."""
    return cell.row_span == 1 and len(cell.text) >= LONG_TEXT and _tear(cell.text) is not None


def _tear(text: str) -> tuple[str, str] | None:
    """The text in two, between two Chinese characters near its middle; None where it has no such place."""
    places = [
        i for i in range(2, len(text) - 1) if text[i - 1 : i + 1].isalpha() and all(map(is_cjk, text[i - 1 : i + 1]))
    ]
    for place in sorted(places, key=lambda i: (abs(2 * i - len(text)), i)):
        if join_lines([text[:place], text[place:]]) == text:
            return text[:place], text[place:]
    return None


def cut_table(annotated: AnnotatedTable, breaks: Sequence[Break], manners: Manners, first_page: int = 1) -> CutTable:
    """The parts of the table when pages end at ``breaks``, which must be in order and not of one row."""
    bare = _without_boxes(annotated)
    # A break inside a row tears the texts beside a label, too; then the label stands above it.
    manners = replace(manners, backwards=manners.backwards and not any(one.inside for one in breaks))
    table = bare.table
    starts = [0, *(one.row + (0 if one.inside else 1) for one in breaks)]
    ends = [*(one.row for one in breaks), table.n_rows - 1]
    shown = tuple(
        AnnotatedFragment(
            first_page + number,
            first,
            last,
            _lines_above(table, manners) if number else table.caption.lines,
            _header_copy(table, manners) if number else (),
        )
        for number, (first, last) in enumerate(zip(starts, ends, strict=True))
    )
    parts, pieces = [], []
    for number, part in enumerate(labelled_fragments([replace(bare, fragments=shown)])):
        moved = _move(part, manners) if number % 2 else part
        own = tuple(_pieces(table, shown[number], moved))
        ends_inside = number < len(breaks) and breaks[number].inside
        begins_inside = number > 0 and breaks[number - 1].inside
        own = tuple(
            (of, _with_text(of, piece, shown[number], manners, begins_inside, ends_inside)) for of, piece in own
        )
        moved = _with_cells(moved, [piece for _, piece in own])
        if manners.narrow and number % 2:
            kept = _printed_columns(moved, own)
            moved = _with_columns(moved, kept)
            own = tuple((of, replace(piece, col=piece.col - kept.start)) for of, piece in own if piece.col in kept)
        parts.append(moved)
        pieces.append(own)
    return CutTable(table, tuple(zip(starts, ends, strict=True)), tuple(parts), tuple(pieces))


def _without_boxes(annotated: AnnotatedTable) -> AnnotatedTable:
    cells = tuple(replace(cell, page=1, box=NO_BOX, continued=()) for cell in annotated.table.cells)
    return replace(annotated, table=replace(annotated.table, cells=cells))


def _lines_above(table: Table, manners: Manners) -> tuple[str, ...]:
    lines = table.caption.lines
    title = tuple(line for line in lines if line == table.caption.title)
    return {
        Above.CAPTION: lines,
        Above.LINES: tuple(line for line in lines if line not in title),
        Above.MARK: ("续表",) if lines else (),
        Above.NOTHING: (),
    }[manners.above]


def _header_copy(table: Table, manners: Manners) -> tuple[Cell, ...]:
    """The header cells as a page prints them again; key/value rows above the header are not."""
    rows = [row for row in range(table.n_header_rows) if table.row_roles[row] in HEADER_ROWS]
    header = [row for row in rows if table.row_roles[row] is RowRole.HEADER]
    numbers = [row for row in rows if table.row_roles[row] is RowRole.COLUMN_NUMBER]
    kept = {
        Copied.HEADER: header,
        Copied.ALL: rows,
        Copied.LOWEST: header[-1:],
        Copied.NUMBERS: numbers,
        Copied.NOTHING: [],
    }[manners.copied]
    copies = []
    for cell in table.cells:
        own = [kept.index(row) for row in cell.rows if row in kept]
        if own:
            text = " ".join(cell.text) if manners.spaced and len(cell.text) == 2 else cell.text
            copies.append(replace(cell, row=own[0], row_span=len(own), text=text))
    return tuple(copies)


def _pieces(table: Table, shown: AnnotatedFragment, part: LabelledFragment) -> Iterator[tuple[Cell, Cell]]:
    """The printed pieces of the table's cells in a part, without the header that is printed again."""
    owners = {(row, col): cell for cell in table.cells for row in cell.rows for col in cell.cols}
    for piece in part.fragment.cells:
        if piece.row >= shown.n_repeated_rows:
            yield owners[piece.row - shown.n_repeated_rows + shown.first_row, piece.col], piece


def _with_text(
    of: Cell, piece: Cell, shown: AnnotatedFragment, manners: Manners, begins_inside: bool, ends_inside: bool
) -> Cell:
    """The piece with the text that its page shows of the cell."""
    first, last = of.row >= shown.first_row, of.row + of.row_span - 1 <= shown.last_row
    if of.row_span == 1:
        above, below = (_tear(of.text) if is_torn(of) else None) or (of.text, "")
        if begins_inside and of.row == shown.first_row:
            return replace(piece, text=below)
        return replace(piece, text=above if ends_inside and of.row == shown.last_row else of.text)
    begun = not first or (begins_inside and of.row == shown.first_row)
    goes_on = not last or (ends_inside and of.row + of.row_span - 1 == shown.last_row)
    here = not (goes_on if manners.backwards else begun)
    return replace(piece, text=of.text if here else "")


def _move(part: LabelledFragment, manners: Manners) -> LabelledFragment:
    """The part with its columns scaled and shifted."""
    fragment = part.fragment
    left = fragment.col_edges[0]

    def moved(x: float) -> float:
        return left + manners.shift + (x - left) * manners.scale

    def moved_box(box: Box) -> Box:
        return replace(box, x0=moved(box.x0), x1=moved(box.x1))

    cells = tuple(replace(cell, box=moved_box(cell.box)) for cell in fragment.cells)
    edges = tuple(map(moved, fragment.col_edges))
    return replace(part, fragment=replace(fragment, cells=cells, col_edges=edges, box=moved_box(fragment.box)))


def _with_cells(part: LabelledFragment, pieces: Sequence[Cell]) -> LabelledFragment:
    own = {(piece.row, piece.col): piece for piece in pieces}
    cells = tuple(own.get((cell.row, cell.col), cell) for cell in part.fragment.cells)
    return replace(part, fragment=replace(part.fragment, cells=cells))


def _printed_columns(part: LabelledFragment, pieces: Sequence[tuple[Cell, Cell]]) -> range:
    """The columns without the outer ones that hold no cell with a text, not even the lower part of one."""
    whole = range(part.fragment.n_cols)
    filled = [col for of, piece in pieces if of.text or piece.col_span > 1 for col in piece.cols] or whole
    return range(min(filled), max(filled) + 1)


def _with_columns(part: LabelledFragment, kept: range) -> LabelledFragment:
    """The part with some of its columns only."""
    fragment = part.fragment
    cells = tuple(replace(cell, col=cell.col - kept.start) for cell in fragment.cells if cell.col in kept)
    edges = fragment.col_edges[kept.start : kept.stop + 1]
    box = replace(fragment.box, x0=edges[0], x1=edges[-1])
    return replace(
        part,
        fragment=replace(fragment, n_cols=len(kept), cells=cells, col_edges=edges, box=box),
        header_roles=tuple(
            role for cell, role in zip(_header_cells(part), part.header_roles, strict=True) if cell.col in kept
        ),
        column_roles=part.column_roles[kept.start : kept.stop],
    )


def _header_cells(part: LabelledFragment) -> list[Cell]:
    return [cell for cell in part.fragment.cells if cell.row < part.n_header_rows]


def labels_can_be_told(cut: CutTable) -> bool:
    """Whether the table shows what a blank beside a page break is: the rest of a label, or a cell of its own.

    It is the rest of a label where the column has two or more whole cells and none of them is blank; it is a cell of
    its own where one is. Otherwise the pages do not tell, nor do they where a label is printed only after the next
    break.
    """
    whole: dict[int, list[bool]] = {}
    met: list[tuple[int, bool]] = []
    for above, below in zip(cut.pieces, cut.pieces[1:], strict=False):
        last, first = max(p.rows[-1] for _, p in above), min(p.row for _, p in below)
        upper = {piece.col: (of, piece) for of, piece in above if piece.rows[-1] == last}
        lower = {piece.col: (of, piece) for of, piece in below if piece.row == first}
        for col in upper.keys() & lower.keys():
            (one, head), (two, tail) = upper[col], lower[col]
            if one is two and one.text and not head.text and not tail.text:
                return False
            number = one is not two and looks_numeric(head.text or tail.text)
            if not number and bool(head.text) != bool(tail.text):
                met.append((col, one is two and one.row_span > 1))
    for part, shown in zip(cut.parts, cut.pieces, strict=True):
        body = [piece for of, piece in shown if of.row >= cut.table.n_header_rows]
        top, bottom = min((p.row for p in body), default=0), part.fragment.n_rows
        for piece in body:
            if piece.row > top and piece.row + piece.row_span < bottom:
                whole.setdefault(piece.col, []).append(bool(piece.text))
    return all(
        (len(seen) > 1 and all(seen)) if joins else not all(seen) for col, joins in met for seen in [whole.get(col, [])]
    )


def differences(found: Table, cut: CutTable) -> list[str]:
    """In what a stitched table is not the one that was cut.

    Where the pages do not tell which blanks are rests of labels, only rows, columns and numbers are compared.
    """
    table = cut.table
    wrong = [
        name
        for name in ("n_rows", "n_cols", "n_header_rows", "row_roles", "columns", "notes")
        if getattr(found, name) != getattr(table, name)
    ]
    if found.caption != cut.parts[0].fragment.caption:
        wrong.append("caption")
    shown = [(part.page, part.box, part.first_row, part.last_row) for part in found.fragments]
    printed = [(part.fragment.page, part.fragment.box) for part in cut.parts]
    if shown != [(*place, *rows) for place, rows in zip(printed, cut.rows, strict=True)]:
        wrong.append("fragments")
    if labels_can_be_told(cut):
        return wrong + _cell_differences(found, cut)
    ours, theirs = ({(c.row, c.col, c.text) for c in one.cells if looks_numeric(c.text)} for one in (found, table))
    return wrong + [f"number {number}" for number in sorted(ours ^ theirs)]


def _cell_differences(found: Table, cut: CutTable) -> list[str]:
    ours = {(cell.row, cell.col): cell for cell in found.cells}
    theirs = {(cell.row, cell.col): cell for cell in cut.table.cells}
    printed = cut.places()
    wrong = [f"no cell {place}" for place in sorted(theirs.keys() - ours.keys())]
    wrong += [f"a cell {place}" for place in sorted(ours.keys() - theirs.keys())]
    for place in sorted(ours.keys() & theirs.keys()):
        one, two = ours[place], theirs[place]
        wrong += [
            f"{name} of {place}"
            for name in ("row_span", "col_span", "text", "role", "needs_review")
            if getattr(one, name) != getattr(two, name)
        ]
        if place in printed and (Place(one.page, one.box), *one.continued) != printed[place]:
            wrong.append(f"places of {place}")
    return wrong
