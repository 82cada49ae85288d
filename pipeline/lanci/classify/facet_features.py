"""Features of a whole fragment, for what kind of table it is."""

from __future__ import annotations

import re

from lanci.classify.row_features import Sample
from lanci.classify.view import AMOUNT, BLANK, CODE, LONG, SHORT, FragmentView, count_to_bin, share_to_bin
from lanci.text import squash

_LATIN = re.compile(r"[A-Za-z0-9]+")
_MAX_HEADER = 240
_MAX_BODY = 320
_MAX_CELL = 12


def view_to_facet_sample(view: FragmentView, header_rows: range, n_header_rows: int) -> Sample:
    """What a clerk looks at: title, other lines around the grid, header words, body labels, and signs.

    Args:
        view: the fragment.
        header_rows: the rows of header cells, without sections above and the column-number row below.
        n_header_rows: all rows above the body.

    Returns:
        Five fields: ``title``, ``lines``, ``header``, ``body``, ``signs``.
    """
    caption = view.fragment.caption
    full_title = squash(caption.title)
    title = _LATIN.sub("", full_title)
    lines = [squash(line) for line in (*caption.lines, *view.fragment.notes)]
    others = [_LATIN.sub("", line) for line in lines if line and line != full_title]
    body = _body_to_words(view, n_header_rows)
    header = _header_to_words(view, header_rows)
    signs = _fragment_to_signs(view, n_header_rows, bool(title), bool(header))
    return (f"^{title}$" if title else "", "|".join(others)[:120], header, body, " ".join(signs))


def _header_to_words(view: FragmentView, header_rows: range) -> str:
    words: list[str] = []
    for row in header_rows:
        words += [view.words[i] for i in view.starting_cells(row) if view.texts[i]]
    return ("|" + "|".join(words) + "|")[:_MAX_HEADER] if words else ""


def _body_to_words(view: FragmentView, n_header_rows: int) -> str:
    """Labels of the body and of sections above the header, each once; sentences are cut short."""
    words: dict[str, None] = {}
    length = 0
    for index, cell in enumerate(view.fragment.cells):
        if view.shapes[index] not in (SHORT, LONG) or length > _MAX_BODY:
            continue
        if cell.row >= n_header_rows or cell.row == 0:
            word = view.words[index][:_MAX_CELL]
            if word not in words:
                words[word] = None
                length += len(word) + 1
    return ("|" + "|".join(words) + "|")[:_MAX_BODY] if words else ""


def _fragment_to_signs(view: FragmentView, n_header_rows: int, has_title: bool, has_header: bool) -> list[str]:
    cells = view.fragment.cells
    body = [i for i, cell in enumerate(cells) if cell.row >= n_header_rows]
    filled = [i for i in body if view.shapes[i] != BLANK]
    codes = [view.texts[i] for i in filled if view.shapes[i] == CODE]
    n_rows = view.fragment.n_rows - n_header_rows
    signs = [
        f"cols{view.fragment.n_cols}" if view.fragment.n_cols <= 14 else "cols15+",
        f"rows{count_to_bin(n_rows)}",
        "title" if has_title else "no-title",
        "header" if has_header else "no-header",
        f"numeric{share_to_bin(sum(view.shapes[i] == AMOUNT for i in filled), len(filled))}",
        f"long{share_to_bin(sum(view.shapes[i] == LONG for i in filled), len(filled))}",
        f"filled{share_to_bin(len(filled), len(body))}",
        f"codes{share_to_bin(min(len(codes), n_rows), n_rows)}",
    ]
    for lead in "235":
        count = sum(code.startswith(lead) for code in codes)
        signs.append(f"lead{lead}-{share_to_bin(count, n_rows)}")
    signs += ["class-2-only"] if codes and all(code.startswith("2") for code in codes) else []
    signs += ["code-7"] if any(len(code) == 7 for code in codes) else []
    signs += ["tall"] if any(cells[i].row_span > 1 for i in body) else []
    return signs
