"""ZIP packages: which office format they hold, and whether they would explode."""

from __future__ import annotations

import io
import zipfile
import zlib
from enum import Enum, auto

from lanci.errors import DamagedError, LimitError
from lanci.source.options import SourceOptions, limit_error

ZIP_MAGIC = b"PK"
_MAX_PARTS = 10_000
_MAX_RATIO = 400
"""Deflate reaches about 1030; the XML of real workbooks stays under 100."""
_RATIO_FROM_BYTES = 16 * 1024 * 1024
"""Small parts may shrink as much as they like."""
_CHUNK = 1 << 20


class PackageContent(Enum):
    """What a ZIP file holds."""

    WORD = auto()
    EXCEL = auto()
    POWERPOINT = auto()
    OPEN_DOCUMENT = auto()
    OFD = auto()
    ARCHIVE = auto()
    DAMAGED = auto()


def identify_package(data: bytes) -> PackageContent:
    """What the ZIP file is, by the names of its parts."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError):
        return PackageContent.DAMAGED
    if "[Content_Types].xml" in names:
        for folder, content in (
            ("word/", PackageContent.WORD),
            ("xl/", PackageContent.EXCEL),
            ("ppt/", PackageContent.POWERPOINT),
        ):
            if any(name.startswith(folder) for name in names):
                return content
    if "OFD.xml" in names:
        return PackageContent.OFD
    if "mimetype" in names and "content.xml" in names:
        return PackageContent.OPEN_DOCUMENT
    return PackageContent.ARCHIVE


def check_package(data: bytes, name: str, options: SourceOptions) -> None:
    """Decode every part of an office file against the limits, without keeping anything.

    The declared sizes are not believed: parts are decoded in pieces and counted.

    Raises:
        LimitError: too many parts, or they decode to too much.
        DamagedError: a part cannot be decoded.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if len(infos) > _MAX_PARTS:
                raise LimitError(f"{name} has {len(infos)} parts, no real office file has more than {_MAX_PARTS}")
            total = 0
            for info in infos:
                total += _part_size(archive, info, name, options, total)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise DamagedError(f"{name} is a damaged office file ({error}); fetch it again") from error


def _part_size(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, options: SourceOptions, before: int) -> int:
    """Bytes that the part decodes to; raises LimitError as soon as it is too much."""
    size = 0
    with archive.open(info) as part:
        while chunk := part.read(_CHUNK):
            size += len(chunk)
            if before + size > options.max_stream_bytes:
                what = f"{name} decodes to more than {options.max_stream_bytes} bytes"
                raise limit_error(what, "--max-stream-bytes", options.max_stream_bytes)
            if size > _RATIO_FROM_BYTES and size > _MAX_RATIO * max(info.compress_size, 1):
                raise LimitError(
                    f"{name} is a decompression bomb: its part {info.filename!r} grows more than "
                    f"{_MAX_RATIO} times; "
                    "if it is a real office file, save it again in an office program"
                )
    return size
