"""What kind of table every fragment of a document is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lanci.classify.context import Surroundings, outlines_to_surroundings, reading_order
from lanci.classify.facet_features import OwnFields, own_fields_to_sample, view_to_own_fields
from lanci.classify.links import outline_to_link_sample
from lanci.classify.models import FACETS, HEADS, Classifier, Models
from lanci.classify.outline import Outline, view_to_outline
from lanci.classify.view import FragmentView
from lanci.document import Facets, LabelledFragment
from lanci.facets import FacetValues

Probabilities = Mapping[str, NDArray[np.float64]]
"""By facet, the probabilities of one fragment, in the order of the classifier's classes."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is kept of a fragment until all of its document are read: its own fields, and its outline for others."""

    fields: OwnFields
    outline: Outline


def view_to_reading(view: FragmentView, n_header_rows: int, header_rows: range) -> Reading:
    """Read a fragment of which all rows above the body, and among them those of header cells, are known."""
    outline = view_to_outline(view, header_rows, n_header_rows)
    return Reading(view_to_own_fields(view, n_header_rows, outline), outline)


def label_facets(readings: Sequence[Reading], models: Models, contents: Sequence[str] = ()) -> list[Facets]:
    """The facets of all fragments of a document, with probabilities.

    A fragment is, by the probability that it goes on where the one before it ends, the same table as that one, and
    else what it shows itself.

    Args:
        readings: of the fragments, in any order.
        models: the classifiers of facets and of links.
        contents: the lines of the contents page.
    """
    outlines = [reading.outline for reading in readings]
    surroundings = outlines_to_surroundings(outlines, contents)
    samples = [
        own_fields_to_sample(reading.fields, around) for reading, around in zip(readings, surroundings, strict=True)
    ]
    alone = models.facets.predict(samples)
    links = _link(outlines, surroundings, models.links)
    found: list[dict[str, NDArray[np.float64]]] = [{} for _ in readings]
    before = -1
    for i in reading_order(outlines):
        own = {head: alone[head][i] for head in HEADS[FACETS]}
        found[i] = _mix(found[before], own, links[i]) if links[i] > 0 else own
        before = i
    classes = {head: models.facets.classes(head) for head in HEADS[FACETS]}
    return [
        Facets(
            kind=_rank(classes["kind"], one["kind"]),
            fund=_rank(classes["fund"], one["fund"]),
            scope=_rank(classes["scope"], one["scope"]),
            classification=_rank(classes["classification"], one["classification"]),
            type_limit=models.type_limit,
        )
        for one in found
    ]


def _link(outlines: Sequence[Outline], surroundings: Sequence[Surroundings], classifier: Classifier) -> list[float]:
    """For each fragment the probability that it goes on where the one before it ends; 0 for the first."""
    links = [0.0] * len(outlines)
    samples = [outline_to_link_sample(own, around) for own, around in zip(outlines, surroundings, strict=True)]
    places = [i for i, sample in enumerate(samples) if sample is not None]
    if places and classifier.heads:
        column = classifier.classes("continues").index("yes")
        found = classifier.predict([sample for sample in samples if sample is not None])["continues"][:, column]
        for i, probability in zip(places, found.tolist(), strict=True):
            links[i] = probability
    return links


def _mix(before: Probabilities, own: Probabilities, link: float) -> dict[str, NDArray[np.float64]]:
    """What a fragment is that with this probability goes on where the one before it ends.

    One that plainly shows something else is no continuation, however well its columns fit: the probability falls by
    how much less the two agree, on the facet they agree least on, than two would of which nothing is known.
    """
    agreement = min([1.0, *(float(before[head] @ own[head]) * len(own[head]) for head in own)])
    link = link * agreement / (link * agreement + 1 - link) if agreement < 1 else link
    return {head: link * before[head] + (1 - link) * own[head] for head in own}


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
        type_limit=max(part.facets.type_limit for part in labelled),
    )


def name_facets(facets: Facets) -> tuple[FacetValues, float]:
    """The likeliest value of each facet, and the probability that goes with them: the least of theirs.

    Where that is below the limit that the models learned, the table is ``other``: it is better not named than named
    wrongly. The probability then tells how sure the best guess was.
    """
    ranked = (facets.kind, facets.fund, facets.scope, facets.classification)
    if not all(ranked):
        return FacetValues("other"), 0.0
    kind, fund, scope, classification = (values[0][0] for values in ranked)
    probability = min(values[0][1] for values in ranked)
    named = FacetValues(kind, fund, scope, classification)
    return (named if probability >= facets.type_limit else FacetValues("other")), probability


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
