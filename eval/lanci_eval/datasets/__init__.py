"""The datasets that can be read; each format is one module.

To add a format, write a module with a class that is a :class:`~lanci_eval.datasets.base.Dataset` and enter it in
:data:`DATASETS`. Modules are imported when their dataset is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import cast

from lanci_eval.datasets.base import Contents, Dataset, DatasetRequest
from lanci_eval.datasets.request import DatasetError, check_options, parse_request
from lanci_eval.datasets.sample import choose

__all__ = ["DATASETS", "DatasetError", "choose", "load_dataset", "parse_dataset"]

_PLACES = {
    "annotations": "lanci_eval.datasets.annotations:Annotations",
    "generated": "lanci_eval.datasets.generated:Generated",
    "factory": "lanci_eval.datasets.factory:Factory",
    "icdar2013": "lanci_eval.datasets.icdar2013:Icdar2013",
    "omnidocbench": "lanci_eval.datasets.omnidocbench:OmniDocBench",
    "pdfs": "lanci_eval.datasets.pdfs:Pdfs",
    "pubtabnet": "lanci_eval.datasets.pubtabnet:PubTabNet",
    "twins": "lanci_eval.datasets.twins:Twins",
}


class _Registry(Mapping[str, type[Dataset]]):
    """Classes by kind, imported on access."""

    def __getitem__(self, kind: str) -> type[Dataset]:
        module, _, name = _PLACES[kind].partition(":")
        return cast(type[Dataset], getattr(import_module(module), name))

    def __iter__(self) -> Iterator[str]:
        return iter(_PLACES)

    def __len__(self) -> int:
        return len(_PLACES)

    def __contains__(self, kind: object) -> bool:
        return kind in _PLACES


DATASETS: Mapping[str, type[Dataset]] = _Registry()
"""The class of every format, by the name that the command line uses."""


def parse_dataset(text: str, limit: int | None, seed: int) -> DatasetRequest:
    r"""The dataset that ``KIND:PATH,option=value,...`` asks for; a comma in the path is written ``\,``.

    Raises:
        DatasetError: the form is another, or there is no such kind, option or path.
    """
    request = parse_request(text, limit, seed)
    if request.kind not in DATASETS:
        raise DatasetError(f"dataset {text!r}: there is no kind {request.kind}; there are: {', '.join(DATASETS)}")
    check_options(request, DATASETS[request.kind].options)
    if not request.path.exists():
        raise DatasetError(f"dataset {text!r}: {request.path} does not exist; check the path")
    return request


def load_dataset(request: DatasetRequest) -> Contents:
    """The documents of a dataset; raises LanciError when it cannot be read as a whole."""
    return DATASETS[request.kind]().load(request)
