"""Counts of the ground truth: what is counted, and the README that must not grow old."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.eval.printed_annotations import SHIPPED, print_annotation

from lanci.annotation import AnnotatedDocument, How, Media, load_annotations, load_splits, save_annotation
from lanci.annotation.splits import list_documents, save_splits
from lanci.errors import AnnotationError, ExitCode
from lanci_eval.truth.counts import (
    BEGIN,
    END,
    count_documents,
    count_tables,
    counts_to_markdown,
    replace_counts,
)
from lanci_eval.truth.counts_command import counts, splits

NAMES = ("gaoyi-2021", "linxi-2021")


@pytest.fixture(scope="module")
def documents() -> tuple[AnnotatedDocument, ...]:
    return tuple(d for d in load_annotations(SHIPPED / "documents") if d.id in NAMES)


def row_of(markdown: str, first: str) -> list[str]:
    """The numbers of the only line that begins with this cell."""
    (line,) = [line for line in markdown.splitlines() if line.startswith(f"| {first} |")]
    return [cell.strip() for cell in line.strip("|").split("|")[1:]]


def test_a_document_counts_with_all_its_pages_and_a_table_with_those_that_show_it(
    documents: tuple[AnnotatedDocument, ...],
) -> None:
    gaoyi = documents[0]
    whole = count_documents([gaoyi])
    assert (whole.documents, whole.pages, whole.tables, whole.fragments, whole.cells) == (1, 17, 3, 4, 430)
    assert (whole.boxes, whole.agreed + whole.by_eye) == (0, 430)
    tables = count_tables([(gaoyi, table) for table in gaoyi.tables])
    assert tables.pages == len({f.page for t in gaoyi.tables for f in t.fragments}) < 17
    assert tables.cells == 430


def test_only_cells_with_a_place_count_as_such(tmp_path: Path) -> None:
    document, _ = print_annotation("linxi-2021", 4, tmp_path)
    counted = count_documents([document])
    assert counted.boxes == counted.cells > 0


def test_the_tables_say_what_there_is(documents: tuple[AnnotatedDocument, ...]) -> None:
    gaoyi, linxi = documents
    scan = replace(gaoyi, id="scan-2026", city="长沙市", media=Media.PDF, scanned=True, layout="seal")
    empty = replace(gaoyi, id="empty-2026", city="上海市", media=Media.PDF, tables=(), layout="no-tables")
    markdown = counts_to_markdown([gaoyi, linxi, scan, empty], load_splits(SHIPPED / "splits.json"))
    assert row_of(markdown, "text")[:5] == ["2", "50", "25", "42", "1,837"]
    assert row_of(markdown, "PDF, scanned")[:5] == ["1", "17", "3", "4", "430"]
    assert row_of(markdown, "PDF")[:5] == ["1", "17", "0", "0", "0"]
    assert row_of(markdown, "of these without any table")[:2] == ["1", "17"]
    assert row_of(markdown, "**all**")[:5] == ["4", "84", "28", "46", "2,267"]
    assert row_of(markdown, "test")[:3] == ["1", "17", "3"]
    assert row_of(markdown, "dev")[:3] == ["1", "17", "0"]
    assert row_of(markdown, "train")[:3] == ["2", "50", "25"]
    assert row_of(markdown, "邢台市 (train)")[0] == "1"
    assert row_of(markdown, "长沙市 (test)")[:3] == ["1", "17", "3"]
    assert row_of(markdown, "`seal`")[2] == "3"
    by_type = [line for line in markdown.splitlines() if line.startswith("| `self_evaluation` |")]
    assert by_type == ["| `self_evaluation` | 2 | 4 | 2 | 4 | 418 | 0 | 418 | 0 |", "| `self_evaluation` | 1 |  | 1 |"]
    by_eye = sum(t.verification.how is How.BY_EYE for d in (gaoyi, linxi, scan) for t in d.tables)
    assert row_of(markdown, "by eye")[2] == str(by_eye)


def test_a_document_without_a_side_is_named(documents: tuple[AnnotatedDocument, ...]) -> None:
    with pytest.raises(AnnotationError, match="no side for 大理市"):
        counts_to_markdown([replace(documents[0], city="大理市")], load_splits(SHIPPED / "splits.json"))


def test_only_what_stands_between_the_marks_is_replaced() -> None:
    old = f"# Truth\n\nbefore\n\n{BEGIN}\nold\n{END}\n\nafter\n"
    new = replace_counts(old, "| new |\n")
    assert new == f"# Truth\n\nbefore\n\n{BEGIN}\n\n| new |\n\n{END}\n\nafter\n"
    assert replace_counts(new, "| new |\n") == new
    for bad in ("nothing", f"{END}{BEGIN}", old + BEGIN):
        with pytest.raises(AnnotationError, match="each once"):
            replace_counts(bad, "")


@pytest.fixture
def folder(documents: tuple[AnnotatedDocument, ...], tmp_path: Path) -> Path:
    (tmp_path / "documents").mkdir()
    for document in documents:
        save_annotation(document, tmp_path / "documents" / f"{document.id}.json")
    save_splits(list_documents(load_splits(SHIPPED / "splits.json"), documents), tmp_path / "splits.json")
    (tmp_path / "README.md").write_text(f"# Truth\n\n{BEGIN}\n{END}\n", encoding="utf-8")
    return tmp_path


def test_a_readme_is_brought_up_to_date_and_checked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    readme = folder / "README.md"
    assert counts.main([str(folder), "--check", str(readme)], standalone_mode=False) == ExitCode.SOME_FAILED
    assert "the counts are old; run lanci annotate counts" in capsys.readouterr().out
    assert counts.main([str(folder), "--write", str(readme)], standalone_mode=False) == ExitCode.OK
    assert counts.main([str(folder), "--check", str(readme)], standalone_mode=False) == ExitCode.OK
    assert counts.main([str(folder / "documents")], standalone_mode=False) == ExitCode.OK
    printed = capsys.readouterr().out
    assert row_of(printed, "**all**")[:3] == ["2", "50", "25"]
    assert printed in readme.read_text(encoding="utf-8")
    (folder / "documents" / "gaoyi-2021.json").unlink()
    assert counts.main([str(folder), "--check", str(readme)], standalone_mode=False) == ExitCode.SOME_FAILED
    readme.write_text("# Truth\n", encoding="utf-8")
    with pytest.raises(AnnotationError, match=r"README\.md: the file needs the lines"):
        counts.main([str(folder), "--write", str(readme)], standalone_mode=False)


def test_splits_are_checked_and_documents_listed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert splits.main([str(folder)], standalone_mode=False) == ExitCode.OK
    assert "train: 2 documents, 邢台市" in capsys.readouterr().out
    (folder / "documents" / "gaoyi-2021.json").unlink()
    assert splits.main([str(folder)], standalone_mode=False) == ExitCode.SOME_FAILED
    assert "gaoyi-2021: listed, but there is no such document" in capsys.readouterr().out
    assert splits.main([str(folder), "--write"], standalone_mode=False) == ExitCode.OK
    assert "train: 1 documents" in capsys.readouterr().out
