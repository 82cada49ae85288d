"""Label fragments: rows first, then header cells and columns, then the kind of table."""

from __future__ import annotations

from collections.abc import Sequence

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
from lanci.classify.facet_features import view_to_facet_sample
from lanci.classify.models import Classifier, Models, load_models
from lanci.classify.row_features import Sample, can_number_columns, view_to_row_samples
from lanci.classify.view import FragmentView, fragment_to_view
from lanci.document import Facets, Fragment, HeaderRole, LabelledFragment, RowRole

Rows = tuple[int, tuple[RowRole, ...]]

# Fragments judged at once: enough to share the cost of asking a model, few enough that the features of a long
# document are never all in memory.
_BATCH = 64


def label_fragments(fragments: Sequence[Fragment], models: Models | None = None) -> tuple[LabelledFragment, ...]:
    """Give every fragment its facets, row roles, header-cell roles and column roles.

    All fragments of a document should come in one call: a model is asked once for many of them.

    Args:
        fragments: in any order; each is judged by itself.
        models: from :func:`load_models`; the shipped ones when None.

    Returns:
        One labelled fragment each, in the same order.

    Raises:
        ModelError: the models cannot be loaded.
    """
    if not fragments:
        return ()
    models = models or load_models()
    batches = [fragments[i : i + _BATCH] for i in range(0, len(fragments), _BATCH)]
    return tuple([labelled for batch in batches for labelled in _label_batch(batch, models)])


def _label_batch(fragments: Sequence[Fragment], models: Models) -> list[LabelledFragment]:
    views = [fragment_to_view(fragment) for fragment in fragments]
    rows = _label_rows(views, models.rows)
    ranges = [header_row_range(roles, n_header) for n_header, roles in rows]
    profiles = [view_to_profiles(view, n) for view, (n, _) in zip(views, rows, strict=True)]
    by_body = _label_columns([profiles_to_column_samples(p) for p in profiles], models.columns)
    samples = [view_to_header_samples(v, p, r) for v, p, r in zip(views, profiles, ranges, strict=True)]
    by_cell = _split(_predict(models.cells, "role", samples), samples)
    facets = _label_facets(views, rows, ranges, models.facets)
    classes = models.cells.classes("role")
    labelled = []
    for i, view in enumerate(views):
        header = decode_header_cells(view, header_cells(view, ranges[i]), by_cell[i], classes, ranges[i])
        n_header_rows, roles = rows[i]
        labelled.append(
            LabelledFragment(
                fragment=view.fragment,
                facets=facets[i],
                n_header_rows=n_header_rows,
                row_roles=roles,
                header_roles=_all_header_roles(view, header, rows[i]),
                column_roles=decode_columns(view, header, ranges[i], by_body[i]),
            )
        )
    return labelled


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


def _label_facets(
    views: Sequence[FragmentView], rows: Sequence[Rows], ranges: Sequence[range], classifier: Classifier
) -> list[Facets]:
    samples = [
        view_to_facet_sample(view, header_rows, n_header)
        for view, (n_header, _), header_rows in zip(views, rows, ranges, strict=True)
    ]
    found = classifier.predict(samples)
    by_head = {head: [_rank(classifier.classes(head), row) for row in table] for head, table in found.items()}
    return [
        Facets(
            kind=by_head["kind"][i],
            fund=by_head["fund"][i],
            scope=by_head["scope"][i],
            classification=by_head["classification"][i],
        )
        for i in range(len(views))
    ]


def _rank(classes: Sequence[str], weights: NDArray[np.float64]) -> tuple[tuple[str, float], ...]:
    """Classes with their probabilities, most likely first; equal ones by name."""
    return tuple(sorted(zip(classes, map(float, weights), strict=True), key=lambda item: (-item[1], item[0])))


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


def combine_facets(labelled: Sequence[LabelledFragment]) -> Facets:
    """The facets of a stitched table from those of its fragments.

    Probabilities are averaged in the logarithm. The first fragment with a title counts as much as all the others
    together: what stands above a table names it, continuations only confirm.
    """
    if not labelled:
        return Facets()
    titled = next((i for i, part in enumerate(labelled) if part.fragment.caption.title), 0)
    weights = [1.0 / (len(labelled) - 1) if len(labelled) > 1 else 1.0] * len(labelled)
    weights[titled] = 1.0
    return Facets(
        kind=_pool([part.facets.kind for part in labelled], weights),
        fund=_pool([part.facets.fund for part in labelled], weights),
        scope=_pool([part.facets.scope for part in labelled], weights),
        classification=_pool([part.facets.classification for part in labelled], weights),
    )


def _pool(facets: Sequence[tuple[tuple[str, float], ...]], weights: Sequence[float]) -> tuple[tuple[str, float], ...]:
    classes = sorted({name for facet in facets for name, _ in facet})
    if not classes:
        return ()
    logs = np.zeros(len(classes))
    for facet, weight in zip(facets, weights, strict=True):
        known = dict(facet)
        logs += weight * np.log([max(known.get(name, 0.0), 1e-6) for name in classes])
    pooled = np.exp((logs - logs.max()) / sum(weights))
    return _rank(classes, pooled / pooled.sum())
