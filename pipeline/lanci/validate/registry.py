"""All rules in the order in which they run, and their documentation."""

from __future__ import annotations

from lanci.validate.rules.amount_over_columns import AmountOverColumns
from lanci.validate.rules.balance import Balance
from lanci.validate.rules.base import DocumentRule, TableRule
from lanci.validate.rules.children_sum import ChildrenSum
from lanci.validate.rules.column_number_sequence import ColumnNumberSequence
from lanci.validate.rules.column_sum import ColumnSum
from lanci.validate.rules.part_of_whole import PartOfWhole
from lanci.validate.rules.row_number_sequence import RowNumberSequence
from lanci.validate.rules.row_sum import RowSum
from lanci.validate.rules.same_quantity import SameQuantity
from lanci.validate.rules.same_total import SameTotal
from lanci.validate.rules.unnamed_table import UnnamedTable
from lanci.validate.rules.unreadable_amount import UnreadableAmount

TABLE_RULES: tuple[TableRule, ...] = (
    UnnamedTable(),
    ColumnSum(),
    RowSum(),
    ChildrenSum(),
    PartOfWhole(),
    Balance(),
    RowNumberSequence(),
    ColumnNumberSequence(),
    UnreadableAmount(),
    AmountOverColumns(),
)

DOCUMENT_RULES: tuple[DocumentRule, ...] = (SameQuantity(), SameTotal())

_HEAD = """# Rules

`lanci` checks every parsed document with the rules below and reports what does not hold as findings; the
printed text is never changed. This page is made from the rule classes
(`lanci.validate.registry.rules_to_markdown`); a test keeps it up to date.

An amount may be off by half a unit of the last place that its table prints. A sum of n amounts may therefore
miss its printed total by (n + 1) half units; a larger difference is reported. A blank counts as nothing in a
sum; where a text is no number, the sums that it takes part in are not judged. A finding lists the doubtful
cell first. Where a table may go on beyond the pages that were read, a total larger than its parts is a remark
(`info`). For text read by OCR, and only for that, a finding carries a `proposal` when a single other reading
of a single cell would make the sum hold.

| rule | looks at | most severe | what must hold |
|---|---|---|---|
"""


def rules_to_markdown() -> str:
    """The page ``docs/rules.md``."""
    rows = [(rule, "one table") for rule in TABLE_RULES] + [(rule, "all tables") for rule in DOCUMENT_RULES]
    lines = [
        f"| `{rule.name}` | {scope} | {rule.severity.value} | {rule.describes.english}<br>{rule.describes.chinese} |"
        for rule, scope in rows
    ]
    return _HEAD + "\n".join(lines) + "\n"
