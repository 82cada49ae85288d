"""Scans of documents whose truth is known: their pages one by one, or whole documents, in any profiles.

Every dataset of digital documents can offer scans of them with :data:`SCAN_OPTIONS` and :func:`scan_candidates`; the
files are written by :class:`ScanFile` and :class:`DigitalPage`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zlib import crc32

from lanci.annotation import AnnotatedDocument
from lanci.errors import DamagedError
from lanci.source.mupdf import MUPDF_ERRORS, open_bytes
from lanci_eval.datasets.base import DatasetRequest, Item, Rejected
from lanci_eval.datasets.page_truth import page_truth, run_truth, whole_pages, whole_runs, without_boxes
from lanci_eval.datasets.request import DatasetError
from lanci_eval.datasets.sample import Candidate, rank
from lanci_eval.datasets.truth import annotation_to_truth
from lanci_eval.records import Extraction
from lanci_eval.scanning import MAX_PIXELS, PROFILES, Degradation, Profile, find_profile, page_to_pdf, scan_pages

WHOLE = "all"
_POINTS_PER_INCH = 72
_DEFAULT_PAGES = "3"
_LONGEST_RUN = 12

SCAN_OPTIONS = {
    "profiles": "scans of the digital documents in place of all documents: profiles joined by +, or all (default: "
    f"no scans; there are: {', '.join(PROFILES)})",
    "pages": f"of scans: most pages with tables of a document, each an item of its own, or {WHOLE}: the whole "
    f"document in one item (default: {_DEFAULT_PAGES})",
    "runs": "of scans, in place of single pages: most runs of pages of a document over which tables go on, each run an "
    f"item of its own; none longer than {_LONGEST_RUN} pages",
}

Reader = Callable[[AnnotatedDocument], Item | Rejected]
Maker = Callable[[Path], Path]
"""Writes a file into a folder, or leaves one where it lies, and gives its path (see :class:`datasets.base.Item`)."""


@dataclass(frozen=True, slots=True)
class ScanFile:
    """Writes the scan of some ``pages`` (from 1) of the digital PDF that ``source`` gives, as ``name``."""

    source: Maker
    pages: tuple[int, ...]
    name: str
    seed: int
    degradation: Degradation

    def __call__(self, folder: Path) -> Path:
        digital = self.source(folder)
        try:
            scan = scan_pages(digital.read_bytes(), self.pages, self.seed, self.degradation)
        except MUPDF_ERRORS as error:
            raise _damaged(digital, self.pages[0], error) from error
        path = folder / self.name
        path.write_bytes(scan)
        return path


@dataclass(frozen=True, slots=True)
class DigitalPage:
    """Writes one page (from 1) of the digital PDF that ``source`` gives as it is, alone, as ``name``."""

    source: Maker
    page: int
    name: str

    def __call__(self, folder: Path) -> Path:
        digital = self.source(folder)
        try:
            with open_bytes(digital.read_bytes(), "pdf") as document:
                single = page_to_pdf(document, self.page)
        except MUPDF_ERRORS as error:
            raise _damaged(digital, self.page, error) from error
        path = folder / self.name
        path.write_bytes(single)
        return path


@dataclass(frozen=True, slots=True)
class ScanWish:
    """Which scans are wanted of every document.

    ``most`` is the most of single pages, or of runs of pages with ``runs``; None for whole documents.
    """

    profiles: tuple[Profile, ...]
    most: int | None
    runs: bool
    seed: int

    @property
    def max_area(self) -> float:
        """The largest page that can be scanned in all profiles, in square points."""
        return max_page_area(self.profiles)


def parse_wish(request: DatasetRequest) -> ScanWish | None:
    """The scans that a request with :data:`SCAN_OPTIONS` asks for, None when it asks for none.

    Raises:
        DatasetError: there is no such profile, or the number of pages is none.
    """
    options = {name: text for name in ("profiles", "pages", "runs") if (text := request.option(name, ""))}
    profiles = options.pop("profiles", "")
    if not profiles:
        for name, text in options.items():
            raise DatasetError(f"dataset {request.kind}: {name}={text} is for scans; add profiles=")
        return None
    if len(options) > 1:
        raise DatasetError(f"dataset {request.kind}: pages= and runs= exclude each other; leave one of them out")
    name, text = next(iter(options.items()), ("pages", _DEFAULT_PAGES))
    whole = name == "pages" and text == WHOLE
    if not whole and (not text.isdecimal() or int(text) < 1):
        or_all = f", or {WHOLE}" if name == "pages" else ""
        raise DatasetError(f"dataset {request.kind}: {name}={text} must be a whole number of at least 1{or_all}")
    return ScanWish(parse_profiles(request.kind, profiles), None if whole else int(text), name == "runs", request.seed)


def parse_profiles(kind: str, text: str) -> tuple[Profile, ...]:
    """Profiles joined by ``+``, each once, in the order given; ``all`` for all of them.

    Raises:
        DatasetError: there is no such profile; the message begins with the dataset's ``kind``.
    """
    if text == "all":
        return tuple(PROFILES.values())
    try:
        return tuple(find_profile(name.strip()) for name in dict.fromkeys(text.split("+")))
    except ValueError as error:
        raise DatasetError(f"dataset {kind}: {error}; join several with +") from error


def max_page_area(profiles: Sequence[Profile]) -> float:
    """The largest page that can be scanned in all of the profiles, in square points."""
    return MAX_PIXELS * (_POINTS_PER_INCH / max(profile.degradation.dpi for profile in profiles)) ** 2


def scan_seed_of(seed: int, name: str) -> int:
    """The seed of a page or document by name, one for all profiles: their figures then differ by the profile alone."""
    return crc32(f"{seed}:{name}".encode())


def scan_tags(profile: Profile) -> dict[str, str]:
    """What the report may split scans by."""
    return {"dpi": str(profile.degradation.dpi), "profile": profile.name}


def scan_candidates(
    request: DatasetRequest, documents: Sequence[AnnotatedDocument], read: Reader
) -> Iterator[Candidate]:
    """The documents as they are, or scans of the digital ones where the request asks for scans.

    Single pages are drawn by the seed from those with tables whose truth is known for the page alone (see
    :func:`whole_pages`). Documents without tables give any of their pages, on which no table is to be found. Runs are
    drawn from those of :func:`whole_runs`. The limit of a request counts items, that is pages or runs times profiles.

    Args:
        request: with :data:`SCAN_OPTIONS`.
        documents: those wanted.
        read: gives a document's item; only called for items that are taken.

    Raises:
        DatasetError: the options make no sense.
    """
    wish = parse_wish(request)
    if wish is None:
        yield from (Candidate(document.id, partial(read, document)) for document in documents)
        return
    for document in documents:
        if document.scanned:
            continue
        for pages in _draw(document, wish):
            for profile in wish.profiles:
                yield _to_candidate(_Scan(document, pages, profile, wish.seed), read)


@dataclass(frozen=True, slots=True)
class _Scan:
    """A scan of some pages of a document, one or a run of several, or of all when ``pages`` is empty."""

    document: AnnotatedDocument
    pages: tuple[int, ...]
    profile: Profile
    seed: int

    @property
    def name(self) -> str:
        """Names what is scanned, whatever the profile."""
        ends = dict.fromkeys((*self.pages[:1], *self.pages[-1:]))
        return "-".join((self.document.id, *(f"p{page:03d}" for page in ends)))

    def truth_of(self, truth: Extraction) -> Extraction:
        """What is true of the pages, from what is true of the document."""
        if not self.pages:
            return without_boxes(truth)
        return run_truth(truth, self.pages) if len(self.pages) > 1 else page_truth(truth, self.pages[0])

    def evidence_of(self, evidence: Maker) -> Maker | None:
        """The digital form of the pages: the document, or a page of its own; a run has none."""
        if not self.pages:
            return evidence
        return None if len(self.pages) > 1 else DigitalPage(evidence, self.pages[0], f"{self.name}.pdf")


def _to_candidate(scan: _Scan, read: Reader) -> Candidate:
    return Candidate(f"{scan.name}-{scan.profile.name}", partial(_read_scan, scan, read))


def _read_scan(scan: _Scan, read: Reader) -> Item | Rejected:
    item = read(scan.document)
    if isinstance(item, Rejected):
        return item
    if item.evidence is None:
        return Rejected(item.id, f"{item.id} has no digital pages to make scans of; leave it out")
    truth = item.truth or annotation_to_truth(scan.document.tables)
    name = f"{scan.name}-{scan.profile.name}"
    pages = scan.pages or tuple(range(1, scan.document.n_pages + 1))
    seed = scan_seed_of(scan.seed, scan.name)
    shown = {table.id for table in truth.tables for part in table.fragments if part.page in pages}
    return Item(
        id=name,
        group=item.group,
        materialize=ScanFile(item.evidence, pages, f"{name}.pdf", seed, scan.profile.degradation),
        truth=scan.truth_of(truth),
        evidence=scan.evidence_of(item.evidence),
        tags=tuple(sorted((dict(item.tags) | {"form": "scan"} | scan_tags(scan.profile)).items())),
        remarks=tuple(remark for remark in item.remarks if remark.partition(":")[0] in shown),
    )


def _draw(document: AnnotatedDocument, wish: ScanWish) -> list[tuple[int, ...]]:
    """The pages of every scan that is wanted, up to ``wish.most`` of them, ascending; empty for all pages."""
    if wish.most is None:
        return [()]
    truth = annotation_to_truth(document.tables)
    if wish.runs:
        possible = [run for run in whole_runs(truth) if len(run) <= _LONGEST_RUN]
    else:
        numbers = whole_pages(truth) if document.tables else range(1, document.n_pages + 1)
        possible = [(number,) for number in numbers]
    too_large = {page.number for page in document.pages if page.width * page.height > wish.max_area}
    names = {f"{document.id}:{pages[0]}": pages for pages in possible if not too_large & set(pages)}
    return sorted(names[name] for name in rank(names, wish.seed)[: wish.most])


def _damaged(path: Path, page: int, error: Exception) -> DamagedError:
    return DamagedError(f"{path.name}, page {page} cannot be drawn ({error}); fetch the file again", page=page)
