"""Wide tables that are printed on two pages side by side: the right half goes on the columns of the left one.

Spreadsheets print them "over, then down" (page 1 left, 2 right, 3 left, …) or "down, then over" (1 to 3 left, 4 to 6
right). Two tables one after the other may look much alike, so that halves are only put together where their rows are
equally many and equally high and several more signs agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from lanci.document import Cell, Fragment, HeaderRole, LabelledFragment, Place, RowRole
from lanci.numbers import parse_amount
from lanci.stitch.decide import Chain, Link
from lanci.stitch.evidence import Pair
from lanci.stitch.headers import find_repeated_header
from lanci.stitch.options import StitchOptions
from lanci.stitch.overrides import find_override
from lanci.stitch.signals_caption import continued_mark, plain_title
from lanci.stitch.view import FragmentView

_PROBABILITY = 0.95
"""What is said of halves put together; it is set by hand, for annotated documents have hardly any."""
_SAME_HEIGHT = 1.5
"""Points by which the lines between equal rows may differ."""
_MIN_ROWS = 4
_MIN_LABELS = 3
"""So many different labels, equal in both halves, are no chance."""
_MIN_SIGNS = 2
_NUMBERS = (HeaderRole.AMOUNT, HeaderRole.QUANTITY)


@dataclass(frozen=True, slots=True)
class RightHalf:
    """The right half of a part: what its page shows, and at which column of the table it begins."""

    fragment: Fragment
    first_col: int
    link: Link


@dataclass(frozen=True, slots=True)
class Spread:
    """The parts of a table; ``rights`` has the right half of every part when the table is two pages wide, else none.

    The parts of a wide table hold the cells of both halves; their page and box are those of the left half.
    """

    chain: Chain
    rights: tuple[RightHalf, ...] = ()


def join_beside(chains: Sequence[Chain], options: StitchOptions) -> list[Spread]:
    """Put the halves of wide tables together; all other tables are left as they are, in their order."""
    spreads: list[Spread] = []
    places: dict[int, int] = {}
    index = 0
    while index < len(chains):
        chain = _renumbered(chains[index], places)
        wide = _join_halves(chain, chains[index + 1], options) if index + 1 < len(chains) else None
        places[index] = len(spreads)
        if wide is not None:
            index += 1
            places[index] = len(spreads)
        grown = _goes_on(spreads[-1], wide, options) if wide is not None and spreads else None
        if grown is not None:
            places[index] = places[index - 1] = len(spreads) - 1
            spreads[-1] = grown
        else:
            spreads.append(wide or Spread(chain))
        index += 1
    return spreads


def _renumbered(chain: Chain, places: dict[int, int]) -> Chain:
    above = chain.stacked_under
    return chain if above is None else replace(chain, stacked_under=places[above])


def _join_halves(left: Chain, right: Chain, options: StitchOptions) -> Spread | None:
    """The wide table of two chains, part by part; None where they are not its halves."""
    if len(left.parts) != len(right.parts) or right.stacked_under is not None:
        return None
    if left.parts[-1].labelled.fragment.page + 1 != right.parts[0].labelled.fragment.page:
        return None
    if any(find_override(options, part.labelled.fragment) for part in right.parts):
        return None
    parts: list[FragmentView] = []
    rights: list[RightHalf] = []
    for one, two in zip(left.parts, right.parts, strict=True):
        reasons = _find_signs(one, two, left.caption.title)
        if not reasons:
            return None
        n_labels = _count_repeated_labels(one, two)
        parts.append(_put_beside(one, two, n_labels))
        rights.append(RightHalf(two.labelled.fragment, one.n_cols, Link(_PROBABILITY, reasons)))
    return Spread(replace(left, parts=tuple(parts)), tuple(rights))


def _goes_on(above: Spread, wide: Spread, options: StitchOptions) -> Spread | None:
    """The wide table above with one more pair of pages, if these repeat the headers of both halves; else None."""
    if not above.rights or len(wide.chain.parts) != 1:
        return None
    part = wide.chain.parts[0]
    fragment = part.labelled.fragment
    if above.rights[-1].fragment.page + 1 != fragment.page or find_override(options, fragment):
        return None
    title = plain_title(fragment.caption.title)
    repeated = find_repeated_header(above.chain.parts, part)
    if (title and title != plain_title(above.chain.caption.title)) or repeated.unmatched or not repeated.leading:
        return None
    link = Link(_PROBABILITY, ("both halves repeat the header of the pages before",), repeated)
    chain = replace(above.chain, parts=(*above.chain.parts, part), links=(*above.chain.links, link))
    return Spread(chain, (*above.rights, *wide.rights))


def _find_signs(left: FragmentView, right: FragmentView, title: str) -> tuple[str, ...]:
    """Why two parts are halves of the same rows; nothing where they are not."""
    caption = right.labelled.fragment.caption
    marked = continued_mark(Pair((left,), left.labelled.fragment.caption, right)) is not None
    own_title = plain_title(caption.title)
    if (own_title and own_title != plain_title(title) and not marked) or not _same_rows(left, right):
        return ()
    if not left.header or left.labelled.n_header_rows != right.labelled.n_header_rows:
        return ()
    if [left.row_text(row) for row in left.header] == [right.row_text(row) for row in right.header]:
        return ()
    n_labels = _count_repeated_labels(left, right)
    if n_labels == 0 and right.labelled.column_roles[0][0] not in _NUMBERS:
        return ()
    signs = {
        "the row of column numbers counts on": _numbers_count_on(left, right, n_labels),
        "the labels are repeated row by row": n_labels > 0,
        "no labels of its own": n_labels == 0,
        "a cell of the header goes on": bool(_cut_header_cells(left, right, n_labels)),
        "marked as a continuation": marked,
    }
    found = tuple(name for name, there in signs.items() if there)
    return ("as many rows, equally high", *found) if len(found) >= _MIN_SIGNS else ()


def _same_rows(left: FragmentView, right: FragmentView) -> bool:
    """Whether both have the same rows, as high and as many."""
    if left.n_rows != right.n_rows or left.n_rows < _MIN_ROWS:
        return False
    ours, theirs = _row_tops(left), _row_tops(right)
    shared = ours.keys() & theirs.keys()
    gaps = [
        abs((ours[b] - ours[a]) - (theirs[b] - theirs[a])) for a, b in pairwise(sorted(shared))
    ]  # fmt: skip
    return len(shared) == left.n_rows and max(gaps) <= _SAME_HEIGHT


def _row_tops(view: FragmentView) -> dict[int, float]:
    return {cell.row: cell.box.y0 for cell in view.labelled.fragment.cells}


def _count_repeated_labels(left: FragmentView, right: FragmentView) -> int:
    """How many leading columns of the right half print the labels of the left one again."""
    count, labels = 0, set[str]()
    for col in range(min(left.n_cols, right.n_cols) - 1):
        ours = [left.text(row, col) for row in range(left.n_rows)]
        if left.labelled.column_roles[col][0] in _NUMBERS or ours != [right.text(r, col) for r in range(right.n_rows)]:
            break
        labels |= set(filter(None, ours))
        count += 1
    return count if len(labels) >= _MIN_LABELS else 0


def _numbers_count_on(left: FragmentView, right: FragmentView, n_labels: int) -> bool:
    """Whether the 栏次 of the right half begin with the number after the last one of the left half."""
    for row in left.header:
        if left.roles[row] is RowRole.COLUMN_NUMBER:
            last = parse_amount(left.text(row, left.n_cols - 1))
            first = parse_amount(right.text(row, n_labels))
            if last is not None and first is not None and first == last + 1:
                return True
    return False


def _cut_header_cells(left: FragmentView, right: FragmentView, n_labels: int) -> list[tuple[Cell, Cell]]:
    """Spanning header cells at the inner edge that are one cell over both halves: the right part is blank or a copy."""
    cut = []
    for row in left.header[:-1]:
        one, two = left.cell(row, left.n_cols - 1), right.cell(row, n_labels)
        if one is None or two is None or not one.text or one.row != row or two.row != row:
            continue
        spans = max(one.col_span, two.col_span) > 1 and one.row_span == two.row_span
        if spans and right.text(row, n_labels) in ("", left.text(row, left.n_cols - 1)):
            cut.append((one, two))
    return cut


def _put_beside(left: FragmentView, right: FragmentView, n_labels: int) -> FragmentView:
    """The part with the columns of both halves; labels that the right half repeats stand once."""
    ours, theirs = left.labelled, right.labelled
    shift = left.n_cols - n_labels
    joined = dict(_cut_header_cells(left, right, n_labels))
    swallowed = set(joined.values())
    roles: dict[tuple[int, int], tuple[HeaderRole, float]] = {}
    cells: list[Cell] = []
    for labelled, moved_by in ((ours, 0), (theirs, shift)):
        header = iter(labelled.header_roles)
        for cell in labelled.fragment.cells:
            role = next(header) if cell.row < labelled.n_header_rows else None
            if moved_by and (cell.col < n_labels or cell in swallowed):
                continue
            placed = replace(cell, col=cell.col + moved_by)
            if cell in joined and not moved_by:
                rest = joined[cell]
                span = cell.col_span + rest.col_span
                placed = replace(placed, col_span=span, continued=(*cell.continued, Place(rest.page, rest.box)))
            cells.append(placed)
            if role is not None:
                roles[placed.row, placed.col] = role
    cells.sort(key=lambda cell: (cell.row, cell.col))
    fragment = replace(
        ours.fragment,
        n_cols=left.n_cols + right.n_cols - n_labels,
        cells=tuple(cells),
        col_edges=_edges(ours.fragment, theirs.fragment, n_labels),
        notes=tuple(dict.fromkeys((*ours.fragment.notes, *theirs.fragment.notes))),
    )
    labelled = LabelledFragment(
        fragment,
        ours.facets,
        ours.n_header_rows,
        ours.row_roles,
        tuple(roles[cell.row, cell.col] for cell in cells if cell.row < ours.n_header_rows),
        (*ours.column_roles, *theirs.column_roles[n_labels:]),
    )
    return FragmentView(labelled)


def _edges(left: Fragment, right: Fragment, n_labels: int) -> tuple[float, ...]:
    """The edges of the columns as if the right page lay beside the left one; none where a half has none."""
    if len(left.col_edges) != left.n_cols + 1 or len(right.col_edges) != right.n_cols + 1:
        return ()
    shift = left.col_edges[-1] - right.col_edges[n_labels]
    return (*left.col_edges, *(edge + shift for edge in right.col_edges[n_labels + 1 :]))
