"""The shipped models on the annotated documents and on forms that no annotated document shows."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lanci.annotation import load_annotations
from lanci.artefact import find_newest
from lanci.classify import combine_facets, facets_to_type, label_fragments
from lanci.document import Box, Caption, Cell, Facets, Fragment, HeaderRole, LabelledFragment, RowRole
from lanci.training.compose import find_contents
from lanci.training.examples import Example, documents_to_examples

ROOT = Path(__file__).parents[2]
ANNOTATIONS = ROOT / "annotations"
MODEL = find_newest(ROOT / "models" / "lanci_models" / "fragment-labels")
assert MODEL is not None
TRAINED_ON = json.loads(MODEL.joinpath("meta.json").read_text(encoding="utf-8"))["documents"]
BOX = Box(0, 0, 1, 1)


def facets_of(facets: Facets) -> tuple[str, str, str, str]:
    return facets.kind[0][0], facets.fund[0][0], facets.scope[0][0], facets.classification[0][0]


def type_of(labelled: LabelledFragment) -> str:
    return facets_to_type(*facets_of(labelled.facets))


@pytest.fixture(scope="module")
def annotated() -> list[tuple[Example, LabelledFragment]]:
    """Every fragment that the shipped models were trained on, each document labelled at once."""
    pairs: list[tuple[Example, LabelledFragment]] = []
    for document in load_annotations(ANNOTATIONS / "documents"):
        if document.id in TRAINED_ON:
            examples = documents_to_examples([document])
            contents = find_contents([document]).get(document.id, ())
            labelled = label_fragments([example.fragment for example in examples], contents=contents)
            pairs += zip(examples, labelled, strict=True)
    return pairs


def test_annotated_fragments_are_labelled_right_but_for_very_few(
    annotated: list[tuple[Example, LabelledFragment]],
) -> None:
    wrong: dict[str, list[str]] = {}
    for example, found in annotated:
        truth = example.truth
        pairs = {
            "facets": (
                facets_of(found.facets),
                (truth.facets.kind, truth.facets.fund, truth.facets.scope, truth.facets.classification),
            ),
            "header rows": (found.n_header_rows, truth.n_header_rows),
            "row roles": (found.row_roles, truth.row_roles),
            "header roles": (tuple(role for role, _ in found.header_roles), truth.header_roles),
            "column roles": (tuple(role for role, _ in found.column_roles), truth.column_roles),
        }
        place = f"{example.group} {example.table} page {example.fragment.page}"
        for name, (a, b) in pairs.items():
            wrong.setdefault(name, []).extend([f"{place}: {name} {a} for {b}"] if a != b else [])
    assert len(annotated) > 100
    for failures in wrong.values():
        assert len(failures) <= 0.02 * len(annotated), "\n".join(failures)


def test_stitched_tables_get_their_facets(annotated: list[tuple[Example, LabelledFragment]]) -> None:
    tables: dict[tuple[str, str], list[tuple[Example, LabelledFragment]]] = {}
    for example, found in annotated:
        tables.setdefault((example.group, example.table), []).append((example, found))
    right = 0
    for parts in tables.values():
        joined = combine_facets([found for _, found in parts])
        right += facets_to_type(*facets_of(joined)) == parts[0][0].truth.facets.type
    assert right >= 0.99 * len(tables)


def test_the_order_of_fragments_changes_nothing(annotated: list[tuple[Example, LabelledFragment]]) -> None:
    fragments = [example.fragment for example, _ in annotated[:20]]
    forwards = label_fragments(fragments)
    backwards = label_fragments(fragments[::-1])[::-1]
    assert forwards == backwards


def make(title: str, *rows: str, spans: dict[tuple[int, int], tuple[int, int]] | None = None) -> Fragment:
    """A fragment from rows of texts between bars; positions under a span have no cell of their own."""
    spans = spans or {}
    covered = {
        (row + r, col + c)
        for (row, col), (height, width) in spans.items()
        for r in range(height)
        for c in range(width)
        if r or c
    }
    texts = [row.split("|") for row in rows]
    cells = tuple(
        Cell(r, c, *spans.get((r, c), (1, 1)), text, 1, BOX)
        for r, line in enumerate(texts)
        for c, text in enumerate(line)
        if (r, c) not in covered
    )
    n_cols = len(texts[0]) if texts else 0
    edges = tuple(float(i) for i in range(n_cols + 1))
    caption = Caption(lines=(title,) if title else (), title=title)
    return Fragment(1, 0, BOX, len(texts), n_cols, cells, edges, caption)


THREE_CODE_COLUMNS = make(
    "2026年部门支出预算总表",
    "功能分类科目编码|||功能分类科目名称|支出预算||",
    "类|款|项||合计|基本支出|项目支出",
    "208|||社会保障和就业支出|5,020,000|5,020,000|",
    "208|05||行政事业单位养老支出|5,020,000|5,020,000|",
    "208|05|02|事业单位离退休|5,020,000|5,020,000|",
    "合计||||5,020,000|5,020,000|",
    spans={(0, 0): (1, 3), (0, 3): (2, 1), (0, 4): (1, 3)},
)


def test_codes_in_three_columns_and_no_serial_number() -> None:
    (found,) = label_fragments([THREE_CODE_COLUMNS])
    assert type_of(found) == "expenditure_summary"
    assert found.n_header_rows == 2
    assert [role for role, _ in found.column_roles] == [
        *[HeaderRole.SUBJECT_CODE] * 3,
        HeaderRole.SUBJECT_NAME,
        *[HeaderRole.AMOUNT] * 3,
    ]
    assert found.header_roles[0][0] is HeaderRole.GROUP
    assert found.row_roles[-1] is RowRole.TOTAL


@pytest.mark.parametrize("numbering", ["1|2|3|4|5", "**|**|1|2|3", "栏次|2|3|4|5"])
def test_rows_that_number_the_columns_are_header(numbering: str) -> None:
    fragment = make(
        "一般公共预算支出表",
        "科目编码|科目名称|合计|基本支出|项目支出",
        numbering,
        "|合计|722.61|389.01|333.60",
        "201|一般公共服务支出|722.61|389.01|333.60",
        "20103|政府办公厅（室）及相关机构事务|722.61|389.01|333.60",
    )
    (found,) = label_fragments([fragment])
    assert found.n_header_rows == 2
    assert found.row_roles[1] is RowRole.COLUMN_NUMBER
    assert type_of(found) == "general_public_expenditure"


def test_a_continuation_without_header_has_none() -> None:
    fragment = make(
        "",
        "12|2013199|其他党委办公厅（室）及相关机构事务支出|146.50|146.50|146.50",
        "13|208|社会保障和就业支出|63.18|63.18|63.18",
        "14|20805|行政事业单位养老支出|57.35|57.35|57.35",
    )
    (found,) = label_fragments([fragment])
    assert found.n_header_rows == 0
    assert found.header_roles == ()
    assert [role for role, _ in found.column_roles][:4] == [
        HeaderRole.ROW_NUMBER,
        HeaderRole.SUBJECT_CODE,
        HeaderRole.SUBJECT_NAME,
        HeaderRole.AMOUNT,
    ]


def test_a_page_that_ends_on_the_header_is_all_header() -> None:
    fragment = make("", "一级指标|二级指标|三级指标|绩效指标描述|指标值|指标值确定依据")
    (found,) = label_fragments([fragment])
    assert found.n_header_rows == 1
    assert found.facets.kind[0][0] == "performance_targets"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("部门收支总体情况表", "budget_summary"),
        ("2026年部门收入总体情况表", "income_summary"),
        ("支出预算总表", "expenditure_summary"),
        ("财政拨款支出表（功能科目）", "fiscal_appropriation_expenditure"),
        ("财政拨款基本支出表（经济科目）", "fiscal_appropriation_basic_expenditure"),
        ("一般公共预算支出表（按经济分类）", "general_public_expenditure_by_department_economic"),
        ("政府性基金预算拨款支出预算表", "government_fund_expenditure"),
        ("国有资本经营预算支出情况表", "state_capital_expenditure"),
        ("一般公共预算“三公”经费支出情况表", "three_public_expenses"),
        ("政府采购预算明细表", "government_procurement"),
        ("部门整体支出绩效目标表", "overall_performance"),
        ("车辆登记台账", "other"),
    ],
)
def test_the_title_alone_names_the_table(title: str, expected: str) -> None:
    (found,) = label_fragments([make(title)])
    assert type_of(found) == expected


def test_a_list_that_is_no_budget_is_other() -> None:
    fragment = make(
        "建设工程抽查情况表",
        "序号|工程名称|建设单位|施工单位|抽查结果",
        "1|第三小学教学楼|市第三小学|某某建设集团有限公司|合格",
        "2|滨江路综合体|某某置业有限公司|某某工程有限公司|不合格，限期整改",
    )
    (found,) = label_fragments([fragment])
    assert type_of(found) == "other"
    assert found.n_header_rows == 1


def test_probabilities_add_up(annotated: list[tuple[Example, LabelledFragment]]) -> None:
    for _, found in annotated:
        for facet in (found.facets.kind, found.facets.fund, found.facets.scope, found.facets.classification):
            assert sum(p for _, p in facet) == pytest.approx(1.0)
            assert [p for _, p in facet] == sorted((p for _, p in facet), reverse=True)


def test_importing_the_stage_does_not_import_scikit_learn() -> None:
    code = "import sys, lanci.classify; sys.exit('sklearn' in sys.modules or 'skops' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
