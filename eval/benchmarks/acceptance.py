"""Whether ``lanci run`` keeps its word on a shelf of documents: one result for each content, every failure named.

    python eval/benchmarks/acceptance.py CORPUS --work FOLDER [--limit 25] [--kills 50] [--seed 1] [--jobs 2]

The shelf is made in FOLDER: the documents of CORPUS, copies of them under other names, and documents that do harm
(``poison.py``). ``--limit`` takes the smallest PDFs that have text on every page instead of the whole corpus; files
named .pdf that are none stay in. Then

1. one run: every content has a result or a named failure, and no two results are of one content;
2. a second run does nothing, in less than two seconds;
3. ``--kills`` runs are ended by SIGKILL for the program and all that it started, at moments drawn by the seed, each
   gone on with by the next. A store that comes to its end is compared with that of the first run, and another one is
   begun. What was recorded may not be lost, and nothing half-written may be read, at any time; in the end all files
   under ``documents`` are the same to the byte, and so is what the ledger says but for times and attempts.

Ends with 1 when anything of this is not so. The bound of two seconds, and what ``--timeout`` ends, are of the clock:
let the machine do nothing else.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import click
import psutil
import pymupdf
from poison import RESULT, write_poison

from lanci.bulk import LedgerEntry, State, Store, open_store
from lanci.bulk.layout import DOCUMENTS_FOLDER, LEDGER_FILE
from lanci.discover import discover
from lanci.errors import LanciError

_LANCI = (sys.executable, "-c", "from lanci.cli import main; main()")
_SECOND_RUN_SECONDS = 2.0
_BROKEN_LINK = "断链.pdf"
_KILLS_A_STORE = 10
"""So often a store is killed before it is let come to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The inputs: their folder, the SHA-256 of each file by its name there, and how each may end that does harm."""

    folder: Path
    contents: dict[str, str]
    ends: dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Finished:
    """A run that came to its end: seconds on the clock and of processors, and its last line."""

    seconds: float
    work: float
    said: str

    def __str__(self) -> str:
        return f"{self.seconds:.2f} s, {self.work:.2f} s of processor time: {self.said}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """``lanci run`` on the shelf, as it is called for every store."""

    shelf: Path
    options: tuple[str, ...]

    def start(self, store: Path) -> subprocess.Popen[str]:
        """Start a run; what it says comes with ``communicate``."""
        command = [*_LANCI, "run", str(self.shelf), "--store", str(store), "--quiet", *self.options]
        return subprocess.Popen(  # noqa: S603 (a program of ours, no shell)
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def finish(self, store: Path) -> Finished:
        """A run to its end."""
        started, before = time.monotonic(), os.times()
        said, errors = self.start(store).communicate()
        seconds, after = time.monotonic() - started, os.times()
        work = after.children_user + after.children_system - before.children_user - before.children_system
        return Finished(seconds, work, (said + errors).strip().rpartition("\n")[2])


@dataclass(slots=True)
class Verdict:
    """What was found wrong; every promise that was looked at is told."""

    broken: int = 0
    told: set[str] = field(default_factory=set)

    def expect(self, promise: str, problems: list[str]) -> None:
        """A promise is kept when there are no problems with it."""
        self.broken += len(problems)
        for problem in problems[:20]:
            click.echo(f"✗ {promise}: {problem}")
        if not problems and promise not in self.told:
            self.told.add(promise)
            click.echo(f"✓ {promise}")


def make_shelf(corpus: Path, folder: Path, limit: int | None) -> Shelf:
    """Fill a new folder with the documents, their copies and what does harm."""
    chosen = choose_documents(corpus, limit)
    for number, path in enumerate(chosen):
        for target in (folder / "原件" / path.relative_to(corpus), folder / "copies" / f"第{number}号 复件.PDF"):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    harm = write_poison(folder / "有害")
    harm[_BROKEN_LINK] = frozenset({"unreadable"})
    (folder / "有害" / _BROKEN_LINK).symlink_to("nowhere.pdf")
    files = {path.relative_to(folder).as_posix(): path for path in discover([folder]) if path.exists()}
    return Shelf(
        folder=folder,
        contents={name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()},
        ends={f"有害/{name}": ends for name, ends in harm.items()},
    )


def choose_documents(corpus: Path, limit: int | None) -> list[Path]:
    """All documents, or the smallest digital ones and the files that are no PDF."""
    found = discover([corpus])
    if limit is None:
        return found
    false = [path for path in found if b"%PDF-" not in path.read_bytes()[:1024]]
    true = sorted(set(found) - set(false), key=lambda path: (path.stat().st_size, path))
    return false + list(islice(filter(has_text, true), limit))


def has_text(path: Path) -> bool:
    """Whether every page of a PDF has text."""
    with pymupdf.open(path) as document:
        return all(page.get_text().strip() for page in document)


def entries_by_name(store: Store) -> dict[str, LedgerEntry]:
    """What the ledger has, by each name that a content came by."""
    return {name: entry for entry in store.entries() for name in entry.paths}


def to_facts(store: Store) -> dict[str, str]:
    """What the ledger must have of each name, whatever happened on the way."""
    return {
        name: repr((one.sha256, one.state, one.category, one.page, one.pages, one.key, one.outdated, one.paths))
        for name, one in entries_by_name(store).items()
    }


def to_digests(store: Path) -> dict[str, str]:
    """All files under ``documents``, hidden ones included, by their content."""
    files = (path for path in (store / DOCUMENTS_FOLDER).rglob("*") if path.is_file())
    return {path.relative_to(store).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def find_wrong_ends(shelf: Shelf, store: Store) -> Iterator[str]:
    """Files without an end, failures without a reason, and results that are not of their content."""
    entries = entries_by_name(store)
    for name, sha256 in shelf.contents.items():
        entry = entries.get(name)
        if entry is None or entry.sha256 != sha256:
            yield f"{name} is not in the ledger with its content"
        elif entry.state is State.DONE and entry.key:
            continue
        elif entry.state is not State.FAILED or not entry.category or not entry.message:
            yield f"{name} is {entry.state.value} without a reason"
    strangers = sorted(entries.keys() - shelf.contents.keys() - shelf.ends.keys())
    yield from (f"{name} is no file of the shelf" for name in strangers)
    for name, ends in shelf.ends.items():
        end = entries[name].category or RESULT if name in entries else "nothing"
        if end not in ends:
            yield f"{name} ended with {end}, not with {' or '.join(sorted(ends))}"


def find_unread(store: Store) -> Iterator[str]:
    """Results that cannot be read, or are of another content."""
    for stored in store.documents():
        try:
            if stored.read().source.sha256 != stored.sha256:
                yield f"{stored.sha256} holds another document"
        except LanciError as error:
            yield str(error)


def find_uncounted(store: Store) -> Iterator[str]:
    """Results that stand there without being in the ledger, or the other way round."""
    known = [stored.sha256 for stored in store.documents()]
    there = sorted(path.name for path in (store.folder / DOCUMENTS_FOLDER).glob("*/*"))
    if there != known:
        yield f"{len(there)} folders of results, {len(known)} in the ledger"


def find_differences(found: dict[str, str], wanted: dict[str, str]) -> list[str]:
    """Where two tables differ."""
    names = sorted(found.keys() | wanted.keys())
    return [f"{n}: {found.get(n)}, not {wanted.get(n)}" for n in names if found.get(n) != wanted.get(n)]


def kill_tree(process: subprocess.Popen[str]) -> None:
    """SIGKILL for a program and all that it started."""
    parent = psutil.Process(process.pid)
    family = [parent, *parent.children(recursive=True)]
    for member in family:
        member.kill()
    process.communicate()
    psutil.wait_procs(family, timeout=30)


def run_until(command: Command, store: Path, seconds: float) -> bool:
    """A run that is killed after so many seconds; False when it came to its end before."""
    process = command.start(store)
    try:
        process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        kill_tree(process)
        return True
    return False


def check_killed(store: Path, recorded: dict[str, str], verdict: Verdict) -> dict[str, str]:
    """Look at a store whose run was just killed; returns which contents have which result."""
    if not (store / LEDGER_FILE).exists():
        verdict.expect("what was recorded stays", list(recorded))
        return {}
    found = open_store(store)
    done = {entry.sha256: entry.key for entry in found.entries() if entry.sha256 and entry.state is State.DONE}
    verdict.expect("what was recorded stays", sorted(one for one in recorded if done.get(one) != recorded[one]))
    verdict.expect("no result is half there", list(find_unread(found)))
    return done


def kill_again_and_again(
    command: Command, work: Path, whole: Path, kills: int, draw: Callable[[], float], verdict: Verdict
) -> int:
    """Kill runs, go on with them, and compare every store that comes to its end; returns how many did."""
    wanted = to_digests(whole)
    facts = to_facts(open_store(whole))
    killed, stores = 0, 0
    while killed < kills or stores == 0:
        stores += 1
        store = work / f"killed-{stores}"
        recorded: dict[str, str] = {}
        most = min(killed + _KILLS_A_STORE, kills)
        while killed < most and run_until(command, store, moment := draw()):
            killed += 1
            click.echo(f"  kill {killed} of {kills}, after {moment:.1f} s")
            recorded = check_killed(store, recorded, verdict)
        command.finish(store)
        verdict.expect("a killed store equals the first to the byte", find_differences(to_digests(store), wanted))
        verdict.expect("its ledger says the same", find_differences(to_facts(open_store(store)), facts))
        shutil.rmtree(store)
    return stores


@click.command()
@click.argument("corpus", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--work", required=True, type=click.Path(file_okay=False, path_type=Path), help="New folder for it all.")
@click.option("--limit", type=int, help="So many of the smallest digital PDFs only.")
@click.option("--kills", default=50, show_default=True)
@click.option("--seed", default=1, show_default=True, help="Decides the moments.")
@click.option("--jobs", default=2, show_default=True)
@click.option("--timeout", default=120.0, show_default=True, help="Seconds for a document; too few end good ones.")
@click.option("--memory", default=2048.0, show_default=True, help="MiB for a document.")
def main(
    corpus: Path, work: Path, limit: int | None, kills: int, seed: int, jobs: int, timeout: float, memory: float
) -> None:
    """Try lanci run on CORPUS: every content, a second run, and runs that are killed."""
    work.mkdir(parents=True)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    shelf = make_shelf(corpus, work / "shelf", limit)
    options = ("--jobs", str(jobs), "--timeout", str(timeout), "--memory", str(memory), "--attempts", "1")
    command, verdict, whole = Command(shelf=shelf.folder, options=options), Verdict(), work / "whole"
    click.echo(f"{len(shelf.contents)} files, {len(set(shelf.contents.values()))} contents")

    first = command.finish(whole)
    click.echo(str(first))
    verdict.expect("every content has a result or a reason", list(find_wrong_ends(shelf, open_store(whole))))
    verdict.expect("every result is whole", list(find_unread(open_store(whole))))
    verdict.expect("every result is recorded, and once", list(find_uncounted(open_store(whole))))

    before = {path: path.stat().st_mtime_ns for path in whole.glob("documents/**/*")}
    again = command.finish(whole)
    click.echo(str(again))
    after = {path: path.stat().st_mtime_ns for path in whole.glob("documents/**/*")}
    verdict.expect(
        "a second run writes no result", [] if before == after else [f"{len(before)} files, {len(after)} now"]
    )
    late = [str(again)] if again.seconds >= _SECOND_RUN_SECONDS else []
    verdict.expect(f"a second run takes less than {_SECOND_RUN_SECONDS:g} s", late)

    rng = random.Random(seed)  # noqa: S311 - moments, no secret
    # Early moments are likelier: a run that goes on with a store is over sooner than the first was.
    stores = kill_again_and_again(command, work, whole, kills, lambda: rng.random() ** 2 * first.seconds, verdict)
    click.echo(f"{kills} kills over {stores} stores; {verdict.broken} broken promises")
    sys.exit(1 if verdict.broken else 0)


if __name__ == "__main__":
    main()
