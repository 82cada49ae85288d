"""An opened input: its pages, one at a time, and what was noticed on the way."""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pymupdf

from lanci.document import Box, Image, SourceInfo
from lanci.errors import DamagedError, EncryptedError, UnsupportedInputError
from lanci.source.bombs import BombGuard, check_structure
from lanci.source.mupdf import MUPDF_ERRORS, open_bytes, quiet_mupdf
from lanci.source.office import OFFICE_TYPES, convert_office
from lanci.source.options import SourceOptions, limit_error
from lanci.source.package import check_package
from lanci.source.pictures import Frame, read_frames
from lanci.source.sniff import PICTURES, MediaType, Protected, identify

POINTS_PER_INCH = 72.0

_FINEST_DPI = 400.0
"""Pictures scanned more finely are reduced to this when opened: print is read at half of it, and an A3 sheet of 600 dpi
takes 200 MB each time it is copied."""

_REPAIRED = "the file was damaged and has been repaired; check that all pages are there"
_SPREADSHEET = (
    "the spreadsheet was laid out by LibreOffice; a sheet wider than its printed page goes on over several pages"
)


class SourcePage:
    """One page, upright as a reader displays it.

    Attributes:
        number: from 1.
        width: points, /Rotate applied.
        height: points, /Rotate applied.
        rotation: the page's /Rotate entry: 0, 90, 180 or 270.
        pdf: the ``pymupdf.Page``; valid until the source is closed.
    """

    def __init__(self, number: int, page: Any, options: SourceOptions, name: str, keep: Any) -> None:
        self.number = number
        shown = page.rect  # worked out anew at each access
        self.width = float(shown.width)
        self.height = float(shown.height)
        self.rotation = int(page.rotation)
        self.pdf = page
        self._options = options
        self._name = name
        self._keep = keep  # PyMuPDF's page holds its document by a weak reference only
        self._remarks: list[str] = []

    @property
    def remarks(self) -> tuple[str, ...]:
        """Sentences for the user on what happened to this page so far, e.g. a resolution that was lowered."""
        return tuple(self._remarks)

    def render(self, dpi: float, *, grey: bool = False, area: Box | None = None) -> tuple[Image, float]:
        """The page as displayed, on white.

        Args:
            dpi: pixels an inch that are wanted; lowered when the picture would have more than
                ``SourceOptions.max_pixels``, which leaves a remark.
            grey: one channel instead of RGB.
            area: the part of the displayed page that is shown, in points; all of it when None.

        Returns:
            The image, of shape (height, width) when grey, else (height, width, 3), and the dpi really used.

        Raises:
            DamagedError: MuPDF cannot draw the page.
        """
        used = min(dpi, self._highest_dpi())
        if used < dpi:
            self._remark(
                f"page {self.number} was rendered at {used:.1f} instead of {dpi:g} dpi to stay under "
                f"{self._options.max_pixels} pixels; raise the limit with --max-pixels"
            )
        scale = used / POINTS_PER_INCH
        try:
            pixmap = self.pdf.get_pixmap(
                matrix=pymupdf.Matrix(scale, scale),
                colorspace=pymupdf.csGRAY if grey else pymupdf.csRGB,
                clip=None if area is None else (area.x0, area.y0, area.x1, area.y1),
                alpha=False,
            )
        except MUPDF_ERRORS as error:
            raise DamagedError(
                f"{self._name}, page {self.number} cannot be drawn ({error}); fetch the file again",
                page=self.number,
            ) from error
        return _pixmap_to_image(pixmap), used

    def _highest_dpi(self) -> float:
        """The dpi at which the page has ``max_pixels``; MuPDF rounds each side up to whole pixels."""
        area = self.width * self.height
        dpi = POINTS_PER_INCH * math.sqrt(self._options.max_pixels / area)
        while dpi > 0.1 and _pixels(self.width, dpi) * _pixels(self.height, dpi) > self._options.max_pixels:
            dpi *= 0.999
        return dpi

    def _remark(self, sentence: str) -> None:
        if sentence not in self._remarks:
            self._remarks.append(sentence)


class Source:
    """An opened input file; a context manager that frees MuPDF's memory at the end.

    Attributes:
        path: as given.
        name: the file's name, without folder.
        sha256: of the file's bytes, in hexadecimal.
        media_type: MIME type, by content.
        n_pages: pages of the document (frames of a picture file).
    """

    def __init__(
        self,
        path: Path,
        data: bytes,
        media_type: MediaType,
        options: SourceOptions,
        *,
        remarks: tuple[str, ...] = (),
    ) -> None:
        """Use :func:`open_source`; ``data`` is a checked PDF (also for office files) or picture."""
        self.path = path
        self.name = path.name
        self.sha256 = ""
        self.media_type = str(media_type)
        self._options = options
        self._remarks = remarks
        self._load: Callable[[int], tuple[Any, Any]]
        if media_type in PICTURES:
            self._frames = read_frames(data, media_type, self.name, options)
            self._document = _open_picture(data, media_type, self.name)
            self.n_pages = min(len(self._frames), int(self._document.page_count))
            self._load = self._load_frame
        else:
            self._document = _open_pdf(data, self.name, options)
            self.n_pages = int(self._document.page_count)
            self._guard = BombGuard(self._document, self.name, options)
            self._load = self._load_pdf_page

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free the document; pages are of no use afterwards."""
        if not self._document.is_closed:
            self._document.close()

    @property
    def remarks(self) -> tuple[str, ...]:
        """Sentences for the user on the file as a whole; a repair can come as late as with a page."""
        repaired = (_REPAIRED,) if self._document.is_pdf and self._document.is_repaired else ()
        return self._remarks + repaired

    def info(self) -> SourceInfo:
        """What the output says of this input."""
        return SourceInfo(self.name, self.sha256, self.media_type, self.n_pages)

    def page(self, number: int) -> SourcePage:
        """The page with this number (from 1), checked against the limits.

        Raises:
            IndexError: there is no such page.
            LimitError: the page is too large, or something on it decodes to too much.
            DamagedError: MuPDF cannot read the page.
        """
        if not 1 <= number <= self.n_pages:
            raise IndexError(f"{self.name} has no page {number}, only {self.n_pages}")
        try:
            page, keep = self._load(number)
            result = SourcePage(number, page, self._options, self.name, keep)
        except MUPDF_ERRORS as error:
            raise DamagedError(
                f"{self.name}, page {number} is damaged ({error}); fetch the file again", page=number
            ) from error
        longest = max(result.width, result.height)
        if not longest <= self._options.max_page_points:
            what = f"{self.name}, page {number} is {result.width:.0f} x {result.height:.0f} points"
            raise limit_error(what, "--max-page-points", self._options.max_page_points, page=number)
        if not min(result.width, result.height) > 0:
            raise DamagedError(f"{self.name}, page {number} has no area; fetch the file again", page=number)
        return result

    def _load_pdf_page(self, number: int) -> tuple[Any, Any]:
        self._guard.check_page(number, self._document.page_xref(number - 1))
        return self._document.load_page(number - 1), self._document

    def _load_frame(self, number: int) -> tuple[Any, Any]:
        """A one-page PDF that shows the frame in its real size, pixel for pixel up to :data:`_FINEST_DPI`."""
        frame = self._frames[number - 1]
        picture = self._document.load_page(number - 1)
        width, height, x_dpi, y_dpi = frame.width, frame.height, frame.x_dpi, frame.y_dpi
        # MuPDF has already turned a photograph by its Exif entry.
        if (width > height) != (picture.rect.width > picture.rect.height) and width != height and x_dpi == y_dpi:
            width, height = height, width
        shrink = min(1.0, _FINEST_DPI / max(x_dpi, y_dpi))
        matrix = pymupdf.Matrix(shrink * width / picture.rect.width, shrink * height / picture.rect.height)
        pymupdf.TOOLS.reset_mupdf_warnings()
        pixmap = picture.get_pixmap(
            matrix=matrix, colorspace=pymupdf.csGRAY if frame.grey else pymupdf.csRGB, alpha=False
        )
        if pymupdf.TOOLS.mupdf_warnings():
            self._add_remark(f"picture {number} is damaged; a part of it may be missing")
        return _frame_to_pdf(pixmap, frame, width / x_dpi * POINTS_PER_INCH, height / y_dpi * POINTS_PER_INCH)

    def _add_remark(self, sentence: str) -> None:
        if sentence not in self._remarks:
            self._remarks = (*self._remarks, sentence)


def open_source(path: Path, options: SourceOptions | None = None) -> Source:
    """Open a PDF, a picture or an office file.

    Args:
        path: the file; its name and suffix do not matter.
        options: password and limits; the defaults of :class:`SourceOptions` when None.

    Raises:
        UnsupportedInputError: it is something else (the message says what), or cannot be read.
        EncryptedError: it needs a password, or another one.
        DamagedError: it is damaged beyond repair.
        LimitError: it is over a limit.
        MissingProgramError: it is an office file and LibreOffice is not installed.
        ConversionError: LibreOffice could not convert it.
    """
    options = options or SourceOptions()
    quiet_mupdf()
    data = _read(path, options)
    kind = identify(data)
    if isinstance(kind, Protected):
        raise EncryptedError(
            f"{path.name} is {kind.what}; open it in an office program and save it without one "
            "(--password serves PDF files only)"
        )
    if not isinstance(kind, MediaType):
        raise UnsupportedInputError(f"{path.name} is {kind.what}; {kind.advice}")
    pdf = data
    remarks: tuple[str, ...] = ()
    if kind in OFFICE_TYPES:
        if kind in (MediaType.DOCX, MediaType.XLSX):
            check_package(data, path.name, options)
        pdf = convert_office(data, kind, path.name, options)
        if kind in (MediaType.XLSX, MediaType.XLS):
            remarks = (_SPREADSHEET,)
    source = Source(path, pdf, kind, options, remarks=remarks)
    source.sha256 = hashlib.sha256(data).hexdigest()
    return source


def _read(path: Path, options: SourceOptions) -> bytes:
    """The file's bytes; raises UnsupportedInputError or LimitError."""
    if path.is_dir():
        raise UnsupportedInputError(f"{path} is a folder, not a file; give it to `lanci parse` to read what is in it")
    if not path.exists():
        raise UnsupportedInputError(f"{path}: there is no such file; check the path")
    if not path.is_file():
        raise UnsupportedInputError(f"{path} is a device or pipe, not a file; copy its contents into a file")
    try:
        with path.open("rb") as file:
            # One byte more tells a file too large; a buffer of the limit's size would be set aside for every file.
            data = file.read(min(os.fstat(file.fileno()).st_size, options.max_file_bytes) + 1)
    except OSError as error:
        raise UnsupportedInputError(f"{path} cannot be read ({error.strerror}); check its permissions") from error
    if len(data) > options.max_file_bytes:
        what = f"{path.name} has more than {options.max_file_bytes} bytes"
        raise limit_error(what, "--max-file-bytes", options.max_file_bytes)
    return data


def _open_pdf(data: bytes, name: str, options: SourceOptions) -> Any:
    """The opened and authenticated PDF with its pages counted."""
    check_structure(data, name, options)
    try:
        document = open_bytes(data, "pdf")
        if document.needs_pass and not document.authenticate(options.password or ""):
            raise EncryptedError(
                f"{name} is encrypted and the password is wrong; give another with --password"
                if options.password
                else f"{name} is encrypted; give its password with --password"
            )
        n_pages = int(document.page_count)
    except MUPDF_ERRORS as error:
        reason = pymupdf.TOOLS.mupdf_warnings().splitlines()
        if any("encryption" in line or "crypt" in line for line in [str(error), *reason]):
            raise EncryptedError(
                f"{name} is encrypted in a way that cannot be opened; save it again without protection"
            ) from error
        raise DamagedError(f"{name} is damaged beyond repair ({error}); fetch the file again") from error
    if not document.is_pdf or n_pages < 1:
        raise DamagedError(f"{name} is a PDF without any readable page; fetch the file again")
    if n_pages > options.max_pages:
        document.close()
        raise limit_error(f"{name} has {n_pages} pages", "--max-pages", options.max_pages)
    return document


def _open_picture(data: bytes, media_type: MediaType, name: str) -> Any:
    try:
        document = open_bytes(data, media_type.removeprefix("image/"))
        if document.page_count < 1:
            raise DamagedError(f"{name} is a picture file without pictures; fetch the file again")
    except MUPDF_ERRORS as error:
        raise DamagedError(f"{name} is a damaged picture ({error}); fetch the file again") from error
    return document


def _frame_to_pdf(pixmap: Any, frame: Frame, width: float, height: float) -> tuple[Any, Any]:
    """A page of ``width`` x ``height`` points (before turning) filled by the pixmap, and its document."""
    if frame.turn in (90, 270):
        width, height = height, width
    document = pymupdf.open()
    page = document.new_page(width=width, height=height)
    page.insert_image(page.rect, pixmap=pixmap, rotate=frame.turn, keep_proportion=False)
    return page, document


def _pixmap_to_image(pixmap: Any) -> Image:
    """A copy of the samples of shape (height, width) or (height, width, 3), without padding."""
    rows = np.frombuffer(pixmap.samples_mv, dtype=np.uint8).reshape(pixmap.height, pixmap.stride)
    image = rows[:, : pixmap.width * pixmap.n].reshape(pixmap.height, pixmap.width, pixmap.n)
    return np.ascontiguousarray(image[:, :, 0] if pixmap.n == 1 else image).copy()


def _pixels(points: float, dpi: float) -> int:
    return math.ceil(points * dpi / POINTS_PER_INCH)
