"""What the labels of a row say of its amounts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from lanci.document import FormAmount, HeaderRole, RowMeaning, RowRole, SubjectCode, Table
from lanci.interpret import NUMERIC_ROLES, ItemKind, TableView, read_item_lists
from lanci.numbers import looks_numeric
from lanci.text import squash

_NAMES = (
    HeaderRole.SUBJECT_NAME,
    HeaderRole.ITEM,
    HeaderRole.PROJECT_NAME,
    HeaderRole.UNIT_NAME,
    HeaderRole.TEXT,
    HeaderRole.SUBJECT_CODE,
    HeaderRole.PROJECT_CODE,
    HeaderRole.UNIT_CODE,
)
"""Where a row's name stands, best first; a 合计 may stand in a column of codes."""

_OPENING = frozenset(_NAMES) - {HeaderRole.TEXT}
"""What opens a new list when it follows an amount; texts after amounts are remarks."""

_RANK = {role: rank for rank, role in enumerate((*_NAMES, HeaderRole.ROW_NUMBER))}

_OF_ALL_LISTS = frozenset(
    {HeaderRole.UNIT_CODE, HeaderRole.UNIT_NAME, HeaderRole.PROJECT_CODE, HeaderRole.PROJECT_NAME}
)
"""Labels before the first list that go for all lists."""

_PROJECT = re.compile("项目(名称|编码|代码|编号):?")
_YEAR = re.compile(r"((?:19|20)\d\d)年(?:度|[预决]算数?)?")


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What the amounts of a row have in common; ``codes`` from left to right, the first orders the rows.

    ``year`` is that which a label is, ``is_change`` tells that the row is the difference of two others.
    """

    name: str = ""
    within: tuple[str, ...] = ()
    codes: tuple[SubjectCode, ...] = ()
    spending_unit: str = ""
    spending_unit_code: str = ""
    project: str = ""
    project_code: str = ""
    year: int | None = None
    is_change: bool = False


@dataclass(frozen=True, slots=True)
class _Labels:
    """The columns of labels of one list: all from left to right, by what they tell, and best names first."""

    cols: tuple[int, ...]
    names: tuple[int, ...]
    units: tuple[int, ...]
    unit_codes: tuple[int, ...]
    projects: tuple[int, ...]
    project_codes: tuple[int, ...]


class RowReader:
    """Reads rows of one table; what the same list's amounts in a row share is worked out once."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._view = TableView(table)
        self._meanings = {meaning.row: meaning for meaning in table.meanings}
        self._lists = _label_columns(table)
        self._parents = _parents_of_parts(self._view)
        self._known: dict[tuple[int, tuple[int, ...]], RowFacts] = {}

    def facts(self, row: int, col: int) -> RowFacts:
        """What the labels say of the amount in a row and a column of amounts or quantities."""
        labels = self._lists[col]
        facts = self._known.get((row, labels.cols))
        if facts is None:
            facts = self._known[row, labels.cols] = self._read(row, labels)
        return facts

    def _read(self, row: int, labels: _Labels) -> RowFacts:
        meaning = self._meanings.get(row) or RowMeaning(row)
        view = self._view
        texts = {col: text for col in labels.cols if (text := view.text(row, col))}
        carried = {col: view.text(above, col) for above, col in meaning.within if col in labels.cols}
        codes = tuple(code for code in meaning.codes if code.cols[0] in labels.cols)
        own = next((col for col in labels.names if col in texts and not looks_numeric(texts[col])), None)
        name = codes[0].name if codes and codes[0].name else texts.get(-1 if own is None else own, "")
        parent = () if own is None else self._parents.get((row, own), ())
        # A 合计 may stand in the column of units or projects.
        known = carried | texts if self._table.row_roles[row] is RowRole.DETAIL else {}
        return RowFacts(
            name=name or next(iter(carried.values()), ""),
            within=(*(view.text(*place) for place in meaning.within if place[1] in labels.cols), *parent),
            codes=codes,
            spending_unit=_first(known, labels.units),
            spending_unit_code=_first(known, labels.unit_codes),
            project=_first(known, labels.projects),
            project_code=_first(known, labels.project_codes),
            year=_year_of(texts.values()),
            is_change=meaning.difference_of is not None,
        )

    def form_facts(self, amount: FormAmount) -> RowFacts:
        """What a form says of one of its amounts: its label, what stands before that, and the form's project."""
        label = self._view.at(*amount.label)
        before = self._view.at(amount.label[0], amount.label[1] - 1) if amount.label[1] else None
        if label is None:
            return RowFacts()
        within = (before.text,) if before is not None and before.text and before.col < label.col else ()
        return RowFacts(name=label.text, within=within, project=self._project[0], project_code=self._project[1])

    @cached_property
    def _project(self) -> tuple[str, str]:
        """Name and code of the project that a form is about, "" where it tells none."""
        found = ["", ""]
        for row, role in enumerate(self._table.row_roles):
            for label, cell in pairwise(self._view.row_cells(row) if role is RowRole.SECTION else ()):
                match = _PROJECT.fullmatch(squash(label.text)) if cell.text else None
                if match is not None:
                    found[match.group(1) != "名称"] = cell.text
        return found[0], found[1]


def _first(texts: dict[int, str], cols: tuple[int, ...]) -> str:
    return next((texts[col] for col in cols if col in texts), "")


def _label_columns(table: Table) -> dict[int, _Labels]:
    """For each column of amounts the labels of its list: two lists may stand side by side."""
    lists: dict[int, tuple[int, ...]] = {}
    labels: list[int] = []
    shared: list[int] = []
    after_amount = False
    for column in table.columns:
        if column.role in NUMERIC_ROLES:
            lists[column.index] = tuple(labels)
            after_amount = True
        elif column.role in _RANK:
            if after_amount and column.role in _OPENING:
                shared = shared or [col for col in labels if table.columns[col].role in _OF_ALL_LISTS]
                labels, after_amount = [*shared], False
            labels.append(column.index)
    first = next((cols for cols in lists.values() if cols), tuple(labels))
    made = {cols: _sort_labels(table, cols) for cols in {first, *lists.values()}}
    return {col: made[cols or first] for col, cols in lists.items()}


def _sort_labels(table: Table, cols: tuple[int, ...]) -> _Labels:
    roles = {col: table.columns[col].role for col in cols}
    return _Labels(
        cols,
        names=tuple(sorted(cols, key=lambda col: _RANK[roles[col]])),
        units=tuple(col for col in cols if roles[col] is HeaderRole.UNIT_NAME),
        unit_codes=tuple(col for col in cols if roles[col] is HeaderRole.UNIT_CODE),
        projects=tuple(col for col in cols if roles[col] is HeaderRole.PROJECT_NAME),
        project_codes=tuple(col for col in cols if roles[col] is HeaderRole.PROJECT_CODE),
    )


def _parents_of_parts(view: TableView) -> dict[tuple[int, int], tuple[str]]:
    """For the 其中 lines of lists of items, by row and label column, the name of the item that they are part of.

    Rows with codes tell by these what they are part of.
    """
    parents: dict[tuple[int, int], tuple[str]] = {}
    for items in () if view.columns(HeaderRole.SUBJECT_CODE) else read_item_lists(view):
        above = ""
        for item in items.items:
            if item.kind is not ItemKind.PART:
                above = item.name
            elif above:
                parents[item.row, items.label_col] = (above,)
    return parents


def _year_of(texts: Iterable[str]) -> int | None:
    """The year that one of the labels is (``2025年``)."""
    for text in texts:
        if "年" in text and (match := _YEAR.fullmatch(squash(text))):
            return int(match.group(1))
    return None
