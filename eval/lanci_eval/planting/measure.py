"""Reads scans whose truth is known, some of them made worse, to see what becomes of their numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from zlib import crc32

import numpy as np

from lanci.detect import DetectOptions
from lanci.document import CellReading, Grid, Image
from lanci.numbers import parse_amount
from lanci.ocr import OcrEngine, OcrOptions, make_engine
from lanci.ocr.engine import LineReading, PageLine
from lanci.page import PageOptions
from lanci.page_content import ContentReader
from lanci.source import SourceOptions, open_source
from lanci_eval.datasets import load_dataset
from lanci_eval.datasets.base import DatasetRequest, Item
from lanci_eval.datasets.request import DatasetError
from lanci_eval.matching import compare
from lanci_eval.matching.places import true_places
from lanci_eval.planting.confusions import Confusions, NumberReading, Provenance, count_confusions
from lanci_eval.records import EvalCell, EvalFragment, EvalTable, Extraction

Progress = Callable[[int, int], None]
"""Called after each page with the number of pages done and the number to do."""


@dataclass(frozen=True, slots=True)
class Noise:
    """How much worse a line of text is made before it is read.

    ``scale`` (0 to 1) is its resolution as a part of the scan's, ``sigma`` the standard deviation of the noise on
    the smaller picture, in grey levels.
    """

    scale: float
    sigma: float

    def __str__(self) -> str:
        return "as scanned" if self.scale == 1 else f"scale {self.scale}, noise {self.sigma}"

    def spoil(self, image: Image) -> Image:
        """The picture, grey or in colour, at its own size; the same picture is always spoilt alike."""
        if self.scale == 1:
            return image
        import cv2

        height, width = image.shape[:2]
        small = (max(1, round(width * self.scale)), max(1, round(height * self.scale)))
        coarse = cv2.resize(image, small, interpolation=cv2.INTER_AREA).astype(np.float64)
        coarse += np.random.default_rng(crc32(image.tobytes())).normal(0, self.sigma, coarse.shape)
        spoilt = cv2.resize(np.clip(coarse, 0, 255), (width, height), interpolation=cv2.INTER_LINEAR)
        return np.asarray(spoilt, dtype=np.uint8)


NOISES = (Noise(1, 0), Noise(0.5, 22), Noise(0.45, 28))
"""One after the other for the pages: right readings are most of those of plain scans, and teach little."""


@dataclass(frozen=True, slots=True)
class SpoiltEngine:
    """An engine that is given worse pictures of lines than there are."""

    engine: OcrEngine
    noise: Noise

    @property
    def name(self) -> str:
        """See :class:`lanci.ocr.engine.OcrEngine`."""
        return self.engine.name

    @property
    def version(self) -> str:
        """See :class:`lanci.ocr.engine.OcrEngine`."""
        return self.engine.version

    def read_lines(self, images: Sequence[Image]) -> list[LineReading]:
        """See :class:`lanci.ocr.engine.OcrEngine`."""
        return self.engine.read_lines([self.noise.spoil(image) for image in images])

    def read_page(self, image: Image, scale: float | None = None) -> list[PageLine]:
        """See :class:`lanci.ocr.engine.OcrEngine`."""
        return self.engine.read_page(image, scale)


def measure_confusions(requests: Sequence[tuple[str, DatasetRequest]], progress: Progress) -> Confusions:
    """Read all scans of some datasets and count how their numbers are misread.

    Args:
        requests: datasets of scans with their truth, each with the text that asks for it.
        progress: see :data:`Progress`.

    Raises:
        LanciError: a dataset or a scan cannot be read.
        DatasetError: there is nothing to read.
    """
    items = [item for _, request in requests for item in load_dataset(request).items]
    if not items:
        raise DatasetError("the datasets hold no scans; add profiles= to them")
    engine = make_engine(OcrOptions())
    readings: list[NumberReading] = []
    for done, item in enumerate(items, start=1):
        readings += _read_numbers(item, SpoiltEngine(engine, NOISES[done % len(NOISES)]))
        progress(done, len(items))
    edits, garbled = count_confusions(readings)
    pictures = Counter(f"{one.profile}, {one.noise}" for one in readings if one.is_misread)
    provenance = Provenance(
        engine=f"{engine.name} {engine.version}",
        datasets=tuple(text for text, _ in requests),
        n_pages=len(items),
        n_numbers=len(readings),
        n_misread=pictures.total(),
        n_garbled=garbled,
        n_by_picture=dict(sorted(pictures.items())),
    )
    return Confusions(edits, provenance)


def _read_numbers(item: Item, engine: SpoiltEngine) -> Iterator[NumberReading]:
    """Every printed number of a scan that has a place in what was read."""
    if item.truth is None:
        return
    reader = ContentReader(PageOptions(), DetectOptions(), lambda: engine)
    with (
        TemporaryDirectory(prefix="lanci-measure-") as folder,
        open_source(item.materialize(Path(folder)), SourceOptions()) as source,
    ):
        contents = [one for number in range(source.n_pages) for one in reader.read(source.page(number + 1))]
    grids = [pair for one in contents for pair in zip(one.grids, one.readings, strict=True)]
    found = Extraction(tuple(_to_table(index, *pair) for index, pair in enumerate(grids)))
    profile = dict(item.tags).get("profile", "")
    for pair in compare(item.truth, found).grids:
        places = true_places(pair)
        for cell in pair.found.cells if pair.found is not None else ():
            true = places.begins(cell)
            if true is not None and parse_amount(true.text) is not None:
                yield NumberReading(profile, str(engine.noise), true.text, cell.text)


def _to_table(index: int, grid: Grid, readings: Sequence[CellReading]) -> EvalTable:
    page = grid.region.page
    cells = tuple(
        EvalCell(cell.row, cell.col, cell.row_span, cell.col_span, reading.text, page)
        for cell, reading in zip(grid.cells, readings, strict=True)
    )
    return EvalTable(f"t{index}", grid.n_rows, grid.n_cols, cells, (EvalFragment(page, 0, grid.n_rows - 1),))
