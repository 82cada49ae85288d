"""From datasets to files: load them, have each document's file made, hash it and count its pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lanci.errors import LanciError
from lanci_eval.datasets import load_dataset
from lanci_eval.datasets.base import Item, Rejected
from lanci_eval.records import Extraction
from lanci_eval.results import DatasetInfo, ItemInfo
from lanci_eval.run.archive import Archive
from lanci_eval.run.keys import file_to_hash
from lanci_eval.run.plan import NamedDataset, Watcher
from lanci_eval.run.privacy import shorten_paths


@dataclass(frozen=True, slots=True)
class LoadedDataset:
    """A dataset of the run with its documents, before any file is made."""

    named: NamedDataset
    items: tuple[Item, ...]
    rejected: tuple[Rejected, ...]


@dataclass(frozen=True, slots=True)
class RunDocument:
    """A document of a dataset with its file. ``evidence`` is as in :class:`metrics.base.Case`."""

    named: NamedDataset
    info: ItemInfo
    path: Path
    truth: Extraction | None
    evidence: Path | None

    @property
    def dataset(self) -> str:
        """The label of its dataset."""
        return self.named.label


def load_datasets(datasets: Sequence[NamedDataset], watcher: Watcher) -> tuple[LoadedDataset, ...]:
    """All documents of all datasets.

    Raises:
        LanciError: a dataset as a whole cannot be read.
    """
    loaded = []
    watcher.begin("loading", len(datasets))
    for named in datasets:
        watcher.step(named.label)
        contents = load_dataset(named.request)
        for rejected in contents.rejected:
            watcher.warn(f"{named.label}/{rejected.id} is left out: {rejected.reason}")
        loaded.append(LoadedDataset(named, contents.items, contents.rejected))
    watcher.end()
    return tuple(loaded)


def prepare_document(named: NamedDataset, item: Item, archive: Archive) -> RunDocument | Rejected:
    """Have the document's file made in its work folder; one that cannot be opened is rejected."""
    folder = archive.make_work_folder(named.label, item.id)
    try:
        path = item.materialize(folder)
        evidence = item.evidence(folder) if item.evidence is not None else None
        n_pages = _count_pages(path)
    except LanciError as error:
        return Rejected(item.id, f"{error.category}: {error}")
    except OSError as error:
        return Rejected(item.id, f"cannot be read: {error.strerror or error}")
    info = ItemInfo(
        id=item.id, group=item.group, sha256=file_to_hash(path), n_pages=n_pages, tags=item.tags, remarks=item.remarks
    )
    return RunDocument(named, info, path, item.truth, evidence)


def to_dataset_info(
    dataset: LoadedDataset, documents: Sequence[RunDocument], rejected: Sequence[Rejected]
) -> DatasetInfo:
    """What the results say of a dataset; ``rejected`` are those of its items of which no file could be had."""
    request = dataset.named.request
    label = dataset.named.label
    turned_down = sorted((item.id, shorten_paths(item.reason)) for item in (*dataset.rejected, *rejected))
    return DatasetInfo(
        label=label,
        kind=request.kind,
        options=tuple((name, shorten_paths(value)) for name, value in request.options),
        items=tuple(document.info for document in documents if document.dataset == label),
        rejected=tuple(turned_down),
    )


def _count_pages(path: Path) -> int:
    from lanci.source import open_source

    with open_source(path) as source:
        return source.n_pages
