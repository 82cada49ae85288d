"""What kind of table every fragment of a document is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lanci.classify.facet_features import view_to_facet_sample
from lanci.classify.label_roles import Rows
from lanci.classify.models import Classifier
from lanci.classify.view import FragmentView
from lanci.document import Facets, LabelledFragment


def label_facets(
    views: Sequence[FragmentView], rows: Sequence[Rows], ranges: Sequence[range], classifier: Classifier
) -> list[Facets]:
    """The facets of fragments that follow one another, with probabilities.

    Args:
        views: of the fragments.
        rows: the number of header rows and the role of every row, one a fragment.
        ranges: the rows of header cells, one a fragment.
        classifier: the model of facets.
    """
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
