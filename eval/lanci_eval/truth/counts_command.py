"""``lanci annotate counts`` and ``lanci annotate splits``."""

# ruff: noqa: D301 - click wants the backspace character itself before a block that it must not wrap

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lanci.errors import AnnotationError, ExitCode, OutputError

if TYPE_CHECKING:
    from lanci.annotation import AnnotatedDocument

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("counts", short_help="Count the ground truth by type, city, layout, split and verification.")
@click.argument("folder", metavar="FOLDER", type=_FOLDER)
@click.option("--splits", metavar="FILE", type=_FILE, help="The splits.  [default: splits.json beside the documents]")
@click.option("--check", "checked", metavar="README", type=_FILE, help="Fail when the counts in this file are old.")
@click.option("--write", "written", metavar="README", type=_FILE, help="Bring the counts in this file up to date.")
def counts(folder: Path, splits: Path | None, checked: Path | None, written: Path | None) -> ExitCode:
    """Print Markdown tables of how much there is in FOLDER, or in its folder "documents".

    Counted are documents, pages, logical tables, their parts on pages, printed cells, those whose place is
    annotated, and how they were verified. In a README the tables stand between two comment lines.

    \b
    Examples:
      lanci annotate counts annotations/
      lanci annotate counts annotations/ --write annotations/README.md
      lanci annotate counts annotations/ --check annotations/README.md

    Exit codes: 0 all good, 1 the counts of --check are old, 2 wrong usage.
    """
    from lanci.annotation.splits import load_splits
    from lanci_eval.truth.counts import counts_to_markdown, replace_counts

    if checked and written:
        raise click.UsageError("--check and --write do not go together")
    text = counts_to_markdown(_load(folder), load_splits(splits or _find_splits(folder)))
    readme = checked or written
    if readme is None:
        click.echo(text, nl=False)
        return ExitCode.OK
    try:
        old = readme.read_text(encoding="utf-8")
        new = replace_counts(old, text)
        if written:
            readme.write_text(new, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{readme}: {error.strerror}; check the path") from error
    except AnnotationError as error:
        raise AnnotationError(f"{readme}: {error}") from error
    if checked and new != old:
        click.echo(f"{readme}: the counts are old; run lanci annotate counts {folder} --write {readme}")
        return ExitCode.SOME_FAILED
    return ExitCode.OK


@click.command("splits", short_help="Check that every document is on the side of its city, or list them anew.")
@click.argument("folder", metavar="FOLDER", type=_FOLDER)
@click.option("--splits", metavar="FILE", type=_FILE, help="The splits.  [default: splits.json beside the documents]")
@click.option("--write", is_flag=True, help="List the documents of FOLDER in the file, each with its city.")
def splits(folder: Path, splits: Path | None, write: bool) -> ExitCode:
    """Check the splits against the documents in FOLDER, or in its folder "documents".

    A city that the splits do not name is an error: its side is to be decided before its documents are looked at.

    \b
    Examples:
      lanci annotate splits annotations/
      lanci annotate splits annotations/ --write

    Exit codes: 0 all good, 1 something contradicts, 2 wrong usage.
    """
    from lanci.annotation.splits import Side, check_splits, list_documents, load_splits, save_splits

    path = splits or _find_splits(folder)
    documents = _load(folder)
    found = load_splits(path)
    if write:
        found = list_documents(found, documents)
        try:
            save_splits(found, path)
        except OSError as error:
            raise OutputError(f"{path} cannot be written ({error.strerror}); check the folder") from error
    problems = check_splits(found, documents)
    for problem in problems:
        click.echo(f"{path}: {problem}")
    for side in Side:
        entries = [entry for entry in found.cities if entry.side is side]
        n_documents = sum(len(entry.documents) for entry in entries)
        click.echo(f"{side.value}: {n_documents} documents, {', '.join(entry.city for entry in entries)}")
    return ExitCode.SOME_FAILED if problems else ExitCode.OK


def _load(folder: Path) -> tuple[AnnotatedDocument, ...]:
    from lanci.annotation import load_annotation
    from lanci_eval.truth.folders import find_annotation_files

    paths = find_annotation_files([folder])[folder]
    if not paths:
        raise AnnotationError(f"{folder}: no annotation files (*.json) here or in its folder documents; name another")
    return tuple(load_annotation(path) for path in paths)


def _find_splits(folder: Path) -> Path:
    """``splits.json`` in the folder, or beside it where the folder is that of the documents itself."""
    own = folder / "splits.json"
    return own if own.exists() else folder.resolve().parent / "splits.json"
