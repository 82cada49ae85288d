"""Which row and which column of a found grid stand for which of a true one.

The two maps are found together: monotonic one-to-one pairs of rows and of columns that maximise the agreement
of the texts at the paired places. (GriTS, Smock et al. 2023, asks for the same maximum with each axis on its own;
here one column map holds for the whole table, so that a row whose amounts slipped by a column comes out wrong.)
The maximum is climbed by exact dynamic programming on one axis while the other is held, from several starts;
the best end wins.

What decides when evidence contradicts itself:

* *A column is what its header says, a row is what its labels say.* Header rows together weigh twice as much as
  the body, label columns twice as much as columns of amounts. Where all amounts slipped by a column or a row
  and the headings stayed, the headings are paired and the amounts come out wrong.
* Gaps cost nothing and every pair is worth a little, more the nearer the indices are: where texts do not
  decide (blank rows, columns of 0.00), position does, counted from the top left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq, Levenshtein
from rapidfuzz.process import cdist, cpdist

Pairs = tuple[tuple[int, int], ...]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HEADING_WEIGHT = 2.0
"""What header rows weigh against the body and label columns against amount columns, each as a whole."""
BLANK_MATCH = 0.01
"""What two blank places are worth; two equal texts are worth 1."""
SIMILAR_WORDS = 0.9
SIMILAR_NUMBERS = 0.3
"""Two differing texts are worth this times the square of their similarity (1 - edits / length); numbers look
alike by chance, words do not."""
NEARNESS = 1e-3
"""What a pair at equal indices is worth before any text is looked at; it falls to 0 over the table's length."""
COMPARED_CHARS = 64
"""Differing texts are compared over this many characters, equal ones over their whole length."""
MAX_PAIRS = 9_000_000
"""Most (true row, found row) pairs for the full search; beyond, whole equal rows are paired and gaps by index."""
MAX_LCS_PAIRS = 4_000_000_000
"""Beyond this many pairs even that is left and rows are paired by index."""
MAX_COLUMN_WORK = 40_000_000
"""Most (paired row, true column, found column) triples that are compared to pair columns."""
MAX_SIMILARITIES = 1_000_000
"""Most pairs of differing texts whose similarity is computed at once; beyond, only equal texts count."""
MAX_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class TextGrid:
    """A grid as alignment sees it: ``entries`` are (row, column, squashed text) of the cells that have text.

    ``n_header_rows`` leading rows are headings; ``value_cols`` are the columns that hold amounts or quantities.
    Both matter for the true grid only and may be left 0 and empty when not known.
    """

    n_rows: int
    n_cols: int
    entries: tuple[tuple[int, int, str], ...]
    n_header_rows: int = 0
    value_cols: frozenset[int] = frozenset()


def align_grids(truth: TextGrid, found: TextGrid) -> tuple[Pairs, Pairs]:
    """The pairs (true, found) of rows and of columns; for equal grids the identity."""
    if not (truth.n_rows and truth.n_cols and found.n_rows and found.n_cols):
        return (), ()
    search = _Search(truth, found)
    if search.equal:
        return index_pairs(truth.n_rows, found.n_rows), index_pairs(truth.n_cols, found.n_cols)
    if truth.n_rows * found.n_rows > MAX_PAIRS:
        rows = search.coarse_rows()
        return rows, search.best_cols(rows)
    seen: set[Pairs] = set()
    best: tuple[float, Pairs, Pairs] | None = None
    for start in search.starts():
        cols = start()
        if cols in seen:
            continue
        seen.add(cols)
        end = search.climb(cols)
        if best is None or end[0] > best[0]:
            best = end
    assert best is not None
    return best[1], best[2]


def index_pairs(n_truth: int, n_found: int) -> Pairs:
    """Pairs of equal indices, as many as there are."""
    return tuple((index, index) for index in range(min(n_truth, n_found)))


def best_monotone_pairs(scores: Floats) -> tuple[float, Pairs]:
    """The monotonic one-to-one pairs of (row, column) of a score matrix with the greatest sum, gaps being free.

    Args:
        scores: shape (n, m), no entry below 0.

    Returns:
        The sum and the pairs in rising order; among equals pairs are preferred to gaps, later ones first.
    """
    n, m = scores.shape
    total = np.zeros((n + 1, m + 1))
    for row in range(n):
        np.maximum(total[row, 1:], total[row, :-1] + scores[row], out=total[row + 1, 1:])
        np.maximum.accumulate(total[row + 1], out=total[row + 1])
    pairs: list[tuple[int, int]] = []
    row, col = n, m
    while row and col:
        here = total[row, col]
        if total[row - 1, col - 1] + scores[row - 1, col - 1] >= here:
            row, col = row - 1, col - 1
            pairs.append((row, col))
        elif total[row - 1, col] >= here:
            row -= 1
        else:
            col -= 1
    return float(total[n, m]), tuple(reversed(pairs))


class _Search:
    """Two grids as numbers (0 is blank, equal numbers are equal texts) and the steps that align them."""

    def __init__(self, truth: TextGrid, found: TextGrid) -> None:
        numbers: dict[str, int] = {"": 0}
        self._truth = _to_codes(truth, numbers)
        self._found = _to_codes(found, numbers)
        self._texts = [text[:COMPARED_CHARS] for text in numbers]
        self._is_word = np.array([any(char.isalpha() for char in text) for text in self._texts])
        self._row_weights, self._col_weights = _weights(truth, self._truth)
        self._row_nearness = _Nearness(truth.n_rows, found.n_rows)
        self._col_nearness = _Nearness(truth.n_cols, found.n_cols)
        self._agreements: dict[tuple[int, int], tuple[Floats, Ints, Ints]] = {}

    @property
    def equal(self) -> bool:
        return np.array_equal(self._truth, self._found)

    def starts(self) -> tuple[Callable[[], Pairs], ...]:
        """Column maps to begin with."""
        n_rows, n_cols = self._truth.shape
        return (
            lambda: index_pairs(n_cols, self._found.shape[1]),
            lambda: self.best_cols(self._pairs_by_contents(0)),
            lambda: self._pairs_by_contents(1),
            lambda: self.best_cols(index_pairs(n_rows, self._found.shape[0])),
        )

    def climb(self, cols: Pairs) -> tuple[float, Pairs, Pairs]:
        """Improve rows and columns in turn until nothing changes: (worth, rows, columns)."""
        worth, rows = self.best_rows(cols)
        for _ in range(MAX_ROUNDS):
            next_cols = self.best_cols(rows)
            if next_cols == cols:
                break
            cols = next_cols
            worth, rows = self.best_rows(cols)
        return worth + sum(self._col_nearness(*pair) for pair in cols), rows, cols

    def best_rows(self, cols: Pairs) -> tuple[float, Pairs]:
        """The best pairs of rows under a map of columns, and what they are worth."""
        scores = np.zeros((self._truth.shape[0], self._found.shape[0]))
        for true, found in cols:
            worth, rows, others = self._agreement(true, found)
            scores += self._col_weights[true] * worth[np.ix_(rows, others)]
        scores *= self._row_weights[:, None]
        return best_monotone_pairs(scores + self._row_nearness.matrix())

    def best_cols(self, rows: Pairs) -> Pairs:
        """The best pairs of columns under a map of rows."""
        n_true, n_found = self._truth.shape[1], self._found.shape[1]
        if max(len(rows), 1) * n_true * n_found > MAX_COLUMN_WORK:
            return index_pairs(n_true, n_found)
        places = np.array(rows, dtype=np.int64).reshape(-1, 2)
        truth, found = self._truth[places[:, 0]], self._found[places[:, 1]]
        weights = self._row_weights[places[:, 0]]
        scores = np.zeros((n_true, n_found))
        for col in range(n_true):
            same = truth[:, col, None] == found
            worth = np.where(same, np.where(found == 0, BLANK_MATCH, 1.0), 0.0)
            scores[col] = weights @ worth
        self._add_similarities(scores, truth, found, weights)
        scores *= self._col_weights[:, None]
        return best_monotone_pairs(scores + self._col_nearness.matrix())[1]

    def coarse_rows(self) -> Pairs:
        """Rows of huge tables: those equal as a whole (longest common subsequence), between them by index."""
        n_truth, n_found = self._truth.shape[0], self._found.shape[0]
        if n_truth * n_found > MAX_LCS_PAIRS:
            return index_pairs(n_truth, n_found)
        numbers: dict[bytes, int] = {}
        truth, found = _row_keys(self._truth, numbers), _row_keys(self._found, numbers)
        pairs: list[tuple[int, int]] = []
        row = other = 0
        for part in [*LCSseq.opcodes(truth, found), None]:
            if part is not None and part.tag != "equal":
                continue
            end, other_end = (n_truth, n_found) if part is None else (part.src_start, part.dest_start)
            pairs += zip(range(row, end), range(other, other_end), strict=False)
            if part is not None:
                row, other = part.src_end, part.dest_end
                pairs += zip(range(end, row), range(other_end, other), strict=True)
        return tuple(pairs)

    def _pairs_by_contents(self, axis: int) -> Pairs:
        """Lines of one axis paired by the texts they share wherever those stand; rare texts count for more."""
        from scipy.sparse import csr_array

        truth, found = (codes if axis == 0 else codes.T for codes in (self._truth, self._found))
        if truth.shape[0] * found.shape[0] > MAX_PAIRS:
            return index_pairs(truth.shape[0], found.shape[0])
        counts = np.bincount(np.concatenate((truth.ravel(), found.ravel())), minlength=len(self._texts))
        rarity = 1.0 / np.maximum(counts, 1)
        rarity[0] = 0.0

        def presence(codes: Ints) -> csr_array:
            lines, _ = np.nonzero(codes >= 0)
            marks = csr_array((np.ones(codes.size), (lines, codes.ravel())), shape=(codes.shape[0], len(counts)))
            marks.data[:] = 1.0
            return marks

        shared = ((presence(truth) * rarity) @ presence(found).T).toarray()
        nearness = self._row_nearness if axis == 0 else self._col_nearness
        return best_monotone_pairs(shared + nearness.matrix())[1]

    def _agreement(self, true: int, found: int) -> tuple[Floats, Ints, Ints]:
        """What each text of a true column is worth against each of a found one, and which row has which."""
        known = self._agreements.get((true, found))
        if known is None:
            codes, rows = np.unique(self._truth[:, true], return_inverse=True)
            others, other_rows = np.unique(self._found[:, found], return_inverse=True)
            known = (self._worth(codes, others), rows, other_rows)
            if known[0].size <= MAX_SIMILARITIES:
                self._agreements[true, found] = known
        return known

    def _worth(self, codes: Ints, others: Ints) -> Floats:
        worth = np.zeros((len(codes), len(others)))
        if worth.size <= MAX_SIMILARITIES:
            likeness = cdist(
                [self._texts[code] for code in codes],
                [self._texts[code] for code in others],
                scorer=Levenshtein.normalized_similarity,
                workers=1,
            )
            worth = likeness.astype(np.float64) ** 2 * self._likeness_weight(codes[:, None], others[None, :])
        worth[(codes == 0)[:, None] | (others == 0)[None, :]] = 0.0
        same = codes[:, None] == others[None, :]
        worth[same] = np.where(np.broadcast_to(others == 0, same.shape)[same], BLANK_MATCH, 1.0)
        return worth

    def _likeness_weight(self, codes: Ints, others: Ints) -> Floats:
        return np.where(self._is_word[codes] & self._is_word[others], SIMILAR_WORDS, SIMILAR_NUMBERS)

    def _add_similarities(self, scores: Floats, truth: Ints, found: Ints, weights: Floats) -> None:
        """Add to scores of columns what differing texts at paired places are worth."""
        if truth.shape[0] * truth.shape[1] * found.shape[1] > 4 * MAX_SIMILARITIES:
            return
        left, right = truth[:, :, None], found[:, None, :]
        rows, cols, others = np.nonzero((left != right) & (left != 0) & (right != 0))
        both = truth[rows, cols] * len(self._texts) + found[rows, others]
        kinds, which = np.unique(both, return_inverse=True)
        if not 0 < len(kinds) <= MAX_SIMILARITIES:
            return
        codes, other_codes = np.divmod(kinds, len(self._texts))
        likeness = cpdist(
            [self._texts[code] for code in codes],
            [self._texts[code] for code in other_codes],
            scorer=Levenshtein.normalized_similarity,
            workers=1,
        )
        worth = likeness.astype(np.float64) ** 2 * self._likeness_weight(codes, other_codes)
        np.add.at(scores, (cols, others), weights[rows] * worth[which])


@dataclass(frozen=True, slots=True)
class _Nearness:
    """The small worth of a pair of indices on one axis, greatest where they are equal."""

    n_truth: int
    n_found: int

    def __call__(self, true: int, found: int) -> float:
        return NEARNESS * (1.0 - abs(true - found) / max(self.n_truth, self.n_found))

    def matrix(self) -> Floats:
        distance = np.abs(np.arange(self.n_truth)[:, None] - np.arange(self.n_found)[None, :])
        return np.asarray(NEARNESS * (1.0 - distance / max(self.n_truth, self.n_found, 1)), dtype=np.float64)


def _to_codes(grid: TextGrid, numbers: dict[str, int]) -> Ints:
    codes = np.zeros((grid.n_rows, grid.n_cols), dtype=np.int64)
    for row, col, text in grid.entries:
        codes[row, col] = numbers.setdefault(text, len(numbers))
    return codes


def _weights(truth: TextGrid, codes: Ints) -> tuple[Floats, Floats]:
    """The weight of every true row and column; a place weighs their product."""
    rows, cols = np.ones(truth.n_rows), np.ones(truth.n_cols)
    n_header = min(truth.n_header_rows, truth.n_rows)
    if 0 < n_header < truth.n_rows:
        rows[:n_header] = max(1.0, HEADING_WEIGHT * (truth.n_rows - n_header) / n_header)
    used = [col for col in range(truth.n_cols) if codes[n_header:, col].any()]
    labels = [col for col in used if col not in truth.value_cols]
    n_values = len(used) - len(labels)
    if labels and n_values:
        cols[labels] = max(1.0, HEADING_WEIGHT * n_values / len(labels))
    return rows, cols


def _row_keys(codes: Ints, numbers: dict[bytes, int]) -> Sequence[int]:
    """A number for every row, the same for rows of equal contents; grids of different width share none."""
    return [numbers.setdefault(row.tobytes(), len(numbers)) for row in codes]
