"""The content of made-up documents: it adds up, it agrees, and it shows what was asked for."""

import re
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from lanci.annotation import (
    AnnotatedDocument,
    AnnotatedFragment,
    AnnotatedPage,
    AnnotatedTable,
    How,
    Media,
    Verification,
    check_annotations,
)
from lanci.document import Finding, HeaderRole, RowRole, Table
from lanci.facets import KINDS
from lanci.interpret import interpret
from lanci.numbers import parse_amount
from lanci.text import normalize
from lanci.validate import validate
from lanci_eval.factory.budget import economic_pairs, subject_names
from lanci_eval.factory.content import ContentFeatures, make_content
from lanci_eval.factory.content_manner import to_numeral
from lanci_eval.factory.content_plant import transpose_digits
from lanci_eval.factory.records import Content, Form, PassageKind

SEED = 11
VARIANTS = (
    ContentFeatures(),
    ContentFeatures(code_columns=3, serial_numbers=True, column_numbers=True, header_levels=3),
    ContentFeatures(header_levels=1, unit="元", column_numbers=True, with_charts=True),
    ContentFeatures(code_columns=3, header_levels=1, serial_numbers=True, long_tables=True, n_tables=(16, 24)),
    ContentFeatures(two_same_width_neighbours=True, unit="元", code_columns=3, with_contents_page=True),
    ContentFeatures(column_numbers=True, n_tables=(3, 6), with_performance=False, with_projects=False),
)
SUBJECT_KINDS = ("functional", "department_economic", "government_economic")
FOUND_IN_THE_TABLE = ("transposed digits", "wrong total", "missing row", "blank part")


@cache
def make(number: int, features: ContentFeatures) -> Content:
    return make_content(SEED, number, features)


def forms_of(content: Content) -> list[Form]:
    return [block for block in content.blocks if isinstance(block, Form)]


def tables_of(content: Content) -> list[Table]:
    return [form.table for form in forms_of(content)]


def some_contents(count: int) -> list[Content]:
    return [make(number, VARIANTS[number % len(VARIANTS)]) for number in range(count)]


def annotate(content: Content) -> AnnotatedDocument:
    """The content with every table whole on a page of its own, the document that the factory would truly print."""
    tables = []
    for page, form in enumerate(forms_of(content), start=1):
        table = form.table
        whole = AnnotatedFragment(page, 0, table.n_rows - 1, table.caption.lines, ())
        made = Verification(How.GENERATED, len(table.cells), 0)
        tables.append(AnnotatedTable(table, (whole,), made, form.inconsistencies))
    return AnnotatedDocument(
        id=content.id,
        name=content.name,
        province=content.province,
        city=content.city,
        county=content.county,
        fiscal_year=content.fiscal_year,
        sha256="0" * 64,
        media=Media.PDF,
        origin="",
        published="",
        scanned=False,
        layout="made",
        n_pages=len(tables),
        pages=tuple(AnnotatedPage(number, 595.0, 842.0) for number in range(1, len(tables) + 1)),
        narrative=(),
        tables=tuple(tables),
    )


def findings_of(content: Content) -> tuple[dict[str, tuple[Finding, ...]], tuple[Finding, ...]]:
    tables, across = validate([interpret(table) for table in tables_of(content)])
    return {table.id: table.findings for table in tables}, across


@pytest.mark.parametrize("features", VARIANTS)
def test_forms_satisfy_the_checks_of_annotations(features: ContentFeatures) -> None:
    planted = replace(features, inconsistencies=3)
    for number in range(4):
        document = annotate(make(number, planted))
        assert check_annotations((document,)) == ()
        texts = [cell.text for annotated in document.tables for cell in annotated.table.cells]
        assert texts == [normalize(text) for text in texts]


@pytest.mark.parametrize("features", VARIANTS)
def test_without_planted_errors_all_arithmetic_holds(features: ContentFeatures) -> None:
    for number in range(4):
        content = make(number, features)
        in_tables, across = findings_of(content)
        assert [finding for findings in in_tables.values() for finding in findings] == []
        assert across == ()
        assert all(form.inconsistencies == () for form in forms_of(content))


def test_planted_errors_are_listed_and_mostly_found() -> None:
    planted, found, silent = Counter[str](), Counter[str](), 0
    # Lists without codes, with one column of amounts: nothing but the total itself says which rows it counts, so
    # that the rules do not dare to call a sum broken that they have never seen to hold.
    lists = ("fixed_assets", "service_purchase", "government_procurement")
    for number in range(24):
        features = replace(VARIANTS[number % len(VARIANTS)], inconsistencies=3, n_tables=(9, 16))
        content = make(number, features)
        in_tables, across = findings_of(content)
        assert sum(len(form.inconsistencies) for form in forms_of(content)) == 3
        for form in forms_of(content):
            kinds = [words.split(":")[0] for words in form.inconsistencies]
            for kind in kinds:
                planted[kind if form.table.kind not in lists else "in a list"] += 1
                named = any(ref.table == form.table.id for finding in across for ref in finding.cells)
                found[kind if form.table.kind not in lists else "in a list"] += bool(in_tables[form.table.id]) or named
            silent += kinds == ["rounding"] and not in_tables[form.table.id]
    assert set(planted) == {*FOUND_IN_THE_TABLE, "differs", "rounding", "prose", "in a list"}
    for kind in FOUND_IN_THE_TABLE:
        assert found[kind] >= 0.9 * planted[kind], kind
    assert found["differs"] > 0
    # What rounding explains is no finding: the source is not wrong by more than its last digit.
    assert silent > 0


def test_planted_cells_print_the_error() -> None:
    for number in range(12):
        errors = make(number, replace(VARIANTS[0], inconsistencies=2))
        clean = {table.id: table for table in tables_of(make(number, VARIANTS[0]))}
        for form in forms_of(errors):
            words = [w for w in form.inconsistencies if not w.startswith("prose")]
            assert (form.table.cells != clean[form.table.id].cells) == bool(words)
            for said in words:
                if found := re.search(r"printed (\S+), adds up as (\S+)", said):
                    assert found[1] in [cell.text for cell in form.table.cells]
                    assert found[2] in [cell.text for cell in clean[form.table.id].cells]


def test_same_seed_same_content() -> None:
    for number, features in enumerate(VARIANTS):
        planted = replace(features, inconsistencies=2)
        assert make_content(SEED, number, planted) == make_content(SEED, number, planted)
    contents = [make_content(SEED, 0, VARIANTS[0]), make_content(SEED, 1, VARIANTS[0])]
    assert contents[0].id != contents[1].id
    assert tables_of(contents[0])[0].cells != tables_of(contents[1])[0].cells


def test_all_kinds_occur() -> None:
    kinds = {table.kind for content in some_contents(30) for table in tables_of(content)}
    assert kinds == set(KINDS)


def by_subjects(table: Table) -> bool:
    return table.kind in ("income", "expenditure") and table.classification in SUBJECT_KINDS


@pytest.mark.parametrize("levels", [1, 2, 3])
@pytest.mark.parametrize("code_columns", [1, 3])
def test_codes_and_header_levels_are_honoured(levels: int, code_columns: int) -> None:
    features = ContentFeatures(header_levels=levels, code_columns=code_columns, column_numbers=True)
    seen = 0
    for number in range(6):
        for table in tables_of(make(number, features)):
            if not by_subjects(table):
                continue
            assert table.row_roles.count(RowRole.HEADER) == levels
            if table.classification == "functional":
                codes = [column for column in table.columns if column.role is HeaderRole.SUBJECT_CODE]
                assert len(codes) == code_columns
                seen += 1
    assert seen > 6


def test_serial_and_column_numbers_are_honoured() -> None:
    for serial, numbers in ((False, False), (True, False), (False, True), (True, True)):
        features = ContentFeatures(serial_numbers=serial, column_numbers=numbers)
        for table in (table for n in range(4) for table in tables_of(make(n, features)) if by_subjects(table)):
            roles = [column.role for column in table.columns]
            assert (HeaderRole.ROW_NUMBER in roles) == serial
            assert (RowRole.COLUMN_NUMBER in table.row_roles) == numbers
    first_cells = {
        next(cell.text for cell in table.cells if table.row_roles[cell.row] is RowRole.COLUMN_NUMBER)
        for number in range(30)
        for table in tables_of(make(number, ContentFeatures(column_numbers=True)))[:1]
    }
    assert first_cells == {"栏次", "1", "**"}


def test_number_of_tables_units_and_parts_are_honoured() -> None:
    for features in VARIANTS:
        for number in range(4):
            content = make(number, features)
            tables = tables_of(content)
            assert features.n_tables[0] <= len(tables) <= features.n_tables[1]
            # A document in 元 may print “三公” in 万元, as real ones do.
            others = {t.caption.unit for t in tables if t.kind != "three_public_expenses"} - {""}
            assert others == {features.unit}
            kinds = {table.kind for table in tables}
            assert features.with_performance or not kinds & {"performance_targets", "self_evaluation"}
            assert features.with_projects or not kinds & {"project_list", "project_profile"}
            passages = {block.kind for block in content.blocks if not isinstance(block, Form)}
            assert (PassageKind.CHART in passages) == features.with_charts
            assert (PassageKind.CONTENTS in passages) == features.with_contents_page


def test_neighbours_of_the_same_width_are_different_tables() -> None:
    for number in range(6):
        blocks = make(number, replace(VARIANTS[4], two_same_width_neighbours=True)).blocks
        pairs = [
            (one.table, other.table)
            for one, other in pairwise(blocks)
            if isinstance(one, Form) and isinstance(other, Form) and one.table.n_cols == other.table.n_cols
        ]
        assert any(one.fund == "government_fund" and other.fund == "state_capital" for one, other in pairs)


def header_of(table: Table) -> list[tuple[int, int, int, int, str]]:
    roles = (RowRole.HEADER, RowRole.COLUMN_NUMBER)
    return [(c.row, c.col, c.row_span, c.col_span, c.text) for c in table.cells if table.row_roles[c.row] in roles]


def test_look_alikes_have_neighbours_that_only_a_name_tells_apart() -> None:
    same_title = 0
    for number in range(6):
        content = make(number, replace(VARIANTS[number], look_alikes=True))
        assert check_annotations((annotate(content),)) == ()
        in_tables, _ = findings_of(content)
        assert [finding for findings in in_tables.values() for finding in findings] == []
        tables = tables_of(content)
        alike = [
            (one, other)
            for one, other in pairwise(tables)
            if one.n_cols == other.n_cols and header_of(one) == header_of(other)
        ]
        assert len(tables) > 10
        assert len(alike) >= 0.3 * len(tables)
        for one, other in alike:
            assert (one.title, one.caption.entity) != (other.title, other.caption.entity) or one.cells != other.cells
            same_title += one.title == other.title
    assert same_title > 10


def test_long_documents_have_long_tables() -> None:
    assert max(table.n_rows for table in tables_of(make(3, VARIANTS[3]))) > 60


def test_stacked_forms_name_each_other_and_stand_together() -> None:
    seen = 0
    for content in some_contents(18):
        blocks = content.blocks
        for place, block in enumerate(blocks):
            if isinstance(block, Form) and block.table.kind == "project_profile":
                lower = blocks[place + 1]
                assert isinstance(lower, Form)
                assert (block.table.companion, lower.table.companion) == (lower.table.id, block.table.id)
                assert lower.table.caption.lines == ()
                assert lower.table.caption.title == block.table.caption.title
                seen += 1
    assert seen


def test_prose_agrees_with_the_tables() -> None:
    for content in some_contents(12):
        texts = [block.text for block in content.blocks if not isinstance(block, Form)]
        (income,) = (text for text in texts if re.match(r"\d{4}年收入预算[\d,.]+", text))
        (spending,) = (text for text in texts if re.match(r"\d{4}年支出预算[\d,.]+", text))
        summary = tables_of(content)[0]
        last = [row for row, role in enumerate(summary.row_roles) if role is RowRole.TOTAL][-1]
        totals = {
            parse_amount(cell.text) for cell in summary.cells if cell.row == last and cell.role is HeaderRole.AMOUNT
        }
        amounts = [parse_amount(found) for found in re.findall(r"([\d,.]*\d)(?:万元|元)", income)]
        assert totals == {amounts[0]}
        assert sum((amount or Decimal(0) for amount in amounts[1:]), Decimal(0)) == amounts[0]
        total, basic, personnel, public, project = (
            parse_amount(found) or Decimal(0) for found in re.findall(r"([\d,.]*\d)(?:万元|元)", spending)
        )
        assert total == basic + project == amounts[0]
        assert basic == personnel + public


def test_subjects_are_a_closed_tree() -> None:
    names = subject_names()
    assert len(names) > 150
    assert all(code[:-2] in names for code in names if len(code) > 3)
    assert all({pair.office, pair.institution} <= names.keys() for pair in economic_pairs().values())


def test_transposed_digits_differ_and_stay_numbers() -> None:
    rng = np.random.default_rng(5)
    assert transpose_digits("100", rng) is None
    assert transpose_digits("77.77", rng) is None
    for text in ("1,234.50", "10.5", "98"):
        changed = transpose_digits(text, rng)
        assert changed is not None
        assert parse_amount(changed) not in (None, parse_amount(text))
        assert sorted(changed) == sorted(text)


def test_numerals() -> None:
    assert [to_numeral(n) for n in (1, 10, 11, 20, 26)] == ["一", "十", "十一", "二十", "二十六"]


@pytest.mark.parametrize(
    "wrong", [{"code_columns": 2}, {"unit": "亿元"}, {"n_tables": (5, 4)}, {"inconsistencies": -1}]
)
def test_impossible_features_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must be"):
        ContentFeatures(**wrong)  # type: ignore[arg-type]
