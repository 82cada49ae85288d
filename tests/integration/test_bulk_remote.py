"""Inputs and results behind ``s3://``, against a server of its own."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest
from click.testing import CliRunner

from lanci.bulk import open_store
from lanci.bulk.remote import (
    RemoteFile,
    fetch,
    find_remote,
    find_tag,
    is_remote,
    list_folders,
    publish_folder,
    read_remote,
    write_remote,
)
from lanci.cli.commands import commands
from lanci.errors import ExitCode, MissingProgramError, StorageError, UnsupportedInputError

pytest.importorskip("s3fs", reason="needs lanci[s3]")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of an S3 server that lives as long as this module's tests."""
    moto = pytest.importorskip("moto.server", reason="needs moto[s3] and flask-cors")
    running = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[str]:
    """A new bucket, reached by what is in the environment alone."""
    import s3fs

    monkeypatch.setenv("AWS_ENDPOINT_URL", server)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    s3fs.S3FileSystem.clear_instance_cache()
    name = "bucket-" + hashlib.sha256(request.node.name.encode()).hexdigest()[:12]
    s3fs.S3FileSystem().mkdir(name)
    yield f"s3://{name}"
    s3fs.S3FileSystem.clear_instance_cache()


def test_inputs_are_found_by_name_folder_and_pattern(bucket: str, tmp_path: Path) -> None:
    for name in ("省/预算 2023.pdf", "省/市/决算.PDF", "省/说明.txt", "省/.隐藏/旧.pdf", "省/~$开.docx"):
        write_remote(f"{bucket}/{name}", name.encode())
    both = [f"{bucket}/省/市/决算.PDF", f"{bucket}/省/预算 2023.pdf"]
    assert [file.url for file in find_remote(f"{bucket}/省/")] == both
    assert [file.url for file in find_remote(bucket)] == both
    assert [file.url for file in find_remote(f"{bucket}/**/*.pdf")] == both[1:]
    (named,) = find_remote(f"{bucket}/省/说明.txt")
    write_remote(f"{bucket}/省/说明.txt", b"other")
    (changed,) = find_remote(f"{bucket}/省/说明.txt")
    assert changed.tag not in ("", named.tag)
    assert fetch(changed.url, tmp_path).read_bytes() == b"other"
    assert changed == RemoteFile(named.url, changed.tag)


def test_a_published_folder_replaces_the_old_one_and_its_document_goes_last(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import s3fs

    order: list[str] = []
    put = s3fs.S3FileSystem._put_file

    async def seen(self: object, lpath: str, rpath: str, *args: object, **kwargs: object) -> object:
        order.append(rpath.rpartition("/")[2])
        return await put(self, lpath, rpath, *args, **kwargs)

    monkeypatch.setattr(s3fs.S3FileSystem, "_put_file", seen)
    s3fs.S3FileSystem.clear_instance_cache()
    url = f"{bucket}/store/documents/ab/abcd"
    for tables in (("t001_总表.csv", "t002_收入.csv"), ("t001_支出.csv",)):
        folder = tmp_path / tables[0]
        (folder / "tables").mkdir(parents=True)
        for name in ("document.json", "records.csv", *(f"tables/{table}" for table in tables)):
            (folder / name).write_text(name)
        order.clear()
        publish_folder(folder, url)
        assert order[-1] == "document.json" and len(order) == 2 + len(tables)
    assert list(list_folders(f"{url}/tables")) == ["t001_支出.csv"]
    assert list(list_folders(f"{bucket}/store/documents")) == ["ab"]
    assert list(list_folders(f"{bucket}/nowhere")) == []
    assert read_remote(f"{url}/document.json") == b"document.json"
    assert find_tag(f"{url}/document.json") != "" == find_tag(f"{url}/other.json")


def test_what_is_not_there_or_not_allowed_is_named(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UnsupportedInputError, match="no document there"):
        find_remote(f"{bucket}/nothing/")
    with pytest.raises(UnsupportedInputError, match="no such file"):
        fetch(f"{bucket}/nothing.pdf", tmp_path)
    with pytest.raises(UnsupportedInputError, match="no-such-bucket"):
        write_remote("s3://no-such-bucket/file", b"")
    with pytest.raises(UnsupportedInputError, match="s3:// addresses"):
        fetch("gopher://somewhere/file.pdf", tmp_path)
    with pytest.raises(UnsupportedInputError, match="in the environment") as caught:
        fetch("s3://key:secret@bucket/file.pdf", tmp_path)
    assert "secret" not in str(caught.value)
    assert is_remote("s3://bucket/文件.pdf") and not is_remote("/文件:/a.pdf") and not is_remote("C:\\a.pdf")


def test_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("fsspec.core", "botocore.exceptions"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingProgramError, match=r"lanci\[s3\]"):
        read_remote("s3://bucket/file")


def test_a_server_that_does_not_answer_is_a_storage_error(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import s3fs

    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    s3fs.S3FileSystem.clear_instance_cache()
    monkeypatch.setattr(s3fs.S3FileSystem, "retries", 1)
    with pytest.raises(StorageError, match="AWS_ENDPOINT_URL"):
        read_remote("s3://bucket/file")


def test_a_run_from_and_to_an_address_gives_the_bytes_of_a_local_one(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANCI_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("一.pdf", "二.pdf"):
        with pymupdf.open() as made:
            made.new_page().insert_text((72, 72), f"document {len(name)} {ord(name[0])}")
            made.save(folder / name, no_new_id=True)
        write_remote(f"{bucket}/in/{name}", (folder / name).read_bytes())
    write_remote(f"{bucket}/in/copies/一.pdf", (folder / "一.pdf").read_bytes())
    write_remote(f"{bucket}/in/false.pdf", b"no document")
    (folder / "false.pdf").write_bytes(b"no document")
    local, remote = tmp_path / "store", f"{bucket}/store"
    assert run(folder, local) == run(f"{bucket}/in/", remote) == ExitCode.SOME_FAILED
    written = download(remote)
    assert {name: content for name, content in written.items() if name.startswith("documents/")} == {
        path.relative_to(local).as_posix(): path.read_bytes() for path in local.glob("documents/**/*") if path.is_file()
    }
    assert len([name for name in written if name.endswith("document.json")]) == 2
    assert {"store.json", "ledger.sqlite"} < set(written)
    assert [entry.paths for entry in open_store(remote).entries() if entry.sha256 and entry.key] in (
        [("copies/一.pdf", "一.pdf"), ("二.pdf",)],
        [("二.pdf",), ("copies/一.pdf", "一.pdf")],
    )

    # another machine goes on with the ledger beside the results: it parses nothing again
    monkeypatch.setenv("LANCI_CACHE", str(tmp_path / "other"))
    assert [document.read().source.n_pages for document in open_store(remote).documents()] == [1, 1]
    before = {entry.sha256: entry.seconds for entry in open_store(remote).entries()}
    assert run(f"{bucket}/in/", remote) == ExitCode.SOME_FAILED
    assert {entry.sha256: entry.seconds for entry in open_store(remote).entries()} == before

    # without any ledger it is made anew from the results
    import s3fs

    s3fs.S3FileSystem().rm(f"{remote}/ledger.sqlite")
    monkeypatch.setenv("LANCI_CACHE", str(tmp_path / "third"))
    assert run(f"{bucket}/in/", remote) == ExitCode.SOME_FAILED
    assert {entry.seconds for entry in open_store(remote).entries() if entry.key} == {None}
    assert download(remote)["store.json"] == written["store.json"]


def test_an_address_that_holds_no_store_or_another_one_is_refused(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANCI_CACHE", str(tmp_path))
    with pytest.raises(UnsupportedInputError, match="no such file"):
        open_store(f"{bucket}/nothing")
    write_remote(f"{bucket}/new/store.json", b'{"schema": "lanci/store/9", "lanci": "9.0"}')
    with pytest.raises(UnsupportedInputError, match="update lanci"):
        run(tmp_path, f"{bucket}/new")


def run(source: Path | str, store: Path | str) -> ExitCode:
    arguments = ["run", str(source), "--store", str(store), "--quiet"]
    code = CliRunner().invoke(commands, arguments, standalone_mode=False, catch_exceptions=False).return_value
    assert isinstance(code, ExitCode)
    return code


def download(url: str) -> dict[str, bytes]:
    """All objects of a folder, by their place in it."""
    import s3fs

    path = url.removeprefix("s3://")
    files = s3fs.S3FileSystem()
    files.invalidate_cache()
    return {name.removeprefix(f"{path}/"): files.cat_file(name) for name in files.find(path)}
