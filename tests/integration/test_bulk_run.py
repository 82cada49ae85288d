"""``lanci run`` as a program: killed at any moment, on a full disk, on a disk that cannot be written."""

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pymupdf
import pytest

from lanci.bulk import State, open_store
from lanci.bulk.document_work import do_document
from lanci.bulk.keys import make_key
from lanci.bulk.tasks import DocumentTask
from lanci.jobs.flags import ParseFlags
from lanci.jobs.workers import NO_LIMITS

LANCI = [sys.executable, "-c", "from lanci.cli import main; main()"]
ROWS = (("科目编码", "科目名称", "合计"), ("", "合计", "12.50"), ("201", "一般公共服务支出", "12.50"))
IN_NAMESPACE = ["unshare", "-rm", "sh", "-c"]
N_KILLS = 4


def make_pdf(path: Path, *, pages: int = 1, password: str = "") -> Path:
    """The same small ruled table on every page; the number of pages makes the content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with pymupdf.open() as pdf:
        for _ in range(pages):
            page = pdf.new_page(width=400, height=300)
            page.insert_text((150, 40), "部门预算收入总表", fontname="china-s", fontsize=14)
            for row, texts in enumerate(ROWS):
                for col, text in enumerate(texts):
                    box = pymupdf.Rect(40 + 110 * col, 70 + 25 * row, 150 + 110 * col, 95 + 25 * row)
                    page.draw_rect(box, width=0.7)
                    page.insert_text((box.x0 + 5, box.y1 - 8), text, fontname="china-s", fontsize=9)
        locked = {"encryption": pymupdf.PDF_ENCRYPT_AES_256, "user_pw": password, "owner_pw": password}
        pdf.save(path, **(locked if password else {}))
    return path


@pytest.fixture(scope="module")
def inputs(tmp_path_factory) -> Path:
    """Documents, copies of them under other names, and files that give nothing."""
    folder = tmp_path_factory.mktemp("inputs")
    for pages in range(1, 6):
        make_pdf(folder / f"{pages} 预算.pdf", pages=pages)
        (folder / "副本").mkdir(exist_ok=True)
        shutil.copy(folder / f"{pages} 预算.pdf", folder / "副本" / f"{6 - pages}.pdf")
    (folder / "网页.pdf").write_text("<!DOCTYPE html><html><title>公告</title></html>")
    make_pdf(folder / "加密.pdf", password="secret")
    (folder / "断.pdf").write_bytes((folder / "5 预算.pdf").read_bytes()[:300])
    return folder


@pytest.fixture(scope="module")
def whole(inputs, tmp_path_factory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A store that one run filled, and what it said."""
    store = tmp_path_factory.mktemp("whole") / "store"
    return store, run("run", inputs, "--store", store, "--log", store.parent / "log.jsonl")


def run(*args: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*LANCI, *map(str, args)], capture_output=True, text=True, check=False, timeout=600)


def documents(store: Path) -> dict[str, bytes]:
    """All there is under ``documents``, hidden leftovers included."""
    folder = store / "documents"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def states(store: Path) -> dict[str, tuple[State, str]]:
    return {entry.paths[0]: (entry.state, entry.category) for entry in open_store(store).entries()}


def kill_tree(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL for a program and all that it started."""
    parent = psutil.Process(process.pid)
    for child in [parent, *parent.children(recursive=True)]:
        child.kill()
    process.wait()


def test_every_content_has_a_result_or_a_named_failure(whole, inputs):
    store, done = whole
    assert done.returncode == 1, done.stderr
    assert "5 of 8 documents done, 3 failed" in done.stdout.splitlines()[-1]
    assert states(store) == {
        **{f"{pages} 预算.pdf": (State.DONE, "") for pages in range(1, 6)},
        "加密.pdf": (State.FAILED, "encrypted"),
        "断.pdf": (State.FAILED, states(store)["断.pdf"][1]),
        "网页.pdf": (State.FAILED, "unsupported"),
    }
    assert all(len(document.paths) == 2 for document in open_store(store).documents())
    assert len(list(store.glob("documents/*/*"))) == 5
    log = [json.loads(line) for line in (store.parent / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["event"] for line in (log[0], log[-1])] == ["start", "end"]
    assert {line["path"] for line in log if line["event"] == "failed"} == {"加密.pdf", "断.pdf", "网页.pdf"}


def test_a_second_run_does_nothing_and_names_what_failed(whole, inputs):
    store, _ = whole
    before = {path: path.stat().st_mtime_ns for path in store.rglob("documents/*/*/*")}
    done = run("run", inputs, "--store", store)
    assert done.returncode == 1
    assert done.stdout.count("✗") == 3 and "✓" not in done.stdout and "5 before" in done.stdout
    assert {path: path.stat().st_mtime_ns for path in store.rglob("documents/*/*/*")} == before


def test_status(whole):
    store, _ = whole
    done = run("status", store, "--failed")
    assert done.returncode == 0
    assert "5 done, 3 failed" in done.stdout and "✗ 加密.pdf: encrypted" in done.stdout
    assert "a run is at work" not in done.stdout


def test_names_workers_and_order_leave_no_trace(whole, inputs, tmp_path):
    store = tmp_path / "another store"
    run("run", inputs / "副本", inputs / "3 预算.pdf", "--store", store, "--jobs", 2, "--recycle", 1)
    assert documents(store) == documents(whole[0])


def test_killed_at_any_moment_nothing_is_lost_and_nothing_half_is_taken(whole, inputs, tmp_path):
    store, moments = tmp_path / "store", random.Random(7)
    command = [*LANCI, "run", str(inputs), "--store", str(store), "--jobs", "2"]
    recorded: set[str] = set()
    for _ in range(N_KILLS):
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            assert process.stdout is not None
            process.stdout.readline()  # the first end: from here on results are written
            time.sleep(moments.uniform(0, 0.4))
            kill_tree(process)
        done = {entry.sha256 for entry in open_store(store).entries() if entry.state is State.DONE}
        assert recorded <= done, "what was recorded stays so"
        recorded = done
        for document in open_store(store).documents():
            assert document.read().source.sha256 == document.sha256
    assert run("run", inputs, "--store", store).returncode == 1
    assert documents(store) == documents(whole[0])
    assert states(store) == states(whole[0])


def test_files_that_vanish_or_change_during_the_run(inputs, tmp_path):
    (tmp_path / "store").mkdir()
    path = inputs / "1 预算.pdf"
    task = DocumentTask(
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        sources=(str(tmp_path / "gone.pdf"), str(path)),
        store=str(tmp_path / "store"),
        key=make_key(ParseFlags(), NO_LIMITS),
        flags=ParseFlags(),
    )
    assert do_document(task).state is State.DONE, "another file has the same content"
    gone = do_document(replace(task, sources=task.sources[:1]))
    assert (gone.state, gone.category, gone.retry) == (State.VANISHED, "vanished", False)
    changed = do_document(replace(task, sources=(str(inputs / "2 预算.pdf"),)))
    assert (changed.state, changed.category) == (State.FAILED, "changed")
    assert len(list((tmp_path / "store").glob("documents/*/*"))) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_ends_its_processes(inputs, tmp_path, number):
    store = tmp_path / "store"
    command = [*LANCI, "run", str(inputs), "--store", str(store)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        workers = psutil.Process(process.pid).children(recursive=True)
        os.kill(process.pid, number)
        process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert psutil.wait_procs(workers, timeout=20)[1] == []
    assert all(not path.name.startswith(".") for path in store.rglob("documents/*/*"))


def in_small_disk(disk: Path, commands: str) -> subprocess.CompletedProcess[str]:
    """Shell commands in a place of their own where ``disk`` is a file system that can be filled and locked."""
    program = f"mount -t tmpfs -o size=600k tmpfs {disk} && {commands}"
    return subprocess.run([*IN_NAMESPACE, program], capture_output=True, text=True, check=False, timeout=600)


@pytest.fixture(scope="module")
def may_mount(tmp_path_factory) -> None:
    if shutil.which("unshare") is None or in_small_disk(tmp_path_factory.mktemp("disk"), "true").returncode:
        pytest.skip("this system lets no user mount a file system of his own")


@pytest.mark.usefixtures("may_mount")
def test_a_full_disk_stops_the_run_and_room_lets_it_go_on(inputs, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    program = f"'{sys.executable}' -c 'from lanci.cli import main; main()' run '{inputs}' --store {disk}/store"
    done = in_small_disk(
        disk,
        f"dd if=/dev/zero of={disk}/filler bs=1k count=400 2>/dev/null; {program}; echo code $?; rm {disk}/filler; "
        f"mount -o remount,size=50m {disk}; {program}; echo code $?; cp -r {disk}/store {tmp_path}/kept",
    )
    assert done.stdout.count("code 1") == 2, done.stdout + done.stderr
    assert "✗ output: " in done.stderr and "run again" in done.stderr and "Traceback" not in done.stderr
    assert [state for state, _ in states(tmp_path / "kept").values()].count(State.DONE) == 5


@pytest.mark.usefixtures("may_mount")
def test_a_store_that_cannot_be_written_can_be_read(whole, inputs, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    program = f"'{sys.executable}' -c 'from lanci.cli import main; main()'"
    done = in_small_disk(
        disk,
        f"mount -o remount,size=50m {disk}; cp -r {whole[0]} {disk}/store; mount -o remount,ro {disk}; "
        f"{program} run '{inputs}' --store {disk}/store; echo code $?; {program} status {disk}/store",
    )
    assert "code 1" in done.stdout and "read-only" in done.stderr
    assert "5 done, 3 failed" in done.stdout
