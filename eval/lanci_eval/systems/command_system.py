"""Any program that writes the documented JSON (docs/evaluation-json.md)."""

from __future__ import annotations

import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from lanci_eval.exchange import ExtractionFormatError, text_to_extraction
from lanci_eval.records import Extraction
from lanci_eval.systems.base import Limits, SystemRequest, UnavailableError
from lanci_eval.systems.options import SystemOptionError, check_names

OPTIONS = {
    "run": "the program and its arguments; {input} is the document and {output} the file to write; without "
    "{input} the document is the last argument, without {output} the JSON is read from standard output",
    "version": "what to call this version of the program in the report",
}

MAX_OUTPUT = 256 * 1024 * 1024
"""Most bytes of JSON."""


class ProgramCrashedError(Exception):
    """The program was ended by a signal; the message names it."""


class ProgramFailedError(Exception):
    """The program ended with an exit code that says failure."""


class CommandSystem:
    """Starts the program anew for every document; no shell takes part."""

    name = "command"
    summary = "any program that writes the JSON of docs/evaluation-json.md: command,run=PROGRAM {input} {output}"
    options: dict[str, str] = OPTIONS

    def __init__(self, request: SystemRequest, limits: Limits) -> None:
        check_names(request, OPTIONS)
        self._version = request.option("version", "")
        try:
            self._arguments = shlex.split(request.option("run", ""))
        except ValueError as error:
            raise SystemOptionError(f"system {request.label}: run cannot be split into arguments: {error}") from error

    def prepare(self) -> dict[str, str]:
        if not self._arguments:
            raise UnavailableError("no program is given; write command,run=PROGRAM {input} {output}")
        program = shutil.which(self._arguments[0])
        if program is None:
            raise UnavailableError(f"there is no program {self._arguments[0]}, or it may not be run")
        return {"version": self._version} if self._version else {}

    def extract(self, path: Path) -> Extraction:
        with tempfile.TemporaryDirectory(prefix="lanci-eval-") as folder:
            output = Path(folder) / "output.json"
            arguments = [part.replace("{input}", str(path)).replace("{output}", str(output)) for part in self._filled()]
            to_file = any("{output}" in part for part in self._arguments)
            printed = _run(arguments, capture=not to_file)
            return text_to_extraction(_read_limited(output) if to_file else printed)

    def _filled(self) -> list[str]:
        has_input = any("{input}" in part for part in self._arguments)
        return self._arguments if has_input else [*self._arguments, "{input}"]


def _run(arguments: list[str], *, capture: bool) -> bytes:
    """What the program prints; its errors go to this process's stderr, of which the end is kept.

    Raises:
        ProgramCrashedError: a signal ended it.
        ProgramFailedError: its exit code is not 0.
        ExtractionFormatError: it prints too much.
    """
    stdout = subprocess.PIPE if capture else sys.stderr.fileno()
    # the program is the one that the user named, and no shell reads its arguments
    with subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=stdout) as program:  # noqa: S603
        printed = program.stdout.read(MAX_OUTPUT + 1) if program.stdout is not None else b""
        if len(printed) > MAX_OUTPUT:
            program.kill()
            raise ExtractionFormatError(f"the program prints more than {MAX_OUTPUT} bytes")
        code = program.wait()
    if code < 0:
        raise ProgramCrashedError(f"the program was ended by {signal_name(-code)}")
    if code > 0:
        raise ProgramFailedError(f"the program ended with exit code {code}")
    return printed


def signal_name(number: int) -> str:
    """``SIGSEGV`` for 11."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _read_limited(path: Path) -> bytes:
    if not path.is_file():
        raise ExtractionFormatError("the program ended without writing {output}")
    if path.stat().st_size > MAX_OUTPUT:
        raise ExtractionFormatError(f"the program wrote more than {MAX_OUTPUT} bytes")
    return path.read_bytes()
