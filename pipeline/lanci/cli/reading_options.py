"""The options that change how documents are read, which several commands take."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

_OCR_ENGINES = ("rapidocr", "openvino", "paddle", "tesseract", "null")
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_OPTIONS = (
    click.option("--ocr", type=click.Choice(_OCR_ENGINES), help="Reader of scanned text.  [default: rapidocr]"),
    click.option("--ocr-models", type=_FOLDER, metavar="DIR", help="Folder of other weights for the OCR engine."),
    click.option("--force-ocr", is_flag=True, help="Read every page by OCR, whatever its text layer says."),
    click.option(
        "--password",
        envvar="LANCI_PASSWORD",
        help="Password of encrypted PDFs; better in the variable LANCI_PASSWORD, which other users cannot see.",
    ),
    click.option("--dpi", type=click.FloatRange(50, 1200), help="Resolution of scanned pages for OCR."),
    click.option("--max-pages", type=click.IntRange(1), help="Most pages of one document."),
    click.option("--max-page-points", type=click.FloatRange(1), help="Longest side of a page in points."),
    click.option("--max-pixels", type=click.IntRange(10_000), help="Most pixels of one rendered page."),
    click.option("--max-file-bytes", type=click.IntRange(1), help="Largest input file."),
    click.option("--max-stream-bytes", type=click.IntRange(1), help="Most bytes one part of a file may unpack to."),
    click.option("--office-timeout", type=click.FloatRange(1), help="Seconds LibreOffice may take for a file."),
)


def reading_options(command: F) -> F:
    """Add the options to a command; it gets them by the names of :class:`lanci.jobs.flags.ParseFlags`."""
    return reduce(lambda decorated, option: option(decorated), reversed(_OPTIONS), command)
