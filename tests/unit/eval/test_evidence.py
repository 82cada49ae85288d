"""What a digital page visibly prints, on pages drawn for the purpose."""

from pathlib import Path

import pymupdf
import pytest
from tests.unit.eval.printed_pages import draw_table

from lanci.errors import DamagedError, EncryptedError
from lanci_eval.evidence import AreaKind, NumberKind, PrintedPage, read_evidence
from lanci_eval.evidence.tokens import inner_tokens, kind_of, split_tokens, to_token

ROWS = (("201", "1,234.00", "34.00"), ("20101", "1,200.00", "30.00"), ("2010101", "34.00", "4.00"))


@pytest.fixture
def make(tmp_path):
    def save(draw, *, rotation=0, cropbox=None, size=(595, 842)) -> PrintedPage:
        with pymupdf.open() as document:
            page = document.new_page(width=size[0], height=size[1])
            draw(page)
            if cropbox is not None:
                page.set_cropbox(pymupdf.Rect(cropbox))
            page.set_rotation(rotation)
            path = tmp_path / "page.pdf"
            document.save(path)
        return read_evidence(path).pages[0]

    return save


def tokens(page: PrintedPage, **flags: bool) -> list[str]:
    return sorted(n.token for n in page.numbers if all(getattr(n, name) is value for name, value in flags.items()))


def test_ruled_table_is_an_area_with_its_numbers(make) -> None:
    page = make(lambda page: draw_table(page, ROWS))
    assert [(a.kind, len(a.cells)) for a in page.areas] == [(AreaKind.RULED, 9)]
    assert tokens(page, alone=True) == sorted(text for row in ROWS for text in row)
    assert {n.token for n in page.numbers if n.kind is NumberKind.CODE} == {"201", "20101", "2010101"}
    box = page.areas[0].box
    assert (round(box.x0), round(box.y0), round(box.x1), round(box.y1)) == (60, 100, 360, 172)


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_rotated_page_is_read_as_displayed(make, rotation) -> None:
    page = make(lambda page: draw_table(page, ROWS), rotation=rotation)
    assert tokens(page, alone=True) == sorted(text for row in ROWS for text in row)
    box = page.areas[0].box
    width, height = (300, 72) if rotation == 180 else (72, 300)
    assert (round(box.width), round(box.height)) == (width, height)
    assert all(box.contains(*n.box.center) for n in page.numbers)
    assert all(word.level is (rotation == 0) for word in page.words)


def test_page_laid_out_sideways_and_turned_upright_has_level_words(make) -> None:
    def draw(page) -> None:
        page.insert_text((300, 400), "1,234.00", rotate=90, fontsize=10)

    page = make(draw, rotation=90)
    assert [(w.text, w.level) for w in page.words] == [("1,234.00", True)]


def test_crop_box_moves_words_and_rules_alike(make) -> None:
    page = make(lambda page: draw_table(page, ROWS), cropbox=(60, 80, 500, 700))
    assert tokens(page, alone=True) == sorted(text for row in ROWS for text in row)
    assert (round(page.areas[0].box.x0), round(page.areas[0].box.y0)) == (0, 20)


def test_aligned_rows_without_rules_are_an_area(make) -> None:
    rows = (("income", "1,234.00", "34.00"), ("tax", "1,200.50", "30.00"), ("fees", "34.00", "4.00"))
    page = make(lambda page: draw_table(page, rows, ruled=False))
    assert [a.kind for a in page.areas] == [AreaKind.ALIGNED]
    assert tokens(page, alone=True) == sorted(text for row in rows for text in row[1:])


def test_chart_contents_and_prose_are_no_areas(make) -> None:
    def draw(page) -> None:
        for i in range(6):  # an axis with one number a line, bars with numbers on them, an axis in one line
            page.insert_text((60, 100 + 20 * i), f"{600 - 100 * i}.00")
            page.insert_text((120 + 37 * i, 110 + 13 * i), f"{i}2.50")
            page.insert_text((120 + 37 * i, 240), str(2020 + i))
            page.draw_rect(pymupdf.Rect(120 + 37 * i, 115 + 13 * i, 140 + 37 * i, 220), fill=(0, 0, 1), color=None)
        for i in range(4):  # a contents page with numbered sections
            page.insert_text((60, 300 + 14 * i), f"1.{i + 1}")
            page.insert_text((90, 300 + 14 * i), "section ........................")
            page.insert_text((500, 300 + 14 * i), str(i + 1))
        for i in range(4):
            page.insert_text((60 + 9 * i, 400 + 14 * i), f"costs {i}1.50 more than {'x' * (3 * i)} 12.{i}0 of")

    page = make(draw)
    assert page.areas == ()
    assert page.numbers
    assert not tokens(page, in_area=True)


def test_text_that_nobody_sees_is_no_evidence(make) -> None:
    def draw(page) -> None:
        page.insert_text((60, 100), "11.10 seen")
        page.insert_text((60, 120), "22.20", render_mode=3)
        page.insert_text((60, 140), "33.30", color=(1, 1, 1))
        page.insert_text((60, 900), "44.40")
        page.insert_text((60, 180), "55.50")
        page.draw_rect(pymupdf.Rect(50, 165, 200, 185), fill=(1, 1, 1), color=None)
        page.insert_text((60, 200), "66.60", fontsize=0.4)
        page.insert_text((60, 220), "77.70", fill_opacity=0)
        page.draw_rect(pymupdf.Rect(50, 230, 200, 250), fill=(0, 0, 0.5), color=None)
        page.insert_text((60, 245), "88.80", color=(1, 1, 1))

    assert tokens(make(draw)) == ["11.10", "88.80"]


def test_text_under_a_picture_and_clipped_text_is_no_evidence(make) -> None:
    def draw(page) -> None:
        page.insert_text((60, 100), "11.10")
        picture = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 30, 10))
        picture.clear_with(200)
        page.insert_image(pymupdf.Rect(50, 85, 110, 105), pixmap=picture)
        page.insert_text((60, 300), "22.20")
        page.insert_text((60, 400), "33.30")
        page.clean_contents()
        xref = page.get_contents()[0]
        stream = page.parent.xref_stream(xref)
        assert stream.count(b"BT") == 2 + 1
        head, middle, last = stream.rpartition(b"BT")
        page.parent.update_stream(xref, head + b"q 0 600 595 242 re W n " + middle + last + b" Q")

    assert tokens(make(draw)) == ["22.20"]


def test_bold_by_printing_twice_is_one_number(make) -> None:
    def draw(page) -> None:
        page.insert_text((60, 100), "1,234.00")
        page.insert_text((60.4, 100), "1,234.00")
        page.insert_text((60, 130), "1,234.00")

    assert tokens(make(draw)) == ["1,234.00", "1,234.00"]


def test_touching_numbers_are_cut_at_the_rule_between_them(make) -> None:
    def draw(page) -> None:
        draw_table(page, (("", "", ""), ("", "", ""), ("", "", "")))
        first, second = "168,441.81", "154,304.22"
        length = pymupdf.get_text_length(first, fontname="helv", fontsize=10)
        page.insert_text((160 - length, 116), first + second, fontname="helv", fontsize=10)

    assert tokens(make(draw), alone=True) == ["154,304.22", "168,441.81"]


def test_number_wrapped_in_its_cell_is_one_and_stacked_numbers_are_two(make) -> None:
    def draw(page) -> None:
        draw_table(page, (("", ""), ("", "")), place=(80, 100), cell=(50, 40))
        page.insert_text((83, 115), "82,149,11", fontname="helv", fontsize=10)
        page.insert_text((83, 127), "4.00", fontname="helv", fontsize=10)
        page.insert_text((133, 115), "12", fontname="helv", fontsize=10)
        page.insert_text((133, 127), "34.50", fontname="helv", fontsize=10)

    assert tokens(make(draw), in_area=True) == ["34.50", "82,149,114.00"]


def test_number_in_a_sentence_of_a_cell_need_not_stand_alone(make) -> None:
    page = make(lambda page: draw_table(page, (("goal", "do 365 things"), ("201", "1.50"))))
    assert tokens(page, alone=True) == ["1.50", "201"]
    assert tokens(page, alone=False) == ["365"]


def test_row_left_over_on_a_page_and_open_columns_are_areas(make) -> None:
    one_row = make(lambda page: draw_table(page, (("2210203", "subsidy", "167.18"),)))
    assert tokens(one_row, alone=True) == ["167.18", "2210203"]

    def open_sides(page) -> None:
        draw_table(page, (("a", "b"), ("c", "d")), place=(200, 100))
        page.draw_line((100, 100), (100, 148))  # a column of one cell that the page break cuts above and below
        page.insert_text((110, 130), "236.58")

    assert tokens(make(open_sides), in_area=True) == ["236.58"]


def test_prose_figures_with_their_units_and_units_of_tables(make) -> None:
    def draw(page) -> None:
        page.insert_text((60, 100), "收入预算1385.53万元，支出1,000.2", fontname="china-s", fontsize=10)
        page.insert_text((60, 115), "5亿元。单价12元/人。", fontname="china-s", fontsize=10)
        page.insert_text((400, 190), "单位：万元", fontname="china-s", fontsize=10)
        draw_table(page, (("99.00万元", "1.00"), ("2.00", "3.00")), place=(60, 200))

    page = make(draw)
    assert [(f.token, f.unit) for f in page.figures] == [("1385.53", "万元"), ("1,000.25", "亿元")]
    assert page.units == ("万元",)


def test_unit_holds_for_the_pages_that_follow(tmp_path) -> None:
    with pymupdf.open() as document:
        document.new_page().insert_text((60, 100), "单位：元", fontname="china-s")
        document.new_page()
        document.save(tmp_path / "two.pdf")
    assert [page.units for page in read_evidence(tmp_path / "two.pdf").pages] == [("元",), ("元",)]


def test_unit_of_a_line_inside_a_table_is_not_that_of_the_table(make) -> None:
    page = make(lambda page: draw_table(page, (("价格", "4000", "元"), ("数量", "12", "元"))))
    assert page.units == ()


def test_a_file_that_changes_is_read_again(make) -> None:
    assert tokens(make(lambda page: page.insert_text((60, 100), "1.00"))) == ["1.00"]
    assert tokens(make(lambda page: page.insert_text((60, 100), "1.00 and 22.50"))) == ["1.00", "22.50"]


def test_what_is_no_pdf_or_locked_is_a_typed_error(tmp_path) -> None:
    page = tmp_path / "page.pdf"
    page.write_text("<html><body>1.00</body></html>")
    with pytest.raises(DamagedError, match=r"page\.pdf"):
        read_evidence(page)
    with pytest.raises(DamagedError, match=r"gone\.pdf"):
        read_evidence(tmp_path / "gone.pdf")
    with pymupdf.open() as document:
        document.new_page()
        document.save(tmp_path / "locked.pdf", encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="x", owner_pw="y")
    with pytest.raises(EncryptedError, match=r"locked\.pdf"):
        read_evidence(Path(tmp_path / "locked.pdf"))


@pytest.mark.parametrize(
    ("text", "token", "kind"),
    [
        ("１，２３４．５０", "1,234.50", NumberKind.AMOUNT),
        ("−12.00", "-12.00", NumberKind.AMOUNT),
        ("（12.00）", "(12.00)", NumberKind.AMOUNT),
        ("31,295,000", "31,295,000", NumberKind.AMOUNT),
        ("2010101", "2010101", NumberKind.CODE),
        ("1,23.4", "1,23.4", None),
        ("18", "18", None),
        ("95.13%", "95.13%", None),
        ("2026", "2026", None),
    ],
)
def test_tokens(text, token, kind) -> None:
    assert (to_token(text), kind_of(to_token(text))) == (token, kind)


def test_tokens_inside_a_text() -> None:
    assert inner_tokens("2070199其他支出1,234.00 56.00") == ("2070199", "1,234.00", "56.00")
    assert inner_tokens("168,441.81154,304.22 12345678") == ()
    assert split_tokens("2070199其他 56.00 18") == ("56.00",)
