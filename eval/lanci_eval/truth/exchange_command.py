"""``lanci annotate export`` and ``lanci annotate import``."""

# ruff: noqa: D301 - click wants the backspace character itself before a block that it must not wrap

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lanci.errors import ExitCode, LanciError, OutputError

if TYPE_CHECKING:
    from lanci.annotation import AnnotatedDocument

_PATH = click.Path(exists=True, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)

IMAGE_ROOT = "/data/local-files/?d=images/"
"""Address under which Label Studio serves the folder of pictures when it is below its document root."""


@click.command("export", short_help="Write annotations for Label Studio or as COCO, with pictures of the pages.")
@click.argument("places", metavar="FOLDER...", nargs=-1, required=True, type=_PATH)
@click.option(
    "--files", metavar="PATH", multiple=True, required=True, type=_PATH, help="The published files: a folder or a file."
)
@click.option(
    "--format", "form", type=click.Choice(["label-studio", "coco"]), default="label-studio", show_default=True
)
@click.option("-o", "--output", metavar="DIR", required=True, type=_FOLDER, help="Folder to write into.")
@click.option("--dpi", type=click.IntRange(36, 600), default=150, show_default=True, help="Resolution of the pictures.")
@click.option(
    "--image-root",
    metavar="TEXT",
    default=IMAGE_ROOT,
    show_default=True,
    help="What makes an address of a picture's name, for Label Studio.",
)
def export(
    places: tuple[Path, ...], files: tuple[Path, ...], form: str, output: Path, dpi: int, image_root: str
) -> ExitCode:
    """Write the annotations of each FOLDER, or of its folder "documents"; annotation files can be named too.

    The published files are found by their SHA-256, whatever they are called. Every page of a document becomes a
    picture in DIR/images. Documents that were annotated from a text have no pages to show and are left out; a
    table whose place on its page is not annotated can be held by neither format and is an error.

    Label Studio (1.23): DIR/labels.xml is the labeling configuration, DIR/tasks/ID.json the tasks of a document,
    one a page, its annotation as prediction. Put DIR below Label Studio's LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT,
    add DIR/images as local storage, and name it in --image-root if DIR is not that root itself.

    COCO: DIR/coco.json with the categories of PubTables-1M and "table cell", boxes in pixels of the pictures.

    \b
    Examples:
      lanci annotate export annotations/ --files 预算公开/ -o project/
      lanci annotate export annotations/documents/beijing-czj-2026.json --files 财政局.pdf -o one/ --dpi 200
      lanci annotate export annotations/ --files 预算公开/ --format coco -o coco/

    Exit codes: 0 all good, 1 some document could not be exported, 2 wrong usage.
    """
    from lanci.annotation import Media, load_annotation
    from lanci_eval.truth.coco import documents_to_coco
    from lanci_eval.truth.folders import find_annotation_files
    from lanci_eval.truth.originals import find_originals, write_page_images

    paths = list(dict.fromkeys(path for found in find_annotation_files(places).values() for path in found))
    if not paths:
        raise click.UsageError("no annotation files (*.json) in FOLDER, or in its folder documents")
    documents = [load_annotation(path) for path in paths]
    for document in documents:
        if document.media is Media.TEXT:
            click.echo(f"{document.id}: annotated from a text, has no pages to show; left out", err=True)
    shown = [document for document in documents if document.media is not Media.TEXT]
    originals = find_originals(shown, files)
    images = _make_folder(output / "images")
    drawn = []
    failed = False
    for document in shown:
        try:
            pictures = write_page_images(document, originals[document.id], images, dpi)
            if form == "label-studio":
                _write_tasks(document, pictures, output, image_root)
            else:
                documents_to_coco([(document, pictures)])  # what cannot be held shows now, not after all pages
        except LanciError as error:
            click.echo(f"✗ {document.id}: {error}", err=True)
            failed = True
        else:
            drawn.append((document, pictures))
            click.echo(f"✓ {document.id}: {len(pictures)} pages → {output}", err=True)
    _write_whole(form, drawn, output)
    return ExitCode.SOME_FAILED if failed else ExitCode.OK


@click.command("import", short_help="Read annotations back from Label Studio, or boxes of tables from COCO.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=_PATH)
@click.option(
    "--format", "form", type=click.Choice(["label-studio", "coco"]), default="label-studio", show_default=True
)
@click.option("--into", metavar="FOLDER", type=_PATH, help="Annotations that get the boxes of the COCO file.")
@click.option("-o", "--output", metavar="DIR", required=True, type=_FOLDER, help="Folder for ID.json files.")
def import_(files: tuple[Path, ...], form: str, into: Path | None, output: Path) -> ExitCode:
    """Read annotations from each FILE and write them into DIR, one file a document.

    Label Studio: FILE is what "Export, JSON" gives (not JSON-MIN) for a project made by lanci annotate export. Of
    each page the newest annotation that was not cancelled counts, where there is none the prediction. Rectangles
    that were drawn anew belong to the table around them. Every page of a document must be there.

    COCO: the boxes of the category "table" replace those of the annotations in --into: of the table that they
    name, else of the one with which they overlap by half at least. Everything else stays as it is there.

    What was read is written, and then checked: contradictions are listed and to be settled.

    \b
    Examples:
      lanci annotate import project-1-at-2026-03-01.json -o annotations/documents/
      lanci annotate import boxes.json --format coco --into annotations/ -o corrected/

    Exit codes: 0 all good, 1 something contradicts itself or found no table, 2 wrong usage.
    """
    if (form == "coco") != (into is not None):
        raise click.UsageError("--into goes with --format coco, and only with it")
    if into is None:
        from lanci_eval.truth.label_studio_reader import read_tasks

        return _save(read_tasks(files), [], output)
    documents, remarks = _read_coco(files, into)
    return _save(documents, remarks, output)


def _read_coco(files: Sequence[Path], into: Path) -> tuple[tuple[AnnotatedDocument, ...], list[str]]:
    """The annotations with other boxes; a sentence for each box that found no table."""
    from lanci.annotation import load_annotation
    from lanci_eval.truth.coco import read_coco_tables, set_table_boxes
    from lanci_eval.truth.folders import find_annotation_files

    detected = [found for path in files for found in read_coco_tables(path)]
    named = {found.document for found in detected}
    paths = find_annotation_files([into])[into]
    documents, remarks = [], []
    for path in paths:
        document = load_annotation(path)
        named.discard(document.id)
        if any(found.document == document.id for found in detected):
            changed, left = set_table_boxes(document, detected)
            documents.append(changed)
            remarks += [f"{document.id}, page {found.page}: no table for the box {found.box}" for found in left]
    remarks += [f"{name}: there is no such document in {into}" for name in sorted(named)]
    return tuple(documents), remarks


def _save(documents: Sequence[AnnotatedDocument], remarks: Sequence[str], output: Path) -> ExitCode:
    from lanci.annotation import read_annotation, save_annotation

    _make_folder(output)
    problems = list(remarks)
    for document in documents:
        path = output / f"{document.id}.json"
        save_annotation(document, path)
        problems += [f"{path}: {problem}" for problem in read_annotation(path).problems]
        n_cells = sum(len(table.table.cells) for table in document.tables)
        click.echo(f"{document.id}: {len(document.tables)} tables, {n_cells:,} cells → {path}", err=True)
    for problem in problems:
        click.echo(problem)
    return ExitCode.SOME_FAILED if problems else ExitCode.OK


def _write_tasks(document: AnnotatedDocument, images: Any, output: Path, image_root: str) -> None:
    from lanci_eval.truth.label_studio import document_to_tasks

    tasks = document_to_tasks(document, images, image_root)
    _write_text(_make_folder(output / "tasks") / f"{document.id}.json", json.dumps(tasks, ensure_ascii=False) + "\n")


def _write_whole(form: str, drawn: Sequence[tuple[AnnotatedDocument, Any]], output: Path) -> None:
    from lanci_eval.truth.coco import documents_to_coco
    from lanci_eval.truth.label_studio_config import to_labeling_config

    if form == "coco":
        _write_text(output / "coco.json", json.dumps(documents_to_coco(drawn), ensure_ascii=False) + "\n")
    else:
        _write_text(output / "labels.xml", to_labeling_config())


def _make_folder(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder} cannot be made ({error.strerror}); choose another folder") from error
    return folder


def _write_text(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{path} cannot be written ({error.strerror}); check the folder") from error
