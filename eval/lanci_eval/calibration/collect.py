"""From datasets of scans to samples, page by page, on several processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context

from lanci.errors import LanciError
from lanci.ocr import OcrOptions, make_engine
from lanci.training import Sample
from lanci_eval.calibration.samples import CalibrationEngine, item_to_samples
from lanci_eval.datasets import load_dataset
from lanci_eval.datasets.base import DatasetRequest, Item

Progress = Callable[[int, int], None]
"""Called after each page with the number of pages done and the number to do."""


def collect_samples(
    requests: Sequence[DatasetRequest], jobs: int, progress: Progress | None = None
) -> tuple[list[Sample], list[str]]:
    """Read all scans of some datasets.

    Args:
        requests: datasets of scans with their truth.
        jobs: how many processes read; the result does not depend on it.
        progress: see :data:`Progress`.

    Returns:
        The samples, in the order of datasets and items, and what could not be used, in sentences.

    Raises:
        LanciError: a dataset as a whole cannot be read.
    """
    items: list[Item] = []
    problems: list[str] = []
    for request in requests:
        contents = load_dataset(request)
        items.extend(contents.items)
        problems.extend(f"{one.id}: {one.reason}" for one in contents.rejected)
    samples: list[Sample] = []
    for done, (found, problem) in enumerate(_read_items(items, jobs), start=1):
        samples.extend(found)
        if problem:
            problems.append(problem)
        if progress is not None:
            progress(done, len(items))
    return samples, problems


def _read_items(items: Sequence[Item], jobs: int) -> Iterator[tuple[list[Sample], str]]:
    if jobs == 1:
        yield from map(_read_item, items)
        return
    # A forked process would inherit the locks of libraries whose threads it does not have.
    with ProcessPoolExecutor(max_workers=jobs, mp_context=get_context("spawn")) as pool:
        yield from pool.map(_read_item, items)


def _read_item(item: Item) -> tuple[list[Sample], str]:
    try:
        return item_to_samples(item, _engine()), ""
    except LanciError as error:
        return [], f"{item.id}: {error}"


@cache
def _engine() -> CalibrationEngine:
    import cv2

    cv2.setNumThreads(1)
    return CalibrationEngine(make_engine(OcrOptions()))
