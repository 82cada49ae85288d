"""Runs over a store: what is done, what is left, what is told, with an engine that does as its files say."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from tests.bulk_engines import InlineEngine, RunDiedError, work_as_told
from tests.unreadable import make_unreadable

from lanci.bulk import State, open_store
from lanci.bulk.inputs import find_inputs
from lanci.bulk.intake import take_in
from lanci.bulk.keys import make_key
from lanci.bulk.layout import LEDGER_FILE, document_folder, is_locked, lock_store, prepare_store
from lanci.bulk.local_engine import LocalEngine
from lanci.bulk.place import open_place, prepare_place
from lanci.bulk.rebuild import open_ledger
from lanci.bulk.results import open_results, read_result
from lanci.bulk.run import Recorded, RunPlan, plan_work, work_off
from lanci.errors import DamagedError, OutputError, StoreError, UnsupportedInputError
from lanci.jobs.flags import ParseFlags
from lanci.jobs.workers import Limits
from lanci.override_file import read_override_file
from lanci.store.swap import target_to_aside

ROOT = Path(__file__).parents[2]


def write(folder: Path, **files: str) -> Path:
    """Files ``<name>.pdf`` with these texts."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.pdf").write_text(text)
    return folder


def run(store: Path, *inputs: object, engine=None, flags=None, dies_at=None, **plan) -> list[str]:
    """One run; returns what the engine was given, in order. With ``dies_at`` the run dies while it is at that one."""
    engine = engine or InlineEngine(dies_at)
    flags = flags or ParseFlags()
    place = open_place(str(store))
    prepare_place(place)
    with lock_store(store), open_ledger(place.results, place.ledger) as ledger:
        ledger.begin_run(1)
        take_in(ledger, find_inputs([str(path) for path in inputs], store), lambda _: None)
        order = RunPlan(store=place.address, results=place.results, flags=flags, key=make_key(flags, Limits()), **plan)
        plan_work(ledger, order)
        with closing(work_off(ledger, order, engine)) as events:
            try:
                assert all(isinstance(event, Recorded) for event in events)
            except RunDiedError:
                return engine.given
        ledger.end_run()
    return getattr(engine, "given", [])


def states(store: Path) -> dict[str, str]:
    return {entry.paths[0]: entry.state.value for entry in open_store(store).entries()}


def test_one_result_for_each_content(tmp_path):
    inputs = write(tmp_path / "in", a="1", b="2", c="1")
    write(inputs / "sub", d="2")
    store = tmp_path / "store"
    assert sorted(run(store, inputs)) == ["1", "2"]
    documents = list(open_store(store).documents())
    assert {document.paths for document in documents} == {("a.pdf", "c.pdf"), ("b.pdf", "sub/d.pdf")}
    assert [document.sha256 for document in documents] == sorted(document.sha256 for document in documents)
    assert all(document.read().source.sha256 == document.sha256 for document in documents)
    assert run(store, inputs) == []


def test_only_what_is_new_or_changed_is_done(tmp_path):
    inputs, store = write(tmp_path / "in", a="1", b="2"), tmp_path / "store"
    run(store, inputs)
    write(inputs, b="3", c="4", d="1")
    assert sorted(run(store, inputs)) == ["3", "4"]
    assert len(list(open_store(store).documents())) == 4, "the result of the old content stays"


def test_a_touched_file_is_read_again_and_not_done_again(tmp_path):
    inputs, store = write(tmp_path / "in", a="1"), tmp_path / "store"
    run(store, inputs)
    os.utime(inputs / "a.pdf", ns=(1, 1))
    assert run(store, inputs) == []


def test_a_result_that_was_removed_is_made_again(tmp_path):
    inputs, store = write(tmp_path / "in", a="1", b="2"), tmp_path / "store"
    run(store, inputs)
    shutil.rmtree(document_folder(store, next(open_store(store).documents()).sha256))
    assert len(run(store, inputs)) == 1
    assert len(list(open_store(store).documents())) == 2


def test_failures_are_left_until_they_are_asked_for(tmp_path):
    inputs, store = write(tmp_path / "in", a="damaged", b="2"), tmp_path / "store"
    run(store, inputs)
    entry = next(entry for entry in open_store(store).entries() if entry.state is State.FAILED)
    assert (entry.category, entry.page, entry.attempts, entry.paths) == ("damaged", 3, 1, ("a.pdf",))
    assert run(store, inputs) == []
    assert run(store, inputs, retry_failed=True) == ["damaged"]
    assert run(store, inputs, flags=ParseFlags(max_pages=7)) == ["damaged"], "under another limit it may succeed"


def test_what_kills_its_process_is_tried_so_often_and_last(tmp_path):
    inputs, store = write(tmp_path / "in", a="crash", b="2", c="3"), tmp_path / "store"
    given = run(store, inputs, max_attempts=3)
    assert sorted(given[:3]) == ["2", "3", "crash"] and given[3:] == ["crash", "crash"]
    entry = next(entry for entry in open_store(store).entries() if entry.state is State.FAILED)
    assert (entry.category, entry.attempts) == ("crash", 3)
    assert run(store, inputs) == []
    assert run(store, inputs, retry_failed=True, max_attempts=1) == ["crash"]


def test_a_run_that_dies_is_gone_on_with(tmp_path):
    inputs, store = write(tmp_path / "in", a="1", b="2", c="3", d="4"), tmp_path / "store"
    first = run(store, inputs, dies_at=2)
    second = run(store, inputs)
    assert len(first) == 2, "the second result is whole, though the run died before it was recorded"
    assert sorted(first + second) == ["1", "2", "3", "4"]
    assert open_store(store).totals().states == ((State.DONE, 4),)


def test_what_was_in_work_when_a_run_died_comes_last(tmp_path):
    inputs, store = write(tmp_path / "in", a="1", b="2", c="3", d="4"), tmp_path / "store"
    lost = run(store, inputs, dies_at=1)
    shutil.rmtree(store / "documents")
    assert run(store, inputs)[-1:] == lost


def test_what_a_dead_run_left_behind_is_removed(tmp_path):
    inputs, store = write(tmp_path / "in", a="1"), tmp_path / "store"
    run(store, inputs, dies_at=1)
    (result,) = store.glob("documents/*/*")
    shutil.copytree(result, result.with_name(".lanci-tmp-1-00"))
    assert run(store, inputs) == []
    assert list(store.glob("documents/*/*")) == [result]


def test_what_died_while_a_result_was_replaced_is_put_right(tmp_path):
    """Where folders cannot be exchanged, the old one is aside for a moment: a run may die then, and lose its ledger."""
    inputs, store = write(tmp_path / "in", a="1", b="2"), tmp_path / "store"
    run(store, inputs)
    before = {path: path.read_bytes() for path in store.glob("documents/*/*/*.*")}
    first, second = store.glob("documents/*/*")
    first.rename(target_to_aside(first))
    shutil.copytree(second, target_to_aside(second))
    shutil.copytree(second, second.with_name(".lanci-tmp-1-00"))
    assert len([document.read() for document in open_store(store).documents()]) == 2, "readers find the old one"
    (store / LEDGER_FILE).unlink()
    assert run(store, inputs) == []
    assert {path: path.read_bytes() for path in store.glob("documents/*/*/*.*")} == before


_ENDLESS_WRITER = """
import sys
from dataclasses import replace
from lanci.bulk.results import open_results
from lanci.store import swap
from tests.bulk_engines import make_result
swap.exchange_folders = lambda one, other: False  # as on a network disk
results = open_results(sys.argv[1])
document = make_result("0" * 64, "key")
while True:
    for pages in (1, 200):
        results.put(replace(document, pages=document.pages[:1] * pages), "0" * 64)
        print(pages, flush=True)
"""


def test_who_reads_a_result_that_is_replaced_in_two_moves(tmp_path):
    results = open_results(str(tmp_path))
    command = [sys.executable, "-c", _ENDLESS_WRITER, str(tmp_path)]
    for _ in range(3):
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as writer:
            assert writer.stdout is not None and writer.stdout.readline() == b"1\n"
            sizes = {len(read_result(results, "0" * 64).pages) for _ in range(300)}
            writer.kill()
        assert sizes <= {1, 200}
        assert len(read_result(results, "0" * 64).pages) in (1, 200)
    results.tidy()
    assert [path.name for path in tmp_path.glob("documents/*/*")] == ["0" * 64]


def test_other_options_do_what_they_concern_again(tmp_path):
    inputs, store = write(tmp_path / "in", a="1", b="ocr", c="damaged"), tmp_path / "store"
    run(store, inputs)
    assert sorted(run(store, inputs, flags=ParseFlags(ocr="tesseract"))) == ["damaged", "ocr"]
    assert sorted(run(store, inputs, flags=ParseFlags(ocr="tesseract", dpi=300))) == ["1", "damaged", "ocr"]
    assert run(store, inputs, flags=ParseFlags(ocr="tesseract", dpi=300, max_pages=9)) == ["damaged"]


def test_an_old_result_stays_until_the_new_one_is_there(tmp_path):
    inputs, store = write(tmp_path / "in", a="1", b="2"), tmp_path / "store"
    run(store, inputs)
    run(store, inputs, flags=ParseFlags(dpi=300), dies_at=2)
    documents = list(open_store(store).documents())
    assert len(documents) == 2 and sum(document.outdated for document in documents) == 1
    assert all(document.read().pages for document in documents)
    run(store, inputs, flags=ParseFlags(dpi=300))
    assert not any(document.outdated for document in open_store(store).documents())


def test_going_back_to_the_options_of_a_result_that_is_there(tmp_path):
    inputs, store = write(tmp_path / "in", a="1", b="2", c="3"), tmp_path / "store"
    run(store, inputs)
    run(store, inputs, flags=ParseFlags(dpi=300), dies_at=2)
    assert len(run(store, inputs)) == 2, "one was made with the other options, one was made so and not recorded"
    assert not any(document.outdated for document in open_store(store).documents())


def test_joins_of_one_document_concern_that_alone(tmp_path):
    inputs, store = write(tmp_path / "in", a="1", b="2"), tmp_path / "store"
    run(store, inputs)
    overrides = tmp_path / "o.toml"
    overrides.write_text('schema = "lanci/overrides/1"\n[[documents]]\nname = "b.pdf"\njoin = ["2"]\n')
    flags = ParseFlags(overrides=read_override_file(overrides))
    assert run(store, inputs, flags=flags) == ["2"]
    assert run(store, inputs, flags=flags) == []
    overrides.write_text(f'schema = "lanci/overrides/1"\n[[documents]]\nname = "b.pdf"\nsha256 = "{"0" * 64}"\n')
    assert run(store, inputs, flags=ParseFlags(overrides=read_override_file(overrides))) == []
    assert states(store)["b.pdf"] == "failed"


def test_inputs_without_a_file_are_named(tmp_path):
    inputs, store = write(tmp_path / "in", a="1"), tmp_path / "store"
    manifest = tmp_path / "list.txt"
    manifest.write_text("in/a.pdf\nin/none.pdf\n")
    run(store, manifest, tmp_path / "nowhere", inputs)
    entries = [entry for entry in open_store(store).entries() if entry.sha256 is None]
    assert [entry.state for entry in entries] == [State.FAILED] * 2
    assert any("line 2" in entry.message for entry in entries)


def test_links_to_nowhere_and_folders_that_cannot_be_read_are_named(tmp_path):
    inputs, store = write(tmp_path / "in", a="1"), tmp_path / "store"
    (inputs / "link.pdf").symlink_to("nowhere.pdf")
    make_unreadable(inputs)
    assert run(store, inputs) == ["1"]
    (unread,) = (name for name in states(store) if name not in ("a.pdf", "link.pdf"))
    assert states(store) == {"a.pdf": "done", "link.pdf": "failed", unread: "failed"}
    (inputs / "nowhere.pdf").write_text("1")
    assert run(store, inputs) == []
    assert states(store) == {"a.pdf": "done", unread: "failed"}, "it has the content of another file"


def test_what_vanishes_is_told_and_its_result_stays(tmp_path):
    inputs, store = write(tmp_path / "in", a="1", b="damaged"), tmp_path / "store"
    run(store, inputs)
    (inputs / "a.pdf").unlink()
    (inputs / "b.pdf").unlink()
    write(inputs, c="3")
    run(store, inputs)
    assert states(store) == {"a.pdf": "done", "b.pdf": "vanished", "c.pdf": "done"}
    write(inputs, b="damaged")
    assert run(store, inputs) == ["damaged"]


def test_the_store_is_no_input(tmp_path):
    write(tmp_path, a="1")
    store = tmp_path / "store"
    run(store, tmp_path)
    write(document_folder(store, "00"), x="9")
    assert run(store, tmp_path) == []


def test_a_full_disk_stops_the_run_and_is_no_fault_of_the_document(tmp_path):
    inputs, store = write(tmp_path / "in", a="full"), tmp_path / "store"
    with pytest.raises(OutputError, match=r"no space left.*run again"):
        run(store, inputs)
    write(inputs, b="2")
    with pytest.raises(OutputError):
        run(store, inputs)
    assert states(store)["a.pdf"] == "pending"


@pytest.mark.parametrize("damage", [b"", b"no database at all" * 100, None], ids=["empty", "other", "torn"])
def test_a_damaged_ledger_is_made_anew_from_the_results(tmp_path, damage, caplog):
    inputs, store = write(tmp_path / "in", a="1", b="2", c="ocr"), tmp_path / "store"
    run(store, inputs)
    ledger = store / LEDGER_FILE
    content = ledger.read_bytes()
    ledger.write_bytes(content[:4096] + b"\xff" * 8192 + content[12288:] if damage is None else damage)
    assert run(store, inputs) == []
    assert "made anew from the 3 results" in caplog.text
    assert sorted(states(store)) == ["a.pdf", "b.pdf", "c.pdf"]


def test_a_result_that_is_not_whole_is_not_taken_over(tmp_path):
    inputs, store = write(tmp_path / "in", a="1", b="2"), tmp_path / "store"
    run(store, inputs)
    (store / LEDGER_FILE).unlink()
    document = next(iter(sorted(store.glob("documents/*/*/document.json"))))
    document.write_text(document.read_text()[:-20])
    assert len(run(store, inputs)) == 1


def test_a_ledger_of_a_newer_lanci(tmp_path):
    inputs, store = write(tmp_path / "in", a="1"), tmp_path / "store"
    run(store, inputs)
    with closing(sqlite3.connect(store / LEDGER_FILE)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(UnsupportedInputError, match="newer lanci"):
        run(store, inputs)


def test_two_runs_at_once(tmp_path):
    store = tmp_path / "store"
    prepare_store(store)
    assert not is_locked(store)
    with lock_store(store):
        assert is_locked(store)
        with pytest.raises(StoreError, match="another lanci run"):
            run(store, tmp_path)


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ('{"schema": "lanci/store/2", "lanci": "9.1"}', UnsupportedInputError, "lanci 9.1.*update lanci"),
        ('{"schema": "lanci/store/0"}', UnsupportedInputError, "the lanci that made it"),
        ('{"schema": "other"}', DamagedError, "no schema of a store"),
        ("[]", DamagedError, "no schema of a store"),
        ("{", DamagedError, "no JSON"),
    ],
)
def test_stores_of_other_versions(tmp_path, text, error, words):
    (tmp_path / "store.json").write_text(text)
    for opened in (prepare_store, open_store):
        with pytest.raises(error, match=words):
            opened(tmp_path)


def test_folders_that_are_no_store(tmp_path):
    write(tmp_path, a="1")
    with pytest.raises(UnsupportedInputError, match="no store of lanci"):
        prepare_store(tmp_path)
    with pytest.raises(UnsupportedInputError, match="no store of lanci"):
        open_store(tmp_path)
    with pytest.raises(OutputError, match="cannot be made"):
        prepare_store(tmp_path / "a.pdf" / "store")


def test_names_that_are_no_unicode(tmp_path):
    inputs, store = write(tmp_path / "in", a="1"), tmp_path / "store"
    Path(os.fsdecode(os.fsencode(inputs) + b"/\xff.pdf")).write_text("2")
    assert len(run(store, inputs)) == 2
    assert sorted(states(store)) == ["\\udcff.pdf", "a.pdf"]
    assert run(store, inputs) == []


@pytest.mark.parametrize(("told", "category"), [("segfault", "crash"), ("hang", "timeout"), ("hog", "memory")])
def test_a_poisonous_document_costs_itself_only(tmp_path, told, category):
    inputs, store = write(tmp_path / "in", a="1", poison=told, c="3"), tmp_path / "store"
    limits = Limits(seconds=10 if told == "hang" else 300, memory_bytes=600 << 20)
    engine = LocalEngine(1, limits, 30, work=work_as_told)
    run(store, inputs, engine=engine, max_attempts=1)
    assert states(store) == {"a.pdf": "done", "c.pdf": "done", "poison.pdf": "failed"}
    (entry,) = (entry for entry in open_store(store).entries() if entry.state is State.FAILED)
    assert entry.category == category


def test_the_same_bytes_whatever_the_order(tmp_path):
    one, other = write(tmp_path / "1", a="1", b="ocr"), write(tmp_path / "2", z="1", y="ocr")
    run(tmp_path / "s1", one)
    run(tmp_path / "s2", other / "y.pdf")
    run(tmp_path / "s2", other / "z.pdf")
    trees = [
        {str(path.relative_to(store)): path.read_bytes() for path in (store / "documents").rglob("*.*")}
        for store in (tmp_path / "s1", tmp_path / "s2")
    ]
    assert trees[0] == trees[1] and trees[0]
    assert json.loads((tmp_path / "s1" / "store.json").read_text())["schema"] == "lanci/store/1"
