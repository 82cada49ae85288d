"""Office files to PDF, through LibreOffice in a sandbox of its own."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from lanci.errors import ConversionError, MissingProgramError
from lanci.source.options import SourceOptions, limit_error
from lanci.source.sniff import MediaType

_LOG = logging.getLogger(__name__)

_PROGRAMS = ("soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice")
_SUFFIX_AND_FILTER = {
    MediaType.DOCX: (".docx", "writer_pdf_Export"),
    MediaType.DOC: (".doc", "writer_pdf_Export"),
    MediaType.XLSX: (".xlsx", "calc_pdf_Export"),
    MediaType.XLS: (".xls", "calc_pdf_Export"),
}
OFFICE_TYPES = frozenset(_SUFFIX_AND_FILTER)

# Documents come from strangers: no macro runs, no link to another file or address is followed.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
 <prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
 <prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
 <prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop>
 <prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
</item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update">
 <prop oor:name="Link" oor:op="fuse"><value>2</value></prop>
</item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
 <prop oor:name="Link" oor:op="fuse"><value>2</value></prop>
</item>
</oor:items>
"""


def find_soffice() -> str | None:
    """The LibreOffice program, or None when it is not installed."""
    return next((found for program in _PROGRAMS if (found := shutil.which(program))), None)


def convert_office(data: bytes, media_type: MediaType, name: str, options: SourceOptions) -> bytes:
    """The PDF that LibreOffice makes of an office file.

    Everything happens in a temporary folder with a profile of its own, under neutral file names, and is
    removed before the function returns.

    Raises:
        MissingProgramError: LibreOffice is not installed.
        ConversionError: it failed, or took longer than ``options.office_timeout_s``.
        LimitError: the PDF is bigger than an input file may be.
    """
    program = find_soffice()
    if program is None:
        raise MissingProgramError(
            f"{name} is an office file, which needs LibreOffice to be read; install the packages "
            "libreoffice-writer and libreoffice-calc (apt-get install libreoffice-writer libreoffice-calc)"
        )
    suffix, export = _SUFFIX_AND_FILTER[media_type]
    with tempfile.TemporaryDirectory(prefix="lanci-office-", ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        source = folder / f"input{suffix}"
        source.write_bytes(data)
        command = [
            program,
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--convert-to",
            f"pdf:{export}",
            "--outdir",
            str(folder / "out"),
            str(source),
        ]
        message = _run(command, folder, name, options.office_timeout_s)
        result = folder / "out" / "input.pdf"
        if not result.is_file() or result.stat().st_size == 0:
            raise ConversionError(
                f"LibreOffice could not convert {name}"
                + (f" ({message})" if message else "")
                + "; check that libreoffice-writer and libreoffice-calc are both installed and that the file "
                "opens without a password, or save it as PDF yourself"
            )
        if result.stat().st_size > options.max_file_bytes:
            what = f"{name} becomes a PDF of {result.stat().st_size} bytes"
            raise limit_error(what, "--max-file-bytes", options.max_file_bytes)
        return result.read_bytes()


def _run(command: list[str], folder: Path, name: str, timeout: float) -> str:
    """Run the command in a process group of its own; the last line it wrote. Raises ConversionError."""
    log = folder / "log"
    environment = {**os.environ, "SAL_USE_VCLPLUGIN": "svp", "TMPDIR": str(folder)}
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - a fixed program, arguments as a list, no shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired as error:
            raise ConversionError(
                f"LibreOffice did not finish {name} within {timeout:g} seconds; "
                "give it more time with --office-timeout, or save the file as PDF yourself"
            ) from error
        finally:
            _kill_group(process)
    text = log.read_text(encoding="utf-8", errors="replace")
    _LOG.debug("soffice on %s: exit %s: %s", name, process.returncode, text)
    lines = [line.strip() for line in text.splitlines() if "javaldx" not in line and line.strip()]
    return lines[-1].replace(str(folder), "")[:200] if lines else ""


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """End the process and its children if it still runs (time is up, or the user stopped us)."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
