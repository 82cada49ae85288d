"""Rule ``narrative-outline``."""

from __future__ import annotations

from collections.abc import Iterable

from lanci.document import Severity
from lanci.validate.certainty import IMPLIED, rate
from lanci.validate.constraints import Constraint, Wording, make_parts
from lanci.validate.context import DocumentContext
from lanci.validate.prose.passages import Outline, read_outlines, read_passages
from lanci.validate.rules.base import Description


class NarrativeOutline:
    """What the numbered paragraphs under a paragraph state adds up to what it states itself."""

    name = "narrative-outline"
    severity = Severity.WARNING
    describes = Description(
        "The amounts of the numbered paragraphs under a paragraph of prose, （一）（二） or 1. 2., add up to its own; "
        "said only where most such sums of the document hold.",
        "文字说明中某段之下编号各段（（一）（二）或1.2.等）的金额之和等于该段金额；仅在同一文件中此类关系多数成立时提示。",
    )

    def find(self, context: DocumentContext) -> Iterable[Constraint]:
        found = [outline for passage in read_passages(context) for outline in read_outlines(passage)]
        yield from rate(map(self._claim, found), IMPLIED)

    def _claim(self, outline: Outline) -> Constraint:
        wording = Wording("其下编号各段", "the numbered paragraphs under it", outline.label)
        return Constraint(
            rule=self.name,
            total=outline.whole,
            parts=make_parts(outline.parts),
            certainty=IMPLIED.certainty,
            severity=self.severity,
            wording=wording,
            may_miss_parts=outline.may_miss_parts,
        )
