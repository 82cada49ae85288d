"""Subject codes of rows, and the tree that they form.

Functional codes (2xx) have 3, 5 or 7 digits for 类, 款 and 项; department (3xx) and government (5xx) economic
codes have 3 or 5. They are printed in one column, split over up to three, or before the name in one cell.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from lanci.code_parts import join_code_parts
from lanci.document import HeaderRole, RowRole, SubjectCode
from lanci.interpret.view import TableView
from lanci.text import squash

_CODE = re.compile(r"[235]\d\d(?:\d\d){0,2}")
_CODE_AND_NAME = re.compile(rf"({_CODE.pattern})(?!\d)[-—_.、:]*(.*)")
_LEVELS = {3: 1, 5: 2, 7: 3}
_LEVEL_WORDS = ("类", "款", "项")
_SHORT_PART = re.compile(r"\d{1,2}")
_CLASSIFICATIONS = {"2": "functional", "3": "department_economic", "5": "government_economic"}


@dataclass(frozen=True, slots=True)
class RowCode:
    """The subject code of a body row; ``level`` is 1 for 类, 2 for 款, 3 for 项; ``name`` may be ""."""

    row: int
    code: str
    level: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class CodeTree:
    """The coded rows of one list in a table, in row order.

    ``parents`` has for each entry of ``codes`` the index of its parent in ``codes``, or None. A parent is the
    row with the longest proper prefix of the code that the list holds; where a code stands more than once
    (several units or projects), the nearest one above. ``amount_cols`` are the amount columns of the list.
    """

    codes: tuple[RowCode, ...]
    parents: tuple[int | None, ...]
    amount_cols: tuple[int, ...]

    def roots(self) -> tuple[RowCode, ...]:
        """Rows without a parent in the list."""
        return tuple(code for code, parent in zip(self.codes, self.parents, strict=True) if parent is None)

    def families(self) -> tuple[tuple[RowCode, tuple[RowCode, ...]], ...]:
        """Each row that has children, with its direct children, in row order."""
        children: dict[int, list[RowCode]] = {}
        for code, parent in zip(self.codes, self.parents, strict=True):
            if parent is not None:
                children.setdefault(parent, []).append(code)
        return tuple((self.codes[index], tuple(children[index])) for index in sorted(children))


def read_code_trees(view: TableView) -> tuple[CodeTree, ...]:
    """The coded lists of a table from left to right: one for most tables, two for lists side by side.

    Where several classifications stand before the same amounts, the first one orders the rows.
    """
    groups = _code_groups(view)
    amounts = view.columns(HeaderRole.AMOUNT)
    trees = []
    lead: tuple[int, ...] | None = None
    for index, group in enumerate(groups):
        lead = lead or group
        end = groups[index + 1][0] if index + 1 < len(groups) else view.table.n_cols
        own = tuple(col for col in amounts if group[-1] < col < end)
        if not own:
            continue
        codes = _read_codes(view, lead, own[0])
        if codes:
            trees.append(CodeTree(codes, _find_parents(codes), own))
        lead = None
    return tuple(trees)


def read_subject_codes(view: TableView) -> tuple[tuple[int, SubjectCode], ...]:
    """Every subject code of the rows with the row, row by row and from left to right.

    Unlike in the trees each of several classifications that stand before the same amounts counts.
    """
    groups = _code_groups(view)
    amounts = view.columns(HeaderRole.AMOUNT)
    found = []
    for index, group in enumerate(groups):
        following = [group_after[0] for group_after in groups[index + 1 : index + 2]]
        limit = min([col for col in amounts if col > group[-1]] + following, default=view.table.n_cols)
        for code in _read_codes(view, group, limit):
            meaning = SubjectCode(code.code, code.level, code.name, _CLASSIFICATIONS[code.code[0]], group)
            found.append((code.row, meaning))
    return tuple(sorted(found, key=lambda entry: (entry[0], entry[1].cols)))


def _code_groups(view: TableView) -> list[tuple[int, ...]]:
    """The code columns, those that split one code in parts taken together."""
    cols = view.columns(HeaderRole.SUBJECT_CODE)
    if not cols:
        names = view.columns(HeaderRole.SUBJECT_NAME, HeaderRole.ITEM)
        return [(col,) for col in names if _mostly_codes(view, col)]
    groups: list[tuple[int, ...]] = []
    for col in cols:
        if groups and groups[-1][-1] == col - 1 and len(groups[-1]) < 3 and _is_later_part(view, col, groups[-1]):
            groups[-1] = (*groups[-1], col)
        else:
            groups.append((col,))
    return groups


def _mostly_codes(view: TableView, col: int) -> bool:
    texts = [text for row in _coded_rows(view) if (text := squash(view.text(row, col)))]
    return len(texts) > 0 and 2 * sum(bool(_CODE_AND_NAME.fullmatch(text)) for text in texts) > len(texts)


def _is_later_part(view: TableView, col: int, before: tuple[int, ...]) -> bool:
    """Whether a code column holds the 款 or 项 part of the code that begins in the columns before it."""
    path = view.table.columns[col].path
    if path and squash(path[-1]).startswith(_LEVEL_WORDS[len(before)]):
        return True
    texts = [text for row in _coded_rows(view) if (text := squash(view.text(row, col)))]
    return bool(texts) and all(_SHORT_PART.fullmatch(text) for text in texts)


def _coded_rows(view: TableView) -> tuple[int, ...]:
    return tuple(row for row in view.data_rows if view.table.row_roles[row] is not RowRole.TOTAL)


def _read_codes(view: TableView, cols: tuple[int, ...], limit: int) -> tuple[RowCode, ...]:
    """The codes of the rows; names come from the first name column between the code and column ``limit``."""
    names = [col for col in view.columns(HeaderRole.SUBJECT_NAME) if cols[-1] < col < limit]
    found = []
    levels: tuple[str, ...] = ()
    for row in _coded_rows(view):
        parts = [squash(view.text(row, col)) for col in cols]
        if len(cols) == 1:
            code, name = _split_name(parts[0])
        else:
            (code, levels), name = join_code_parts(parts, levels), ""
        if not _CODE.fullmatch(code):
            continue
        if not name and names:
            name = view.text(row, names[0])
        found.append(RowCode(row, code, _LEVELS[len(code)], name))
    return tuple(found)


def _split_name(text: str) -> tuple[str, str]:
    match = _CODE_AND_NAME.fullmatch(text)
    return (match.group(1), match.group(2)) if match else ("", "")


def _find_parents(codes: Sequence[RowCode]) -> tuple[int | None, ...]:
    places: dict[str, list[int]] = {}
    for index, code in enumerate(codes):
        places.setdefault(code.code, []).append(index)
    return tuple(_find_parent(index, code.code, places) for index, code in enumerate(codes))


def _find_parent(index: int, code: str, places: dict[str, list[int]]) -> int | None:
    for length in range(len(code) - 2, 2, -2):
        if found := places.get(code[:length]):
            return found[max(bisect_left(found, index) - 1, 0)]
    return None
