"""Checking cases on the files of a corpus, each parsed once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from lanci.document import Document
from lanci.errors import LanciError
from lanci.parsing import ParseOptions, parse
from lanci.source import discover
from lanci_eval.cases.records import CaseError, CaseFile, HardCase, Outcome, Problem, State


def find_case_files(cases: Iterable[HardCase], folder: Path) -> dict[CaseFile, Path]:
    """The files of the cases that lie somewhere under the folder, known by their contents, not their names.

    Raises:
        CaseError: a file cannot be read.
    """
    wanted = {case.file.sha256: case.file for case in cases}
    found: dict[CaseFile, Path] = {}
    for path in discover([folder]):
        try:
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise CaseError(f"{path} cannot be read ({error.strerror}); check its permissions") from error
        if digest in wanted:
            found.setdefault(wanted[digest], path)
    return found


def check_cases(cases: Sequence[HardCase], found: dict[CaseFile, Path]) -> Iterator[Outcome]:
    """Parse each file once and tell what came of each case, those of one file together, files by name.

    A file that lanci cannot parse fails its cases. What is not in ``found`` is not parsed.
    """
    for file, group in groupby(sorted(cases, key=lambda case: case.file.name), key=lambda case: case.file):
        path = found.get(file)
        if path is None:
            yield from (Outcome(case, State.NO_FILE) for case in group)
            continue
        try:
            document = parse(path, ParseOptions(pages=file.read or None))
        except LanciError as error:
            problem = Problem(error.page, "a parsed document", str(error))
            yield from (Outcome(case, State.FAILS, (problem,)) for case in group)
            continue
        yield from (_check(case, document) for case in group)


def _check(case: HardCase, document: Document) -> Outcome:
    problems = tuple(problem for expectation in case.expectations for problem in expectation.check(document))
    return Outcome(case, State.FAILS if problems else State.HOLDS, problems)
