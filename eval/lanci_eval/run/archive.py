"""The folder of a run: what every system made of every document, stored as soon as it is there.

    run.json                              what was asked for, with which versions, on which machine
    raw/<dataset>/<item>/<system>.json    one outcome
    scores/<dataset>/<item>/<system>.json its sums and worst cells
    work/<dataset>/<item>/                files that the dataset made

Each stored file carries the key of everything that decided it; a file with another key counts as absent. No
name of a document is used as a path: names are cleaned, and made unique by a hash where that changed them.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lanci.errors import DamagedError, OutputError
from lanci.store.names import text_to_safe_name
from lanci_eval.exchange import ExtractionFormatError, extraction_to_json, json_to_extraction
from lanci_eval.records import Extraction, Outcome, Status
from lanci_eval.results import Mistake
from lanci_eval.results.files import write_file
from lanci_eval.run.settings import (
    DatasetSettings,
    RunSettings,
    fit_together,
    json_to_settings,
    settings_to_json,
)

_RAW_SCHEMA = "lanci-eval/raw/1"
_SCORE_SCHEMA = "lanci-eval/score/1"
_PLAIN_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_NAME_BYTES = 80


@dataclass(frozen=True, slots=True)
class Slot:
    """Names one outcome: the labels of dataset and system, and the item's id."""

    dataset: str
    item: str
    system: str

    def __str__(self) -> str:
        return f"{self.dataset}/{self.item}, {self.system}"


@dataclass(frozen=True, slots=True)
class Score:
    """The sums of one outcome by metric, and its worst cells."""

    tallies: tuple[tuple[str, dict[str, float]], ...]
    mistakes: tuple[Mistake, ...] = ()


class Archive:
    """Reads and writes the folder of a run. Every file appears whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def check_takes(self, datasets: Sequence[DatasetSettings]) -> None:
        """Check that a run on these datasets may go into the folder: a new one, or one of a run that it extends.

        Raises:
            OutputError: the folder holds something else, or a run on other documents.
        """
        if self._settings_path.exists():
            stored = self.read_settings().datasets
            if not fit_together(stored, datasets):
                labels = ", ".join(dataset.label for dataset in stored)
                raise OutputError(
                    f"{self.folder} holds a run on other documents ({labels}, or these with other options); "
                    "choose another folder with -o"
                )
        elif self.folder.exists() and (not self.folder.is_dir() or any(self.folder.iterdir())):
            raise OutputError(f"{self.folder} is not empty and holds no run; choose another folder with -o")

    def read_settings(self) -> RunSettings:
        """What the run in this folder was asked for.

        Raises:
            OutputError: there is no run in this folder.
            DamagedError: its run.json cannot be read.
        """
        if not self._settings_path.is_file():
            raise OutputError(f"{self.folder} holds no run; make one with lanci eval run -o {self.folder}")
        try:
            return json_to_settings(json.loads(self._settings_path.read_text(encoding="utf-8")))
        except (ValueError, KeyError, TypeError) as error:
            raise DamagedError(f"{self._settings_path} cannot be read ({error}); run into another folder") from error

    def write_settings(self, settings: RunSettings) -> None:
        """Store what the run was asked for, and where it ran."""
        _write_json(self._settings_path, settings_to_json(settings))

    def read_end(self, slot: Slot, key: str) -> Outcome | None:
        """The stored outcome without its extraction, None where there is none under this key."""
        data = _read_json(self._file("raw", slot), _RAW_SCHEMA, key)
        return None if data is None else self._to_outcome(slot, data, Extraction())

    def read_outcome(self, slot: Slot, key: str) -> Outcome | None:
        """The stored outcome, None where there is none under this key."""
        data = _read_json(self._file("raw", slot), _RAW_SCHEMA, key)
        if data is None:
            return None
        try:
            extraction = json_to_extraction(data.get("extraction"))
        except ExtractionFormatError as error:
            raise self._damaged(slot, error) from error
        return self._to_outcome(slot, data, extraction)

    def write_outcome(self, slot: Slot, key: str, outcome: Outcome) -> None:
        """Store an outcome; an older one is replaced."""
        data = {
            "schema": _RAW_SCHEMA,
            "key": key,
            **asdict(slot),
            "status": outcome.status.value,
            "message": outcome.message,
            "seconds": outcome.seconds,
            "peak_mib": outcome.peak_mib,
            "remarks": list(outcome.remarks),
            "extraction": extraction_to_json(outcome.extraction),
        }
        _write_json(self._file("raw", slot), data)

    def read_score(self, slot: Slot, key: str) -> Score | None:
        """The stored score, None where there is none under this key."""
        data = _read_json(self._file("scores", slot), _SCORE_SCHEMA, key)
        if data is None:
            return None
        tallies = tuple((name, dict(sums)) for name, sums in data["tallies"].items())
        return Score(tallies, tuple(_json_to_mistake(mistake) for mistake in data["mistakes"]))

    def write_score(self, slot: Slot, key: str, score: Score) -> None:
        """Store a score; an older one is replaced."""
        data = {
            "schema": _SCORE_SCHEMA,
            "key": key,
            **asdict(slot),
            "tallies": dict(score.tallies),
            "mistakes": [asdict(mistake) for mistake in score.mistakes],
        }
        _write_json(self._file("scores", slot), data)

    def make_work_folder(self, dataset: str, item: str) -> Path:
        """An empty folder for the files of one document."""
        folder = self.folder / "work" / text_to_folder_name(dataset) / text_to_folder_name(item)
        try:
            if folder.exists():
                shutil.rmtree(folder)
            folder.mkdir(parents=True)
        except OSError as error:
            raise OutputError(f"cannot write {folder}: {error.strerror or error}; choose another folder") from error
        return folder

    def remove_work(self) -> None:
        """Delete the files of all documents; datasets can make them again."""
        shutil.rmtree(self.folder / "work", ignore_errors=True)

    def _to_outcome(self, slot: Slot, data: dict[str, Any], extraction: Extraction) -> Outcome:
        try:
            return Outcome(
                system=slot.system,
                status=Status(data["status"]),
                message=data["message"],
                extraction=extraction,
                remarks=tuple(data["remarks"]),
                seconds=data["seconds"],
                peak_mib=data["peak_mib"],
            )
        except (ValueError, KeyError, TypeError) as error:
            raise self._damaged(slot, error) from error

    def _damaged(self, slot: Slot, error: Exception) -> DamagedError:
        return DamagedError(f"{self._file('raw', slot)} cannot be read ({error}); delete it and run again")

    @property
    def _settings_path(self) -> Path:
        return self.folder / "run.json"

    def _file(self, kind: str, slot: Slot) -> Path:
        names = [text_to_folder_name(name) for name in (slot.dataset, slot.item, slot.system)]
        return self.folder / kind / names[0] / names[1] / f"{names[2]}.json"


def text_to_folder_name(text: str) -> str:
    """One component of a path for any text; no two texts share one, on any file system."""
    if _PLAIN_NAME.fullmatch(text) and text_to_safe_name(text, max_bytes=_NAME_BYTES) == text:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{text_to_safe_name(text, max_bytes=_NAME_BYTES, fallback='item')}-{digest}"


def _read_json(path: Path, schema: str, key: str) -> dict[str, Any] | None:
    try:
        data = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):  # a file that an editor or a copy cut off is made again
        return None
    except OSError as error:
        raise DamagedError(f"{path} cannot be read ({error.strerror}); make it readable or delete it") from error
    fits = isinstance(data, dict) and data.get("schema") == schema and data.get("key") == key
    return data if fits else None


def _write_json(path: Path, data: dict[str, Any]) -> None:
    write_file(path, json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n")


def _json_to_mistake(data: dict[str, Any]) -> Mistake:
    box = data["box"]
    return Mistake(**{**data, "box": None if box is None else (box[0], box[1], box[2], box[3])})
