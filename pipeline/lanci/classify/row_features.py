"""Features of the rows of a fragment, for telling header, column-number and body rows apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from lanci.classify.view import (
    AMOUNT,
    BLANK,
    CODE,
    INTEGER,
    LONG,
    LONG_CODE,
    SHORT,
    STARS,
    FragmentView,
    count_to_bin,
    integer_run,
    share_to_bin,
)

Sample = tuple[str, ...]
"""One example for a classifier: one string a field, as its encoders expect them."""

Marks = tuple[str, ...]
"""What can be said of a row by itself."""
NUMBERING = "numbering"

_ENUMERATED = re.compile(
    r"(?:[一二三四五六七八九十]+|[(（][一二三四五六七八九十\d]+[)）]|\d+)[、.．]|其中|[(（][一二三]"
)
_MAX_CELL = 14
_MAX_ROW = 90
_DECIMAL = re.compile(r"[-−－(]?[\d,]*\.\d+\)?")


@dataclass(frozen=True, slots=True)
class _RowSummary:
    """What one row holds: counts of covered cells by shape, spans, and number runs."""

    cells: tuple[int, ...]
    counts: tuple[int, ...]
    run: int
    first_integer: int
    label: str
    starts_tall: bool
    starts_wide: bool
    only_groups: bool
    under_tall: bool
    longest: int
    places: tuple[tuple[int, int], ...]
    shapes: tuple[int, ...]
    label_rows: int
    label_starts: bool

    @property
    def n_cells(self) -> int:
        return len(self.cells)

    @property
    def filled(self) -> int:
        return self.n_cells - self.counts[BLANK]

    @property
    def numeric(self) -> int:
        return self.counts[AMOUNT] + self.counts[INTEGER] + self.counts[CODE] + self.counts[LONG_CODE]

    @property
    def is_numbering(self) -> bool:
        """Whether the row could number the columns: 1 2 3 … or stars, at most one label beside them."""
        numbers = self.counts[INTEGER] + self.counts[STARS]
        others = self.filled - numbers
        if numbers < 2 or others > 1:
            return False
        runs_on = self.run >= max(2, self.counts[INTEGER] - 1) and self.first_integer <= 2
        return runs_on or (self.counts[STARS] >= 2 and self.counts[INTEGER] == 0)


def _summarize_row(view: FragmentView, row: int) -> _RowSummary:
    cells = view.row_cells(row)
    grid = [view.fragment.cells[i] for i in cells]
    counts = [0] * 8
    for i in cells:
        counts[view.shapes[i]] += 1
    integers = [int(view.texts[i]) for i in cells if view.shapes[i] == INTEGER] if counts[INTEGER] else []
    own = [cell for cell in grid if cell.row == row]
    return _RowSummary(
        cells=cells,
        counts=tuple(counts),
        run=integer_run(integers),
        first_integer=integers[0] if integers else 9999,
        label=view.texts[cells[0]] if cells else "",
        starts_tall=any(cell.row_span > 1 for cell in own),
        starts_wide=any(cell.col_span > 1 for cell in own),
        only_groups=all(cell.col_span > 1 or cell.row_span > 1 for cell in own) and len(own) == len(grid) > 1,
        under_tall=len(own) < len(grid),
        longest=max([len(view.texts[i]) for i in cells], default=0),
        places=tuple([(cell.col, cell.col_span) for cell in grid]),
        shapes=tuple([view.shapes[i] for i in cells]),
        label_rows=grid[0].row_span if grid else 0,
        label_starts=bool(grid) and grid[0].row == row,
    )


def can_number_columns(view: FragmentView, row: int) -> bool:
    """Whether a row may be a column-number row at all: hardly a cell of it holds decimals (``7.00``, ``0.00``).

    One in four may, since a recogniser can misread a number.
    """
    texts = [view.texts[i] for i in view.row_cells(row) if view.texts[i]]
    return 4 * sum(bool(_DECIMAL.fullmatch(text)) for text in texts if "." in text) <= len(texts)


def view_to_row_samples(view: FragmentView) -> list[Sample]:
    """One sample a row: its words, and signs of its position, contents, spans and neighbours.

    Returns:
        ``n_rows`` samples of two fields: ``words`` (cell texts between bars) and ``signs`` (tokens).
    """
    summaries = [_summarize_row(view, row) for row in range(view.fragment.n_rows)]
    marks = [_summary_to_marks(summary) for summary in summaries]
    first_numbering = next((row for row, own in enumerate(marks[:12]) if NUMBERING in own), -1)
    whole = (
        f"wide-rows{share_to_bin(sum(own.starts_wide for own in summaries), len(summaries))}",
        "titled" if view.fragment.caption.title else "untitled",
    )
    samples: list[Sample] = []
    for row in range(view.fragment.n_rows):
        signs = _row_to_signs(summaries, marks, row, first_numbering)
        signs += [*whole, f"{whole[1]}/at{min(row, 2)}"]
        signs += [f"{whole[0]}/wide"] * summaries[row].starts_wide
        samples.append((_row_to_words(view, row), " ".join(signs)))
    return samples


def _row_to_words(view: FragmentView, row: int) -> str:
    """Texts of the cells that begin in this row, numbers as 0."""
    words = [view.words[i][:_MAX_CELL] for i in view.starting_cells(row)]
    return ("|" + "|".join(word for word in words if word) + "|")[:_MAX_ROW]


def _row_to_signs(summaries: list[_RowSummary], marks: list[Marks], row: int, first_numbering: int) -> list[str]:
    own = summaries[row]
    last = len(summaries) - 1
    signs = [f"at{min(row, 4)}", f"cells{count_to_bin(own.n_cells)}"]
    signs += ["last"] * (row == last) + ["wide"] * own.starts_wide + ["tall"] * own.starts_tall
    signs += ["under"] * own.under_tall + ["full"] * (own.n_cells == 1) + ["numbering"] * (NUMBERING in marks[row])
    signs += _marks_of("own", marks[row])
    signs += _marks_of("above", marks[row - 1]) if row else ["top"]
    signs += _marks_of("below", marks[row + 1]) if row < last else ["bottom"]
    if first_numbering >= 0:
        where = "before" if row < first_numbering else "after" if row > first_numbering else "at"
        signs.append(f"{where}-numbering")
    signs += ["serial"] * own.label.isdigit() + ["nolabel"] * (not own.label)
    signs += ["enumerated"] * bool(_ENUMERATED.match(own.label))
    signs += _likeness("above", own, summaries[row - 1]) if row else []
    signs += _likeness("below", own, summaries[row + 1]) if row < last else []
    if own.label_rows > 1:
        signs.append(f"{'begins' if own.label_starts else 'within'}-label{count_to_bin(own.label_rows)}")
    signs += ["tall-above"] * any(summary.starts_tall for summary in summaries[max(0, row - 3) : row])
    return signs


def _likeness(where: str, own: _RowSummary, other: _RowSummary) -> list[str]:
    """Whether a neighbour has its cells at the same places, how many of them look the same, and how many are shared."""
    shared = set(own.cells) & set(other.cells)
    signs = [f"joined-{where}{share_to_bin(len(shared), own.n_cells)}"] if shared else []
    kind = "joined" if shared else "like"
    if own.places != other.places:
        return [*signs, f"un{kind}-{where}"]
    same = sum(left == right for left, right in zip(own.shapes, other.shapes, strict=True)) - len(shared)
    return [*signs, f"{kind}-{where}{share_to_bin(same, own.n_cells - len(shared))}"]


def _summary_to_marks(summary: _RowSummary) -> Marks:
    filled, counts = summary.filled, summary.counts
    return (
        f"filled{share_to_bin(filled, summary.n_cells)}",
        f"numeric{share_to_bin(summary.numeric, filled)}",
        f"amount{share_to_bin(counts[AMOUNT], filled)}",
        f"short{share_to_bin(counts[SHORT], filled)}",
        f"long{share_to_bin(counts[LONG], filled)}",
        f"code{min(counts[CODE], 2)}",
        f"stars{min(counts[STARS], 2)}",
        f"only{min(filled, 3)}",
        f"len{count_to_bin(summary.longest)}",
        *([NUMBERING] if summary.is_numbering else []),
        *(["wide"] if summary.starts_wide else []),
        *(["groups"] if summary.only_groups else []),
    )


@lru_cache(maxsize=4096)
def _marks_of(neighbour: str, marks: Marks) -> Marks:
    """The marks as signs of a row that has such a row above, below, or is one itself; rows are much alike."""
    return tuple([f"{neighbour}:{mark}" for mark in marks])
