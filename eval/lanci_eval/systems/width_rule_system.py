"""lanci with the rule by which public tools join tables over pages in place of its own: only the joins differ."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from lanci_eval.records import Extraction
from lanci_eval.systems.base import Limits, SystemRequest
from lanci_eval.systems.lanci_system import document_to_extraction
from lanci_eval.systems.options import check_names, flag, number
from lanci_eval.systems.versions import versions
from lanci_eval.systems.warm_up import warm_up

if TYPE_CHECKING:
    from lanci.document import Fragment, LabelledFragment
    from lanci.override import Override
    from lanci.parsing import ParseOptions

OPTIONS = {
    "tolerance": "most that the width of a column may differ, as a share of the table's width, 0.02 by default",
    "titles": "off (default) or on: a part with a title of its own always begins a table",
}


class WidthRuleSystem:
    """The parts that lanci finds, joined where the rule of :func:`goes_on` says so, then checked as ever."""

    name = "width-and-header"
    summary = "lanci's parts of tables, joined when columns are equally wide and a header is exactly equal or missing"
    options: dict[str, str] = OPTIONS

    def __init__(self, request: SystemRequest, limits: Limits) -> None:
        check_names(request, OPTIONS)
        self._tolerance = number(request, "tolerance", 0.02, low=0, high=1)
        self._titles = flag(request, "titles", False)
        self._threads = limits.threads

    def prepare(self) -> dict[str, str]:
        from lanci.classify import models_version

        warm_up(self.extract)
        return versions("lanci", "pymupdf", "opencv-python-headless") | {"models": models_version()}

    def extract(self, path: Path) -> Extraction:
        from lanci.document import Document
        from lanci.interpret import interpret
        from lanci.parsing import read_fragments
        from lanci.stitch import StitchOptions, stitch
        from lanci.validate import validate

        reading = read_fragments(path, self._parse_options())
        joins = rule_to_overrides(reading.fragments, self._tolerance, heed_titles=self._titles)
        tables = [interpret(table) for table in stitch(reading.fragments, StitchOptions(overrides=joins))]
        checked, findings = validate(tables, reading.pages, reading.statements)
        return document_to_extraction(
            Document(
                reading.source,
                reading.software,
                reading.pages,
                tables=checked,
                findings=findings,
                statements=reading.statements,
            )
        )

    def _parse_options(self) -> ParseOptions:
        from lanci.ocr import OcrOptions
        from lanci.parsing import ParseOptions

        return ParseOptions(ocr=OcrOptions(threads=self._threads))


def rule_to_overrides(
    parts: Sequence[LabelledFragment], tolerance: float, *, heed_titles: bool = False
) -> tuple[Override, ...]:
    """What the rule says of every part but the first, as if a person had decided it.

    Args:
        parts: all parts of a document in reading order.
        tolerance: see :func:`goes_on`.
        heed_titles: a part with a title of its own begins a table, whatever the rule says.
    """
    from lanci.override import Override, OverrideAction

    decided: list[Override] = []
    header = _header(parts[0]) if parts else ()
    for before, part in pairwise(parts):
        begins = heed_titles and bool(part.fragment.caption.title)
        joined = not begins and goes_on(header, before, part, tolerance)
        if not joined:
            header = _header(part)
        action = OverrideAction.JOIN if joined else OverrideAction.SPLIT
        decided.append(Override(action, part.fragment.page, part.fragment.index + 1))
    return tuple(decided)


def goes_on(header: Sequence[str], before: LabelledFragment, part: LabelledFragment, tolerance: float) -> bool:
    """Whether the rule takes a part for the continuation of the one before it in reading order.

    The part begins the next page, has equally many columns of the same widths, and no header or one that is equal to
    the table's in every character.

    Args:
        header: the texts of the table's header rows as printed, cell by cell.
        before: the last part of the table.
        part: the part to be joined, or not.
        tolerance: most that a column's width may differ, as a share of the table's width.
    """
    upper, lower = before.fragment, part.fragment
    if lower.page != upper.page + 1 or lower.n_cols != upper.n_cols:
        return False
    differences = (abs(a - b) for a, b in zip(_widths(upper), _widths(lower), strict=False))
    return max(differences, default=0.0) <= tolerance and _header(part) in ((), tuple(header))


def _widths(fragment: Fragment) -> list[float]:
    """The widths of the columns as shares of the table's."""
    edges = fragment.col_edges
    whole = (edges[-1] - edges[0] if edges else 0.0) or 1.0
    return [(right - left) / whole for left, right in pairwise(edges)]


def _header(part: LabelledFragment) -> tuple[str, ...]:
    """The texts of the header rows as printed, cell by cell."""
    return tuple(cell.text for cell in part.fragment.cells if cell.row < part.n_header_rows)
