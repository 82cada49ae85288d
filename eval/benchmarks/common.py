"""What the benchmarks share: one thread, the documents that they measure on, tables of figures."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


def use_one_thread() -> None:
    """One thread in all libraries; has to be called before they are imported."""
    os.environ.update(dict.fromkeys(THREADS, "1"))
    import cv2

    cv2.setNumThreads(1)


@dataclass(frozen=True, slots=True)
class Sample:
    """A document and the numbers of the pages of it to measure on, ascending."""

    path: Path
    pages: tuple[int, ...]


def choose_pages(paths: Sequence[Path], *, documents: int | None, pages: int, seed: int) -> Iterator[Sample]:
    """Digital pages of digital documents, as lanci judges them; reading them also warms everything up.

    Args:
        paths: files and folders; files other than PDF are left out.
        documents: most documents, drawn by the seed; all when None.
        pages: most pages of a document: so many with text from a place drawn by the seed on, the digital of them.
        seed: decides what is drawn.
    """
    from lanci.document import PageKind
    from lanci.errors import LanciError
    from lanci.page import read_page
    from lanci.parsing import ParseOptions
    from lanci.source import discover, open_source

    rng = random.Random(seed)  # noqa: S311 - a sample, no secret
    found = [path for path in discover(list(paths)) if path.suffix.lower() == ".pdf"]
    rng.shuffle(found)
    taken = 0
    for path in found:
        start = rng.random()
        try:
            with open_source(path) as source:
                numbers = [n for n in range(1, source.n_pages + 1) if len(source.page(n).pdf.get_text()) > 0]
                numbers = numbers[int(start * max(len(numbers) - pages + 1, 1)) :][:pages]
                options = ParseOptions().page
                digital = [n for n in numbers if read_page(source.page(n), options).kind is PageKind.DIGITAL]
        except LanciError:
            continue  # no PDF inside, or damaged: nothing to measure
        if not digital:
            continue
        yield Sample(path, tuple(digital))
        taken += 1
        if documents is not None and taken == documents:
            return


def to_table(rows: Sequence[Sequence[str]]) -> str:
    """Rows of texts, the first a header, as a Markdown table with the numbers to the right."""
    widths = [max(len(row[col]) for row in rows) for col in range(len(rows[0]))]
    lines = [
        "| "
        + " | ".join(_pad(text, width, col) for col, (text, width) in enumerate(zip(row, widths, strict=True)))
        + " |"
        for row in rows
    ]
    marks = ["-" * width if col == 0 else "-" * (width - 1) + ":" for col, width in enumerate(widths)]
    return "\n".join([lines[0], "| " + " | ".join(marks) + " |", *lines[1:]])


def _pad(text: str, width: int, col: int) -> str:
    return text.rjust(width) if col else text.ljust(width)
