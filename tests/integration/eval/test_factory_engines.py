"""Made-up documents through every layout engine: what is printed is what the truth says."""

import hashlib
from collections import Counter
from dataclasses import replace

import pymupdf
import pytest
from click.testing import CliRunner

from lanci.annotation import NO_BOX, NO_TABLES, check_annotations, load_annotation
from lanci.errors import MissingProgramError
from lanci.parsing import parse
from lanci.text import squash
from lanci_eval.datasets import DatasetError, load_dataset, parse_dataset
from lanci_eval.factory.__main__ import main
from lanci_eval.factory.content import ContentFeatures, make_content
from lanci_eval.factory.engines import ENGINES, find_engine
from lanci_eval.factory.families import DESIGNS
from lanci_eval.factory.pages import cut_pages
from lanci_eval.factory.prints import check_prints, find_lines
from lanci_eval.factory.problems import PrintError
from lanci_eval.factory.produce import check_family, print_content
from lanci_eval.factory.records import Content, Family, Form, Passage, PassageKind, Repeat, Rules, Style, Watermark

FONTS = {
    "reportlab": "AR PL UMing CN",
    "chromium": "Droid Sans Fallback",
    "weasyprint": "WenQuanYi Micro Hei",
    "libreoffice": "Noto Serif CJK SC",
}
FEATURES = ContentFeatures(serial_numbers=True, column_numbers=True, n_tables=(3, 3), with_charts=True)


def family_of(engine, rules=Rules.FULL, **manners):
    family = Family(f"{engine}-{rules}", engine, FONTS[engine], rules, Repeat.HEADER, **manners)
    try:
        check_family(family)
    except MissingProgramError as error:
        pytest.skip(str(error))
    return family


def small_content(*, chart=True):
    """A content of a few tables; with a chart before the first, or without any."""
    content = make_content(11, 0, FEATURES)
    others = tuple(b for b in content.blocks if not (isinstance(b, Passage) and b.kind is PassageKind.CHART))
    caption = Passage(PassageKind.CHART, "图9 收支对比图")
    return replace(content, blocks=(caption, *others) if chart else others)


def exact(table):
    return table.n_rows, table.n_cols, [(c.row, c.col, c.row_span, c.col_span, squash(c.text)) for c in table.cells]


@pytest.mark.parametrize("engine", list(ENGINES))
def test_a_ruled_document_is_what_its_truth_says(engine, tmp_path):
    family = family_of(engine, landscape=True, lone_row=True, style=Style(indent_codes=True, running_head=True))
    content = small_content()
    made = print_content(content, family, 3)
    truth = made.truth
    assert check_annotations([truth]) == ()
    assert truth.sha256 == hashlib.sha256(made.pdf).hexdigest()
    assert [t.table.id for t in truth.tables] == [b.table.id for b in content.blocks if isinstance(b, Form)]

    with pymupdf.open(stream=made.pdf, filetype="pdf") as document:
        assert document.page_count == truth.n_pages
        sizes = [(page.width, page.height) for page in truth.pages]
        assert sizes == [pytest.approx(tuple(page.rect.br), abs=0.01) for page in document]
        fonts = {font for page in document for font in page.get_fonts()}
        # Numbers of pages and charts are in faces that every reader has; Type 3 fonts have no file.
        not_embedded = {name for _, extension, kind, name, *_ in fonts if extension == "n/a" and kind != "Type3"}
        assert not_embedded <= {"Times-Roman", "Helvetica"}
        texts = [page.get_textpage() for page in document]
        for annotated in truth.tables:
            for cell in annotated.table.cells:
                assert cell.box != NO_BOX
                inside = pymupdf.Rect(cell.box.x0, cell.box.y0, cell.box.x1, cell.box.y1)
                assert Counter(squash(texts[cell.page - 1].extractTextbox(inside))) == Counter(squash(cell.text))

    path = tmp_path / "made.pdf"
    path.write_bytes(made.pdf)
    assert [exact(table) for table in parse(path).tables] == [exact(annotated.table) for annotated in truth.tables]


@pytest.mark.parametrize(
    ("engine", "rules"),
    [
        ("reportlab", Rules.NONE),
        ("chromium", Rules.NONE),
        ("weasyprint", Rules.HORIZONTAL),
        ("weasyprint", Rules.FILLS),
        ("libreoffice", Rules.DOTTED),
    ],
)
def test_places_are_known_where_rules_are_not_drawn(engine, rules):
    family = family_of(engine, rules, share_page=True)
    made = print_content(small_content(chart=False), family, 3)
    fragments = [fragment for table in made.truth.tables for fragment in table.fragments]
    assert fragments
    assert all(fragment.box != NO_BOX for fragment in fragments)
    if rules is Rules.NONE:
        with pymupdf.open(stream=made.pdf, filetype="pdf") as document:
            assert not any(page.get_drawings() for page in document)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_page_shows_what_the_upright_one_shows(degrees):
    family = family_of("reportlab", landscape=True)
    upright = print_content(small_content(), family, 3)
    turned = print_content(small_content(), replace(family, rotate=degrees), 3)
    assert [t.table for t in turned.truth.tables] == [t.table for t in upright.truth.tables]
    with (
        pymupdf.open(stream=upright.pdf, filetype="pdf") as one,
        pymupdf.open(stream=turned.pdf, filetype="pdf") as two,
    ):
        for page, other in zip(one, two, strict=True):
            assert other.rotation == degrees
            assert (other.rect.width, other.rect.height) == pytest.approx((page.rect.width, page.rect.height))
            # Compared as pictures: lines of the turned page are drawn from another side, so that edges may differ.
            shown, wanted = (p.get_pixmap(dpi=20, colorspace=pymupdf.csGRAY).samples for p in (other, page))
            assert sum(abs(a - b) > 60 for a, b in zip(shown, wanted, strict=True)) < len(wanted) * 0.01


def test_a_page_that_lacks_a_text_is_refused(tmp_path):
    family = family_of("reportlab")
    content = small_content(chart=False)
    pages = cut_pages(content, family, 3)
    pdf = find_engine("reportlab").print_pages(pages, family, 3, tmp_path)
    check_prints(pdf, pages, family)
    with pytest.raises(PrintError, match=r"printed \d+ pages for \d+ sheets"):
        check_prints(pdf, pages[:-1], family)
    first = pages[0]
    wrong = replace(first, blocks=(Passage(PassageKind.PARAGRAPH, "囍囍"), *first.blocks))
    with pytest.raises(PrintError, match="page 1 lacks '囍囍'"):
        check_prints(pdf, (wrong, *pages[1:]), family)


def test_places_that_are_not_certain_are_not_given(tmp_path):
    family = family_of("reportlab")
    pages = cut_pages(small_content(chart=False), family, 3)
    pdf = find_engine("reportlab").print_pages(pages, family, 3, tmp_path)
    assert all(line is not None for page in find_lines(pdf, pdf, pages, family) for line in page)
    bare = replace(family, rules=Rules.THREE_LINE)
    unruled = find_engine("reportlab").print_pages(pages, bare, 3, tmp_path)
    assert not any(line is not None for page in find_lines(unruled, unruled, pages, bare) for line in page)
    # Rules of one page and texts of another: every box would hold wrong texts.
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        document.select(list(reversed(range(document.page_count))))
        reversed_pdf = document.tobytes()
    assert not any(line is not None for line in find_lines(reversed_pdf, pdf, pages, family)[0])


def test_the_same_seed_makes_the_same_bytes(tmp_path):
    names = "kai-ruled,three-line"
    for name in names.split(","):
        family_of(DESIGNS[name].family.engine)
    for folder in ("one", "two"):
        args = ["make", "-o", str(tmp_path / folder), "--count", "2", "--seed", "5", "--families", names]
        done = CliRunner().invoke(main, args)
        assert done.exit_code == 0, done.output
        assert "2/2 made-5-0001: three-line" in done.output
    files = sorted((tmp_path / "one").iterdir())
    assert [path.name for path in files] == [f"made-5-000{n}.{kind}" for n in (0, 1) for kind in ("json", "pdf")]
    for path in files:
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
    other = CliRunner().invoke(main, ["make", "-o", str(tmp_path / "three"), "--seed", "6", "--families", "x"])
    assert other.exit_code == 2 and "there is no x; there are: kai-ruled" in other.output


def test_the_dataset_makes_and_reads_documents(tmp_path):
    family_of("reportlab")
    text = f"factory:{tmp_path},count=1,seed=2,scans=yes,families=three-line"
    contents = load_dataset(parse_dataset(text, None, 0))
    assert [(item.id, item.group) for item in contents.items] == [
        ("made-2-0000", "made-2-0000"),
        ("made-2-0000-scan", "made-2-0000"),
    ]
    digital, scan = contents.items
    assert dict(scan.tags) == {"form": "scan", "layout": "three-line"}
    assert [t.cells[0].text for t in scan.truth.tables] == [t.cells[0].text for t in digital.truth.tables]
    assert digital.truth.tables[0].cells[0].box is not None
    assert scan.truth.tables[0].cells[0].box is None
    truth = load_annotation(tmp_path / "made-2-0000-scan.json")
    assert truth.scanned and check_annotations([truth]) == ()
    with pymupdf.open(scan.materialize(tmp_path)) as document:
        assert document.page_count == truth.n_pages
        assert not any(page.get_text("text").strip() for page in document)

    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    again = load_dataset(parse_dataset(text, None, 0))
    assert [item.id for item in again.items] == [item.id for item in contents.items]
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before

    (tmp_path / "made-2-0000.pdf").write_bytes(b"%PDF-1.4 of another")
    spoiled = load_dataset(parse_dataset(f"factory:{tmp_path}", None, 0))
    assert [item.id for item in spoiled.items] == ["made-2-0000-scan"]
    assert "make it again" in spoiled.rejected[0].reason
    with pytest.raises(DatasetError, match="no layout family 'x'"):
        load_dataset(parse_dataset(f"factory:{tmp_path},count=1,families=x", None, 0))


def test_a_sealed_and_marked_document(tmp_path):
    family = family_of("reportlab", landscape=True, sealed=True, watermark=Watermark(("预算公开", "仅供公开使用")))
    made = print_content(small_content(), family, 3)
    with pymupdf.open(stream=made.pdf, filetype="pdf") as document:
        assert {bool(page.get_image_info()) for page in document} == {True, False}
        assert all("公" in page.get_text("text") for page in document)
    assert check_annotations([made.truth]) == ()


def test_content_without_tables_is_a_document_too():
    family = family_of("reportlab")
    content = Content("prose", "说明", "", "示例市", "", 2024, (Passage(PassageKind.PARAGRAPH, "本部门无预算。"),))
    made = print_content(content, family, 3)
    assert made.truth.tables == () and made.truth.n_pages == 1 and made.truth.layout == NO_TABLES
    assert check_annotations([made.truth]) == ()
