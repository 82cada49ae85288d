"""Which files an input path means."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unreadable import make_unreadable

from lanci.discover import discover
from lanci.errors import UnsupportedInputError


def test_walks_folders_sorted_and_skips_what_is_no_document(tmp_path: Path) -> None:
    wanted = ["a 1.pdf", "b'$x.PDF", "broken.pdf", "县级/2021 年.docx", "县级/扫描/第1页.TIFF", "县级/表.xls"]
    other = [".hidden.pdf", "~$锁.docx", "notes.txt", ".git/x.pdf", "县级/~$表.xls"]
    (tmp_path / "broken.pdf").symlink_to("nothing")  # whoever reads it tells that there is no file
    for name in {*wanted, *other} - {"broken.pdf"}:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    (tmp_path / "folder.pdf").mkdir()
    (tmp_path / "县级" / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert discover([tmp_path]) == sorted(tmp_path / name for name in wanted)


def test_named_files_keep_their_order_and_come_once(tmp_path: Path) -> None:
    late, early = tmp_path / "z.bin", tmp_path / "a.pdf"
    late.write_bytes(b"x")
    early.write_bytes(b"x")
    assert discover([late, tmp_path, early]) == [late, early]


def test_a_folder_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"x")
    make_unreadable(tmp_path)
    with pytest.raises(UnsupportedInputError, match="cannot be read"):
        discover([tmp_path])
    unread: list[OSError] = []
    assert discover([tmp_path], on_error=unread.append) == [tmp_path / "a.pdf"]
    assert len(unread) == 1


def test_missing_path_and_empty_folder(tmp_path: Path) -> None:
    assert discover([tmp_path]) == []
    with pytest.raises(UnsupportedInputError, match="no such file or folder"):
        discover([tmp_path / "不在"])
