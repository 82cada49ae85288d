"""Texts as a workbook can hold them, and names for its sheets.

Cells that are made from texts are always of the type string and of the format Text (``@``), so that nothing that is
printed becomes a formula, a date or a rounded number, neither on opening nor when a person edits the cell. What is
left to do here is what the file format itself cannot hold.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MAX_TEXT_UNITS = 32_767
"""Most UTF-16 units of one cell."""

MAX_NAME_UNITS = 31
"""Most UTF-16 units of a sheet's name."""

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 has no place for."""

_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class SheetText:
    """A text for one cell, and what was changed of the printed one: sentences, mostly none."""

    text: str
    notes: tuple[str, ...] = ()


def text_to_sheet_text(text: str) -> SheetText:
    """The text without what a workbook cannot hold.

    ``_x0041_`` would be shown as the character of that number; its first underscore is escaped as the format demands.
    """
    notes: list[str] = []
    kept, n_illegal = _ILLEGAL.subn("", text)
    if n_illegal:
        notes.append(f"{n_illegal} control characters that a workbook cannot hold are left out")
    escaped = _LOOKS_ESCAPED.sub("_x005F_", kept)
    short = _cut_units(escaped, MAX_TEXT_UNITS)
    if len(short) < len(escaped):
        notes.append(f"cut: the text has {len(kept)} characters, more than a cell can hold; document.json has them all")
    return SheetText(short, tuple(notes))


def assign_sheet_names(wanted: Sequence[str]) -> list[str]:
    """Names for the sheets of a workbook, in order: legal, and no two alike in any spelling of their letters."""
    taken: set[str] = set()
    names: list[str] = []
    for text in wanted:
        legal = " ".join(_ILLEGAL.sub("", _FORBIDDEN_IN_NAMES.sub(" ", text)).split()).strip("'")
        base = legal or "Sheet"
        name, serial = _cut_units(base, MAX_NAME_UNITS), 1
        # Excel keeps the name History for itself.
        while name.casefold() in taken or name.casefold() == "history":
            serial += 1
            suffix = f" ({serial})"
            name = _cut_units(base, MAX_NAME_UNITS - len(suffix)) + suffix
        taken.add(name.casefold())
        names.append(name)
    return names


def _cut_units(text: str, most: int) -> str:
    """The beginning of a text that takes at most so many UTF-16 units, without spaces or quotes that the cut bares."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * most:
        return text
    return units[: 2 * most].decode("utf-16-le", "ignore").rstrip(" '")
