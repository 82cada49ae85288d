"""Time per page of lanci and others on the same digital pages, in one interleaved run with one thread.

    python eval/benchmarks/speed.py FOLDER_OR_PDF...

Every document is read by every system in turn, then the next document, and all of it as often as --repeat says, so
that a slow spell of the machine meets all alike. Counted is the processor time of the whole job on the pages, the
opening of the file included, per page; of the repetitions the quickest. A figure is the median over documents; the
ratio to lanci is the median of the documents' ratios, beside it stands that of the medians.
"""

from __future__ import annotations

import statistics
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import click
from common import Sample, choose_pages, to_table, use_one_thread

Reader = Callable[[Sample], None]

_CAMELOT = "camelot lattice"


def read_with_lanci(sample: Sample) -> None:
    """The whole job: ``parse`` from the file to checked tables."""
    from lanci.parsing import ParseOptions, parse

    parse(sample.path, ParseOptions(pages=sample.pages))


def read_with_mupdf(sample: Sample) -> None:
    """The floor: what PyMuPDF needs to hand out characters and drawings, without looking at them."""
    import pymupdf

    with pymupdf.open(sample.path) as document:
        for number in sample.pages:
            page = document[number - 1]
            page.get_text("rawdict")
            page.get_cdrawings()


def read_with_pdfplumber(sample: Sample) -> None:
    """``extract_tables`` with its own settings."""
    import pdfplumber

    with pdfplumber.open(sample.path) as document:
        for number in sample.pages:
            document.pages[number - 1].extract_tables()


def read_with_camelot(sample: Sample) -> None:
    """``read_pdf`` with the flavour lattice."""
    import camelot

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of every page without a table
        camelot.read_pdf(str(sample.path), pages=",".join(map(str, sample.pages)), flavor="lattice")


READERS: dict[str, Reader] = {
    "lanci": read_with_lanci,
    "MuPDF floor": read_with_mupdf,
    "pdfplumber": read_with_pdfplumber,
    _CAMELOT: read_with_camelot,
}


def measure(read: Reader, sample: Sample) -> float:
    """Processor time of one reading, in milliseconds a page."""
    start = time.process_time()
    read(sample)
    return 1000 * (time.process_time() - start) / len(sample.pages)


def measure_all(samples: list[Sample], repeat: int, camelot_pages: int) -> dict[str, dict[Path, float]]:
    """The quickest reading of every document by every system; camelot reads the first ``camelot_pages`` only."""
    best: dict[str, dict[Path, float]] = {name: {} for name in READERS if camelot_pages or name != _CAMELOT}
    for _ in range(repeat):
        for sample in samples:
            for name, times in best.items():
                part = Sample(sample.path, sample.pages[:camelot_pages]) if name == _CAMELOT else sample
                times[sample.path] = min(measure(READERS[name], part), times.get(sample.path, float("inf")))
    return best


def summarize(best: dict[str, dict[Path, float]]) -> str:
    """A table of the medians with their quartiles, and the ratios to lanci."""
    rows = [("system", "ms a page, median", "quartiles", "ratio to lanci", "ratio of medians")]
    own = best["lanci"]
    for name, times in best.items():
        low, _, high = statistics.quantiles(times.values(), n=4) if len(times) > 1 else [*times.values()] * 3
        ratio = statistics.median(times[path] / own[path] for path in times)
        overall = statistics.median(times.values()) / statistics.median(own.values())
        rows.append(
            (
                name,
                f"{statistics.median(times.values()):.2f}",
                f"{low:.2f}-{high:.2f}",
                f"{ratio:.2f}",
                f"{overall:.2f}",
            )
        )
    return to_table(rows)


@click.command(help=__doc__)
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--documents", type=click.IntRange(1), help="Most documents, drawn by --seed.  [default: all]")
@click.option("--pages", type=click.IntRange(1), default=20, show_default=True, help="Most pages of a document.")
@click.option("--camelot-pages", type=click.IntRange(0), default=2, show_default=True, help="The same for camelot.")
@click.option("--repeat", type=click.IntRange(1), default=3, show_default=True, help="Readings of every document.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Decides what is drawn.")
def main(
    paths: tuple[Path, ...], documents: int | None, pages: int, camelot_pages: int, repeat: int, seed: int
) -> None:
    """Measure and print."""
    use_one_thread()
    samples = list(choose_pages(paths, documents=documents, pages=pages, seed=seed))
    if not samples:
        click.echo("no digital pages there", err=True)
        sys.exit(1)
    best = measure_all(samples, repeat, camelot_pages)
    click.echo(f"{len(samples)} documents, {sum(len(s.pages) for s in samples)} pages, best of {repeat}, one thread\n")
    click.echo(summarize(best))


if __name__ == "__main__":
    main()
