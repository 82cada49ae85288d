"""The error rate of the ground truth itself: a random sample of cells, judged by eye, and what follows from it."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from lanci.annotation import NO_BOX, AnnotatedDocument, AnnotatedTable, Media
from lanci.document import Cell, HeaderRole
from lanci.errors import AnnotationError, OutputError
from lanci.text import squash

CONFIDENCE = 0.95
"""Of all intervals."""

_NUMBER, _VERDICT = "number", "verdict"
COLUMNS = (
    _NUMBER,
    "sheet",
    "document",
    "page",
    "table",
    "row",
    "col",
    "row_span",
    "col_span",
    "kind",
    "expected_text",
    "row_label",
    "column_label",
    _VERDICT,
    "remark",
)
"""Of the file that is filled in."""


class CellKind(StrEnum):
    """What a cell holds, as far as its check goes."""

    AMOUNT = "amount"
    TEXT = "text"
    BLANK = "blank"


class Verdict(StrEnum):
    """What a person found: text, row, column and extent of the cell are as annotated, or something is not.

    ``UNCLEAR`` cannot be told from the page; it counts as wrong.
    """

    RIGHT = "right"
    WRONG = "wrong"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class SampledCell:
    """A cell that was drawn; ``number`` counts from 1 in the order of documents, pages and places."""

    number: int
    document: AnnotatedDocument
    annotated: AnnotatedTable
    cell: Cell

    @property
    def kind(self) -> CellKind:
        if not squash(self.cell.text):
            return CellKind.BLANK
        is_body = self.cell.row >= self.annotated.table.n_header_rows
        return CellKind.AMOUNT if is_body and self.cell.role is HeaderRole.AMOUNT else CellKind.TEXT


@dataclass(frozen=True, slots=True)
class Rate:
    """Errors among judged cells: ``low`` and ``high`` bound the share in the whole at :data:`CONFIDENCE`."""

    name: str
    wrong: int
    judged: int
    low: float
    high: float

    @property
    def share(self) -> float | None:
        return self.wrong / self.judged if self.judged else None


def draw_sample(documents: Iterable[AnnotatedDocument], count: int, seed: int) -> tuple[SampledCell, ...]:
    """``count`` cells, each cell that has a box and a page as likely as any other; all where there are fewer.

    The cells with the smallest hashes of seed and place are taken: the same cells for the same seed on every
    machine, and mostly the same ones when documents are added.
    """
    cells = [
        (document, annotated, cell)
        for document in documents
        if document.media is not Media.TEXT
        for annotated in document.tables
        for cell in annotated.table.cells
        if cell.box != NO_BOX
    ]
    drawn = sorted(cells, key=lambda entry: _rank(seed, *entry))[:count]
    drawn.sort(key=lambda entry: (entry[0].id, entry[2].page, entry[1].table.id, entry[2].row, entry[2].col))
    return tuple(SampledCell(number, *entry) for number, entry in enumerate(drawn, start=1))


def exact_interval(wrong: int, judged: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The exact interval of a share (Clopper and Pearson, 1934); 0 to 1 when nothing was judged.

    Cells are drawn without replacement from all of the truth, whatever document they are in; for such a sample the
    interval is, if anything, too wide.

    Raises:
        ValueError: ``wrong`` is not between 0 and ``judged``.
    """
    from scipy.stats import beta

    if not 0 <= wrong <= judged:
        raise ValueError(f"{wrong} wrong of {judged}")
    tail = (1 - confidence) / 2
    low = float(beta.ppf(tail, wrong, judged - wrong + 1)) if wrong else 0.0
    high = float(beta.ppf(1 - tail, wrong + 1, judged - wrong)) if wrong < judged else 1.0
    return low, high


def write_form(sample: Sequence[SampledCell], sheets: Sequence[str], path: Path) -> None:
    """Write the file to fill in, a cell a line; ``sheets`` names the picture that shows each of them.

    Raises:
        OutputError: it cannot be written.
    """
    try:
        # The mark at the beginning tells spreadsheet programs that it is UTF-8.
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            for drawn, sheet in zip(sample, sheets, strict=True):
                writer.writerow(_to_line(drawn, sheet))
    except OSError as error:
        raise OutputError(f"{path} cannot be written ({error.strerror}); check the folder") from error


def score_form(path: Path) -> tuple[Rate, ...]:
    """The error rate of all cells, and that of every kind, from a filled-in file.

    Raises:
        AnnotationError: it cannot be read, lacks a column, or a verdict is missing or none that there is; the message
            names the numbers.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise AnnotationError(f"{path} cannot be read ({error}); name a form of lanci annotate recheck") from error
    if not lines or not {_NUMBER, "kind", _VERDICT} <= lines[0].keys():
        raise AnnotationError(f"{path}: not a form of lanci annotate recheck, or an empty one")
    open_ = [line[_NUMBER] for line in lines if _read_verdict(line) is None]
    if open_:
        shown = ", ".join(open_[:10]) + ("…" if len(open_) > 10 else "")
        raise AnnotationError(f"{path}: no verdict for {shown}; fill in {', '.join(Verdict)}")
    rates = []
    for name in ("all", *CellKind):
        verdicts = [_read_verdict(line) for line in lines if name in ("all", line["kind"])]
        wrong = sum(verdict is not Verdict.RIGHT for verdict in verdicts)
        rates.append(Rate(name, wrong, len(verdicts), *exact_interval(wrong, len(verdicts))))
    return tuple(rates)


def rates_to_markdown(rates: Iterable[Rate]) -> str:
    """A table of the rates in percent."""
    lines = ["| cells | judged | wrong | error rate | 95 % interval |", "|---|---:|---:|---:|---:|"]
    for rate in rates:
        share = "–" if rate.share is None else f"{100 * rate.share:.2f} %"
        interval = "–" if rate.share is None else f"{100 * rate.low:.2f} to {100 * rate.high:.2f} %"
        lines.append(f"| {rate.name} | {rate.judged} | {rate.wrong} | {share} | {interval} |")
    return "\n".join(lines) + "\n"


def _rank(seed: int, document: AnnotatedDocument, annotated: AnnotatedTable, cell: Cell) -> str:
    place = f"{seed}/{document.id}/{annotated.table.id}/{cell.row}/{cell.col}"
    return hashlib.sha256(place.encode()).hexdigest()


def _to_line(drawn: SampledCell, sheet: str) -> tuple[str | int, ...]:
    cell, table = drawn.cell, drawn.annotated.table
    return (
        drawn.number,
        sheet,
        drawn.document.id,
        cell.page,
        table.id,
        cell.row,
        cell.col,
        cell.row_span,
        cell.col_span,
        drawn.kind.value,
        _as_text(cell.text),
        _as_text(_row_label(drawn)),
        _as_text(" / ".join(table.columns[cell.col].path)),
        "",
        "",
    )


def _row_label(drawn: SampledCell) -> str:
    """The texts of the cells left of it that are no amounts, which tell a person its row."""
    table, own = drawn.annotated.table, drawn.cell
    labels = [
        cell.text
        for cell in table.cells
        if own.row in cell.rows and cell.col < own.col and cell.text and cell.role is not HeaderRole.AMOUNT
    ]
    return " | ".join(labels)


def _as_text(text: str) -> str:
    """A text that a spreadsheet program shows as it is, and not as a formula."""
    return f"'{text}" if text.startswith(("=", "+", "@", "\t")) else text


def _read_verdict(line: dict[str, str]) -> Verdict | None:
    verdict = (line[_VERDICT] or "").strip().lower()
    return Verdict(verdict) if verdict in tuple(Verdict) else None
