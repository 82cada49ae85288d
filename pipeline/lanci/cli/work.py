"""What one worker of ``lanci parse`` does with one document: parse, write, and turn every error into an outcome."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from lanci.cli.outcome import Outcome, document_to_counts, document_to_listing
from lanci.jobs.boundary import Failed, attempt
from lanci.jobs.flags import ParseFlags
from lanci.jobs.logs import document_context
from lanci.jobs.telling import tell_progress


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseTask:
    """One document to parse into the folder ``name`` of ``output``."""

    path: Path
    name: str
    output: Path
    flags: ParseFlags
    listing: bool = False


def do_task(task: ParseTask) -> Outcome:
    """Parse and write one document; never raises for anything that the document can cause."""
    with document_context(task.path.name):
        result = attempt(partial(_parse_and_write, task))
    if isinstance(result, Failed):
        return Outcome(name=task.path.name, category=result.category, message=result.message)
    return result


def _parse_and_write(task: ParseTask) -> Outcome:
    from lanci.parsing import parse
    from lanci.store import write_document

    options = task.flags.to_options()
    options = replace(options, stitch=replace(options.stitch, overrides=task.flags.overrides_of(task.path)))
    document = parse(task.path, options, progress=tell_progress)
    folder = write_document(document, task.output, name=task.name)
    return Outcome(
        name=task.path.name,
        folder=folder,
        counts=document_to_counts(document),
        listing=document_to_listing(document) if task.listing else (),
    )
