"""What the fragments around it need to know of a fragment."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lanci.classify.view import AMOUNT, BLANK, CODE, INTEGER, LONG, LONG_CODE, SHORT, STARS, FragmentView
from lanci.text import squash

BLANKS, NUMBERS, CODES, WORDS = range(4)
"""What most cells of a column hold."""

_NUMBERS = (AMOUNT, INTEGER, STARS)
_CODES = (CODE, LONG_CODE)
_ROWS_READ = 40
_MAX_LABEL = 8
_MAX_HEADER = 240
_CODE_AND_NAME = re.compile(r"([235]\d{2}(?:\d{2}){0,2})[^\d.,%]")
_LATIN = re.compile(r"[A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Outline:
    """What the fragments around it need to know of a fragment.

    ``edges`` are the column edges as shares of the width (empty when they are not known), ``shapes`` what most cells
    of each column hold. ``first`` and ``last`` are the texts in the label column of the first and last body row,
    ``serials`` and ``codes`` the first and last serial number and subject code (empty when there is none).
    """

    page: int
    index: int
    title: str
    header: str
    n_rows: int
    n_cols: int
    edges: tuple[float, ...] = ()
    shapes: tuple[int, ...] = ()
    first: str = ""
    last: str = ""
    serials: tuple[int, ...] = ()
    codes: tuple[str, ...] = ()


def view_to_outline(view: FragmentView, header_rows: range, n_header_rows: int) -> Outline:
    """The outline of a fragment, of which the header rows are known."""
    fragment = view.fragment
    rows = range(n_header_rows, fragment.n_rows)
    read = rows if len(rows) <= _ROWS_READ else (*rows[: _ROWS_READ // 2], *rows[-_ROWS_READ // 2 :])
    shapes, texts = view.shapes, view.texts
    serials: list[int] = []
    counts = [[0, 0, 0, 0] for _ in range(fragment.n_cols)]
    for row in read:
        cells = view.rows[row]
        if cells and shapes[cells[0]] == INTEGER:
            serials.append(int(texts[cells[0]]))
        for index in cells:
            shape = shapes[index]
            if shape == BLANK:
                continue
            place = NUMBERS if shape in _NUMBERS else CODES if shape in _CODES else WORDS
            counts[fragment.cells[index].col][place] += 1
    kinds = [max(range(4), key=count.__getitem__) if any(count) else BLANKS for count in counts]
    codes = find_codes(view, [i for row in read for i in view.rows[row]])
    return Outline(
        page=fragment.page,
        index=fragment.index,
        title=title_to_words(fragment.caption.title),
        header=header_to_words(view, header_rows),
        n_rows=len(rows),
        n_cols=fragment.n_cols,
        edges=_edges(view),
        shapes=tuple(kinds),
        first=_label(view, rows[0]) if rows else "",
        last=_label(view, rows[-1]) if rows else "",
        serials=(serials[0], serials[-1]) if serials else (),
        codes=(codes[0], codes[-1]) if codes else (),
    )


def find_codes(view: FragmentView, body: Sequence[int]) -> list[str]:
    """The subject codes of a body in row-major order, with their name behind them or not.

    Only columns count of which at least half looks like codes: a number of the right length is found in any column.
    """
    counts: Counter[int] = Counter()
    found: list[tuple[int, str]] = []
    for index in body:
        shape, text = view.shapes[index], view.texts[index]
        if shape == BLANK:
            continue
        match = _CODE_AND_NAME.match(text) if shape in (SHORT, LONG) else None
        col = view.fragment.cells[index].col
        counts[col] += 1
        if shape == CODE or match:
            found.append((col, match[1] if match else text))
    coded = Counter(col for col, _ in found)
    return [code for col, code in found if 2 * coded[col] >= counts[col]]


def _edges(view: FragmentView) -> tuple[float, ...]:
    """Column edges as shares of the width; none where they only count the columns."""
    edges = view.fragment.col_edges
    if view.fragment.page_width <= 0 or len(edges) < 2 or edges[-1] <= edges[0]:
        return ()
    width = edges[-1] - edges[0]
    return tuple([(edge - edges[0]) / width for edge in edges])


def _label(view: FragmentView, row: int) -> str:
    """The first words of a row."""
    words = [view.words[i] for i in view.rows[row] if view.shapes[i] in (SHORT, LONG)]
    return words[0][:_MAX_LABEL] if words else ""


def title_to_words(title: str) -> str:
    """A title as it is compared: without white space, years and other numbers."""
    return _LATIN.sub("", squash(title))


def header_to_words(view: FragmentView, header_rows: range) -> str:
    """The texts of the header cells between bars; empty without a header."""
    words: list[str] = []
    for row in header_rows:
        words += [view.words[i] for i in view.starting_cells(row) if view.texts[i]]
    return ("|" + "|".join(words) + "|")[:_MAX_HEADER] if words else ""
