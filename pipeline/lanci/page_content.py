"""One page read: its tables with the texts of their cells, and the texts around them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from lanci.caption import PageContent
from lanci.detect import DetectOptions, find_tables, has_amounts_in_columns, may_go_beyond
from lanci.document import (
    IDENTITY,
    Box,
    CellReading,
    Grid,
    GridCell,
    Image,
    PageEvidence,
    PageKind,
    Raster,
    TableRegion,
    Transform,
    Word,
)
from lanci.grid import build_grid, fill_from_words, shift_grid
from lanci.ocr import OcrEngine, read_cells, read_outside, score_lines, split_lines
from lanci.page import (
    TEXT_ONLY,
    PageOptions,
    is_drawing,
    may_show_table,
    read_page,
    read_patch,
    read_picture,
    without_rules,
)
from lanci.source import SourcePage

_log = logging.getLogger(__name__)

_FROM_PICTURE = "a table that is a picture is read by OCR"
_NO_TABLE = "numbers stand in columns, but no table was recognised there: check the page"
_CELL_PICTURE = "a cell shows a picture of text, which is read by OCR"

_COVERED = 0.2
"""How much of a word's box a seal may cover before the word is likely torn or the seal's own."""

_TOUCHED, _DOUBTFUL = 0.05, 0.6
"""The same of a word that is read with less confidence than the second."""

_MOST_COVERED = 0.25

EngineMaker = Callable[[], OcrEngine]
"""Gives the recogniser; called only for pages that need one, since loading its models takes long."""


@dataclass(frozen=True, slots=True)
class ContentReader:
    """Reads pages.

    Attributes:
        page: how pages are read.
        detect: how tables are looked for.
        engine: see :data:`EngineMaker`.
    """

    page: PageOptions
    detect: DetectOptions
    engine: EngineMaker

    def read(self, page: SourcePage, before: TableRegion | None = None) -> tuple[PageContent, ...]:
        """Read one page: its evidence, grids and the texts in and around them.

        Args:
            page: of an open source.
            before: the last table of the page before it, None where that has none.

        Returns:
            The content of the page, and that of each of its pictures that shows tables, from top to bottom.
        """
        evidence = read_page(page, self.page, self._score)
        for remark in evidence.remarks:
            _log.info("%s", remark, extra={"page": page.number})
        if evidence.raster is not None:
            return (self._read_scan(evidence, evidence.raster, before),)
        grids = _grids(find_tables(evidence, self.detect, before))
        filled = fill_from_words(grids, evidence.words)
        content = PageContent(evidence, grids, filled.readings, filled.outside)
        if not evidence.pictures:
            return (content,)
        return self._read_pictures(page, self._read_cell_pictures(page, content))

    def _score(self, images: Sequence[Image]) -> list[float]:
        return score_lines(self.engine(), images)

    def _read_scan(self, evidence: PageEvidence, raster: Raster, before: TableRegion | None) -> PageContent:
        """Read a scan: first the tables that rules draw, then those that the other texts show.

        Text is looked for only outside the drawn tables, which tell by themselves where their texts are. Where it
        goes on beside a table, its rules may draw a part of it only, and its texts are needed to tell.
        """
        engine = self.engine()
        regions = find_tables(evidence, self.detect, before)
        bare = without_rules(raster, evidence.rules)
        lines, parts, words = _read_texts(bare, regions, engine)
        whole = [region for region in regions if not may_go_beyond(region, words)]
        if len(whole) < len(regions):
            lines, parts, words = _read_texts(bare, whole, engine)
        if words:
            found = find_tables(replace(evidence, words=_beside_seals(words, raster)), self.detect, before)
            regions = _without_drawings(found, regions, raster)
        grids = _grids(regions)
        readings = tuple(read_cells(grid, raster, engine) for grid in grids)
        if has_amounts_in_columns([w for w in words if not any(g.region.box.contains(*w.box.center) for g in grids)]):
            _log.warning("%s", _NO_TABLE, extra={"page": evidence.number})
            evidence = replace(evidence, remarks=(*evidence.remarks, _NO_TABLE))
        return PageContent(evidence, grids, readings, _lines_outside(lines, parts, grids))

    def _read_pictures(self, page: SourcePage, content: PageContent) -> tuple[PageContent, ...]:
        """The content of the page with those of its pictures that show tables, outside the tables of its text."""
        evidence = content.evidence
        tables = [grid.region.box for grid in content.grids]
        taken: list[tuple[Box, PageContent]] = []
        for place in sorted(evidence.pictures, key=lambda box: (box.y0, box.x0)):
            if any(_touch(place, box) for box in tables) or not may_show_table(place, evidence.words):
                continue
            over = [word for word in evidence.words if place.contains(*word.box.center)]
            shown = [replace(word, box=evidence.to_page.box(word.box)) for word in over]
            scan = read_picture(page, evidence.to_page.box(place), shown, self.page.dpi, self._score)
            if scan is None or scan.raster is None:
                continue
            inside = self._read_scan(scan, scan.raster, None)
            if inside.grids:
                above = [box for box in (*tables, *(other for other, _ in taken)) if box.center[1] < place.center[1]]
                top = max((box.y1 for box in above), default=float("-inf"))
                taken.append((place, _in_place(inside, place, content, top)))
        if not taken:
            return (content,)
        remarks = tuple(remark for remark in evidence.remarks if remark != TEXT_ONLY)
        evidence = replace(evidence, kind=PageKind.MIXED, remarks=(*remarks, _FROM_PICTURE))
        first = min((box.y0 for box in tables), default=float("-inf"))
        ahead = tuple(other for place, other in taken if place.y0 < first)
        behind = tuple(other for place, other in taken if place.y0 >= first)
        return (*ahead, replace(content, evidence=evidence), *behind)

    def _read_cell_pictures(self, page: SourcePage, content: PageContent) -> PageContent:
        """Read the cells that show a picture and no text; what is read there is always for review."""
        evidence = content.evidence
        if evidence.to_page != IDENTITY or not content.grids:
            return content
        changed = False
        filled: list[tuple[CellReading, ...]] = []
        for grid, readings in zip(content.grids, content.readings, strict=True):
            inside = [p for p in evidence.pictures if grid.region.box.contains(*p.center)]
            own = list(readings)
            for index, cell in enumerate(grid.cells if inside else ()):
                if own[index].text or not any(_lies_in(place, cell.box) for place in inside):
                    continue
                reading = self._read_patch(page, cell.box)
                if reading is not None:
                    own[index], changed = reading, True
            filled.append(tuple(own))
        if not changed:
            return content
        evidence = replace(evidence, kind=PageKind.MIXED, remarks=(*evidence.remarks, _CELL_PICTURE))
        return replace(content, evidence=evidence, readings=tuple(filled))

    def _read_patch(self, page: SourcePage, box: Box) -> CellReading | None:
        """The reading of the picture in one cell, None where it shows no text."""
        patch = read_patch(page, box, self.page.dpi)
        if patch is None:
            return None
        height, width = patch.image.shape
        cell = GridCell(0, 0, 1, 1, Box(0.0, 0.0, width / patch.scale, height / patch.scale))
        region = TableRegion(page.number, cell.box, (), "picture")
        grid = Grid(region, 1, 1, (cell,), (0.0, cell.box.y1), (0.0, cell.box.x1))
        (reading,) = read_cells(grid, patch, self.engine())
        return replace(reading, needs_review=True)


def _read_texts(
    raster: Raster, tables: Sequence[TableRegion], engine: OcrEngine
) -> tuple[tuple[Word, ...], tuple[tuple[Word, ...], ...], tuple[Word, ...]]:
    """The lines outside the tables, the texts that stand apart in each, and all of these."""
    lines = read_outside(raster, [region.box for region in tables], engine)
    parts = split_lines(lines, raster)
    return lines, parts, tuple(word for some in parts for word in some)


def _beside_seals(words: Sequence[Word], raster: Raster) -> tuple[Word, ...]:
    """The words that tell where columns are: those under seals are read in pieces, and seals have words of their own.

    Where a large part of the page's words is covered, they are all there is to tell by.
    """
    if raster.seals is None:
        return tuple(words)
    clear = tuple(
        word
        for word in words
        if _covered_share(word.box, raster.seals, raster.scale)
        < (_TOUCHED if word.confidence < _DOUBTFUL else _COVERED)
    )
    return clear if len(words) - len(clear) <= _MOST_COVERED * len(words) else tuple(words)


def _covered_share(box: Box, mask: Image, scale: float) -> float:
    part = mask[int(box.y0 * scale) : int(box.y1 * scale) + 1, int(box.x0 * scale) : int(box.x1 * scale) + 1]
    return float((part > 0).mean()) if part.size else 0.0


def _without_drawings(
    found: Sequence[TableRegion], drawn: Sequence[TableRegion], raster: Raster
) -> tuple[TableRegion, ...]:
    """The tables that were found, without those from texts in drawings; tables that rules draw stay in their place."""
    kept = [region for region in found if region in drawn or not is_drawing(raster, region.box)]
    kept += [r for r in drawn if r not in kept and not any(_touch(r.box, other.box) for other in kept)]
    return tuple(sorted(kept, key=lambda region: (region.box.y0, region.box.x0)))


def _lines_outside(lines: Sequence[Word], parts: Sequence[Sequence[Word]], grids: Sequence[Grid]) -> tuple[Word, ...]:
    """The lines that no table holds; of those that it holds in part the rest."""
    tables = [grid.region.box for grid in grids]
    outside: list[Word] = []
    for line, some in zip(lines, parts, strict=True):
        if any(box.contains(*line.box.center) for box in tables) and not some:
            continue
        rest = [word for word in some if not any(box.contains(*word.box.center) for box in tables)]
        outside.extend([line] if len(rest) == len(some) else rest)
    return tuple(outside)


def _grids(regions: Sequence[TableRegion]) -> tuple[Grid, ...]:
    return tuple(grid for region in regions if (grid := build_grid(region)) is not None)


def _in_place(inside: PageContent, place: Box, page: PageContent, top: float) -> PageContent:
    """The content of a picture among the words of its page, as if it stood upright where it lies.

    Its frame is moved to the picture's place: the words above keep theirs, those below follow under it.

    Args:
        inside: the content of the picture in its own frame.
        place: where it lies, in the page's working frame.
        page: the content of the page around it.
        top: where the table above the picture ends, if there is one; what stands above that is not for it.
    """
    raster = inside.evidence.raster
    size = (
        (0.0, 0.0) if raster is None else (raster.image.shape[1] / raster.scale, raster.image.shape[0] / raster.scale)
    )
    dx, dy = place.center[0] - size[0] / 2, place.y0
    longer = size[1] - place.height
    outside = [replace(word, box=_move(word.box, dx, dy)) for word in inside.outside]
    for word in page.outside:
        if top < word.box.center[1] <= place.y0:
            outside.append(word)
        elif word.box.center[1] >= place.y1:
            outside.append(replace(word, box=_move(word.box, 0.0, longer)))
    evidence = replace(
        inside.evidence,
        kind=PageKind.MIXED,
        raster=None,
        to_page=inside.evidence.to_page.after(Transform(e=-dx, f=-dy)),
    )
    grids = tuple(shift_grid(grid, dx, dy) for grid in inside.grids)
    return PageContent(evidence, grids, inside.readings, tuple(outside))


def _move(box: Box, dx: float, dy: float) -> Box:
    return Box(box.x0 + dx, box.y0 + dy, box.x1 + dx, box.y1 + dy)


def _touch(place: Box, table: Box) -> bool:
    return place.intersect(table).area > 0


def _lies_in(place: Box, cell: Box) -> bool:
    return place.intersect(cell).area >= 0.5 * place.area
