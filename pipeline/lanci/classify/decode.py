"""From what single rows and cells look like to one consistent reading of the whole fragment."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from lanci.classify.cell_features import lowest_header_cells
from lanci.classify.chain import Links, best_path, decode_chain
from lanci.classify.view import FragmentView
from lanci.document import HeaderRole, RowRole

BODY_ROLES = (RowRole.TOTAL, RowRole.SUBTOTAL, RowRole.DETAIL, RowRole.SECTION, RowRole.NOTE)
MAX_HEADER_ROWS = 24
"""How many leading rows can stand above the body (a form may print many key/value rows there)."""

_STATES = (RowRole.SECTION, RowRole.HEADER, RowRole.COLUMN_NUMBER, *BODY_ROLES)
_SECTION, _HEADER, _NUMBER, _BODY = range(4)
_UNLIKELY = -14.0
"""Logit of what hardly happens: a role the models never saw, a header that ends within a merged cell."""

RoleProbability = tuple[HeaderRole, float]


def _order_of_parts() -> NDArray[np.float64]:
    """0 where a state may follow another, else minus infinity.

    Sections, then header rows, then one column-number row, then the body to the end; sections in the body are a
    state of their own.
    """
    steps = np.full((len(_STATES), len(_STATES)), -math.inf)
    steps[_SECTION, [_SECTION, _HEADER]] = 0.0
    steps[_HEADER, _HEADER:] = 0.0
    steps[_NUMBER:, _BODY:] = 0.0
    return steps


_ORDER = _order_of_parts()


def decode_rows(
    logits: NDArray[np.float64], classes: Sequence[str], links: Links, cuts: Collection[int] = ()
) -> tuple[int, tuple[RowRole, ...]]:
    """The likeliest reading of all rows under the order of a table's parts.

    Args:
        logits: (n_rows, n_classes), one row a table row.
        classes: names of the columns, values of :class:`RowRole`.
        links: what the roles of neighbouring rows say of each other, in the order of ``classes``.
        cuts: the rows into which a merged cell of the row above goes on; no header begins after sections or ends
            there.

    Returns:
        The number of rows above the body, and one role a row. A fragment without header gives 0; sections count
        as above the body only where a header follows them.
    """
    if not len(logits):
        return 0, ()
    columns = [classes.index(role.value) if role.value in classes else -1 for role in _STATES]
    known = np.pad(logits, ((0, 0), (0, 1)), constant_values=_UNLIKELY)
    scores = known[:, columns]
    scores[0] += np.append(links.first, 0.0)[columns]
    scores[-1] += np.append(links.last, 0.0)[columns]
    scores[-1, _SECTION] = -math.inf
    scores[MAX_HEADER_ROWS:, :_BODY] = -math.inf
    step = np.pad(links.pair, ((0, 1), (0, 1)))[np.ix_(columns, columns)] + _ORDER
    cut = step.copy()
    cut[:_BODY, _BODY:] += _UNLIKELY
    cut[_SECTION, _HEADER] += _UNLIKELY
    path = best_path(scores, [cut if row in cuts else step for row in range(1, len(scores))])
    return sum(state < _BODY for state in path), tuple(_STATES[state] for state in path)


def rows_to_cuts(view: FragmentView) -> set[int]:
    """The rows into which a merged cell of the row above goes on."""
    return {row for cell in view.fragment.cells for row in range(cell.row + 1, cell.row + cell.row_span)}


def header_row_range(row_roles: Sequence[RowRole], n_header_rows: int) -> range:
    """The rows of header cells: without the sections above them and the column-number row below."""
    rows = [row for row in range(n_header_rows) if row_roles[row] is RowRole.HEADER]
    return range(rows[0], rows[-1] + 1) if rows else range(0)


def decode_header_cells(
    view: FragmentView,
    cells: Sequence[int],
    logits: NDArray[np.float64],
    classes: Sequence[str],
    links: Links,
    header_rows: range,
) -> dict[int, RoleProbability]:
    """Role and probability of every header cell, by its index in ``fragment.cells``.

    What ``group`` means is fixed by geometry: a cell over several columns with header cells below it is one, a
    cell with nothing but the body below it is none. The cells directly above the body are read together, from left
    to right; the others are the model's one by one.
    """
    scores = dict(zip(cells, logits, strict=True))
    lowest = lowest_header_cells(view, header_rows)
    result: dict[int, RoleProbability] = {}
    for index in cells:
        wide = view.fragment.cells[index].col_span > 1
        result[index] = (HeaderRole.GROUP, 1.0) if wide else _best_role(scores[index], classes)
    if lowest:
        own = np.stack([scores[index] for index in lowest])
        if HeaderRole.GROUP.value in classes:
            own[:, classes.index(HeaderRole.GROUP.value)] = _UNLIKELY
        path, probabilities = decode_chain(own, links)
        for index, role, probability in zip(lowest, path, probabilities, strict=True):
            result[index] = (HeaderRole(classes[role]), probability)
    return result


def _best_role(logits: NDArray[np.float64], classes: Sequence[str]) -> RoleProbability:
    weights = np.exp(logits - logits.max())
    best = int(weights.argmax())
    return HeaderRole(classes[best]), float(weights[best] / weights.sum())


def decode_columns(
    view: FragmentView,
    header: dict[int, RoleProbability],
    header_rows: range,
    fallback: Sequence[RoleProbability],
) -> tuple[RoleProbability, ...]:
    """The role of each column: that of the lowest header cell above it that is no group, else of its body.

    Args:
        view: the fragment.
        header: roles of the header cells by index.
        header_rows: the rows of header cells.
        fallback: one role a column, judged by its body alone.
    """
    roles: list[RoleProbability] = []
    for col in range(view.fragment.n_cols):
        above = [view.owner[row][col] for row in reversed(header_rows)]
        named = [header[i] for i in above if i in header and header[i][0] is not HeaderRole.GROUP]
        roles.append(named[0] if named else fallback[col])
    return tuple(roles)
