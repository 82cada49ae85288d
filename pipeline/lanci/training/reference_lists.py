"""Make the lists of ``lanci.reference`` anew: ``python -m lanci.training.reference_lists``."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import click

from lanci.annotation import AnnotatedDocument, load_annotations, load_splits
from lanci.errors import AnnotationError, LanciError
from lanci.reference.divisions import DIVISION_FIELDS, DIVISIONS_FILE
from lanci.reference.subjects import SUBJECTS_FILE
from lanci.training.material import DOCUMENTS_FOLDER, FITTED_SIDES, SPLITS_FILE
from lanci.training.subject_evidence import read_annotated, read_mined, read_written
from lanci.training.subject_list import list_to_csv, merge_subjects

WRITTEN_FILE = "subjects.csv"

_EPILOG = """\b
Example:
  python -m lanci.training.reference_lists annotations --mined subject_codes_mined.csv --year 2026
    --divisions divisions_provinces.csv --divisions divisions_cities.csv --divisions divisions_areas.csv
    -o pipeline/lanci/reference
"""
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


def write_subjects(annotations: Path, mined: Path, year: int, output: Path) -> tuple[str, ...]:
    """Merge the list of subjects and write it; sentences on what was left out come back.

    Documents of the test side are not read, so that what is measured on them stays unseen.

    Raises:
        AnnotationError: a source cannot be read.
    """
    written = annotations / WRITTEN_FILE
    printings = [*read_written(written), *read_annotated(_load_fitted(annotations)), *read_mined(mined, year)]
    merged = merge_subjects(printings)
    (output / SUBJECTS_FILE).write_text(list_to_csv(merged.subjects), encoding="utf-8")
    return merged.remarks


def write_divisions(sources: tuple[Path, ...], output: Path) -> None:
    """Join lists of divisions (their columns ``code`` and ``name``) into one in the order of codes.

    Raises:
        AnnotationError: a list lacks one of the columns.
    """
    names: dict[str, str] = {}
    for source in sources:
        for row in csv.DictReader(StringIO(source.read_text(encoding="utf-8-sig"))):
            if not set(DIVISION_FIELDS) <= set(row):
                raise AnnotationError(f"{source}: the columns {' and '.join(DIVISION_FIELDS)} must be there")
            names[row["code"]] = row["name"].strip()
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(DIVISION_FIELDS)
    writer.writerows(sorted(names.items()))
    (output / DIVISIONS_FILE).write_text(out.getvalue(), encoding="utf-8")


def _load_fitted(annotations: Path) -> list[AnnotatedDocument]:
    splits = load_splits(annotations / SPLITS_FILE)
    documents = load_annotations(annotations / DOCUMENTS_FOLDER)
    return [document for document in documents if splits.side(document) in FITTED_SIDES]


@click.command(epilog=_EPILOG)
@click.argument("annotations", type=_FOLDER)
@click.option("--mined", required=True, type=_FILE, help="Codes with votes, read from many documents.")
@click.option("--year", required=True, type=int, help="Fiscal year of these documents.")
@click.option("--divisions", multiple=True, type=_FILE, help="A list of divisions; may be given several times.")
@click.option("-o", "--output", required=True, type=_FOLDER, help="Folder of the package lanci.reference.")
def main(annotations: Path, mined: Path, year: int, divisions: tuple[Path, ...], output: Path) -> None:
    """Merge the reference lists from ANNOTATIONS and the named lists; the same input gives the same bytes."""
    try:
        for remark in write_subjects(annotations, mined, year, output):
            click.echo(f"left out: {remark}")
        if divisions:
            write_divisions(divisions, output)
    except LanciError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"✓ reference lists → {output}")


if __name__ == "__main__":
    main()
