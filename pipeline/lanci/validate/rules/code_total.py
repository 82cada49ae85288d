"""Rule ``code-total``."""

from __future__ import annotations

from collections.abc import Iterable

from lanci.document import Severity
from lanci.validate.certainty import STATED, min_severity, rate
from lanci.validate.constraints import Constraint, Wording
from lanci.validate.context import DocumentContext, Frame
from lanci.validate.quantities.ledgers import compare, read_ledgers, read_quantities
from lanci.validate.rules.base import Description


class CodeTotal:
    """What one table prints for a subject in several rows adds up to what another one prints for it."""

    name = "code-total"
    severity = Severity.ERROR
    describes = Description(
        "The rows of a subject code in a list by project, by unit or by another classification add up to what other "
        "tables print for the code, and so do the tables of the funds, and those of basic and project expenditure, to "
        "the table of all; said only where the totals and most codes agree.",
        "按项目、单位或其他分类列示的表中，同一科目各行之和等于其他表中该科目的金额；各资金表之和、基本支出与项目支出表之和等于总表；"
        "仅在合计及多数科目相符时提示。",
    )

    def find(self, context: DocumentContext) -> Iterable[Constraint]:
        wording = Wording("其他表中该科目各行", "the rows of this subject in other tables")
        quantities = read_quantities(read_ledgers(context))
        for index, quantity in enumerate(quantities):
            for before in quantities[:index]:
                severity = self.severity if quantity.fund == before.fund else min_severity(self.severity)
                found = compare(before, quantity, Frame(self.name, severity, wording, STATED.certainty))
                if found:
                    yield from rate(found, STATED)
                    break
