"""Office files, converted for real by LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

import lanci.source.office as office
from lanci.errors import ConversionError, MissingProgramError
from lanci.source import SourceOptions, open_source
from lanci.source.sniff import MediaType

SOFFICE = office.find_soffice()
needs_soffice = pytest.mark.skipif(
    SOFFICE is None, reason="needs LibreOffice: apt-get install libreoffice-writer libreoffice-calc"
)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def make_docx(path: Path) -> Path:
    cells = "".join(f"<w:tc><w:p><w:r><w:t>{t}</w:t></w:r></w:p></w:tc>" for t in ("2013101", "行政运行", "1234.50"))
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body><w:tbl><w:tr>{cells}</w:tr></w:tbl>'
        "<w:p/></w:body></w:document>",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


def make_xlsx(path: Path) -> Path:
    book = openpyxl.Workbook()
    for row in (["科目编码", "科目名称", "预算数"], ["2013101", "行政运行", "1234.50"]):
        book.worksheets[0].append(row)
    book.save(path)
    return path


def to_old_format(path: Path, suffix: str) -> Path:
    assert SOFFICE is not None
    profile = (path.parent / "profile").as_uri()
    command = [SOFFICE, f"-env:UserInstallation={profile}", "--headless", "--convert-to", suffix, str(path)]
    subprocess.run(command, cwd=path.parent, check=True, capture_output=True, timeout=120)
    return path.with_suffix(f".{suffix}")


@needs_soffice
@pytest.mark.parametrize("kind", ["docx", "doc", "xlsx", "xls"])
def test_converts(tmp_path: Path, kind: str) -> None:
    made = tmp_path / f"input.{kind[:3]}x"
    (make_docx if kind.startswith("doc") else make_xlsx)(made)
    if not kind.endswith("x"):
        made = to_old_format(made, kind)
    # The suffix lies and the name is hostile to shells: neither may matter.
    path = tmp_path / "平乡县 '$(touch x)' 2023.pdf"
    shutil.copy(made, path)
    with open_source(path) as source:
        assert source.media_type == MediaType[kind.upper()]
        assert source.name == path.name
        text = source.page(1).pdf.get_text()
        assert bool(source.remarks) == kind.startswith("xls")
    for expected in ("2013101", "行政运行", "1234.50"):
        assert expected in text


@needs_soffice
def test_damaged_office_file_is_a_typed_error_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    path = tmp_path / "坏.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "no document")
    with pytest.raises(ConversionError, match=r"坏\.docx"):
        open_source(path)
    assert list(temporary.iterdir()) == []


def test_missing_program_names_the_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "_PROGRAMS", ("no-such-office",))
    with pytest.raises(MissingProgramError, match=r"libreoffice-writer.*libreoffice-calc"):
        open_source(make_docx(tmp_path / "a.docx"))


def test_timeout_kills_the_whole_process_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for a hanging LibreOffice: a wrapper whose child would write a file if it lived on."""
    hanging = tmp_path / "soffice"
    witness = tmp_path / "witness"
    hanging.write_text(f"#!/bin/sh\n(sleep 2; touch '{witness}') &\nwait\n")
    hanging.chmod(0o755)
    monkeypatch.setattr(office, "_PROGRAMS", (str(hanging),))
    started = time.monotonic()
    with pytest.raises(ConversionError, match=r"within 0\.5 seconds.*--office-timeout"):
        open_source(make_xlsx(tmp_path / "a.xlsx"), SourceOptions(office_timeout_s=0.5))
    assert time.monotonic() - started < 2
    time.sleep(2.5)
    assert not witness.exists()
