"""Header texts beside the texts of their columns, and parts that go on with the columns of the page before."""

from __future__ import annotations

from lanci.detect import find_tables
from lanci.document import Box, Grid, PageEvidence, PageKind, Rule, TableRegion, Word
from lanci.grid import build_grid, fill_from_words

SIZE = 10.0
CODES = ((50.0, 90.0), (90.0, 130.0), (130.0, 170.0))
NAMES = (170.0, 390.0)
AMOUNTS = ((390.0, 470.0), (470.0, 550.0))
COLUMNS = (*CODES, NAMES, *AMOUNTS)


def _word(text: str, y: float, *, left: float | None = None, right: float | None = None, middle: float = 0.0) -> Word:
    width = sum(SIZE * (0.55 if char.isascii() else 1.0) for char in text)
    x0 = left if left is not None else right - width if right is not None else middle - width / 2
    return Word(text, Box(x0, y - SIZE / 2, x0 + width, y + SIZE / 2))


def _over(columns: tuple[tuple[float, float], ...], text: str, y: float) -> Word:
    return _word(text, y, middle=(columns[0][0] + columns[-1][1]) / 2)


def _head(top: float) -> list[Word]:
    """Three levels; the texts of full height stand between them."""
    return [
        _over((CODES[0], NAMES), "项目", top),
        _over(AMOUNTS, "本年支出", top),
        _over(CODES, "编码", top + 20),
        *(_word(text, top + 40, middle=sum(c) / 2) for text, c in zip("类款项", CODES, strict=True)),
        _over((NAMES,), "名称", top + 30),
        _over(AMOUNTS[:1], "合计", top + 30),
        _over(AMOUNTS[1:], "项目支出", top + 30),
    ]


def _row(y: float, codes: tuple[str, str, str], name: str, amounts: tuple[str, str]) -> list[Word]:
    words = [_word(text, y, left=x0 + 4) for text, (x0, _) in zip(codes, CODES, strict=True) if text]
    words.append(_word(name, y, left=NAMES[0] + 4))
    return words + [_word(text, y, right=x1 - 4) for text, (_, x1) in zip(amounts, AMOUNTS, strict=True) if text]


def _rules(*heights: float) -> list[Rule]:
    return [Rule(True, y, COLUMNS[0][0], COLUMNS[-1][1], 0.5) for y in heights]


def _find(words: list[Word], rules: list[Rule], before: TableRegion | None = None) -> Grid:
    number = 2 if before is not None else 1
    evidence = PageEvidence(number, 595, 842, 0, PageKind.DIGITAL, words=tuple(words), rules=tuple(rules))
    (region,) = find_tables(evidence, before=before)
    grid = build_grid(region)
    assert grid is not None
    return grid


def _texts(grid: Grid, words: list[Word]) -> list[list[str]]:
    rows = [[""] * grid.n_cols for _ in range(grid.n_rows)]
    for cell, reading in zip(grid.cells, fill_from_words([grid], words).readings[0], strict=True):
        rows[cell.row][cell.col] = reading.text
    return rows


def test_codes_at_the_left_of_their_columns_are_under_the_texts_in_the_middle() -> None:
    words = [
        *_head(100),
        *_row(165, ("212", "", ""), "城乡社区支出", ("900.10", "900.10")),
        *_row(185, ("", "14", ""), "污水处理费安排的支出", ("900.10", "900.10")),
        *_row(205, ("", "", "01"), "污水处理设施建设", ("900.10", "900.10")),
    ]
    grid = _find(words, _rules(90, 155, 175, 195, 215))
    rows = _texts(grid, words)
    assert grid.n_cols == len(COLUMNS)
    assert rows[-3] == ["212", "", "", "城乡社区支出", "900.10", "900.10"]
    assert rows[-2] == ["", "14", "", "污水处理费安排的支出", "900.10", "900.10"]
    assert rows[-1] == ["", "", "01", "污水处理设施建设", "900.10", "900.10"]
    assert (0, 0, 1, 4) in {(c.row, c.col, c.row_span, c.col_span) for c in grid.cells}


def test_a_column_that_only_the_header_shows_stands_where_it_should() -> None:
    words = [
        *_head(100),
        *_row(165, ("", "02", ""), "国有企业资本金注入", ("900.10", "900.10")),
        *_row(185, ("", "", "02"), "公益性设施投资支出", ("900.10", "900.10")),
    ]
    grid = _find(words, _rules(90, 155, 175, 195))
    assert _texts(grid, words)[-2:] == [
        ["", "02", "", "国有企业资本金注入", "900.10", "900.10"],
        ["", "", "02", "公益性设施投资支出", "900.10", "900.10"],
    ]


def _long_table() -> list[Word]:
    """Rows under each other from 165 on, without a header."""
    words: list[Word] = []
    for k in range(20):
        codes = (("208", "", ""), ("208", "05", ""), ("208", "05", "06"))[k % 3]
        words += _row(165 + 20 * k, codes, "社会保障和就业支出", (f"{k + 101}.10", f"{k + 101}.10"))
    return words


def test_what_a_seal_leaves_makes_no_column_where_those_of_the_page_before_are_known() -> None:
    heights = [155 + 20 * k for k in range(21)]
    first = _find([*_head(100), *_long_table()], _rules(90, *heights))
    words = _long_table()
    for at, left, right in ((165 + 140, "10", "10"), (165 + 160, "1", ".10")):
        torn = next(w for w in words if w.box.x1 == AMOUNTS[0][1] - 4 and abs(w.box.center[1] - at) < 1)
        words.remove(torn)
        words += [_word(left, at, left=torn.box.x0 - 12), _word(right, at, right=torn.box.x1)]
    grid = _find(words, _rules(*heights), first.region)
    assert grid.col_edges == first.col_edges


def test_a_text_that_a_seal_makes_larger_parts_no_table() -> None:
    words = _long_table()
    y = 165 + 20 * 9
    large = next(w for w in words if w.text == "社会保障和就业支出" and abs(w.box.center[1] - y) < 1)
    words.remove(large)
    words.append(Word(large.text, Box(large.box.x0, y - 7, large.box.x0 + 14 * len(large.text), y + 7)))
    grid = _find([*_head(100), *words], _rules(90, *(155 + 20 * k for k in range(21))))
    assert grid.row_edges[-1] == 555


def test_boxes_of_a_flow_chart_are_no_header() -> None:
    """Wrapped texts beside each other, and one below the middle one: none spans others, and nothing follows."""
    lines = (
        (85, 314, "申请事项依法不属于本"),
        (212, 314, "申请材料不齐全或不符合"),
        (365, 314, "申请事项属于本部门职权范"),
        (85, 328, "部门职权范围的，作出"),
        (212, 328, "法定形式的。"),
        (365, 328, "围，申请材料齐全、符合法"),
        (85, 341, "不予受理的决定，并告"),
        (365, 343, "形式的。"),
        (85, 354, "知申请人向有关部门申"),
        (85, 367, "请"),
        (219, 379, "申请人按照要求提交全部补正材料。"),
    )
    words = tuple(_word(text, y, left=x) for x, y, text in lines)
    assert not find_tables(PageEvidence(1, 595, 842, 0, PageKind.DIGITAL, words=words))
