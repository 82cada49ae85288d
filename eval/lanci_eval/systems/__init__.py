"""The systems that can be measured; each is one module, loaded only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from lanci_eval.systems.base import Limits, System, SystemRequest
from lanci_eval.systems.options import SystemOptionError

SYSTEMS: dict[str, str] = {
    "lanci": "lanci_eval.systems.lanci_system:LanciSystem",
    "width-and-header": "lanci_eval.systems.width_rule_system:WidthRuleSystem",
    "camelot-lattice": "lanci_eval.systems.camelot_system:CamelotSystem",
    "camelot-stream": "lanci_eval.systems.camelot_system:CamelotSystem",
    "camelot-network": "lanci_eval.systems.camelot_system:CamelotSystem",
    "camelot-hybrid": "lanci_eval.systems.camelot_system:CamelotSystem",
    "pdfplumber": "lanci_eval.systems.pdfplumber_system:PdfplumberSystem",
    "pymupdf": "lanci_eval.systems.pymupdf_system:PymupdfSystem",
    "img2table": "lanci_eval.systems.img2table_system:Img2tableSystem",
    "rapidocr": "lanci_eval.systems.rapidocr_system:RapidOcrSystem",
    "docling": "lanci_eval.systems.docling_system:DoclingSystem",
    "command": "lanci_eval.systems.command_system:CommandSystem",
}
"""Where each system is: ``module:class``. A request may also name a class of your own in this way."""


def create_system(request: SystemRequest, limits: Limits) -> System:
    """The system asked for; nothing heavy is imported before its ``prepare``.

    Raises:
        SystemOptionError: no such system, option or value.
    """
    return load_class(request.name)(request, limits)


def check_request(request: SystemRequest) -> None:
    """Raises SystemOptionError when one of our own systems does not exist or has not these options or values.

    A class of your own is not looked at: its code runs in its own process only.
    """
    if request.name in SYSTEMS or ":" not in request.name:
        create_system(request, Limits())


def load_class(name: str) -> Callable[[SystemRequest, Limits], System]:
    """The class of a system (its ``summary`` and ``options`` are readable there).

    Args:
        name: one of :data:`SYSTEMS`, or ``module:class`` on the import path.

    Raises:
        SystemOptionError: there is none.
    """
    module_name, _, class_name = SYSTEMS.get(name, name).partition(":")
    if not class_name:
        raise SystemOptionError(f"there is no system {name!r}; there are {', '.join(SYSTEMS)}")
    try:
        loaded: Callable[[SystemRequest, Limits], System] = getattr(import_module(module_name), class_name)
    except (ImportError, AttributeError) as error:
        raise SystemOptionError(f"the system {name} cannot be imported: {error}") from error
    return loaded
