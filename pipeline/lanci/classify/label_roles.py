"""The roles of rows, header cells and columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lanci.classify.cell_features import (
    header_cells,
    profiles_to_column_samples,
    view_to_header_samples,
    view_to_profiles,
)
from lanci.classify.decode import (
    RoleProbability,
    decode_columns,
    decode_header_cells,
    decode_rows,
    header_row_range,
)
from lanci.classify.models import Classifier, Models
from lanci.classify.row_features import Sample, can_number_columns, view_to_row_samples
from lanci.classify.view import FragmentView
from lanci.document import HeaderRole, RowRole

Rows = tuple[int, tuple[RowRole, ...]]
"""How many rows stand above the body, and the role of every row."""


@dataclass(frozen=True, slots=True)
class Roles:
    """All roles of one fragment; ``header_rows`` are the rows of its header cells."""

    rows: Rows
    header_rows: range
    header: tuple[RoleProbability, ...]
    columns: tuple[RoleProbability, ...]


def label_roles(views: Sequence[FragmentView], models: Models) -> list[Roles]:
    """The roles of rows first, then, with the header known, those of its cells and of the columns."""
    rows = _label_rows(views, models.rows)
    ranges = [header_row_range(roles, n_header) for n_header, roles in rows]
    profiles = [view_to_profiles(view, n) for view, (n, _) in zip(views, rows, strict=True)]
    by_body = _label_columns([profiles_to_column_samples(p) for p in profiles], models.columns)
    samples = [view_to_header_samples(v, p, r) for v, p, r in zip(views, profiles, ranges, strict=True)]
    by_cell = _split(_predict(models.cells, "role", samples), samples)
    classes = models.cells.classes("role")
    roles = []
    for i, view in enumerate(views):
        header = decode_header_cells(view, header_cells(view, ranges[i]), by_cell[i], classes, ranges[i])
        columns = decode_columns(view, header, ranges[i], by_body[i])
        roles.append(Roles(rows[i], ranges[i], _all_header_roles(view, header, rows[i]), columns))
    return roles


def _predict(classifier: Classifier, head: str, samples: Sequence[Sequence[Sample]]) -> NDArray[np.float64]:
    return classifier.predict([sample for group in samples for sample in group])[head]


def _split(probabilities: NDArray[np.float64], samples: Sequence[Sequence[Sample]]) -> list[NDArray[np.float64]]:
    ends = np.cumsum([len(group) for group in samples])
    return [probabilities[end - len(group) : end] for end, group in zip(ends, samples, strict=True)]


def _label_rows(views: Sequence[FragmentView], classifier: Classifier) -> list[Rows]:
    samples = [view_to_row_samples(view) for view in views]
    classes = classifier.classes("role")
    number = classes.index(RowRole.COLUMN_NUMBER.value)
    rows: list[Rows] = []
    for view, part in zip(views, _split(_predict(classifier, "role", samples), samples), strict=True):
        impossible = [row for row in range(view.fragment.n_rows) if not can_number_columns(view, row)]
        part[impossible, number] = 0.0
        rows.append(decode_rows(part, classes))
    return rows


def _label_columns(samples: Sequence[Sequence[Sample]], classifier: Classifier) -> list[list[RoleProbability]]:
    classes = classifier.classes("role")
    return [
        [(HeaderRole(classes[int(row.argmax())]), float(row.max())) for row in part]
        for part in _split(_predict(classifier, "role", samples), samples)
    ]


def _all_header_roles(
    view: FragmentView, header: dict[int, RoleProbability], rows: Rows
) -> tuple[RoleProbability, ...]:
    """One role for every cell that begins above the body, sections and column numbers included."""
    n_header_rows, row_roles = rows
    roles: list[RoleProbability] = []
    for index, cell in enumerate(view.fragment.cells):
        if cell.row >= n_header_rows:
            continue
        if index in header:
            roles.append(header[index])
        elif row_roles[cell.row] is RowRole.COLUMN_NUMBER:
            roles.append((HeaderRole.COLUMN_NUMBER, 1.0))
        else:
            roles.append((HeaderRole.TEXT, 1.0))
    return tuple(roles)
