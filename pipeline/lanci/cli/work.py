"""What one worker does with one document: parse, write, and turn every error into an outcome."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lanci.cli.logs import document_context, send_logs
from lanci.cli.outcome import Outcome, document_to_counts, document_to_listing
from lanci.errors import LanciError
from lanci.override import Override
from lanci.override_file import OverrideFile

if TYPE_CHECKING:
    from lanci.parsing import ParseOptions

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseFlags:
    """The options of ``lanci parse`` that change how documents are read; None keeps the pipeline's default.

    Kept apart from ``ParseOptions`` so that the command's own process need not load the whole pipeline.
    """

    pages: tuple[int, ...] | None = None
    ocr: str | None = None
    ocr_models: Path | None = None
    force_ocr: bool = False
    password: str | None = None
    dpi: float | None = None
    max_pages: int | None = None
    max_page_points: float | None = None
    max_pixels: int | None = None
    max_file_bytes: int | None = None
    max_stream_bytes: int | None = None
    office_timeout: float | None = None
    join: tuple[Override, ...] = ()
    split: tuple[Override, ...] = ()
    overrides: OverrideFile | None = None

    def overrides_of(self, path: Path) -> tuple[Override, ...]:
        """The joins and splits for one input file.

        Raises:
            OverrideError: the overrides file is for another version of it.
        """
        return self.join + self.split + (() if self.overrides is None else self.overrides.overrides_of(path))

    def to_options(self) -> ParseOptions:
        """The pipeline's options for every document; its overrides come on top."""
        from lanci.parsing import ParseOptions

        options = ParseOptions(pages=self.pages)
        source = {
            "password": self.password,
            "max_pages": self.max_pages,
            "max_page_points": self.max_page_points,
            "max_pixels": self.max_pixels,
            "max_file_bytes": self.max_file_bytes,
            "max_stream_bytes": self.max_stream_bytes,
            "office_timeout_s": self.office_timeout,
        }
        page = {"dpi": self.dpi, "force_ocr": self.force_ocr or None}
        ocr = {"engine": self.ocr, "model_dir": self.ocr_models}
        return replace(
            options,
            source=replace(options.source, **_given(source)),
            page=replace(options.page, **_given(page)),
            ocr=replace(options.ocr, **_given(ocr)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseTask:
    """One document to parse into the folder ``name`` of ``output``."""

    path: Path
    name: str
    output: Path
    flags: ParseFlags
    listing: bool = False


@dataclass(frozen=True, slots=True)
class PageProgress:
    """Pages done of the document in hand."""

    done: int
    total: int


class Setup:
    """Prepares a worker process: its log records and progress go to the parent."""

    def __init__(self, log_level: int) -> None:
        self._log_level = log_level

    def __call__(self, send: Callable[[object], None]) -> None:
        global _send  # noqa: PLW0603 (one pipe a process, known only after it has started)
        _send = send
        send_logs(self._log_level, send)


_send: Callable[[object], None] | None = None


def do_task(task: ParseTask) -> Outcome:
    """Parse and write one document; never raises for anything that the document can cause."""
    with document_context(task.path.name):
        try:
            return _parse_and_write(task)
        except LanciError as error:
            return Outcome(name=task.path.name, category=error.category, message=_with_page(error))
        except MemoryError:
            message = "out of memory: lower --dpi or --max-pixels, or parse fewer --pages at a time"
            return Outcome(name=task.path.name, category="memory", message=message)
        except Exception as error:  # noqa: BLE001 (the document boundary: one bad document is one failure)
            _log.debug("unexpected error", exc_info=True)
            message = f"{type(error).__name__}: {error} (a fault of lanci: run with -vv and report it)"
            return Outcome(name=task.path.name, category="internal", message=message)


def _parse_and_write(task: ParseTask) -> Outcome:
    from lanci.parsing import parse
    from lanci.store import write_document

    options = task.flags.to_options()
    options = replace(options, stitch=replace(options.stitch, overrides=task.flags.overrides_of(task.path)))
    document = parse(task.path, options, progress=_report_page)
    folder = write_document(document, task.output, name=task.name)
    return Outcome(
        name=task.path.name,
        folder=folder,
        counts=document_to_counts(document),
        listing=document_to_listing(document) if task.listing else (),
    )


def _report_page(done: int, total: int) -> None:
    if _send is not None:
        _send(PageProgress(done, total))


def _with_page(error: LanciError) -> str:
    text = str(error)
    return text if error.page is None or f"page {error.page}" in text else f"page {error.page}: {text}"


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
