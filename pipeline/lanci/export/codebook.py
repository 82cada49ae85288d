"""The codebook: every relation, column, value and view of an export, made from the code."""

from __future__ import annotations

from lanci.export.decimals import DECIMALS, DIGITS
from lanci.export.relations import Column, Relation
from lanci.export.rows import RELATIONS
from lanci.export.views import VIEWS
from lanci.interpret import vocabulary_to_markdown

_HEAD = f"""# Codebook

What `lanci export` writes. This page is made from the code (`lanci.export.codebook_to_markdown`) and stands in every
export as `codebook.md`; a test keeps it up to date. Queries to begin with are in export.md.

- All formats have the same relations and columns. Parquet keeps `budget_year` and `province` of the records in the
  names of folders.
- A text is empty where nothing is known. Other values are missing then: NULL in Parquet and DuckDB, empty in CSV.
- Decimals are exact: all printed digits in CSV, DECIMAL({DIGITS}, {DECIMALS}) in Parquet and DuckDB. A number that does
  not fit there is missing while `printed` is `number`; `text` always has what is printed.
- In CSV a text that a spreadsheet would take for a formula has an apostrophe in front.
- Amounts are what is printed, errors of the source included. `status` and the findings tell which to trust; nothing
  is repaired. A document prints most amounts several times: see the views for how to add up.
"""

_MEASURES = """
## Measures

The vocabulary of `measure` and `measure_groups`; see records.md for how it is read.

| measure | printed as | what it counts |
|---|---|---|
"""


def codebook_to_markdown() -> str:
    """The page ``docs/codebook.md``."""
    relations = "".join(map(_relation_to_markdown, RELATIONS))
    views = "".join(f"| `{view.name}` | {view.description} |\n" for view in VIEWS)
    views = f"\n## Views\n\nOf the DuckDB database.\n\n| view | what |\n|---|---|\n{views}"
    return _HEAD + relations + _MEASURES + vocabulary_to_markdown() + views


def _relation_to_markdown(relation: Relation) -> str:
    key = f" Key: {', '.join(f'`{name}`' for name in relation.key)}." if relation.key else ""
    parent = "" if relation.parent is None else f" Belongs to `{relation.parent.name}`."
    head = f"\n## {relation.name}\n\n{_sentence(relation.description)}{key}{parent}\n\n"
    rows = "".join(
        f"| `{column.name}` | {column.kind.value}{', may be missing' if column.optional else ''} | "
        f"{column.description}{_values(column)} |\n"
        for column in relation.columns
    )
    return f"{head}| column | type | what |\n|---|---|---|\n{rows}"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _values(column: Column) -> str:
    """The closed list of values, but for the long vocabulary that has a table of its own."""
    if not column.values or column.name == "measure":
        return ""
    return f". One of {', '.join(f'`{value}`' for value in column.values)}"
