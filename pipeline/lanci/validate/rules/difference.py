"""Rule ``difference``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lanci.document import Severity
from lanci.validate.certainty import IMPLIED, Prior, most_hold, rate
from lanci.validate.constraints import Constraint, Part, Wording
from lanci.validate.context import Place, TableContext
from lanci.validate.rules.base import Description


class Difference:
    """A row or column of changes is the later amount less the earlier one."""

    name = "difference"
    severity = Severity.ERROR
    describes = Description(
        "A row or column of changes (增减) equals the later amounts minus the earlier ones.",
        "增减变化的行或列等于后一期金额减前一期金额。",
    )

    def find(self, context: TableContext) -> Iterable[Constraint]:
        amounts = context.amount_cols
        for meaning in context.table.meanings:
            if meaning.difference_of is not None:
                later, earlier = meaning.difference_of
                places = [((meaning.row, col), (later, col), (earlier, col)) for col in amounts]
                yield from self._rated(context, places, _ROWS)
        yield from self._columns(context)

    def _columns(self, context: TableContext) -> Iterator[Constraint]:
        """A column that is named a change, of the two before it or beside it that most rows bear out."""
        for change, pairs in context.changes:
            for later, earlier in pairs:
                rows = context.view.data_rows
                found = self._rated(context, [((row, change), (row, later), (row, earlier)) for row in rows], IMPLIED)
                if most_hold(found):
                    yield from found
                    break

    def _rated(
        self, context: TableContext, places: Iterable[tuple[Place, Place, Place]], prior: Prior
    ) -> list[Constraint]:
        wording = Wording("后一期减前一期", "the later amount minus the earlier one")
        found = []
        for place, later, earlier in places:
            terms = context.terms((place, later, earlier))
            if terms is not None and any(term.value for term in terms):
                parts = (Part(terms[1]), Part(terms[2], -1))
                found.append(Constraint(self.name, terms[0], parts, prior.certainty, self.severity, wording))
        return rate(found, prior)


_ROWS = Prior(0.95, 10)
"""The label tells of a change, and interpretation has seen that most columns bear it out."""
