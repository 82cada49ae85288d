"""The ICDAR-2013 table competition: PDFs with the structure of their tables (format: :mod:`.icdar_xml`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

from lanci.document import Box, Transform, Word, boxes_to_hull
from lanci.errors import LanciError
from lanci.page.text import read_text_layer
from lanci.source import Source, SourcePage, open_source
from lanci.text import squash
from lanci_eval.datasets.base import Contents, DatasetRequest, FixedFile, Item, Rejected
from lanci_eval.datasets.icdar_xml import XmlCell, XmlRegion, XmlTable, read_regions, read_structure
from lanci_eval.datasets.names import names_to_ids
from lanci_eval.datasets.request import DatasetError, check_options
from lanci_eval.datasets.sample import Candidate, take
from lanci_eval.datasets.truth import MAX_POSITIONS, TruthError, complete_cells
from lanci_eval.records import EvalCell, EvalFragment, EvalTable, Extraction

_SUFFIX = "-str.xml"
_AGREE = 0.5
"""Least overlap (area of the common part over that of both) of the box of a region and of its cells."""
_SLACK = 3.0  # points: boxes are whole numbers and follow other metrics of the font


class Icdar2013:
    """Every ``NAME-str.xml`` with its ``NAME.pdf`` (and ``NAME-reg.xml``, if there) beside it."""

    kind = "icdar2013"
    summary = "ICDAR-2013 table competition (PATH: folder with NAME.pdf, NAME-str.xml and NAME-reg.xml)"
    options: ClassVar[dict[str, str]] = {}

    def load(self, request: DatasetRequest) -> Contents:
        """See :meth:`lanci_eval.datasets.base.Dataset.load`.

        Empty cells, which the truth leaves out, are filled in. Header rows, types and units are not known.
        The box of a part is that of the region model, around its text; rules may stand outside.
        """
        check_options(request, self.options)
        paths = sorted(request.path.rglob(f"*{_SUFFIX}"))
        if not paths:
            raise DatasetError(f"{request.path}: no truths (*{_SUFFIX}) here; name the folder that holds them")
        names = {path: path.relative_to(request.path).as_posix()[: -len(_SUFFIX)] for path in paths}
        ids = names_to_ids(names.values())
        candidates = [Candidate(ids[name], partial(_read_document, ids[name], path)) for path, name in names.items()]
        return take(candidates, request)


def _read_document(name: str, path: Path) -> Item | Rejected:
    stem = path.name[: -len(_SUFFIX)]
    pdf = path.with_name(f"{stem}.pdf")
    try:
        structure = read_structure(path)
        if not pdf.is_file():
            return Rejected(name, f"there is no {pdf.name} beside {path.name}{_other_truths(path, structure.filename)}")
        regions = path.with_name(f"{stem}-reg.xml")
        places = read_regions(regions) if regions.is_file() else {}
        with open_source(pdf) as source:
            reader = _Reader(source)
            tables = tuple(reader.read(table, places.get(table.id, ())) for table in structure.tables)
    except LanciError as error:
        return Rejected(name, str(error))
    if not tables:
        return Rejected(name, f"{path.name} has no table")
    file = FixedFile(pdf)
    tags = (("subset", path.parent.name),)
    return Item(name, name, file, Extraction(tables), file, tags, tuple(reader.remarks))


def _other_truths(path: Path, filename: str) -> str:
    """The files beside it that claim to be about the same document, in words."""
    if not filename:
        return "; put it there"
    others = []
    for other in sorted(path.parent.glob(f"*{_SUFFIX}")):
        if other == path:
            continue
        try:
            same = read_structure(other).filename == filename
        except TruthError:
            continue
        if same:
            others.append(other.name)
    return (
        f"; it is another truth of the document of {', '.join(others)}, which is used" if others else "; put it there"
    )


class _Reader:
    """Turns the tables of one file into records; keeps what a reader of the report should know."""

    def __init__(self, source: Source) -> None:
        self.remarks: list[str] = []
        self._source = source
        self._pages: dict[int, _Page] = {}

    def read(self, table: XmlTable, places: Sequence[tuple[int, Box]]) -> EvalTable:
        """The table; raises TruthError where it contradicts itself or the PDF."""
        where = f"table {table.id}"
        if not any(region.cells for region in table.regions):
            raise TruthError(f"{where} has no cell")
        if sum(abs(c.row_span) + abs(c.col_span) for r in table.regions for c in r.cells) > MAX_POSITIONS:
            raise TruthError(f"{where}: cells span more rows and columns than can be true")
        cells: list[EvalCell] = []
        by_page: dict[int, list[EvalCell]] = defaultdict(list)
        for region in table.regions:
            frame = self._page(region.page, where).find_frame(region)
            for cell in region.cells:
                box = frame.box(cell.box) if cell.box is not None else None
                made = EvalCell(cell.row, cell.col, cell.row_span, cell.col_span, cell.text, region.page, box)
                cells.append(made)
                by_page[region.page].append(made)
        numbering = _Numbering(cells)
        if numbering.changed:
            self.remarks.append(f"{where}: rows or columns without any cell are left out")
        cells = [numbering.apply(cell) for cell in cells]
        fragments = tuple(
            self._fragment(page, [numbering.apply(cell) for cell in by_page[page]], places, where)
            for page in sorted(by_page)
        )
        if any(after.first_row <= before.last_row for before, after in pairwise(fragments)):
            self.remarks.append(f"{where}: rows go on over several pages side by side")
        full = complete_cells(cells, fragments, where)
        n_rows, n_cols = max(c.rows.stop for c in full), max(c.cols.stop for c in full)
        return EvalTable(f"t{int(table.id):03d}" if table.id.isdecimal() else table.id, n_rows, n_cols, full, fragments)

    def _fragment(
        self, number: int, cells: Sequence[EvalCell], places: Sequence[tuple[int, Box]], where: str
    ) -> EvalFragment:
        boxes = [cell.box for cell in cells if cell.box is not None]
        hull = boxes_to_hull(boxes) if boxes else None
        stated = [box for page, box in places if page == number]
        if stated:
            region = boxes_to_hull(stated)
            moved = [frame.box(region) for frame in self._page(number, where).frames]
            agree = [1.0 if hull is None else _overlap(box, hull) for box in moved]
            if max(agree) >= _AGREE:
                hull = moved[agree.index(max(agree))]
            else:
                self.remarks.append(f"{where}: its region and its cells stand in different places; the cells count")
        first, last = min(cell.row for cell in cells), max(cell.rows.stop for cell in cells) - 1
        return EvalFragment(number, first, last, hull)

    def _page(self, number: int, where: str) -> _Page:
        if number not in self._pages:
            if not 1 <= number <= self._source.n_pages:
                raise TruthError(f"{where} stands on page {number}, but the PDF has {self._source.n_pages} pages")
            self._pages[number] = _Page(self._source.page(number))
        return self._pages[number]


class _Page:
    """A page's words and the frames that boxes of it may be written in."""

    def __init__(self, page: SourcePage) -> None:
        self.frames = _page_to_frames(page)
        self._words: tuple[Word, ...] = read_text_layer(page.pdf).words

    def find_frame(self, region: XmlRegion) -> Transform:
        """The frame in which most cells of the region lie on their own text; the plain one where all are equal."""
        if len(self.frames) == 1:
            return self.frames[0]
        return max(self.frames, key=lambda frame: sum(self._fits(cell, frame) for cell in region.cells))

    def _fits(self, cell: XmlCell, frame: Transform) -> bool:
        if cell.box is None or not cell.text:
            return False
        area = frame.box(cell.box).grow(_SLACK)
        inside = [word.text for word in self._words if area.contains(*word.box.center)]
        return bool(inside) and sorted(squash("".join(inside))) == sorted(squash(cell.text))


def _page_to_frames(page: SourcePage) -> tuple[Transform, ...]:
    """The maps from the file's coordinates to the displayed page, most plausible first.

    PDF coordinates are those of the page before /Rotate. The truths of turned pages were measured on the page
    as displayed, with the height of either the displayed or the unturned page.
    """
    to_top_left = page.pdf.transformation_matrix
    turn = page.pdf.rotation_matrix
    plain = to_top_left * turn
    frames = [Transform(plain.a, plain.b, plain.c, plain.d, plain.e, plain.f)]
    if page.rotation:
        frames += [Transform(d=-1.0, f=page.height), Transform(d=-1.0, f=page.width)]
    return tuple(frames)


class _Numbering:
    """Renumbers rows and columns so that each has a cell and both begin at 0."""

    def __init__(self, cells: Sequence[EvalCell]) -> None:
        rows = sorted({row for cell in cells for row in cell.rows})
        cols = sorted({col for cell in cells for col in cell.cols})
        self._rows = {row: index for index, row in enumerate(rows)}
        self._cols = {col: index for index, col in enumerate(cols)}
        self.changed = rows != list(range(len(rows))) or cols != list(range(len(cols)))

    def apply(self, cell: EvalCell) -> EvalCell:
        """The cell with its new place; one that ends before it begins stays as it is, to be reported."""
        row, col = self._rows.get(cell.row, cell.row), self._cols.get(cell.col, cell.col)
        return replace(cell, row=row, col=col)


def _overlap(one: Box, two: Box) -> float:
    common = one.intersect(two).area
    both = one.area + two.area - common
    return common / both if both else 0.0
