"""``lanci check``: documents checked again from their folders."""

import json
import shutil
from pathlib import Path

import pytest

from lanci.annotation import load_annotation
from lanci.checking import check
from lanci.cli import main
from lanci.document import Document, SourceInfo
from lanci.store import read_document, write_document

FOLDER = Path(__file__).parents[2] / "annotations" / "documents"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a document of which nothing was checked yet, in a folder of two."""
    annotation = load_annotation(FOLDER / "julu-2022.json")
    tables = tuple(annotated.table for annotated in annotation.tables)
    source = SourceInfo("julu.pdf", "0" * 64, "application/pdf", 58)
    out = tmp_path_factory.mktemp("out")
    write_document(Document(source, (), (), tables[:4]), out, name="other")
    return write_document(Document(source, (), (), tables), out)


def run_check(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as exit_:
        main(["check", *args])
    assert isinstance(exit_.value.code, int)
    return exit_.value.code, capsys.readouterr().out


def test_findings_and_status_are_written_back(capsys, written, tmp_path):
    folder = Path(shutil.copytree(written, tmp_path / "改名"))
    before = read_document(folder)
    code, out = run_check(capsys, str(folder), "--dry-run", "--list")
    assert code == 0 and "in conflict" in out and "1231.60" in out
    assert read_document(folder) == before
    code, out = run_check(capsys, str(folder))
    assert code == 0 and out.count("\n") == 1
    after = read_document(folder)
    assert after == check(before) == check(after)
    assert after.all_findings and {cell.status for table in after.tables for cell in table.cells} > {None}
    assert [cell.text for table in after.tables for cell in table.cells] == [
        cell.text for table in before.tables for cell in table.cells
    ]


def test_a_folder_of_documents_is_checked_whole_and_failures_are_told(capsys, written, tmp_path):
    out_dir = Path(shutil.copytree(written.parent, tmp_path / "out"))
    code, out = run_check(capsys, str(out_dir), "-q")
    assert code == 0 and "2 of 2 documents checked, 0 failed" in out
    (out_dir / "other" / "document.json").write_text(json.dumps({"schema": "lanci/document/9"}))
    code, out = run_check(capsys, str(out_dir), str(tmp_path), "-q")
    assert code == 1
    assert "✗ other: unsupported" in out and "is no result of lanci parse" in out and "1 of 3 documents checked" in out
