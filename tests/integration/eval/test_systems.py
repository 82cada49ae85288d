"""Every system on a small page with known texts: cells, spans and boxes, upright, turned and cropped."""

import sys
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pymupdf
import pytest

from lanci.document import Box
from lanci.text import squash
from lanci_eval.exchange import check_extraction
from lanci_eval.isolation import SystemProcess
from lanci_eval.records import Status
from lanci_eval.systems import SYSTEMS, create_system, load_class
from lanci_eval.systems.base import Limits, SystemRequest, UnavailableError
from lanci_eval.systems.cells import Placed, placed_to_table, rows_to_placed
from lanci_eval.systems.docling_system import document_to_extraction

X, Y, W, H = 72, 100, 100, 30
SPANS = {
    (0, 0, 1, 1): "项目",
    (0, 1, 1, 2): "本年收入",
    (1, 0, 2, 1): "合计",
    (1, 1, 1, 1): "100.50",
    (1, 2, 1, 1): "200",
    (2, 1, 1, 1): "3,000.00",
    (2, 2, 1, 1): "7",
}
RULED = ["lanci", "camelot-lattice", "pdfplumber", "pymupdf"]
PEER = pytest.param("img2table", marks=pytest.mark.peers)
PROSE = "普通的一行文字不在表格之内"


def draw(page):
    """A ruled grid of three by three whose header spans two columns and whose first column spans two rows."""
    for step in range(4):
        page.draw_line((X + (W if step == 2 else 0), Y + step * H), (X + 3 * W, Y + step * H))
        page.draw_line((X + step * W, Y + (H if step == 2 else 0)), (X + step * W, Y + 3 * H))
    for (row, col, _, _), text in SPANS.items():
        page.insert_text((X + col * W + 6, Y + row * H + 20), text, fontname="china-s", fontsize=11)
    page.insert_text((X, 350), PROSE, fontname="china-s", fontsize=11)


@pytest.fixture(scope="module")
def make_pdf(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")

    def make(rotate=0, crop=None, picture=False):
        """A page that shows the grid upright, by its /Rotate entry turned from a page that does not."""
        path = folder / f"{rotate}-{crop is not None}-{picture}.pdf"
        with pymupdf.open() as upright, pymupdf.open() as document:
            draw(upright.new_page(width=500, height=400))
            width, height = (500, 400) if rotate % 180 == 0 else (400, 500)
            page = document.new_page(width=width, height=height)
            page.set_rotation(rotate)
            if picture:
                page.insert_image(page.rect, pixmap=upright[0].get_pixmap(dpi=200))
            else:
                page.show_pdf_page(pymupdf.Rect(0, 0, width, height), upright, 0, rotate=rotate)
            if crop is not None:
                page.set_cropbox(crop)
            document.save(path)
        return path

    return make


@pytest.fixture(scope="module")
def systems():
    """Systems by name, got ready once in this process."""
    ready = {}

    def get(name):
        if name not in ready:
            ready[name] = create_system(SystemRequest(name, name), Limits())
            ready[name].prepare()
        return ready[name]

    return get


def assert_grid(extraction, shift=(0, 0), within=3):
    (table,) = extraction.tables
    assert {(c.row, c.col, c.row_span, c.col_span): squash(c.text) for c in table.cells} == SPANS
    for cell in table.cells:
        x, y = X + cell.col * W - shift[0], Y + cell.row * H - shift[1]
        expected = (x, y, x + cell.col_span * W, y + cell.row_span * H)
        assert (cell.box.x0, cell.box.y0, cell.box.x1, cell.box.y1) == pytest.approx(expected, abs=within)
        assert cell.page == 1
    (fragment,) = table.fragments
    assert (fragment.page, fragment.first_row, fragment.last_row) == (1, 0, 2)
    assert check_extraction(extraction, 1) == (extraction, ())


@pytest.mark.parametrize("name", [*RULED, "width-and-header", "camelot-hybrid", PEER])
def test_ruled_cells_with_their_spans_and_boxes(name, systems, make_pdf):
    assert_grid(systems(name).extract(make_pdf()))


@pytest.mark.parametrize("rotate", [90, 180, 270])
@pytest.mark.parametrize("name", RULED)
def test_boxes_are_of_the_page_as_displayed(name, rotate, systems, make_pdf):
    assert_grid(systems(name).extract(make_pdf(rotate)))


@pytest.mark.parametrize(
    ("name", "rotate"),
    [(name, rotate) for name in ("lanci", "pdfplumber") for rotate in (0, 90, 270)] + [("pymupdf", 0)],
)
def test_boxes_count_from_the_corner_of_a_cropped_page(name, rotate, systems, make_pdf):
    """Every side is cropped by another amount, so that none can stand for another."""
    left, top, right, bottom = 40, 20, 10, 35
    width, height = (500, 400) if rotate % 180 == 0 else (400, 500)
    path = make_pdf(rotate, crop=(left, top, width - right, height - bottom))
    shift = {0: (left, top), 90: (bottom, left), 270: (top, right)}[rotate]
    assert_grid(systems(name).extract(path), shift)


@pytest.mark.parametrize("name", ["camelot-lattice", "camelot-network"])
@pytest.mark.parametrize("turn", [90, 270])
def test_camelot_turns_sideways_text_upright_and_its_boxes_are_turned_back(name, turn, systems, tmp_path):
    path = tmp_path / "sideways.pdf"
    with pymupdf.open() as upright, pymupdf.open() as document:
        draw(upright.new_page(width=500, height=400))
        page = document.new_page(width=400, height=500)
        page.show_pdf_page(page.rect, upright, 0, rotate=turn)
        document.save(path)
        (place,) = page.search_for("3,000.00")
    (table,) = systems(name).extract(path).tables
    (cell,) = [cell for cell in table.cells if cell.text == "3,000.00"]
    assert (cell.row, cell.col) == (2, 1)
    center = ((place.x0 + place.x1) / 2, (place.y0 + place.y1) / 2)
    assert cell.box.contains(*center)
    assert (cell.box.width < cell.box.height) == (name == "camelot-lattice") or name == "camelot-network"


def test_camelot_network_puts_texts_in_rows_and_columns(systems, make_pdf):
    (table,) = systems("camelot-network").extract(make_pdf()).tables
    filled = {(cell.row, cell.col): cell.text for cell in table.cells if cell.text}
    assert filled == {(row, col): text for (row, col, _, _), text in SPANS.items()}
    (seven,) = [cell for cell in table.cells if cell.text == "7"]
    assert seven.box.contains(X + 2 * W + 8, Y + 2 * H + 16)


def test_rapidocr_reads_lines_of_a_picture_and_says_where(systems, make_pdf):
    extraction = systems("rapidocr").extract(make_pdf(picture=True))
    assert extraction.tables == ()
    places = {squash(line.text): line.box for line in extraction.lines}
    assert set(SPANS.values()) <= set(places)
    assert places["3,000.00"].contains(X + W + 20, Y + 2 * H + 16)
    assert Box(X, 330, X + 200, 360).contains(*places[PROSE].center)


@pytest.mark.parametrize("name", ["lanci", PEER])
def test_tables_of_a_picture(name, systems, make_pdf):
    assert_grid(systems(name).extract(make_pdf(picture=True)), within=5)


@pytest.mark.peers
@pytest.mark.parametrize("dpi", [100, 200])
def test_img2table_reads_picture_files_in_points(dpi, systems, tmp_path):
    path = tmp_path / "page.png"
    with pymupdf.open() as document:
        page = document.new_page(width=500, height=400)
        draw(page)
        page.get_pixmap(dpi=dpi).save(path)
    assert_grid(systems("img2table").extract(path), within=5)


@pytest.mark.parametrize("name", ["camelot-lattice", "camelot-stream", "camelot-network", "pdfplumber", "pymupdf"])
def test_digital_systems_find_nothing_in_a_picture(name, systems, make_pdf):
    assert systems(name).extract(make_pdf(picture=True)).tables == ()


@pytest.mark.parametrize(
    ("name", "versions"),
    [("pdfplumber", "pdfplumber"), ("lanci", "models")],
)
def test_a_library_in_a_process_of_its_own(name, versions, make_pdf):
    with SystemProcess(SystemRequest(name, "it"), Limits()) as process:
        assert process.start()[versions]
        outcome = process.run(make_pdf(), 1)
    assert outcome.status is Status.OK
    assert_grid(outcome.extraction)
    assert outcome.seconds is not None
    assert outcome.peak_mib is not None
    assert outcome.peak_mib > 20


def test_a_damaged_file_is_an_error_of_the_system(tmp_path):
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"%PDF-1.7\nnothing else")
    with SystemProcess(SystemRequest("pdfplumber", "it"), Limits()) as process:
        outcome = process.run(path, 1)
    assert outcome.status is Status.ERROR
    assert "Error" in outcome.message


def test_options_change_what_is_done(make_pdf):
    request = SystemRequest("lanci", "blind", (("force_ocr", "on"), ("ocr", "null"), ("alignment", "off")))
    system = create_system(request, Limits())
    texts = [cell.text for table in system.extract(make_pdf()).tables for cell in table.cells]
    assert texts
    assert set(texts) == {""}


def test_systems_that_are_not_installed_say_what_is_missing():
    for name in ("img2table", "docling"):
        if find_spec(name) is None:
            with pytest.raises(UnavailableError, match=f"the package {name} is not installed here; pip install"):
                create_system(SystemRequest(name, name), Limits()).prepare()
    for program, words in [((), "no program is given"), ((("run", "no-such-program-at-all"),), "no program no-such")]:
        with pytest.raises(UnavailableError, match=words):
            create_system(SystemRequest("command", "x", program), Limits()).prepare()


def test_docling_without_models_is_unavailable_and_downloads_nothing(tmp_path, monkeypatch):
    (tmp_path / "docling.py").write_text("", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "docling", raising=False)
    request = SystemRequest("docling", "docling", (("artifacts", str(tmp_path)),))
    with pytest.raises(UnavailableError, match=r"docling's models are not in .*docling-tools models download"):
        create_system(request, Limits()).prepare()


def test_every_system_describes_itself_without_its_libraries():
    for name in SYSTEMS:
        described = load_class(name)
        assert described.summary
        assert all(described.options.values())


def test_a_missing_place_is_spanned_only_by_a_box_that_reaches_there():
    rows = [[(0, 0, 20, 10), None, (20, 0, 30, 10)], [(0, 10, 10, 20), (10, 10, 20, 20), None]]
    placed = rows_to_placed(rows, [["a\nb", None, "c"], ["d", "e", None]])
    assert [(p.row, p.col, p.row_span, p.col_span, p.text) for p in placed] == [
        (0, 0, 1, 2, "a b"),
        (0, 2, 1, 1, "c"),
        (1, 0, 1, 1, "d"),
        (1, 1, 1, 1, "e"),
    ]


def test_overlapping_claims_are_trimmed_to_what_is_free():
    box = Box(0, 0, 1, 1)
    claims = [Placed(0, 0, 2, 2, "a", box), Placed(0, 1, 1, 2, "b", box), Placed(1, 1, 1, 1, "c", box)]
    table = placed_to_table(1, 1, [*claims, Placed(0, 2, 3, 1, "d", box), Placed(2, 0, 1, 3, "e", box)])
    spans = [(c.row, c.col, c.row_span, c.col_span, c.text) for c in table.cells]
    assert spans == [(0, 0, 2, 2, "a"), (0, 2, 3, 1, "d"), (2, 0, 1, 2, "e")]
    assert placed_to_table(1, 1, []) is None


class Bottom(SimpleNamespace):
    """A box in docling's bottom-left coordinates."""

    def to_top_left_origin(self, height):
        return Bottom(l=self.l, r=self.r, t=height - self.t, b=height - self.b)


def docling_cell(row, col, text, bbox=None, header=False):
    return SimpleNamespace(
        start_row_offset_idx=row,
        start_col_offset_idx=col,
        row_span=1,
        col_span=1,
        text=text,
        bbox=bbox,
        column_header=header,
    )


def test_docling_tables_are_turned_into_ours():
    """Its models are not to be had here, so the form of its documents is taken from its published data model."""
    cells = [docling_cell(0, 0, "项目", Bottom(l=10, t=90, r=50, b=70), header=True), docling_cell(1, 0, "合 计\n")]
    place = SimpleNamespace(page_no=2, bbox=Bottom(l=10, t=90, r=50, b=40))
    item = SimpleNamespace(prov=[place], data=SimpleNamespace(table_cells=cells))
    pages = {2: SimpleNamespace(size=SimpleNamespace(height=100.0))}
    lost = SimpleNamespace(prov=[], data=item.data)
    (table,) = document_to_extraction(SimpleNamespace(tables=[lost, item], pages=pages)).tables
    assert (table.n_header_rows, table.n_rows, table.n_cols) == (1, 2, 1)
    assert [(cell.page, cell.box) for cell in table.cells] == [(2, Box(10, 10, 50, 30)), (2, None)]
    assert table.fragments[0].box == Box(10, 10, 50, 60)


def test_the_folder_of_the_package_holds_one_module_for_each_system():
    folder = Path(load_class.__code__.co_filename).parent
    assert {place.partition(":")[0].rpartition(".")[2] for place in SYSTEMS.values()} == {
        path.stem for path in folder.glob("*_system.py")
    }
