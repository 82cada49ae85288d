"""Rule ``narrative-sum``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from lanci.document import Measure, Severity
from lanci.validate.certainty import IMPLIED
from lanci.validate.constraints import Constraint, Wording, make_parts
from lanci.validate.context import DocumentContext
from lanci.validate.prose.amounts import Stated, read_stated
from lanci.validate.rules.base import Description

_WHOLES = (
    frozenset({Measure.BASIC, Measure.PROJECT}),
    frozenset({Measure.PERSONNEL, Measure.PUBLIC}),
    frozenset({Measure.ABROAD, Measure.VEHICLES, Measure.RECEPTION}),
    frozenset({Measure.ABROAD, Measure.VEHICLE_PURCHASE, Measure.VEHICLE_OPERATION, Measure.RECEPTION}),
    frozenset({Measure.VEHICLE_PURCHASE, Measure.VEHICLE_OPERATION}),
)
"""Parts that leave nothing out; of other lists nobody knows whether they name all parts."""


class NarrativeSum:
    """A list that a sentence opens with 其中 adds up to its whole."""

    name = "narrative-sum"
    severity = Severity.WARNING
    describes = Description(
        "What a sentence lists after 其中 or 包括 adds up to the amount before it; said only of lists that name all "
        "parts there can be (基本支出 and 项目支出, the three public expenses).",
        "文字说明中“其中”“包括”所列各项之和等于其前金额；仅在所列各项必为全部分项时（如基本支出与项目支出）提示。",
    )

    def find(self, context: DocumentContext) -> Iterable[Constraint]:
        for _, group in groupby(read_stated(context), key=lambda one: one.term.ref.row):
            yield from self._in_statement({one.term.ref.col: one for one in group})

    def _in_statement(self, stated: dict[int, Stated]) -> Iterator[Constraint]:
        for index, whole in stated.items():
            parts = [one for one in stated.values() if one.figure.whole == index]
            if len(parts) < 2 or not whole.figure.value:
                continue
            label = f"{whole.figure.phrase}（{whole.figure.unit}）"
            claim = Constraint(
                rule=self.name,
                total=whole.term,
                parts=make_parts(one.term for one in parts),
                certainty=IMPLIED.certainty,
                severity=self.severity,
                wording=Wording("其后所列各项", "what is listed after it", label),
            )
            if claim.holds or _names_all(parts):
                yield claim


def _names_all(parts: list[Stated]) -> bool:
    """Whether the parts can have no others beside them; several of one kind are those of several bodies or funds."""
    things = [one.subject.things for one in parts]
    is_each_other = all(len(one) == 1 for one in things) and len({*things}) == len(things)
    return is_each_other and frozenset[Measure]().union(*things) in _WHOLES
