"""What happened in a run as lines of JSON, for other programs."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from lanci.errors import OutputError


class RunLog:
    """A file to which one JSON object a line is added; nothing is written where there is no file.

    Every line has ``time`` (ISO 8601, UTC) and ``event``; what else it has depends on the event and is left out where
    it says nothing. A context manager.
    """

    def __init__(self, path: Path | None) -> None:
        """Open the file; raises OutputError when it cannot be written."""
        self._path = path
        try:
            self._file = None if path is None else path.open("a", encoding="utf-8", errors="backslashreplace")
        except OSError as error:
            raise OutputError(f"{path}: cannot be written ({error.strerror or error}); choose another --log") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, event: str, **facts: str | float | None) -> None:
        """Add a line, and have it in the file at once; raises OutputError when it cannot be written."""
        if self._file is None:
            return
        said = {name: fact for name, fact in facts.items() if fact is not None and fact != ""}
        line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event, **said}
        try:
            self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._file.flush()
        except OSError as error:
            raise OutputError(f"{self._path}: cannot be written ({error.strerror or error}); make room") from error
