"""Parts of a PDF that would take too much memory, found before MuPDF decodes them."""

from __future__ import annotations

import base64
import binascii
import re
import struct
import zlib
from collections.abc import Iterator
from typing import Any

from lanci.errors import LimitError
from lanci.source.options import SourceOptions, limit_error

_DEFLATE_MAX_RATIO = 1032
_RUN_LENGTH_MAX_RATIO = 64
_LZW_MAX_RATIO = 1366 * 2
"""A code of 9 to 12 bits stands for up to 4096 bytes."""
_CHUNK = 1 << 20
_DEFLATE_STARTS = frozenset(bytes([window | 8]) for window in range(0, 0x80, 0x10))
"""The first byte of deflated data: the method, and one of eight window sizes."""
_OPTION = "--max-stream-bytes"

# Bounded repeats: palettes and the like can hold a million digits in a row.
_REFERENCE = re.compile(r"(?<!\d)(\d{1,8}) \d{1,5} R\b")
_UPWARDS = re.compile(r"/(?:Parent|P|Popup|IRT|Dest) ?\d{1,8} \d{1,5} R\b")
_OTHER_PAGE = re.compile(r"/Type ?/(?:Pages?|Catalog)\b")
_INLINE_IMAGE = re.compile(rb"\bBI\b(.{0,500}?)\bID\b", re.S)
_IMAGE_FILTERS = frozenset({"DCTDecode", "DCT", "JPXDecode", "JBIG2Decode", "CCITTFaxDecode", "CCF"})
_SHORT = {
    "Fl": "FlateDecode",
    "LZW": "LZWDecode",
    "RL": "RunLengthDecode",
    "A85": "ASCII85Decode",
    "AHx": "ASCIIHexDecode",
}


def check_structure(data: bytes, name: str, options: SourceOptions) -> None:
    """Refuse a file with an exploding stream before MuPDF opens it.

    Object and cross-reference streams are decoded on opening, and nothing in their dictionaries can be believed,
    so every deflated stream is counted that is long enough to be a danger and is no picture.

    Args:
        data: the whole PDF. Streams of encrypted files cannot be judged here and are let through.
        name: the file's name, for the message.
        options: the limits.

    Raises:
        LimitError: a stream that is no picture decodes to more than ``options.max_stream_bytes``.
    """
    cap = options.max_stream_bytes
    for start in _stream_starts(data):
        if data[start : start + 1] not in _DEFLATE_STARTS:
            continue
        end = data.find(b"endstream", start)
        end = len(data) if end < 0 else end
        if (end - start) * _DEFLATE_MAX_RATIO <= cap:
            continue
        head = data[max(0, start - 2048) : start].rpartition(b" obj")[2]
        if re.search(rb"/Subtype\s*/Image\b", head) and not re.search(rb"/First\b|/Index\b", head):
            continue  # pictures are judged by their declared size, page by page
        inflate(memoryview(data)[start:end], cap, f"{name}: a compressed stream", keep=False)


def _stream_starts(data: bytes) -> Iterator[int]:
    """Where the content of each stream begins, after ``stream`` and the end of that line."""
    at = data.find(b"stream")
    while at >= 0:
        after = at + len(b"stream")
        line_end = b"\r\n" if data[after : after + 1] == b"\r" else b"\n"
        if data.startswith(line_end, after) and not data.endswith(b"end", 0, at):
            yield after + len(line_end)
        at = data.find(b"stream", after)


class BombGuard:
    """Checks everything that a page draws with, each object once for the whole document."""

    def __init__(self, document: Any, name: str, options: SourceOptions) -> None:
        self._document = document
        self._name = name
        self._options = options
        self._clean: set[int] = set()

    def check_page(self, number: int, xref: int) -> None:
        """Walk the objects reachable from the page.

        Args:
            number: the page, from 1.
            xref: its object number.

        Raises:
            LimitError: a picture or stream would decode to more than ``max_stream_bytes``.
        """
        seen: set[int] = set()
        todo = [xref]
        n_objects = self._document.xref_length()
        while todo:
            current = todo.pop()
            if current in seen or current in self._clean or not 0 < current < n_objects:
                continue
            seen.add(current)
            text = self._document.xref_object(current, compressed=True)
            if current != xref and _OTHER_PAGE.search(text):
                continue
            if self._document.xref_is_stream(current):
                self._check_stream(current, text, number)
            todo += [int(found) for found in _REFERENCE.findall(_UPWARDS.sub("", text))]
        # Only now: an object whose parts were not all seen must be walked again.
        self._clean |= seen

    def _check_stream(self, xref: int, text: str, page: int) -> None:
        filters = [_SHORT.get(name, name) for name in re.findall(r"/([A-Za-z0-9]+)", self._value(xref, "Filter"))]
        where = f"{self._name}, page {page}"
        if self._value(xref, "Subtype") == "/Image":
            self._check_image(xref, filters, page)
            return
        if any(name in _IMAGE_FILTERS for name in filters):
            return  # no content stream can be a picture; MuPDF reports it
        try:
            raw = self._document.xref_stream_raw(xref) or b""
            content = decode(raw, filters, self._options.max_stream_bytes, f"{where}: a stream")
        except LimitError as error:
            error.page = page
            raise
        for header in _inline_headers(content or b""):
            size = [int(n) for n in re.findall(r"/(?:W|H|Width|Height)\s+(\d{1,9})", header)[:2]]
            if len(size) == 2:
                self._refuse_big(size[0], size[1], 3, page)

    def _check_image(self, xref: int, filters: list[str], page: int) -> None:
        width, height = self._number(xref, "Width"), self._number(xref, "Height")
        depth = max(1, self._number(xref, "BitsPerComponent") // 8)
        self._refuse_big(width, height, self._channels(xref) * depth, page)
        if filters and filters[-1] in _IMAGE_FILTERS:
            # The codestream has a size of its own, and the decoder believes that one.
            raw = self._document.xref_stream_raw(xref) or b""
            inner = _codestream_size(decode(raw, filters[:-1], self._options.max_stream_bytes, self._name), filters[-1])
            if inner is not None:
                self._refuse_big(*inner, page)

    def _refuse_big(self, width: int, height: int, channels: int, page: int) -> None:
        size = width * height * channels
        if size > self._options.max_stream_bytes:
            what = f"{self._name}, page {page}: a picture of {width} x {height} pixels would take {size} bytes"
            raise limit_error(what, _OPTION, self._options.max_stream_bytes, page=page)

    def _channels(self, xref: int) -> int:
        """Bytes that MuPDF keeps for a pixel of 8 bits a channel."""
        if self._value(xref, "ImageMask") == "true":
            return 1
        space = self._value(xref, "ColorSpace")
        profile = re.match(r"\[ ?/ICCBased (\d+) ", space)
        if profile:
            return max(1, self._number(int(profile.group(1)), "N"))
        if space in ("/DeviceGray", "/G") or space.startswith("[/CalGray"):
            return 1
        return 4 if space in ("/DeviceCMYK", "/CMYK") else 3

    def _value(self, xref: int, key: str) -> str:
        """The value of a key as PDF source, a reference followed; empty when there is none."""
        kind, value = self._document.xref_get_key(xref, key)
        if kind == "xref":
            target = int(value.split()[0])
            return str(self._document.xref_object(target, compressed=True)).strip()
        return "" if kind == "null" else str(value)

    def _number(self, xref: int, key: str) -> int:
        match = re.match(r"\d+", self._value(xref, key))
        return int(match.group()) if match else 0


def _inline_headers(content: bytes) -> Iterator[str]:
    """The dictionaries of the pictures that stand within a content stream."""
    at = content.find(b"BI")  # the pattern alone would try every byte
    while at >= 0:
        match = _INLINE_IMAGE.match(content, at)
        if match:
            yield match.group(1).decode("latin-1")
        at = content.find(b"BI", match.end() if match else at + 1)


def decode(raw: bytes, filters: list[str], cap: int, what: str) -> bytes | None:
    """Undo general filters of a PDF stream without ever holding more than ``cap`` bytes.

    Returns:
        The content; None where it is not needed to know that it stays under the cap (LZW, run lengths).

    Raises:
        LimitError: it decodes to more than ``cap`` bytes.
    """
    content = raw
    for index, name in enumerate(filters):
        if name == "FlateDecode":
            content = inflate(memoryview(content), cap, what, keep=True)
        elif name in ("ASCIIHexDecode", "ASCII85Decode"):
            content = _ascii_decode(content, name)
        elif name in ("LZWDecode", "RunLengthDecode"):
            if index + 1 < len(filters) and filters[index + 1] not in _IMAGE_FILTERS:
                raise LimitError(f"{what} is compressed twice in a way that only bombs use; save the file again")
            ratio = _LZW_MAX_RATIO if name == "LZWDecode" else _RUN_LENGTH_MAX_RATIO
            if len(content) * ratio > cap:
                size = _lzw_size(content, cap) if name == "LZWDecode" else _run_length_size(content)
                if size > cap:
                    raise limit_error(f"{what} decodes to more than {cap} bytes", _OPTION, cap)
            return None
    return content


def inflate(raw: memoryview, cap: int, what: str, *, keep: bool) -> bytes:
    """Undo deflate up to the first fault, as PDF readers do; nothing is returned when not ``keep``.

    Raises:
        LimitError: more than ``cap`` bytes come out.
    """
    decoder = zlib.decompressobj()
    pieces: list[bytes] = []
    size = 0
    rest: bytes | memoryview = raw
    while rest and not decoder.eof:
        try:
            piece = decoder.decompress(rest, _CHUNK)
        except zlib.error:
            break
        rest = decoder.unconsumed_tail
        size += len(piece)
        if size > cap:
            raise limit_error(f"{what} decodes to more than {cap} bytes", _OPTION, cap)
        if keep:
            pieces.append(piece)
        if not piece and not rest:
            break
    return b"".join(pieces)


def _ascii_decode(content: bytes, name: str) -> bytes:
    """Undo an ASCII filter; nothing when the text is broken (MuPDF reports that)."""
    text = b"".join(content.split())
    try:
        if name == "ASCIIHexDecode":
            digits = text.partition(b">")[0]
            return binascii.unhexlify(digits + b"0" * (len(digits) % 2))
        return base64.a85decode(text.removeprefix(b"<~").partition(b"~")[0])
    except ValueError:
        return b""


def _run_length_size(content: bytes) -> int:
    size = at = 0
    while at < len(content) and content[at] != 128:
        length = content[at]
        size += length + 1 if length < 128 else 257 - length
        at += length + 2 if length < 128 else 2
    return size


def _lzw_size(content: bytes, cap: int) -> int:
    """Bytes that an LZW stream decodes to, counted without decoding; stops above ``cap``."""
    lengths = [1] * 256 + [0, 0]
    size = bits = n_bits = 0
    width, before = 9, 0
    for byte in content:
        bits, n_bits = (bits << 8 | byte) & 0xFFFFFF, n_bits + 8
        if n_bits < width:
            continue
        n_bits -= width
        code = bits >> n_bits & (1 << width) - 1
        if code == 257 or size > cap:
            break
        if code == 256:
            del lengths[258:]
            width, before = 9, 0
            continue
        if before and len(lengths) < 4096:
            lengths.append(before + 1)
        before = lengths[code] if code < len(lengths) else before + 1
        size += before
        width = min(12, max(9, (len(lengths) + 1).bit_length()))
    return size


def _codestream_size(content: bytes | None, name: str) -> tuple[int, int, int] | None:
    """Width, height and bytes a pixel that the coded picture itself declares, where that can be told."""
    read = {"DCTDecode": _jpeg_size, "DCT": _jpeg_size, "JPXDecode": _jpx_size, "JBIG2Decode": _jbig2_size}.get(name)
    if not content or read is None:
        return None
    try:
        return read(content)
    except (struct.error, IndexError):
        return None  # cut off: MuPDF reports it


def _jpx_size(content: bytes) -> tuple[int, int, int] | None:
    at = content.find(b"\xff\x4f\xff\x51")
    if at < 0:
        return None
    width, height = struct.unpack_from(">II", content, at + 8)
    return width, height, max(1, struct.unpack_from(">H", content, at + 40)[0])


def _jbig2_size(content: bytes) -> tuple[int, int, int] | None:
    if content[4] & 63 != 48:  # page information comes first
        return None
    width, height = struct.unpack_from(">II", content, 11)
    return None if height == 0xFFFFFFFF else (width, height, 1)  # unknown beforehand: in stripes


def _jpeg_size(content: bytes) -> tuple[int, int, int] | None:
    at = content.find(b"\xff\xd8") + 2
    while at >= 2 and at + 10 <= len(content):
        marker = content[at + 1]
        if content[at] != 0xFF or marker == 0xFF:
            at += 1
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width, channels = struct.unpack_from(">HHB", content, at + 5)
            return width, height, max(1, channels)
        elif marker == 0xDA:
            return None
        else:
            at += 2 + struct.unpack_from(">H", content, at + 2)[0]
    return None
