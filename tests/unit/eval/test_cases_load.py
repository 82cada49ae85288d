"""Files of hard cases: those that come with lanci are complete, and a faulty entry is named."""

from decimal import Decimal

import pytest

from lanci_eval.cases import CaseError, own_cases, read_cases
from lanci_eval.cases.cells import RowHolds
from lanci_eval.cases.tables import ColumnSum

SHA256 = "0" * 64
FILES = f'["a.pdf"]\nsha256 = "{SHA256}"\nread = [2]\n'
CASE = '[[case]]\nid = "X1"\nfile = "a.pdf"\npages = [1]\nsays = "It is hard."\n'


def write(folder, expect, *, files=FILES, case=CASE):
    (folder / "files.toml").write_text(files, encoding="utf-8")
    (folder / "some.toml").write_text(f"{case}expect = [{expect}]\n", encoding="utf-8")
    return folder


def test_own_cases_are_those_of_every_stage():
    """One that is the same in several files has an entry for each: V8, V8-2."""
    cases = own_cases()
    numbers = {"D": 15, "G": 6, "H": 14, "P": 9, "S": 21, "V": 15, "C": 8}
    expected = {(stage, number) for stage, last in numbers.items() for number in range(1, last + 1)}
    found = {(case.id[0], int(case.id[1:].partition("-")[0])) for case in cases}
    assert found == expected
    assert all(case.says.endswith(".") and case.pages for case in cases)


def test_values_become_those_of_the_record(tmp_path):
    expect = (
        '{ kind = "row", page = 1, texts = ["合计", "1.00"] },'
        '{ kind = "sum", page = 1, nth = 2, column = 3, rows = "项", total = "1.10" }'
    )
    (case,) = read_cases(write(tmp_path, expect))
    assert (case.id, case.file.sha256, case.file.read) == ("X1", SHA256, (2,))
    assert case.expectations == (
        RowHolds(1, ("合计", "1.00")),
        ColumnSum(page=1, nth=2, column=3, rows="项", total=Decimal("1.10")),
    )


@pytest.mark.parametrize(
    ("expect", "told"),
    [
        ('{ kind = "rwo", page = 1 }', "kind has to be one of page, tables"),
        ('{ page = 1, texts = ["a"] }', "kind has to be one of"),
        ('{ kind = "row", page = 1, text = "a" }', "'text' is unknown; known are page, texts, whole"),
        ('{ kind = "row", page = 1 }', "texts is missing"),
        ('{ kind = "row", page = true, texts = ["a"] }', "page: has to be a whole number, not True"),
        ('{ kind = "row", page = 1, texts = "a" }', "texts: has to be a list, not 'a'"),
        ('{ kind = "row", page = 1, texts = ["a", 2] }', "texts 2: has to be a text, not 2"),
        ('{ kind = "box", page = 1, box = [1, 2, 3] }', "box: has to have 4 entries, not 3"),
        ('{ kind = "sum", page = 1, column = 1, rows = "a", total = "x" }', "total: has to be a number in quotes"),
        ('{ kind = "sum", page = 1, column = 1, rows = "a", total = 1.5 }', "total: has to be a number in quotes"),
        ('"row"', "has to be a table, not 'row'"),
    ],
)
def test_a_faulty_expectation_is_named(tmp_path, expect, told):
    with pytest.raises(CaseError) as raised:
        read_cases(write(tmp_path, expect))
    assert str(raised.value).startswith("some.toml, case 1 (X1), expect 1")
    assert told in str(raised.value)


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"expect": ""}, "some.toml, case 1 (X1): nothing is expected"),
        ({"case": CASE.replace("a.pdf", "b.pdf")}, "some.toml, case 1 (X1): file 'b.pdf' is not in files.toml"),
        ({"case": CASE.replace("says", "said")}, "some.toml, case 1 (X1): 'said' is unknown"),
        ({"case": CASE.replace('id = "X1"\n', "")}, "some.toml, case 1: id is missing"),
        ({"case": f'{CASE}expect = [{{ kind = "inside", pages = [1] }}]\n{CASE}'}, "case 2: there is another case X1"),
        ({"case": "[[case]\n"}, "some.toml is no sound TOML"),
        ({"files": FILES.replace("0", "g")}, "files.toml, 'a.pdf': sha256 has to be 64 digits"),
        ({"files": 'a = "b"\n'}, "files.toml, 'a': has to be a table"),
    ],
)
def test_a_faulty_file_is_named(tmp_path, parts, told):
    with pytest.raises(CaseError) as raised:
        read_cases(write(tmp_path, **{"expect": '{ kind = "inside", pages = [1] }', **parts}))
    assert told in str(raised.value)


def test_a_folder_without_cases_is_told(tmp_path):
    with pytest.raises(CaseError, match=r"files\.toml cannot be read \(No such file or directory\)"):
        read_cases(tmp_path)
