"""Sizes and resolutions of picture files, from their headers alone."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from pymupdf import mupdf

from lanci.errors import DamagedError, LimitError
from lanci.source.mupdf import MUPDF_ERRORS
from lanci.source.options import SourceOptions, limit_error
from lanci.source.sniff import MediaType

FALLBACK_DPI = 200.0
"""What a scan without a believable resolution is taken to have: A4 comes out as A4."""

_SCREEN_DPI = (72.0, 96.0)
"""Written (or filled in by readers) when nobody measured anything."""
_SCREEN_MAX_INCHES = 17.0
"""A picture with a screen's resolution is believed up to A3."""
_MIN_INCHES, _MAX_INCHES = 2.0, 60.0
_TAGS = {"width": 256, "height": 257, "photometric": 262, "orientation": 274, "samples": 277}
_TAG_X_DPI, _TAG_Y_DPI, _TAG_UNIT = 282, 283, 296
_CM_PER_INCH = 2.54


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of a file.

    Attributes:
        width: pixels, as stored.
        height: pixels, as stored.
        x_dpi: pixels an inch; made up when the file gives nothing believable.
        y_dpi: the same for the other direction.
        turn: degrees counter-clockwise by which the stored picture must be turned for reading, as far as
            MuPDF does not do it by itself.
        grey: whether one channel holds it all.
    """

    width: int
    height: int
    x_dpi: float
    y_dpi: float
    turn: int = 0
    grey: bool = False


def read_frames(data: bytes, media_type: MediaType, name: str, options: SourceOptions) -> tuple[Frame, ...]:
    """The frames of a picture file, checked against the limits before anything is decoded.

    Raises:
        DamagedError: the headers make no sense.
        LimitError: too many frames, or one would decode to too much.
    """
    is_tiff = media_type is MediaType.TIFF
    frames = _tiff_frames(data, name, options) if is_tiff else (_single_frame(data, name),)
    for number, frame in enumerate(frames, 1):
        if frame.width <= 0 or frame.height <= 0:
            raise DamagedError(f"{name}: picture {number} has no size", page=number)
        size = frame.width * frame.height * (1 if frame.grey else 3)
        if size > options.max_stream_bytes:
            what = f"{name}: picture {number} of {frame.width} x {frame.height} pixels would take {size} bytes"
            raise limit_error(what, "--max-stream-bytes", options.max_stream_bytes, page=number)
    return frames


def believable_dpi(width: int, height: int, x_dpi: float, y_dpi: float) -> tuple[float, float]:
    """The given resolution when the page would have a sensible size with it, else FALLBACK_DPI."""
    if not (x_dpi > 0 and y_dpi > 0 and 0.25 <= x_dpi / y_dpi <= 4):  # a fax has 204 x 98 dpi
        return FALLBACK_DPI, FALLBACK_DPI
    inches = max(width / x_dpi, height / y_dpi)
    most = _SCREEN_MAX_INCHES if x_dpi in _SCREEN_DPI else _MAX_INCHES
    if not _MIN_INCHES <= inches <= most:
        return FALLBACK_DPI, FALLBACK_DPI
    return x_dpi, y_dpi


def _single_frame(data: bytes, name: str) -> Frame:
    # Not pymupdf.image_profile: the one of PyMuPDF 2.0 raises a TypeError on every picture.
    try:
        image = mupdf.fz_new_image_from_buffer(mupdf.fz_new_buffer_from_copied_data(data))
        found = mupdf.fz_image_resolution(image)
    except MUPDF_ERRORS as error:
        if "overflow" in str(error):
            raise LimitError(f"{name} is too large a picture for MuPDF ({error}); make it smaller") from error
        raise DamagedError(f"{name} is a damaged picture ({error}); fetch it again", page=1) from error
    width, height = int(image.w()), int(image.h())
    x_dpi, y_dpi = believable_dpi(width, height, float(found[0]), float(found[1]))
    return Frame(width, height, x_dpi, y_dpi, grey=image.n() == 1)


def _tiff_frames(data: bytes, name: str, options: SourceOptions) -> tuple[Frame, ...]:
    order = "<" if data[:2] == b"II" else ">"
    frames: list[Frame] = []
    seen: set[int] = set()
    try:
        offset = struct.unpack_from(f"{order}I", data, 4)[0]
        while offset and offset not in seen:
            if len(frames) >= options.max_pages:
                what = f"{name} has more than {options.max_pages} pictures"
                raise limit_error(what, "--max-pages", options.max_pages)
            seen.add(offset)
            frame, offset = _tiff_frame(data, order, offset)
            frames.append(frame)
    except struct.error as error:
        raise DamagedError(f"{name} is a damaged or truncated TIFF; fetch it again") from error
    if not frames:
        raise DamagedError(f"{name} is a TIFF without pictures; fetch it again")
    return tuple(frames)


def _tiff_frame(data: bytes, order: str, offset: int) -> tuple[Frame, int]:
    """The frame of the directory at ``offset`` and the offset of the next; raises struct.error."""
    count = struct.unpack_from(f"{order}H", data, offset)[0]
    tags = {}
    for index in range(count):
        tag, kind, _, value = struct.unpack_from(f"{order}HHI4s", data, offset + 2 + 12 * index)
        tags[tag] = (kind, value)
    next_offset = struct.unpack_from(f"{order}I", data, offset + 2 + 12 * count)[0]

    def number(tag: int, default: int) -> int:
        if tag not in tags:
            return default
        kind, value = tags[tag]
        return int(struct.unpack_from(f"{order}H" if kind == 3 else f"{order}I", value)[0])

    def dpi(tag: int) -> float:
        if tag not in tags:
            return 0.0
        over, under = struct.unpack_from(f"{order}II", data, number(tag, 0))
        return over / under * per_inch if under else 0.0

    per_inch = _CM_PER_INCH if number(_TAG_UNIT, 2) == 3 else 1.0
    width, height = number(_TAGS["width"], 0), number(_TAGS["height"], 0)
    x_dpi, y_dpi = believable_dpi(width, height, dpi(_TAG_X_DPI), dpi(_TAG_Y_DPI)) if width and height else (1, 1)
    return Frame(
        width,
        height,
        x_dpi,
        y_dpi,
        turn={3: 180, 6: 270, 8: 90}.get(number(_TAGS["orientation"], 1), 0),
        grey=number(_TAGS["samples"], 1) == 1 and number(_TAGS["photometric"], 0) in (0, 1),
    ), next_offset
