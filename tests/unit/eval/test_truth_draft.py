"""Drafting annotations from several readings."""

from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest
from click.testing import CliRunner

from lanci.annotation import How, load_annotation
from lanci.document import Box
from lanci.errors import ExitCode
from lanci.parsing import read_fragments
from lanci_eval.records import EvalCell, Extraction
from lanci_eval.truth.doubts import draft_to_doubts
from lanci_eval.truth.draft import About, Draft, make_draft, stem_to_id
from lanci_eval.truth.draft_agreement import judge, same_place
from lanci_eval.truth.draft_command import draft as draft_command
from lanci_eval.truth.readings import OtherReading, Readings, fragments_to_extraction
from lanci_eval.truth.show_command import show as show_command

HEADER = ("科目编码", "科目名称", "合计", "基本支出", "项目支出")
UPPER = (("201", "一般公共服务支出", "30.00", "10.00", "20.00"), ("20103", "政府办公厅事务", "30.00", "10.00", "20.00"))
LOWER = (("205", "教育支出", "12.00", "5.00", "7.00"), ("20502", "普通教育", "12.00", "5.00", "7.00"))
TOTAL = (("", "合计", "42.00", "15.00", "27.00"),)
LEFT, TOP, WIDTH, HEIGHT = 60, 120, 95, 20


def draw_table(page: pymupdf.Page, rows: tuple[tuple[str, ...], ...]) -> None:
    """Rows with all rules."""
    for line in range(len(rows) + 1):
        y = TOP + line * HEIGHT
        page.draw_line((LEFT, y), (LEFT + 5 * WIDTH, y))
    for col in range(6):
        page.draw_line((LEFT + col * WIDTH, TOP), (LEFT + col * WIDTH, TOP + len(rows) * HEIGHT))
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            page.insert_text((LEFT + c * WIDTH + 4, TOP + r * HEIGHT + 14), text, fontname="china-s", fontsize=9)


def draw_document(path: Path, *, one_sided: bool = False) -> Path:
    """A table over two pages, its header printed on both, and a page of prose before it.

    ``one_sided`` leaves the back of the tables' sheets blank.
    """
    with pymupdf.open() as document:
        document.new_page().insert_text((60, 100), "一、部门职责", fontname="china-s")
        for rows, title in (((HEADER, *UPPER), "2026年部门支出预算总表"), ((HEADER, *LOWER, *TOTAL), "")):
            page = document.new_page()
            page.insert_text((200, 90), title, fontname="china-s", fontsize=14)
            page.insert_text((480, 112), "单位：万元" if title else "", fontname="china-s", fontsize=9)
            draw_table(page, rows)
            if one_sided:
                document.new_page()
        document.save(path)
    return path


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_document(tmp_path_factory.mktemp("pdf") / "2026年部门预算.pdf")


@pytest.fixture(scope="module")
def readings(pdf: Path) -> Readings:
    """lanci's reading, and another one that is the same."""
    own = read_fragments(pdf)
    return Readings(pdf, own, (OtherReading("twin", fragments_to_extraction(own.fragments)),), ())


def with_changed_cell(readings: Readings, old: str, **changes: object) -> Readings:
    """The other reading with one cell read differently, or without it (``gone``)."""
    tables = readings.others[0].tables.tables

    def change(cells: tuple[EvalCell, ...]) -> tuple[EvalCell, ...]:
        if "gone" in changes:
            return tuple(cell for cell in cells if cell.text != old)
        return tuple(replace(cell, **changes) if cell.text == old else cell for cell in cells)  # type: ignore[arg-type]

    changed = Extraction(tuple(replace(table, cells=change(table.cells)) for table in tables))
    return replace(readings, others=(OtherReading("twin", changed),))


def test_agreement_and_sums_settle_a_table(readings: Readings) -> None:
    draft = make_draft(readings, About(id="made", province="河北省"))
    (table,) = draft.document.tables
    assert draft.problems == ()
    assert draft.tables[0].settled
    assert table.verification.how is How.EXTRACTORS_AND_ARITHMETIC
    assert (table.verification.agreed, table.verification.by_eye) == (30, 0)
    assert draft.tables[0].arithmetic.n_holding > 0


def test_the_header_of_the_second_page_is_kept(readings: Readings) -> None:
    (table,) = make_draft(readings, About()).document.tables
    upper, lower = table.fragments
    assert (upper.page, upper.first_row, upper.last_row) == (2, 0, 2)
    assert (lower.page, lower.first_row, lower.last_row) == (3, 3, 5)
    assert tuple(cell.text for cell in lower.repeated_header) == HEADER
    assert all(cell.box.area > 0 for cell in (*lower.repeated_header, *table.table.cells))


def test_a_table_goes_on_over_a_blank_page(tmp_path: Path) -> None:
    path = draw_document(tmp_path / "made.pdf", one_sided=True)
    draft = make_draft(Readings(path, read_fragments(path), (), ()), About(id="made", province="河北省"))
    (table,) = draft.document.tables
    assert [(part.page, part.first_row, part.last_row) for part in table.fragments] == [(2, 0, 2), (4, 3, 5)]
    assert draft.problems == ()


def only_doubt(draft: Draft) -> tuple[int, int, int, str]:
    (doubt,) = draft.tables[0].doubts
    return doubt.page, doubt.row, doubt.col, doubt.reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"text": "206"}, "other text"),
        ({"text": "502"}, "same characters in another order"),
        ({"box": Box(LEFT, TOP + HEIGHT, LEFT + WIDTH, TOP + 3 * HEIGHT)}, "other extent"),
        ({"gone": True}, "nobody else has this cell"),
    ],
)
def test_a_cell_read_otherwise_is_a_doubt(readings: Readings, changes: dict[str, object], reason: str) -> None:
    draft = make_draft(with_changed_cell(readings, "205", **changes), About())
    assert only_doubt(draft) == (3, 3, 0, reason)
    assert not draft.tables[0].settled
    assert draft.document.tables[0].verification.how is How.BY_EYE
    assert "| 3 | 3 | 0 | 205 |" in draft_to_doubts(draft)


def test_white_space_makes_no_doubt(readings: Readings) -> None:
    assert make_draft(with_changed_cell(readings, "教育支出", text="教育 支出"), About()).tables[0].settled


def test_a_cell_that_only_another_has_is_told(readings: Readings) -> None:
    below = EvalCell(3, 0, 1, 1, "206", 2, Box(LEFT, TOP + 3 * HEIGHT, LEFT + WIDTH, TOP + 4 * HEIGHT))
    first, second = readings.others[0].tables.tables
    grown = replace(first, cells=(*first.cells, below), n_rows=4, fragments=(replace(first.fragments[0], last_row=3),))
    others = (OtherReading("twin", Extraction((grown, second))),)
    draft = make_draft(replace(readings, others=others), About())
    assert not draft.tables[0].settled
    assert "“206”" in draft.tables[0].remarks[0]


def test_a_table_that_only_another_has_is_listed(readings: Readings) -> None:
    box = Box(60, 60, 200, 100)
    cells = (EvalCell(0, 0, 1, 1, "甲", 1, box), EvalCell(0, 1, 1, 1, "乙", 1, box))
    lonely = replace(readings.others[0].tables.tables[0], cells=cells, n_rows=1, n_cols=2)
    lonely = replace(lonely, fragments=(replace(lonely.fragments[0], page=1, last_row=0, box=box),))
    tables = (*readings.others[0].tables.tables, lonely)
    found = judge(readings.fragments, (OtherReading("twin", Extraction(tables)),))
    assert [(grid.page, grid.text) for grid in found.lonely] == [(1, "甲 | 乙")]


def test_without_others_all_is_to_be_looked_at(readings: Readings) -> None:
    draft = make_draft(replace(readings, others=()), About())
    assert draft.tables[0].n_doubtful == len(draft.document.tables[0].table.cells)
    assert "nobody else has a grid on page 2, 3" in draft_to_doubts(draft)


def test_edges_may_differ_by_the_thickness_of_rules() -> None:
    box = Box(10, 10, 60, 24)
    assert same_place(box, Box(12, 11, 58, 25))
    assert not same_place(box, Box(10, 10, 60, 38))
    assert not same_place(box, Box(10, 10, 85, 24))


@pytest.mark.parametrize(("stem", "made"), [("Budget 2026_A", "budget-2026-a"), ("财政局_2026年", "doc-abcdef01")])
def test_ids_come_from_names_where_these_have_letters(stem: str, made: str) -> None:
    assert stem_to_id(stem, "abcdef0123") == made


def test_commands(pdf: Path, tmp_path: Path) -> None:
    """The real extractors draft a file that loads, with its doubts and pictures; its own pages can be drawn."""
    arguments = [str(pdf), "-o", str(tmp_path), "--id", "made", "--province", "河北省", "--publisher", "a site"]
    done = CliRunner().invoke(draft_command, arguments, standalone_mode=False)
    assert done.return_value is ExitCode.OK, done.output
    assert "1 tables, 1 settled" in done.output
    document = load_annotation(tmp_path / "made.json")
    assert (document.province, document.fiscal_year, document.n_pages) == ("河北省", 2026, 3)
    names = sorted(path.name for path in (tmp_path / "made").iterdir())
    assert names == ["other-pages.png", "page-002.png", "page-003.png"]
    assert "break after page 2" in (tmp_path / "made.doubts.md").read_text(encoding="utf-8")

    assert CliRunner().invoke(draft_command, arguments, standalone_mode=False).return_value is ExitCode.SOME_FAILED

    shown = tmp_path / "shown"
    arguments = [str(tmp_path / "made.json"), "--source", str(pdf), "-o", str(shown), "--pages", "3"]
    done = CliRunner().invoke(show_command, arguments, standalone_mode=False)
    assert done.exception is None
    assert [path.name for path in shown.iterdir()] == ["page-003.png"]


def test_a_file_that_cannot_be_read_fails_alone(pdf: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 nothing")
    done = CliRunner().invoke(
        draft_command, [str(broken), str(pdf), "-o", str(tmp_path), "--no-pictures"], standalone_mode=False
    )
    assert done.return_value is ExitCode.SOME_FAILED
    assert len(list(tmp_path.glob("*.doubts.md"))) == 1
