"""``lanci check``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from lanci.cli.outcome import Counts, Outcome, document_to_counts, document_to_listing
from lanci.cli.screen import Screen
from lanci.errors import ExitCode, LanciError
from lanci.store import DOCUMENT_FILE, read_document, remove_leftovers, replace_document


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
    """How a run goes about its documents: ``dry_run`` writes nothing, ``listing`` prints tables and findings."""

    dry_run: bool = False
    listing: bool = False
    quiet: bool = False


def run_check(folders: Sequence[Path], options: CheckOptions) -> ExitCode:
    """Check all documents in ``folders`` again and say what came of each, in their order."""
    documents = list(dict.fromkeys(document for folder in folders for document in _documents(folder)))
    outcomes = []
    with Screen(len(documents), bar=not options.quiet, what="checking") as screen:
        for done, folder in enumerate(documents):
            screen.show_progress(done, folder.name)
            outcomes.append(_check(folder, options))
            for line in outcomes[-1].to_lines():
                screen.print_result(line)
    good = [outcome for outcome in outcomes if outcome.ok]
    failed = len(outcomes) - len(good)
    if len(outcomes) > 1:
        total = sum((outcome.counts for outcome in good), Counts())
        click.echo(f"{len(good)} of {len(outcomes)} documents checked, {failed} failed: {total}")
    return ExitCode.SOME_FAILED if failed else ExitCode.OK


def _documents(folder: Path) -> Iterator[Path]:
    """The folder itself if it is a document's, or if nothing in it is; else the documents' folders in it."""
    inside = [] if (folder / DOCUMENT_FILE).exists() else sorted(folder.glob(f"*/{DOCUMENT_FILE}"))
    yield from (path.parent for path in inside if not path.parent.name.startswith("."))
    if not inside:
        yield folder


def _check(folder: Path, options: CheckOptions) -> Outcome:
    from lanci.checking import check

    try:
        document = check(read_document(folder))
        if not options.dry_run:
            remove_leftovers(folder.parent)
            replace_document(document, folder)
    except LanciError as error:
        return Outcome(name=folder.name, category=error.category, message=str(error))
    return Outcome(
        name=document.source.name,
        folder=folder,
        counts=document_to_counts(document),
        listing=document_to_listing(document) if options.listing else (),
    )
