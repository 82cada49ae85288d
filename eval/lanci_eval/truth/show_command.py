"""``lanci annotate show``."""

# ruff: noqa: D301 - click wants the backspace character itself before a block that it must not wrap

from __future__ import annotations

from pathlib import Path

import click

from lanci.cli.values import PAGES
from lanci.errors import AnnotationError

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUTPUT = click.Path(file_okay=False, path_type=Path)


@click.command(short_help="Draw an annotation over the pages that it is of.")
@click.argument("file", metavar="FILE.json", type=_FILE)
@click.option("--source", metavar="PDF", required=True, type=_FILE, help="The document that it is of.")
@click.option("-o", "--output", metavar="DIR", required=True, type=_OUTPUT, help="Folder for the pictures.")
@click.option("--pages", type=PAGES, metavar="1-3,7", help="Only these pages.  [default: those with tables]")
def show(file: Path, source: Path, output: Path, pages: tuple[int, ...] | None) -> None:
    """Draw what an annotation claims beside its pages: boxes, texts, roles, row and column numbers, captions.

    Unfinished annotations are drawn too, as long as they keep to the schema.

    \b
    Examples:
      lanci annotate show drafts/huizhou-caizhengju-2026.json --source 惠州市财政局2026.pdf -o pictures
      lanci annotate show drafts/huizhou-caizhengju-2026.json --source 惠州市财政局2026.pdf -o pictures --pages 3,5
    """
    from lanci.annotation import read_annotation
    from lanci.document import SourceInfo
    from lanci.show import find_source
    from lanci_eval.truth.pictures import draw_annotation

    reading = read_annotation(file)
    if reading.document is None:
        raise AnnotationError(f"{file}: {'; '.join(reading.problems[:5])}")
    document = reading.document
    found = find_source(SourceInfo(source.name, document.sha256, "application/pdf", document.n_pages), [source])
    for path in draw_annotation(document, found, output, pages=pages):
        click.echo(path)
