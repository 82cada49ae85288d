"""A truth for digital pages that nobody labelled: what two independent extractors agree on, cell by cell.

lanci and pdfplumber share no code and no method (rules, spans and words are found by each in its own way), so that
both are seldom wrong alike. But they agree where a page is easy: a fully ruled grid, each text inside its cell. Pages
that are hard in structure get no truth, and figures over agreed pages say how well a page is *read*, not how well
difficult tables are found.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from lanci.text import squash
from lanci_eval.evidence import read_evidence
from lanci_eval.records import EvalCell, EvalTable, Extraction
from lanci_eval.systems.base import Limits, SystemRequest
from lanci_eval.systems.lanci_system import document_to_extraction
from lanci_eval.systems.pdfplumber_system import PdfplumberSystem

# pdfplumber and pdfminer let the faults of a broken file through as whatever Python makes of them.
_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    RecursionError,
    MalformedPDFException,
    PdfminerException,
)

_Shape = tuple[int, int, int, int, str]


@dataclass(frozen=True, slots=True)
class Agreement:
    """``truth`` is None where the two do not agree on every table; ``reason`` then says on what."""

    truth: Extraction | None
    reason: str = ""


def agree_on_page(path: Path) -> Agreement:
    """Read a digital PDF of one page twice, and keep what both readings have in common, if that is all.

    They agree when they find the same number of tables, from the top of the page to its end, and in each pair the
    same cells at the same places with the same spans and, white space aside, the same texts. The truth has texts
    as lanci joins their lines, no boxes (a scan moves them), no roles and no types. The unit of money is the one that
    the page's visible text announces, empty where it announces none or several.

    Raises:
        LanciError: lanci cannot read the file.
    """
    from lanci.parsing import parse

    ours = document_to_extraction(parse(path))
    try:
        theirs = PdfplumberSystem(SystemRequest("pdfplumber", "pdfplumber"), Limits()).extract(path)
    except _FAULTS as error:
        return Agreement(None, f"pdfplumber fails: {type(error).__name__}: {error}")
    units = read_evidence(path).pages[0].units
    return compare_readings(ours, theirs, units[0] if len(units) == 1 else "")


def compare_readings(ours: Extraction, theirs: Extraction, unit: str = "") -> Agreement:
    """The same for readings by lanci and pdfplumber that are at hand, both of one page that announces ``unit``.

    A frame around a single cell is no table.
    """
    mine, other = (
        sorted((table for table in reading.tables if len(table.cells) > 1), key=_place) for reading in (ours, theirs)
    )
    if len(mine) != len(other):
        return Agreement(None, f"lanci finds {len(mine)} tables, pdfplumber {len(other)}")
    if not mine:
        return Agreement(None, "lanci and pdfplumber find no table")
    for number, (one, two) in enumerate(zip(mine, other, strict=True), start=1):
        difference = _difference(one, two)
        if difference:
            return Agreement(None, f"lanci and pdfplumber differ on table {number}: {difference}")
    return Agreement(Extraction(tuple(_to_truth(table, unit) for table in mine)))


def _difference(ours: EvalTable, theirs: EvalTable) -> str:
    """What two readings of a table differ in first, "" for nothing."""
    if (ours.n_rows, ours.n_cols) != (theirs.n_rows, theirs.n_cols):
        return f"{ours.n_rows} x {ours.n_cols} cells against {theirs.n_rows} x {theirs.n_cols}"
    mine, other = _shapes(ours.cells), _shapes(theirs.cells)
    if [shape[:4] for shape in mine] != [shape[:4] for shape in other]:
        return "the spans"
    texts = ((one[:2], one[4], two[4]) for one, two in zip(mine, other, strict=True) if one[4] != two[4])
    return next((f"row {row}, column {col}: {one!r} against {two!r}" for (row, col), one, two in texts), "")


def _shapes(cells: Iterable[EvalCell]) -> list[_Shape]:
    return sorted((c.row, c.col, c.row_span, c.col_span, squash(c.text)) for c in cells)


def _place(table: EvalTable) -> tuple[float, float, str]:
    """From the top to the end of the page; tables without a box come last."""
    box = table.fragments[0].box
    return (box.y0, box.x0, table.id) if box is not None else (float("inf"), 0.0, table.id)


def _to_truth(table: EvalTable, unit: str) -> EvalTable:
    """Only what the two can agree on, and the unit."""
    return EvalTable(
        id=table.id,
        n_rows=table.n_rows,
        n_cols=table.n_cols,
        cells=tuple(EvalCell(c.row, c.col, c.row_span, c.col_span, c.text, c.page) for c in table.cells),
        fragments=tuple(replace(fragment, box=None) for fragment in table.fragments),
        unit=unit,
    )
