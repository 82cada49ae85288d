"""Lists of named items: the two halves of a 收支总表, the lines of a “三公” table, plain lists with a total.

Items have no codes; their order comes from ordinals (一、 above （一） and 1.) and from 其中.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from lanci.document import HeaderRole, RowRole
from lanci.interpret.view import TableView
from lanci.text import squash

_ORDINAL = re.compile(r"^[一二三四五六七八九十]+[、.,，．]")
_SUB_ORDINAL = re.compile(r"[（(][一二三四五六七八九十\d]+[）)]|\d+[、.．](?!\d)")
_INCLUDING = re.compile(r"其中")
_GRAND = re.compile(r"总计$")
_TOTAL = re.compile(r"(?:合计|小计|总额)$")
_HINT = re.compile(r"[计总]")
"""Without any sign of a total in its name, a line is none, whatever its row looks like."""


class ItemKind(StrEnum):
    """What a line of a list is: a top-level item, a part of the item above, a total, the grand total."""

    ITEM = "item"
    PLAIN = "plain"
    PART = "part"
    TOTAL = "total"
    GRAND = "grand"


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list: ``ITEM`` has a Chinese ordinal, ``PLAIN`` none; ``name`` is the label without it."""

    row: int
    label: str
    name: str
    kind: ItemKind

    @property
    def is_total(self) -> bool:
        """Whether it is a total, or the grand total."""
        return self.kind in (ItemKind.TOTAL, ItemKind.GRAND)


@dataclass(frozen=True, slots=True)
class ItemList:
    """A label column with the amount columns that belong to it; ``side`` is "income", "expenditure" or ""."""

    label_col: int
    amount_cols: tuple[int, ...]
    side: str
    items: tuple[Item, ...]

    def index_of(self, item: Item) -> int:
        """Where one of the items stands in ``items``, which are in row order."""
        return bisect_left(self.items, item.row, key=lambda other: other.row)

    def parts_of(self, index: int) -> tuple[Item, ...]:
        """The PART lines that directly follow the item at ``index``."""
        parts = []
        for item in self.items[index + 1 :]:
            if item.kind is not ItemKind.PART:
                break
            parts.append(item)
        return tuple(parts)


def read_item_lists(view: TableView) -> tuple[ItemList, ...]:
    """The lists of a table, left to right; a label column with no amounts before the next one is no list."""
    labels = view.columns(HeaderRole.ITEM, HeaderRole.SUBJECT_NAME, HeaderRole.PROJECT_NAME)
    amounts = view.columns(HeaderRole.AMOUNT)
    lists = []
    for index, col in enumerate(labels):
        end = labels[index + 1] if index + 1 < len(labels) else view.table.n_cols
        own = tuple(amount for amount in amounts if col < amount < end)
        if own:
            items = _read_items(view, col)
            lists.append(ItemList(col, own, _side(view, col, items), items))
    return tuple(lists)


def _side(view: TableView, col: int, items: Sequence[Item]) -> str:
    totals = [squash(item.label) for item in items if item.is_total]
    texts = [*(squash(text) for text in view.table.columns[col].path), *totals]
    income = sum("收入" in text for text in texts)
    expenditure = sum("支出" in text for text in texts)
    if income == expenditure:
        return ""
    return "income" if income > expenditure else "expenditure"


def _read_items(view: TableView, col: int) -> tuple[Item, ...]:
    items: list[Item] = []
    inside = False
    for row in view.data_rows:
        cell = view.at(row, col)
        plain = squash(cell.text) if cell is not None and cell.row == row else ""
        if not plain or cell is None:
            continue
        kind = _kind(plain, view.table.row_roles[row])
        if kind is ItemKind.PLAIN and inside:
            kind = ItemKind.PART  # the lines under 其中 go on until the next ordinal or total
        inside = kind is ItemKind.PART and (inside or bool(_INCLUDING.match(plain)))
        items.append(Item(row, cell.text, _ORDINAL.sub("", plain, count=1), kind))
    return tuple(items)


def _kind(plain: str, role: RowRole) -> ItemKind:
    if _ORDINAL.match(plain):
        return ItemKind.ITEM
    if _INCLUDING.match(plain) or _SUB_ORDINAL.match(plain):
        return ItemKind.PART
    if _GRAND.search(plain):
        return ItemKind.GRAND
    if _TOTAL.search(plain) or (role in (RowRole.TOTAL, RowRole.SUBTOTAL) and _HINT.search(plain)):
        return ItemKind.TOTAL
    return ItemKind.PLAIN
