"""The options of stage ``source`` and the wording of its limits."""

from __future__ import annotations

from dataclasses import dataclass

from lanci.errors import LimitError

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceOptions:
    """What may be opened, and how big it may be.

    Attributes:
        password: opens an encrypted PDF; None when there is none.
        max_pages: most pages (or frames of a picture) of one document; more are refused.
        max_page_points: longest side of a page in points; 14400 is what PDF itself allows. Longer ones
            are refused.
        max_pixels: most pixels of one rendered page; a page is rendered at a lower resolution to
            stay under it.
        max_file_bytes: largest input file in bytes; it is read into memory whole.
        max_stream_bytes: most bytes that one picture or one compressed part of a file may decode to, and
            that all parts of an office file may decode to together.
        office_timeout_s: seconds that LibreOffice may take for one office file.
    """

    password: str | None = None
    max_pages: int = 2000
    max_page_points: float = 14400
    max_pixels: int = 60_000_000
    max_file_bytes: int = 512 * MIB
    max_stream_bytes: int = 256 * MIB
    office_timeout_s: float = 120


def limit_error(what: str, option: str, limit: float, *, page: int | None = None) -> LimitError:
    """A refusal that says what is too big and which option (as on the command line) allows it.

    Args:
        what: the subject and its size, e.g. ``a.pdf has 9000 pages``.
        option: e.g. ``--max-pages``.
        limit: the value of the option that was in force.
        page: the page to blame, from 1.
    """
    return LimitError(f"{what}; the limit is {limit:.10g}; raise it with {option} if you trust the file", page=page)
