"""PDF pages: geometry, rendering, passwords, damage."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pymupdf
import pytest

from lanci.document import SourceInfo
from lanci.errors import DamagedError, EncryptedError, LimitError
from lanci.source import SourceOptions, open_source


def make_pdf(n_pages: int = 3) -> pymupdf.Document:
    document = pymupdf.open()
    for number in range(n_pages):
        document.new_page(width=300, height=400).insert_text((20, 40), f"page {number + 1}")
    return document


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_pages_info_and_rotation(tmp_path: Path) -> None:
    document = make_pdf()
    document[1].set_rotation(270)
    path = write(tmp_path / "临西县 2021'年.pdf", document.tobytes())
    with open_source(path) as source:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        assert source.info() == SourceInfo("临西县 2021'年.pdf", digest, "application/pdf", 3)
        assert source.remarks == ()
        page = source.page(2)
        assert (page.number, page.width, page.height, page.rotation) == (2, 400, 300, 270)
        assert "page 2" in page.pdf.get_text()
        with pytest.raises(IndexError):
            source.page(4)
        with pytest.raises(IndexError):
            source.page(0)
    assert source._document.is_closed


def test_render_shape_content_and_bound(tmp_path: Path) -> None:
    document = pymupdf.open()
    document.new_page(width=300, height=400).draw_rect((0, 0, 150, 400), fill=(1, 0, 0), color=None)
    path = write(tmp_path / "a.pdf", document.tobytes())
    with open_source(path) as source:
        image, dpi = source.page(1).render(144)
        assert (image.shape, image.dtype, dpi) == ((800, 600, 3), np.uint8, 144)
        assert image[400, 100].tolist() == [255, 0, 0]
        assert image[400, 500].tolist() == [255, 255, 255]
        assert source.page(1).render(144, grey=True)[0].shape == (800, 600)
    with open_source(path, SourceOptions(max_pixels=30_000)) as source:
        page = source.page(1)
        assert page.remarks == ()
        image, dpi = page.render(144)
        assert 29_000 <= image.shape[0] * image.shape[1] <= 30_000
        assert dpi == pytest.approx(36, rel=0.02)
        assert image.shape[0] == pytest.approx(400 * dpi / 72, abs=1)
        assert "--max-pixels" in page.remarks[0]


def test_passwords(tmp_path: Path) -> None:
    aes = pymupdf.PDF_ENCRYPT_AES_256
    closed = write(tmp_path / "密.pdf", make_pdf().tobytes(encryption=aes, user_pw="u", owner_pw="o"))
    with pytest.raises(EncryptedError, match="--password"):
        open_source(closed)
    with pytest.raises(EncryptedError, match=r"wrong.*--password"):
        open_source(closed, SourceOptions(password="x"))
    with open_source(closed, SourceOptions(password="u")) as source:
        assert "page 3" in source.page(3).pdf.get_text()
    no_copy = write(tmp_path / "限.pdf", make_pdf().tobytes(encryption=aes, owner_pw="o", permissions=0))
    with open_source(no_copy) as source:
        assert "page 1" in source.page(1).pdf.get_text()


def test_truncated_is_repaired_with_a_remark_or_refused(tmp_path: Path) -> None:
    data = make_pdf().tobytes()
    with open_source(write(tmp_path / "断.pdf", data[: len(data) * 3 // 4])) as source:
        assert source.n_pages == 3
        assert "repaired" in source.remarks[0]
    for name, junk in (
        ("头.pdf", data[:60]),
        ("壳.pdf", b"%PDF-1.7\n%%EOF\n"),
        ("字.pdf", b"%PDF-1.4\n<html>x</html>"),
    ):
        with pytest.raises(DamagedError, match=name):
            open_source(write(tmp_path / name, junk))


def test_mupdf_is_silent(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data = make_pdf().tobytes()
    with open_source(write(tmp_path / "a.pdf", data[: len(data) * 3 // 4])) as source:
        source.page(1).render(72)
    assert capfd.readouterr() == ("", "")


def test_page_and_file_limits(tmp_path: Path) -> None:
    path = write(tmp_path / "a.pdf", make_pdf(5).tobytes())
    with pytest.raises(LimitError, match=r"5 pages.*4.*--max-pages"):
        open_source(path, SourceOptions(max_pages=4))
    with pytest.raises(LimitError, match="--max-file-bytes"):
        open_source(path, SourceOptions(max_file_bytes=100))
    with (
        open_source(path, SourceOptions(max_page_points=399)) as source,
        pytest.raises(LimitError, match=r"300 x 400.*--max-page-points") as caught,
    ):
        source.page(2)
    assert caught.value.page == 2
