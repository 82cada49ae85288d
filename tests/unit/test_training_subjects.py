"""Merging the list of subjects from evidence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from lanci.annotation import load_annotation
from lanci.errors import AnnotationError
from lanci.reference import SubjectSource
from lanci.training.reference_lists import main
from lanci.training.subject_evidence import Printing, read_annotated, read_mined, read_written
from lanci.training.subject_list import list_to_csv, merge_subjects

ANNOTATIONS = Path(__file__).parents[2] / "annotations"

WRITTEN = """# classes
code,name,aliases,since,until
201,一般公共服务支出,,,
208,社会保障和就业支出,,,
20805,行政事业单位养老支出,行政事业单位离退休,2020,
302,商品和服务支出,,,
"""

MINED = """code,name,votes,runner_up,runner_up_votes
20103,政府办公厅(室)及相关机构事,10,政府办公厅（室）及相关机构事务,4
2010301,行政运行,48,行政运行（政府办公厅）,20
2010302,一般行政管理事务,9,）支出,3
2080501,行政单位离退休,20,行政,6
2080502,事业单位离退休,30,事业单位离退休费,2
2080506,职业年金缴费支出,8,公务用车购置,1
2130101,行政运行,40,,
30200,万元,6,人次,1
30201,办公费,400,办公费用,60
30202,印刷费,380,,
30203,个治疗量,4,,
30207,邮电费,2,、电话,9
"""


@pytest.fixture
def sources(tmp_path: Path) -> tuple[Path, Path]:
    written, mined = tmp_path / "subjects.csv", tmp_path / "mined.csv"
    written.write_text(WRITTEN, encoding="utf-8")
    mined.write_text(MINED, encoding="utf-8")
    return written, mined


def test_evidence_becomes_one_line_a_code(sources: tuple[Path, Path]) -> None:
    written, mined = sources
    merged = merge_subjects([*read_written(written), *read_mined(mined, 2026)])
    assert list_to_csv(merged.subjects).splitlines() == [
        "code,name,aliases,since,until,first_seen,last_seen,votes,source",
        "201,一般公共服务支出,,,,,,0,written",
        "20103,政府办公厅（室）及相关机构事务,,,,2026,2026,4,mined",
        "2010301,行政运行,,,,2026,2026,48,mined",
        "2010302,一般行政管理事务,,,,2026,2026,9,mined",
        "208,社会保障和就业支出,,,,,,0,written",
        "20805,行政事业单位养老支出,行政事业单位离退休,2020,,,,0,written",
        "2080501,行政单位离退休,,2020,,2026,2026,20,mined",
        "2080502,事业单位离退休,事业单位离退休费,2020,,2026,2026,30,mined",
        "2080506,职业年金缴费支出,,2020,,2026,2026,8,mined",
        "302,商品和服务支出,,,,,,0,written",
        "30201,办公费,办公费用,,,2026,2026,400,mined",
        "30202,印刷费,,,,2026,2026,380,mined",
    ]
    assert merged.remarks == (
        "30203 个治疗量: 4 votes, no other sign",
        "30207 邮电费: 2 votes, no other sign",
        "2130101 行政运行: no name for 21301",
    )


def test_an_annotated_name_counts_more_than_mined_ones() -> None:
    annotated = Printing("20103", "政府办公厅（室）及相关机构事务", 2, SubjectSource.ANNOTATED, 2022, 2024)
    mined = Printing("20103", "政府办公室及相关机构事务", 9, SubjectSource.MINED, 2026, 2026)
    parent = Printing("201", "一般公共服务支出", 0, SubjectSource.WRITTEN)
    for order in ([annotated, mined, parent], [parent, mined, annotated]):
        _, subject = merge_subjects(order).subjects
        assert subject.forms == ("政府办公厅（室）及相关机构事务", "政府办公室及相关机构事务")
        assert (subject.source, subject.votes) == (SubjectSource.ANNOTATED, 2)
        assert (subject.first_seen, subject.last_seen) == (2022, 2026)


def test_annotated_rows_are_read_as_printed() -> None:
    printings = read_annotated([load_annotation(ANNOTATIONS / "documents" / "julu-2022.json")])
    names = {printing.code: printing.name for printing in printings}
    assert names["20131"] == "党委办公厅（室）及相关机构事务"
    assert {(p.votes, p.first_year) for p in printings} == {(1, 2022)}


def test_a_file_with_other_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mined.csv"
    path.write_text("code,name\n201,一般公共服务支出\n", encoding="utf-8")
    with pytest.raises(AnnotationError, match="columns must be code,name,votes"):
        read_mined(path, 2026)
    with pytest.raises(AnnotationError, match="cannot be read as UTF-8"):
        read_written(tmp_path / "nowhere.csv")


def test_the_command_writes_the_same_bytes_twice(tmp_path: Path, sources: tuple[Path, Path]) -> None:
    documents = tmp_path / "documents"
    documents.mkdir()
    for name in ("julu-2022", "chongqing-kejiju-2026"):  # the second is of the test side
        shutil.copy(ANNOTATIONS / "documents" / f"{name}.json", documents)
    shutil.copy(ANNOTATIONS / "splits.json", tmp_path)
    cities = tmp_path / "cities.csv"
    cities.write_text('code,name,provinceCode\n1305,"邢台市",13\n13,河北省,\n', encoding="utf-8")
    written = []
    for name in ("one", "two"):
        output = tmp_path / name
        output.mkdir()
        options = ["--mined", str(sources[1]), "--year", "2026", "--divisions", str(cities), "-o", str(output)]
        result = CliRunner().invoke(main, [str(tmp_path), *options], catch_exceptions=False)
        assert result.exit_code == 0
        assert "left out: 2130101 行政运行: no name for 21301" in result.output
        written.append([(output / file).read_bytes() for file in ("subjects.csv", "divisions.csv")])
    assert written[0] == written[1]
    subjects = written[0][0].decode()
    assert "20131,党委办公厅（室）及相关机构事务,,,,2022,2022,1,annotated" in subjects
    assert "20604" not in subjects
    assert written[0][1].decode() == "code,name\n13,河北省\n1305,邢台市\n"
