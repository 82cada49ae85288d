"""Make documents: content, pages, print, truth."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from zlib import crc32

from lanci.annotation import NO_TABLES, AnnotatedDocument, load_annotation, save_annotation
from lanci.errors import AnnotationError, OutputError
from lanci_eval.factory.content import make_content
from lanci_eval.factory.engines import find_engine
from lanci_eval.factory.families import Design, find_designs
from lanci_eval.factory.finish import finish_pages
from lanci_eval.factory.fonts import TYPEFACES, find_typeface
from lanci_eval.factory.pages import cut_pages
from lanci_eval.factory.prints import PartLines, check_prints, find_lines
from lanci_eval.factory.problems import PrintError
from lanci_eval.factory.records import Content, Family, Rules, SheetPage, TablePart
from lanci_eval.factory.sheet import rule_sides
from lanci_eval.factory.truth import pages_to_truth, plan_to_truth, truth_of_scan
from lanci_eval.factory.vary import cut_anew, vary_family
from lanci_eval.scanning import PROFILES, scan_pages

_SHARES = (1.0, 0.92, 0.84, 0.75, 0.65, 0.5)
"""How much of a page is used, tried in this order until every page holds what it should."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to make: ``count`` contents from a seed.

    With ``scans`` each also as an office scanner gives it; with ``vary`` each in other manners than its family's own
    (see :func:`lanci_eval.factory.vary.vary_family`); with ``traps`` each full of tables that look alike, cut over
    pages in any way (see :func:`lanci_eval.factory.vary.cut_anew`).
    """

    count: int
    seed: int
    scans: bool = False
    vary: bool = False
    traps: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A document of the factory with its truth."""

    pdf: bytes
    truth: AnnotatedDocument


def produce(
    order: Order, folder: Path, families: tuple[str, ...] | None = None, *, keep: bool = False
) -> Iterator[AnnotatedDocument]:
    """Write documents one by one as ID.pdf with their truth as ID.json, and give the truth of each.

    Args:
        order: what to make; the same order, families and versions of engines and typefaces give the same bytes.
        folder: is made if it is not there; files of the same names are replaced.
        families: names of layout families, among which the documents are dealt out in turn; all by default.
        keep: documents that are there already, with their truth and unchanged, are not made again.

    Raises:
        ValueError: there is no family of such a name.
        MissingProgramError: an engine or a typeface is not installed; no document is made before all are found.
        FactoryError: an engine prints something else than it should.
        OutputError: the folder cannot be written to.
    """
    designs = find_designs(families)
    for design in designs:
        check_family(design.family)
    for name in TYPEFACES if order.vary else ():
        find_typeface(name)
    for number in range(order.count):
        design = designs[number % len(designs)]
        content = _content_of(number, design, order)
        wanted = (content.id, f"{content.id}-scan")[: 2 if order.scans else 1]
        there = [_read(folder, name, design.family) for name in wanted] if keep else []
        if there and all(there):
            yield from (truth for truth in there if truth is not None)
            continue
        made = print_content(content, _family_of(content, design.family, order), order.seed)
        yield _write(made, folder)
        if order.scans:
            yield _write(scan_document(made, order.seed), folder)


def plan(order: Order, folder: Path, families: tuple[str, ...] | None = None) -> Iterator[AnnotatedDocument]:
    """Write the truths of documents as ID.json without printing them, milliseconds each, and give them one by one.

    No engine and no typeface is needed; places of cells are not known. The contents are those that :func:`produce`
    prints for the same order; scans are not made.

    Raises:
        ValueError: there is no family of such a name.
        OutputError: the folder cannot be written to.
    """
    designs = find_designs(families)
    for number in range(order.count):
        design = designs[number % len(designs)]
        content = _content_of(number, design, order)
        family = _family_of(content, design.family, order)
        pages = cut_pages(content, family, _own_seed(content, order.seed))
        truth = plan_to_truth(content, pages, family)
        _make_folder(folder)
        save_annotation(truth, folder / f"{truth.id}.json")
        yield truth


def _own_seed(content: Content, seed: int) -> int:
    return crc32(f"{seed}:{content.id}".encode())


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made ({error.strerror}); check the folder") from error


def _content_of(number: int, design: Design, order: Order) -> Content:
    features = replace(design.features, look_alikes=True) if order.traps else design.features
    return make_content(order.seed, number, features)


def _family_of(content: Content, family: Family, order: Order) -> Family:
    if order.vary:
        family = vary_family(family, crc32(f"vary:{order.seed}:{content.id}".encode()))
    return cut_anew(family, crc32(f"cut:{order.seed}:{content.id}".encode())) if order.traps else family


def check_family(family: Family) -> None:
    """Raise MissingProgramError when the engine or the typeface of the family is not installed."""
    find_typeface(family.font)
    find_engine(family.engine).check_installed()


def print_content(content: Content, family: Family, seed: int) -> Made:
    """A content in a family, printed, checked and with its truth.

    Raises:
        PrintError: even with few rows a page something else is printed than should be.
        MissingProgramError: the engine or a typeface is not installed.
    """
    own_seed = _own_seed(content, seed)
    pages, pdf = _print(content, family, own_seed)
    ruled = pdf if rule_sides(family.rules) else _run_engine(pages, _with_all_rules(family), own_seed)
    lines = _name_lines(pages, find_lines(pdf, ruled, pages, family))
    final = finish_pages(pdf, pages, content, family, own_seed)
    return Made(final, pages_to_truth(content, pages, lines, family, final))


def scan_document(made: Made, seed: int) -> Made:
    """The document through an office scanner, in a profile that its id chooses."""
    own_seed = crc32(f"scan:{seed}:{made.truth.id}".encode())
    profile = list(PROFILES.values())[own_seed % len(PROFILES)]
    scan = scan_pages(made.pdf, range(1, made.truth.n_pages + 1), own_seed, profile.degradation)
    return Made(scan, truth_of_scan(made.truth, scan))


def _print(content: Content, family: Family, seed: int) -> tuple[tuple[SheetPage, ...], bytes]:
    problem: PrintError | None = None
    for share in _SHARES:
        pages = cut_pages(content, family, seed, share)
        try:
            pdf = _run_engine(pages, family, seed)
            check_prints(pdf, pages, family)
        except PrintError as error:
            problem = error
            continue
        return pages, pdf
    raise PrintError(f"{content.id} cannot be printed in family {family.name}: {problem}") from problem


def _run_engine(pages: Sequence[SheetPage], family: Family, seed: int) -> bytes:
    with TemporaryDirectory(prefix="lanci-factory-", ignore_cleanup_errors=True) as folder:
        return find_engine(family.engine).print_pages(pages, family, seed, Path(folder))


def _with_all_rules(family: Family) -> Family:
    """The same family with every rule drawn. It is found out afterwards whether that moved anything."""
    return replace(family, rules=Rules.FULL, style=replace(family.style, header_fill=""))


def _name_lines(
    pages: Sequence[SheetPage], found: Sequence[Sequence[PartLines | None]]
) -> dict[tuple[str, int], PartLines]:
    named = {}
    for page, on_page in zip(pages, found, strict=True):
        parts = [block for block in page.blocks if isinstance(block, TablePart)]
        for part, lines in zip(parts, on_page, strict=True):
            if lines is not None:
                named[part.form.table.id, page.number] = lines
    return named


def _write(made: Made, folder: Path) -> AnnotatedDocument:
    path = folder / f"{made.truth.id}.pdf"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made.pdf)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror}); check the folder") from error
    save_annotation(made.truth, path.with_suffix(".json"))
    return made.truth


def _read(folder: Path, name: str, family: Family) -> AnnotatedDocument | None:
    """The truth of a document that is there as it was made in the family, else None."""
    path = folder / f"{name}.json"
    if not path.is_file() or not path.with_suffix(".pdf").is_file():
        return None
    try:
        truth = load_annotation(path)
    except AnnotationError:
        return None
    digest = hashlib.sha256(path.with_suffix(".pdf").read_bytes()).hexdigest()
    return truth if truth.sha256 == digest and truth.layout in {family.name, NO_TABLES} else None
