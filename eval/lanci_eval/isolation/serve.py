"""The process of one system: ``python -m lanci_eval.isolation.serve``.

Orders come in on standard input. Replies go out on what was standard output; that number itself is turned over
to standard error first, since libraries like to print.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import queue
import signal
import sys
import threading
import time
from pathlib import Path
from typing import BinaryIO

from lanci_eval.exchange import ExtractionFormatError, extraction_to_json
from lanci_eval.isolation.messages import Reply, line_to_order, line_to_start
from lanci_eval.records import Status
from lanci_eval.systems import create_system
from lanci_eval.systems.base import Limits, System, UnavailableError
from lanci_eval.systems.command_system import ProgramCrashedError

_KIB = 1024


def main() -> None:
    """Serve until standard input ends."""
    orders, replies = _take_pipes()
    lines: queue.Queue[bytes | None] = queue.Queue()
    busy = threading.Event()
    threading.Thread(target=_listen, args=(orders, lines, busy), daemon=True).start()
    system: System | None = None
    while (line := lines.get()) is not None:
        busy.set()
        if system is None:
            system, reply = _prepare(line)
        else:
            reply = _read_document(system, line)
        replies.write(reply.to_line())
        replies.flush()
        busy.clear()


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The two pipes under new numbers, which no library and no program started here knows."""
    orders = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return orders, replies


def _listen(orders: BinaryIO, lines: queue.Queue[bytes | None], busy: threading.Event) -> None:
    """Pass orders on; when the harness goes away in the middle of a document, end with all that was started."""
    for line in orders:
        lines.put(line)
    lines.put(None)
    if busy.is_set() or lines.qsize() > 1:
        if hasattr(os, "killpg"):
            os.killpg(os.getpgrp(), signal.SIGKILL)
        os._exit(1)


def _prepare(line: bytes) -> tuple[System | None, Reply]:
    start = line_to_start(line)
    try:
        system = create_system(start.request, start.limits)
        found = system.prepare()
        _limit_opencv(start.limits)
    except UnavailableError as error:
        return None, Reply(Status.UNAVAILABLE, str(error))
    except Exception as error:  # noqa: BLE001 (the process boundary: whatever a foreign library raises)
        return None, Reply(Status.UNAVAILABLE, f"it cannot get ready: {_describe(error)}")
    return system, Reply(Status.OK, versions=tuple(sorted(found.items())))


def _limit_opencv(limits: Limits) -> None:
    """OpenCV heeds no environment variable for the number of its threads."""
    cv2 = sys.modules.get("cv2")
    if cv2 is not None:
        cv2.setNumThreads(limits.threads)


def _read_document(system: System, line: bytes) -> Reply:
    order = line_to_order(line)
    gc.collect()
    _reset_peak()
    started = time.perf_counter()
    try:
        extraction = system.extract(Path(order.path))
        seconds = time.perf_counter() - started
        peak = _peak_mib()
        text = json.dumps(extraction_to_json(extraction), ensure_ascii=False)
        Path(order.output).write_text(text, encoding="utf-8", errors="replace")
    except UnavailableError as error:
        return Reply(Status.UNAVAILABLE, str(error))
    except ExtractionFormatError as error:
        return Reply(Status.GARBAGE, str(error))
    except ProgramCrashedError as error:
        return Reply(Status.CRASHED, str(error))
    except MemoryError:
        return Reply(Status.OUT_OF_MEMORY, "an allocation failed")
    except Exception as error:  # noqa: BLE001 (the process boundary: whatever a foreign library raises)
        return Reply(Status.ERROR, _describe(error), seconds=time.perf_counter() - started, peak_mib=_peak_mib())
    return Reply(Status.OK, seconds=seconds, peak_mib=peak)


def _describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:2000]


def _reset_peak() -> None:
    """Let Linux count this process's peak anew; elsewhere the harness's own samples have to do."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak_mib() -> float | None:
    with contextlib.suppress(OSError, ValueError, IndexError):
        for entry in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines():
            if entry.startswith("VmHWM:"):
                return float(entry.split()[1]) / _KIB
    return None


if __name__ == "__main__":
    main()
