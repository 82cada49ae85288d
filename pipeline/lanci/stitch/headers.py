"""Find the rows of a continuation that print the table's header again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from lanci.document import RowRole
from lanci.stitch.view import FragmentView

SAME_HEADER_ROW = 0.72
"""Two labelled header rows are copies from this similarity on: OCR noise and drifted wording stay above it."""
SAME_UNLABELLED_ROW = 0.92
"""A row that was not taken for a header is a copy of one only when nearly every character agrees."""
_MIN_INNER_CELLS = 2
"""A header row in the middle of a part is only believed with this many texts."""

KnownRows = dict[RowRole, dict[str, None]]
"""The texts of a table's header rows by role, each once."""


@dataclass(frozen=True, slots=True)
class RepeatedHeader:
    """Which rows of a part repeat the table's header.

    ``leading`` are the rows from the top, ``inner`` those printed again further down (a page that was put together
    from pieces), ``similarity`` the mean over ``leading``'s header rows in 0..1. ``unmatched`` counts rows that
    were labelled header and have no counterpart.
    """

    leading: tuple[int, ...] = ()
    inner: tuple[int, ...] = ()
    similarity: float = 0.0
    unmatched: int = 0


def row_similarity(one: str, two: str, least: float) -> float:
    """How alike two rows' texts are, 0..1; 0 below ``least``, and two empty rows are not alike."""
    if not one or not two:
        return 0.0
    return fuzz.ratio(one, two, score_cutoff=100.0 * least) / 100.0


def find_repeated_header(parts: Sequence[FragmentView], lower: FragmentView) -> RepeatedHeader:
    """Compare the rows of ``lower`` with the header rows printed in ``parts`` (one table, in page order).

    Rows count as a copy by their texts, not by their number: the copy may be partial (only the lowest level, no
    key/value row above it), and it may be there although no row of ``lower`` was labelled header.
    """
    known = _known_header_rows(parts)
    if not known:
        return RepeatedHeader(unmatched=len(lower.header))
    leading, scores, unmatched = _leading_copies(known, lower)
    inner = tuple(
        row
        for row in range(len(leading), lower.n_rows)
        if _best(known, lower.row_text(row), (RowRole.HEADER,), SAME_UNLABELLED_ROW)
        and sum(bool(cell.text) for cell in lower.row_cells(row)) >= _MIN_INNER_CELLS
    )
    similarity = sum(scores) / len(scores) if scores else 0.0
    return RepeatedHeader(leading, inner if leading or not unmatched else (), similarity, unmatched)


def _leading_copies(known: KnownRows, lower: FragmentView) -> tuple[tuple[int, ...], list[float], int]:
    leading: list[int] = []
    scores: list[float] = []
    unmatched = 0
    for row in range(lower.n_rows):
        labelled = row in lower.header
        inside = row < lower.labelled.n_header_rows
        least = SAME_HEADER_ROW if labelled else SAME_UNLABELLED_ROW
        score = _best(known, lower.row_text(row), _roles_to_compare(lower.roles[row]), least)
        if score:
            leading.append(row)
            if lower.roles[row] is not RowRole.COLUMN_NUMBER:
                scores.append(score)
        elif labelled:
            unmatched += 1
        elif not inside:
            break
    return _unbroken(leading), scores, unmatched


def _unbroken(rows: Sequence[int]) -> tuple[int, ...]:
    """The rows up to the first gap, counted from the top row; a copy below a data row is no header copy."""
    count = 0
    while count < len(rows) and rows[count] == count:
        count += 1
    return tuple(rows[:count])


def _known_header_rows(parts: Sequence[FragmentView]) -> KnownRows:
    known: KnownRows = {}
    for part in parts:
        for role, text in part.header_texts:
            known.setdefault(role, {})[text] = None
    return known


def _best(known: KnownRows, text: str, roles: Sequence[RowRole], least: float) -> float:
    """The best similarity of a row's text with a known header row of one of the roles; 0 below ``least``."""
    others = (other for role in roles for other in known.get(role, ()))
    return max((row_similarity(text, other, least) for other in others), default=0.0)


def _roles_to_compare(role: RowRole) -> tuple[RowRole, ...]:
    if role in (RowRole.COLUMN_NUMBER, RowRole.SECTION):
        return (role,)
    if role is RowRole.HEADER:
        return (RowRole.HEADER, RowRole.SECTION)
    return (RowRole.HEADER, RowRole.COLUMN_NUMBER)
