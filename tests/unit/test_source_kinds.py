"""What a file is comes from its bytes; whatever is not an input is named for what it really is."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pymupdf
import pytest

from lanci.errors import EncryptedError, UnsupportedInputError
from lanci.source import SourceOptions, open_source
from lanci.source.sniff import MediaType, Protected, identify


def zip_of(**parts: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def ole_with(name: str, stream: bytes = b"\0" * 4096) -> bytes:
    """A compound file of 512-byte sectors: FAT, directory, then one stream."""
    n_sectors = -(-len(stream) // 512)
    fat = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + n_sectors), 0xFFFFFFFE]
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<H", header, 30, 9)
    struct.pack_into("<I", header, 48, 1)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    entry = bytearray(128)
    encoded = (name + "\0").encode("utf-16-le")
    entry[: len(encoded)] = encoded
    struct.pack_into("<HB", entry, 64, len(encoded), 2)
    struct.pack_into("<II", entry, 116, 2, len(stream))
    fat_sector = struct.pack(f"<{len(fat)}I", *fat).ljust(512, b"\xff")
    return bytes(header) + fat_sector + bytes(entry).ljust(512, b"\0") + stream.ljust(n_sectors * 512, b"\0")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"%PDF-1.7\n", MediaType.PDF),
        (b"\r\n" * 300 + b"%PDF-1.4\n", MediaType.PDF),
        (b"\x89PNG\r\n\x1a\n....", MediaType.PNG),
        (b"\xff\xd8\xff\xe0....", MediaType.JPEG),
        (b"II*\0....", MediaType.TIFF),
        (b"MM\0*....", MediaType.TIFF),
        (zip_of(**{"[Content_Types].xml": "", "word/document.xml": ""}), MediaType.DOCX),
        (zip_of(**{"[Content_Types].xml": "", "xl/workbook.xml": ""}), MediaType.XLSX),
        (ole_with("WordDocument"), MediaType.DOC),
        (ole_with("Workbook"), MediaType.XLS),
        (ole_with("Book"), MediaType.XLS),
        (ole_with("EncryptedPackage"), Protected("an office file that is protected by a password")),
    ],
)
def test_kind_by_content(data: bytes, expected: object) -> None:
    assert identify(data) == expected


def test_password_flags_of_old_office_files() -> None:
    doc = struct.pack("<5xxxxxxH", 0x0100).rjust(12, b"\0").ljust(4096, b"\0")
    xls = struct.pack("<HHIHH", 0x0809, 4, 0, 0x002F, 6).ljust(4096, b"\0")
    assert isinstance(identify(ole_with("WordDocument", doc)), Protected)
    assert isinstance(identify(ole_with("Workbook", xls)), Protected)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", ["empty file"]),
        (b"\0" * 5000, ["zero bytes"]),
        (b" \n\n ", ["blanks"]),
        (
            "<!DOCTYPE html>\n<html><head><title>2022年部门预算 &amp; 公开</title>".encode("gb18030"),
            ["HTML page", "“2022年部门预算 & 公开”", "browser", "save the real document"],
        ),
        (b"<!-- x --><html><body>%PD</body></html>", ["HTML page", "without a title"]),
        ("关于批复2021年部门预算的通知".encode(), ["plain text", "关于批复"]),
        ("\ufeff收入总表".encode("utf-16"), ["plain text", "收入总表"]),
        (b"<?xml version='1.0'?><a/>", ["XML"]),
        (zip_of(**{"OFD.xml": ""}), ["OFD", "save it as PDF"]),
        (zip_of(**{"预算.pdf": ""}), ["ZIP archive", "unpack"]),
        (zip_of(**{"[Content_Types].xml": "", "ppt/presentation.xml": ""}), ["PowerPoint"]),
        (b"PK\x03\x04 torn", ["damaged ZIP"]),
        (ole_with("PowerPoint Document"), ["neither a Word nor an Excel"]),
        (ole_with("Workbook")[:300], ["damaged OLE2"]),
        (b"GIF89a....", ["GIF", "PNG"]),
        (b"\x01\x02\x03\xfe\xff\x00", ["unknown kind"]),
    ],
)
def test_other_files_are_named(tmp_path: Path, data: bytes, words: list[str]) -> None:
    path = tmp_path / "预算 公开'$HOME.pdf"
    path.write_bytes(data)
    with pytest.raises(UnsupportedInputError) as caught:
        open_source(path)
    for word in [path.name, *words]:
        assert word in str(caught.value)


def test_folder_missing_file_and_suffix(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedInputError, match="folder"):
        open_source(tmp_path)
    with pytest.raises(UnsupportedInputError, match="no such file"):
        open_source(tmp_path / "无.pdf")
    document = pymupdf.open()
    document.new_page()
    path = tmp_path / "really a pdf.html"
    path.write_bytes(b"HTTP noise\r\n" + document.tobytes())
    with open_source(path) as source:
        assert (source.media_type, source.n_pages) == ("application/pdf", 1)


def test_protected_office_file(tmp_path: Path) -> None:
    path = tmp_path / "加密.xlsx"
    path.write_bytes(ole_with("EncryptedPackage"))
    with pytest.raises(EncryptedError, match="save it without"):
        open_source(path, SourceOptions(password="x"))
