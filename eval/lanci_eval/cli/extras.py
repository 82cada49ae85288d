"""The packages of the extra ``lanci[eval]``, which a plain installation does not have."""

from __future__ import annotations

from importlib.util import find_spec

from lanci.errors import MissingProgramError

_PACKAGES = ("camelot", "jinja2", "pdfplumber", "psutil", "scipy")


def require_extra() -> None:
    """Raises MissingProgramError where a package that evaluation and annotation need is not installed."""
    missing = [name for name in _PACKAGES if find_spec(name) is None]
    if missing:
        raise MissingProgramError(
            f"lanci eval and lanci annotate need {', '.join(missing)}, not installed here: pip install 'lanci[eval]'"
        )
