"""All rules in the order in which they run, and their documentation."""

from __future__ import annotations

from lanci.validate.rules.amount_over_columns import AmountOverColumns
from lanci.validate.rules.balance import Balance
from lanci.validate.rules.base import DocumentRule, DocumentSums, Rule, TableRule, TableSums
from lanci.validate.rules.children_sum import ChildrenSum
from lanci.validate.rules.code_gap import CodeGap
from lanci.validate.rules.code_name import CodeName
from lanci.validate.rules.code_total import CodeTotal
from lanci.validate.rules.column_number_sequence import ColumnNumberSequence
from lanci.validate.rules.column_sum import ColumnSum
from lanci.validate.rules.decimal_places import DecimalPlaces
from lanci.validate.rules.difference import Difference
from lanci.validate.rules.duplicate_table import DuplicateTable
from lanci.validate.rules.execution_balance import ExecutionBalance
from lanci.validate.rules.form_sum import FormSum
from lanci.validate.rules.group_sum import GroupSum
from lanci.validate.rules.item_sum import ItemSum
from lanci.validate.rules.missing_header import MissingHeader
from lanci.validate.rules.missing_subject import MissingSubject
from lanci.validate.rules.narrative_change import NarrativeChange
from lanci.validate.rules.narrative_figure import NarrativeFigure
from lanci.validate.rules.narrative_outline import NarrativeOutline
from lanci.validate.rules.narrative_percentage import NarrativePercentage
from lanci.validate.rules.narrative_sum import NarrativeSum
from lanci.validate.rules.part_of_whole import PartOfWhole
from lanci.validate.rules.percentage import Percentage
from lanci.validate.rules.row_number_sequence import RowNumberSequence
from lanci.validate.rules.row_sum import RowSum
from lanci.validate.rules.same_quantity import SameQuantity
from lanci.validate.rules.same_total import SameTotal
from lanci.validate.rules.thousands_point import ThousandsPoint
from lanci.validate.rules.unknown_code import UnknownCode
from lanci.validate.rules.unnamed_column import UnnamedColumn
from lanci.validate.rules.unnamed_table import UnnamedTable
from lanci.validate.rules.unreadable_amount import UnreadableAmount
from lanci.validate.rules.weights import Weights

TABLE_SUMS: tuple[TableSums, ...] = (
    ColumnSum(),
    RowSum(),
    GroupSum(),
    ChildrenSum(),
    ItemSum(),
    FormSum(),
    PartOfWhole(),
    Difference(),
    ExecutionBalance(),
    Balance(),
)
DOCUMENT_SUMS: tuple[DocumentSums, ...] = (
    SameQuantity(),
    SameTotal(),
    CodeTotal(),
    NarrativeFigure(),
    NarrativeSum(),
    NarrativeOutline(),
    NarrativeChange(),
)
TABLE_RULES: tuple[TableRule, ...] = (
    UnnamedTable(),
    MissingHeader(),
    RowNumberSequence(),
    ColumnNumberSequence(),
    UnknownCode(),
    CodeName(),
    CodeGap(),
    UnreadableAmount(),
    AmountOverColumns(),
    UnnamedColumn(),
    DecimalPlaces(),
    Percentage(),
    Weights(),
)
DOCUMENT_RULES: tuple[DocumentRule, ...] = (
    ThousandsPoint(),
    NarrativePercentage(),
    MissingSubject(),
    DuplicateTable(),
)

MISPLACING_RULES = frozenset({AmountOverColumns.name, UnnamedColumn.name})
"""What these rules find of text read by OCR says that it cannot be told to which column a cell belongs."""
DOUBTING_RULES = MISPLACING_RULES | {UnreadableAmount.name, DecimalPlaces.name, ThousandsPoint.name}
"""What these rules find of text read by OCR says that a person should look at the cell, whatever else confirms it."""

ALL_RULES: tuple[Rule, ...] = (*TABLE_SUMS, *DOCUMENT_SUMS, *TABLE_RULES, *DOCUMENT_RULES)

_HEAD = """# Rules

`lanci` checks every parsed document with the rules below and reports what does not hold as findings; the
printed text is never changed. This page is made from the rule classes
(`lanci.validate.registry.rules_to_markdown`); a test keeps it up to date.

An amount may be off by half a unit of the last place that its table prints. A sum of n amounts may therefore
miss its printed total by (n + 1) half units; a larger difference is reported. An amount that is printed twice in
one unit was rounded once: it has to be the same; prose may round further than a table. A blank counts as nothing
in a sum; where a text is no number, the sums that it takes part in are not judged. Where a table may go on beyond
the pages that were read, a total larger than its parts is a remark (`info`).
For text read by OCR, and only for that, a finding carries a `proposal`
when a single other reading of a single cell would make the sum hold.

## Proven, unchecked, in conflict

Rules that are sums give *constraints*, each with a certainty: how sure it is that the document means it. It comes
from what is printed (codes, ordinals, headers) and from how many constraints of the same kind hold. Relations that
only the amounts tell count when they hold and random amounts would so agree in fewer than 1 of 100 cases.

An amount is `proven` when at least one certain constraint with it holds; `proofs` counts those over different
cells, and all that say no more than that a row prints the amount twice as one. Where nothing but zeros and blanks is
added up nothing is proven, nor by 收入总计 = 支出总计, nor by a bound (其中). A sum that only rounding could explain
proves something only in documents in which several sums show that amounts were rounded one by one, and nothing of
amounts that are no larger than that rounding or that are printed to more places than others of the sum.

Of a certain constraint that does not hold, the amounts that nothing else proves are in `conflict`, and so
is the likeliest culprit: the one whose change alone would mend most of the broken constraints around it. The
finding lists that one first. Where no single amount can be to blame, because whatever
is changed contradicts a sum that holds (two amounts are wrong, or one has moved to another column), the amounts of
the broken constraint are proven only if two more sums confirm them to the last place than dispute them. So is an
amount that would mend a broken constraint if it stood in a blank of its row: it may have been read in a wrong column.
Nothing is proven in a row where something with digits is printed that is no number: two rows may have been read as
one. All other amounts are `unchecked`.

An amount is *under a constraint* where a constraint of certainty 0.8 or more that holds of the print would fail with
what is read: that is what `lanci eval plant` counts by. A row that is lost takes with it the constraints of which it
is the total or holds all parts; what may stand on pages that were not read makes no constraint fail.

## What a person should look at

A finding tells of the document, `needs_review` of the reading: an amount that was read by OCR has it where it is
wrong with a probability of more than 1 in 100. That follows from its `confidence`, from its proofs (a sum holds with a
wrong amount in it about once in 100 times; two count), and, of sums that do not hold, from the odds described
below that it was misread. What no change of a few amounts explains needs a look, and so does what stands in no
column of its own: a column too many puts right amounts under a wrong name, whatever they add up to. Nor do proofs
excuse an amount that is wider or narrower than the others of its columns, whichever are fewer: where a rule is seen
that is none amounts fall in two, and pieces of amounts agree with like pieces. The more amounts of a page do either,
the more doubt is in all others of its part of the table, unless they are proven, and in numbers in its columns of
text; where no column of amounts has a name it is in all that are not proven. Three decimals that may be thousands
(`16.700` among whole amounts) are proven by nothing, as sums hold of both. How much, was counted on scans of made-up
documents (`benchmarks/doubt.py` of the evaluation). An error of the source that is read clearly needs no look, its
finding tells of it. A blank needs review where it was read with doubt and no sum holds without an amount there, where
it likely lost one, and beside an amount without a column of its own.

## Misread or wrong in the source

For constraints that do not hold and have amounts read by OCR, a search looks for changes of few cells that make all
constraints around them hold. A cell may print another reading of the recogniser or one that readers often confuse
with what was read (another digit, one lost or doubled, a sign); how likely that is follows from the cell's
confidence. Against it stands that the source has an amount wrong, or means no such sum: one in 2,000. Where changes
in which an amount of the sum was misread make up 90 of 100 parts of the odds the finding's `verdict` is `misreading`,
where those in which none was do, `source`, else `open`. Text that is no OCR is never doubted: `source`. A `proposal`
is given for a reading that alone makes up 95 of 100 parts of the odds. The search ends after a fixed number of steps;
what it has not settled is `open`.

## Prose and percentages

Amounts in paragraphs that were read by OCR are compared as those of a text layer are; the message then tells how sure
the reading is. Where the line of prose is what was misread the finding is a remark (`info`). Percentages confirm no
amounts. A printed percentage may be off by one unit of its last place, as many are cut off and not rounded, and by what
the rounding of its amounts explains.

## The rules

| rule | looks at | most severe | what must hold |
|---|---|---|---|
"""


def rules_to_markdown() -> str:
    """The page ``docs/rules.md``."""
    rows: list[tuple[Rule, str]] = [(rule, "one table") for rule in (*TABLE_SUMS, *TABLE_RULES)]
    rows += [(rule, "all tables") for rule in (*DOCUMENT_SUMS, *DOCUMENT_RULES)]
    lines = [
        f"| `{rule.name}` | {scope} | {rule.severity.value} | {rule.describes.english}<br>{rule.describes.chinese} |"
        for rule, scope in rows
    ]
    return _HEAD + "\n".join(lines) + "\n"
