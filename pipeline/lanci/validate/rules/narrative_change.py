"""Rule ``narrative-change``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lanci.document import Severity
from lanci.validate.certainty import STATED
from lanci.validate.constraints import Constraint, Part, Wording
from lanci.validate.context import DocumentContext
from lanci.validate.prose.amounts import Prose, read_prose
from lanci.validate.prose.changes import read_changes
from lanci.validate.rules.base import Description


class NarrativeChange:
    """The change that a sentence tells is the difference of the two amounts that it tells with it."""

    name = "narrative-change"
    severity = Severity.WARNING
    describes = Description(
        "Where prose compares an amount with an earlier one and tells both, their difference is the change that it "
        "tells (比…万元增加…万元).",
        "文字说明同时列出本期数和上期数的，增减额等于两者之差（比……万元增加……万元）。",
    )

    def find(self, context: DocumentContext) -> Iterable[Constraint]:
        for prose in read_prose(context):
            yield from self._in_statement(prose)

    def _in_statement(self, prose: Prose) -> Iterator[Constraint]:
        for told in read_changes(prose):
            if told.change is None or told.earlier is None:
                continue
            change, later, earlier = (prose.terms[index] for index in (told.change, told.later, told.earlier))
            figure = prose.figures[told.change]
            label = f"{prose.figures[told.later].phrase} {figure.phrase}（{figure.unit}）"
            wording = Wording("后一期减前一期", "the later amount minus the earlier one", label)
            if any(term.value for term in (change, later, earlier)):
                parts = (Part(later), Part(earlier, -1))
                yield Constraint(self.name, change, parts, STATED.certainty, self.severity, wording)
