"""Documents that do harm: they hang a parser, fill the memory, unpack without end or break off.

All are made here, so that none has to be kept. Each tells how a run may end on it: with one of some categories, or with
a result.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pymupdf

_MIB = 1 << 20
_PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
_FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 600 800] "

RESULT = "done"
"""Stands for a result among the ways to end."""


@dataclass(frozen=True, slots=True)
class Poison:
    """One such document: the name of its file, how it is made, and how a run may end on it."""

    name: str
    make: Callable[[], bytes]
    ends: frozenset[str]


def write_poison(folder: Path) -> dict[str, frozenset[str]]:
    """Write all of them into a folder; returns for each file's name how a run may end on it."""
    folder.mkdir(parents=True)
    for poison in POISON:
        (folder / poison.name).write_bytes(poison.make())
    return {poison.name: poison.ends for poison in POISON}


def _pdf(*objects: bytes) -> bytes:
    """A PDF of one page from object 3 on; without a cross-reference table, which MuPDF makes anew."""
    parts = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", *objects]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, part) for number, part in enumerate(parts, 1))
    return b"%PDF-1.7\n" + body + b"trailer << /Root 1 0 R >>\n%%EOF\n"


def _stream(entries: bytes, data: bytes) -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def _endless() -> bytes:
    """Forms in forms, ten of the next in each: ten thousand million to draw, and nothing in any."""
    depth = 11
    forms = []
    for level in range(depth):
        inner = b"/Resources << /XObject << /F %d 0 R >> >>" % (6 + level) if level < depth - 1 else b""
        forms.append(_stream(_FORM + inner, b"/F Do " * 10 if inner else b"q Q "))
    return _pdf(_PAGE + b"/Resources << /XObject << /F 5 0 R >> >> >>", _stream(b"", b"/F Do"), *forms)


def _greedy() -> bytes:
    """More lines on a page than fit in any memory, in a file of some megabytes."""
    lines = b"".join(b"%d %d m %d %d l S " % (n % 600, n % 797, n * 7 % 600, n * 3 % 800) for n in range(600_000))
    return _pdf(_PAGE + b">>", _stream(b"/Filter /FlateDecode", zlib.compress(lines)))


def _content_bomb() -> bytes:
    return _pdf(_PAGE + b">>", _stream(b"/Filter /FlateDecode", zlib.compress(b" " * (600 * _MIB), 9)))


def _zip_bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w") as part:
            for _ in range(600):
                part.write(b" " * _MIB)
    return buffer.getvalue()


def _deep_tree() -> bytes:
    """A page under fifty thousand folders of pages."""
    depth = 50_000
    nodes = [
        b"<< /Type /Pages /Kids [%d 0 R] /Count 1 /Parent %d 0 R >>" % (number + 1, number - 1)
        for number in range(3, 3 + depth)
    ]
    return _pdf(*nodes, b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 600 800] >>" % (2 + depth))


def _huge_page() -> bytes:
    return _pdf(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9000000 9000000] >>")


def _encrypted() -> bytes:
    with pymupdf.open() as made:
        made.new_page()
        content: bytes = made.tobytes(encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="secret", owner_pw="secret")
    return content


def _truncated() -> bytes:
    with pymupdf.open() as made:
        made.new_page().insert_text((72, 72), "budget " * 10)
        content: bytes = made.tobytes()
    return content[:300]


def _looped() -> bytes:
    """A folder of pages that is in itself."""
    return _pdf(b"<< /Type /Pages /Kids [2 0 R] /Count 1 /Parent 2 0 R >>")


POISON = (
    Poison("无尽.pdf", _endless, frozenset({"timeout", "memory"})),
    Poison("占内存.pdf", _greedy, frozenset({"memory", "timeout"})),
    Poison("内容炸弹.pdf", _content_bomb, frozenset({"limit"})),
    Poison("压缩炸弹.docx", _zip_bomb, frozenset({"limit"})),
    Poison("深页树.pdf", _deep_tree, frozenset({"damaged", "limit", "crash", RESULT})),
    Poison("环.pdf", _looped, frozenset({"damaged", "limit", RESULT})),
    Poison("大页.pdf", _huge_page, frozenset({"limit"})),
    Poison("加密.pdf", _encrypted, frozenset({"encrypted"})),
    Poison("断.pdf", _truncated, frozenset({"damaged"})),
    Poison("空.pdf", bytes, frozenset({"damaged", "unsupported"})),
)
