"""Who finds tables with few or no rules? lanci's own search beside the programs that could stand in for it.

    python eval/benchmarks/candidates.py factory FOLDER [--families three-line+...]
    python eval/benchmarks/candidates.py annotations annotations/documents --files PDFS [--sides train+dev]

Every system reads whole documents. The table tells how many tables it found and invented (at an overlap of 80 %), how
many cells came out right, and the processor time of a page. Never tune on documents that are held out.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import pymupdf
from common import to_table, use_one_thread

from lanci.annotation import load_annotations, load_splits
from lanci_eval.datasets.annotations import Annotations
from lanci_eval.datasets.base import DatasetRequest, Item
from lanci_eval.datasets.factory import Factory
from lanci_eval.matching import compare
from lanci_eval.metrics.base import Case, Metric
from lanci_eval.metrics.cells import Cells
from lanci_eval.metrics.detection import Detection
from lanci_eval.systems import create_system
from lanci_eval.systems.base import Limits, System, SystemRequest

_SYSTEMS = (
    SystemRequest("lanci", "lanci, rules and fills", (("alignment", "off"),)),
    SystemRequest("lanci", "lanci, with alignment"),
    SystemRequest("camelot-network", "camelot network"),
    SystemRequest("camelot-hybrid", "camelot hybrid"),
    SystemRequest("pymupdf", "PyMuPDF find_tables, layout model"),
)


@dataclass(slots=True)
class _Row:
    """What one system did, summed over the documents."""

    sums: dict[str, Counter[str]] = field(default_factory=dict)
    seconds: float = 0.0
    failed: int = 0


@click.command()
@click.argument("kind", type=click.Choice(["factory", "annotations"]))
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--families", default="", help="Families of the factory, joined by +; all by default.")
@click.option("--files", type=click.Path(exists=True, path_type=Path), help="Where the annotated PDFs are.")
@click.option("--sides", default="train+dev", show_default=True, help="Sides of the split of the annotations.")
@click.option("--documents", type=int, help="At most so many documents.")
def main(kind: str, folder: Path, families: str, files: Path | None, sides: str, documents: int | None) -> None:
    """Compare systems on the digital documents of a FOLDER."""
    use_one_thread()
    items = _factory(folder, families) if kind == "factory" else _annotations(folder, files, sides.split("+"))
    items = [item for item in items if dict(item.tags).get("form") != "scan"][:documents]
    metrics: tuple[Metric, ...] = (Detection(), Cells())
    with TemporaryDirectory(prefix="lanci-") as scratch:
        paths = [item.materialize(Path(scratch)) for item in items]
        n_pages = sum(_count_pages(path) for path in paths)
        rows = [_measure(system, items, paths, metrics) for system in _systems()]
    click.echo(f"{len(items)} documents, {n_pages} pages")
    head = ["system", "tables found", "of those right", "cell F1", "ms a page", "failed"]
    names = [request.name if request.name != "lanci" else request.label for request in _SYSTEMS]
    click.echo(to_table([head, *(_show(name, row, metrics, n_pages) for name, row in zip(names, rows, strict=True))]))


def _systems() -> Iterator[System]:
    for request in _SYSTEMS:
        system = create_system(request, Limits())
        system.prepare()
        yield system


def _factory(folder: Path, families: str) -> list[Item]:
    options = (("families", families),) if families else ()
    return list(Factory().load(DatasetRequest("factory", folder, options)).items)


def _annotations(folder: Path, files: Path | None, sides: Sequence[str]) -> list[Item]:
    splits = load_splits(folder.parent / "splits.json")
    wanted = {d.id for d in load_annotations(folder) if splits.side(d).value in sides and not d.scanned}
    options = (("files", str(files)),) if files else ()
    found = Annotations().load(DatasetRequest("annotations", folder, options)).items
    return [item for item in found if item.id in wanted]


def _count_pages(path: Path) -> int:
    with pymupdf.open(path) as document:
        return int(document.page_count)


def _measure(system: System, items: Sequence[Item], paths: Sequence[Path], metrics: Sequence[Metric]) -> _Row:
    row = _Row()
    for item, path in zip(items, paths, strict=True):
        start = time.process_time()
        try:
            found = system.extract(path)
        except (RuntimeError, ValueError, IndexError, KeyError, TypeError, ZeroDivisionError) as error:
            click.echo(f"{item.id}: {error}", err=True)
            row.failed += 1
            continue
        finally:
            row.seconds += time.process_time() - start
        comparison = compare(item.truth, found) if item.truth else None
        case = Case(found, comparison, path)
        for metric in metrics:
            row.sums.setdefault(metric.name, Counter()).update(metric.tally(case))
    return row


def _show(name: str, row: _Row, metrics: Sequence[Metric], n_pages: int) -> list[str]:
    figures = {
        f"{metric.name}.{key}": value
        for metric in metrics
        for key, value in metric.figures(dict(row.sums.get(metric.name, {}))).items()
    }
    shown = [figures.get(key) for key in ("detection.recall_80", "detection.precision_80", "cells.cell_f1")]
    return [
        name,
        *("-" if value is None else f"{value:.4f}" for value in shown),
        f"{1000 * row.seconds / max(n_pages, 1):.1f}",
        str(row.failed),
    ]


if __name__ == "__main__":
    main()
