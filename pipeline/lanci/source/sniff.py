"""What a file is, told from its bytes alone."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from enum import StrEnum

from lanci.source.ole import OLE_MAGIC, OleContent, identify_ole
from lanci.source.package import ZIP_MAGIC, PackageContent, identify_package

SNIFF_BYTES = 1024
"""A PDF may have this much before its header, as other readers allow too."""


class MediaType(StrEnum):
    """The kinds of input that lanci reads, by their MIME type."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    TIFF = "image/tiff"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    DOC = "application/msword"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    XLS = "application/vnd.ms-excel"


PICTURES = frozenset({MediaType.PNG, MediaType.JPEG, MediaType.TIFF})


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A file that lanci does not read: what it is and what the user can do about it."""

    what: str
    advice: str


@dataclass(frozen=True, slots=True)
class Protected:
    """An office file that needs a password."""

    what: str


_READABLE = "lanci reads PDF, PNG, JPEG, TIFF, DOCX, DOC, XLSX and XLS files"
_SAVE_PDF = "open it in its own program and save it as PDF"

_MAGICS: tuple[tuple[bytes, MediaType | Unsupported], ...] = (
    (b"\x89PNG\r\n\x1a\n", MediaType.PNG),
    (b"\xff\xd8\xff", MediaType.JPEG),
    (b"II*\x00", MediaType.TIFF),
    (b"MM\x00*", MediaType.TIFF),
    (b"II+\x00", Unsupported("a BigTIFF picture", "save it as an ordinary TIFF or as PDF")),
    (b"MM\x00+", Unsupported("a BigTIFF picture", "save it as an ordinary TIFF or as PDF")),
    (b"GIF8", Unsupported("a GIF picture", "save it as PNG")),
    (b"BM", Unsupported("a BMP picture", "save it as PNG")),
    (b"RIFF", Unsupported("a WebP picture or another RIFF file", "save it as PNG")),
    (b"{\\rtf", Unsupported("an RTF text", "open it in a word processor and save it as DOCX or PDF")),
    (b"Rar!", Unsupported("a RAR archive", "unpack it and give the files in it")),
    (b"7z\xbc\xaf\x27\x1c", Unsupported("a 7-Zip archive", "unpack it and give the files in it")),
    (b"\x1f\x8b", Unsupported("a gzip archive", "unpack it and give the files in it")),
    (b"%!PS", Unsupported("a PostScript file", "convert it with ps2pdf")),
    (b"AT&TFORM", Unsupported("a DjVu document", "convert it to PDF")),
)

_PACKAGES: dict[PackageContent, MediaType | Unsupported] = {
    PackageContent.WORD: MediaType.DOCX,
    PackageContent.EXCEL: MediaType.XLSX,
    PackageContent.POWERPOINT: Unsupported("a PowerPoint presentation", _SAVE_PDF),
    PackageContent.OPEN_DOCUMENT: Unsupported("an OpenDocument file", _SAVE_PDF),
    PackageContent.OFD: Unsupported("an OFD document", "open it in an OFD reader and save it as PDF"),
    PackageContent.ARCHIVE: Unsupported("a ZIP archive", "unpack it and give the files in it"),
    PackageContent.DAMAGED: Unsupported("a damaged ZIP archive or office file", "fetch the file again"),
}

_OLES: dict[OleContent, MediaType | Unsupported | Protected] = {
    OleContent.WORD: MediaType.DOC,
    OleContent.EXCEL: MediaType.XLS,
    OleContent.PROTECTED: Protected("an office file that is protected by a password"),
    OleContent.OTHER: Unsupported("an OLE2 file that is neither a Word nor an Excel document", _SAVE_PDF),
    OleContent.DAMAGED: Unsupported("a damaged OLE2 (old Office) file", "fetch the file again"),
}


def identify(data: bytes) -> MediaType | Unsupported | Protected:
    """The kind of the file with these bytes."""
    if b"%PDF-" in data[:SNIFF_BYTES]:
        return MediaType.PDF
    if data.startswith(ZIP_MAGIC):
        return _PACKAGES[identify_package(data)]
    if data.startswith(OLE_MAGIC):
        return _OLES[identify_ole(data)]
    for magic, kind in _MAGICS:
        if data.startswith(magic):
            return kind
    return _identify_nothing(data) or _identify_text(data) or Unsupported("of an unknown kind", _READABLE)


def _identify_nothing(data: bytes) -> Unsupported | None:
    if not data:
        return Unsupported("an empty file (0 bytes)", "fetch the file again")
    if not data[: 64 * SNIFF_BYTES].strip(b"\x00"):
        return Unsupported("a file of zero bytes only", "fetch the file again, the download broke off")
    return None


def _identify_text(data: bytes) -> Unsupported | None:
    text = _decode(data[: 256 * SNIFF_BYTES])
    if text is None:
        return None
    head = text.lstrip("\ufeff \t\r\n")[:4096].lower()
    if (
        re.match(
            r"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|script)\b",
            head,
            re.S,
        )
        or "<html" in head
    ):
        return Unsupported(
            f"an HTML page ({_title(text)}), not a PDF or office file",
            "open the address in a browser and save the real document",
        )
    if head.startswith("mime-version:"):
        return Unsupported("a saved web page (MHTML)", "open it in a browser and print it to PDF")
    if head.startswith("<"):
        return Unsupported("an XML file", _READABLE)
    if not head:
        return Unsupported("a file of blanks only", "fetch the file again")
    line = " ".join(head.split())[:40]
    return Unsupported(f"plain text (“{line}…”), not a PDF", _READABLE)


def _title(text: str) -> str:
    match = re.search(r"<title[^>]*>(.*?)</title>", text, re.I | re.S)
    title = " ".join(html.unescape(match.group(1)).split()) if match else ""
    return f"title “{title[:80]}”" if title else "without a title"


def _decode(data: bytes) -> str | None:
    """The text in these bytes, or None when they are no text; a character cut at the end does not matter."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", data):
        return None
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):
            try:
                return data[: len(data) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
    return None
