"""The same work on a Ray cluster: two nodes, one of them killed half-way, and the bytes of a run on one machine."""

from __future__ import annotations

import hashlib
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from click.testing import CliRunner

from lanci.bulk.keys import make_key
from lanci.bulk.layout import prepare_store
from lanci.bulk.local_engine import LocalEngine
from lanci.bulk.ray_engine import RayEngine
from lanci.bulk.records import State
from lanci.bulk.tasks import DocumentEnd, DocumentTask
from lanci.cli.commands import commands
from lanci.errors import EngineError, ExitCode, MissingProgramError
from lanci.jobs.flags import ParseFlags
from lanci.jobs.workers import Limits

pytestmark = [pytest.mark.ray, pytest.mark.filterwarnings("ignore::DeprecationWarning:ray.*")]
ray = pytest.importorskip("ray", reason="needs lanci[ray]")

LIMITS = Limits(seconds=60)
WORK = """
import os, time
from pathlib import Path
import psutil
from lanci.bulk.document_work import do_document
from lanci.bulk.records import State
from lanci.bulk.tasks import DocumentEnd

def be_caught(task):
    folder = Path({folder!r})
    (folder / "begun" / task.sha256).touch()
    if int((folder / "doomed").read_text()) in [process.pid for process in psutil.Process().parents()]:
        (folder / "caught").touch()
        time.sleep(50)
    return do_document(task)

def hang_or_crash(task):
    if "hang" in task.sources[0]:
        time.sleep(60)
    if "crash" in task.sources[0]:
        os.abort()
    return DocumentEnd(sha256=task.sha256, state=State.DONE)
"""


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A module with what the workers do, which all processes can import."""
    folder = tmp_path_factory.mktemp("work")
    (folder / "begun").mkdir()
    (folder / "lanci_ray_work.py").write_text(WORK.format(folder=str(folder)))
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        patch.setenv("PYTHONPATH", os.pathsep.join((str(folder), *filter(None, sys.path))))
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        yield __import__("lanci_ray_work")


@contextmanager
def cluster_of_two() -> Iterator[tuple[Any, Any]]:
    """A cluster and the second of its nodes, which is none of the driver's."""
    from ray.cluster_utils import Cluster

    node_options = {"num_cpus": 1, "object_store_memory": 80 * 2**20, "include_dashboard": False}
    noticing = {"health_check_period_ms": 300, "health_check_timeout_ms": 5000, "health_check_failure_threshold": 3}
    cluster = Cluster(initialize_head=True, head_node_args={**node_options, "_system_config": noticing})
    try:
        yield cluster, cluster.add_node(**node_options)
    finally:
        ray.shutdown()
        cluster.shutdown()


def make_tasks(folder: Path, store: Path, names: list[str]) -> list[DocumentTask]:
    """A task for a tiny PDF of each name."""
    folder.mkdir(exist_ok=True)
    prepare_store(store)
    tasks = []
    for name in names:
        path = folder / f"{name}.pdf"
        if not path.exists():
            with pymupdf.open() as made:
                made.new_page().insert_text((72, 72), f"document {name}")
                made.save(path, no_new_id=True)
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        key = make_key(ParseFlags(), LIMITS)
        tasks.append(DocumentTask(sha256=sha256, sources=(str(path),), store=str(store), key=key, flags=ParseFlags()))
    return tasks


def ends_of(engine: Any, tasks: list[DocumentTask]) -> dict[str, DocumentEnd]:
    ends = [event for event in engine.run(iter(tasks)) if isinstance(event, DocumentEnd)]
    assert len(ends) == len({end.sha256 for end in ends}) == len(tasks)
    return {end.sha256: end for end in ends}


def bytes_of(store: Path) -> dict[str, bytes]:
    return {str(path.relative_to(store)): path.read_bytes() for path in store.rglob("*") if path.is_file()}


def test_a_node_killed_half_way_costs_a_retry_and_no_byte(tmp_path: Path, work: Any) -> None:
    names = [str(number) for number in range(8)]
    local, remote = (make_tasks(tmp_path / "in", tmp_path / name, names) for name in ("local", "remote"))
    ends_of(LocalEngine(1, LIMITS, 30), local)
    folder = Path(work.__file__).parent
    ended = threading.Event()
    with cluster_of_two() as (cluster, node):
        (folder / "doomed").write_text(str(node.all_processes["raylet"][0].process.pid))
        engine = RayEngine(cluster.address, None, LIMITS, 30, work.be_caught)
        assert engine.slots == 2

        def kill_half_way() -> None:
            begun, caught = folder / "begun", folder / "caught"
            while not ended.wait(0.05):
                if caught.exists() and len(list(begun.iterdir())) >= len(names) // 2:
                    cluster.remove_node(node, allow_graceful=False)
                    return

        killer = threading.Thread(target=kill_half_way)
        killer.start()
        try:
            ends = ends_of(engine, remote)
        finally:
            ended.set()
            killer.join()
        engine.close()
    assert (folder / "caught").exists(), "the node that is killed was at a document"
    assert {end.state for end in ends.values()} == {State.DONE}
    assert bytes_of(tmp_path / "remote") == bytes_of(tmp_path / "local")


def test_a_bad_document_ends_as_on_one_machine_and_a_misfit_machine_ends_the_run(tmp_path: Path, work: Any) -> None:
    limits = Limits(seconds=20)
    tasks = make_tasks(tmp_path / "in", tmp_path / "store", ["good", "hang", "crash", "good too"])
    tasks = [replace(task, key=make_key(ParseFlags(), limits)) for task in tasks]
    engine = RayEngine(None, 1, limits, 30, work.hang_or_crash)
    try:
        ends = ends_of(engine, tasks)
        by_name = {Path(task.sources[0]).stem: ends[task.sha256] for task in tasks}
        assert {name: (end.state, end.category, end.retry) for name, end in by_name.items()} == {
            "good": (State.DONE, "", False),
            "hang": (State.FAILED, "timeout", True),
            "crash": (State.FAILED, "crash", True),
            "good too": (State.DONE, "", False),
        }

        other = replace(tasks[0], key=replace(tasks[0].key, plain="of another version"))
        (end,) = ends_of(engine, [other]).values()
        assert (end.category, end.stop) == ("engine", True) and "other versions" in end.message
        (end,) = ends_of(engine, [replace(tasks[0], store=str(tmp_path / "elsewhere"))]).values()
        assert (end.category, end.stop) == ("engine", True) and "elsewhere" in end.message
    finally:
        engine.close()


def test_lanci_run_on_a_cluster_of_its_own(tmp_path: Path) -> None:
    make_tasks(tmp_path / "in", tmp_path / "local", ["1", "2"])
    (tmp_path / "in" / "false.pdf").write_text("no document")
    for store, options in (("local", ()), ("ray", ("--engine", "ray", "--jobs", "1"))):
        arguments = ["run", str(tmp_path / "in"), "--store", str(tmp_path / store), "--quiet", *options]
        done = CliRunner().invoke(commands, arguments, standalone_mode=False)
        assert done.return_value is ExitCode.SOME_FAILED, done.output
        assert "2 of 3 documents done, 1 failed (1 unsupported)" in done.output
    assert bytes_of(tmp_path / "ray" / "documents") == bytes_of(tmp_path / "local" / "documents") != {}


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingProgramError, match=r"lanci\[ray\]"):
        RayEngine(None, 1, LIMITS, 30)


def test_a_cluster_that_is_not_there_is_named() -> None:
    with pytest.raises(EngineError, match=r"127\.0\.0\.1:9 cannot be had"):
        RayEngine("127.0.0.1:9", None, LIMITS, 30)
