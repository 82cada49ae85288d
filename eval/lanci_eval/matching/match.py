"""Which found table stands for which true one, and which row and column for which: done once per document.

Two views are compared. *Logical tables* are whole, over all their pages: amounts, joins and exact recovery are
judged here. *Page grids* are what a single page shows of a table: structure metrics are judged here, so that a
system that does not stitch is not punished twice.

A header that the page prints again above a continuation may be kept or dropped by a system, both are right:
where one side knows of such a header, its page grid is taken with or without it, whichever fits its partner
better; without a partner, without it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from lanci.document import Box, boxes_to_hull
from lanci.text import squash
from lanci_eval.matching.align import TextGrid, align_grids
from lanci_eval.matching.money import VALUE_ROLES, printed_amount
from lanci_eval.records import EvalCell, EvalFragment, EvalTable, Extraction

MIN_SIMILARITY = 0.1
"""Page grids that are less alike than this do not stand for each other."""
_SHAPE_WORTH = 1e-4
"""Among grids of the same texts the one of the same shape is taken ..."""
_ORDER_WORTH = 1e-7
"""... and among those the one at the same place in the order of tables."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """Monotonic one-to-one pairs ``(true, found)`` of rows and of columns."""

    rows: tuple[tuple[int, int], ...]
    cols: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class PageGrid:
    """What one page shows of a logical table; rows count from the first row shown.

    ``table`` is the index of the logical table in its extraction, ``first_row`` the row of the table that row 0 of the
    grid would be: less than its first one on the page where the grid begins with a header printed again.
    """

    table: int
    page: int
    n_rows: int
    n_cols: int
    cells: tuple[EvalCell, ...]
    box: Box | None = None
    first_row: int = 0


@dataclass(frozen=True, slots=True)
class TablePair:
    """A true and a found table that stand for each other; one of them is None where nothing does."""

    truth: EvalTable | None
    found: EvalTable | None
    alignment: Alignment | None


@dataclass(frozen=True, slots=True)
class GridPair:
    """A true and a found page grid that stand for each other; one of them is None where nothing does."""

    truth: PageGrid | None
    found: PageGrid | None
    alignment: Alignment | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All tables and page grids of the truth and of the extraction, each in exactly one pair.

    Pairs with a truth come first, in the order of the truth; then what was found and is not there.
    """

    tables: tuple[TablePair, ...]
    grids: tuple[GridPair, ...]


def compare(truth: Extraction, found: Extraction) -> Comparison:
    """Pair the page grids of each page, then the logical tables, and align what is paired.

    Page grids of one page are paired one-to-one so that their similarities add up to the most. Similarity is the
    Dice coefficient of the multisets of texts; where both grids have boxes, the mean of that and of the boxes'
    intersection over union. (The mean, because either can mislead alone: a badly read scan shares few texts, two
    empty forms on a page share all, and a box says little of a table torn in two.)

    Logical tables are paired one-to-one so that the similarity of their paired page grids, weighted by cells with
    text, adds up to the most. Of a table that a system gives in three parts, the biggest part is its partner and
    the others have none.
    """
    true_grids, found_grids = _cut(truth), _cut(found)
    true_paired: list[tuple[int, int, float]] = []
    for page in sorted({variants.page for variants in true_grids}):
        ours = [index for index, variants in enumerate(true_grids) if variants.page == page]
        theirs = [index for index, variants in enumerate(found_grids) if variants.page == page]
        true_paired += _pair_on_page(true_grids, found_grids, ours, theirs)
    partners = {ours: theirs for ours, theirs, _ in true_paired}
    grids = [
        _align_variants(variants, found_grids[partners[index]])
        if index in partners
        else GridPair(variants.plain, None, None)
        for index, variants in enumerate(true_grids)
    ]
    taken = set(partners.values())
    grids += [GridPair(None, v.plain, None) for index, v in enumerate(found_grids) if index not in taken]
    scores = _table_scores(true_grids, found_grids, true_paired)
    return Comparison(_pair_tables(truth, found, scores), tuple(grids))


def to_page_grids(extraction: Extraction) -> tuple[PageGrid, ...]:
    """What each page shows of each table, in the order of tables and pages, without headers printed again.

    A cell that a page break cuts appears on each of its pages. Its text, box, confidence and marks are only on
    the page that it names (the first that shows it where that is none of them); elsewhere it is empty.
    """
    return tuple(variants.plain for variants in _cut(extraction))


@dataclass(frozen=True, slots=True)
class _Variants:
    """A page grid without and, where the page prints one again, with the header above the continuation."""

    plain: PageGrid
    n_header_rows: int
    value_cols: frozenset[int]
    texts: Counter[str]
    weight: int
    repeated: PageGrid | None = None
    repeated_texts: Counter[str] | None = None

    @property
    def page(self) -> int:
        return self.plain.page

    def all_texts(self) -> tuple[Counter[str], ...]:
        return (self.texts,) if self.repeated_texts is None else (self.texts, self.repeated_texts)

    def grids(self) -> tuple[tuple[PageGrid, int], ...]:
        """Each grid with its number of header rows."""
        plain = (self.plain, self.n_header_rows)
        if self.repeated is None:
            return (plain,)
        return plain, (self.repeated, self.repeated.n_rows - self.plain.n_rows + self.n_header_rows)


def _cut(extraction: Extraction) -> list[_Variants]:
    return [variants for index, table in enumerate(extraction.tables) for variants in _cut_table(index, table)]


def _cut_table(index: int, table: EvalTable) -> list[_Variants]:
    table = replace(table, cells=tuple(sorted(table.cells, key=lambda cell: (cell.row, cell.col))))
    homes = _homes(table)
    value_cols = _value_cols(table)
    made = []
    for number, fragment in enumerate(table.fragments):
        cells = tuple(
            _clip(table.cells[cell], fragment, has_text=homes[cell] == number) for cell in _shown(table, fragment)
        )
        boxes = [cell.box for cell in cells if cell.box is not None]
        box = fragment.box or (boxes_to_hull(boxes) if boxes else None)
        n_rows = fragment.last_row - fragment.first_row + 1
        plain = PageGrid(index, fragment.page, n_rows, table.n_cols, cells, box, fragment.first_row)
        n_header = min(max(0, (table.n_header_rows or 0) - fragment.first_row), n_rows)
        repeated = _with_repeated(plain, fragment.repeated) if fragment.repeated else None
        texts = _texts(plain)
        made.append(
            _Variants(
                plain,
                n_header,
                value_cols,
                texts,
                1 + texts.total(),
                repeated,
                _texts(repeated) if repeated else None,
            )
        )
    return made


def _shown(table: EvalTable, fragment: EvalFragment) -> list[int]:
    """The indices of the cells of which the fragment shows at least one row, in order."""
    rows = [cell.row for cell in table.cells]
    start, stop = bisect_left(rows, fragment.first_row), bisect_right(rows, fragment.last_row)
    cut = [i for i, cell in enumerate(table.cells[:start]) if cell.row + cell.row_span > fragment.first_row]
    return [*cut, *range(start, stop)]


def _homes(table: EvalTable) -> dict[int, int]:
    """For each cell by index the fragment that has its text: the first on its page, else the first of all."""
    homes: dict[int, int] = {}
    for number, fragment in enumerate(table.fragments):
        for index in _shown(table, fragment):
            home = homes.setdefault(index, number)
            page = table.cells[index].page
            if table.fragments[home].page != page and fragment.page == page:
                homes[index] = number
    return homes


def _clip(cell: EvalCell, fragment: EvalFragment, *, has_text: bool) -> EvalCell:
    """The part of a cell that a fragment shows, in rows of the fragment."""
    first = max(cell.row, fragment.first_row)
    last = min(cell.row + cell.row_span - 1, fragment.last_row)
    clipped = replace(cell, row=first - fragment.first_row, row_span=last - first + 1, page=fragment.page)
    if not has_text:
        return replace(clipped, text="", box=None, confidence=None, needs_review=False, flagged=False)
    return clipped if cell.page == fragment.page else replace(clipped, box=None)


def _with_repeated(plain: PageGrid, header: Sequence[EvalCell]) -> PageGrid:
    """The page grid under the header cells that the page prints again."""
    shift = max(cell.row + cell.row_span for cell in header)
    own = tuple(replace(cell, row=cell.row + shift) for cell in plain.cells)
    above = tuple(replace(cell, page=plain.page) for cell in sorted(header, key=lambda cell: (cell.row, cell.col)))
    return replace(plain, n_rows=plain.n_rows + shift, cells=above + own, first_row=plain.first_row - shift)


def _texts(grid: PageGrid) -> Counter[str]:
    return Counter(text for cell in grid.cells if (text := squash(cell.text)))


def _value_cols(table: EvalTable) -> frozenset[int]:
    """The columns most of whose body texts are amounts or quantities, by role where known, else by their looks."""
    votes: Counter[int] = Counter()
    for cell in table.cells:
        if cell.row < (table.n_header_rows or 0) or not cell.text.strip():
            continue
        is_value = printed_amount(cell.text) is not None if cell.role is None else cell.role in VALUE_ROLES
        votes[cell.col] += 1 if is_value else -1
    return frozenset(col for col, vote in votes.items() if vote > 0)


def _pair_on_page(
    truth: Sequence[_Variants], found: Sequence[_Variants], ours: Sequence[int], theirs: Sequence[int]
) -> list[tuple[int, int, float]]:
    """The pairs (true, found, similarity) among the grids of one page, in the order of the true ones."""
    similarity = np.array([[_similarity(truth[i], found[j]) for j in theirs] for i in ours])
    similarity = similarity.reshape(len(ours), len(theirs))
    shapes = np.array([[_same_shape(truth[i].plain, found[j].plain) for j in theirs] for i in ours])
    scores = similarity + _SHAPE_WORTH * shapes.reshape(similarity.shape)
    scores[similarity < MIN_SIMILARITY] = 0.0
    return [(ours[i], theirs[j], float(similarity[i, j])) for i, j in _assign(scores)]


def _assign(scores: NDArray[np.float64]) -> list[tuple[int, int]]:
    """The one-to-one pairs of rows and columns with the greatest sum; pairs of score 0 are none.

    Among equals the pairs nearest to the diagonal are taken.
    """
    from scipy.optimize import linear_sum_assignment

    if not scores.size:
        return []
    order = np.arange(scores.shape[0])[:, None] - np.arange(scores.shape[1])[None, :]
    nearness = 1.0 - (order / max(scores.shape)) ** 2
    rows, cols = linear_sum_assignment(scores + _ORDER_WORTH * nearness * (scores > 0), maximize=True)
    return [(int(i), int(j)) for i, j in zip(rows, cols, strict=True) if scores[i, j] > 0]


def _similarity(truth: _Variants, found: _Variants) -> float:
    texts = max(_dice(ours, theirs) for ours, theirs in product(truth.all_texts(), found.all_texts()))
    if truth.plain.box is None or found.plain.box is None:
        return texts
    return (texts + _overlap(truth.plain.box, found.plain.box)) / 2


def _dice(ours: Counter[str], theirs: Counter[str]) -> float:
    """The share of texts in common; 1 when neither side has any."""
    both = ours.total() + theirs.total()
    return 2 * (ours & theirs).total() / both if both else 1.0


def _overlap(one: Box, other: Box) -> float:
    """Intersection over union; 0 for boxes without area."""
    common = one.intersect(other).area
    union = one.area + other.area - common
    return common / union if union else 0.0


def _same_shape(one: PageGrid, other: PageGrid) -> float:
    """1 for the same numbers of rows and columns, less the more they differ."""
    return (min(one.n_rows, other.n_rows) / max(one.n_rows, other.n_rows, 1)) * (
        min(one.n_cols, other.n_cols) / max(one.n_cols, other.n_cols, 1)
    )


def _align_variants(truth: _Variants, found: _Variants) -> GridPair:
    """Align with and without headers printed again and keep what fits better.

    Fit is the share of cells that have a partner plus the share of texts in common; of equals the one without.
    """
    best: tuple[float, GridPair] | None = None
    for (ours, n_header), (theirs, _) in product(truth.grids(), found.grids()):
        grid = _to_text_grid(ours.cells, ours.n_rows, ours.n_cols, n_header, truth.value_cols)
        other = _to_text_grid(theirs.cells, theirs.n_rows, theirs.n_cols)
        alignment = Alignment(*align_grids(grid, other))
        places = len(alignment.rows) * len(alignment.cols)
        size = ours.n_rows * ours.n_cols + theirs.n_rows * theirs.n_cols
        fit = (2 * places / size if size else 1.0) + _dice(_texts(ours), _texts(theirs))
        if best is None or fit > best[0]:
            best = fit, GridPair(ours, theirs, alignment)
    assert best is not None
    return best[1]


def _to_text_grid(
    cells: Sequence[EvalCell],
    n_rows: int,
    n_cols: int,
    n_header_rows: int = 0,
    value_cols: frozenset[int] = frozenset(),
) -> TextGrid:
    entries = tuple((cell.row, cell.col, text) for cell in cells if (text := squash(cell.text)))
    return TextGrid(n_rows, n_cols, entries, n_header_rows, value_cols)


def _table_scores(
    truth: Sequence[_Variants], found: Sequence[_Variants], pairs: Sequence[tuple[int, int, float]]
) -> dict[tuple[int, int], float]:
    """How alike tables (true, found) are by the pairs (true, found, similarity) of their page grids."""
    true_sizes: Counter[int] = Counter()
    found_sizes: Counter[int] = Counter()
    for variants in truth:
        true_sizes[variants.plain.table] += variants.weight
    for variants in found:
        found_sizes[variants.plain.table] += variants.weight
    scores: dict[tuple[int, int], float] = {}
    for ours, theirs, similarity in pairs:
        one, other = truth[ours], found[theirs]
        key = one.plain.table, other.plain.table
        size = true_sizes[key[0]] + found_sizes[key[1]]
        scores[key] = scores.get(key, 0.0) + similarity * (one.weight + other.weight) / size
    return scores


def _pair_tables(truth: Extraction, found: Extraction, scores: dict[tuple[int, int], float]) -> tuple[TablePair, ...]:
    """Pair and align the logical tables so that their scores add up to the most."""
    matrix = np.zeros((len(truth.tables), len(found.tables)))
    for key, score in scores.items():
        matrix[key] = score
    partners = dict(_assign(matrix))
    pairs = [
        _align_tables(table, found.tables[partners[index]]) if index in partners else TablePair(table, None, None)
        for index, table in enumerate(truth.tables)
    ]
    taken = set(partners.values())
    pairs += [TablePair(None, table, None) for index, table in enumerate(found.tables) if index not in taken]
    return tuple(pairs)


def _align_tables(truth: EvalTable, found: EvalTable) -> TablePair:
    ours = _to_text_grid(truth.cells, truth.n_rows, truth.n_cols, truth.n_header_rows or 0, _value_cols(truth))
    theirs = _to_text_grid(found.cells, found.n_rows, found.n_cols)
    return TablePair(truth, found, Alignment(*align_grids(ours, theirs)))
