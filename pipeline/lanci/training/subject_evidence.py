"""Where the names of subject codes are printed: the evidence from which the shipped list of subjects is merged."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lanci.annotation import AnnotatedDocument
from lanci.errors import AnnotationError
from lanci.interpret import interpret
from lanci.reference import SubjectSource, code_to_classification, to_national
from lanci.text import squash

MINED_FIELDS = ("code", "name", "votes", "runner_up", "runner_up_votes")
WRITTEN_FIELDS = ("code", "name", "aliases", "since", "until")

_CODE = re.compile(r"[235]\d\d(?:\d\d){0,2}")
_TO_FULL_WIDTH = str.maketrans("(),:", "（），：")
_YEAR = re.compile(r"20\d\d")


@dataclass(frozen=True, slots=True)
class Printing:
    """One wording of the name of one code in one kind of source.

    Attributes:
        code: the subject's code.
        name: without spaces, brackets and commas in full width.
        votes: how many documents (annotated) or lines (mined) print it.
        source: the kind of source.
        first_year, last_year: fiscal years of the documents, None where they are not known.
        is_usual: whether the source gives it as the usual name; a former one is not.
        since, until: validity that the source states.
    """

    code: str
    name: str
    votes: int
    source: SubjectSource
    first_year: int | None = None
    last_year: int | None = None
    is_usual: bool = True
    since: int | None = None
    until: int | None = None


def read_written(path: Path) -> tuple[Printing, ...]:
    """The file of classes written by hand.

    Raises:
        AnnotationError: it cannot be read or has other columns.
    """
    found = []
    for row in _read_rows(path, WRITTEN_FIELDS):
        code, name, aliases, since, until = row
        years = (int(since) if since else None, int(until) if until else None)
        found.append(Printing(code, to_wording(name), 0, SubjectSource.WRITTEN, since=years[0], until=years[1]))
        found += [
            Printing(code, to_wording(alias), 0, SubjectSource.WRITTEN, is_usual=False)
            for alias in aliases.split("|")
            if alias
        ]
    return tuple(found)


def read_mined(path: Path, year: int) -> tuple[Printing, ...]:
    """A list of codes with votes, read from documents of one fiscal year.

    Raises:
        AnnotationError: it cannot be read or has other columns.
    """
    found = []
    for code, name, votes, other, other_votes in _read_rows(path, MINED_FIELDS):
        for wording, count in ((name, votes), (other, other_votes)):
            if wording:
                found.append(Printing(code, to_wording(wording), int(count), SubjectSource.MINED, year, year))
    return tuple(printing for printing in found if _is_code(printing.code))


def read_annotated(documents: Iterable[AnnotatedDocument]) -> tuple[Printing, ...]:
    """The coded rows of annotated documents, which hold exactly what is printed; a document has one vote."""
    votes: Counter[tuple[str, str]] = Counter()
    years: dict[tuple[str, str], set[int]] = {}
    for document in documents:
        year = _fiscal_year(document)
        printed = {(code, to_wording(name)) for code, name in _coded_names(document) if name}
        for key in printed:
            votes[key] += 1
            years.setdefault(key, set()).update([year] if year else [])
    return tuple(
        Printing(
            *key,
            votes[key],
            SubjectSource.ANNOTATED,
            min(years[key], default=None),
            max(years[key], default=None),
        )
        for key in sorted(votes)
    )


def to_wording(name: str) -> str:
    """A printed name in the one form in which names are compared and kept."""
    return squash(name).translate(_TO_FULL_WIDTH)


def _coded_names(document: AnnotatedDocument) -> Iterator[tuple[str, str]]:
    for annotated in document.tables:
        for meaning in interpret(annotated.table).meanings:
            for code in meaning.codes:
                if _is_code(code.code) and to_national(code.code) == code.code:
                    yield code.code, code.name


def _is_code(code: str) -> bool:
    """Whether it can be a code at all; no level is numbered 00."""
    return code_to_classification(code) is not None and bool(_CODE.fullmatch(code)) and not code.endswith("00")


def _fiscal_year(document: AnnotatedDocument) -> int | None:
    """The year of its tables' captions, or the only one in its name."""
    captions = [table.table.caption.fiscal_year for table in document.tables]
    years = {year for year in captions if year} or {int(year) for year in _YEAR.findall(document.name)}
    return years.pop() if len(years) == 1 else None


def _read_rows(path: Path, fields: Sequence[str]) -> Iterator[list[str]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise AnnotationError(f"{path} cannot be read as UTF-8 text ({error}); name a file of subject codes") from error
    rows = [row for row in csv.reader(line for line in lines if not line.startswith("#")) if row]
    if not rows or tuple(rows[0]) != tuple(fields):
        raise AnnotationError(f"{path}: the columns must be {','.join(fields)}")
    yield from rows[1:]
