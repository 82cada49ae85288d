"""How the shipped models and rules do on each side of the splits: floors under what was measured.

Sides are read from ``annotations/splits.json``. Documents of the test side were never trained on, those of the
development side are by the time that models are shipped; the floors keep changes from making them worse unseen. What
they really reach stands in the models' cards and in ``eval/README.md``.
"""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest
from tests.truth_fragments import labelled_fragments

from lanci.annotation import AnnotatedDocument, Media, Side, load_annotations, load_splits
from lanci.classify import label_fragments
from lanci.stitch import stitch
from lanci.training.examples import documents_to_examples

ANNOTATIONS = Path(__file__).parents[2] / "annotations"


@pytest.fixture(scope="module")
def by_side() -> dict[Side, list[AnnotatedDocument]]:
    """The annotated PDFs that have a table, by side."""
    splits = load_splits(ANNOTATIONS / "splits.json")
    sides: dict[Side, list[AnnotatedDocument]] = {side: [] for side in Side}
    for document in load_annotations(ANNOTATIONS / "documents"):
        if document.tables and document.media is Media.PDF:
            sides[splits.side(document)].append(document)
    return sides


@pytest.mark.parametrize(
    ("side", "kinds", "header_rows", "columns"), [(Side.DEV, 0.98, 0.98, 0.98), (Side.TEST, 0.9, 0.95, 0.87)]
)
def test_labels(
    by_side: dict[Side, list[AnnotatedDocument]], side: Side, kinds: float, header_rows: float, columns: float
) -> None:
    examples = documents_to_examples(by_side[side])
    found = label_fragments([example.fragment for example in examples])
    right: Counter[str] = Counter()
    for example, label in zip(examples, found, strict=True):
        right["kinds"] += label.facets.kind[0][0] == example.truth.facets.kind
        right["header rows"] += label.n_header_rows == example.truth.n_header_rows
        right["columns"] += sum(
            role == true for (role, _), true in zip(label.column_roles, example.truth.column_roles, strict=True)
        )
    n_columns = sum(len(example.truth.column_roles) for example in examples)
    assert len(examples) > 40
    assert right["kinds"] / len(examples) >= kinds
    assert right["header rows"] / len(examples) >= header_rows
    assert right["columns"] / n_columns >= columns


@pytest.mark.parametrize(("side", "floor"), [(Side.DEV, 1.0), (Side.TEST, 1.0)])
def test_joins_of_truly_labelled_fragments(
    by_side: dict[Side, list[AnnotatedDocument]], side: Side, floor: float
) -> None:
    """F1 of the pairs of pages that one table lies on, over all documents of the side."""
    right = n_true = n_found = 0
    for document in by_side[side]:
        true = Counter(p for t in document.tables for p in page_pairs([f.page for f in t.fragments]))
        tables = stitch(labelled_fragments(document.tables))
        found = Counter(p for t in tables for p in page_pairs([f.page for f in t.fragments]))
        right += (true & found).total()
        n_true += true.total()
        n_found += found.total()
    assert n_true > 10
    assert 2 * right / (n_true + n_found) >= floor


def page_pairs(pages: list[int]) -> list[tuple[int, int]]:
    return list(combinations(sorted(pages), 2))
