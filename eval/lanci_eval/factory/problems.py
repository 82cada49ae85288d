"""What can go wrong in the factory."""

from __future__ import annotations

from lanci.errors import LanciError


class FactoryError(LanciError):
    """A document could not be made."""

    category = "factory"


class PrintError(FactoryError):
    """A printed page does not hold what its sheet says: an engine needed more room than was estimated."""

    category = "print"
