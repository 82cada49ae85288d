"""The layout engines that print pages; each is one module.

To add one, write a module with the two functions of :class:`Engine` and enter it in :data:`ENGINES`.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from lanci_eval.factory.records import Family, SheetPage

__all__ = ["ENGINES", "Engine", "find_engine"]


class Engine(Protocol):
    """What the module of an engine offers."""

    def check_installed(self) -> None:
        """Raise MissingProgramError, which says what to install, when the engine is not there."""
        ...

    def print_pages(self, pages: Sequence[SheetPage], family: Family, seed: int, folder: Path) -> bytes:
        """A PDF with every page on one sheet, as far as the layout keeps to the estimates (the caller checks that).

        Args:
            pages: what to print.
            family: the manners.
            seed: of what an engine may choose at random.
            folder: an empty folder for its files.

        Raises:
            MissingProgramError: the engine or the typeface is not installed.
            PrintError: a block does not fit its page.
        """
        ...


ENGINES: dict[str, str] = {
    "reportlab": "lanci_eval.factory.engines.platypus",
    "chromium": "lanci_eval.factory.engines.chromium",
    "weasyprint": "lanci_eval.factory.engines.weasy",
    "libreoffice": "lanci_eval.factory.engines.libreoffice",
}
"""The module of every engine by its name."""


def find_engine(name: str) -> Engine:
    """The engine of this name; raises ValueError that lists the names there are."""
    if name not in ENGINES:
        raise ValueError(f"there is no layout engine {name!r}; there are: {', '.join(ENGINES)}")
    return cast(Engine, import_module(ENGINES[name]))
