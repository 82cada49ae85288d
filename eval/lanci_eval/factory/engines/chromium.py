"""Chromium: HTML and CSS to PDF as a browser prints it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from lanci.errors import MissingProgramError
from lanci_eval.factory.engines.html import pages_to_html
from lanci_eval.factory.problems import FactoryError
from lanci_eval.factory.records import Family, SheetPage

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
_TIMEOUT_S = 120.0


def _program() -> str:
    for name in _PROGRAMS:
        if found := shutil.which(name):
            return found
    raise MissingProgramError("the layout engine Chromium is not installed: make system, or apt-get install chromium")


def check_installed() -> None:
    """See :meth:`lanci_eval.factory.engines.Engine.check_installed`."""
    _program()


def print_pages(pages: Sequence[SheetPage], family: Family, seed: int, folder: Path) -> bytes:
    """See :meth:`lanci_eval.factory.engines.Engine.print_pages`."""
    program = _program()
    source, target = folder / "pages.html", folder / "pages.pdf"
    source.write_text(pages_to_html(pages, family), encoding="utf-8")
    command = [
        program,
        "--headless",
        "--no-sandbox",  # it reads nothing but the file above; root may not use the sandbox
        "--disable-gpu",
        "--no-pdf-header-footer",
        "--disable-background-networking",
        f"--user-data-dir={folder / 'profile'}",
        f"--print-to-pdf={target}",
        source.as_uri(),
    ]
    message = _run(command, folder)
    if not target.is_file():
        raise FactoryError(f"Chromium printed nothing ({message}); try chromium --headless by hand")
    return target.read_bytes()


def _run(command: list[str], folder: Path) -> str:
    """Run the command in a process group of its own; the last line it wrote."""
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - a fixed program, arguments as a list, no shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env={**os.environ, "HOME": str(folder)},
            start_new_session=True,
        )
        try:
            process.wait(_TIMEOUT_S)
        except subprocess.TimeoutExpired as error:
            raise FactoryError(f"Chromium did not finish within {_TIMEOUT_S:g} seconds; try again") from error
        finally:
            if process.poll() is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return lines[-1][:200] if lines else "no message"
