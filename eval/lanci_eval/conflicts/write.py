"""The sample as a page with pictures (``conflicts.html``) and a list to fill in (``conflicts.csv``)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import jinja2

from lanci.source import open_source
from lanci.store.table_csv import text_to_csv_cell
from lanci_eval.conflicts.collect import Conflict
from lanci_eval.conflicts.draw import draw_conflict
from lanci_eval.results.files import write_file

PAGE_FILE, LIST_FILE = "conflicts.html", "conflicts.csv"
VERDICTS = ("printed so", "misread", "wrong rule", "cannot tell")
_COLUMNS = ("number", "file", "pages", "table", "rule", "severity", "expected", "found", "message", "verdict", "remark")
_MOST_TEXTS = 40


@dataclass(frozen=True, slots=True)
class ConflictView:
    """What the page shows of a conflict; ``pictures`` are page numbers with data URIs."""

    number: int
    conflict: Conflict
    pages: str
    texts: str
    pictures: tuple[tuple[int, str], ...]


def write_sample(sample: Sequence[Conflict], n_conflicts: int, n_files: int, folder: Path) -> tuple[Path, ...]:
    """Write both files, replacing older ones, and return their paths.

    Args:
        sample: the conflicts to show, those of one file one after another.
        n_conflicts: of which they were drawn.
        n_files: in which these were looked for.
        folder: where to.

    Raises:
        LanciError: a file cannot be read any more, or one cannot be written.
    """
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("lanci_eval.conflicts", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    views = list(_to_views(sample))
    page = environment.get_template("conflicts.html.j2").render(
        views=views, n_conflicts=n_conflicts, n_files=n_files, verdicts=VERDICTS, list_file=LIST_FILE
    )
    paths = (folder / PAGE_FILE, folder / LIST_FILE)
    write_file(paths[0], page)
    # spreadsheets know UTF-8 by its byte-order mark
    write_file(paths[1], "\ufeff" + _to_csv(views))
    return paths


def _to_views(sample: Sequence[Conflict]) -> Iterator[ConflictView]:
    number = 0
    for path, group in groupby(sample, key=lambda conflict: conflict.path):
        with open_source(path) as source:
            for conflict in group:
                number += 1
                pages = ", ".join(str(page) for page in sorted({cell.page for cell in conflict.cells}))
                texts = " ".join(cell.text or "(blank)" for cell in conflict.cells[:_MOST_TEXTS])
                yield ConflictView(number, conflict, pages, texts, tuple(draw_conflict(source, conflict)))


def _to_csv(views: Sequence[ConflictView]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for view in views:
        finding = view.conflict.finding
        values = (
            view.conflict.name,
            view.pages,
            view.conflict.table,
            finding.rule,
            finding.severity.value,
            finding.expected or "",
            finding.found or "",
            finding.message,
        )
        writer.writerow([view.number, *map(text_to_csv_cell, values), "", ""])
    return text.getvalue()
