"""A comparison of two runs as Markdown tables."""

from __future__ import annotations

from collections.abc import Sequence

from lanci_eval.report.markdown import to_inline, to_table
from lanci_eval.report.numbers import count_to_text, difference_to_text, figure_to_text
from lanci_eval.results.compare import Coverage, Difference, RunComparison, Verdict
from lanci_eval.results.summarize import MIN_GROUPS

_MAX_NAMED = 20


def comparison_to_markdown(comparison: RunComparison) -> str:
    """The verdicts first, then every figure that is defined on both sides."""
    parts = [
        "# Comparison of B with A",
        "On the documents that both have, the same file on both sides. Differences are B less A, in percentage "
        "points where the figure is a share, with the 95 % interval of a paired bootstrap over independent documents. "
        f"A verdict takes at least {MIN_GROUPS} of them. Many figures are looked at together: one in twenty of them "
        "may show a difference by chance.",
    ]
    if comparison.unmatched:
        parts.append("Left out, since the other run has nothing to compare: " + _named(comparison.unmatched) + ".")
    for coverage in comparison.coverage:
        own = [d for d in comparison.differences if (d.dataset, d.pairing) == (coverage.dataset, coverage.pairing)]
        parts += _dataset_to_parts(coverage, own)
    return "\n\n".join(parts) + "\n"


def _dataset_to_parts(coverage: Coverage, differences: Sequence[Difference]) -> list[str]:
    pairing = coverage.pairing
    systems = [pairing.system_a, pairing.system_b]
    title = systems[0] if systems[0] == systems[1] else f"{systems[1]} against {systems[0]}"
    parts = [f"## {to_inline(coverage.dataset)}: {to_inline(title)}", _coverage_to_text(coverage)]
    for verdict in (Verdict.BETTER, Verdict.WORSE):
        names = [f"{d.metric} {d.info.name}" for d in differences if d.verdict is verdict]
        parts.append(f"B is {verdict} in {_named(names)}." if names else f"B is {verdict} in nothing that is shown.")
    table = to_table(
        ["figure", "A", "B", "B − A", "95 % interval", "documents", "verdict"],
        [_difference_to_row(d) for d in differences if d.verdict is not Verdict.UNDEFINED],
    )
    return [*parts, table or "No figure is defined on both sides."]


def _difference_to_row(d: Difference) -> list[str]:
    interval = ""
    if d.low is not None and d.high is not None:
        interval = f"{difference_to_text(d.low, d.info)} to {difference_to_text(d.high, d.info)}"
    verdict = f"**{d.verdict}**" if d.verdict in (Verdict.BETTER, Verdict.WORSE) else str(d.verdict)
    return [
        f"{to_inline(f'{d.metric} {d.info.name}')} {d.info.arrow}",
        figure_to_text(d.a, d.info),
        figure_to_text(d.b, d.info),
        difference_to_text(d.difference, d.info),
        interval,
        str(d.n_groups),
        verdict,
    ]


def _coverage_to_text(coverage: Coverage) -> str:
    text = f"{count_to_text(coverage.n_items, 'document')} compared, {coverage.n_groups} of them independent."
    for what, names in (
        ("only in A", coverage.only_a),
        ("only in B", coverage.only_b),
        ("another file in B under the same name, so not compared", coverage.changed),
    ):
        if names:
            text += f" {len(names)} {what}: {_named(names)}."
    return text


def _named(names: Sequence[str]) -> str:
    """The first names in full, the rest counted."""
    more = f" and {len(names) - _MAX_NAMED} more" if len(names) > _MAX_NAMED else ""
    return ", ".join(to_inline(name) for name in names[:_MAX_NAMED]) + more
