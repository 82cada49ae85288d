"""Files made to exhaust memory are refused before they are decoded, and the message says what allows them."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest

from lanci.errors import LimitError
from lanci.source import SourceOptions, open_source
from lanci.source.bombs import decode

MIB = 1 << 20


def deflated_blanks(size: int) -> bytes:
    encoder = zlib.compressobj(9)
    chunk = b" " * MIB
    return b"".join(encoder.compress(chunk) for _ in range(size // MIB)) + encoder.flush()


def pdf_with(*objects: bytes, head: bytes = b"") -> bytes:
    """A PDF of one page from object 3 on; without a cross-reference table, which MuPDF makes anew."""
    parts = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", *objects]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, part) for number, part in enumerate(parts, 1))
    return b"%PDF-1.7\n" + head + body + b"trailer << /Root 1 0 R >>\n%%EOF\n"


def stream(entries: bytes, data: bytes) -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R "


def content_bomb() -> bytes:
    return pdf_with(PAGE + b">>", stream(b"/Filter /FlateDecode", deflated_blanks(600 * MIB)))


def double_bomb() -> bytes:
    twice = zlib.compress(deflated_blanks(900 * MIB), 9)
    return pdf_with(PAGE + b">>", stream(b"/Filter [/FlateDecode /FlateDecode]", twice))


def image_bomb(bits: int) -> bytes:
    image = (
        b"/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /ColorSpace /DeviceGray "
        b"/BitsPerComponent %d /Filter /FlateDecode" % bits
    )
    return pdf_with(
        PAGE + b"/Resources << /XObject << /I 5 0 R >> >> >>",
        stream(b"", b"q 300 0 0 300 0 0 cm /I Do Q"),
        stream(image, deflated_blanks(60 * MIB)),
    )


def inline_image_bomb() -> bytes:
    content = b"q BI /W 60000 /H 60000 /BPC 8 /CS /G /F /Fl ID " + deflated_blanks(MIB) + b" EI Q"
    return pdf_with(PAGE + b">>", stream(b"", content))


def object_stream_bomb() -> bytes:
    entries = b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"
    return pdf_with(PAGE + b">>", stream(b"", b""), stream(entries, deflated_blanks(600 * MIB)))


def nested_form_bomb() -> bytes:
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] "
    return pdf_with(
        PAGE + b"/Resources << /XObject << /F 5 0 R >> >> >>",
        stream(b"", b"/F Do"),
        stream(form + b"/Resources << /XObject << /G 6 0 R >> >>", b"/G Do"),
        stream(form + b"/Filter /FlateDecode", deflated_blanks(600 * MIB)),
    )


def workbook_bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/workbook.xml", "w") as part:
            for _ in range(600):
                part.write(b" " * MIB)
    return buffer.getvalue()


BOMBS = {
    make.__name__: make
    for make in (
        content_bomb,
        double_bomb,
        inline_image_bomb,
        object_stream_bomb,
        nested_form_bomb,
        workbook_bomb,
    )
}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc (Linux)")
@pytest.mark.parametrize("make", BOMBS.values(), ids=BOMBS)
def test_bombs_are_refused_in_little_memory(tmp_path: Path, make: Callable[[], bytes]) -> None:
    path = tmp_path / "炸弹 '$x.pdf"
    path.write_bytes(make())
    program = (
        "import sys; from pathlib import Path; from lanci.source import open_source; "
        "from lanci.errors import LimitError\n"
        "try:\n open_source(Path(sys.argv[1])).page(1).render(100)\n"
        "except LimitError as error:\n"
        # VmHWM and not ru_maxrss, which a child takes over from the process that started it
        " print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0], error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    kilobytes, _, message = done.stdout.partition(" ")
    assert int(kilobytes) < 1_200_000
    assert "--max-stream-bytes" in message or "decompression bomb" in message
    assert path.name in message


@pytest.mark.parametrize("bits", [1, 8])
def test_picture_of_60000_by_60000(tmp_path: Path, bits: int) -> None:
    path = tmp_path / "图.pdf"
    path.write_bytes(image_bomb(bits))
    with (
        open_source(path) as source,
        pytest.raises(LimitError, match=r"page 1.*60000 x 60000.*--max-stream-bytes") as caught,
    ):
        source.page(1)
    assert caught.value.page == 1


def test_an_option_raises_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_with(PAGE + b">>", stream(b"/Filter /FlateDecode", deflated_blanks(20 * MIB))))
    with pytest.raises(LimitError, match="--max-stream-bytes"):
        open_source(path, SourceOptions(max_stream_bytes=10 * MIB))
    with open_source(path, SourceOptions(max_stream_bytes=20 * MIB)) as source:
        assert source.page(1).width == 300


def test_huge_page_and_many_pages(tmp_path: Path) -> None:
    document = pymupdf.open()
    document.new_page(width=20_000, height=20_000)
    document.new_page(width=14_400, height=14_400)
    path = tmp_path / "大页.pdf"
    path.write_bytes(document.tobytes())
    with open_source(path) as source:
        with pytest.raises(LimitError, match=r"20000 x 20000.*14400.*--max-page-points"):
            source.page(1)
        image, dpi = source.page(2).render(300, grey=True)
        assert image.size <= 60_000_000
        assert dpi < 40
    kids = b" ".join(b"%d 0 R" % n for n in range(3, 10_003))
    pages = b"<< /Type /Pages /Kids [%s] /Count 10000 >>" % kids
    data = pdf_with(*[PAGE.replace(b"/Contents 4 0 R ", b"") + b">>"] * 10_000)
    path.write_bytes(data.replace(b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", pages))
    with pytest.raises(LimitError, match=r"10000 pages.*2000.*--max-pages"):
        open_source(path)


def test_long_digit_runs_cost_no_time(tmp_path: Path) -> None:
    page = PAGE + b"/Resources << /ColorSpace << /C [/Indexed /DeviceGray 255 <%s>] >> >> >>" % (b"0" * 2 * MIB)
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_with(page, stream(b"", b"")))
    with open_source(path) as source:
        assert source.page(1).number == 1


def test_other_filters_are_counted() -> None:
    runs = b"\x81\x00" * 100_000
    with pytest.raises(LimitError):
        decode(runs, ["RunLengthDecode"], 10 * MIB, "x")
    assert decode(runs, ["RunLengthDecode"], 13 * MIB, "x") is None
    assert decode(b"<~87cURDZ~>", ["ASCII85Decode"], MIB, "x") == b"Hello"
    assert decode(zlib.compress(b"abc").hex().encode() + b">", ["ASCIIHexDecode", "FlateDecode"], MIB, "x") == b"abc"
    with pytest.raises(LimitError, match="twice"):
        decode(b"", ["LZWDecode", "FlateDecode"], MIB, "x")
