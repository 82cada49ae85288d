"""Libraries that only exports need."""

from __future__ import annotations

from importlib import import_module

from lanci.errors import MissingProgramError


def require_extra(module: str, extra: str) -> None:
    """Make sure that a library can be imported.

    Args:
        module: the library's top module, such as ``openpyxl``.
        extra: the extra of lanci that installs it.

    Raises:
        MissingProgramError: it cannot; the message names the extra.
    """
    try:
        import_module(module)
    except ImportError as error:
        raise MissingProgramError(
            f"{module} is not installed, which this export needs: pip install 'lanci[{extra}]'"
        ) from error
