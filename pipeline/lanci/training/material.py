"""What models are trained from and measured on: annotated, corrected and made-up documents, each on its side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lanci.annotation import AnnotatedDocument, Side, Splits, load_annotations, load_splits
from lanci.errors import AnnotationError
from lanci.training.fingerprint import training_data_to_sha256
from lanci.training.synthesis import TitledFacets, read_titles

SPLITS_FILE, TITLES_FILE, DOCUMENTS_FOLDER = "splits.json", "titles.csv", "documents"
FITTED_SIDES = (Side.TRAIN, Side.DEV)
"""Models are fitted on these sides: what was chosen on the development side is chosen by then."""

CORRECTION_WEIGHT = 1.0
"""What a fragment of a user's corrections counts, where one of an annotated document counts 1: twice as much was
measured to help nothing and to cost nothing."""

MADE_WEIGHT = 0.5
"""What a fragment of a made-up document counts: its wording is a program's."""


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that models are trained from and measured on; only documents with a table.

    Attributes:
        annotated: documents of the fitted sides.
        corrected: documents of folders without splits.
        made: made-up documents of the families of the fitted sides.
        test: annotated documents of the test side, from places of which no training document is.
        made_test: made-up documents of the families of the test side.
        titles: printed titles with their facets.
        sha256: names everything that models are fitted on.
        remarks: sentences on what was left out and why.
    """

    annotated: tuple[AnnotatedDocument, ...]
    corrected: tuple[AnnotatedDocument, ...]
    made: tuple[AnnotatedDocument, ...]
    test: tuple[AnnotatedDocument, ...]
    made_test: tuple[AnnotatedDocument, ...]
    titles: tuple[TitledFacets, ...]
    sha256: str
    remarks: tuple[str, ...]

    @property
    def real(self) -> tuple[AnnotatedDocument, ...]:
        """The documents that models are fitted on and that were really published."""
        return (*self.annotated, *self.corrected)

    @property
    def weights(self) -> dict[str, float]:
        """What a fragment of each training document counts, by document id."""
        weights = {document.id: 1.0 for document in self.annotated}
        weights |= {document.id: CORRECTION_WEIGHT for document in self.corrected}
        return weights | {document.id: MADE_WEIGHT for document in self.made}


def find_place(document: AnnotatedDocument) -> str:
    """What published a document, as folds go by it: its city, or its province."""
    return document.city or document.province


def load_material(folders: Sequence[Path], made: Sequence[Path] = ()) -> Material:
    """Read all folders and put every document on its side.

    Args:
        folders: each with ``documents/*.json`` (or the JSON files themselves) and, if there, ``titles.csv`` and
            ``splits.json``. A folder without splits holds corrections: all of it counts as training.
        made: folders of made-up documents, whose sides are those of their families in the splits.

    Raises:
        AnnotationError: a folder is missing, a file breaks the schema or contradicts itself, the splits say nothing
            of a document, two documents have one id, or nothing is left to train on.
    """
    splits = _read_all_splits(folders)
    annotated, corrected, test = [], [], []
    for folder in folders:
        own = splits.get(folder)
        for document in _read_documents(folder):
            if own is None:
                corrected.append(document)
            elif own.side(document) in FITTED_SIDES:
                annotated.append(document)
            else:
                test.append(document)
    known = next(iter(splits.values()), None)
    made_documents = [document for folder in made for document in _read_documents(folder)]
    made_train = [d for d in made_documents if not known or known.side_of_family(d.layout) in FITTED_SIDES]
    made_test = [d for d in made_documents if known and known.side_of_family(d.layout) not in FITTED_SIDES]
    _check_ids([*annotated, *corrected, *test, *made_documents])
    if not annotated and not corrected:
        raise AnnotationError(
            f"{', '.join(map(str, folders))}: no document with a table is on the training side; add annotations, or "
            f"move a city to the training side in {SPLITS_FILE}"
        )
    kept, remarks = _without_places_of(test, [*annotated, *corrected])
    titles = [folder / TITLES_FILE for folder in folders if (folder / TITLES_FILE).is_file()]
    fitted = [*annotated, *corrected, *made_train]
    return Material(
        annotated=tuple(annotated),
        corrected=tuple(corrected),
        made=tuple(made_train),
        test=tuple(kept),
        made_test=tuple(made_test),
        titles=tuple(title for path in titles for title in read_titles(path)),
        sha256=training_data_to_sha256(fitted, titles),
        remarks=tuple(remarks),
    )


def _read_all_splits(folders: Sequence[Path]) -> dict[Path, Splits]:
    return {folder: load_splits(folder / SPLITS_FILE) for folder in folders if (folder / SPLITS_FILE).is_file()}


def _read_documents(folder: Path) -> Iterator[AnnotatedDocument]:
    """The documents of a folder that have a table, sorted by id."""
    inner = folder / DOCUMENTS_FOLDER if (folder / DOCUMENTS_FOLDER).is_dir() else folder
    if not inner.is_dir():
        raise AnnotationError(f"{folder}: no such folder; name the folder that holds the annotations")
    yield from (document for document in load_annotations(inner) if document.tables)


def _check_ids(documents: Sequence[AnnotatedDocument]) -> None:
    seen: set[str] = set()
    for document in documents:
        if document.id in seen:
            raise AnnotationError(
                f"two documents of the folders have the id {document.id!r}; keep the better one, or give one another id"
            )
        seen.add(document.id)


def _without_places_of(
    test: Sequence[AnnotatedDocument], fitted: Sequence[AnnotatedDocument]
) -> tuple[list[AnnotatedDocument], list[str]]:
    """The test documents of places that no training document comes from, and what to say of the others."""
    places = {find_place(document) for document in fitted}
    shared = sorted({find_place(d) for d in test if find_place(d) in places})
    kept = [document for document in test if find_place(document) not in places]
    return kept, [f"test documents of {place} are left out: the training documents have some of it" for place in shared]
