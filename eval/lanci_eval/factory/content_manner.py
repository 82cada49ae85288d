"""What a document's content must show, and the manners in which one document words and prints its tables."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from lanci_eval.factory.names import chance, pick

_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class ContentFeatures:
    """What the content of a document must show.

    Attributes:
        code_columns: 1 for whole codes, 3 for 类, 款 and 项 in columns of their own.
        serial_numbers: whether the main tables begin with 序号.
        column_numbers: whether a row of column numbers (栏次, bare, or with ``**``) ends the header.
        header_levels: 1, 2 or 3 header rows of the tables of subjects.
        unit: 元 or 万元.
        n_tables: fewest and most tables (grids; two stacked under one title are two).
        long_tables: many units and projects, so that tables go on over several pages.
        with_projects: lists and forms of projects may occur.
        with_performance: targets, overall performance and self-evaluation may occur.
        with_charts: charts stand among the prose.
        with_contents_page: the document begins with a list of its tables.
        two_same_width_neighbours: two different tables with equally many columns follow one another.
        look_alikes: nearly all tables have neighbours with equal columns and headers; decides which tables there are,
            whatever the features above say of that.
        inconsistencies: how many true errors are planted.
    """

    code_columns: int = 1
    serial_numbers: bool = False
    column_numbers: bool = False
    header_levels: int = 2
    unit: str = "万元"
    n_tables: tuple[int, int] = (8, 14)
    long_tables: bool = False
    with_projects: bool = True
    with_performance: bool = True
    with_charts: bool = False
    with_contents_page: bool = False
    two_same_width_neighbours: bool = False
    look_alikes: bool = False
    inconsistencies: int = 0

    def __post_init__(self) -> None:
        if self.code_columns not in (1, 3) or self.header_levels not in (1, 2, 3) or self.unit not in ("元", "万元"):
            raise ValueError("code_columns must be 1 or 3, header_levels 1 to 3 and unit 元 or 万元")
        if not 3 <= self.n_tables[0] <= self.n_tables[1] or self.inconsistencies < 0:
            raise ValueError("n_tables must be at least (3, 3), the fewest first; inconsistencies at least 0")


class Numbering(StrEnum):
    """How the row of column numbers looks, if there is one."""

    NONE = "none"
    LABELLED = "labelled"
    SPANNED = "spanned"
    BARE = "bare"
    STARS = "stars"


@dataclass(frozen=True, slots=True)
class Manner:
    """The choices that one document holds to.

    Attributes:
        unit: what amounts are printed in; ``places`` decimals of it are the smallest unit of the facts.
        grouped: thousands separators. ``trimmed``: no zeros at the end of decimals. ``zero``: what stands for 0.
        serial, numbering, levels, code_columns: see :class:`ContentFeatures`.
        whole_codes: with codes in three columns, whether 类 and 款 are repeated in every row.
        joined: code and name stand in one cell, with ``joint`` between them.
        total_first, total: where the total row stands, and its label.
        code_word, name_word, amount_word, sum_word: the wording of header cells.
        title_start, title_forms: what titles begin with, and the ends for 总表 and for other tables.
        number_form: the line above a title (公开01表), or before it, or "".
        entity_word: what stands before the entity's name; "" prints the unit's code instead.
        unit_form: the line of the unit. ``names_year``: a line says the fiscal year.
        total_spans: the label of a total row spans the label columns.
        splits_basic: 基本支出 is shown with its parts in headers of two rows.
        other_outlays: columns that a department never fills (上缴上级支出 …) are printed.
        group_word: what the header cell over code and name says.
    """

    unit: str
    places: int
    grouped: bool
    trimmed: bool
    zero: str
    serial: bool
    numbering: Numbering
    levels: int
    code_columns: int
    whole_codes: bool
    joined: bool
    joint: str
    total_first: bool
    total: str
    code_word: str
    name_word: str
    amount_word: str
    sum_word: str
    title_start: str
    title_forms: tuple[str, str]
    number_form: str
    entity_word: str
    unit_form: str
    names_year: bool
    total_spans: bool
    splits_basic: bool
    other_outlays: bool
    group_word: str

    @property
    def grain(self) -> int:
        """How many of the smallest units are 100 元."""
        whole = int(10**self.places)
        return whole // 100 if self.unit == "万元" else whole * 100

    def money(self, amount: int, *, blank_zero: bool | None = None) -> str:
        """An amount as this document prints it; ``blank_zero`` says what is printed for 0 where that differs."""
        if amount == 0:
            if blank_zero is None:
                return self.zero
            return "" if blank_zero else self._plain(0, self.places)
        return self._plain(amount, self.places)

    def money_in_wan(self, amount: int) -> str:
        """An amount in 万元 with two decimals; it must be a multiple of 100 元."""
        hundreds, rest = divmod(amount, self.grain)
        if rest:
            raise ValueError(f"{amount} is no multiple of 100 元, so it cannot be printed in 万元 with two decimals")
        return self._plain(hundreds, 2)

    def _plain(self, amount: int, places: int) -> str:
        whole, part = divmod(abs(amount), 10**places)
        text = f"{whole:,}" if self.grouped else str(whole)
        if places:
            text += f".{part:0{places}d}"
            text = text.rstrip("0").rstrip(".") if self.trimmed else text
        return "-" + text if amount < 0 else text


def draw_manner(rng: np.random.Generator, features: ContentFeatures, year: int) -> Manner:
    """The manner of one document."""
    numbering = Numbering.NONE
    if features.column_numbers:
        labelled = (Numbering.LABELLED,) if features.serial_numbers else (Numbering.SPANNED, Numbering.LABELLED)
        numbering = pick(rng, (*labelled, Numbering.BARE, Numbering.STARS))
    places = pick(rng, (2,) * 11 + (6,)) if features.unit == "万元" else pick(rng, (0, 0, 2))
    joined = features.code_columns == 1 and chance(rng, 0.12)
    start = ("", "部门", "单位", "部门预算", f"{year}年", f"{year}年度", f"{year}年部门")
    return Manner(
        unit=features.unit,
        places=places,
        grouped=chance(rng, 0.5),
        trimmed=places == 2 and features.unit == "万元" and chance(rng, 0.2),
        zero=pick(rng, ("", "", "", "0.00" if places == 2 else "0", "-")),
        serial=features.serial_numbers,
        numbering=numbering,
        levels=features.header_levels,
        code_columns=features.code_columns,
        whole_codes=chance(rng, 0.6),
        joined=joined,
        joint=pick(rng, ("-", "", " ")),
        total_first=chance(rng, 0.65),
        total=pick(rng, ("合计", "合 计", "总计")),
        code_word=pick(rng, ("科目编码", "科目代码", "功能分类科目编码", "编码")),
        name_word=pick(rng, ("科目名称", "功能分类科目名称", "名称", "科目（单位）名称")),
        amount_word=pick(rng, ("预算数", "年初预算", f"{year}年预算", "本年预算", "金额", f"{year}年预算数")),
        sum_word=pick(rng, ("合计", "总计", "合 计")),
        title_start=pick(rng, start),
        title_forms=pick(rng, (("总表", "表"), ("总体情况表", "情况表"), ("预算总表", "预算表"), ("总表", "明细表"))),
        number_form=pick(rng, ("公开{:02d}表", "表{}", "附表{}", "预算公开表{}", "附件1-{}", "{cn}、", "{}.", "", "")),
        entity_word=pick(rng, ("部门", "单位", "部门名称", "编制单位", "预算单位", "填报单位", "", "")),
        unit_form=pick(rng, ("单位：{}", "金额单位：{}", "单位:{}", "单位： {}", "（单位：{}）")),
        names_year=chance(rng, 0.3),
        total_spans=chance(rng, 0.5),
        splits_basic=chance(rng, 0.5),
        other_outlays=chance(rng, 0.5),
        group_word=pick(rng, ("科目", "支出功能分类科目", "项目", "功能分类")),
    )


def to_numeral(number: int) -> str:
    """A Chinese numeral from 1 to 99 (for 一、 and the like)."""
    if number <= 10:
        return _NUMERALS[number - 1]
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else _NUMERALS[tens - 1]) + "十" + (_NUMERALS[ones - 1] if ones else "")
