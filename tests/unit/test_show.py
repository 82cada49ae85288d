"""The overlay: what is drawn where, and on which file."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest

from lanci.document import (
    AppliedOverride,
    Box,
    Caption,
    Cell,
    CellRef,
    Column,
    Document,
    Finding,
    HeaderRole,
    PageKind,
    PageSummary,
    Place,
    RowRole,
    Severity,
    SourceInfo,
    Table,
    TableFragment,
)
from lanci.errors import UnsupportedInputError
from lanci.override import OverrideAction
from lanci.show import ShowOptions, find_source, show_document
from lanci.show.marks import page_to_marks
from lanci.show.overlay import box_to_hatching
from lanci.show.panel import wrap
from lanci.show.style import HEADER_TINT, PANEL_WIDTH, ROLE_COLORS, SEVERITY_COLORS
from lanci.store import write_document

HEADER = Box(50, 60, 150, 80)
AMOUNT = Box(150, 80, 250, 100)
LOWER = Box(50, 40, 150, 60)


@pytest.fixture
def source(tmp_path) -> Path:
    path = tmp_path / "预算.pdf"
    with pymupdf.open() as pdf:
        for _ in range(2):
            page = pdf.new_page(width=300, height=200)
            page.insert_text((60, 75), "收入 12.00", fontname="china-s", fontsize=9)
        pdf.save(path)
    return path


@pytest.fixture
def document(source) -> Document:
    table = Table(
        id="t001",
        type="income_summary",
        kind="income",
        fund="all",
        scope="all",
        classification="functional",
        type_probability=0.9,
        caption=Caption(("收入总表",), "收入总表"),
        notes=(),
        n_rows=2,
        n_cols=2,
        n_header_rows=1,
        row_roles=(RowRole.HEADER, RowRole.TOTAL),
        columns=(Column(0, HeaderRole.SUBJECT_NAME), Column(1, HeaderRole.AMOUNT)),
        fragments=(
            TableFragment(1, Box(50, 60, 250, 100), 0, 1),
            TableFragment(2, LOWER, 1, 1, 0.8, number=1),
        ),
        cells=(
            Cell(0, 0, 1, 1, "科目", 1, HEADER, role=HeaderRole.SUBJECT_NAME),
            Cell(0, 1, 1, 1, "金额", 1, Box(150, 60, 250, 80), role=HeaderRole.AMOUNT),
            Cell(1, 0, 1, 1, "合计", 1, Box(50, 80, 150, 100), continued=(Place(2, LOWER),)),
            Cell(1, 1, 1, 1, "12", 1, AMOUNT, role=HeaderRole.AMOUNT, needs_review=True),
        ),
        findings=(Finding("row-sum", Severity.ERROR, "合计应为 13.00", (CellRef("t001", 1, 1),), "13", "12"),),
    )
    return Document(
        source=SourceInfo(source.name, hashlib.sha256(source.read_bytes()).hexdigest(), "application/pdf", 2),
        software=(),
        pages=tuple(PageSummary(n, 300, 200, 0, PageKind.DIGITAL) for n in (1, 2)),
        tables=(table,),
        findings=(Finding("no-cells", Severity.INFO, "of the whole document"),),
        overrides=(AppliedOverride(OverrideAction.JOIN, 2, 1, 0.3),),
    )


def test_pictures_show_cells_roles_and_findings(tmp_path, source, document):
    folder = write_document(document, tmp_path / "out")
    paths = show_document(folder, source, tmp_path / "show", ShowOptions(dpi=144))
    assert [path.name for path in paths] == ["page-001.png", "page-002.png"]
    assert sorted(path.name for path in (tmp_path / "show").iterdir()) == ["page-001.png", "page-002.png"]
    picture = pymupdf.Pixmap(str(paths[0]))
    assert (picture.width, picture.height) == (2 * (300 + PANEL_WIDTH), 400)
    tint = [255 * (1 - HEADER_TINT * (1 - part)) for part in ROLE_COLORS[HeaderRole.SUBJECT_NAME]]
    assert picture.pixel(2 * 145, 2 * 65) == pytest.approx(tint, abs=4)
    outline = [255 * part for part in SEVERITY_COLORS[Severity.ERROR]]
    assert picture.pixel(2 * 250, 2 * 95) == pytest.approx(outline, abs=30)
    assert picture.pixel(2 * 20, 2 * 150) == (255, 255, 255)


def test_marks_follow_a_cell_over_the_break(document):
    first, second = page_to_marks(document, 1), page_to_marks(document, 2)
    assert [mark.box for mark in second.cells] == [LOWER]
    assert [mark.header for mark in first.cells] == [True, True, False, False]
    assert [(mark.number, mark.boxes) for mark in first.findings] == [(1, (AMOUNT,)), (2, ())]
    assert second.findings == ()
    assert [mark.label for mark in second.tables] == ["2:1  t001 income_summary (0.90)  joined by the user"]


def test_only_the_pages_asked_for(tmp_path, source, document):
    folder = write_document(document, tmp_path / "out")
    paths = show_document(folder, source, tmp_path / "show", ShowOptions(pages=(2,), dpi=50))
    assert [path.name for path in paths] == ["page-002.png"]
    with pytest.raises(UnsupportedInputError, match=r"page 3 of 预算\.pdf was not parsed"):
        show_document(folder, source, tmp_path / "show", ShowOptions(pages=(3,)))


def test_panel_grows_with_many_findings(tmp_path, source, document):
    many = replace(document, findings=document.findings * 60)
    folder = write_document(many, tmp_path / "out")
    path = show_document(folder, source, tmp_path / "show", ShowOptions(dpi=36))[0]
    assert pymupdf.Pixmap(str(path)).height > 4 * 100


def test_source_is_found_by_content(tmp_path, source, document):
    elsewhere = tmp_path / "empty"
    elsewhere.mkdir()
    assert find_source(document.source, [elsewhere, tmp_path]) == source
    renamed = source.rename(tmp_path / "renamed.pdf")
    assert find_source(document.source, [renamed]) == renamed
    with pytest.raises(UnsupportedInputError, match=r"预算.pdf is not in .*empty.*--source"):
        find_source(document.source, [elsewhere])
    (elsewhere / source.name).write_bytes(b"%PDF-another")
    with pytest.raises(UnsupportedInputError, match="is not the file that was parsed"):
        find_source(document.source, [elsewhere])


def test_wrapping_keeps_all_text():
    def measure(text: str) -> float:
        return float(len(text))

    assert wrap("ab cd ef", 5, measure) == ["ab cd", "ef"]
    assert wrap("一二三四五六七", 3, measure) == ["一二三", "四五六", "七"]
    assert wrap("", 5, measure) == [""]
    assert wrap("宽", 0.5, measure) == ["宽"]


@pytest.mark.parametrize("box", [Box(0, 0, 30, 10), Box(5, 5, 8, 90), Box(1, 1, 1, 1)])
def test_hatching_stays_inside(box):
    for ends in box_to_hatching(box, 4):
        assert all(box.contains(x, y, 1e-6) for x, y in ends)
        (x0, y0), (x1, y1) = ends
        assert x0 - x1 == pytest.approx(y1 - y0)
