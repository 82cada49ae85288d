"""The worker processes: a crash or a hang costs one task and nothing else."""

import multiprocessing
import operator
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from lanci.jobs.workers import Ended, Failure, Limits, Note, run_tasks


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
    ends = run_all(eval, [hang, "'next'"], limits=Limits(seconds=2))
    assert [(end.index, end.failure, end.result) for end in ends] == [(0, Failure.TIMED_OUT, None), (1, None, "next")]
    assert time.monotonic() - started < 20
    pid = int(pid_file.read_text())
    assert not _stays(pid)


def test_too_much_memory_ends_its_task_only():
    hog = "[bytearray(1 << 20) for _ in range(4096)] and __import__('time').sleep(60)"
    ends = run_all(eval, [hog, "'next'"], limits=Limits(memory_bytes=300 << 20))
    assert [(end.index, end.failure, end.result) for end in ends] == [
        (0, Failure.OUT_OF_MEMORY, None),
        (1, None, "next"),
    ]


def test_memory_counts_what_a_process_started():
    hog = "import time; held = [bytearray(1 << 20) for _ in range(900)]; time.sleep(60)"
    child = f"__import__('subprocess').run([__import__('sys').executable, '-c', {hog!r}])"
    (end,) = run_all(eval, [child], limits=Limits(memory_bytes=400 << 20))
    assert end.failure is Failure.OUT_OF_MEMORY


@pytest.mark.parametrize(("tasks", "processes"), [(None, 1), (2, 3), (1, 5)])
def test_a_process_gives_way_after_its_share_of_tasks(tasks, processes):
    ends = run_all(eval, ["__import__('os').getpid()"] * 5, limits=Limits(tasks=tasks))
    assert len({end.result for end in ends}) == processes


def test_arguments_are_taken_only_when_there_is_room():
    taken = []
    arguments = (taken.append(n) or "x" * n for n in range(10))
    with closing(run_tasks(len, arguments, jobs=2)) as events:
        next(events)
        assert len(taken) <= 3


def test_workers_end_with_a_parent_that_is_killed(tmp_path):
    pid_file = tmp_path / "pid"
    tell = f"__import__('pathlib').Path({str(pid_file)!r}).write_text(str(__import__('os').getpid()))"
    task = f"[{tell}, __import__('time').sleep(60)]"
    program = f"from lanci.jobs.workers import run_tasks\nif __name__ == '__main__': list(run_tasks(eval, [{task!r}]))"
    with subprocess.Popen([sys.executable, "-c", program]) as parent:
        for _ in range(200):
            if pid_file.exists() and pid_file.read_text():
                break
            time.sleep(0.1)
        parent.kill()
    assert not _stays(int(pid_file.read_text()))


def test_leaving_early_ends_the_workers():
    with closing(run_tasks(time.sleep, [0, 60, 60], jobs=2)) as events:
        next(events)
    assert not multiprocessing.active_children()


def test_notes():
    # setup gets the sending function: calling that with a text is a setup that needs no module of its own
    events = list(run_tasks(len, ["ab"], setup=operator.methodcaller("__call__", "hello")))
    assert events == [Note(0, "hello"), Ended(0, result=2)]


def _stays(pid: int) -> bool:
    """Whether the process is still there after some seconds."""
    for _ in range(50):
        if not _is_running(pid):
            return False
        time.sleep(0.1)
    return True


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    return state != "Z"
