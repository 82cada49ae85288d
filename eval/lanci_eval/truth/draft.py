"""An annotation drafted from what several extractors read, with everything that a person must still settle."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from lanci.annotation import Problem, check_annotations
from lanci.annotation.records import (
    NO_BOX,
    NO_TABLES,
    AnnotatedDocument,
    AnnotatedFragment,
    AnnotatedPage,
    AnnotatedTable,
    How,
    Media,
    Verification,
)
from lanci.classify import combine_facets
from lanci.document import Box, Cell, Facets, LabelledFragment, Table
from lanci.interpret import interpret
from lanci.stitch import StitchOptions, stitch
from lanci.stitch.common import to_common_columns
from lanci.stitch.decide import Chain, chain_fragments
from lanci.text import normalize, squash
from lanci.validate import validate
from lanci_eval.truth.amend_labels import set_verification
from lanci_eval.truth.amend_rebuild import rebuild
from lanci_eval.truth.draft_agreement import Agreement, FragmentVerdict, OtherCell, Verdict, judge
from lanci_eval.truth.draft_sums import Arithmetic, check_arithmetic
from lanci_eval.truth.readings import Readings

UNKNOWN = "?"
"""Stands where an annotator must fill in what no page says."""
_FALLBACK_YEAR = 2000
_YEAR = re.compile(r"(?:19|20)\d\d(?=\s*年|[^\d]|$)")
_SURE_OCR = 0.9
"""A text read by OCR with less confidence is listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is known of a document besides its pages; empty strings where it is not."""

    id: str = ""
    name: str = ""
    province: str = ""
    city: str = ""
    county: str = ""
    year: int | None = None
    publisher: str = ""
    layout: str = ""


@dataclass(frozen=True, slots=True)
class CellDoubt:
    """A cell of the draft to look at. ``repeated`` counts it in the header that its page prints again."""

    page: int
    row: int
    col: int
    text: str
    reason: str
    others: tuple[OtherCell, ...] = ()
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class TableDraft:
    """A drafted table and what stands behind it.

    Attributes:
        annotated: the table as drafted.
        parts: what was read on each of its pages.
        joins: probability and reasons of each part belonging to the one before.
        verdicts: what the others say of each part.
        facets: the probabilities of its type.
        arithmetic: what its sums say.
        doubts: the cells to look at, in reading order.
        remarks: other things to look at, a sentence each.
        settled: whether nothing but its type and plain page breaks is left to look at.
    """

    annotated: AnnotatedTable
    parts: tuple[LabelledFragment, ...]
    joins: tuple[tuple[float, tuple[str, ...]], ...]
    verdicts: tuple[FragmentVerdict, ...]
    facets: Facets
    arithmetic: Arithmetic
    doubts: tuple[CellDoubt, ...]
    remarks: tuple[str, ...]
    settled: bool

    @property
    def n_doubtful(self) -> int:
        """How many of the table's own cells are to be looked at."""
        return len({(doubt.row, doubt.col) for doubt in self.doubts if not doubt.repeated})


@dataclass(frozen=True, slots=True)
class Draft:
    """A drafted document; ``tables`` are in the order of its tables, ``problems`` what contradicts itself in it."""

    document: AnnotatedDocument
    tables: tuple[TableDraft, ...]
    agreement: Agreement
    readings: Readings
    problems: tuple[Problem, ...]


def make_draft(readings: Readings, about: About) -> Draft:
    """Draft the annotation of a document that was read."""
    agreement = judge(readings.fragments, readings.others)
    options = StitchOptions()
    fragments, blank = readings.fragments, readings.own.blank
    chains = chain_fragments(fragments, options, blank)
    tables, findings = validate([interpret(table) for table in stitch(fragments, options, blank)])
    places = {(one.fragment.page, one.fragment.index): n for n, one in enumerate(readings.fragments)}
    drafts = []
    for chain, table in zip(chains, tables, strict=True):
        keys = [(part.labelled.fragment.page, part.labelled.fragment.index) for part in chain.parts]
        verdicts = tuple(agreement.fragments[places[key]] for key in keys)
        drafts.append(_draft_table(chain, table, verdicts, check_arithmetic(table, findings), readings))
    document = _draft_document(readings, about, tuple(draft.annotated for draft in drafts))
    problems = check_annotations((document,))
    checked = tuple(_unsettle(draft, problems) for draft in drafts)
    document = replace(document, tables=tuple(draft.annotated for draft in checked))
    return Draft(document, checked, agreement, readings, problems)


def _unsettle(draft: TableDraft, problems: Sequence[Problem]) -> TableDraft:
    """A table that contradicts itself is not settled, whoever agrees on it."""
    if not any(problem.table == draft.annotated.table.id for problem in problems):
        return draft
    return replace(draft, annotated=set_verification(draft.annotated, How.BY_EYE), settled=False)


def _draft_document(readings: Readings, about: About, tables: tuple[AnnotatedTable, ...]) -> AnnotatedDocument:
    source = readings.own.source
    stem = readings.path.stem
    pages_of_tables = {part.page for table in tables for part in table.fragments} or set(range(1, source.n_pages + 1))
    n_pictures = sum(readings.is_picture(page) for page in pages_of_tables)
    return AnnotatedDocument(
        id=about.id or stem_to_id(stem, source.sha256),
        name=about.name or normalize(stem),
        province=about.province or UNKNOWN,
        city=about.city or ("" if about.province else UNKNOWN),
        county=about.county,
        fiscal_year=about.year or _guess_year(stem, tables),
        sha256=source.sha256,
        media=Media.PDF,
        origin="published PDF",
        published=about.publisher or UNKNOWN,
        scanned=2 * n_pictures > len(pages_of_tables),
        layout=(about.layout or UNKNOWN) if tables else NO_TABLES,
        n_pages=source.n_pages,
        pages=tuple(AnnotatedPage(page.number, page.width, page.height) for page in readings.own.pages),
        narrative=(),
        tables=tables,
    )


def stem_to_id(stem: str, sha256: str) -> str:
    """An id from a file's name; from its content where the name has too little that an id may hold."""
    words = re.findall(r"[a-z0-9]+", stem.lower())
    return "-".join(words) if any(word.isalpha() for word in words) else f"doc-{sha256[:8]}"


def _guess_year(stem: str, tables: Sequence[AnnotatedTable]) -> int:
    years = Counter(t.table.caption.fiscal_year for t in tables if t.table.caption.fiscal_year is not None)
    if years:
        return max(years, key=lambda year: (years[year], year))
    found = _YEAR.search(stem)
    return int(found[0]) if found else _FALLBACK_YEAR


def _draft_table(
    chain: Chain, table: Table, verdicts: tuple[FragmentVerdict, ...], arithmetic: Arithmetic, readings: Readings
) -> TableDraft:
    fragments = _to_fragments(chain, table)
    caption = replace(table.caption, lines=fragments[0].caption_lines)
    roles = [column.role for column in table.columns]
    plain = [_plain(cell, role=cell.role or roles[cell.col]) for cell in table.cells]
    annotated = rebuild(
        AnnotatedTable(replace(table, type_probability=1.0, findings=()), fragments, Verification(How.BY_EYE, 0, 0)),
        cells=plain,
        caption=caption,
    )
    parts = tuple(part.labelled for part in chain.parts)
    known = {
        (part.fragment.page, cell.box): (verdict, cell)
        for part, found in zip(parts, verdicts, strict=True)
        for cell, verdict in zip(part.fragment.cells, found.cells, strict=True)
    }
    doubts = [*_own_doubts(table, known, readings), *_header_doubts(fragments[1:], known, readings)]
    remarks = tuple(_remarks(chain, verdicts))
    scanned = any(readings.is_picture(part.fragment.page) for part in parts)
    merged = any(
        pair
        for upper, lower in pairwise(annotated.fragments)
        for pair in merged_at_break(annotated.table, upper.last_row, lower.first_row)
    )
    settled = not (scanned or doubts or remarks or merged or arithmetic.broken)
    if settled:
        annotated = set_verification(
            annotated, How.EXTRACTORS_AND_ARITHMETIC if arithmetic.agrees else How.EXTRACTORS, by_eye=0
        )
    return TableDraft(
        annotated=annotated,
        parts=parts,
        joins=tuple((link.probability, link.reasons) for link in chain.links),
        verdicts=verdicts,
        facets=combine_facets(parts),
        arithmetic=arithmetic,
        doubts=tuple(doubts),
        remarks=remarks,
        settled=settled,
    )


def merged_at_break(table: Table, last: int, first: int) -> Iterator[tuple[Cell, Cell]]:
    """The cells that meet at a page break, one of them merged of rows: the break may cut one cell in two.

    Args:
        table: the table.
        last: the last row above the break.
        first: the first row below it.
    """
    for col in range(table.n_cols):
        upper, lower = table.cell_at(last, col), table.cell_at(first, col)
        if upper is None or lower is None or upper == lower or col not in (upper.col, lower.col):
            continue
        if max(upper.row_span, lower.row_span) > 1 and upper.row >= table.n_header_rows:
            yield upper, lower


def _plain(cell: Cell, **changes: object) -> Cell:
    """What an annotation holds of a cell; a box without area is none."""
    box = cell.box if cell.box.width > 0 and cell.box.height > 0 else NO_BOX
    bare = Cell(cell.row, cell.col, cell.row_span, cell.col_span, cell.text, cell.page, box)
    return replace(bare, **changes)  # type: ignore[arg-type]


def _to_fragments(chain: Chain, table: Table) -> tuple[AnnotatedFragment, ...]:
    """The pages' parts with their captions and the headers that they print again, which joining had dropped."""
    views = to_common_columns(chain.parts)
    made = []
    for part, view, link, shown in zip(chain.parts, views, chain.links, table.fragments, strict=True):
        fragment = part.labelled.fragment
        again = [cell for cell in view.labelled.fragment.cells if cell.row in link.repeated.leading]
        header = _repeated_header(again, len(link.repeated.leading), table.n_cols, fragment.page)
        lines = tuple(fragment.caption.lines)
        made.append(AnnotatedFragment(fragment.page, shown.first_row, shown.last_row, lines, header, fragment.box))
    return tuple(made)


def _repeated_header(cells: Sequence[Cell], n_rows: int, n_cols: int, page: int) -> tuple[Cell, ...]:
    """The cells cut to the header's rows, with empty ones where a page has no cell."""
    kept = [_plain(cell, row_span=min(cell.row_span, n_rows - cell.row)) for cell in cells]
    covered = {(row, col) for cell in kept for row in cell.rows for col in cell.cols}
    gaps = [
        Cell(row, col, 1, 1, "", page, NO_BOX)
        for row in range(n_rows)
        for col in range(n_cols)
        if (row, col) not in covered
    ]
    return tuple(sorted([*kept, *gaps], key=lambda cell: (cell.row, cell.col)))


_Known = dict[tuple[int, Box], tuple[Verdict, Cell]]


def _own_doubts(table: Table, known: _Known, readings: Readings) -> Iterator[CellDoubt]:
    for cell in table.cells:
        reason, others = _doubt(cell, known, readings)
        if reason:
            yield CellDoubt(cell.page, cell.row, cell.col, cell.text, reason, others)


def _header_doubts(fragments: Sequence[AnnotatedFragment], known: _Known, readings: Readings) -> Iterator[CellDoubt]:
    for part in fragments:
        for cell in part.repeated_header:
            reason, others = _doubt(cell, known, readings)
            if reason:
                yield CellDoubt(part.page, cell.row, cell.col, cell.text, reason, others, repeated=True)


def _doubt(cell: Cell, known: _Known, readings: Readings) -> tuple[str, tuple[OtherCell, ...]]:
    """Why a cell must be looked at; "" when it need not."""
    found = known.get((cell.page, cell.box))
    if found is None:
        missing = cell.box == NO_BOX or cell.box.width <= 0
        return ("no cell is printed here" if missing else "made of several printed cells"), ()
    verdict, printed = found
    if readings.is_picture(cell.page):
        return _ocr_doubt(printed), ()
    if cell.continued:
        return "cut by the page break", verdict.others
    if not verdict.agreed:
        return _difference(cell.text, verdict), verdict.others
    return "", ()


def _ocr_doubt(cell: Cell) -> str:
    alternatives = ", ".join(f"{a.text} ({a.probability:.2f})" for a in cell.alternatives[:3])
    also = f"; or {alternatives}" if alternatives else ""
    if cell.needs_review:
        return f"OCR needs review, confidence {cell.confidence:.2f}{also}"
    return f"OCR confidence {cell.confidence:.2f}{also}" if cell.confidence < _SURE_OCR else ""


def _difference(text: str, verdict: Verdict) -> str:
    present = [other for other in verdict.others if other.text is not None]
    if not present:
        return "nobody else has this cell"
    if all(other.same_extent for other in present):
        same = all(Counter(squash(text)) == Counter(squash(other.text or "")) for other in present)
        return "same characters in another order" if same else "other text"
    return "other extent" if not any(other.same_extent for other in present) else "other text or extent"


def _remarks(chain: Chain, verdicts: Sequence[FragmentVerdict]) -> Iterator[str]:
    """What is wrong with a part as a whole."""
    for part, link, verdict in zip(chain.parts, chain.links, verdicts, strict=True):
        page = part.labelled.fragment.page
        if link.repeated.inner:
            rows = ", ".join(str(row) for row in link.repeated.inner)
            yield f"page {page}: rows {rows} of the page's part looked like the header again and were left out"
        for extra in verdict.extra:
            yield (
                f"page {page}: {extra.name} has a cell “{extra.text[:40]}” at x {extra.box.x0:.0f}-{extra.box.x1:.0f}, "
                f"y {extra.box.y0:.0f}-{extra.box.y1:.0f}, where this table has none"
            )
