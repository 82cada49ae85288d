"""Where the time of ``lanci parse`` goes, by stage and module, on digital pages.

    python eval/benchmarks/stage_times.py FOLDER_OR_PDF...

A timer of the operating system interrupts the work about every millisecond of processor time; the time since the
interruption before is put down to the innermost function of a stage that is being run. Unlike a tracing profiler
this slows no function down more than others. What libraries do for a stage counts as its time and is shown apart.
"""

from __future__ import annotations

import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from types import FrameType

import click
from common import Sample, choose_pages, to_table, use_one_thread
from sampling import Sampler, modules_of

STAGES = (
    "source",
    "page",
    "detect",
    "grid",
    "ocr",
    "caption",
    "classify",
    "stitch",
    "interpret",
    "validate",
)
_ELSEWHERE = ("(between)", "")
Place = tuple[str, str]
"""A stage, and a module of it."""
Spot = tuple[Place, bool]
"""A place, and whether a library does the work for it."""


def find_place(frame: FrameType | None) -> Spot:
    """The innermost stage that is being run, and whether the time is spent in a library that it called."""
    names = list(modules_of(frame))
    in_library = bool(names) and not names[0].startswith("lanci.")
    for name in names:
        if name.startswith("lanci.") and (stage := name.split(".")[1]) in STAGES:
            return (stage, name), in_library
    return _ELSEWHERE, in_library


def profile(samples: list[Sample], repeat: int) -> tuple[Counter[Spot], float]:
    """Parse every document, ``repeat`` times, and give back the times and the processor time of all in seconds."""
    from lanci.parsing import ParseOptions, parse

    sampler = Sampler(find_place)
    start = time.process_time()
    with sampler:
        for _ in range(repeat):
            for sample in samples:
                parse(sample.path, ParseOptions(pages=sample.pages))
    return sampler.times, time.process_time() - start


def summarize(times: Counter[Spot], total: float, n_pages: int, least: float) -> str:
    """A table of stages, in their order, and of their modules that take at least the share ``least``."""
    rows = [("stage", "ms a page", "share", "in libraries")]

    def add(label: str, places: list[Place]) -> None:
        libraries = sum(times[place, True] for place in places)
        spent = libraries + sum(times[place, False] for place in places)
        rows.append((label, f"{1000 * spent / n_pages:.2f}", f"{spent / total:.1%}", f"{libraries / total:.1%}"))

    by_place: dict[Place, float] = defaultdict(float)
    for (place, _), seconds in times.items():
        by_place[place] += seconds
    for stage in (*STAGES, _ELSEWHERE[0]):
        places = sorted((place for place in by_place if place[0] == stage), key=lambda p: -by_place[p])
        if places:
            add(stage, places)
        for place in places:
            if place[1] and by_place[place] >= least * total:
                add(f"  {place[1]}", [place])
    add("all", list(by_place))
    return to_table(rows)


@click.command(help=__doc__)
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--documents", type=click.IntRange(1), help="Most documents, drawn by --seed.  [default: all]")
@click.option("--pages", type=click.IntRange(1), default=20, show_default=True, help="Most pages of a document.")
@click.option("--repeat", type=click.IntRange(1), default=3, show_default=True, help="Readings of every document.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Decides what is drawn.")
@click.option("--least", type=click.FloatRange(0, 1), default=0.01, show_default=True, help="Least share of a module.")
def main(paths: tuple[Path, ...], documents: int | None, pages: int, repeat: int, seed: int, least: float) -> None:
    """Measure and print."""
    use_one_thread()
    samples = list(choose_pages(paths, documents=documents, pages=pages, seed=seed))
    if not samples:
        click.echo("no digital pages there", err=True)
        sys.exit(1)
    profile(samples[:1], 1)  # models are loaded before it counts
    times, total = profile(samples, repeat)
    n_pages = sum(len(sample.pages) for sample in samples)
    click.echo(f"{len(samples)} documents, {n_pages} pages, read {repeat} times, one thread\n")
    click.echo(summarize(times, total, n_pages * repeat, least))


if __name__ == "__main__":
    main()
