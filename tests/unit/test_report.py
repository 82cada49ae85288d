"""The page about a store: its figures, its failures by name, and texts that strangers chose."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.made_store import make_store

from lanci.bulk.layout import LEDGER_FILE, document_folder
from lanci.bulk.ledger import Ledger
from lanci.bulk.records import State
from lanci.bulk.tasks import DocumentEnd
from lanci.cli.commands import commands
from lanci.document import (
    AmountStatus,
    Box,
    Caption,
    Cell,
    Column,
    Document,
    HeaderRole,
    PageKind,
    PageSummary,
    RowRole,
    SourceInfo,
    Table,
    TableFragment,
)
from lanci.errors import ExitCode, OutputError
from lanci.report import facts as facts_module
from lanci.report import facts_to_html, gather_facts, write_report
from lanci.report.charts import BAR_WIDTH, tally_to_segments, to_column_chart
from lanci.report.html import to_duration, to_visible
from lanci.report.tally import Tally

BOX = Box(0, 0, 10, 10)
HOSTILE = "<script>alert(1)</script>\u202efdp.&amp;\x07'\".pdf"
PROVEN, UNCHECKED, CONFLICT = AmountStatus.PROVEN, AmountStatus.UNCHECKED, AmountStatus.CONFLICT


def make_document(digit: str, entity: str, year: int | None, *statuses: AmountStatus, review: int = 0) -> Document:
    """A document of one page with one table, whose cells have these statuses."""
    cells = tuple(
        Cell(row, 0, 1, 1, "1", 1, BOX, needs_review=row < review, status=status) for row, status in enumerate(statuses)
    )
    table = Table(
        id="t001",
        type="budget_summary",
        kind="summary",
        fund="all",
        scope="all",
        classification="none",
        type_probability=1.0,
        caption=Caption(entity=entity, fiscal_year=year),
        notes=(),
        n_rows=len(cells),
        n_cols=1,
        n_header_rows=0,
        row_roles=(RowRole.DETAIL,) * len(cells),
        columns=(Column(0, HeaderRole.AMOUNT),),
        fragments=(TableFragment(1, BOX, 0, len(cells) - 1),),
        cells=cells,
    )
    source = SourceInfo(f"{digit}.pdf", digit * 64, "application/pdf", 1)
    return Document(source, (("lanci", "1"),), (PageSummary(1, 10, 10, 0, PageKind.DIGITAL),), (table,))


DOCUMENTS = (
    make_document("a", "河北省邢台市临西县财政局", 2021, PROVEN, PROVEN, UNCHECKED),
    make_document("b", "河北省石家庄市高邑县", 2022, CONFLICT, PROVEN, review=2),
    make_document("c", "某局", None, PROVEN),
)


def test_documents_are_counted_by_place_year_and_type(tmp_path: Path) -> None:
    facts = gather_facts(make_store(tmp_path / "store", DOCUMENTS))
    assert facts.total == Tally(documents=3, pages=3, tables=3, cells=6, to_review=2, amounts=6, proven=4, conflict=1)
    assert [(place.province, place.places, place.tally.documents) for place in facts.places] == [
        ("河北省", 2, 2),
        ("unknown", 0, 1),
    ]
    assert [(year, tally.amounts) for year, tally in facts.years] == [(2021, 3), (2022, 2), (None, 1)]
    assert facts.table_types == (("budget_summary", replace(facts.total, pages=0)),)
    assert [(one.name, one.figure) for one in facts.conflicts] == [("b.pdf", 1)]
    assert facts.software == (("lanci 1", 3),)
    ((missing),) = facts.failures
    assert (missing.category, missing.count, missing.failures[0].names) == ("missing", 1, ("lost.pdf",))


def test_failures_and_times_come_from_the_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = make_store(tmp_path / "store", DOCUMENTS)
    with Ledger(store.folder / LEDGER_FILE) as ledger:
        ledger.begin_run(1)
        with ledger.batch():
            ledger.record_problem("/in/2", "2.pdf", "missing", "gone")
            ledger.record_problem("/in/1", "1.pdf", "missing", "gone")
        for digit, seconds in (("a", 0.02), ("b", 5.0)):
            end = DocumentEnd(sha256=digit * 64, state=State.DONE, key="key", pages=1, seconds=seconds)
            ledger.record_end(end, 3)
        end = DocumentEnd(sha256="c" * 64, state=State.FAILED, category="damaged", message="page 7: torn", page=7)
        ledger.record_end(end, 3)
        ledger.end_run()
    monkeypatch.setattr(facts_module, "MAX_FAILURES", 2)
    facts = gather_facts(store)
    assert [(group.category, group.count, len(group.failures)) for group in facts.failures] == [
        ("missing", 3, 2),
        ("damaged", 1, 1),
    ]
    assert facts.failures[1].failures[0].page == 7
    assert (facts.times.pages, facts.times.seconds) == (2, 5.02)
    assert facts.times.classes == (0, 1, 0, 0, 0, 0, 1, 0, 0)
    assert [one.name for one in facts.times.slowest] == ["b.pdf", "a.pdf"]
    page = facts_to_html(facts, "Store")
    assert "1 more: the ledger names them all" in page and "page 7: torn" in page


def test_the_page_is_safe_whole_and_the_same_each_time(tmp_path: Path) -> None:
    store = make_store(tmp_path / "store", DOCUMENTS, {"b" * 64: (HOSTILE,)})
    page = facts_to_html(gather_facts(store), HOSTILE)
    assert page == facts_to_html(gather_facts(store), HOSTILE)
    tags: set[str] = set()
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: tags.update({tag, *(name for name, _ in attrs)})  # type: ignore[method-assign]
    parser.feed(page)
    assert not tags & {"script", "link", "img", "iframe", "src", "href", "onload", "onerror"}
    assert "svg" in tags and "http" not in page.replace("http-equiv", "")
    assert "&lt;script&gt;" in page and "\u202e" not in page and "\\u{202e}" in page and "\x07" not in page


def test_the_command_names_a_result_that_cannot_be_read(tmp_path: Path) -> None:
    make_store(tmp_path / "store", DOCUMENTS)
    page = tmp_path / "new" / "report.html"
    arguments = ["report", str(tmp_path / "store"), "-o", str(page)]
    good = CliRunner().invoke(commands, arguments, standalone_mode=False)
    assert good.return_value is ExitCode.OK and "3 documents, 1 failure →" in good.output
    document_folder(tmp_path / "store", "a" * 64).joinpath("document.json").write_text("{")
    bad = CliRunner().invoke(commands, arguments, standalone_mode=False)
    assert bad.return_value is ExitCode.SOME_FAILED and "2 documents, 2 failures" in bad.output
    assert "is no JSON" in page.read_text(encoding="utf-8")
    assert [path.name for path in page.parent.iterdir()] == ["report.html"]
    with pytest.raises(OutputError, match="cannot write"):
        write_report("", tmp_path / "store" / "store.json" / "report.html")


def test_drawings_and_texts() -> None:
    segments = tally_to_segments(Tally(amounts=4, proven=1, conflict=2))
    assert [(one.status, one.start, one.length) for one in segments] == [
        ("proven", 0, BAR_WIDTH / 4),
        ("unchecked", BAR_WIDTH / 4, BAR_WIDTH / 4),
        ("conflict", BAR_WIDTH / 2, BAR_WIDTH / 2),
    ]
    assert tally_to_segments(Tally()) == ()
    chart = to_column_chart("x", [("a", 2), ("b", 1), ("c", 0)])
    assert [column.height for column in chart.columns] == [120, 60, 0]
    assert to_column_chart("x", []).columns == ()
    assert [to_duration(seconds) for seconds in (4.24, 59.96, 200, 3599.6, 3720)] == [
        "4.2 s",
        "1 min 00 s",
        "3 min 20 s",
        "1 h 00 min",
        "1 h 02 min",
    ]
    assert to_visible("表\udcff\n") == "表\\u{dcff}\\u{a}"
