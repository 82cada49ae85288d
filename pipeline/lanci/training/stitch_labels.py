"""The labels that fragments of a stream come to stitching with: true, garbled, or by models that never saw them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from lanci.classify import Models, label_fragments
from lanci.document import Facets, HeaderRole, LabelledFragment, RowRole, TextSource
from lanci.training.augment import garble
from lanci.training.examples import Example
from lanci.training.stitch_streams import Stream

_SURE, _UNSURE = 0.97, 0.55
_GARBLED_FACETS = 0.3
_MISTAKEN_HEADER = 0.08
_MISTAKEN_TOTAL = 0.1
_MISTAKEN_COLUMN = 0.05
_MISREAD = 0.02
"""The share of characters that a scan of the stream is misread in."""


def label_by_models(stream: Stream, models: Models) -> list[LabelledFragment]:
    """The fragments as the classifier labels them; the models must not have seen the document."""
    return list(label_fragments([one.fragment for one in stream.examples], models, stream.contents))


def label_by_truth(stream: Stream) -> list[LabelledFragment]:
    """The fragments as a perfect classifier would label them."""
    return [_to_labelled(one) for one in stream.examples]


def label_garbled(stream: Stream, rng: random.Random) -> list[LabelledFragment]:
    """The true labels with the mistakes that classifiers make."""
    return [_garble_labels(labelled, rng) for labelled in label_by_truth(stream)]


def misread(stream: Stream, alphabet: str, rng: random.Random) -> Stream:
    """The stream as OCR would read it."""
    return replace(stream, examples=tuple(_misread(one, alphabet, rng) for one in stream.examples))


def _misread(example: Example, alphabet: str, rng: random.Random) -> Example:
    spoiled = garble(example, _MISREAD, alphabet, rng)
    cells = tuple(replace(cell, source=TextSource.OCR) for cell in spoiled.fragment.cells)
    return replace(spoiled, fragment=replace(spoiled.fragment, cells=cells))


def _to_labelled(example: Example) -> LabelledFragment:
    truth = example.truth
    return LabelledFragment(
        fragment=example.fragment,
        facets=Facets(
            ((truth.facets.kind, _SURE),),
            ((truth.facets.fund, _SURE),),
            ((truth.facets.scope, _SURE),),
            ((truth.facets.classification, _SURE),),
        ),
        n_header_rows=truth.n_header_rows,
        row_roles=truth.row_roles,
        header_roles=tuple((role, _SURE) for role in truth.header_roles),
        column_roles=tuple((role, _SURE) for role in truth.column_roles),
    )


def _garble_labels(labelled: LabelledFragment, rng: random.Random) -> LabelledFragment:
    facets = labelled.facets
    if rng.random() < _GARBLED_FACETS:
        kind = rng.choice((facets.kind[0][0], "other"))
        facets = replace(facets, kind=((kind, rng.uniform(_UNSURE, _SURE)),))
    roles = [
        RowRole.DETAIL if role is RowRole.TOTAL and rng.random() < _MISTAKEN_TOTAL else role
        for role in labelled.row_roles
    ]
    columns = tuple(
        (HeaderRole.TEXT, _UNSURE) if rng.random() < _MISTAKEN_COLUMN else role for role in labelled.column_roles
    )
    garbled = replace(labelled, facets=facets, row_roles=tuple(roles), column_roles=columns)
    return _mistake_header(garbled) if rng.random() < _MISTAKEN_HEADER else garbled


def _mistake_header(labelled: LabelledFragment) -> LabelledFragment:
    """A header taken for data, or the first row of a part without one taken for a header."""
    n_header = labelled.n_header_rows
    if n_header:
        roles = (*[RowRole.DETAIL] * n_header, *labelled.row_roles[n_header:])
        return replace(labelled, n_header_rows=0, row_roles=roles, header_roles=())
    first: Sequence[object] = [cell for cell in labelled.fragment.cells if cell.row == 0]
    roles = (RowRole.HEADER, *labelled.row_roles[1:]) if labelled.row_roles else ()
    header_roles = ((HeaderRole.TEXT, _UNSURE),) * len(first)
    return replace(labelled, n_header_rows=min(1, len(roles)), row_roles=roles, header_roles=header_roles)
