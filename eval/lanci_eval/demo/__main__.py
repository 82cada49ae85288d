"""Write the demo documents: ``python -m lanci_eval.demo``."""

from __future__ import annotations

from pathlib import Path

import click

from lanci.annotation import AnnotatedDocument, load_annotation
from lanci.errors import AnnotationError
from lanci_eval.demo import last_main_page, layout_document, scan_document, scan_seed

DEFAULT_DOCUMENTS = ("linxi-2021", "julu-2022")

_EPILOG = """\b
Examples:
  python -m lanci_eval.demo
  python -m lanci_eval.demo -o build/demo gaoyi-2021
"""


@click.command(epilog=_EPILOG)
@click.argument("documents", nargs=-1)
@click.option(
    "--annotations",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path("annotations/documents"),
    show_default=True,
    help="Folder of annotation files (ID.json).",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("tests/resources/demo"),
    show_default=True,
    help="Folder to write ID.pdf and ID-scan.pdf into.",
)
def main(documents: tuple[str, ...], annotations: Path, output: Path) -> None:
    """Lay annotated documents out as PDFs: digital, and as a scan of the pages with the main tables.

    DOCUMENTS are ids of annotation files; without any the two demo documents are written.
    A document without main tables is scanned whole. Every run writes the same bytes.
    """
    output.mkdir(parents=True, exist_ok=True)
    for name in documents or DEFAULT_DOCUMENTS:
        path = annotations / f"{name}.json"
        if not path.is_file():
            raise click.UsageError(f"{path} does not exist; name an id of {annotations} or give --annotations.")
        try:
            document = load_annotation(path)
        except AnnotationError as error:
            raise click.ClickException(str(error)) from error
        _write(document, output)


def _write(document: AnnotatedDocument, output: Path) -> None:
    digital = layout_document(document)
    pages = last_main_page(document) or document.n_pages
    scan = scan_document(digital, pages=pages, seed=scan_seed(document))
    for suffix, data, count in (("", digital, document.n_pages), ("-scan", scan, pages)):
        path = output / f"{document.id}{suffix}.pdf"
        path.write_bytes(data)
        click.echo(f"{path}: {count} pages, {len(data) / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
