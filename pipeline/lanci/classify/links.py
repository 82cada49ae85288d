"""Features of a page break: whether a fragment is more of the table that the fragment before it shows."""

from __future__ import annotations

from lanci.classify.context import ALIKE, Surroundings, pairs_to_likeness, text_to_pairs
from lanci.classify.outline import BLANKS, Outline
from lanci.classify.row_features import Sample
from lanci.classify.view import count_to_bin, share_to_bin

_EXACT, _NEAR = 0.004, 0.02
"""How far column edges of one table lie apart on two pages, as shares of its width."""

_SAME = 0.85
"""From which share of common pairs of characters on two texts are the same but for misread ones."""


def outline_to_link_sample(own: Outline, around: Surroundings) -> Sample | None:
    """How well a fragment goes on where the one before it ends; None when there is none before it.

    Returns:
        Two fields: the last ``words`` before the break and the first ones after it, and ``signs``.
    """
    before = around.previous
    if before is None:
        return None
    signs = [
        _compare_places(before, own),
        _compare_titles(own.title, around.title_before),
        _compare_headers(own.header, around.header_before),
        _compare_columns(before, own),
        _compare_shapes(before, own),
        _compare_serials(before.serials, own.serials),
        _compare_codes(before.codes, own.codes),
        f"rows{count_to_bin(own.n_rows)}",
        f"rows-before{count_to_bin(before.n_rows)}",
    ]
    title, header, columns = signs[1], signs[2], signs[3]
    signs += [f"{title}/{header}", f"{header}/{columns}", f"{title}/{header}/{columns}", f"{signs[0]}/{columns}"]
    return f"{before.last}$^{own.first}", " ".join(signs)


def _compare_places(before: Outline, own: Outline) -> str:
    if own.page == before.page:
        return "same-page"
    first = "top" if own.index == 0 else "below"
    return f"next-page-{first}" if own.page == before.page + 1 else "later-page"


def _compare_titles(own: str, before: str) -> str:
    if not own:
        return "title-none"
    likeness = pairs_to_likeness(text_to_pairs(own), text_to_pairs(before))
    return "title-same" if likeness >= _SAME else "title-alike" if likeness >= ALIKE else "title-new"


def _compare_headers(own: str, before: str) -> str:
    if not own:
        return "header-none"
    likeness = pairs_to_likeness(text_to_pairs(own), text_to_pairs(before))
    return "header-same" if likeness >= _SAME else "header-alike" if likeness >= ALIKE else "header-new"


def _compare_columns(before: Outline, own: Outline) -> str:
    if own.n_cols != before.n_cols:
        return f"columns-{'more' if own.n_cols > before.n_cols else 'fewer'}"
    if not own.edges or not before.edges:
        return "columns-count"
    distance = max([abs(one - other) for one, other in zip(own.edges, before.edges, strict=True)])
    return "columns-exact" if distance <= _EXACT else "columns-near" if distance <= _NEAR else "columns-moved"


def _compare_shapes(before: Outline, own: Outline) -> str:
    if own.n_cols != before.n_cols:
        return "shapes-none"
    pairs = [(one, other) for one, other in zip(before.shapes, own.shapes, strict=True) if BLANKS not in (one, other)]
    return f"shapes-{share_to_bin(sum(one == other for one, other in pairs), len(pairs))}"


def _compare_serials(before: tuple[int, ...], own: tuple[int, ...]) -> str:
    if not before or not own:
        return "serials-none" if not before and not own else "serials-one"
    return "serials-go-on" if own[0] == before[-1] + 1 else "serials-begin" if own[0] <= 1 else "serials-jump"


def _compare_codes(before: tuple[str, ...], own: tuple[str, ...]) -> str:
    if not before or not own:
        return "codes-none" if not before and not own else "codes-one"
    if own[0][0] != before[-1][0]:
        return "codes-other"
    return "codes-go-on" if own[0][:3] >= before[-1][:3] else "codes-back"
