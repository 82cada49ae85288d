"""The visible text of digital pages: what is a word, what is not to be seen, what is no content."""

from __future__ import annotations

import pymupdf
import pytest

from lanci.document import Box, Word
from lanci.page.text import TextLayer, is_tall, line_to_text, read_text_layer, to_em_box, words_to_lines

FONT = "china-s"
BLACK, WHITE = (0, 0, 0), (1, 1, 1)


@pytest.fixture
def page() -> pymupdf.Page:
    document = pymupdf.open()
    new = document.new_page(width=595, height=842)
    new.keep_alive = document
    return new


def write(page: pymupdf.Page, x: float, y: float, text: str, **style: object) -> None:
    page.insert_text((x, y), text, **({"fontname": FONT, "fontsize": 9} | style))


def append(page: pymupdf.Page, operators: str) -> None:
    """Add operators to the page's content; text is set in Helvetica as /helv."""
    page.insert_font(fontname="helv")
    xref = page.get_contents()[0] if page.get_contents() else 0
    if not xref:
        page.insert_text((0, -50), " ")
        xref = page.get_contents()[0]
    document = page.parent
    document.update_stream(xref, document.xref_stream(xref) + b"\n" + operators.encode("ascii"))


def cover(page: pymupdf.Page, x0: float, y0: float, x1: float, y1: float, **style: object) -> None:
    page.draw_rect((x0, y0, x1, y1), **({"color": None, "fill": WHITE} | style))


def picture(page: pymupdf.Page, box: tuple[float, float, float, float], *, alpha: int | None = None) -> None:
    pixels = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 40, 40), alpha is not None)
    pixels.clear_with(200)
    if alpha is not None:
        pixels.set_alpha(bytes([alpha]) * 1600)
    page.insert_image(box, pixmap=pixels, keep_proportion=False)


def resources_of(page: pymupdf.Page) -> int:
    return int(page.parent.xref_get_key(page.xref, "Resources")[1].split()[0])


def texts(page: pymupdf.Page) -> list[str]:
    return [word.text for word in read_text_layer(page).words]


def only_word(page: pymupdf.Page) -> Word:
    (word,) = read_text_layer(page).words
    return word


# Words


@pytest.mark.parametrize("text", ["82,149,114.50", "-1,234.50", "(12.00)", "△3.5", "１２３．４５", "－18.6", "95.13%"])
def test_a_number_is_one_word_as_printed(page: pymupdf.Page, text: str) -> None:
    write(page, 50, 100, text)
    assert texts(page) == [text]


def test_digits_drawn_one_by_one_are_one_number_and_columns_are_not(page: pymupdf.Page) -> None:
    for i, digit in enumerate("1,234.50"):
        write(page, 50 + 7 * i, 100, digit, fontname="helv")
    for i, digit in enumerate("12345"):
        write(page, 50 + 60 * i, 140, digit, fontname="helv")
    assert texts(page) == ["1,234.50", "1", "2", "3", "4", "5"]


def test_a_minus_sign_set_a_little_apart_stays_with_its_number(page: pymupdf.Page) -> None:
    append(page, "BT /helv 10 Tf 50 700 Td [(-) -280 (1,234.50)] TJ ET")
    assert texts(page) == ["-1,234.50"]


def test_a_visible_gap_ends_a_word(page: pymupdf.Page) -> None:
    append(page, "BT /helv 10 Tf 50 700 Td [(10.5) -500 (20.5)] TJ ET")
    write(page, 50, 200, "合　计")
    words = read_text_layer(page).words
    assert [(w.text, w.after_space) for w in words] == [("10.5", False), ("20.5", False), ("合", False), ("计", True)]


def test_a_raised_note_mark_is_no_digit_of_the_number(page: pymupdf.Page) -> None:
    append(page, "BT /helv 10 Tf 50 700 Td (1,234.5) Tj 6 Tf 4 Ts (1) Tj ET".replace("6 Tf", "/helv 6 Tf"))
    (line,) = words_to_lines(read_text_layer(page).words)
    assert line_to_text(line) == "1,234.5 1"


def test_a_raised_digit_after_a_letter_belongs_to_it(page: pymupdf.Page) -> None:
    append(page, "BT /helv 10 Tf 50 700 Td (m) Tj /helv 6 Tf 4 Ts (2) Tj ET")
    assert texts(page) == ["m2"]


def test_digits_that_sit_lower_stay_on_their_line(page: pymupdf.Page) -> None:
    write(page, 50, 100, "年部门收支总体情况表")
    write(page, 30, 103, "2026")
    lines = words_to_lines(read_text_layer(page).words)
    assert [line_to_text(words) for words in lines] == ["2026年部门收支总体情况表"]


@pytest.mark.parametrize("shift", [(0.0, 0.0), (0.4, 0.0), (0.3, 0.3)])
def test_text_drawn_twice_for_boldness_counts_once(page: pymupdf.Page, shift: tuple[float, float]) -> None:
    for dx, dy in ((0.0, 0.0), shift):
        write(page, 50 + dx, 100 + dy, "预算11")
    for i, char in enumerate("合计77"):
        for dx, dy in ((0.0, 0.0), shift):
            write(page, 50 + 9 * i + dx, 140 + dy, char)
    assert "".join(texts(page)) == "预算11合计77"


def test_equal_numbers_side_by_side_all_count(page: pymupdf.Page) -> None:
    for i in range(4):
        write(page, 50, 100 + 10 * i, "0.00", fontname="helv")
        write(page, 70, 100 + 10 * i, "0.00", fontname="helv")
    assert texts(page) == ["0.00"] * 8


def test_a_label_along_the_side_is_one_word_in_reading_order(page: pymupdf.Page) -> None:
    write(page, 100, 100, "一般公共预算财政拨款支出情况表")
    write(page, 40, 300, "产出 2026 指标", rotate=90)
    label = read_text_layer(page).words[-1]
    assert (label.text, label.box.height > 3 * label.box.width) == ("产出 2026 指标", True)


def test_stacked_glyphs_are_words_of_their_own(page: pymupdf.Page) -> None:
    for i, char in enumerate("产出指标"):
        write(page, 40, 100 + 11 * i, char)
    assert texts(page) == list("产出指标")


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_rotated_pages_are_read_as_displayed(page: pymupdf.Page, rotation: int) -> None:
    """The same picture stored with any /Rotate gives the same words at the same places."""
    write(page, 60, 140, "1,234.00 元")
    page.set_rotation(rotation)
    layer = read_text_layer(page)
    assert layer.direction == {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}[rotation]
    assert [w.text for w in layer.words] == ["1,234.00", "元"]
    rect = pymupdf.Rect(page.search_for("1,234.00")[0]) * page.rotation_matrix
    assert layer.words[0].box.intersect(Box(*rect)).area > 0.5 * layer.words[0].box.area
    assert layer.words[0].stops[:2] == pytest.approx((0.0, 1 / 8), abs=0.02)


def test_a_page_box_that_does_not_begin_at_zero(page: pymupdf.Page) -> None:
    write(page, 100, 100, "1,234.00")
    page.set_mediabox(pymupdf.Rect(-12, -12, 583, 830))
    assert only_word(page).box.x0 == pytest.approx(112, abs=0.5)


def test_two_numbers_close_to_each_other_are_two(page: pymupdf.Page) -> None:
    append(page, "BT /helv 10 Tf 50 700 Td [(10.5) -280 (20.5)] TJ ET")
    assert texts(page) == ["10.5", "20.5"]


# What is not to be seen


@pytest.mark.parametrize(
    "style",
    [{"render_mode": 3}, {"fill_opacity": 0.0}, {"color": WHITE}, {"fontsize": 0.5}],
    ids=["not painted", "transparent", "white", "tiny"],
)
def test_text_that_is_not_painted_is_not_content(page: pymupdf.Page, style: dict[str, object]) -> None:
    write(page, 50, 100, "11.00")
    write(page, 50, 130, "22.00", **style)
    layer = read_text_layer(page)
    assert ([w.text for w in layer.words], layer.n_chars, layer.n_hidden) == (["11.00"], 5, 5)


def test_text_off_the_page_is_not_content(page: pymupdf.Page) -> None:
    write(page, 50, 100, "11.00")
    for x, y in ((700, 100), (50, -30), (50, 900), (-80, 100)):
        write(page, x, y, "22.00")
    assert texts(page) == ["11.00"]


def test_clipped_text_is_not_content(page: pymupdf.Page) -> None:
    append(page, "q 50 700 100 20 re W n BT /helv 10 Tf 50 705 Td (11.00) Tj 0 -40 Td (22.00) Tj ET Q")
    assert texts(page) == ["11.00"]


@pytest.mark.parametrize("rotation", [0, 90])
@pytest.mark.parametrize(
    ("left", "right", "shown"),
    [(90, 128, "12345"), (118, 200, "4567.89"), (90, 141.2, "1234567.")],
)
def test_a_number_cut_by_a_clip_is_marked(
    page: pymupdf.Page, left: float, right: float, shown: str, rotation: int
) -> None:
    along = "0 1 -1 0 795 0 cm" if rotation else ""
    append(page, f"q {along} {left} 690 {right - left} 20 re W n BT /helv 10 Tf 100 700 Td (1234567.89) Tj ET Q")
    page.set_rotation(rotation)
    word = only_word(page)
    assert word.text == shown
    assert word.confidence < 1.0


@pytest.mark.parametrize(("printed", "clip"), [("12345.67", "90 703 100 20"), ("-123", "90 690 100 11")])
def test_a_number_is_marked_that_lost_its_point_or_sign_to_a_clip(page: pymupdf.Page, printed: str, clip: str) -> None:
    append(page, f"q {clip} re W n BT /helv 10 Tf 100 700 Td ({printed}) Tj ET Q")
    words = read_text_layer(page).words
    assert "".join(word.text for word in words) == printed.replace(".", "").replace("-", "")
    assert all(word.confidence < 1.0 for word in words)


@pytest.mark.parametrize("clip", ["99 690 54 20", "99 690 80 20", "100 696 51 8"])
def test_a_number_that_ends_with_its_clip_is_whole(page: pymupdf.Page, clip: str) -> None:
    append(page, f"q {clip} re W n BT /helv 10 Tf 100 700 Td (1234567.89) Tj ET Q")
    append(page, "BT /helv 10 Tf 170 700 Td (12.00) Tj ET")
    assert [(word.text, word.confidence) for word in read_text_layer(page).words] == [
        ("1234567.89", 1.0),
        ("12.00", 1.0),
    ]


@pytest.mark.parametrize("ground", [(0, 0, 0.5), (0.9, 0.1, 0.1)])
def test_white_text_on_a_coloured_area_is_content(page: pymupdf.Page, ground: tuple[float, ...]) -> None:
    cover(page, 40, 80, 200, 120, fill=ground)
    write(page, 50, 100, "项目", color=WHITE)
    assert texts(page) == ["项目"]


def test_text_in_the_colour_of_its_ground_is_not_content(page: pymupdf.Page) -> None:
    cover(page, 40, 80, 200, 120, fill=(0.9, 0.9, 0.6))
    write(page, 50, 100, "22.00", color=(0.9, 0.9, 0.6))
    write(page, 50, 115, "11.00")
    layer = read_text_layer(page)
    assert [w.text for w in layer.words] == ["11.00"]
    assert any("colour" in remark for remark in layer.remarks)


def test_white_text_on_a_banner_picture_is_content(page: pymupdf.Page) -> None:
    picture(page, (40, 80, 300, 120))
    write(page, 50, 100, "项目", color=WHITE)
    assert texts(page) == ["项目"]


def test_text_under_a_later_area_is_not_content(page: pymupdf.Page) -> None:
    cover(page, 0, 0, 595, 842)  # the paper, before all text
    cover(page, 40, 180, 200, 220, fill=(0.9, 0.9, 1))
    write(page, 50, 200, "11.00")  # on its cell
    write(page, 50, 100, "22.00")
    write(page, 50, 140, "33.00")
    cover(page, 40, 85, 200, 110)
    cover(page, 40, 125, 200, 150, fill_opacity=0.5)  # lets it show through
    layer = read_text_layer(page)
    assert [w.text for w in layer.words] == ["11.00", "33.00"]
    assert any("covered" in remark for remark in layer.remarks)


def test_a_corrected_number_is_the_one_on_top(page: pymupdf.Page) -> None:
    """The first digit of both numbers stands at the same place."""
    write(page, 50, 100, "1,234.00")
    cover(page, 40, 85, 200, 110)
    write(page, 50, 100, "1,567.00")
    assert texts(page) == ["1,567.00"]


def test_a_clip_keeps_an_area_from_hiding_text(page: pymupdf.Page) -> None:
    append(page, "BT /helv 10 Tf 50 700 Td (11.00) Tj ET q 300 600 50 50 re W n 1 g 0 0 595 842 re f Q")
    assert texts(page) == ["11.00"]


@pytest.mark.parametrize("alpha", [None, 90])
def test_a_later_picture_hides_text_unless_it_is_translucent(page: pymupdf.Page, alpha: int | None) -> None:
    write(page, 50, 100, "11.00")
    picture(page, (40, 80, 200, 120), alpha=alpha)
    assert texts(page) == ([] if alpha is None else ["11.00"])


def test_a_picture_in_a_blend_mode_hides_nothing(page: pymupdf.Page) -> None:
    """As seals are laid over text; MuPDF says of the picture only that it is there."""
    write(page, 50, 100, "11.00")
    picture(page, (40, 80, 200, 120))
    document = page.parent
    document.xref_set_key(resources_of(page), "ExtGState", "<</G0 <</BM /Multiply>>>>")
    xref = page.get_contents()[-1]
    document.update_stream(xref, b"/G0 gs " + document.xref_stream(xref))
    assert texts(page) == ["11.00"]


def test_a_word_of_which_a_part_is_hidden_is_marked(page: pymupdf.Page) -> None:
    """Otherwise 1,234.50 under a label would silently become 1,23."""
    write(page, 50, 100, "1,234.50", fontname="helv", fontsize=10)
    cover(page, 70, 85, 200, 110)
    word = only_word(page)
    assert word.text in "1,234.50"
    assert word.text != "1,234.50"
    assert word.confidence < 1


def test_a_word_with_an_unknown_character_is_marked(page: pymupdf.Page) -> None:
    append(page, "BT /helv 10 Tf 50 700 Td (11.00) Tj ET BT /Odd 10 Tf 150 700 Td (12A3.00) Tj ET")
    document = page.parent
    odd = document.get_new_xref()
    encoding = "<</Type /Encoding /Differences [65 /uniE001]>>"
    document.update_object(odd, f"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding {encoding}>>")
    document.xref_set_key(resources_of(page), "Font/Odd", f"{odd} 0 R")
    layer = read_text_layer(page)
    assert [w.confidence < 1 for w in layer.words] == [False, True]
    assert (layer.n_unreadable, layer.n_unreadable_words) == (1, 1)


# Watermarks


def slanted(page: pymupdf.Page, text: str, degrees: float, **style: object) -> None:
    point = pymupdf.Point(100, 300)
    write(page, 100, 300, text, morph=(point, pymupdf.Matrix(degrees)), **style)


def table_of_numbers(page: pymupdf.Page) -> list[str]:
    for i in range(20):
        write(page, 100, 100 + 20 * i, f"{i}.00")
    return [f"{i}.00" for i in range(20)]


@pytest.mark.parametrize("degrees", [30, 45, -60])
def test_text_at_an_angle_is_left_out_with_a_remark(page: pymupdf.Page, degrees: float) -> None:
    expected = table_of_numbers(page)
    slanted(page, "征求意见稿 99.99", degrees, fontsize=40)
    layer = read_text_layer(page)
    assert [w.text for w in layer.words] == expected
    assert any("watermark" in remark for remark in layer.remarks)


def test_a_page_that_lies_a_little_askew_is_read(page: pymupdf.Page) -> None:
    slanted(page, "1,234.00", 2)
    assert texts(page) == ["1,234.00"]


@pytest.mark.parametrize("style", [{"color": (0.8, 0.8, 0.8)}, {"fill_opacity": 0.3}])
def test_large_pale_text_over_other_text_is_left_out(page: pymupdf.Page, style: dict[str, object]) -> None:
    expected = table_of_numbers(page)
    write(page, 80, 300, "内部资料", fontsize=60, **style)
    layer: TextLayer = read_text_layer(page)
    assert [w.text for w in layer.words] == expected
    assert any("watermark" in remark for remark in layer.remarks)


def test_a_pale_title_and_pale_small_text_are_content(page: pymupdf.Page) -> None:
    expected = table_of_numbers(page)
    write(page, 100, 60, "收支总表", fontsize=30, color=(0.7, 0.7, 0.7))
    write(page, 200, 100, "1.50", color=(0.7, 0.7, 0.7))
    assert sorted(texts(page)) == sorted([*expected, "收支总表", "1.50"])


@pytest.mark.parametrize(
    ("direction", "box"),
    [
        ((1, 0), (100, 191, 105, 202.5)),
        ((-1, 0), (100, 197.5, 105, 209)),
        ((0, 1), (97.5, 180, 109, 220)),
        ((0, -1), (91, 180, 102.5, 220)),
    ],
)
def test_boxes_of_fonts_that_reach_over_other_lines_are_cut_to_their_line(
    direction: tuple[int, int], box: tuple[float, ...]
) -> None:
    tall = {"c": "字", "origin": (100, 200), "bbox": (100, 180, 105, 220)}
    assert to_em_box(tall, direction, 10)["bbox"] == pytest.approx(box)
    assert is_tall({"bbox": (100, 180, 105, 220), "size": 10}, direction) == (direction[1] == 0)
