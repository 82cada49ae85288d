"""The worker processes: a crash or a hang costs one task and nothing else."""

import multiprocessing
import operator
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import pytest
from tests.bulk_engines import start_slowly

from lanci.errors import OutputError
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


@pytest.mark.parametrize("said", [{}, {"OMP_NUM_THREADS": "2", "OPENCV_FOR_THREADS_NUM": "2"}])
def test_a_process_computes_with_one_thread_unless_told_otherwise(monkeypatch, said):
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    before = dict(os.environ)
    counts = "(__import__('os').environ['OMP_NUM_THREADS'], __import__('cv2').getNumThreads())"
    (end,) = run_all(eval, [counts])
    assert end.result == (("2", 2) if said else ("1", 1))
    assert dict(os.environ) == before


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


@pytest.mark.parametrize("own_session", [False, True])
def test_a_hang_is_ended_with_all_it_started(tmp_path, own_session):
    pid_file = tmp_path / "pid"
    child = f"str(__import__('subprocess').Popen(['sleep', '60'], start_new_session={own_session}).pid)"
    hang = f"[__import__('pathlib').Path({str(pid_file)!r}).write_text({child}), __import__('time').sleep(60)]"
    ends = run_all(eval, [hang, "'next'"], limits=Limits(seconds=8))
    assert [(end.index, end.failure, end.result) for end in ends] == [(0, Failure.TIMED_OUT, None), (1, None, "next")]
    pid = int(pid_file.read_text())
    assert not _stays(pid)


def test_the_start_of_a_process_is_not_its_tasks_time():
    assert run_all(time.sleep, [5], limits=Limits(seconds=8), setup=start_slowly) == [Ended(0)]


def test_temporary_files_are_gone_with_their_process(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / ".lanci-tmp-1-of-a-dead-run").mkdir()
    make = "__import__('tempfile').mkdtemp()"
    ends = run_all(eval, [f"[{make}, __import__('time').sleep(60)]", make], limits=Limits(seconds=8))
    assert ends[0].failure is Failure.TIMED_OUT
    assert ends[1].result.startswith(str(tmp_path / ".lanci-tmp-")) and not list(tmp_path.iterdir())
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    with pytest.raises(OutputError, match="TMPDIR"):
        run_all(len, ["a"])


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
    child = "__import__('subprocess').Popen(['sleep', '60'], start_new_session=True).pid"
    pids = f"' '.join(map(str, (__import__('os').getpid(), {child}, '.')))"
    tell = f"__import__('pathlib').Path({str(pid_file)!r}).write_text({pids})"
    task = f"[{tell}, __import__('time').sleep(60)]"
    program = f"from lanci.jobs.workers import run_tasks\nif __name__ == '__main__': list(run_tasks(eval, [{task!r}]))"
    with subprocess.Popen([sys.executable, "-c", program]) as parent:
        for _ in range(200):
            if pid_file.exists() and pid_file.read_text().endswith("."):
                break
            time.sleep(0.1)
        parent.kill()
    assert not any(_stays(int(pid)) for pid in pid_file.read_text().split()[:2])


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
