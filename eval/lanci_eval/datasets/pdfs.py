"""Folders of real PDFs about which nothing is known: for measures that need no truth."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import ClassVar

from lanci.document import PageKind
from lanci.errors import LanciError
from lanci.page.rules import read_drawings
from lanci.page.text import read_text_layer
from lanci.page.trust import judge_text_layer
from lanci.source import Source, SourceOptions, SourcePage, discover, open_source
from lanci.source.sniff import MediaType, identify
from lanci_eval.datasets.base import Contents, DatasetRequest, FixedFile, Item, Rejected
from lanci_eval.datasets.names import files_to_ids
from lanci_eval.datasets.request import DatasetError, check_options
from lanci_eval.datasets.sample import Candidate, take


class Pdfs:
    """Every ``.pdf`` of a folder and all folders in it."""

    kind = "pdfs"
    summary = "real PDFs without truth (PATH: a folder, or one file), for label-free measures"
    options: ClassVar[dict[str, str]] = {}

    def load(self, request: DatasetRequest) -> Contents:
        """See :meth:`lanci_eval.datasets.base.Dataset.load`.

        Copies of one file are one group. A file with readable text on any page is its own evidence. The tag
        ``source`` is ``digital``, ``scanned`` or ``mixed`` (pages of both kinds).
        """
        check_options(request, self.options)
        root = request.path if request.path.is_dir() else request.path.parent
        paths = [path for path in discover([request.path]) if path.suffix.lower() == ".pdf"]
        if not paths:
            raise DatasetError(f"{request.path}: no .pdf files here; name the folder that holds them")
        candidates = [Candidate(own, partial(_read_pdf, own, path)) for own, path in files_to_ids(paths, root).items()]
        return take(candidates, request)


def _read_pdf(name: str, path: Path) -> Item | Rejected:
    try:
        real = _not_a_pdf(path)
        if real:
            return Rejected(name, real)
        with open_source(path) as source:
            kind, group = _source_kind(source), source.sha256[:16]
    except LanciError as error:
        return Rejected(name, str(error))
    except OSError as error:
        return Rejected(name, f"{path.name} cannot be read ({error.strerror}); check its permissions")
    file = FixedFile(path)
    return Item(name, group, file, evidence=None if kind == "scanned" else file, tags=(("source", kind),))


def _not_a_pdf(path: Path) -> str:
    """A sentence when the file is of another kind that lanci reads; other files are refused on opening."""
    if path.stat().st_size > SourceOptions().max_file_bytes:
        return ""
    real = identify(path.read_bytes())
    if isinstance(real, MediaType) and real is not MediaType.PDF:
        return f"{path.name} is {real}, not a PDF; give it the right suffix and leave it out here"
    return ""


def _source_kind(source: Source) -> str:
    """``digital`` or ``scanned`` when all pages are that; pages without text and picture do not count."""
    pages = [source.page(number) for number in range(1, source.n_pages + 1)]
    kinds = {kind for page in pages if (kind := _page_kind(page)) is not None}
    if not kinds or kinds == {"scanned"}:
        return "scanned"
    return "digital" if kinds == {"digital"} else "mixed"


def _page_kind(page: SourcePage) -> str | None:
    layer = read_text_layer(page.pdf)
    n_paths = read_drawings(page.pdf).n_paths if layer.n_chars == 0 else 0
    kind, _ = judge_text_layer(page.pdf, layer, n_paths)
    if kind is PageKind.SCANNED:
        return "scanned"
    return "digital" if layer.n_chars else None
