"""Words into the cells of a grid: to which cell they go, what they say together, when a person should look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanci.document import Box, CellReading, Grid, GridCell, TableRegion, Word
from lanci.grid import fill_from_words
from lanci.grid.lookup import GridLookup
from lanci.text import is_cjk

SIZE = 10.0
XS = (0.0, 100.0, 200.0, 300.0)
YS = (0.0, 20.0, 40.0, 60.0)


def grid_of(xs: Sequence[float] = XS, ys: Sequence[float] = YS) -> Grid:
    """A grid of single cells."""
    cells = [
        GridCell(r, c, 1, 1, Box(x0, y0, x1, y1))
        for r, (y0, y1) in enumerate(pairwise(ys))
        for c, (x0, x1) in enumerate(pairwise(xs))
    ]
    region = TableRegion(1, Box(xs[0], ys[0], xs[-1], ys[-1]), (), "rules")
    return Grid(region, len(ys) - 1, len(xs) - 1, tuple(cells), tuple(ys), tuple(xs))


def say(text: str, x: float, y: float, *, size: float = SIZE, gaps: dict[int, float] | None = None) -> Word:
    """A word that begins at (x, y), its top left: Chinese characters are one size wide, others half of it.

    ``gaps`` are points of empty space before the characters with these indexes.
    """
    starts, end = [], x
    for i, char in enumerate(text):
        end += (gaps or {}).get(i, 0.0)
        starts.append(end)
        end += size if is_cjk(char) else size / 2
    stops = tuple((start - x) / (end - x) for start in starts)
    return Word(text, Box(x, y, end, y + size), stops=stops)


def after_space(word: Word) -> Word:
    return replace(word, after_space=True)


def fill(grid: Grid, *words: Word) -> dict[tuple[int, int], CellReading]:
    """The readings of the cells that are not blank."""
    (readings,) = fill_from_words([grid], words).readings
    cells = zip(grid.cells, readings, strict=True)
    return {(cell.row, cell.col): reading for cell, reading in cells if reading.text}


def texts(grid: Grid, *words: Word) -> dict[tuple[int, int], str]:
    return {place: reading.text for place, reading in fill(grid, *words).items()}


def cell_of(width: float, *lines: str, pitch: float = 12.0) -> CellReading:
    """What a cell of this width reads whose lines stand under each other, each from its left."""
    grid = grid_of((0.0, width, width + 100.0), (0.0, 200.0, 220.0))
    return fill(grid, *[say(line, 3.0, 5.0 + pitch * i) for i, line in enumerate(lines)])[0, 0]


class TestWhichCell:
    def test_text_goes_to_the_cell_that_holds_most_of_it(self) -> None:
        assert texts(grid_of(), say("机关事业单位基本养老", 70, 5)) == {(0, 1): "机关事业单位基本养老"}
        assert texts(grid_of(), say("合计", 10, 16)) == {(1, 0): "合计"}

    def test_a_word_shared_by_two_cells_is_doubtful(self) -> None:
        assert fill(grid_of(), say("合计", 10, 15.5))[1, 0].needs_review
        assert not fill(grid_of(), say("合计", 10, 18))[1, 0].needs_review

    def test_words_outside_all_grids_are_given_back(self) -> None:
        inside, outside = say("合计", 10, 5), say("单位：万元", 250, -12)
        filled = fill_from_words([grid_of()], [outside, inside])
        assert filled.outside == (outside,)
        assert filled.readings[0][0].text == "合计"

    def test_each_word_goes_to_the_grid_around_it(self) -> None:
        lower = grid_of(XS, (100.0, 120.0))
        filled = fill_from_words([grid_of(), lower], [say("1", 10, 105), say("2", 10, 5)])
        assert [readings[0].text for readings in filled.readings] == ["2", "1"]

    @given(st.floats(-20, 320), st.floats(-20, 80), st.floats(0, 150), st.floats(0, 50))
    def test_the_quick_way_finds_the_cell_with_the_largest_part(self, x: float, y: float, w: float, h: float) -> None:
        grid, box = grid_of(), Box(x, y, x + w, y + h)
        index, _ = GridLookup(grid).cell_at(box)
        areas = [box.intersect(cell.box).area for cell in grid.cells]
        assert areas[index] == pytest.approx(max(areas))

    def test_the_next_word_of_an_overflowing_text_stays_with_it(self) -> None:
        label = say("社会保障和就业支出", 30, 5)
        rest = after_space(say("（续）", 123, 5))
        amount = after_space(say("12.50", 123, 5))
        assert texts(grid_of(), label, rest) == {(0, 0): "社会保障和就业支出 （续）"}
        assert texts(grid_of(), label, amount) == {(0, 0): "社会保障和就业支出", (0, 1): "12.50"}


class TestTouchingTexts:
    """A word crosses a rule: one text that overflows, or two that touch."""

    @pytest.mark.parametrize(
        ("left", "right"),
        [("2010301", "行政运行"), ("168,441.81", "154,304.22"), ("行政运行", "-12.50"), ("12.50", "-3.00")],
    )
    def test_they_are_cut_at_the_rule(self, left: str, right: str) -> None:
        word = say(left + right, 100 - say(left, 0, 0).box.width, 5)
        assert texts(grid_of(), word) == {(0, 0): left, (0, 1): right}

    @pytest.mark.parametrize("text", ["168,441.81", "2021-2022", "010-12345678", "一般公共预算财政拨款"])
    def test_one_text_is_not_cut(self, text: str) -> None:
        word = say(text, 100 - say(text, 0, 0).box.width * 0.45, 5)
        assert list(texts(grid_of(), word).values()) == [text]

    def test_a_gap_tells_amounts_that_would_be_one_together(self) -> None:
        assert texts(grid_of(), say("4.822026", 79, 5, gaps={4: 2.0})) == {(0, 0): "4.82", (0, 1): "2026"}

    def test_a_gap_tells_headings(self) -> None:
        assert texts(grid_of(), say("基本支出项目支出", 59, 5, gaps={4: 1.5})) == {
            (0, 0): "基本支出",
            (0, 1): "项目支出",
        }

    def test_numbers_of_narrow_columns_are_not_one_number(self) -> None:
        narrow = grid_of(xs=[12.0 * i for i in range(7)])
        spread = replace(say("123456", 3.5, 5, gaps=dict.fromkeys(range(1, 6), 7.0)), spread=True)
        assert [reading.text for _, reading in sorted(fill(narrow, spread).items())] == list("123456")
        wide = say("1234", 90, 5, gaps={1: 1.0, 2: 1.0, 3: 1.0})
        assert list(texts(grid_of(), wide).values()) == ["1234"], "a number across a rule is not cut"

    def test_three_texts_in_a_row(self) -> None:
        grid = grid_of((0.0, 50.0, 95.0, 150.0))
        assert texts(grid, say("行政运行34,567.81万元", 10, 5)) == {
            (0, 0): "行政运行",
            (0, 1): "34,567.81",
            (0, 2): "万元",
        }


class TestLines:
    @pytest.mark.parametrize(
        ("width", "lines", "text"),
        [
            (45, ("1,234,56", "7.89"), "1,234,567.89"),
            (45, ("1,234,", "567.89"), "1,234,567.89"),
            (45, ("1234567", "890.12"), "1234567890.12"),
            (45, ("1,234,567", ".89"), "1,234,567.89"),
            (45, ("(1,234,5", "67.00)"), "(1,234,567.00)"),
            (100, ("-", "12.50"), "-12.50"),
            (100, ("(12.50", ")"), "(12.50)"),
            (100, ("12.50", "%"), "12.50%"),
            (40, ("20103", "01"), "2010301"),
            (60, ("11000022T", "000000444", "016-公众"), "11000022T000000444016-公众"),
            (60, ("11000022Y", "0000446"), "11000022Y0000446"),
            (100, ("2021-", "2022年"), "2021-2022年"),
        ],
    )
    def test_what_is_wrapped_is_joined(self, width: float, lines: tuple[str, ...], text: str) -> None:
        reading = cell_of(width, *lines)
        assert (reading.text, reading.needs_review) == (text, False)

    @pytest.mark.parametrize(
        ("width", "lines", "text"),
        [
            (100, ("4.82", "5.90"), "4.82 5.90"),  # no number together
            (30, ("4.82", "5.90"), "4.82 5.90"),  # nor where they fill the cell
            (100, ("123", "456"), "123 456"),  # the first leaves room for more
            (45, ("2010301", "2010302"), "2010301 2010302"),  # both fill the cell
            (100, ("(5.00)", "(6.00)"), "(5.00) (6.00)"),
            (100, ("12%", "34%"), "12% 34%"),
        ],
    )
    def test_numbers_under_each_other_stay_two_and_are_marked(
        self, width: float, lines: tuple[str, ...], text: str
    ) -> None:
        reading = cell_of(width, *lines)
        assert (reading.text, reading.needs_review) == (text, True)

    @pytest.mark.parametrize(
        ("lines", "text"),
        [
            (("其他政府办公厅（室）", "及相关机构事务支出"), "其他政府办公厅（室）及相关机构事务支出"),
            (("General public", "budget"), "General public budget"),
            (("inter-", "national"), "inter-national"),
            (("GDP 2023", "EU 28"), "GDP 2023 EU 28"),
            (("共5", "2.培训20人"), "共5 2.培训20人"),
            (("截至2026", "年底"), "截至2026年底"),
        ],
    )
    def test_lines_are_joined_in_reading_order(self, lines: tuple[str, ...], text: str) -> None:
        assert cell_of(110, *lines).text == text

    def test_a_number_that_would_have_fitted_whole_is_another_one(self) -> None:
        assert cell_of(60, "in GDP 2023", "2024").text == "in GDP 2023 2024"

    def test_lowered_digits_stay_on_their_line(self) -> None:
        assert texts(grid_of(), say("年预算", 26, 4), say("2026", 5, 6)) == {(0, 0): "2026年预算"}

    def test_a_raised_mark_is_no_digit_of_the_number(self) -> None:
        reading = fill(grid_of(), say("12.5", 10, 8), say("1", 30.2, 6, size=6))[0, 0]
        assert (reading.text, reading.needs_review) == ("12.5 1", True)

    def test_letter_spaced_text_keeps_one_space(self) -> None:
        assert texts(grid_of(), say("合", 10, 5), say("计", 50, 5)) == {(0, 0): "合 计"}


class TestTextThatRunsDown:
    TALL = grid_of((0.0, 60.0, 100.0), (0.0, 200.0))

    def test_a_column_of_characters(self) -> None:
        words = [say(char, 10, 10 + 15 * i) for i, char in enumerate("2026年预算")]
        assert texts(self.TALL, *words) == {(0, 0): "2026年预算"}

    def test_columns_are_read_as_they_were_drawn(self) -> None:
        right = [say(char, 35, 10 + 12 * i) for i, char in enumerate("绩效指标")]
        left = [say(char, 10, 10 + 12 * i) for i, char in enumerate("完成情况")]
        assert texts(self.TALL, *right, *left) == {(0, 0): "绩效指标完成情况"}

    def test_turned_lines_are_read_as_they_were_drawn(self) -> None:
        words = [Word("项目支出", Box(10, 20, 20, 60)), Word("绩效目标", Box(22, 20, 32, 60))]
        assert texts(self.TALL, *words) == {(0, 0): "项目支出绩效目标"}

    def test_digits_under_each_other_are_no_word(self) -> None:
        reading = fill(self.TALL, *[say(digit, 10, 10 + 15 * i) for i, digit in enumerate("123")])[0, 0]
        assert (reading.text, reading.needs_review) == ("1 2 3", True)


class TestOverprint:
    def test_texts_over_each_other_are_told_apart_as_drawn_and_marked(self) -> None:
        grid = grid_of((0.0, 100.0), (0.0, 60.0))
        first = [say("石拐区开洲", 5, 10), say("窑子村", 5, 22)]
        second = [say("东河区天堂", 10, 15), say("园东南", 10, 27)]
        reading = fill(grid, *first, *second)[0, 0]
        assert (reading.text, reading.needs_review) == ("石拐区开洲窑子村 东河区天堂园东南", True)

    def test_lines_without_leading_are_no_overprint(self) -> None:
        """Some fonts give boxes more than twice as high as their glyphs."""
        words = [replace(w, box=replace(w.box, y0=w.box.y0 - 8, y1=w.box.y1 + 8)) for w in (
            say("数字化量不少于", 5, 10), say("培训人次不少于", 5, 20), say("保障正常运转", 5, 30)
        )]  # fmt: skip
        reading = fill(grid_of((0.0, 100.0), (0.0, 60.0)), *words)[0, 0]
        assert (reading.text, reading.needs_review) == ("数字化量不少于培训人次不少于保障正常运转", False)

    def test_a_line_spilled_over_the_next_row_goes_back_to_its_label(self) -> None:
        """As Excel prints a label too long for its row: the second line lies half under the next row's text."""
        words = [say("生态环境国际", 3, 5), say("合作", 3, 16.5), say("行政运行", 3, 22.5)]
        assert texts(grid_of(), *words) == {(0, 0): "生态环境国际合作", (1, 0): "行政运行"}


class TestLinesOverARule:
    """A page break that cuts a line: its upper part lies under the repeated header, its foot in the row below."""

    HEADER, LABEL = say("绩效目标", 20, 6, size=9), say("年度内完成四项", 5, 13, size=8)

    def test_the_line_goes_with_the_text_that_it_begins(self) -> None:
        rest = [say("道路改造工程", 5, 23, size=8), say("并验收合格", 5, 33, size=8)]
        found = fill(grid_of((0.0, 100.0), (0.0, 18.5, 60.0)), self.HEADER, self.LABEL, *rest)
        assert (found[0, 0].text, found[0, 0].needs_review) == ("绩效目标", False)
        assert (found[1, 0].text, found[1, 0].needs_review) == ("年度内完成四项道路改造工程并验收合格", True)

    def test_the_line_goes_with_the_text_that_it_ends(self) -> None:
        words = [say("道路改造工程", 5, 5, size=8), say("年度内完成四项", 5, 15, size=8), say("验收", 5, 25, size=8)]
        found = fill(grid_of((0.0, 100.0), (0.0, 27.5, 60.0)), *words, say("绩效目标", 20, 40, size=9))
        assert (found[0, 0].text, found[1, 0].text) == ("道路改造工程年度内完成四项验收", "绩效目标")

    @pytest.mark.parametrize(
        "rest",
        [
            (say("道路改造工程", 5, 23, size=8),),  # one line has no pitch
            (say("道路改造工程", 5, 25, size=8), say("并验收合格", 5, 35, size=8)),  # another pitch
            (say("道路改造工程", 5, 23, size=9), say("并验收合格", 5, 33, size=9)),  # another size
        ],
    )
    def test_it_stays_where_nothing_shows_that_it_goes_on(self, rest: Sequence[Word]) -> None:
        found = fill(grid_of((0.0, 100.0), (0.0, 18.5, 60.0)), self.HEADER, self.LABEL, *rest)
        assert found[0, 0].text == "绩效目标年度内完成四项"

    def test_alone_between_another_text_and_a_blank_cell_it_is_marked(self) -> None:
        grid = grid_of((0.0, 100.0, 200.0), (0.0, 18.5, 60.0))
        assert fill(grid, self.HEADER, self.LABEL)[0, 0].needs_review
        assert not fill(grid, say("绩效目标", 20, 0, size=9), replace(self.LABEL, box=Box(5, 10, 61, 18)))[
            0, 0
        ].needs_review
        assert not fill(grid, self.LABEL)[0, 0].needs_review

    def test_a_line_of_its_own_text_stays(self) -> None:
        grid = grid_of((0.0, 100.0), (0.0, 18.5, 60.0))
        lines = [say("道路改造工程", 5, 3 + 10 * i, size=8) for i in range(4)]
        assert fill(grid, *lines)[0, 0].text == "道路改造工程道路改造工程"


class TestTwoTablesOverEachOther:
    """Parts of a table printed over each other share their rows: what happens to be readable is not sure either."""

    GRID = grid_of((0.0, 100.0, 200.0, 300.0), tuple(20.0 * i for i in range(16)))
    OVER = (say("石拐区开洲", 5, 24), say("东河区天堂", 8, 27), say("12.50", 110, 24), say("30.75", 112, 27))

    def test_every_cell_of_the_rows_is_marked(self) -> None:
        found = fill(self.GRID, *self.OVER, say("115", 210, 25), say("合计", 5, 5), say("7", 210, 45))
        assert {place for place, reading in found.items() if reading.needs_review} == {(1, 0), (1, 1), (1, 2)}

    def test_so_is_a_blank_cell_whose_text_may_have_gone_elsewhere(self) -> None:
        (readings,) = fill_from_words([self.GRID], self.OVER).readings
        marked = {(c.row, c.col) for c, r in zip(self.GRID.cells, readings, strict=True) if r.needs_review}
        assert marked == {(1, 0), (1, 1), (1, 2)}

    def test_so_are_rows_between_two_such_places_that_are_near(self) -> None:
        near = [replace(w, box=replace(w.box, y0=w.box.y0 + 60, y1=w.box.y1 + 60)) for w in self.OVER]
        far = [replace(w, box=replace(w.box, y0=w.box.y0 + 240, y1=w.box.y1 + 240)) for w in self.OVER]
        marked = fill(self.GRID, *self.OVER, *near, *far, say("115", 210, 65), say("7", 210, 165))
        assert marked[3, 2].needs_review
        assert not marked[8, 2].needs_review

    def test_so_is_a_text_that_goes_on_over_their_edge(self) -> None:
        last, apart = say("源东墙外", 210, 28), say("曙光路", 210, 44)
        assert fill(self.GRID, *self.OVER, last, replace(apart, box=Box(210, 41, 240, 51)))[2, 2].needs_review
        assert not fill(self.GRID, *self.OVER, last, replace(apart, box=Box(210, 48, 240, 58)))[2, 2].needs_review

    def test_one_column_alone_says_nothing_of_the_others(self) -> None:
        assert not fill(self.GRID, *self.OVER[:2], say("115", 210, 25))[1, 2].needs_review


@pytest.mark.parametrize("text", ["202\u2022年", "12\ufffd3", "\ue003部门"])
def test_unreadable_glyphs_are_marked(text: str) -> None:
    assert fill(grid_of(), say(text, 5, 5))[0, 0].needs_review
    assert fill(grid_of(), say(text, 5, 5), after_space(say("预算", 60, 5)))[0, 0].needs_review


def test_a_doubtful_word_makes_a_doubtful_cell() -> None:
    words = [replace(say("12.50", 10, 5), confidence=0.5), after_space(say("元", 40, 5))]
    reading = fill(grid_of(), *words)[0, 0]
    assert (reading.confidence, reading.needs_review) == (0.5, True)
