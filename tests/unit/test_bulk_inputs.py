"""Which files the arguments of a run mean, and what depends on options and models."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from lanci.bulk.inputs import InputFile, InputProblem, SearchedFolder, find_inputs
from lanci.bulk.keys import make_key, with_overrides
from lanci.jobs.flags import ParseFlags
from lanci.jobs.workers import NO_LIMITS, Limits
from lanci.override import Override, OverrideAction

STORE = Path("nowhere/store")


def touch(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return folder


def names(*arguments: object, store: Path = STORE) -> list[str]:
    """The names of the files found; problems as their messages."""
    found = find_inputs([str(argument) for argument in arguments], store)
    return [
        item.name if isinstance(item, InputFile) else str(item.error)
        for item in found
        if not isinstance(item, SearchedFolder)
    ]


def test_a_folder_gives_its_documents_by_relative_names(tmp_path):
    touch(tmp_path, "b/2.pdf", "a.PDF", "b/.hidden.pdf", "note.md", "list.txt", "store/x.pdf")
    assert names(tmp_path, store=tmp_path / "store") == ["a.PDF", "b/2.pdf"]
    assert list(find_inputs([str(tmp_path)], STORE))[-1] == SearchedFolder(str(tmp_path))


def test_a_file_is_taken_whatever_its_ending(tmp_path):
    touch(tmp_path, "a.bin", "[1].pdf")
    assert names(tmp_path / "a.bin", tmp_path / "[1].pdf") == ["a.bin", "[1].pdf"]


def test_a_pattern_names_from_its_first_wildcard(tmp_path):
    touch(tmp_path, "x/2021/a.pdf", "x/2022/b.pdf", "x/2022/c.md", "y/d.pdf")
    assert names(tmp_path / "x/**/*.*") == ["2021/a.pdf", "2022/b.pdf"]
    (message,) = names(tmp_path / "z*.pdf")
    assert "no document matches" in message


def test_relative_arguments(tmp_path, monkeypatch):
    touch(tmp_path, "in/a.pdf")
    monkeypatch.chdir(tmp_path)
    assert [item.path for item in find_inputs(["in", "*/a.pdf", "in/a.pdf"], STORE) if isinstance(item, InputFile)] == [
        str(tmp_path / "in/a.pdf")
    ] * 3


def test_a_text_lists_files(tmp_path):
    touch(tmp_path, "in/a.pdf", "in/b c.pdf")
    manifest = tmp_path / "list.txt"
    manifest.write_text("\ufeffin/a.pdf\n\n# a remark\nin/b c.pdf\nin/none.pdf\nin\n", encoding="utf-8")
    first, second, missing, folder = names(manifest)
    assert (first, second) == ("in/a.pdf", "in/b c.pdf")
    assert missing.endswith("line 5: in/none.pdf: there is no such file")
    assert "line 6: in: is a folder" in folder


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("l.csv", "id,路径,note\n1,in/预算.pdf,x\n"),
        ("l.csv", 'name,path\n,"in/预算.pdf"\n\n'),
        ("l.tsv", "id\tFile\n1\tin/预算.pdf\n"),
        ("l.csv", "in/预算.pdf\n"),
        ("l.csv", "path\nin/预算.pdf\n"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_table_lists_files(tmp_path, name, text, encoding):
    touch(tmp_path, "in/预算.pdf")
    (tmp_path / name).write_text(text, encoding=encoding)
    assert names(tmp_path / name) == ["in/预算.pdf"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"id,name\n1,2\n", "no column is named path"),
        (b"\xff\xff\xff\xff", "no text in UTF-8"),
        (b'path\n"' + b"x" * 200_000 + b'"\n', "line .: no CSV"),
    ],
)
def test_lists_that_cannot_be_read(tmp_path, content, words):
    (tmp_path / "list.csv").write_bytes(content)
    limit = csv.field_size_limit(131_072)  # of the whole process: other libraries raise it
    try:
        (problem,) = find_inputs([str(tmp_path / "list.csv")], STORE)
    finally:
        csv.field_size_limit(limit)
    assert isinstance(problem, InputProblem) and words.replace(".:", "2:") in str(problem.error)


def test_a_name_in_a_list_that_no_system_takes_is_a_line_without_a_file(tmp_path):
    (tmp_path / "list.txt").write_text("x" * 5000)
    (problem,) = find_inputs([str(tmp_path / "list.txt")], STORE)
    assert isinstance(problem, InputProblem) and "there is no such file" in str(problem.error)


def test_arguments_that_give_nothing(tmp_path):
    touch(tmp_path, "docs/readme.md")
    empty, missing = names(tmp_path / "docs", tmp_path / "none.pdf")
    assert "1 of .md" in empty and "no such file" in missing


def test_a_key_changes_with_what_changes_a_result():
    key = make_key(ParseFlags(), NO_LIMITS)
    for flags in (ParseFlags(dpi=300), ParseFlags(pages=(1,)), ParseFlags(force_ocr=True)):
        other = make_key(flags, NO_LIMITS)
        assert not {other.plain, other.with_ocr} & {key.plain, key.with_ocr}
    other = make_key(ParseFlags(ocr="tesseract"), NO_LIMITS)
    assert other.plain == key.plain and other.with_ocr != key.with_ocr
    assert make_key(ParseFlags(ocr="rapidocr"), NO_LIMITS) == key


def test_limits_change_only_what_failed():
    key = make_key(ParseFlags(), NO_LIMITS)
    changed = [
        make_key(ParseFlags(max_pages=3), NO_LIMITS),
        make_key(ParseFlags(password="secret"), NO_LIMITS),
        make_key(ParseFlags(), Limits(seconds=3)),
    ]
    assert len({other.tried for other in (key, *changed)}) == 4
    assert all(replace(other, tried=key.tried) == key for other in changed)


def test_other_weights_change_what_is_read_by_ocr(tmp_path):
    (tmp_path / "a.onnx").write_bytes(b"1")
    one = make_key(ParseFlags(ocr_models=tmp_path), NO_LIMITS)
    (tmp_path / "a.onnx").write_bytes(b"2")
    other = make_key(ParseFlags(ocr_models=tmp_path), NO_LIMITS)
    assert one.plain == other.plain and one.with_ocr != other.with_ocr


def test_joins_make_a_key_of_their_own():
    key = make_key(ParseFlags(), NO_LIMITS)
    join = Override(OverrideAction.JOIN, 2, 1, "here")
    assert with_overrides(key, ()) == key
    assert with_overrides(key, [join]) == with_overrides(key, [replace(join, origin="there")]) != key
