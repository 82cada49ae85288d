"""The environment of a system's process: as many threads as allowed, no downloads, the same bytes every time."""

from __future__ import annotations

import os
from pathlib import Path

_THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OMP_THREAD_LIMIT",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


def child_environment(threads: int, folder: Path) -> dict[str, str]:
    """This process's environment with limits on threads, and what keeps libraries from the network.

    Args:
        threads: for every library that can be told.
        folder: for temporary files, which a process that is killed leaves behind.
    """
    limits = dict.fromkeys(_THREAD_VARIABLES, str(threads))
    steady = {
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK": "True",
    }
    temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))
    return dict(os.environ) | limits | steady | temporary
