"""Which text layers are read and which pages go to OCR."""

from __future__ import annotations

import pymupdf
import pytest

from lanci.document import PageKind
from lanci.page.text import read_text_layer
from lanci.page.trust import judge_text_layer

FONT = "china-s"
PROSE = "反映本部门当年全部收入和支出的情况"


@pytest.fixture
def page() -> pymupdf.Page:
    document = pymupdf.open()
    new = document.new_page(width=595, height=842)
    new.keep_alive = document
    return new


def judge(page: pymupdf.Page) -> tuple[PageKind, tuple[str, ...]]:
    drawings = page.get_cdrawings(extended=True)
    return judge_text_layer(page, read_text_layer(page, drawings), len(drawings))


def write(page: pymupdf.Page, n_lines: int, text: str = PROSE, **style: object) -> None:
    for i in range(n_lines):
        page.insert_text((60, 60 + 18 * i), text, **({"fontname": FONT, "fontsize": 9} | style))


def picture(page: pymupdf.Page, box: tuple[float, float, float, float]) -> None:
    pixels = pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.IRect(0, 0, 60, 80))
    pixels.clear_with(200)
    page.insert_image(box, pixmap=pixels, keep_proportion=False)


def outlines(page: pymupdf.Page, n: int, side: float = 9.0) -> None:
    """Shapes of the size of characters, made of curves."""
    shape = page.new_shape()
    for i in range(n):
        shape.draw_circle((60 + 12 * (i % 35), 60 + 14 * (i // 35)), side / 2)
        shape.finish(fill=(0, 0, 0), color=None)
    shape.commit()


def test_a_blank_page(page: pymupdf.Page) -> None:
    assert judge(page) == (PageKind.BLANK, ())


def test_plain_text_is_digital_without_remarks(page: pymupdf.Page) -> None:
    write(page, 20)
    assert judge(page) == (PageKind.DIGITAL, ())


@pytest.mark.parametrize("strips", [1, 8])
def test_a_picture_of_a_page_is_a_scan_also_in_strips(page: pymupdf.Page, strips: int) -> None:
    for i in range(strips):
        picture(page, (0, 842 * i / strips, 595, 842 * (i + 1) / strips))
    write(page, 1, "CSCR-2023-19001")
    assert judge(page)[0] is PageKind.SCANNED


def test_a_picture_written_into_the_content_is_seen(page: pymupdf.Page) -> None:
    page.insert_text((0, -50), " ")
    xref = page.get_contents()[0]
    inline = b"q 595 0 0 842 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q"
    page.parent.update_stream(xref, inline)
    assert judge(page)[0] is PageKind.SCANNED


@pytest.mark.parametrize(
    "style", [{"render_mode": 3}, {"color": (1, 1, 1)}, {"fill_opacity": 0}], ids=["unpainted", "white", "transparent"]
)
def test_a_hidden_text_layer_over_a_scan_is_not_read(page: pymupdf.Page, style: dict[str, object]) -> None:
    picture(page, (0, 0, 595, 842))
    write(page, 20, **style)
    assert judge(page)[0] is PageKind.SCANNED


def test_a_text_layer_under_a_scan_is_not_read(page: pymupdf.Page) -> None:
    write(page, 20)
    picture(page, (0, 0, 595, 842))
    assert judge(page)[0] is PageKind.SCANNED


def test_a_scan_with_a_visible_head_line_and_a_hidden_layer(page: pymupdf.Page) -> None:
    picture(page, (0, 0, 595, 842))
    write(page, 4, "看得见的页眉页脚和文件编号二十个字左右")
    write(page, 30, render_mode=3)
    kind, remarks = judge(page)
    assert kind is PageKind.SCANNED
    assert any("hidden" in remark for remark in remarks)


@pytest.mark.parametrize("box", [(0, 0, 595, 842), (60, 420, 540, 800)])
def test_text_beside_a_large_picture_is_never_read_silently(page: pymupdf.Page, box: tuple[float, ...]) -> None:
    picture(page, box)
    write(page, 20)
    kind, remarks = judge(page)
    assert kind is PageKind.MIXED
    assert any("picture" in remark for remark in remarks)


@pytest.mark.parametrize("rotation", [0, 90])
def test_a_small_picture_changes_nothing(page: pymupdf.Page, rotation: int) -> None:
    picture(page, (400, 700, 500, 800))
    write(page, 20)
    page.set_rotation(rotation)
    assert judge(page) == (PageKind.DIGITAL, ())


def unmapped(page: pymupdf.Page, text: str) -> None:
    """Write in a font of which the letter A has no Unicode value."""
    page.insert_font(fontname="helv")
    document = page.parent
    resources = int(document.xref_get_key(page.xref, "Resources")[1].split()[0])
    odd = document.get_new_xref()
    encoding = "<</Type /Encoding /Differences [65 /uniE001]>>"
    document.update_object(odd, f"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding {encoding}>>")
    document.xref_set_key(resources, "Font/Odd", f"{odd} 0 R")
    xref = page.get_contents()[-1]
    document.update_stream(
        xref, document.xref_stream(xref) + f" BT /Odd 10 Tf 60 100 Td ({text}) Tj ET".encode("ascii")
    )


def test_text_without_unicode_values_goes_to_ocr(page: pymupdf.Page) -> None:
    write(page, 1)
    unmapped(page, "AAAAAAAA AAA")
    kind, remarks = judge(page)
    assert kind is PageKind.SCANNED
    assert any("no usable characters" in remark for remark in remarks)


def test_a_few_unknown_characters_are_told(page: pymupdf.Page) -> None:
    write(page, 20)
    unmapped(page, "20A4")
    kind, remarks = judge(page)
    assert kind is PageKind.DIGITAL
    assert any("no Unicode value" in remark for remark in remarks)


def test_a_page_of_outlines_goes_to_ocr(page: pymupdf.Page) -> None:
    outlines(page, 400)
    assert judge(page)[0] is PageKind.SCANNED


def test_a_table_of_outlines_under_a_line_of_text_goes_to_ocr(page: pymupdf.Page) -> None:
    page.insert_text((60, 700), "— 11 —", fontname=FONT, fontsize=9)
    outlines(page, 120)
    kind, remarks = judge(page)
    assert kind is PageKind.SCANNED
    assert any("outlines" in remark for remark in remarks)


def test_bullets_and_charts_are_no_outlines(page: pymupdf.Page) -> None:
    write(page, 20)
    outlines(page, 30)
    outlines(page, 200, side=60)
    outlines(page, 200, side=1)
    assert judge(page)[0] is PageKind.DIGITAL
