"""The same documents with other page breaks: tables cut at any row, in any of the manners that pages show."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from lanci.annotation import AnnotatedDocument, AnnotatedFragment, AnnotatedTable
from lanci.document import Cell, RowRole, Table
from lanci.numbers import looks_numeric
from lanci.training.examples import Example, select
from lanci.training.stitch_streams import Origin, Stream, document_to_stream

_MOST_CUTS = 4
_AFTER_TOTAL = 0.3
"""How often a page ends on a total that more rows follow, where there is one."""
_LONE_HEADER = 0.15
"""How often a page ends on the header alone."""
_TORN = 0.25
"""How often a break goes through a row with a long text, where there is one."""
_LONG = 12
"""Characters of a text that a break may tear."""
_ODD = 0.12
"""How often a break is not in the manner of the table's others."""
_MOVED = 0.35
"""How often the columns of a page stand elsewhere, or are wider, than on the page before."""
_LAID_OUT = 0.3
"""How often the columns of a table that begins are as wide as its own page has them, not its neighbours."""
_UNEVEN = 0.04
"""How often this is so of a page that goes on."""
_STRETCH = 0.3
"""By so much a column of such a page is wider or narrower."""
_LOST = 0.5
"""How often a blank column of a later page is not found."""
_PAGE_LINE = 0.03
"""How often a line of the page above a table that goes on is taken for prose."""
_PROSE = 0.25
"""How often prose stands above a table that begins."""
_MOST_PROSE = 6
_ONE_SIDED = 0.1
"""How often a document has a blank page after each page, as scans of sheets printed on one side have."""
_MARKS = ("续表", "（续）", "续表1", "接上表")


@dataclass(frozen=True, slots=True)
class Manner:
    """What is printed again below each break of a table.

    ``header`` is ``all``, ``lowest`` (its last row), ``numbers`` (the row of column numbers) or ``none``; ``caption``
    is ``all``, ``marked`` (the title as one that goes on), ``lines`` (all but the title), ``mark`` (a line of its own)
    or ``none``.
    """

    header: str
    caption: str


def recut_document(document: AnnotatedDocument, place: str, origin: Origin, rng: random.Random) -> Stream:
    """The document on new pages: every table begins one, and may go on over several.

    Args:
        document: as annotated or made up.
        place: what it is held out with.
        origin: what the stream is to count as.
        rng: of all choices.
    """
    tables: list[AnnotatedTable] = []
    step = 2 if rng.random() < _ONE_SIDED else 1
    page = 1
    for annotated in document.tables:
        if tables and annotated.table.companion == tables[-1].table.id:
            page -= step  # a grid under another one of the same title stands on its page
        cut = recut_table(annotated, (page, step), rng)
        tables.append(cut)
        page = cut.fragments[-1].page + step
    stream = document_to_stream(replace(document, tables=tuple(tables), narrative=()), place, origin)
    blank = frozenset(range(2, page, 2)) if step == 2 else frozenset()
    return replace(stream, examples=tuple(_disturb(stream.examples, rng)), blank=blank)


def recut_table(annotated: AnnotatedTable, pages: tuple[int, int], rng: random.Random) -> AnnotatedTable:
    """The table cut at rows that are drawn, in a manner that is drawn; ``pages`` are its first page and the step."""
    table = annotated.table
    usual = _draw_manner(rng)
    ends = _draw_ends(table, rng)
    parts = []
    first, torn = 0, False
    for number, last in enumerate([*ends, table.n_rows - 1]):
        manner = _draw_manner(rng) if rng.random() < _ODD else usual
        copy = _copy_header(table, manner.header) if number else ()
        lines = _copy_caption(table, manner.caption, rng) if number else table.caption.lines
        parts.append(AnnotatedFragment(pages[0] + number * pages[1], first, last, lines, copy))
        torn = last >= table.n_header_rows and _is_long(table, last) and rng.random() < _TORN
        first = last if torn and last < table.n_rows - 1 else last + 1
    return replace(annotated, fragments=tuple(parts))


def _draw_manner(rng: random.Random) -> Manner:
    return Manner(
        rng.choice(("all", "all", "lowest", "numbers", "none", "none")),
        rng.choice(("all", "marked", "lines", "mark", "none", "none", "none")),
    )


def _draw_ends(table: Table, rng: random.Random) -> list[int]:
    """After which rows pages end, ascending."""
    first = max(table.n_header_rows, 1)
    rows = list(range(first, table.n_rows - 1))
    ends = sorted(rng.sample(rows, min(len(rows), rng.randint(0, _MOST_CUTS))))
    totals = [row for row in rows[1:] if table.row_roles[row] in (RowRole.TOTAL, RowRole.SUBTOTAL)]
    if totals and rng.random() < _AFTER_TOTAL:
        ends = sorted({*ends, rng.choice(totals)})
    if table.n_header_rows and table.n_rows > first and rng.random() < _LONE_HEADER:
        ends.insert(0, table.n_header_rows - 1)
    return ends


def _is_long(table: Table, row: int) -> bool:
    cells = (cell for cell in table.cells if cell.row == row and cell.row_span == 1)
    return any(len(cell.text) >= _LONG and not looks_numeric(cell.text) for cell in cells)


def _copy_header(table: Table, copied: str) -> tuple[Cell, ...]:
    """The header cells as a page prints them again; key/value rows above the header are not."""
    rows = [row for row in range(table.n_header_rows) if table.row_roles[row] is RowRole.HEADER]
    numbers = [row for row in range(table.n_header_rows) if table.row_roles[row] is RowRole.COLUMN_NUMBER]
    wanted = {"all": rows + numbers, "lowest": rows[-1:], "numbers": numbers, "none": []}[copied]
    if wanted != list(range(wanted[0], wanted[-1] + 1)) if wanted else True:
        return ()
    return tuple(
        replace(cell, row=max(cell.row, wanted[0]) - wanted[0], row_span=_overlap(cell, wanted))
        for cell in table.cells
        if _overlap(cell, wanted)
    )


def _overlap(cell: Cell, rows: Sequence[int]) -> int:
    return sum(row in cell.rows for row in rows)


def _copy_caption(table: Table, copied: str, rng: random.Random) -> tuple[str, ...]:
    lines, title = table.caption.lines, table.caption.title
    if copied == "all":
        return lines
    if copied == "marked":
        return tuple(f"{line}（续）" if title and title in line else line for line in lines)
    if copied == "lines":
        return tuple(line for line in lines if not title or title not in line)
    return (rng.choice(_MARKS),) if copied == "mark" else ()


def _disturb(examples: Sequence[Example], rng: random.Random) -> list[Example]:
    """The fragments as pages show them: torn rows, moved columns, blank columns lost, stray lines."""
    found: list[Example] = []
    widths: tuple[float, ...] = ()
    for example in examples:
        one = example
        if one.continues:
            if rng.random() < _MOVED:
                one = _move(one, rng.uniform(0.9, 1.1), rng.uniform(-30.0, 30.0))
            uneven = rng.random() < _UNEVEN
            widths = _draw_widths(one, rng) if uneven else widths
            one = _lay_out(one, widths)
            if rng.random() < _PAGE_LINE:
                one = replace(one, fragment=replace(one.fragment, gap_above=1))
            found[-1], one = _tear(found[-1], one, rng)
            # a page that is both has nothing left to tell its columns by
            one = _lose_blank_column(one) if rng.random() < _LOST and not uneven else one
        else:
            widths = _draw_widths(one, rng) if rng.random() < _LAID_OUT else ()
            one = _lay_out(one, widths)
            if rng.random() < _PROSE:
                one = replace(one, fragment=replace(one.fragment, gap_above=rng.randint(1, _MOST_PROSE)))
        found.append(one)
    return found


def _move(example: Example, scale: float, shift: float) -> Example:
    """With columns at other places; boxes stay, for links do not look at them."""
    edges = tuple(edge * scale + shift for edge in example.fragment.col_edges)
    return replace(example, fragment=replace(example.fragment, col_edges=edges))


def _draw_widths(example: Example, rng: random.Random) -> tuple[float, ...]:
    """By column how much wider it is to be than its neighbours' widths have it."""
    return tuple(rng.uniform(1 - _STRETCH, 1 + _STRETCH) for _ in range(example.fragment.n_cols))


def _lay_out(example: Example, widths: Sequence[float]) -> Example:
    """With columns of other widths between the same outer edges; as it is where it has not as many columns."""
    edges = example.fragment.col_edges
    if len(edges) != len(widths) + 1:
        return example
    wanted = [(right - left) * width for (left, right), width in zip(pairwise(edges), widths, strict=True)]
    scale = (edges[-1] - edges[0]) / sum(wanted)
    moved = tuple(accumulate((width * scale for width in wanted), initial=edges[0]))
    return replace(example, fragment=replace(example.fragment, col_edges=moved))


def _lose_blank_column(example: Example) -> Example:
    """Without its last column, or its first, where that is blank below and above."""
    n_cols = example.fragment.n_cols
    for col in (n_cols - 1, 0):
        cells = [cell for cell in example.fragment.cells if col in cell.cols]
        if n_cols > 2 and all(not cell.text and cell.col_span == 1 for cell in cells):
            rest = [one for one in range(n_cols) if one != col]
            return select(example, range(example.fragment.n_rows), rest)
    return example


def _tear(upper: Example, lower: Example, rng: random.Random) -> tuple[Example, Example]:
    """Give the ends of long texts of the last row to the blank row below the break, where the break tears a row."""
    row, last = lower.truth.n_header_rows, upper.fragment.n_rows - 1
    below = [cell for cell in lower.fragment.cells if cell.row == row]
    if not below or any(cell.text for cell in below) or row >= lower.fragment.n_rows:
        return upper, lower
    tails: dict[int, str] = {}
    heads: dict[int, str] = {}
    for cell in upper.fragment.cells:
        if cell.row == last and len(cell.text) >= _LONG and not looks_numeric(cell.text):
            at = rng.randint(len(cell.text) // 2, len(cell.text) - 2)
            heads[cell.col], tails[cell.col] = cell.text[:at], cell.text[at:]
    return _with_texts(upper, last, heads), _with_texts(lower, row, tails)


def _with_texts(example: Example, row: int, texts: dict[int, str]) -> Example:
    cells = tuple(
        replace(cell, text=texts[cell.col]) if cell.row == row and cell.col in texts else cell
        for cell in example.fragment.cells
    )
    return replace(example, fragment=replace(example.fragment, cells=cells))
