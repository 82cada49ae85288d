"""What a run was asked for, as stored with it: enough to score it again, and to refuse a folder of another run."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lanci.errors import DamagedError
from lanci_eval.datasets.base import DatasetRequest
from lanci_eval.results import RunInfo, SystemInfo
from lanci_eval.run.plan import NamedDataset

_SCHEMA = "lanci-eval/run/1"

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DatasetSettings:
    """A dataset as asked for; ``path`` is relative to the folder of the run, so that both can be moved."""

    label: str
    kind: str
    path: str
    options: Pairs
    limit: int | None
    seed: int
    systems: tuple[str, ...] = ()

    @property
    def identity(self) -> tuple[object, ...]:
        """What decides which documents these are; a limit only takes fewer of them."""
        return self.label, self.kind, self.path, self.options, self.seed

    def to_named(self, folder: Path) -> NamedDataset:
        """The dataset again, for a run that lies in ``folder``."""
        path = (folder.resolve() / self.path).resolve()
        request = DatasetRequest(self.kind, path, self.options, self.limit, self.seed)
        return NamedDataset(self.label, request, self.systems)


@dataclass(frozen=True, slots=True)
class SystemSettings:
    """A system as it started; ``key`` is that of its versions, options and limits, empty if it is unavailable."""

    info: SystemInfo
    key: str


@dataclass(frozen=True, slots=True)
class RunSettings:
    """A run as asked for and as it came about."""

    datasets: tuple[DatasetSettings, ...]
    systems: tuple[SystemSettings, ...]
    run: RunInfo


def fit_together(stored: Sequence[DatasetSettings], wanted: Sequence[DatasetSettings]) -> bool:
    """Whether two runs are on the same documents, or one of them on more than the other."""
    first, second = ({dataset.identity for dataset in datasets} for datasets in (stored, wanted))
    return first <= second or second <= first


def dataset_to_settings(dataset: NamedDataset, folder: Path) -> DatasetSettings:
    """A dataset as it is stored in the run of ``folder``."""
    request = dataset.request
    path = os.path.relpath(request.path.resolve(), folder.resolve())
    return DatasetSettings(
        label=dataset.label,
        kind=request.kind,
        path=Path(path).as_posix(),
        options=request.options,
        limit=request.limit,
        seed=request.seed,
        systems=dataset.systems,
    )


def settings_to_json(settings: RunSettings) -> dict[str, Any]:
    """The form of run.json."""
    return {
        "schema": _SCHEMA,
        "datasets": [{**asdict(dataset), "options": dict(dataset.options)} for dataset in settings.datasets],
        "systems": [_system_to_json(system) for system in settings.systems],
        "run": {name: dict(pairs) for name, pairs in asdict(settings.run).items()},
    }


def json_to_settings(data: dict[str, Any]) -> RunSettings:
    """Settings from run.json.

    Raises:
        DamagedError: they are of another version.
        KeyError, TypeError, ValueError: something is missing or of the wrong type.
    """
    if data.get("schema") != _SCHEMA:
        raise DamagedError(f"run.json is of the schema {data.get('schema')}, not {_SCHEMA}; run into another folder")
    return RunSettings(
        datasets=tuple(
            DatasetSettings(**{**dataset, "options": _pairs(dataset["options"]), "systems": tuple(dataset["systems"])})
            for dataset in data["datasets"]
        ),
        systems=tuple(_json_to_system(system) for system in data["systems"]),
        run=RunInfo(**{name: _pairs(pairs) for name, pairs in data["run"].items()}),
    )


def _system_to_json(system: SystemSettings) -> dict[str, Any]:
    info = system.info
    return {**asdict(info), "options": dict(info.options), "versions": dict(info.versions), "key": system.key}


def _json_to_system(data: dict[str, Any]) -> SystemSettings:
    info = {name: value for name, value in data.items() if name != "key"}
    info |= {"options": _pairs(data["options"]), "versions": _pairs(data["versions"])}
    return SystemSettings(SystemInfo(**info), data["key"])


def _pairs(data: dict[str, str]) -> Pairs:
    return tuple(data.items())
