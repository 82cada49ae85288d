"""Whatever the table, wherever its pages end and whatever they repeat: stitching gives the table back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from hypothesis import example, given
from hypothesis import strategies as st
from tests.cut_tables import Above, Break, Copied, CutTable, Manners, breaks_of, cut_table, differences
from tests.seeds import ANNOTATIONS, files_to_tune_on

from lanci.annotation import AnnotatedTable, Side, load_annotation, load_splits
from lanci.document import Cell, Fragment, HeaderRole, LabelledFragment, Table
from lanci.numbers import looks_numeric
from lanci.stitch import stitch
from lanci_eval.factory.content import make_content
from lanci_eval.factory.families import DESIGNS
from lanci_eval.factory.pages import cut_pages
from lanci_eval.factory.truth import plan_to_truth

MADE_SEED = 8
ANNOTATED, MADE = "annotated", "made"


@dataclass(frozen=True, slots=True)
class Whole:
    """A table and all places where a page may end in it."""

    annotated: AnnotatedTable
    breaks: tuple[Break, ...]


@cache
def tables(kind: str) -> tuple[Whole, ...]:
    """All tables of annotated or of made documents that may stand on several pages; none of the test side."""
    if kind == ANNOTATED:
        documents = [load_annotation(path) for path in files_to_tune_on()]
    else:
        families = dict(load_splits(ANNOTATIONS / "splits.json").families)
        designs = [design for design in DESIGNS.values() if families[design.family.name] is not Side.TEST]
        contents = [make_content(MADE_SEED, number, design.features) for number, design in enumerate(designs)]
        documents = [
            plan_to_truth(content, cut_pages(content, design.family, MADE_SEED), design.family)
            for content, design in zip(contents, designs, strict=True)
        ]
    wholes = (Whole(one, tuple(breaks_of(one.table))) for document in documents for one in document.tables)
    return tuple(one for one in wholes if one.breaks)


@dataclass(frozen=True, slots=True)
class Cutting:
    """One way to cut one of the tables; short to print."""

    kind: str
    number: int
    breaks: tuple[Break, ...]
    manners: Manners

    def cut(self) -> CutTable:
        return cut_table(tables(self.kind)[self.number].annotated, self.breaks, self.manners)


@st.composite
def cuttings(draw: st.DrawFn, kind: str, *, narrow: bool = False, moved: bool = True) -> Cutting:
    """A table on two to four pages, in any of the manners."""
    number = draw(st.integers(0, len(tables(kind)) - 1))
    places = st.sampled_from(tables(kind)[number].breaks)
    breaks = draw(st.lists(places, min_size=1, max_size=3, unique_by=lambda one: one.row))
    manners = Manners(
        copied=Copied.NOTHING if narrow else draw(st.sampled_from(Copied)),
        above=draw(st.sampled_from(Above)),
        spaced=draw(st.booleans()),
        backwards=draw(st.booleans()),
        scale=draw(st.sampled_from((1.0, 0.8, 1.1))) if moved else 1.0,
        shift=draw(st.sampled_from((0.0, 20.0))) if moved else 0.0,
        narrow=narrow,
    )
    return Cutting(kind, number, tuple(sorted(breaks)), manners)


def whole(cut: CutTable) -> Table:
    (found,) = stitch(cut.parts)
    return found


@given(cutting=cuttings(ANNOTATED))
@example(Cutting(ANNOTATED, 25, (Break(4), Break(5)), Manners(Copied.ALL, Above.CAPTION, backwards=True)))
def test_an_annotated_table_comes_back(cutting: Cutting) -> None:
    cut = cutting.cut()
    assert differences(whole(cut), cut) == []


@given(cutting=cuttings(MADE))
@example(Cutting(MADE, 9, (Break(16),), Manners(Copied.ALL, backwards=True, scale=1.1, shift=20.0)))
def test_a_made_table_comes_back(cutting: Cutting) -> None:
    cut = cutting.cut()
    assert differences(whole(cut), cut) == []


@given(cutting=cuttings(ANNOTATED, narrow=True, moved=False))
@example(Cutting(ANNOTATED, 2, (Break(2),), Manners(above=Above.LINES, narrow=True)))
def test_a_table_comes_back_from_pages_that_lack_blank_columns(cutting: Cutting) -> None:
    cut = cutting.cut()
    assert differences(whole(cut), cut) == []


@given(cutting=cuttings(MADE, narrow=True))
@example(Cutting(MADE, 2, (Break(2), Break(3, inside=True)), Manners(above=Above.CAPTION, shift=20.0, narrow=True)))
@example(Cutting(MADE, 14, (Break(30), Break(33, inside=True)), Manners(scale=1.1, shift=20.0, narrow=True)))
@example(Cutting(MADE, 52, (Break(22), Break(24, inside=True)), Manners(above=Above.CAPTION, shift=20.0, narrow=True)))
@example(Cutting(MADE, 71, (Break(11), Break(15, inside=True)), Manners(above=Above.CAPTION, shift=20.0, narrow=True)))
def test_a_number_is_in_its_column_or_marked(cutting: Cutting) -> None:
    """Scaled, shifted and without some columns, a page does not always tell which ones it lacks."""
    cut = cutting.cut()
    for found in stitch(cut.parts):
        first = next(
            rows[0]
            for part, rows in zip(cut.parts, cut.rows, strict=True)
            if part.fragment.page == found.fragments[0].page
        )
        for cell in found.cells:
            if looks_numeric(cell.text) and not cell.needs_review:
                true = cut.table.cell_at(cell.row + first, cell.col)
                assert true is not None
                assert cell.text == true.text


@given(cutting=cuttings(ANNOTATED))
def test_what_is_printed_is_there_once(cutting: Cutting) -> None:
    """Every printed cell is a cell or the rest of one; texts are neither lost nor doubled, but for repeated headers."""
    cut = cutting.cut()
    found = whole(cut)
    printed = Counter((piece.page, piece.box) for shown in cut.pieces for _, piece in shown)
    kept = Counter((cell.page, cell.box) for cell in found.cells)
    kept.update((place.page, place.box) for cell in found.cells for place in cell.continued)
    assert kept == printed
    texts = sorted("".join(piece.text for shown in cut.pieces for _, piece in shown))
    assert sorted("".join(cell.text for cell in found.cells)) == texts


@given(cutting=cuttings(MADE))
def test_stitching_again_changes_nothing(cutting: Cutting) -> None:
    cut = cutting.cut()
    found = whole(cut)
    (again,) = stitch([_as_one_page(found, cut.parts[0])])
    assert replace(again, fragments=(), cells=()) == replace(found, fragments=(), cells=())
    assert [replace(cell, continued=()) for cell in again.cells] == [
        replace(cell, continued=()) for cell in found.cells
    ]


def _as_one_page(table: Table, first: LabelledFragment) -> LabelledFragment:
    """The stitched table as the only part of a table, on a page long enough for it."""
    fragment = Fragment(
        page=1,
        index=0,
        box=first.fragment.box,
        n_rows=table.n_rows,
        n_cols=table.n_cols,
        cells=table.cells,
        col_edges=first.fragment.col_edges,
        caption=table.caption,
        notes=table.notes,
        page_width=first.fragment.page_width,
    )
    header = [cell for cell in table.cells if cell.row < table.n_header_rows]
    return replace(
        first,
        fragment=fragment,
        n_header_rows=table.n_header_rows,
        row_roles=table.row_roles,
        header_roles=tuple((cell.role or HeaderRole.TEXT, 1.0) for cell in header),
        column_roles=tuple((column.role, 1.0) for column in table.columns),
    )


@given(cutting=cuttings(ANNOTATED), before=cuttings(ANNOTATED), after=cuttings(MADE))
def test_other_tables_do_not_matter(cutting: Cutting, before: Cutting, after: Cutting) -> None:
    """A table is the same alone and right between others under other titles."""
    cut, pages = cutting.cut(), len(before.breaks) + 1
    alone = whole(cut)
    fragments: list[LabelledFragment] = []
    for one, title in ((before.cut(), "甲表"), (cut, "乙表"), (after.cut(), "丙表")):
        fragments += _titled(one.parts, title, first_page=len(fragments) + 1)
    among = next(table for table in stitch(fragments) if table.fragments[0].page == pages + 1)
    assert [part.page for part in among.fragments] == [pages + 1 + i for i in range(len(cut.parts))]
    assert [_without_page(cell) for cell in among.cells] == [_without_page(cell) for cell in alone.cells]


def _titled(parts: Sequence[LabelledFragment], title: str, first_page: int) -> list[LabelledFragment]:
    """The parts on pages from a given one on, under another title wherever they print one."""
    titled = []
    for number, part in enumerate(parts):
        caption = part.fragment.caption
        lines = tuple(title if line == caption.title else line for line in caption.lines)
        if caption.title or number == 0:
            caption = replace(caption, title=title, lines=lines)
        titled.append(replace(part, fragment=replace(part.fragment, page=first_page + number, caption=caption)))
    return titled


def _without_page(cell: Cell) -> Cell:
    return replace(cell, page=0, continued=tuple(replace(place, page=0) for place in cell.continued))
