"""Peak memory of ``lanci parse`` on documents of ever more pages, each in a process of its own.

    python eval/benchmarks/memory.py [PDF]

The documents are made by repeating the pages of a PDF, or of a made-up one when none is given. The result itself
grows with the pages, since it holds all tables; its size in memory is shown beside the peak.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path

import click
import pymupdf
from common import to_table, use_one_thread

_MIB = 1 << 20
_COLUMNS = 5
_ROWS = 25


@dataclass(frozen=True, slots=True)
class Use:
    """What parsing one document took: sizes in MiB."""

    n_pages: int
    n_cells: int
    before: float
    peak: float
    result: float


def make_pages(path: Path) -> Path:
    """A made-up PDF of two pages: a ruled table with a title, and prose."""
    with pymupdf.open() as document:
        page = document.new_page()
        page.insert_text((200, 60), "2026年支出总表", fontname="china-s", fontsize=16)
        for row in range(_ROWS):
            for col in range(_COLUMNS):
                box = pymupdf.Rect(50 + 100 * col, 80 + 26 * row, 150 + 100 * col, 106 + 26 * row)
                page.draw_rect(box, color=(0, 0, 0), width=0.5)
                text = f"列{col}" if row == 0 else f"{row * 1000 + col}.{row:02d}"
                page.insert_text((box.x0 + 4, box.y1 - 8), text, fontname="china-s", fontsize=10)
        prose = document.new_page()
        for line in range(30):
            prose.insert_text((50, 60 + 24 * line), "预算情况说明" * 6, fontname="china-s", fontsize=12)
        document.save(path)
    return path


def repeat_pages(source: Path, n_pages: int, path: Path) -> Path:
    """A PDF of that many pages: those of the source over and over."""
    with pymupdf.open(source) as document:
        own = len(document)
        for number in range(own, n_pages):
            document.fullcopy_page(number % own)
        document.select(range(n_pages))
        document.save(path)
    return path


def measure_here(path: Path) -> Use:
    """Parse the document in this process, which has parsed nothing before but its first page, for the models."""
    from lanci.parsing import ParseOptions, parse

    parse(path, ParseOptions(pages=(1,)))
    before = _peak()
    document = parse(path)
    peak = _peak()
    n_cells = sum(len(table.cells) for table in document.tables)
    return Use(len(document.pages), n_cells, before, peak, sum(_sizes(document, set())) / _MIB)


def measure_apart(path: Path) -> Use:
    """The same in a fresh process."""
    command = [sys.executable, __file__, "--only", str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - this file itself
    return Use(**json.loads(done.stdout))


def summarize(uses: list[Use]) -> str:
    """A table of the documents with what each page more than in the one before costs."""
    rows = [("pages", "cells", "peak MiB", "above start", "result MiB", "KiB a page more", "of it the result")]
    before: Use | None = None
    for use in uses:
        more = result = ""
        if before is not None and use.n_pages > before.n_pages:
            pages = use.n_pages - before.n_pages
            more = f"{(use.peak - before.peak) * 1024 / pages:.1f}"
            result = f"{(use.result - before.result) * 1024 / pages:.1f}"
        sizes = (f"{use.peak:.1f}", f"{use.peak - use.before:.1f}", f"{use.result:.1f}")
        rows.append((f"{use.n_pages:,}", f"{use.n_cells:,}", *sizes, more, result))
        before = use
    return to_table(rows)


def _peak() -> float:
    """The most memory that this process has had so far, in MiB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / _MIB


def _sizes(value: object, seen: set[int]) -> Iterator[int]:
    """Bytes of a value and all that it holds, everything once."""
    if id(value) in seen:
        return
    seen.add(id(value))
    yield sys.getsizeof(value)
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _sizes(getattr(value, field.name), seen)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _sizes(item, seen)


@click.command(help=__doc__)
@click.argument("pdf", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--pages", type=click.IntRange(1), multiple=True, default=(10, 100, 1000), show_default=True)
@click.option("--only", is_flag=True, help="Parse PDF as it is, in this process, and print JSON.")
def main(pdf: Path | None, pages: tuple[int, ...], only: bool) -> None:
    """Measure and print."""
    if only:
        if pdf is None:
            raise click.UsageError("--only needs a PDF")
        use_one_thread()
        use = measure_here(pdf)
        click.echo(json.dumps({field.name: getattr(use, field.name) for field in fields(use)}))
        return
    with tempfile.TemporaryDirectory() as folder:
        source = pdf or make_pages(Path(folder, "made.pdf"))
        documents = [repeat_pages(source, n_pages, Path(folder, f"{n_pages}.pdf")) for n_pages in sorted(pages)]
        click.echo(summarize([measure_apart(document) for document in documents]))


if __name__ == "__main__":
    main()
