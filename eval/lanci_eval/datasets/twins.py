"""Scan twins of real table pages: the same page as a scan, judged by what its digital form says.

Nobody labelled these pages. Their truth is what two independent extractors agree on (see
:mod:`lanci_eval.datasets.agreement`), which favours easy layouts. Pages on which they differ have no truth and serve
the measures that need none, with the digital page as evidence. The tag ``truth`` tells the two apart, and the remarks
of each item without one say what the extractors differ on.
"""

from __future__ import annotations

import logging
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar
from zlib import crc32

import numpy as np

from lanci.errors import LanciError
from lanci.source import discover
from lanci_eval.datasets.agreement import Agreement, agree_on_page
from lanci_eval.datasets.base import Contents, DatasetRequest, FixedFile, Item, Rejected
from lanci_eval.datasets.names import files_to_ids
from lanci_eval.datasets.request import DatasetError, check_options
from lanci_eval.datasets.sample import choose
from lanci_eval.datasets.scans import DigitalPage, ScanFile, max_page_area, parse_profiles, scan_seed_of, scan_tags
from lanci_eval.datasets.table_pages import PageWish, TablePage, choose_pages
from lanci_eval.scanning import PROFILES, Profile

_log = logging.getLogger(__name__)

MIXED = "mixed"
_DEFAULT_PROFILES = "office+coarse+fine"


class Twins:
    """One item is one page in one profile: a single page, number 1, without a text layer."""

    kind = "twins"
    summary = "scan twins of table pages of digital PDFs (PATH: a folder, or one file)"
    options: ClassVar[dict[str, str]] = {
        "pages": "how many table pages (default: 30)",
        "per_document": "most pages of one document (default: 2)",
        "amounts": "least number of amounts inside one ruled table of a page (default: 6)",
        "profiles": f"profiles joined by + (each page in each), all, or {MIXED}: one at random for each page "
        f"(default: {_DEFAULT_PROFILES}; there are: {', '.join(PROFILES)})",
    }

    def load(self, request: DatasetRequest) -> Contents:
        """See :meth:`lanci_eval.datasets.base.Dataset.load`.

        The limit counts items, that is pages times profiles. The group of an item is its source document.
        """
        check_options(request, self.options)
        wish_for = _parse_profiles(request.option("profiles", _DEFAULT_PROFILES))
        wish = PageWish(
            pages=_parse_count(request, "pages", "30"),
            per_document=_parse_count(request, "per_document", "2"),
            amounts=_parse_count(request, "amounts", "6"),
            max_area=max_page_area(wish_for),
            seed=request.seed,
        )
        mixed = request.option("profiles", "") == MIXED
        pages, rejected = choose_pages(_find_pdfs(request.path), wish)
        twins = {
            f"{page.id}-{profile.name}": (page, profile)
            for page in pages
            for profile in ((_draw_profile(page, request.seed),) if mixed else wish_for)
        }
        wanted = choose(twins, request.limit, request.seed)
        readings: dict[TablePage, Agreement | Rejected] = {}
        for page in dict.fromkeys(twins[name][0] for name in wanted):
            readings[page] = _read_page(page)
        _report(wish, readings)
        items = tuple(
            _make_item(name, *twins[name], reading, request.seed)
            for name in wanted
            if isinstance(reading := readings[twins[name][0]], Agreement)
        )
        refused = [*rejected, *(reading for reading in readings.values() if isinstance(reading, Rejected))]
        return Contents(items, tuple(sorted(refused, key=lambda one: one.id)))


def _digital_page(page: TablePage) -> DigitalPage:
    return DigitalPage(FixedFile(page.path), page.number, f"{page.id}.pdf")


def _find_pdfs(path: Path) -> dict[str, Path]:
    """All PDFs by id, as the dataset ``pdfs`` names them: by their place under the folder, the suffix left out."""
    root = path if path.is_dir() else path.parent
    found = [p for p in discover([path]) if p.suffix.lower() == ".pdf"]
    if not found:
        raise DatasetError(f"{path}: no .pdf files here; name the folder that holds them")
    return files_to_ids(found, root)


def _read_page(page: TablePage) -> Agreement | Rejected:
    with TemporaryDirectory(prefix="lanci-twins-") as folder:
        try:
            return agree_on_page(_digital_page(page)(Path(folder)))
        except LanciError as error:
            return Rejected(page.id, str(error))


def _make_item(name: str, page: TablePage, profile: Profile, reading: Agreement, seed: int) -> Item:
    own_seed = scan_seed_of(seed, page.id)
    tags = scan_tags(profile) | {"truth": "none" if reading.truth is None else "agreed"}
    return Item(
        id=name,
        group=page.document,
        materialize=ScanFile(FixedFile(page.path), (page.number,), f"{name}.pdf", own_seed, profile.degradation),
        truth=reading.truth,
        evidence=_digital_page(page),
        tags=tuple(sorted(tags.items())),
        remarks=(f"no truth: {reading.reason}",) if reading.reason else (),
    )


def _report(wish: PageWish, readings: dict[TablePage, Agreement | Rejected]) -> None:
    agreed = sum(isinstance(reading, Agreement) and reading.truth is not None for reading in readings.values())
    _log.info("scan twins: %d of %d pages have a truth that two extractors agree on", agreed, len(readings))
    if len(readings) < wish.pages:
        _log.info("scan twins: %d table pages are used, %d were asked for", len(readings), wish.pages)


def _parse_profiles(text: str) -> tuple[Profile, ...]:
    """The profiles that may be used, each once, in the order given."""
    return parse_profiles(Twins.kind, "all" if text == MIXED else text)


def _draw_profile(page: TablePage, seed: int) -> Profile:
    rng = np.random.default_rng([crc32(page.id.encode()), seed])
    return list(PROFILES.values())[int(rng.integers(len(PROFILES)))]


def _parse_count(request: DatasetRequest, name: str, default: str) -> int:
    text = request.option(name, default)
    if not text.isdecimal() or int(text) < 1:
        raise DatasetError(f"dataset twins: {name}={text} must be a whole number of at least 1")
    return int(text)
