"""How much ground truth there is, of what kind, and how it was verified: as Markdown tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from lanci.annotation import NO_TABLES, AnnotatedDocument, AnnotatedTable
from lanci.annotation.splits import Side, Splits
from lanci.errors import AnnotationError

BEGIN = "<!-- counts: begin; written by lanci annotate counts --write, do not edit -->"
END = "<!-- counts: end -->"


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is of something.

    Attributes:
        documents: documents, or documents with such tables.
        pages: their pages, or pages that show a part of such tables.
        tables: logical tables.
        fragments: parts of tables on pages.
        cells: printed cells, empty ones too; header rows that a page repeats do not count.
        boxes: cells whose place is annotated.
        agreed: cells accepted because independent readings agree.
        by_eye: cells settled by looking at the page.
    """

    documents: int
    pages: int
    tables: int
    fragments: int
    cells: int
    boxes: int
    agreed: int
    by_eye: int


Entry = tuple[AnnotatedDocument, AnnotatedTable]


def count_tables(entries: Sequence[Entry]) -> Counts:
    """The counts of some tables, each with its document."""
    tables = [annotated for _, annotated in entries]
    return Counts(
        documents=len({document.id for document, _ in entries}),
        pages=len({(document.id, part.page) for document, annotated in entries for part in annotated.fragments}),
        tables=len(tables),
        fragments=sum(len(annotated.fragments) for annotated in tables),
        cells=sum(len(annotated.table.cells) for annotated in tables),
        boxes=sum(cell.box.area > 0 for annotated in tables for cell in annotated.table.cells),
        agreed=sum(annotated.verification.agreed for annotated in tables),
        by_eye=sum(annotated.verification.by_eye for annotated in tables),
    )


def count_documents(documents: Sequence[AnnotatedDocument]) -> Counts:
    """The counts of whole documents: all their pages, also those without tables."""
    counts = count_tables([(document, annotated) for document in documents for annotated in document.tables])
    pages = sum(document.n_pages for document in documents)
    return Counts(
        len(documents), pages, counts.tables, counts.fragments, counts.cells, counts.boxes, counts.agreed, counts.by_eye
    )


def counts_to_markdown(documents: Sequence[AnnotatedDocument], splits: Splits) -> str:
    """The tables of counts: as a whole, and by split side, city, layout, type and verification.

    Raises:
        AnnotationError: the splits name no side for a document.
    """
    sides = {document.id: splits.side(document) for document in documents}
    entries = [(document, annotated) for document in documents for annotated in document.tables]
    blocks = [
        "\n".join(_to_lines("source", [*_by_source(documents), ("**all**", count_documents(documents))])),
        "\n".join(_to_lines("split", _group_documents(documents, lambda d: sides[d.id].value, list(Side)))),
        "\n".join(
            _to_lines("city", _group_documents(documents, lambda d: f"{d.city or d.province} ({sides[d.id].value})"))
        ),
        "\n".join(_to_lines("layout", _group_documents(documents, lambda d: f"`{d.layout}`"))),
        "\n".join(_to_lines("type", _group_tables(entries, lambda t: f"`{t.table.type}`"), pages="pages with it")),
        "\n".join(_to_lines("verified", _group_tables(entries, lambda t: t.verification.how), pages="pages with it")),
        "\n".join(_types_by_side(entries, sides)),
    ]
    return "\n\n".join(blocks) + "\n"


def replace_counts(readme: str, counts: str) -> str:
    """The text with the part between the markers replaced; AnnotationError when they are not there, once, in order."""
    if readme.count(BEGIN) != 1 or readme.count(END) != 1 or readme.index(BEGIN) > readme.index(END):
        raise AnnotationError(f"the file needs the lines {BEGIN!r} and {END!r}, each once; add them where counts stand")
    before, rest = readme.split(BEGIN)
    return f"{before}{BEGIN}\n\n{counts}\n{END}{rest.split(END)[1]}"


def _by_source(documents: Sequence[AnnotatedDocument]) -> Iterator[tuple[str, Counts]]:
    kinds: dict[str, Callable[[AnnotatedDocument], bool]] = {
        "text": lambda d: d.media == "text",
        "PDF": lambda d: d.media == "pdf" and not d.scanned,
        "PDF, scanned": lambda d: d.media == "pdf" and d.scanned,
        "of these without any table": lambda d: d.layout == NO_TABLES or not d.tables,
    }
    for name, fits in kinds.items():
        group = [document for document in documents if fits(document)]
        if group:
            yield name, count_documents(group)


def _group_documents(
    documents: Iterable[AnnotatedDocument], key: Callable[[AnnotatedDocument], str], order: Sequence[str] = ()
) -> list[tuple[str, Counts]]:
    groups: dict[str, list[AnnotatedDocument]] = {name: [] for name in order}
    for document in documents:
        groups.setdefault(key(document), []).append(document)
    return [(name, count_documents(groups[name])) for name in (order or _largest_first(groups))]


def _group_tables(entries: Iterable[Entry], key: Callable[[AnnotatedTable], str]) -> list[tuple[str, Counts]]:
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[key(entry[1])].append(entry)
    return [(name, count_tables(groups[name])) for name in _largest_first(groups)]


def _largest_first(groups: dict[str, list[AnnotatedDocument]] | dict[str, list[Entry]]) -> list[str]:
    return sorted(groups, key=lambda name: (-len(groups[name]), name))


def _to_lines(what: str, rows: Iterable[tuple[str, Counts]], *, pages: str = "pages") -> Iterator[str]:
    titles = ("documents", pages, "tables", "parts", "cells", "with box", "readings agree", "by eye")
    yield f"| {what} | {' | '.join(titles)} |"
    yield "|---|" + "---:|" * len(titles)
    for name, counts in rows:
        numbers = (
            counts.documents,
            counts.pages,
            counts.tables,
            counts.fragments,
            counts.cells,
            counts.boxes,
            counts.agreed,
            counts.by_eye,
        )
        yield f"| {name} | {' | '.join(f'{number:,}' for number in numbers)} |"


def _types_by_side(entries: Sequence[Entry], sides: dict[str, Side]) -> Iterator[str]:
    """How many tables of each type every side has: an empty place cannot be learnt, or not be measured."""
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[f"`{entry[1].table.type}`"].append(entry)
    yield f"| tables of type | {' | '.join(Side)} |"
    yield "|---|" + "---:|" * len(Side)
    for name in _largest_first(groups):
        numbers = [sum(sides[document.id] is side for document, _ in groups[name]) for side in Side]
        yield f"| {name} | {' | '.join(str(number or '') for number in numbers)} |"
