"""Joins and splits by the user: how they are written, which are refused, and what they make of the tables."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from tests.made_fragments import AMOUNT, NAME, D, H, fragment

from lanci.document import LabelledFragment, Table
from lanci.errors import OverrideError
from lanci.override import REASONS, AppliedOverride, Override, OverrideAction, text_to_override
from lanci.override_file import MAX_BYTES, OVERRIDES_SCHEMA, read_override_file
from lanci.stitch import StitchOptions, check_pages, stitch, weigh_overrides

JOIN, SPLIT = OverrideAction.JOIN, OverrideAction.SPLIT
HEADER = ["科目名称", "合计"]
HEAD = f'schema = "{OVERRIDES_SCHEMA}"\n'
DIGEST = sha256(b"x").hexdigest()


def part(page: int, title: str, *names: str, index: int = 0, header: bool = True) -> LabelledFragment:
    rows = [HEADER] * header + [[name, "1"] for name in names]
    return fragment(page, rows, [H] * header + [D] * len(names), (NAME, AMOUNT), title=title, index=index)


PARTS = (
    part(1, "甲表", "a", "b"),
    part(2, "", "c", "d", header=False),
    part(2, "乙表", "e", index=1),
    part(5, "丙表", "f"),
)


def outline(tables: tuple[Table, ...]) -> list[str]:
    return ["".join(row[0] for row in table.to_rows() if row != HEADER) for table in tables]


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ((), ["abcd", "e", "f"]),
        ((Override(SPLIT, 2),), ["ab", "cd", "e", "f"]),
        ((Override(JOIN, 2, 2),), ["abcde", "f"]),
        ((Override(JOIN, 5), Override(SPLIT, 2)), ["ab", "cd", "ef"]),
        ((Override(JOIN, 5), Override(JOIN, 2, 2), Override(JOIN, 2)), ["abcdef"]),
    ],
)
def test_they_hold_whatever_the_signs_say(overrides: tuple[Override, ...], expected: list[str]) -> None:
    tables = stitch(PARTS, StitchOptions(overrides=overrides))
    assert outline(tables) == expected
    evidence = {(f.page, f.number): f.evidence for table in tables for f in table.fragments}
    for override in overrides:
        assert evidence[override.page, override.table][0] == REASONS[override.action]


def test_what_the_signs_say_alone_is_kept() -> None:
    overrides = (Override(JOIN, 5), Override(JOIN, 2, 2), Override(SPLIT, 2), Override(SPLIT, 2))
    weighed = weigh_overrides(PARTS, StitchOptions(overrides=overrides))
    (table, *_) = stitch(PARTS)
    assert weighed == (
        AppliedOverride(SPLIT, 2, 1, table.fragments[1].probability),
        AppliedOverride(JOIN, 2, 2, 0.0),
        AppliedOverride(JOIN, 5, 1, 0.0),
    )
    assert weighed[0].model_probability > 0.5
    assert weigh_overrides(PARTS, StitchOptions()) == ()


@pytest.mark.parametrize(
    ("override", "message"),
    [
        (Override(JOIN, 3), "page 3 has no table"),
        (Override(SPLIT, 2, 3, "--split 2:3"), "--split 2:3: page 2 has 2 tables"),
        (Override(SPLIT, 5, 2), "split 5:2: page 5 has 1 table;"),
        (Override(JOIN, 1), "on page 1, has none before it"),
    ],
)
def test_places_that_are_no_break(override: Override, message: str) -> None:
    with pytest.raises(OverrideError, match=message) as caught:
        stitch(PARTS, StitchOptions(overrides=(override,)))
    assert caught.value.page == override.page


def test_a_document_without_tables_has_no_places() -> None:
    with pytest.raises(OverrideError, match="page 1 has no table"):
        stitch((), StitchOptions(overrides=(Override(JOIN, 1),)))


def test_pages_that_are_not_read() -> None:
    check_pages((Override(JOIN, 2),), (1, 2), 3)
    with pytest.raises(OverrideError, match="no page 4, the document has 3"):
        check_pages((Override(JOIN, 4),), (1, 2), 3)
    with pytest.raises(OverrideError, match="add it to --pages"):
        check_pages((Override(JOIN, 3),), (1, 2), 3)


def test_one_place_is_not_joined_and_split() -> None:
    with pytest.raises(OverrideError, match="join 2:1 and split 2:1"):
        StitchOptions(overrides=(Override(JOIN, 2), Override(SPLIT, 2)))


@pytest.mark.parametrize(
    ("text", "place"),
    [("12:2", (12, 2)), ("12", (12, 1)), (" 3：1 ", (3, 1))],
)
def test_places(text: str, place: tuple[int, int]) -> None:
    override = text_to_override(text, SPLIT, "--split")
    assert (override.action, override.page, override.table) == (SPLIT, *place)


@pytest.mark.parametrize("text", ["", "a", "0", "1:0", "1:", ":1", "1:2:3", "-1", "1-3", "²", "100001", "9" * 5000])
def test_no_places(text: str) -> None:
    with pytest.raises(OverrideError, match=r"^--join: .{0,120}$"):
        text_to_override(text, JOIN, "--join")


def write(folder: Path, text: str) -> Path:
    path = folder / "overrides.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_serves_a_folder(tmp_path: Path) -> None:
    text = f"""\ufeff{HEAD}
[[documents]]
name = "甲.pdf"
join = ["12", "18:2"]  # same table goes on
split = ["30:2"]
[[documents]]
sha256 = "{DIGEST}"
split = ["3"]
[[documents]]
name = "丙.pdf"
"""
    read = read_override_file(write(tmp_path, text))
    paths = [tmp_path / name for name in ("甲.pdf", "乙.pdf", "丙.pdf")]
    for path, content in zip(paths, (b"a", b"x", b"c"), strict=True):
        path.write_bytes(content)
    first = (Override(JOIN, 12), Override(JOIN, 18, 2), Override(SPLIT, 30, 2))
    assert [read.overrides_of(path) for path in paths] == [first, (Override(SPLIT, 3),), ()]
    assert str(first[0]) == "join 12:1"
    assert str(read.overrides_of(paths[0])[0]) == f"{tmp_path / 'overrides.toml'}, document 1 (甲.pdf), join '12'"
    paths[0].write_bytes(b"x")
    assert read.overrides_of(paths[0]) == (*first, Override(SPLIT, 3))
    with pytest.raises(OverrideError, match=r"没有\.pdf cannot be read"):
        read.overrides_of(tmp_path / "没有.pdf")


def test_places_in_another_version_of_a_file_are_refused(tmp_path: Path) -> None:
    entry = f'[[documents]]\nname = "甲.pdf"\nsha256 = "{DIGEST}"\njoin = ["2"]\n'
    read = read_override_file(write(tmp_path, HEAD + entry))
    document = tmp_path / "甲.pdf"
    document.write_bytes(b"x")
    assert read.overrides_of(document) == (Override(JOIN, 2),)
    document.write_bytes(b"y")
    with pytest.raises(OverrideError, match=r"document 1 \(甲.pdf\): 甲.pdf is another file now"):
        read.overrides_of(document)


def entry(line: str) -> str:
    return f'{HEAD}[[documents]]\nname = "甲.pdf"\n{line}\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must begin with the line schema"),
        ("schema = 1", "must begin with the line schema"),
        ('schema = "lanci/document/1"', "must begin with the line schema"),
        ('schema = "lanci/overrides/2"', "of schema lanci/overrides/2, this version of lanci reads"),
        (HEAD + "document = []", "the key 'document' is unknown; there are schema, documents"),
        (HEAD + "documents = 1", "no list of tables"),
        (HEAD + "documents = [1]", "document 1 is no table"),
        (HEAD + "[[documents]]", "document 1: give the file's name"),
        (HEAD + "[[documents]]\nname = 1", "document 1: give the file's name"),
        (HEAD + '[[documents]]\nname = "预算/甲.pdf"', "without its folder"),
        (HEAD + '[[documents]]\nsha256 = "ABC"', "64 digits"),
        (entry('joins = ["1"]'), "the key 'joins' is unknown"),
        (entry('join = "12"'), "join must be a list of places"),
        (entry("split = [12]"), "split must be a list of places"),
        (entry('split = ["12-13"]'), r"document 1 \(甲.pdf\), split '12-13': '12-13' is no place"),
        (entry('join = ["1"]\njoin = ["2"]'), "no TOML in UTF-8: Cannot overwrite a value .*line 5"),
        (entry("join = " + "[\n" * 5000), "no TOML in UTF-8"),
        (entry("a" + ".a" * 1000 + " = 1"), "line 4 has over 1,000 characters"),
        ("#\n" * (MAX_BYTES // 2) + "#", "has more than 1,048,576 bytes"),
    ],
)
def test_files_that_are_refused(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(OverrideError, match=message) as caught:
        read_override_file(path)
    assert str(caught.value).startswith(str(path)) and len(str(caught.value)) < len(str(path)) + 250


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "gbk.toml").write_bytes('# 预算\nschema = ""'.encode("gbk"))
    for name, message in (
        ("gbk.toml", "no TOML in UTF-8"),
        ("missing.toml", "cannot be read"),
        (".", "cannot be read"),
    ):
        with pytest.raises(OverrideError, match=message):
            read_override_file(tmp_path / name)
