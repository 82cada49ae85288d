"""Folders for the temporary files of processes that may be killed, and then cannot remove them themselves."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from lanci.errors import OutputError
from lanci.store.temporary import remove_dead_folders, temporary_folder


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder among the temporary ones, gone at the end; those whose processes are no more are removed.

    Raises:
        OutputError: it cannot be made.
    """
    parent = Path(tempfile.gettempdir())
    with ExitStack() as stack:
        try:
            remove_dead_folders(parent)
            folder = stack.enter_context(temporary_folder(parent))
        except OSError as error:
            reason = error.strerror or error
            raise OutputError(f"{parent}: no temporary files can be written there ({reason}); set TMPDIR") from error
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        yield folder


def use_scratch(folder: Path) -> None:
    """Have this process, and what it starts, put temporary files into a folder, which is made when missing."""
    folder.mkdir(exist_ok=True)
    tempfile.tempdir = str(folder)
    os.environ["TMPDIR"] = str(folder)
