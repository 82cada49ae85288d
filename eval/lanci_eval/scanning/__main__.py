"""Make scan twins by hand: ``python -m lanci_eval.scanning``."""

from __future__ import annotations

from pathlib import Path

import click
import pymupdf

from lanci.errors import LanciError
from lanci.source.mupdf import MUPDF_ERRORS
from lanci_eval.scanning.contact import View, draw_contact_sheet
from lanci_eval.scanning.profiles import DEFAULT_PROFILE, PROFILES, find_profile
from lanci_eval.scanning.scan import scan_pages

_EPILOG = """\b
Examples:
  python -m lanci_eval.scanning twin budget.pdf -o twin.pdf --profile sealed --page 5 --page 6
  python -m lanci_eval.scanning sheet tests/resources/demo/linxi-2021.pdf -o docs/images/scan-twins.jpg
"""

_FAULTS: tuple[type[Exception], ...] = (LanciError, *MUPDF_ERRORS)
_Pdf = click.Path(exists=True, dir_okay=False, path_type=Path)
_Target = click.Path(dir_okay=False, path_type=Path)


@click.group(epilog=_EPILOG)
def main() -> None:
    """Turn pages of digital PDFs into scans."""


@main.command()
@click.argument("pdf", type=_Pdf)
@click.option("-o", "--output", type=_Target, required=True, help="The image-only PDF to write.")
@click.option("--profile", type=click.Choice(list(PROFILES)), default=DEFAULT_PROFILE, show_default=True)
@click.option("--page", "pages", type=int, multiple=True, help="A page, from 1; may be repeated. Default: all.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
def twin(pdf: Path, output: Path, profile: str, pages: tuple[int, ...], seed: int) -> None:
    """Write pages of PDF as a scan without text."""
    data = pdf.read_bytes()
    try:
        with pymupdf.open(stream=data, filetype="pdf") as source:
            numbers = pages or tuple(range(1, source.page_count + 1))
        scan = scan_pages(data, numbers, seed, find_profile(profile).degradation)
    except _FAULTS as error:
        raise click.ClickException(f"{pdf}: {error}") from error
    output.write_bytes(scan)
    click.echo(f"{output}: {len(numbers)} pages, {len(scan) / 1024:.0f} KiB")


@main.command()
@click.argument("pdf", type=_Pdf)
@click.option("-o", "--output", type=_Target, required=True, help="The JPEG picture to write.")
@click.option("--page", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--center", type=(float, float), default=(290.0, 250.0), show_default=True, help="Of the detail, points.")
@click.option("--width", type=click.FloatRange(min=1), default=230.0, show_default=True, help="Of the detail, points.")
@click.option("--seed", type=click.IntRange(min=0), default=3, show_default=True)
def sheet(pdf: Path, output: Path, page: int, center: tuple[float, float], width: float, seed: int) -> None:
    """Draw one page of PDF in every profile."""
    try:
        picture = draw_contact_sheet(pdf.read_bytes(), View(page, center, width), seed, PROFILES.values())
    except _FAULTS as error:
        raise click.ClickException(f"{pdf}: {error}") from error
    output.write_bytes(picture)
    click.echo(f"{output}: {len(picture) / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
