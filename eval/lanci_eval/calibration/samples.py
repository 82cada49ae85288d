"""Samples for the confidence of cells: scans of documents whose truth is known, read and compared cell by cell."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from lanci.detect import DetectOptions
from lanci.document import Grid, Image
from lanci.numbers import parse_amount
from lanci.ocr import OcrEngine
from lanci.ocr.cells import Observation, observe_cells
from lanci.ocr.engine import LineReading, PageLine
from lanci.ocr.evidence import Evidence, Head
from lanci.page import PageOptions
from lanci.page_content import ContentReader
from lanci.source import SourceOptions, open_source
from lanci.text import squash
from lanci.training import Sample
from lanci_eval.datasets.base import Item
from lanci_eval.matching import compare
from lanci_eval.matching.places import true_places
from lanci_eval.records import EvalCell, EvalFragment, EvalTable, Extraction


class CalibrationEngine:
    """An engine that reads no picture of a page twice.

    The cells of a page are read once to find its tables, then once more to gather the evidence. The first time the
    readings come without their characters, so that no model of confidence is asked for: there may be none yet.
    """

    def __init__(self, engine: OcrEngine) -> None:
        self._engine = engine
        self._known: dict[tuple[tuple[int, ...], bytes], LineReading] = {}
        self.name, self.version = engine.name, engine.version
        self.tells_characters = True

    def begin_page(self) -> None:
        """Drop the readings of the last page."""
        self._known.clear()
        self.tells_characters = False

    def read_lines(self, images: Sequence[Image]) -> list[LineReading]:
        """See :class:`lanci.ocr.engine.OcrEngine`."""
        keys = [(image.shape, image.tobytes()) for image in images]
        new = {key: image for key, image in zip(keys, images, strict=True) if key not in self._known}
        self._known.update(zip(new, self._engine.read_lines(list(new.values())), strict=True))
        readings = [self._known[key] for key in keys]
        return readings if self.tells_characters else [replace(reading, chars=(), lattice=None) for reading in readings]

    def read_page(self, image: Image, scale: float | None = None) -> list[PageLine]:
        """See :class:`lanci.ocr.engine.OcrEngine`."""
        return self._engine.read_page(image, scale)


def item_to_samples(item: Item, engine: CalibrationEngine) -> list[Sample]:
    """One sample for every cell of a scan whose row and column have partners in the truth.

    Raises:
        LanciError: the file cannot be read.
    """
    if item.truth is None:
        return []
    samples: list[Sample] = []
    reader = ContentReader(PageOptions(), DetectOptions(), lambda: engine)
    profile = dict(item.tags).get("profile", "")
    with TemporaryDirectory(prefix="lanci-calibrate-") as folder:
        path = item.materialize(Path(folder))
        with open_source(path, SourceOptions()) as source:
            observed: list[tuple[int, Grid, list[Observation]]] = []
            for number in range(1, source.n_pages + 1):
                engine.begin_page()
                contents = reader.read(source.page(number))
                engine.tells_characters = True
                for content in contents:
                    raster = content.evidence.raster
                    if raster is not None:
                        observed += [(number, grid, observe_cells(grid, raster, engine)) for grid in content.grids]
    for right_text, one in _pair_with_truth(item.truth, observed):
        same = squash(right_text) == squash(one.reading.text)
        amount = parse_amount(right_text) is not None
        samples.append(Sample(item.group, profile, one.head, one.evidence, same, amount))
    return samples


def _pair_with_truth(
    truth: Extraction, observed: Sequence[tuple[int, Grid, list[Observation]]]
) -> Iterator[tuple[str, Observation]]:
    """Every observed cell that has a place in the truth, with what is printed there."""
    tables = tuple(_to_table(i, *one) for i, one in enumerate(observed))
    for pair in compare(truth, Extraction(tables)).grids:
        if pair.found is None or pair.truth is None:
            continue
        places = true_places(pair)
        for cell, one in zip(pair.found.cells, observed[pair.found.table][2], strict=True):
            true = places.begins(cell)
            if true is not None:
                yield true.text, one


def _to_table(index: int, page: int, grid: Grid, cells: Sequence[Observation]) -> EvalTable:
    found = tuple(
        EvalCell(cell.row, cell.col, cell.row_span, cell.col_span, one.reading.text, page)
        for cell, one in zip(grid.cells, cells, strict=True)
    )
    return EvalTable(f"t{index}", grid.n_rows, grid.n_cols, found, (EvalFragment(page, 0, grid.n_rows - 1),))


def write_samples(path: Path, samples: Sequence[Sample]) -> None:
    """One JSON object a line."""
    lines = (json.dumps(asdict(sample), ensure_ascii=False, sort_keys=True) for sample in samples)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def load_samples(path: Path) -> list[Sample]:
    """What :func:`write_samples` wrote."""
    samples = []
    for line in path.read_text(encoding="utf-8").splitlines():
        plain = json.loads(line)
        plain["head"], plain["evidence"] = Head(plain["head"]), Evidence(**plain["evidence"])
        samples.append(Sample(**plain))
    return samples
