"""``lanci eval conflicts``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from lanci.errors import ExitCode, LanciError
from lanci.parsing import parse
from lanci.source import discover
from lanci_eval.conflicts import Conflict, find_conflicts, sample_conflicts, write_sample


def sample_conflicts_in(inputs: Sequence[Path], folder: Path, *, count: int, seed: int) -> ExitCode:
    """Parse files, draw some of their conflicts and write them down with pictures.

    Args:
        inputs: files and folders.
        folder: where to.
        count: most conflicts to draw.
        seed: of the draw.

    Raises:
        click.UsageError: there is no file.
        LanciError: an input does not exist, or a file cannot be written.
    """
    paths = discover(inputs)
    if not paths:
        raise click.UsageError("no documents there; name files or folders that hold some.")
    found: list[Conflict] = []
    problems: list[str] = []
    with click.progressbar(paths, label="parsing", file=sys.stderr) as bar:
        for path in bar:
            try:
                document = parse(path)
            except LanciError as error:
                problems.append(str(error))
                continue
            found += find_conflicts(document, _name(path, inputs), path)
    sample = sample_conflicts(found, count, seed)
    folder.mkdir(parents=True, exist_ok=True)
    written = write_sample(sample, len(found), len(paths) - len(problems), folder)
    for problem in problems:
        click.echo(f"left out: {problem}", err=True)
    click.echo(f"{len(sample)} of {len(found)} conflicts in {len(paths) - len(problems)} files")
    click.echo("Written: " + ", ".join(str(path) for path in written))
    return ExitCode.SOME_FAILED if problems else ExitCode.OK


def _name(path: Path, inputs: Sequence[Path]) -> str:
    """The path below the folder that was named; the file's name where it was named itself."""
    root = next((one for one in inputs if one.is_dir() and path.is_relative_to(one)), path.parent)
    return path.relative_to(root).as_posix()
