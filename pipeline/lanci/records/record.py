"""The record of one amount, and the page that explains its columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal

from lanci.document import AmountStatus, Measure, RowRole, TextSource
from lanci.interpret import Printed, vocabulary_to_markdown

DESCRIPTION = "description"
"""The key of a field's metadata under which the documentation of its column stands."""


def told(description: str) -> Mapping[str, str]:
    """What the documentation says of a column, as the metadata of its field."""
    return {DESCRIPTION: description}


@dataclass(frozen=True, slots=True)
class TidyRecord:
    """One printed amount; each field is a column of ``records.csv`` and is described where it is defined.

    Texts are "" and other values None where nothing is known. Coordinates are PDF points of the displayed page, to
    0.01; probabilities are given to 0.0001: as in ``document.json``, from which the same records can be made.
    """

    document: str = field(metadata=told("SHA-256 of the source"))
    file: str = field(metadata=told("name of the source"))
    table: str = field(metadata=told("id of the table in `document.json`"))
    type: str = field(metadata=told("type of the table (see table-types.md)"))
    kind: str = field(metadata=told("facet of the type"))
    fund: str = field(metadata=told("facet of the type"))
    scope: str = field(metadata=told("facet of the type"))
    classification: str = field(metadata=told("facet of the type"))
    title: str = field(metadata=told("title of the table as printed"))
    entity: str = field(
        metadata=told("whose table it is, as printed above it; of a table without that, of all other tables")
    )
    entity_code: str = field(metadata=told("code of the entity as printed above the table"))
    division_code: str = field(
        metadata=told(
            "code among the 行政区划 of the place whose document it is: 2 digits of a province, 4 of a city, 6 of a "
            "county; empty where it is open"
        )
    )
    fiscal_year: int | None = field(
        metadata=told("budget year of the table; of a table without one, of all other tables")
    )
    row: int = field(metadata=told("row in the table, from 0"))
    col: int = field(metadata=told("column in the table, from 0"))
    row_role: RowRole = field(
        metadata=told("`detail`; `total` and `subtotal` count other rows again; `section` is a line of a form")
    )
    spending_unit: str = field(metadata=told("预算单位 of the row, where the table has such a column"))
    spending_unit_code: str = field(metadata=told("its code"))
    project: str = field(metadata=told("project of the row, or of the whole form"))
    project_code: str = field(metadata=told("its code"))
    code: str = field(metadata=told("subject code of the row, whole: 3, 5 or 7 digits"))
    code_classification: str = field(
        metadata=told("which list the code is of: `functional`, `department_economic`, `government_economic`")
    )
    other_codes: str = field(metadata=told("codes of further classifications in the row with their names, by ` / `"))
    name: str = field(metadata=told("what the row is called: its subject, item, project or unit; label in a form"))
    within: str = field(
        metadata=told(
            "labels under which the row stands, from the widest on, by ` / `: a class, a unit, the item of a 其中 line"
        )
    )
    measure: Measure = field(metadata=told("what the amount counts of that (vocabulary below)"))
    measure_groups: str = field(metadata=told("measures of the groups of columns it stands in, from the widest on"))
    header: str = field(metadata=told("header texts above the amount from top to bottom, by ` / `"))
    year: int | None = field(metadata=told("year of the amount: of its row, its column, else the fiscal year"))
    text: str = field(metadata=told("what is printed, always"))
    printed: Printed = field(
        metadata=told(
            "`number`, a mark for nothing (`dash`, `slash`, `none` for 无) or `text`: what cannot be read as a number. "
            "Blank cells have no record: a blank is neither 0 nor a mark"
        )
    )
    value: Decimal | None = field(metadata=told("the exact number in its unit, with the decimals that are printed"))
    unit: str = field(metadata=told("unit as printed: in the row's label, the header or above the table"))
    yuan: Decimal | None = field(metadata=told("exact value in 元; empty where the unit is unknown or no money"))
    page: int = field(metadata=told("page, from 1"))
    x0: float = field(metadata=told("box on the page in points from the top left: left"))
    y0: float = field(metadata=told("top"))
    x1: float = field(metadata=told("right"))
    y1: float = field(metadata=told("bottom"))
    source: TextSource = field(metadata=told("`text` layer or `ocr`"))
    confidence: float = field(metadata=told("probability that the text is read right"))
    needs_review: bool = field(metadata=told("whether a person should look"))
    status: AmountStatus | None = field(
        metadata=told("`proven` by sums and comparisons, `unchecked`, in `conflict`; empty before validation")
    )
    proofs: int = field(metadata=told("number of independent proofs"))


COLUMNS: tuple[str, ...] = tuple(one.name for one in fields(TidyRecord))
"""The columns of ``records.csv``, in order."""

_HEAD = """# Tidy records

`lanci parse` writes `records.csv` beside `document.json`: one row for every amount that is printed in a column of
amounts or quantities, or in a form. `lanci.records.tidy_records(document)` gives the same rows as `TidyRecord`s. The
file is UTF-8 with a byte-order mark, CRLF, commas; texts that a spreadsheet would take for a formula get an apostrophe
in front, as in the tables' CSV. This page is made from the code (`lanci.records.records_to_markdown`); a test keeps it
up to date.

To add amounts up, take rows of one table and one `measure`, and leave out rows with `row_role` `total` or `subtotal`
and subjects whose children stand in the table (a `code` that others begin with).

## Columns

| column | what |
|---|---|
"""

_MEASURES = """
## Measures

What an amount counts of the thing that its row names is read from all header texts above it. The column's own measure
is `measure`; those of the groups over it are `measure_groups`: under 上年结转/政府性基金预算 `carry_over`, then
`government_fund`. A 小计 inside a group has the group's measure. What all columns of a table measure, and its type
says, is not repeated: 一般公共预算支出/合计 in a table of the general public budget is `total`. A column of a year
before the budget year is `prior_year`. `document.json` has the list from the widest group on as `measures` of a column.

| measure | printed as | what it counts |
|---|---|---|
"""


def records_to_markdown() -> str:
    """The page ``docs/records.md``."""
    columns = "".join(f"| `{one.name}` | {one.metadata[DESCRIPTION]} |\n" for one in fields(TidyRecord))
    return _HEAD + columns + _MEASURES + vocabulary_to_markdown()
