"""Which software a system is made of, and what is missing."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from lanci_eval.systems.base import UnavailableError


def require(module: str, remedy: str) -> None:
    """Raises UnavailableError when a module cannot be imported; ``remedy`` says how to get it."""
    if find_spec(module) is None:
        raise UnavailableError(f"the package {module} is not installed here; {remedy}")


def versions(*distributions: str) -> dict[str, str]:
    """The versions of those distributions that are installed, in the given order."""
    found: dict[str, str] = {}
    for name in distributions:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
