"""The worker processes: a crash or a hang costs one task and nothing else."""

import multiprocessing
import operator
import os
import signal
import time
from contextlib import closing
from pathlib import Path

import pytest

from lanci.cli.workers import Ended, Failure, Note, run_tasks


def run_all(function, arguments, **options):
    return [event for event in run_tasks(function, arguments, **options) if isinstance(event, Ended)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_of_all_tasks(jobs):
    ends = run_all(len, ["a", "bb", "", "dddd"], jobs=jobs)
    assert {end.index: end.result for end in ends} == {0: 1, 1: 2, 2: 0, 3: 4}
    assert len(ends) == 4 and not multiprocessing.active_children()


def test_nothing_to_do_starts_nothing():
    assert run_all(len, []) == []


def test_a_crash_is_an_error_of_its_task_only():
    ends = run_all(eval, ["1 + 1", "__import__('os').abort()", "__import__('os')._exit(7)", "2 + 2"])
    assert [(end.index, end.result, end.failure, end.exit_code) for end in ends] == [
        (0, 2, None, None),
        (1, None, Failure.CRASHED, -signal.SIGABRT),
        (2, None, Failure.CRASHED, 7),
        (3, 4, None, None),
    ]


def test_an_escaped_exception_counts_as_a_crash(capfd):
    ends = run_all(int, ["1", "x", "3"])
    assert [(end.result, end.failure) for end in ends] == [(1, None), (None, Failure.CRASHED), (3, None)]
    assert "invalid literal" in capfd.readouterr().err


def test_a_hang_is_ended_with_all_it_started(tmp_path):
    pid_file = tmp_path / "pid"
    child = "str(__import__('subprocess').Popen(['sleep', '60']).pid)"
    hang = f"[__import__('pathlib').Path({str(pid_file)!r}).write_text({child}), __import__('time').sleep(60)]"
    started = time.monotonic()
    ends = run_all(eval, [hang, "'next'"], timeout=2)
    assert [(end.index, end.failure, end.result) for end in ends] == [(0, Failure.TIMED_OUT, None), (1, None, "next")]
    assert time.monotonic() - started < 20
    pid = int(pid_file.read_text())
    for _ in range(50):
        if not _is_running(pid):
            break
        time.sleep(0.1)
    assert not _is_running(pid)


def test_leaving_early_ends_the_workers():
    with closing(run_tasks(time.sleep, [0, 60, 60], jobs=2)) as events:
        next(events)
    assert not multiprocessing.active_children()


def test_notes():
    # setup gets the sending function: calling that with a text is a setup that needs no module of its own
    events = list(run_tasks(len, ["ab"], setup=operator.methodcaller("__call__", "hello")))
    assert events == [Note(0, "hello"), Ended(0, result=2)]


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    return state != "Z"
