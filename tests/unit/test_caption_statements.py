"""Paragraphs of prose that state amounts, put together over lines and page breaks."""

from lanci.caption import PageContent, draft_page, make_statements
from lanci.caption.statements import MAX_LENGTH, MAX_PER_PAGE
from lanci.document import (
    Box,
    CellReading,
    Grid,
    GridCell,
    PageEvidence,
    PageKind,
    Statement,
    TableRegion,
    Transform,
    Word,
)

LEFT, RIGHT, INDENT, SIZE, LEADING = 90.0, 500.0, 122.0, 16.0, 28.0


def words(lines: list[str], top: float = 100.0, confidence: float = 1.0) -> list[Word]:
    """Lines of a page; one that begins with two spaces is indented, one that ends with / ends before the margin."""
    found = []
    for index, line in enumerate(lines):
        left = INDENT if line.startswith("  ") else LEFT
        right = RIGHT if not line.endswith("/") else left + 8 * len(line)
        y = top + LEADING * index
        found.append(Word(line.strip(" /"), Box(left, y, right, y + SIZE), confidence))
    return found


def page(number: int, words: list[Word], *tables: Box, to_page: Transform | None = None) -> PageContent:
    evidence = PageEvidence(number, 595, 842, 0, PageKind.DIGITAL, tuple(words), to_page=to_page or Transform())
    grids = tuple(
        Grid(
            TableRegion(number, box, (), "rules"),
            1,
            1,
            (GridCell(0, 0, 1, 1, box),),
            (box.y0, box.y1),
            (box.x0, box.x1),
        )
        for box in tables
    )
    return PageContent(evidence, grids, tuple((CellReading("1"),) for _ in grids), tuple(words))


def read(*pages: PageContent) -> list[Statement]:
    return list(make_statements([draft_page(content) for content in pages]))


def texts(*pages: PageContent) -> list[str]:
    return [statement.text for statement in read(*pages)]


def test_the_lines_of_a_paragraph_are_joined_and_paragraphs_parted():
    lines = [
        "（一）收入预算说明/",
        "  2026年某县水务局收入预算58,",
        "371.20万元，比上年增加12.3万元。其",
        "中：一般公共预算100万元。/",
        "  支出预算58,371.20万元，与收入相等/",
        "  本单位概况见前文，没有别的要说/",
    ]
    first, second = read(page(1, words(lines)))
    assert first.text == "2026年某县水务局收入预算58,371.20万元，比上年增加12.3万元。其中：一般公共预算100万元。"
    assert second.text == "支出预算58,371.20万元，与收入相等"
    assert first.heading == second.heading == "（一）收入预算说明"
    assert (first.places[0].page, first.confidence) == (1, 1.0)
    assert first.places[0].box == Box(LEFT, 128, RIGHT, 200)


def test_a_paragraph_goes_on_over_a_page_break_but_not_past_a_table():
    before, after = ["  三公经费预算五万元，其中公务接待费2."], ["40万元，与上年持平。/"]
    (whole,) = read(page(4, words(["  前文3元。/", *before])), page(5, words(after)))[1:]
    assert whole.text == "三公经费预算五万元，其中公务接待费2.40万元，与上年持平。"
    assert [place.page for place in whole.places] == [4, 5]
    below = Box(90, 300, 500, 400)
    assert texts(page(4, words(["  前文3元。/", *before]), below), page(5, words(after))) == [
        "前文3元。",
        "40万元，与上年持平。",
    ]
    assert texts(page(4, words(["  前文3元。/", *before])), page(6, words(after))) == [
        "前文3元。",
        "40万元，与上年持平。",
    ]


def test_running_heads_page_numbers_and_contents_are_no_part_of_it():
    head = [Word("某县水务局2026年预算公开", Box(90, 20, 250, 32))]
    foot = [Word("- 7 -", Box(290, 810, 310, 822))]
    last = words(["  会议费3.10万元，培训"], top=760)
    pages = [page(n, [*head, *(last if n == 1 else words(["费2元。/"])), *foot]) for n in (1, 2, 3)]
    assert texts(*pages)[0] == "会议费3.10万元，培训费2元。"
    entries = [f"第{n}表 支出3元……………{n}" for n in range(4)]
    assert texts(page(1, words(entries))) == []


def test_items_of_a_list_stay_apart():
    lines = ["  本年一般公共预算收入100万元；", "  本年事业收入5万元；", "  其他收入1万元。/"]
    assert texts(page(1, words(lines))) == [line.strip(" /") for line in lines]


def test_only_money_in_prose_counts():
    assert texts(page(1, words(["  单位：万元/", "  占比3.5%/", "  共有车辆3辆/"]))) == []


def test_places_are_those_of_the_displayed_page_and_ocr_keeps_its_confidence():
    shifted = page(1, words(["  预算3元/"], confidence=0.7), to_page=Transform(e=10))
    (statement,) = read(shifted)
    assert statement.confidence == 0.7
    assert statement.places[0].box.x0 == INDENT + 10


def test_hostile_pages_are_bounded():
    assert len(texts(page(1, words([f"  预算{n}元/" for n in range(MAX_PER_PAGE + 9)], top=0)))) == MAX_PER_PAGE
    (long,) = texts(page(1, words(["  预算3元" + "甲" * MAX_LENGTH, "乙" * 99])))
    assert len(long) == MAX_LENGTH
