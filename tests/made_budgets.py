"""Small checked budgets of one entity, made of texts: for what works on documents, not on pages."""

from __future__ import annotations

from dataclasses import replace

from lanci.checking import check
from lanci.document import (
    Box,
    Caption,
    Cell,
    Column,
    Document,
    HeaderRole,
    PageKind,
    PageSummary,
    Place,
    RowRole,
    SourceInfo,
    Statement,
    Table,
    TableFragment,
)
from lanci.interpret import interpret

CODE, NAME, AMOUNT = HeaderRole.SUBJECT_CODE, HeaderRole.SUBJECT_NAME, HeaderRole.AMOUNT
ROLES = {"合计": RowRole.TOTAL, "“三公”经费小计": RowRole.SUBTOTAL}
EXPENDITURE = ("expenditure_summary", "expenditure", "all", "all", "functional")
THREE_PUBLIC = ("three_public_expenses", "three_public_expenses", "general_public", "all", "none")


def make_budget(sha256: str, name: str, caption: Caption, total: str = "100.00") -> Document:
    """支出总表 (公共安全 and 行政运行 of 80.00, the rest 教育) and 三公 of 2.00, with ``total`` as printed 合计."""
    expenditure = make_table(
        "t001",
        EXPENDITURE,
        replace(caption, title="支出总表"),
        [(CODE, "科目编码"), (NAME, "科目名称"), (AMOUNT, "合计"), (AMOUNT, "基本支出"), (AMOUNT, "项目支出")],
        [
            f" | 合计 | {total} | 80.00 | 20.00",
            "204 | 公共安全支出 | 80.00 | 80.00 | ",
            "20402 | 公安 | 80.00 | 80.00 | ",
            "2040201 | 行政运行 | 80.00 | 80.00 | ",
            "205 | 教育支出 | 20.00 |  | 20.00",
            "20502 | 普通教育 | 20.00 |  | 20.00",
        ],
    )
    public = make_table(
        "t002",
        THREE_PUBLIC,
        replace(caption, title="“三公”经费支出表"),
        [(NAME, "项目"), (AMOUNT, "合计")],
        [
            "合计 | 5.00",
            "“三公”经费小计 | 2.00",
            "一、公务用车购置及运维费 | 1.50",
            "二、公务接待费 | 0.50",
            "三、会议费 | 3.00",
        ],
    )
    page = PageSummary(1, 595, 842, 0, PageKind.DIGITAL)
    source = SourceInfo(name, sha256, "application/pdf", 1)
    said = Statement("“三公”经费预算2.00万元。", (Place(1, Box(0, 700, 500, 720)),), heading="“三公”经费说明")
    return check(Document(source, (("lanci", "0"),), (page,), (expenditure, public), statements=(said,)))


def make_table(
    table_id: str,
    facets: tuple[str, str, str, str, str],
    caption: Caption,
    columns: list[tuple[HeaderRole, str]],
    rows: list[str],
) -> Table:
    """An interpreted table: its header in one row, a row is its texts between bars."""
    texts = [[title for _, title in columns], *([text.strip() for text in row.split("|")] for row in rows)]
    roles = (RowRole.HEADER, *(next((ROLES[t] for t in row if t in ROLES), RowRole.DETAIL) for row in texts[1:]))
    cells = tuple(
        Cell(r, c, 1, 1, text, 1, Box(100 * c, 20 * r, 100 * c + 100, 20 * r + 20), role=columns[c][0])
        for r, row in enumerate(texts)
        for c, text in enumerate(row)
    )
    described = tuple(Column(index, role, (title,)) for index, (role, title) in enumerate(columns))
    parts = (TableFragment(1, Box(0, 0, 500, 200), 0, len(texts) - 1, number=1),)
    size = (len(texts), len(columns), 1)
    return interpret(Table(table_id, *facets, 1.0, caption, (), *size, roles, described, parts, cells))
