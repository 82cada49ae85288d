"""Time, memory and accuracy of lanci and of plain OCR on the same scanned pages, in one interleaved run.

    python eval/benchmarks/scans.py

measures on documents laid out from the shipped annotations,

    python eval/benchmarks/scans.py FOLDER_OR_PDF... --pages 20 --profile sealed

on pages of your own digital PDFs, scanned, and

    python eval/benchmarks/scans.py SCAN.pdf... --as-they-are

on your own scans.

Pages with a ruled table are drawn from digital PDFs and put through the scanner of lanci_eval.scanning. Each is read
by rapidocr (its own pipeline as it comes: render, detect and recognise all lines, with the weights that lanci uses)
and by lanci (the whole of parse: render, grid, cells, checks), in turn. Of the repetitions the quickest counts. What
is right is told by the text layer of the digital page.
"""

from __future__ import annotations

import json
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click
from common import to_table, use_one_thread
from sampling import Sampler, modules_of

if TYPE_CHECKING:
    from lanci_eval.records import Extraction
    from lanci_eval.systems.base import System

SYSTEMS = ("rapidocr", "lanci")
ANNOTATIONS = Path(__file__).parents[2] / "annotations" / "documents"
MEMORY_PROFILES = ("office", "fine")
"""Scans at 200 and at 300 dpi."""

_AMOUNTS = 6
_DRAWS = 2000
_MIB = 1 << 20
_REST = "rest of parse"
PARTS = (
    "render and prepare",
    "rules",
    "grid",
    "crops",
    "recognition",
    "decoding and confidence",
    "outside tables",
    _REST,
)


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A scan of one page of a document; ``digital`` is the page with its text layer, None where there is none."""

    document: str
    path: Path
    digital: Path | None


@dataclass(frozen=True, slots=True)
class Reading:
    """The quickest reading of a page, in seconds of processor time and on the clock."""

    processor: float
    clock: float


Readings = dict[tuple[str, int], list[Reading]]
"""By system and number of threads, one for each page."""


def lay_out_documents(folder: Path) -> list[Path]:
    """The PDFs of the documents that were annotated from a text, made anew."""
    from lanci_eval.datasets import load_dataset, parse_dataset

    escaped = str(ANNOTATIONS).replace(",", "\\,")
    contents = load_dataset(parse_dataset(f"generated:{escaped},form=digital", None, 0))
    return [item.materialize(folder) for item in contents.items]


def scan_documents(paths: Sequence[Path], folder: Path, *, n_pages: int, profile: str, seed: int) -> list[ScannedPage]:
    """Scans of pages with a ruled table, at most two of a document, drawn by the seed."""
    from lanci.source import discover
    from lanci_eval.datasets.base import FixedFile
    from lanci_eval.datasets.names import files_to_ids
    from lanci_eval.datasets.scans import DigitalPage, ScanFile, max_page_area, scan_seed_of
    from lanci_eval.datasets.table_pages import PageWish, choose_pages
    from lanci_eval.scanning import find_profile

    found = find_profile(profile)
    pdfs = [path.resolve() for path in discover(list(paths)) if path.suffix.lower() == ".pdf"]
    files = files_to_ids(pdfs, Path(pdfs[0].anchor)) if pdfs else {}
    wish = PageWish(n_pages, 2, _AMOUNTS, max_page_area([found]), seed)
    pages = []
    for page in choose_pages(files, wish)[0]:
        source = FixedFile(page.path)
        own_seed = scan_seed_of(seed, page.id)
        scan = ScanFile(source, (page.number,), f"{page.id}-{profile}.pdf", own_seed, found.degradation)
        digital = DigitalPage(source, page.number, f"{page.id}.pdf")
        pages.append(ScannedPage(page.document, scan(folder), digital(folder)))
    return pages


def take_scans(paths: Sequence[Path], folder: Path, n_pages: int) -> list[ScannedPage]:
    """Pages of scans as they are, each in a file of its own; pages with a text layer are left out."""
    import pymupdf

    from lanci.source import discover
    from lanci_eval.scanning import page_to_pdf

    pages: list[ScannedPage] = []
    for number, path in enumerate(path for path in discover(list(paths)) if path.suffix.lower() == ".pdf"):
        with pymupdf.open(path) as pdf:
            for page in pdf:
                if not page.get_text().strip() and len(pages) < n_pages:
                    single = folder / f"{number}-{page.number}.pdf"
                    single.write_bytes(page_to_pdf(pdf, page.number + 1))
                    pages.append(ScannedPage(str(path), single, None))
    return pages


def make_system(name: str, threads: int) -> System:
    """A system that is ready to read; it has read a first document."""
    from lanci_eval.systems.base import Limits, SystemRequest
    from lanci_eval.systems.lanci_system import LanciSystem
    from lanci_eval.systems.rapidocr_system import RapidOcrSystem

    request, limits = SystemRequest(name, name), Limits(threads=threads)
    system: System = LanciSystem(request, limits) if name == "lanci" else RapidOcrSystem(request, limits)
    system.prepare()
    return system


def measure(pages: Sequence[ScannedPage], threads: Sequence[int], repeat: int) -> Readings:
    """The quickest of ``repeat`` readings of every page by both systems with every number of threads."""
    import cv2

    best: dict[tuple[str, int], list[Reading | None]] = {
        (name, count): [None] * len(pages) for count in threads for name in SYSTEMS
    }
    systems = {key: make_system(*key) for key in best}
    for _ in range(repeat):
        for number, page in enumerate(pages):
            for (name, count), readings in best.items():
                cv2.setNumThreads(count)
                readings[number] = _quicker(readings[number], _read(systems[name, count], page.path))
    cv2.setNumThreads(1)
    return {key: [reading for reading in readings if reading is not None] for key, readings in best.items()}


def _read(system: System, path: Path) -> Reading:
    clock, processor = time.perf_counter(), time.process_time()
    system.extract(path)
    return Reading(time.process_time() - processor, time.perf_counter() - clock)


def _quicker(one: Reading | None, other: Reading) -> Reading:
    if one is None:
        return other
    return Reading(min(one.processor, other.processor), min(one.clock, other.clock))


def summarize_speed(pages: Sequence[ScannedPage], readings: Readings, seed: int) -> str:
    """A table of times, pages per second, and of lanci's times as shares of rapidocr's on the same pages."""
    rows: list[tuple[str, ...]] = [
        ("system, threads", "CPU s a page", "quartiles", "s on the clock", "pages a second", "CPU ratio", "clock ratio")
    ]
    for (name, threads), own in readings.items():
        processor, clock = [r.processor for r in own], [r.clock for r in own]
        low, middle, high = statistics.quantiles(processor, n=4) if len(own) > 1 else processor * 3
        ratios = ["1", "1"]
        if name != SYSTEMS[0]:
            base = readings[SYSTEMS[0], threads]
            ratios = [
                _ratio(pages, [own_.processor / other.processor for own_, other in zip(own, base, strict=True)], seed),
                _ratio(pages, [own_.clock / other.clock for own_, other in zip(own, base, strict=True)], seed),
            ]
        rows.append(
            (
                f"{name}, {threads}",
                f"{middle:.3f}",
                f"{low:.3f}-{high:.3f}",
                f"{statistics.median(clock):.3f}",
                f"{len(clock) / sum(clock):.2f}",
                *ratios,
            )
        )
    return to_table(rows)


def _ratio(pages: Sequence[ScannedPage], ratios: Sequence[float], seed: int) -> str:
    """The median over pages, with the 95 % interval of a bootstrap over documents."""
    by_document: dict[str, list[float]] = defaultdict(list)
    for page, ratio in zip(pages, ratios, strict=True):
        by_document[page.document].append(ratio)
    groups = list(by_document.values())
    middle = f"{statistics.median(ratios):.2f}"
    if len(groups) == 1:
        return middle
    rng = random.Random(seed)  # noqa: S311 - a sample, no secret
    draws = sorted(
        statistics.median(ratio for group in rng.choices(groups, k=len(groups)) for ratio in group)
        for _ in range(_DRAWS)
    )
    return f"{middle} ({draws[round(0.025 * _DRAWS)]:.2f}-{draws[round(0.975 * _DRAWS) - 1]:.2f})"


def find_part(frame: FrameType | None) -> str:
    """To which part of lanci's work what is being run belongs: the outermost stage, and what it is doing."""
    own = [name for name in modules_of(frame) if name.startswith("lanci.")]
    stage = next((name.split(".")[1] for name in reversed(own) if name.split(".")[1] in _STAGES), "")
    if stage == "ocr":
        if "lanci.ocr.outside" in own:
            return "outside tables"
        if "lanci.ocr.crops" in own:
            return "crops"
        return "recognition" if own[0] == "lanci.ocr.runtime" else "decoding and confidence"
    if stage == "page" and "lanci.page.scan_rules" in own:
        return "rules"
    return _STAGES.get(stage, _REST)


_STAGES = {"source": PARTS[0], "page": PARTS[0], "detect": "grid", "grid": "grid", "ocr": "recognition"}


def split_time(pages: Sequence[ScannedPage], repeat: int) -> Counter[str]:
    """Seconds of lanci's processor time by part, over all pages and repetitions, with one thread."""
    system = make_system("lanci", 1)
    sampler = Sampler(find_part)
    with sampler:
        for _ in range(repeat):
            for page in pages:
                system.extract(page.path)
    return sampler.times


def summarize_parts(times: Counter[str], n_readings: int) -> str:
    """A table of the parts in their order."""
    total = sum(times.values())
    rows = [("part of lanci's work", "CPU s a page", "share")]
    rows += [(part, f"{times[part] / n_readings:.3f}", f"{times[part] / total:.1%}") for part in PARTS]
    rows.append(("all", f"{total / n_readings:.3f}", f"{1:.1%}"))
    return to_table(rows)


def summarize_accuracy(pages: Sequence[ScannedPage]) -> str:
    """A table of the amounts that both read, where the pages' text layers say what is printed; else empty."""
    known = [page for page in pages if page.digital is not None]
    if not known:
        return ""
    rows = [("system", "amounts printed", "read anywhere", "alone in their cell", "true in cells")]
    for name in SYSTEMS:
        system = make_system(name, 1)
        rows.append((name, *_judge([system.extract(page.path) for page in known], known, tables=name == "lanci")))
    return to_table(rows)


def _judge(found: Sequence[Extraction], pages: Sequence[ScannedPage], *, tables: bool) -> tuple[str, str, str, str]:
    from lanci_eval.metrics.base import Case
    from lanci_eval.metrics.conservation import Conservation
    from lanci_eval.metrics.reading import Reading as ReadingMetric

    reading, conservation = ReadingMetric(), Conservation()
    for extraction, page in zip(found, pages, strict=True):
        case = Case(extraction, evidence=page.digital)
        reading.update(case)
        conservation.update(case)
    read, kept = reading.summary(), conservation.summary()
    cells = (_percent(kept["recall_alone_amounts"]), _percent(kept["precision_amounts"])) if tables else ("", "")
    return f"{read['amounts_printed'] or 0:.0f}", _percent(read["amounts_read"]), *cells


def _percent(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.2f} %"


def measure_memory(name: str, pages: Sequence[ScannedPage]) -> float:
    """The most memory in MiB that a fresh process has held in which a system reads all of the pages."""
    command = [sys.executable, __file__, "--only", name, *(str(page.path) for page in pages)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - this file itself
    return float(json.loads(done.stdout)["peak_mib"])


def read_here(name: str, paths: Sequence[Path]) -> str:
    """Read files in this process, and tell the most memory that it has held, as JSON."""
    system = make_system(name, 1)
    for path in paths:
        system.extract(path)
    return json.dumps({"peak_mib": _peak_mib()})


def _peak_mib() -> float:
    """The most memory that this program has held.

    Linux lets a new program begin with what its parent held in ``ru_maxrss``, which is far more here; ``VmHWM`` is
    the program's own.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        return int(re.findall(r"VmHWM:\s*(\d+) kB", status.read_text())[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MIB  # bytes, on macOS


def summarize_memory(by_name: dict[str, list[ScannedPage]]) -> str:
    """A table of peaks by set of pages and system."""
    rows: list[tuple[str, ...]] = [("peak MiB, one thread", *SYSTEMS)]
    rows += [(name, *(f"{measure_memory(one, pages):.0f}" for one in SYSTEMS)) for name, pages in by_name.items()]
    return to_table(rows)


@dataclass(frozen=True, slots=True)
class Settings:
    """What is measured, and how often."""

    n_pages: int
    profile: str
    threads: tuple[int, ...]
    repeat: int
    seed: int
    as_they_are: bool


def report(paths: Sequence[Path], folder: Path, settings: Settings) -> str:
    """All tables; empty when there is no page to measure on."""
    if settings.as_they_are:
        pages = take_scans(paths, folder, settings.n_pages)
        memory = {"the pages": pages}
    else:
        sources = list(paths) or lay_out_documents(folder)

        def scan(profile: str) -> list[ScannedPage]:
            return scan_documents(sources, folder, n_pages=settings.n_pages, profile=profile, seed=settings.seed)

        pages = scan(settings.profile)
        memory = {name: scan(name) for name in MEMORY_PROFILES} if pages else {}
    if not pages:
        return ""
    readings = measure(pages, settings.threads, settings.repeat)
    n_documents = len({page.document for page in pages})
    what = "as they are" if settings.as_they_are else f"as {settings.profile} scans"
    tables = [
        f"{len(pages)} pages of {n_documents} documents, {what}, best of {settings.repeat}",
        summarize_speed(pages, readings, settings.seed),
        summarize_parts(split_time(pages, settings.repeat), len(pages) * settings.repeat),
        summarize_accuracy(pages),
        summarize_memory(memory),
    ]
    return "\n\n".join(table for table in tables if table)


@click.command(help=__doc__)
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--as-they-are", is_flag=True, help="PATHS are scans: read their pages, make none.")
@click.option("--pages", type=click.IntRange(1), default=10, show_default=True, help="Most pages.")
@click.option("--profile", default="office", show_default=True, help="How pages are scanned (docs/scan-twins.md).")
@click.option("--threads", type=click.IntRange(1), multiple=True, default=(1, 2), show_default=True)
@click.option("--repeat", type=click.IntRange(1), default=3, show_default=True, help="Readings of every page.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Decides what is drawn.")
@click.option("--only", type=click.Choice(SYSTEMS), help="Read PATHS here with one system; print its memory as JSON.")
def main(
    paths: tuple[Path, ...],
    as_they_are: bool,
    pages: int,
    profile: str,
    threads: tuple[int, ...],
    repeat: int,
    seed: int,
    only: str | None,
) -> None:
    """Measure and print."""
    use_one_thread()
    if only:
        click.echo(read_here(only, paths))
        return
    settings = Settings(pages, profile, threads, repeat, seed, as_they_are)
    with tempfile.TemporaryDirectory() as folder:
        text = report(paths, Path(folder), settings)
    if not text:
        click.echo("no scanned pages there" if as_they_are else "no digital pages with a ruled table there", err=True)
        sys.exit(1)
    click.echo(text)


if __name__ == "__main__":
    main()
