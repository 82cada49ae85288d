"""``lanci annotate check``."""

# ruff: noqa: D301 - click wants the backspace character itself before a block that it must not wrap

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lanci.errors import ExitCode

if TYPE_CHECKING:
    from lanci.annotation import AnnotatedDocument
    from lanci_eval.truth.identities import BrokenIdentity


@click.command("check", short_help="Check annotations against the schema, the page and their own arithmetic.")
@click.argument("places", metavar="FOLDER...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("-q", "--quiet", is_flag=True, help="Do not list the true inconsistencies of the sources.")
def check(places: tuple[Path, ...], quiet: bool) -> ExitCode:
    """Check every annotation file of each FOLDER, or of its folder "documents"; files can be named too.

    Checked are the schema; that cells cover their table once, boxes lie on their page and in their table, do not
    overlap and follow rows and columns; that roles, paths, parts and counts agree; and the arithmetic: what does
    not add up must be a known inconsistency of the source, or it is an annotation error to settle.

    \b
    Examples:
      lanci annotate check annotations/
      lanci annotate check annotations/documents/linxi-2021.json drafts/ --quiet

    Exit codes: 0 all good, 1 something is to be settled, 2 wrong usage.
    """
    from lanci_eval.truth.folders import find_annotation_files

    found = find_annotation_files(places)
    for place, paths in found.items():
        if not paths:
            raise click.UsageError(f"{place}: no annotation files (*.json) here or in its folder documents")
    files = list(dict.fromkeys(path for paths in found.values() for path in paths))
    checked = list(_check_files(files))
    for file in checked:
        for line in file.to_lines(quiet=quiet):
            click.echo(line)
    for line in _summarize(checked):
        click.echo(line)
    return ExitCode.SOME_FAILED if any(file.n_wrong for file in checked) else ExitCode.OK


@dataclass(frozen=True, slots=True)
class _Checked:
    """One file: its document when it keeps the schema, what is wrong with it, and what does not add up."""

    path: Path
    document: AnnotatedDocument | None
    problems: tuple[str, ...]
    broken: tuple[BrokenIdentity, ...]

    @property
    def n_wrong(self) -> int:
        return len(self.problems) + sum(not broken.known for broken in self.broken)

    def to_lines(self, *, quiet: bool) -> Iterator[str]:
        for problem in self.problems:
            yield f"{self.path}: {problem}"
        for broken in self.broken:
            if not (quiet and broken.known):
                yield f"{self.path}: {broken.to_problem()}"


def _check_files(paths: Sequence[Path]) -> Iterator[_Checked]:
    from lanci.annotation import read_annotation
    from lanci_eval.truth.identities import find_broken_identities

    seen: dict[str, Path] = {}
    for path in paths:
        reading = read_annotation(path)
        problems, document = list(reading.problems), reading.document
        # Rules of arithmetic are made for whole tables: contradictions are to be settled first.
        broken = find_broken_identities(document) if document is not None and not problems else ()
        if document is not None:
            if path.stem != document.id:
                problems.append(f"{document.id}: the file of a document is named after its id: {document.id}.json")
            if document.id in seen:
                problems.append(f"{document.id}: {seen[document.id]} describes this document too")
            seen.setdefault(document.id, path)
        yield _Checked(path, document, tuple(problems), broken)


def _summarize(checked: Iterable[_Checked]) -> Iterator[str]:
    files = list(checked)
    documents = [file.document for file in files if file.document is not None]
    tables = [table for document in documents for table in document.tables]
    broken = [one for file in files for one in file.broken]
    n_known = sum(one.known for one in broken)
    n_problems = sum(len(file.problems) for file in files)
    n_unread = len(files) - len(documents)
    yield (
        f"{_count(len(documents), 'document')}, {_count(len(tables), 'table')}, "
        f"{_count(sum(len(t.fragments) for t in tables), 'fragment')}, "
        f"{_count(sum(len(t.table.cells) for t in tables), 'cell')}"
        + (f"; {_count(n_unread, 'file')} not read" if n_unread else "")
    )
    yield (
        f"cells: {sum(t.verification.agreed for t in tables):,} accepted because readings agree, "
        f"{sum(t.verification.by_eye for t in tables):,} settled by eye"
    )
    yield (
        f"arithmetic: {_count(n_known, 'true inconsistency', 'true inconsistencies')} of the sources, "
        f"{_count(len(broken) - n_known, 'annotation error')} to settle"
    )
    yield f"✗ {_count(n_problems, 'other problem')}" if n_problems else "✓ no other problems"


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
