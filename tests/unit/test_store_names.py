"""Names of folders and files that every system accepts."""

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanci.store import assign_names, text_to_safe_name
from lanci.store.names import MAX_NAME_BYTES


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("临西县2021年部门预算", "临西县2021年部门预算"),
        ("a/b\\c:d*e?f", "a_b_c_d_e_f"),
        ("../../etc/passwd", "__.._etc_passwd"),
        ("..", "_"),
        (".hidden", "_hidden"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("a\x00b\nc\u202ed\u200b", "a b cd"),
        ("name. . ", "name"),
        ("e\u0301", "\u00e9"),
        ("", "document"),
        (" \t", "document"),
    ],
)
def test_known_names(text, name):
    assert text_to_safe_name(text) == name


@given(st.text(max_size=300))
def test_every_name_is_safe(text):
    name = text_to_safe_name(text)
    assert name and len(name.encode()) <= MAX_NAME_BYTES + 1
    assert Path(name).name == name and name not in (".", "..") and not name.startswith(".")
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in name)
    assert text_to_safe_name(name) == name


def test_long_names_are_cut_between_characters():
    name = text_to_safe_name("预" * 300)
    assert name == "预" * (MAX_NAME_BYTES // 3)


def test_names_of_a_run(tmp_path):
    def put(path: str, content: str) -> Path:
        file = tmp_path / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(content)
        return file

    paths = [
        put("a/预算.pdf", "1"),
        put("b/预算.pdf", "2"),
        put("b/其他.pdf", "3"),
        put("b/X.pdf", "4"),
        put("c/x.doc", "5"),
    ]
    names = assign_names(paths)
    assert names == ["预算-6b86b273", "预算-d4735e3a", "其他", "X-4b227777", "x-ef2d127d"]
    assert assign_names(paths[::-1]) == names[::-1]


def test_same_content_under_the_same_name(tmp_path):
    paths = [tmp_path / folder / "x.pdf" for folder in "abc"]
    for path in paths[:2]:
        path.parent.mkdir()
        path.write_text("same")
    names = assign_names(paths)  # the third does not exist: it still gets a name, its error comes later
    assert len({os.path.normcase(name) for name in names}) == 3
    assert names[1] == f"{names[0]}-2"


def test_a_made_name_never_takes_a_given_one(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    paths = [tmp_path / "a" / "x.pdf", tmp_path / "b" / "x.pdf", tmp_path / "x-6b86b273.pdf"]
    for path, content in zip(paths, "123", strict=True):
        path.write_text(content)
    names = assign_names(paths)
    assert names[2] == "x-6b86b273" and len(set(names)) == 3
