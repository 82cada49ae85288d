"""Features of a whole fragment, for what kind of table it is."""

from __future__ import annotations

import re

from lanci.classify.context import Surroundings
from lanci.classify.outline import Outline, find_codes, title_to_words
from lanci.classify.row_features import Sample
from lanci.classify.view import AMOUNT, BLANK, LONG, SHORT, FragmentView, count_to_bin, share_to_bin
from lanci.text import squash

_MAX_BODY = 320
_SENTENCE = re.compile(r"[，。；、,;].*[，。；、,;]|[。；;]$")
"""What makes a long text a sentence, which tells of one project or unit and nothing of the kind of table."""
_MAX_CELL = 12


OwnFields = tuple[str, str, str, str, str]
"""What a fragment shows itself: ``title``, other ``lines`` around the grid, ``header``, ``body`` labels, ``signs``."""


def view_to_own_fields(view: FragmentView, n_header_rows: int, own: Outline) -> OwnFields:
    """What a clerk looks at.

    Args:
        view: the fragment.
        n_header_rows: all rows above the body.
        own: its outline.
    """
    caption = view.fragment.caption
    full_title = squash(caption.title)
    lines = [squash(line) for line in (*caption.lines, *view.fragment.notes)]
    others = [title_to_words(line) for line in lines if line and line != full_title]
    return (
        f"^{own.title}$" if own.title else "",
        "|".join(others)[:120],
        own.header,
        _body_to_words(view, n_header_rows),
        " ".join(_fragment_to_signs(view, n_header_rows, bool(own.title), bool(own.header))),
    )


def own_fields_to_sample(fields: OwnFields, around: Surroundings) -> Sample:
    """Its own fields and two of what stands around it: titles ``near`` it, and its ``entry`` in the contents."""
    near = f"<{around.title_before}|{around.title_after}>" if around.title_before or around.title_after else ""
    return (*fields, near, f"^{around.entry}$" if around.entry else "")


def _body_to_words(view: FragmentView, n_header_rows: int) -> str:
    """Labels of the body and of sections above the header, each once; long ones are cut, sentences left out."""
    words: dict[str, None] = {}
    length = 0
    for index, cell in enumerate(view.fragment.cells):
        if view.shapes[index] not in (SHORT, LONG) or length > _MAX_BODY:
            continue
        if cell.row >= n_header_rows or cell.row == 0:
            word = view.words[index]
            if view.shapes[index] == LONG and _SENTENCE.search(word):
                continue
            word = word[:_MAX_CELL]
            if word not in words:
                words[word] = None
                length += len(word) + 1
    return ("|" + "|".join(words) + "|")[:_MAX_BODY] if words else ""


def _fragment_to_signs(view: FragmentView, n_header_rows: int, has_title: bool, has_header: bool) -> list[str]:
    cells = view.fragment.cells
    body = [i for i, cell in enumerate(cells) if cell.row >= n_header_rows]
    filled = [i for i in body if view.shapes[i] != BLANK]
    codes = find_codes(view, body)
    n_rows = view.fragment.n_rows - n_header_rows
    signs = [
        f"cols{count_to_bin(view.fragment.n_cols)}",
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
    signs += [f"first-lead{codes[0][0]}"] if codes else []
    signs += ["class-2-only"] if codes and all(code.startswith("2") for code in codes) else []
    signs += ["code-7"] if any(len(code) == 7 for code in codes) else []
    signs += ["tall"] if any(cells[i].row_span > 1 for i in body) else []
    return signs
