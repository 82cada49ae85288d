"""From documents to samples: every page break of every stream, its signs, and whether a table goes on over it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lanci.annotation import AnnotatedDocument
from lanci.classify import Models
from lanci.document import LabelledFragment
from lanci.stitch.decide import gather_breaks
from lanci.stitch.evidence import DECISIVE, Evidence
from lanci.training.compose import Stock, material_to_stock, select_stock, stock_to_examples
from lanci.training.fit import fit_models
from lanci.training.material import Material, find_place
from lanci.training.stitch_labels import label_by_models, label_by_truth, label_garbled, misread
from lanci.training.stitch_neighbours import add_neighbours
from lanci.training.stitch_recut import recut_document
from lanci.training.stitch_streams import Origin, Stream, document_to_stream, hide_captions

N_FOLDS = 3
"""Labels are by models without the place of a document; so many sets of such models are fitted."""

_REAL_DRAWS, _MADE_DRAWS = 4, 2
"""How often an annotated and a made-up document are cut anew, and put among look-alikes."""
_NEIGHBOURS = 8
_ALL, _MANY, _SOME = 1.0, 0.5, 0.3
"""Shares of the tables whose lines are hidden."""


@dataclass(frozen=True, slots=True)
class BreakSample:
    """A break at which a fragment may go on with a table.

    Attributes:
        document, place, origin: where it comes from (see :class:`Stream`).
        evidence: the signs that are seen, with the tables before it known.
        joined: whether the table goes on.
    """

    document: str
    place: str
    origin: Origin
    evidence: tuple[Evidence, ...]
    joined: bool


@dataclass(frozen=True, slots=True)
class LabelledStream:
    """A stream with the labels that its fragments come to stitching with."""

    stream: Stream
    labelled: tuple[LabelledFragment, ...]


def material_to_streams(material: Material, tell: Callable[[str], None]) -> Iterator[LabelledStream]:
    """Every stream of every training document; the same material gives the same ones.

    Args:
        material: what there is to learn from.
        tell: told of each set of models for labels that is fitted.
    """
    stock = material_to_stock(material)
    places = {document.id: find_place(document) for document in material.real}
    places |= {document.id: document.layout for document in material.made}
    fold_of = {place: number % N_FOLDS for number, place in enumerate(sorted(set(places.values())))}
    for fold in range(N_FOLDS):
        models = _fit_without(stock, {name for name, place in places.items() if fold_of[place] == fold}, fold)
        tell(f"fitted the models for labels of fold {fold + 1}")
        for origin, draws, documents in (
            (Origin.PRINTED, _REAL_DRAWS, material.real),
            (Origin.MADE, _MADE_DRAWS, material.made),
        ):
            for document in documents:
                place = places[document.id]
                if fold_of[place] == fold:
                    streams = _document_to_streams(document, place, origin, draws)
                    yield from _label_all(streams, models, stock.alphabet)


def _fit_without(stock: Stock, documents: set[str], fold: int) -> Models:
    """Models that saw neither these documents nor the made-up forms that are held out with them."""
    rest = select_stock(stock, lambda name: name not in documents, lambda form: form % N_FOLDS != fold)
    return fit_models(stock_to_examples(rest), f"fold-{fold}")


def _document_to_streams(document: AnnotatedDocument, place: str, origin: Origin, draws: int) -> Iterator[Stream]:
    """The document as printed, without its titles, and drawn anew."""
    rng = random.Random(document.id)  # noqa: S311 - reproducible variety, not secrecy
    printed = document_to_stream(document, place, origin)
    yield printed
    yield hide_captions(printed, Origin.UNTITLED, _ALL, rng)
    yield hide_captions(printed, Origin.UNTITLED, _MANY, rng)
    for _ in range(draws):
        yield hide_captions(recut_document(document, place, Origin.RECUT, rng), Origin.RECUT, _SOME, rng)
        yield recut_document(add_neighbours(document, _NEIGHBOURS, rng), place, Origin.NEIGHBOURS, rng)


def _label_all(streams: Iterator[Stream], models: Models, alphabet: str) -> Iterator[LabelledStream]:
    """Streams as printed by models; the others by models, garbled, and as scans, in turn."""
    for number, stream in enumerate(streams):
        rng = random.Random(f"{stream.document} {number} labels")  # noqa: S311 - as above
        if stream.origin in (Origin.PRINTED, Origin.MADE):
            yield LabelledStream(stream, tuple(label_by_models(stream, models)))
            yield LabelledStream(stream, tuple(label_by_truth(stream)))
        elif number % 4 == 0:
            scanned = misread(stream, alphabet, rng)
            yield LabelledStream(scanned, tuple(label_by_models(scanned, models)))
        elif number % 4 == 1:
            yield LabelledStream(stream, tuple(label_garbled(stream, rng)))
        else:
            yield LabelledStream(stream, tuple(label_by_models(stream, models)))


def stream_to_samples(one: LabelledStream) -> list[BreakSample]:
    """The breaks of a stream at which a fragment may go on, but for those that one sign settles."""
    stream = one.stream
    tables = stream.tables
    return [
        BreakSample(stream.document, stream.place, stream.origin, evidence, tables[at] == tables[at - 1])
        for at, evidence in gather_breaks(one.labelled, tables, stream.blank)
        if not any(piece.sign in DECISIVE for piece in evidence)
    ]
