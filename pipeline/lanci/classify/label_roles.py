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
from lanci.classify.chain import classifier_to_links, decode_chain, without_links
from lanci.classify.decode import (
    RoleProbability,
    decode_columns,
    decode_header_cells,
    decode_rows,
    header_row_range,
    rows_to_cuts,
)
from lanci.classify.models import Classifier, Models
from lanci.classify.row_features import Sample, can_number_columns, view_to_row_samples
from lanci.classify.view import FragmentView
from lanci.document import HeaderRole, RowRole

_HEAD = "role"

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
    by_cell = _logits(models.cells, samples)
    classes, links = models.cells.classes(_HEAD), classifier_to_links(models.cells, _HEAD)
    roles = []
    for i, view in enumerate(views):
        cells = header_cells(view, ranges[i])
        header = decode_header_cells(view, cells, by_cell[i], classes, links, ranges[i])
        columns = decode_columns(view, header, ranges[i], by_body[i])
        roles.append(Roles(rows[i], ranges[i], _all_header_roles(view, header, rows[i]), columns))
    return roles


def _logits(classifier: Classifier, samples: Sequence[Sequence[Sample]]) -> list[NDArray[np.float64]]:
    """The logits of each group of samples, neighbours unknown; all are asked for at once."""
    found = classifier.logits(without_links([sample for group in samples for sample in group]), _HEAD)
    ends = np.cumsum([len(group) for group in samples])
    return [found[end - len(group) : end] for end, group in zip(ends, samples, strict=True)]


def _label_rows(views: Sequence[FragmentView], classifier: Classifier) -> list[Rows]:
    classes, links = classifier.classes(_HEAD), classifier_to_links(classifier, _HEAD)
    number = classes.index(RowRole.COLUMN_NUMBER.value)
    logits = _logits(classifier, [view_to_row_samples(view) for view in views])
    rows: list[Rows] = []
    for view, part in zip(views, logits, strict=True):
        impossible = [row for row in range(view.fragment.n_rows) if not can_number_columns(view, row)]
        part[impossible, number] = -np.inf
        rows.append(decode_rows(part, classes, links, rows_to_cuts(view)))
    return rows


def _label_columns(samples: Sequence[Sequence[Sample]], classifier: Classifier) -> list[list[RoleProbability]]:
    classes, links = classifier.classes(_HEAD), classifier_to_links(classifier, _HEAD)
    found: list[list[RoleProbability]] = []
    for part in _logits(classifier, samples):
        path, probabilities = decode_chain(part, links)
        found.append([(HeaderRole(classes[role]), p) for role, p in zip(path, probabilities, strict=True)])
    return found


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
