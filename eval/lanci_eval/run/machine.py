"""Which software ran on what kind of machine; nothing that tells whose machine it is."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

from lanci.classify.models import models_version
from lanci_eval.run.keys import sources_hash

Pairs = tuple[tuple[str, str], ...]

_JUDGE = "lanci_eval code"
_CPU_INFO = Path("/proc/cpuinfo")


def describe_software() -> Pairs:
    """Versions of what scores and of what most systems share; the code by a piece of its hash."""
    return (
        ("lanci", version("lanci")),
        ("lanci code", sources_hash("lanci")[:12]),
        (_JUDGE, _judge_version()),
        ("models", models_version()),
        ("python", platform.python_version()),
        ("pymupdf", version("pymupdf")),
    )


def describe_rescoring(software: Pairs) -> Pairs:
    """The software of a stored run that is scored by the code of today."""
    return tuple((name, _judge_version() if name == _JUDGE else value) for name, value in software)


def describe_machine() -> Pairs:
    """Processor, cores that may be used, memory and operating system."""
    import psutil

    memory = psutil.virtual_memory().total / 2**30
    return (
        ("cpu", _cpu_model()),
        ("cores", str(_cores())),
        ("memory", f"{memory:.0f} GiB"),
        ("os", f"{platform.system()} {platform.release()} {platform.machine()}"),
    )


def _judge_version() -> str:
    return sources_hash("lanci_eval")[:12]


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _cpu_model() -> str:
    try:
        lines = _CPU_INFO.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # not Linux
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return next((name for name in names if name), "") or platform.processor() or platform.machine()
