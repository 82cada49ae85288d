"""Just enough of OLE2 (compound file binary) to tell what an old office file is.

Layout after Microsoft's [MS-CFB], [MS-DOC] (FIB) and [MS-XLS] (FILEPASS). Read defensively: every offset in
the file may be wrong.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import Enum, auto

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_ENTRY_BYTES = 128
_MAX_DIRECTORY_SECTORS = 4096
_MINI_STREAM_CUTOFF = 4096
_STREAM_ENTRY = 2
_FIB_FLAGS_OFFSET = 10
_FIB_ENCRYPTED = 0x0100
_XLS_FILEPASS = 0x002F


class OleContent(Enum):
    """What a compound file holds."""

    WORD = auto()
    EXCEL = auto()
    PROTECTED = auto()
    OTHER = auto()
    DAMAGED = auto()


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    start: int
    size: int


def identify_ole(data: bytes) -> OleContent:
    """What the compound file with these bytes is, by the names of its streams."""
    try:
        shift = struct.unpack_from("<H", data, 30)[0]
        if shift not in (9, 12):
            return OleContent.DAMAGED
        sector = 1 << shift
        entries = {entry.name: entry for entry in _read_directory(data, sector)}
    except struct.error:
        return OleContent.DAMAGED
    if "EncryptedPackage" in entries:
        return OleContent.PROTECTED
    for name, content, is_encrypted in (
        ("WordDocument", OleContent.WORD, _doc_encrypted),
        ("Workbook", OleContent.EXCEL, _xls_encrypted),
        ("Book", OleContent.EXCEL, _xls_encrypted),
    ):
        if name in entries:
            head = _stream_head(data, entries[name], sector)
            return OleContent.PROTECTED if is_encrypted(head) else content
    return OleContent.OTHER if entries else OleContent.DAMAGED


def _read_directory(data: bytes, sector: int) -> list[_Entry]:
    """All streams of the directory; raises struct.error when the header is cut off."""
    fat_sectors = struct.unpack_from("<109I", data, 76)
    number = struct.unpack_from("<I", data, 48)[0]
    per_sector = sector // 4
    entries: list[_Entry] = []
    for _ in range(_MAX_DIRECTORY_SECTORS):
        offset = (number + 1) * sector
        block = data[offset : offset + sector]
        for at in range(0, len(block) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
            entry = _read_entry(block[at : at + _ENTRY_BYTES])
            if entry is not None:
                entries.append(entry)
        index, place = divmod(number, per_sector)
        if len(block) < sector or index >= len(fat_sectors):
            break
        fat_offset = (fat_sectors[index] + 1) * sector + place * 4
        if fat_offset + 4 > len(data):
            break
        number = struct.unpack_from("<I", data, fat_offset)[0]
    return entries


def _read_entry(raw: bytes) -> _Entry | None:
    length = struct.unpack_from("<H", raw, 64)[0]
    if raw[66] != _STREAM_ENTRY or not 2 <= length <= 64:
        return None
    name = raw[: length - 2].decode("utf-16-le", errors="replace")
    start, size = struct.unpack_from("<II", raw, 116)
    return _Entry(name, start, size)


def _stream_head(data: bytes, entry: _Entry, sector: int) -> bytes:
    """The first sector of a stream; nothing for one that lies in the mini stream (those are tiny)."""
    if entry.size < _MINI_STREAM_CUTOFF:
        return b""
    offset = (entry.start + 1) * sector
    return data[offset : offset + sector]


def _doc_encrypted(head: bytes) -> bool:
    if len(head) < _FIB_FLAGS_OFFSET + 2:
        return False
    return bool(struct.unpack_from("<H", head, _FIB_FLAGS_OFFSET)[0] & _FIB_ENCRYPTED)


def _xls_encrypted(head: bytes) -> bool:
    """Whether a FILEPASS record stands among the first records, where it must be."""
    at = 0
    while at + 4 <= len(head):
        kind, length = struct.unpack_from("<HH", head, at)
        if kind == _XLS_FILEPASS:
            return True
        at += 4 + length
    return False
