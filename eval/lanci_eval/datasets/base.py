"""What a dataset is: a list of documents, each with a file to read and whatever is known to be true of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from lanci_eval.records import Extraction


@dataclass(frozen=True, slots=True)
class Item:
    """One document of a dataset.

    Attributes:
        id: names the document within its dataset; letters, digits, ``-``, ``_`` and ``.`` or any Chinese, no
            slash; stable between runs.
        group: documents of one group are not independent (twins of one page, the digital and the scanned
            form of one document): confidence intervals resample groups.
        materialize: gives the file to read. It gets an empty folder of the item's own to write into and
            returns either a file made there or one that lies elsewhere and is left as it is.
        truth: what is true of it; None for label-free measures only.
        evidence: gives a digital PDF with the same pages whose text layer says which numbers are printed, from
            the same folder, after ``materialize``; None where there is none.
        tags: what the report may be split by, e.g. ``("dpi", "200")``, sorted by name.
        remarks: problems of the truth that a reader of the report should know.
    """

    id: str
    group: str
    materialize: Callable[[Path], Path]
    truth: Extraction | None = None
    evidence: Callable[[Path], Path] | None = None
    tags: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A document that cannot be used, and why: a truth that contradicts itself, a file that is missing."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a dataset holds, both sorted by id."""

    items: tuple[Item, ...]
    rejected: tuple[Rejected, ...] = ()


@dataclass(frozen=True, slots=True)
class DatasetRequest:
    """A dataset as asked for on the command line: ``KIND:PATH,option=value,...``."""

    kind: str
    path: Path
    options: tuple[tuple[str, str], ...] = ()
    limit: int | None = None
    seed: int = 0

    def option(self, name: str, default: str) -> str:
        """The value of an option, or ``default``."""
        return dict(self.options).get(name, default)


class Dataset(Protocol):
    """One format. ``options`` maps the names of its options to their help."""

    kind: str
    summary: str
    options: dict[str, str]

    def load(self, request: DatasetRequest) -> Contents:
        """The documents; no more than ``request.limit``, chosen by :func:`choose` with ``request.seed``.

        Raises lanci.errors.LanciError (AnnotationError and others), naming the file and what to do, when the
        dataset as a whole cannot be read. A document that cannot be used becomes a :class:`Rejected`.
        """
        ...


@dataclass(frozen=True, slots=True)
class FixedFile:
    """A ``materialize`` or ``evidence`` for a file that is already there."""

    path: Path = field()

    def __call__(self, folder: Path) -> Path:
        return self.path
