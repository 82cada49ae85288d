"""Lanci (栏次): Chinese government budget disclosures into complete, typed, stitched and checked tables.

>>> import lanci
>>> document = lanci.parse("预算公开.pdf")
>>> document.tables[0].to_pandas()
"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from lanci.document import Document, Table
from lanci.errors import LanciError

if TYPE_CHECKING:
    from lanci.parsing import ParseOptions, parse

__all__ = ["Document", "LanciError", "ParseOptions", "Table", "__version__", "parse"]
__version__ = version("lanci")


def __getattr__(name: str) -> Any:
    """Load the pipeline when it is first used: ``import lanci`` stays fast."""
    if name in {"parse", "ParseOptions"}:
        from lanci import parsing

        return getattr(parsing, name)
    raise AttributeError(f"module 'lanci' has no attribute {name!r}")
