"""Documents of one side of the split into training, development and test."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lanci.annotation import AnnotatedDocument, Side, load_splits
from lanci_eval.datasets.base import DatasetRequest
from lanci_eval.datasets.request import DatasetError

SIDE_OPTIONS = {
    "side": "train, dev or test, or several joined by +: only documents of these sides (default: all)",
    "splits": "the file that tells the sides (default: splits.json in the folder above PATH)",
}


def take_sides(request: DatasetRequest, documents: Sequence[AnnotatedDocument]) -> list[AnnotatedDocument]:
    """The documents on the sides that the request names, all when it names none.

    Raises:
        DatasetError: there is no such side, or the file of sides is missing.
        AnnotationError: the file of sides is damaged, or does not know a document's city or family.
    """
    names = [name for name in request.option("side", "").split("+") if name]
    if not names:
        return list(documents)
    try:
        sides = {Side(name) for name in names}
    except ValueError as error:
        raise DatasetError(f"dataset {request.kind}: {error}; there are: {', '.join(Side)}") from error
    path = Path(request.option("splits", str(request.path.parent / "splits.json"))).expanduser()
    if not path.is_file():
        raise DatasetError(f"dataset {request.kind}: {path} is missing; name the file of sides with splits=FILE")
    splits = load_splits(path)
    return [document for document in documents if splits.side(document) in sides]
