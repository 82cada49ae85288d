"""What is to be run, and who is told how it goes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from lanci_eval.datasets.base import DatasetRequest
from lanci_eval.systems.base import Limits, SystemRequest


@dataclass(frozen=True, slots=True)
class NamedDataset:
    """A dataset under the name that reports give it; two of one run have different labels.

    ``systems`` are the labels of those that run on it; none stands for all.
    """

    label: str
    request: DatasetRequest
    systems: tuple[str, ...] = ()

    def takes(self, system: str) -> bool:
        """Whether the system with this label runs on the dataset."""
        return not self.systems or system in self.systems


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlan:
    """A run as asked for.

    ``again`` runs and scores even what is stored. ``gallery`` puts crops of pages into the report.
    ``keep_work`` leaves the files that datasets made (laid out and scanned pages) where they are.
    """

    folder: Path
    datasets: tuple[NamedDataset, ...]
    systems: tuple[SystemRequest, ...]
    limits: Limits = field(default_factory=Limits)
    again: bool = False
    gallery: bool = True
    keep_work: bool = False


class Watcher(Protocol):
    """Is told of the progress of a run."""

    def begin(self, work: str, total: int) -> None:
        """A phase starts; it has so many steps."""
        ...

    def step(self, name: str) -> None:
        """The next step starts; ``name`` says on what."""
        ...

    def note(self, line: str) -> None:
        """Something that is as it should be."""
        ...

    def warn(self, line: str) -> None:
        """Something that the user should know: a failure, a document that cannot be used."""
        ...

    def end(self) -> None:
        """The phase is over."""
        ...
