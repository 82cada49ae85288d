"""What the harness and the process of a system say to each other: one JSON object a line.

The harness sends a :class:`Start` and then an :class:`Order` for each document; each is answered by one
:class:`Reply`. The extraction itself goes through a file that the order names.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from lanci_eval.records import Status
from lanci_eval.systems.base import Limits, SystemRequest


class BadMessageError(ValueError):
    """A line is not one of ours."""


@dataclass(frozen=True, slots=True)
class Start:
    """Which system to get ready."""

    request: SystemRequest
    limits: Limits

    def to_line(self) -> bytes:
        return _to_line({"request": asdict(self.request), "limits": asdict(self.limits)})


@dataclass(frozen=True, slots=True)
class Order:
    """A document to read, and the file for the extraction."""

    path: str
    output: str

    def to_line(self) -> bytes:
        return _to_line(asdict(self))


@dataclass(frozen=True, slots=True)
class Reply:
    """The end of getting ready (``versions``) or of a document (``seconds``, and the extraction in its file).

    ``peak_mib`` is the most memory that the process itself held meanwhile, where the system tells.
    """

    status: Status
    message: str = ""
    versions: tuple[tuple[str, str], ...] = ()
    seconds: float | None = None
    peak_mib: float | None = None

    def to_line(self) -> bytes:
        return _to_line(asdict(self))


def line_to_start(line: bytes) -> Start:
    """The first line that the harness sends."""
    data = _to_object(line)
    request = data["request"]
    options = tuple((name, value) for name, value in request["options"])
    return Start(SystemRequest(request["name"], request["label"], options), Limits(**data["limits"]))


def line_to_order(line: bytes) -> Order:
    """Every other line that the harness sends."""
    return Order(**_to_object(line))


def line_to_reply(line: bytes) -> Reply:
    """Raises BadMessageError when something else than our own code wrote the line."""
    data = _to_object(line)
    try:
        return Reply(
            status=Status(data["status"]),
            message=str(data["message"]),
            versions=tuple((str(name), str(value)) for name, value in data["versions"]),
            seconds=_number(data["seconds"]),
            peak_mib=_number(data["peak_mib"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadMessageError(f"{line[:60]!r}") from error


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _to_line(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=True).encode("ascii") + b"\n"


def _to_object(line: bytes) -> dict[str, Any]:
    try:
        data = json.loads(line)
    except ValueError as error:
        raise BadMessageError(f"{line[:60]!r}") from error
    if not isinstance(data, dict):
        raise BadMessageError(f"{line[:60]!r}")
    return data
