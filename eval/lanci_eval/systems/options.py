"""Reading the options of a system; a wrong one is a usage error that says what is possible."""

from __future__ import annotations

from collections.abc import Iterable

from lanci.errors import LanciError
from lanci_eval.systems.base import SystemRequest

_TRUE = ("on", "yes", "true", "1")
_FALSE = ("off", "no", "false", "0")


class SystemOptionError(LanciError):
    """A system, or an option or value of it, does not exist; the message lists those that do."""

    category = "usage"


def check_names(request: SystemRequest, known: Iterable[str]) -> None:
    """Raises SystemOptionError when an option is asked for that the system does not have."""
    names = sorted(known)
    for name, _value in request.options:
        if name not in names:
            possible = f"its options are {', '.join(names)}" if names else "it has none"
            raise SystemOptionError(f"system {request.name}: there is no option {name!r}; {possible}")


def flag(request: SystemRequest, name: str, default: bool) -> bool:
    """An option that is ``on`` or ``off``."""
    text = request.option(name, "on" if default else "off").lower()
    if text not in _TRUE + _FALSE:
        raise SystemOptionError(f"system {request.name}: {name}={text} is neither on nor off")
    return text in _TRUE


def number(request: SystemRequest, name: str, default: float, *, low: float, high: float) -> float:
    """An option that is a number from ``low`` to ``high``."""
    text = request.option(name, str(default))
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise SystemOptionError(f"system {request.name}: {name}={text} is no number from {low:g} to {high:g}")
    return value


def choice(request: SystemRequest, name: str, values: tuple[str, ...]) -> str:
    """An option with a few possible values, the default first."""
    text = request.option(name, values[0])
    if text not in values:
        raise SystemOptionError(f"system {request.name}: {name}={text} is not one of {', '.join(values)}")
    return text
