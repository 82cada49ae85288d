"""What `lanci run` costs beside the reading of documents, and what a second worker brings.

    python eval/benchmarks/bulk.py overhead                # 10,000 tiny documents of which nothing is read
    python eval/benchmarks/bulk.py workers FOLDER_OR_FILE  # scans, with one worker and with two in turn

Time on the clock only means something on a machine that does nothing else; processor time is shown beside it.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import click
import psutil
from common import to_table

from lanci.bulk import open_store
from lanci.bulk.inputs import find_inputs
from lanci.bulk.intake import take_in
from lanci.bulk.keys import make_key
from lanci.bulk.local_engine import LocalEngine
from lanci.bulk.place import open_place, prepare_place
from lanci.bulk.rebuild import open_ledger
from lanci.bulk.records import State
from lanci.bulk.run import Recorded, RunPlan, plan_work, work_off
from lanci.bulk.tasks import DocumentEnd, DocumentTask
from lanci.jobs.flags import ParseFlags
from lanci.jobs.workers import Limits

_MIB = 1 << 20
_SAMPLES = 10


def do_nothing(task: DocumentTask) -> DocumentEnd:
    """What a worker does with a tiny document here."""
    return DocumentEnd(sha256=task.sha256, state=State.DONE, key=task.key.plain, pages=1)


@dataclass(frozen=True, slots=True)
class Overhead:
    """Seconds of the parts of a run over ``documents``, and the parent's memory in MiB after so many of them.

    ``processor`` is the processor time of all processes, in seconds, the start of the workers included.
    """

    documents: int
    finding: float
    planning: float
    working: float
    processor: float
    memory: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Speed:
    """A run: pages, seconds on the clock, and processor time of all its processes."""

    pages: int
    seconds: float
    processor: float

    @property
    def pages_a_second(self) -> float:
        return self.pages / self.seconds


def measure_overhead(folder: Path, documents: int, jobs: int, recycle: int) -> Overhead:
    """Run over so many documents with workers that do nothing."""
    limits = Limits(seconds=1800, memory_bytes=4096 * _MIB, tasks=recycle or None)
    inputs = folder / "in"
    inputs.mkdir()
    for number in range(documents):
        (inputs / f"{number}.pdf").write_text(str(number))
    place = open_place(str(folder / "store"))
    prepare_place(place)
    clock, before = [time.perf_counter()], _processor_time()
    with open_ledger(place.results, place.ledger) as ledger:
        ledger.begin_run(jobs)
        take_in(ledger, find_inputs([str(inputs)], place.folder), lambda _: None)
        clock.append(time.perf_counter())
        flags = ParseFlags()
        plan = RunPlan(store=place.address, results=place.results, flags=flags, key=make_key(flags, limits))
        plan_work(ledger, plan)
        clock.append(time.perf_counter())
        ends = work_off(ledger, plan, LocalEngine(jobs, limits, 0, work=do_nothing))
        recorded = (end for end in ends if isinstance(end, Recorded) and end.state is State.DONE)
        memory = tuple(_watch_memory(recorded, max(1, documents // _SAMPLES)))
        clock.append(time.perf_counter())
        ledger.end_run()
    finding, planning, working = (later - earlier for earlier, later in pairwise(clock))
    return Overhead(memory[-1][0], finding, planning, working, _processor_time() - before, memory)


def measure_speed(paths: Sequence[Path], jobs: int) -> Speed:
    """Run ``lanci run`` over the documents, from its start to its end, into a new store."""
    with tempfile.TemporaryDirectory() as folder:
        program = str(Path(sys.executable).with_name("lanci"))
        command = [program, "run", *map(str, paths), "--store", folder, "--jobs", str(jobs), "-q"]
        before, started = _processor_time(), time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - lanci itself
        seconds = time.perf_counter() - started
        pages = sum(entry.pages or 0 for entry in open_store(folder).entries())
    return Speed(pages, seconds, _processor_time() - before)


def show_overhead(overhead: Overhead) -> str:
    """Milliseconds a document by part, and the memory on the way."""
    parts = {
        "finding and hashing files": overhead.finding,
        "planning": overhead.planning,
        "handing out and recording": overhead.working,
    }
    parts["all"] = sum(parts.values())
    parts["processor time"] = overhead.processor
    times = [("part", "ms a document"), *((n, f"{1000 * s / overhead.documents:.2f}") for n, s in parts.items())]
    memory = [("documents done", "MiB of the parent"), *((f"{n:,}", f"{size:.1f}") for n, size in overhead.memory)]
    return f"{overhead.documents:,} documents\n\n{to_table(times)}\n\n{to_table(memory)}"


def show_speeds(rounds: Sequence[tuple[Speed, Speed]]) -> str:
    """A row for each round, and the median of the ratios."""
    rows: list[tuple[str, ...]] = [
        ("round", "pages", "pages/s, one", "pages/s, two", "ratio", "processor s/page, one", "two")
    ]
    ratios = []
    for number, (one, two) in enumerate(rounds, 1):
        ratios.append(two.pages_a_second / one.pages_a_second)
        speeds = (f"{one.pages_a_second:.3f}", f"{two.pages_a_second:.3f}", f"{ratios[-1]:.2f}")
        rows.append((str(number), str(one.pages), *speeds, *(f"{run.processor / run.pages:.2f}" for run in (one, two))))
    return f"{to_table(rows)}\n\nratio, median of {len(rounds)} rounds: {statistics.median(ratios):.2f}"


def _watch_memory(ends: Iterator[Recorded], step: int) -> Iterator[tuple[int, float]]:
    """After every ``step`` ends, and after the last, their number and this process's memory in MiB."""
    own = psutil.Process()
    number = 0
    for number, _ in enumerate(ends, 1):
        if number % step == 0:
            yield number, own.memory_info().rss / _MIB
    if number % step or not number:
        yield number, own.memory_info().rss / _MIB


def _processor_time() -> float:
    """Of this process and of all that it has started and that have ended, in seconds."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


@click.group(help=__doc__)
def main() -> None:
    """Measure and print."""


@main.command()
@click.option("--documents", type=click.IntRange(1), default=10_000, show_default=True)
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Workers.")
@click.option(
    "--recycle",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="As of lanci run, which takes 100; 0: never.",
)
def overhead(documents: int, jobs: int, recycle: int) -> None:
    """The time of ledger and scheduling on tiny documents, and whether memory grows with their number."""
    with tempfile.TemporaryDirectory() as folder:
        click.echo(show_overhead(measure_overhead(Path(folder), documents, jobs, recycle)))


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--rounds", type=click.IntRange(1), default=3, show_default=True, help="Pairs of runs.")
def workers(paths: tuple[Path, ...], rounds: int) -> None:
    """Pages a second of two workers against one, each with one thread, in turn."""
    pairs = []
    for number in range(rounds):
        # the other way round every second time, so that a machine that warms up or slows down favours neither
        speeds = {jobs: measure_speed(paths, jobs) for jobs in ((1, 2) if number % 2 == 0 else (2, 1))}
        pairs.append((speeds[1], speeds[2]))
    click.echo(show_speeds(pairs))


if __name__ == "__main__":
    main()
