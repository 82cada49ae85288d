"""From probabilities of single rows and cells to one consistent reading of the whole fragment."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lanci.classify.cell_features import has_header_below
from lanci.classify.view import FragmentView
from lanci.document import HeaderRole, RowRole

BODY_ROLES = (RowRole.TOTAL, RowRole.SUBTOTAL, RowRole.DETAIL, RowRole.SECTION, RowRole.NOTE)
MAX_HEADER_ROWS = 24
"""How many leading rows can stand above the body (a form may print many key/value rows there)."""

_FLOOR = 1e-6
_SECTION, _HEADER, _NUMBER, _BODY = range(4)
_NEXT = {
    _SECTION: (_SECTION, _HEADER),
    _HEADER: (_HEADER, _NUMBER, _BODY),
    _NUMBER: (_BODY,),
    _BODY: (_BODY,),
}
"""What may follow what: sections, then header rows, then one column-number row, then the body to the end."""

RoleProbability = tuple[HeaderRole, float]


def decode_rows(probabilities: NDArray[np.float64], classes: Sequence[str]) -> tuple[int, tuple[RowRole, ...]]:
    """The likeliest reading of all rows under the order of a table's parts.

    Args:
        probabilities: (n_rows, n_classes), one row a table row.
        classes: names of the columns, values of :class:`RowRole`.

    Returns:
        The number of rows above the body, and one role a row. A fragment without header gives 0; sections count
        as above the body only where a header follows them.
    """
    index = {name: i for i, name in enumerate(classes)}
    floored = np.maximum(probabilities, _FLOOR)

    def column(role: RowRole) -> NDArray[np.float64]:
        if role.value not in index:
            return np.full(len(floored), _FLOOR)
        return np.asarray(floored[:, index[role.value]])

    body = np.stack([column(role) for role in BODY_ROLES], axis=1)
    scores = np.log(
        np.stack(
            [column(RowRole.SECTION), column(RowRole.HEADER), column(RowRole.COLUMN_NUMBER), body.sum(axis=1)],
            axis=1,
        )
    )
    path = _best_path(scores.tolist())
    roles = [
        {_SECTION: RowRole.SECTION, _HEADER: RowRole.HEADER, _NUMBER: RowRole.COLUMN_NUMBER}.get(
            state, BODY_ROLES[likeliest]
        )
        for state, likeliest in zip(path, body.argmax(axis=1).tolist(), strict=True)
    ]
    return sum(state != _BODY for state in path), tuple(roles)


def _best_path(scores: Sequence[Sequence[float]]) -> list[int]:
    """Viterbi over the four parts; a fragment must not end within sections that no header follows."""
    if not scores:
        return []
    best = list(scores[0])
    back: list[list[int]] = []
    for row, own in enumerate(scores[1:], start=1):
        following = [-math.inf] * 4
        origin = [0] * 4
        for state, targets in _NEXT.items():
            for target in targets:
                if target != _BODY and row >= MAX_HEADER_ROWS:
                    continue
                if best[state] + own[target] > following[target]:
                    following[target] = best[state] + own[target]
                    origin[target] = state
        back.append(origin)
        best = following
    best[_SECTION] = -math.inf
    path = [best.index(max(best))]
    for origin in reversed(back):
        path.append(origin[path[-1]])
    return path[::-1]


def header_row_range(row_roles: Sequence[RowRole], n_header_rows: int) -> range:
    """The rows of header cells: without the sections above them and the column-number row below."""
    rows = [row for row in range(n_header_rows) if row_roles[row] is RowRole.HEADER]
    return range(rows[0], rows[-1] + 1) if rows else range(0)


def decode_header_cells(
    view: FragmentView,
    cells: Sequence[int],
    probabilities: NDArray[np.float64],
    classes: Sequence[str],
    header_rows: range,
) -> dict[int, RoleProbability]:
    """Role and probability of every header cell, by its index in ``fragment.cells``.

    What ``group`` means is fixed by geometry: a cell over several columns with header cells below it is one, a
    cell with nothing but the body below it is none. All other roles are the model's.
    """
    group = classes.index(HeaderRole.GROUP.value) if HeaderRole.GROUP.value in classes else -1
    result: dict[int, RoleProbability] = {}
    for place, index in enumerate(cells):
        weights = probabilities[place].copy()
        cell = view.fragment.cells[index]
        below = has_header_below(view, index, header_rows)
        if below and cell.col_span > 1:
            result[index] = (HeaderRole.GROUP, 1.0)
            continue
        if not below and group >= 0:
            weights[group] = 0.0
        total = float(weights.sum())
        if total <= 0:
            result[index] = (HeaderRole.TEXT, 0.0)
            continue
        best = int(weights.argmax())
        result[index] = (HeaderRole(classes[best]), float(weights[best]) / total)
    return result


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
