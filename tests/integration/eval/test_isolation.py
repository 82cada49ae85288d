"""Whatever a system does, the harness gets an outcome, and nothing of the system is left behind."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import psutil
import pymupdf
import pytest

from lanci_eval.isolation import SystemProcess
from lanci_eval.records import Extraction, Status
from lanci_eval.systems.base import Limits, SystemRequest, UnavailableError
from lanci_eval.systems.options import SystemOptionError

LIMITS = Limits(seconds=30, mib=1024, prepare_seconds=30)
CELL = '{"row": 0, "col": 0, "text": "1"}'

FAULTS = '''
import ctypes, os, sys, time
from lanci_eval.records import EvalCell, EvalFragment, EvalTable, Extraction
from lanci_eval.systems.base import UnavailableError

TABLE = EvalTable("t001", 1, 1, (EvalCell(0, 0, 1, 1, "1", 1),), (EvalFragment(1, 0, 0),))

class Faults:
    """Does what the name of the document says."""

    name, summary, options = "faults", "", {"prepare": ""}

    def __init__(self, request, limits):
        self.when_preparing = request.option("prepare", "")
        self.leak = []

    def prepare(self):
        if self.when_preparing:
            getattr(self, self.when_preparing)()
        return {"faults": "1"}

    def extract(self, path):
        print("noise on standard output")
        os.write(1, b"{\\"status\\": \\"more noise\\"}\\n")
        getattr(self, path.stem)()
        return Extraction((TABLE,))

    def good(self): pass
    def segfault(self): ctypes.string_at(0)
    def leave(self): print("last words", file=sys.stderr, flush=True); os._exit(3)
    def fail(self): raise ValueError("a broken xref table")
    def hang(self): time.sleep(600)
    def missing(self): raise UnavailableError("buy a licence")
    def nonsense(self):
        for number in range(3, 40):  # a library that writes to every file it finds
            try: os.write(number, b"Hello\\n")
            except OSError: pass
        time.sleep(600)
    def eat(self): self.leak.append(bytearray(os.urandom(1) * 600 * 2**20)); time.sleep(600)
'''


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "one.pdf"
    with pymupdf.open() as document:
        document.new_page()
        document.save(path)
    return path


@pytest.fixture
def faults(tmp_path, monkeypatch):
    (tmp_path / "faults_system.py").write_text(FAULTS, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    def make(limits=LIMITS, **options):
        return SystemProcess(SystemRequest("faults_system:Faults", "faults", tuple(options.items())), limits)

    return make


def run_program(page, code, limits=LIMITS, arguments="{input}", **more):
    """The outcome of the system ``command`` with a small Python program."""
    program = page.parent / "program.py"
    program.write_text(textwrap.dedent(code), encoding="utf-8")
    options = (("run", f"{sys.executable} {program} {arguments}"), *more.items())
    with SystemProcess(SystemRequest("command", "mine", options), limits) as process:
        return process.run(page, 1)


def no_children():
    """No process of ours is left, not even as a zombie."""
    return psutil.Process().children(recursive=True) == []


def is_gone(pid):
    """Whether a process has ended; as an orphan it may wait for whoever adopted it to take note."""
    for _ in range(100):
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False


def test_a_program_that_prints_tables_is_read(page):
    outcome = run_program(page, f"""print('{{"tables": [{{"cells": [{CELL}]}}]}}')""")
    assert (outcome.system, outcome.status, outcome.message) == ("mine", Status.OK, "")
    assert outcome.extraction.tables[0].cells[0].text == "1"
    assert outcome.seconds is not None
    assert 0 < outcome.seconds < 30
    assert outcome.peak_mib is not None
    assert 5 < outcome.peak_mib < 1024


def test_a_program_may_write_a_file_and_print_what_it_likes(page):
    code = f"""
        import pathlib, sys
        print("page 1 of 1")
        assert pathlib.Path(sys.argv[1]).read_bytes().startswith(b"%PDF")
        pathlib.Path(sys.argv[2]).write_text('{{"tables": [{{"cells": [{CELL}]}}]}}')
    """
    outcome = run_program(page, code, arguments="{input} {output}")
    assert (outcome.status, len(outcome.extraction.tables)) == (Status.OK, 1)


def test_tables_of_pages_that_do_not_exist_are_thrown_out_and_the_others_stay(page):
    tables = f'{{"tables": [{{"page": 99, "cells": [{CELL}]}}, {{"cells": [{CELL}]}}]}}'
    outcome = run_program(page, f"print('{tables}')")
    assert outcome.status is Status.OK
    assert [table.id for table in outcome.extraction.tables] == ["t002"]
    assert outcome.remarks == (
        "table t001 was left out: the cell at row 0, column 0 is on page 99, the document has 1",
    )


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", Status.CRASHED, "SIGSEGV"),
        ("import sys; sys.exit('no licence')", Status.ERROR, "exit code 1"),
        ("print('Segmentation fault (core dumped)')", Status.GARBAGE, "begins with b'Segmentation"),
        ("print('{\"tables\": 7}')", Status.GARBAGE, "tables"),
        ("pass", Status.GARBAGE, "no JSON"),
    ],
)
def test_how_a_program_fails_is_told(page, code, status, words):
    outcome = run_program(page, code)
    assert outcome.status is status
    assert words in outcome.message
    assert outcome.extraction == Extraction()


def test_a_program_that_does_not_write_its_file_gives_garbage(page):
    outcome = run_program(page, "pass", arguments="{input} {output}")
    assert (outcome.status, outcome.message) == (Status.GARBAGE, "the program ended without writing {output}")


def test_a_program_that_hangs_and_ignores_signals_is_ended_with_its_children(page):
    code = """
        import os, pathlib, signal, subprocess, sys, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
        pathlib.Path(sys.argv[1]).with_name("pids").write_text(f"{os.getpid()} {child.pid}")
        time.sleep(600)
    """
    started = time.monotonic()
    outcome = run_program(page, code, Limits(seconds=2, prepare_seconds=30))
    assert (outcome.status, outcome.message) == (Status.TIMED_OUT, "it took more than 2 seconds")
    assert time.monotonic() - started < 20
    assert no_children()
    pids = page.with_name("pids").read_text().split()
    assert len(pids) == 2
    assert all(is_gone(int(pid)) for pid in pids)


def test_a_program_that_takes_too_much_memory_is_ended(page):
    code = "import time; block = bytearray(b'1' * 2**20) * 700; time.sleep(600)"
    outcome = run_program(page, code, Limits(seconds=60, mib=400, prepare_seconds=30))
    assert (outcome.status, outcome.message) == (Status.OUT_OF_MEMORY, "it held more than 400 MiB of memory")
    assert outcome.peak_mib is not None
    assert outcome.peak_mib > 400
    assert no_children()


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        ("segfault", Status.CRASHED, "its process was ended by SIGSEGV"),
        ("leave", Status.CRASHED, "its process ended with exit code 3; it said: "),
        ("leave", Status.CRASHED, "last words"),
        ("fail", Status.ERROR, "ValueError: a broken xref table"),
        ("missing", Status.UNAVAILABLE, "buy a licence"),
        ("nonsense", Status.GARBAGE, "something strange to the harness: b'Hello"),
    ],
)
def test_a_system_that_fails_is_reported_and_reads_the_next_document(page, faults, fault, status, words):
    with faults() as process:
        assert process.start() == {"faults": "1"}
        bad = process.run(page.with_stem(fault), 1)
        good = process.run(page.with_stem("good"), 1)
    assert bad.status is status
    assert words in bad.message
    assert bad.extraction == Extraction()
    assert (good.status, len(good.extraction.tables)) == (Status.OK, 1)
    assert no_children()


def test_a_system_that_stands_still_or_leaks_costs_one_document_each(page, faults):
    with faults(Limits(seconds=2, mib=400, prepare_seconds=30)) as process:
        statuses = [process.run(page.with_stem(fault), 1).status for fault in ("hang", "good", "eat", "good")]
    assert statuses == [Status.TIMED_OUT, Status.OK, Status.OUT_OF_MEMORY, Status.OK]
    assert no_children()


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("missing", "buy a licence"),
        ("fail", "it cannot get ready: ValueError: a broken xref table"),
        ("segfault", "it cannot get ready: its process was ended by SIGSEGV"),
        ("hang", "it cannot get ready: it took more than 3 seconds"),
    ],
)
def test_a_system_that_cannot_get_ready_is_unavailable(page, faults, fault, words):
    with faults(Limits(prepare_seconds=3), prepare=fault) as process:
        with pytest.raises(UnavailableError, match=words):
            process.start()
        assert no_children()


def test_the_process_stays_from_one_document_to_the_next(page):
    code = """
        import os
        print('{"lines": [{"page": 1, "text": "%d"}]}' % os.getppid())
    """
    program = page.parent / "program.py"
    program.write_text(textwrap.dedent(code), encoding="utf-8")
    request = SystemRequest("command", "mine", (("run", f"{sys.executable} {program}"),))
    with SystemProcess(request, LIMITS) as process:
        parents = {process.run(page, 1).extraction.lines[0].text for _ in range(2)}
    assert len(parents) == 1


def test_unknown_systems_and_options_are_usage_errors():
    for request, words in [
        (SystemRequest("camelot-lattise", "x"), "there are lanci, width-and-header, camelot-lattice"),
        (SystemRequest("lanci", "x", (("speed", "1"),)), "its options are alignment, dpi, force_ocr, ocr, stitch"),
        (SystemRequest("lanci", "x", (("dpi", "nan"),)), "dpi=nan is no number from 50 to 600"),
        (SystemRequest("pymupdf", "x", (("layout", "maybe"),)), "neither on nor off"),
        (SystemRequest("command", "x", (("run", "a 'b"),)), "cannot be split"),
    ]:
        with pytest.raises(SystemOptionError, match=words):
            SystemProcess(request, LIMITS)


def test_threads_are_limited_and_downloads_forbidden(page):
    code = """
        import json, os
        names = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "HF_HUB_OFFLINE"]
        print(json.dumps({"lines": [{"page": 1, "text": os.environ[name]} for name in names]}))
    """
    outcome = run_program(page, code, Limits(threads=3))
    assert [line.text for line in outcome.extraction.lines] == ["3", "3", "1"]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_when_the_harness_is_interrupted_or_killed_the_system_ends_too(page, how):
    program = page.parent / "program.py"
    program.write_text(
        "import os, pathlib, sys, time\n"
        "pids = pathlib.Path(sys.argv[1]).with_name('new')\n"
        "pids.write_text(f'{os.getpid()} {os.getppid()}')\n"
        "pids.rename(pids.with_name('pids'))\n"
        "time.sleep(600)\n",
        encoding="utf-8",
    )
    harness = (
        "import pathlib, sys\n"
        "from lanci_eval.isolation import SystemProcess\n"
        "from lanci_eval.systems.base import Limits, SystemRequest\n"
        "request = SystemRequest('command', 'x', (('run', f'{sys.executable} {sys.argv[2]}'),))\n"
        "with SystemProcess(request, Limits()) as process:\n"
        "    process.run(pathlib.Path(sys.argv[1]), 1)\n"
    )
    pids = page.with_name("pids")
    parent = subprocess.Popen(
        [sys.executable, "-c", harness, page, program],
        stderr=subprocess.DEVNULL,
        env=os.environ | {"TMPDIR": str(page.parent)},  # what a killed harness leaves behind
    )
    for _ in range(600):
        if pids.exists():
            break
        time.sleep(0.05)
    os.kill(parent.pid, how)
    parent.wait(20)
    assert all(is_gone(int(pid)) for pid in pids.read_text().split())
