"""Features of header cells and of columns, for their roles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from lanci.classify.row_features import Sample
from lanci.classify.view import (
    AMOUNT,
    BLANK,
    CODE,
    INTEGER,
    LONG,
    LONG_CODE,
    SHORT,
    STARS,
    FragmentView,
    count_to_bin,
    integer_run,
    share_to_bin,
)

_SHAPES = (
    ("blank", BLANK),
    ("int", INTEGER),
    ("code", CODE),
    ("long-code", LONG_CODE),
    ("amount", AMOUNT),
    ("stars", STARS),
    ("short", SHORT),
    ("long", LONG),
)
_NUMBERS = (INTEGER, CODE, LONG_CODE, AMOUNT)
_DECIMALS = re.compile(r"\.(\d+)\D*$")
_CODED_NAME = re.compile(r"[235]\d{2}(?:\d{2}){0,2}[^\d.,%]")
"""A budget subject's code with its name behind it."""
_MAX_CELLS = 60
_MAX_TEXT = 24


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """What the body of one column holds: signs (tokens) and the commonest shape of its filled cells."""

    signs: tuple[str, ...]
    shape: str
    words: str


def view_to_profiles(view: FragmentView, n_header_rows: int) -> list[ColumnProfile]:
    """One profile a column, of the cells below the header."""
    return [_column_to_profile(view, col, n_header_rows) for col in range(view.fragment.n_cols)]


def _column_to_profile(view: FragmentView, col: int, first_row: int) -> ColumnProfile:
    cells = view.column_cells(col, first_row)[:_MAX_CELLS]
    counts = [0] * 8
    for i in cells:
        counts[view.shapes[i]] += 1
    filled = len(cells) - counts[BLANK]
    signs = [f"blank{share_to_bin(counts[BLANK], len(cells))}"]
    signs += [f"{name}{share_to_bin(counts[shape], filled)}" for name, shape in _SHAPES[1:]]
    integers = [int(view.texts[i]) for i in cells if view.shapes[i] == INTEGER]
    signs.append(f"run{share_to_bin(integer_run(integers) if len(integers) > 1 else 0, filled)}")
    signs += [f"lead{lead}" for lead in _code_leads(view, cells)]
    signs += ["tall"] if any(view.fragment.cells[i].row_span > 1 for i in cells) else []
    signs += (
        ["two-digit"] if integers and all(len(view.texts[i]) == 2 for i in cells if view.shapes[i] == INTEGER) else []
    )
    signs += _number_signs([view.texts[i] for i in cells if view.shapes[i] in _NUMBERS])
    coded = sum(bool(_CODED_NAME.match(view.texts[i])) for i in cells if view.shapes[i] in (SHORT, LONG))
    signs.append(f"coded{share_to_bin(coded, filled)}")
    signs.append(f"distinct{share_to_bin(len({view.texts[i] for i in cells} - {''}), filled)}")
    shape = max(_SHAPES[1:], key=lambda item: counts[item[1]])[0] if filled else "empty"
    texts = (view.words[i][:_MAX_TEXT] for i in cells if view.shapes[i] in (SHORT, LONG))
    words = "|" + "|".join(dict.fromkeys(texts)) + "|"
    return ColumnProfile(tuple(signs), shape, words[:160])


def _number_signs(texts: list[str]) -> list[str]:
    """How numbers are written and ordered: codes go up and are of even lengths, amounts have decimals and commas."""
    if not texts:
        return []
    decimals = {len(found.group(1)) if (found := _DECIMALS.search(text)) else 0 for text in texts}
    rising = sum(left < right for left, right in pairwise(texts))
    return [
        *(f"decimals{min(n, 3)}" for n in sorted(decimals)),
        *(["commas"] if any("," in text for text in texts) else []),
        *(["negative"] if any(text[0] in "-−－(" for text in texts) else []),
        *(["percent"] if any(text[-1] in "%‰" for text in texts) else []),
        f"rising{share_to_bin(rising, len(texts) - 1)}",
        f"digits{max(len(text) for text in texts)}",
        f"lengths{count_to_bin(len({len(text) for text in texts}))}",
    ]


def _code_leads(view: FragmentView, cells: list[int]) -> list[str]:
    """With what digit the codes of a column begin: 2 function, 3 departmental, 5 government economic class."""
    leads = {view.texts[i][0] for i in cells if view.shapes[i] == CODE}
    return sorted(leads)


def profiles_to_column_samples(profiles: list[ColumnProfile]) -> list[Sample]:
    """One sample a column for the model that knows no header: ``words`` and ``signs``."""
    n_cols = len(profiles)
    samples: list[Sample] = []
    for col, profile in enumerate(profiles):
        left = profiles[col - 1].shape if col else "edge"
        right = profiles[col + 1].shape if col + 1 < n_cols else "edge"
        signs = [*profile.signs, f"main-{profile.shape}", f"left-{left}", f"right-{right}"]
        signs += [f"left-{left}/main-{profile.shape}", f"main-{profile.shape}/right-{right}"]
        signs += [f"at{min(col, 3)}", f"from-end{min(n_cols - 1 - col, 2)}", f"cols{count_to_bin(n_cols)}"]
        signs += [f"at{min(col, 3)}/{sign}" for sign in profile.signs]
        signs += [f"left:{sign}" for sign in profiles[col - 1].signs] if col else []
        signs += [f"right:{sign}" for sign in profiles[col + 1].signs] if col + 1 < n_cols else []
        samples.append((profile.words, " ".join(signs)))
    return samples


def header_cells(view: FragmentView, header_rows: range) -> list[int]:
    """The cells that begin in the header rows, in the order of ``fragment.cells``."""
    return [i for i, cell in enumerate(view.fragment.cells) if cell.row in header_rows]


def has_header_below(view: FragmentView, index: int, header_rows: range) -> bool:
    """Whether other header cells stand directly under this one."""
    cell = view.fragment.cells[index]
    return cell.row + cell.row_span < header_rows.stop


def lowest_header_cells(view: FragmentView, header_rows: range) -> list[int]:
    """The header cells directly above the body, from left to right."""
    cells = view.fragment.cells
    lowest = [i for i in header_cells(view, header_rows) if not has_header_below(view, i, header_rows)]
    return sorted(lowest, key=lambda i: cells[i].col)


def view_to_header_samples(view: FragmentView, profiles: list[ColumnProfile], header_rows: range) -> list[Sample]:
    """One sample a header cell: its ``words``, the words of its ``parents`` and ``signs``.

    Args:
        view: the fragment.
        profiles: one a column, of the body below.
        header_rows: the rows of header cells, without sections above and the column-number row below.
    """
    return [
        (
            f"|{view.words[i][:_MAX_TEXT]}|",
            _parents_to_words(view, i, header_rows),
            " ".join(_header_cell_to_signs(view, i, profiles, header_rows)),
        )
        for i in header_cells(view, header_rows)
    ]


def _parents_to_words(view: FragmentView, index: int, header_rows: range) -> str:
    cell = view.fragment.cells[index]
    above = [view.owner[row][cell.col] for row in range(header_rows.start, cell.row)]
    words = [view.texts[i][:_MAX_TEXT] for i in dict.fromkeys(above) if i >= 0]
    return "|" + "|".join(words) + "|"


def _header_cell_to_signs(
    view: FragmentView, index: int, profiles: list[ColumnProfile], header_rows: range
) -> list[str]:
    cell = view.fragment.cells[index]
    n_cols = len(profiles)
    below = has_header_below(view, index, header_rows)
    unit = view.fragment.caption.unit
    signs = [
        f"span{min(cell.col_span, 3)}/{'parent' if below else 'leaf'}",
        f"level{min(cell.row - header_rows.start, 2)}",
        f"at{min(cell.col, 3)}",
        f"from-end{min(n_cols - cell.col - cell.col_span, 2)}",
        f"cols{count_to_bin(n_cols)}",
        "filled" if view.texts[index] else "blank",
        f"length{count_to_bin(len(view.texts[index]))}",
        f"unit-{'none' if not unit else 'money' if '元' in unit else 'other'}",
    ]
    if cell.col_span == 1 and cell.col < n_cols:
        profile = profiles[cell.col]
        left = profiles[cell.col - 1].shape if cell.col else "edge"
        right = profiles[cell.col + 1].shape if cell.col + 1 < n_cols else "edge"
        signs += [f"body:{sign}" for sign in profile.signs]
        signs += [f"body:{profile.shape}", f"body:left-{left}", f"body:right-{right}"]
    return signs
