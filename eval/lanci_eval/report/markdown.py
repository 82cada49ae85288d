"""``results.md``: the summary as Markdown tables, short enough to read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lanci_eval.report.build import dataset_facts, to_speed
from lanci_eval.report.documents_view import to_failures
from lanci_eval.report.figures_view import to_summaries
from lanci_eval.report.key_figures import KEY_FIGURES, KeyFigure
from lanci_eval.report.numbers import shorten
from lanci_eval.report.views import FailureView, FigureView
from lanci_eval.results import Results
from lanci_eval.results.summarize import MIN_GROUPS, Slice, Standing
from lanci_eval.results.timings import time_systems

SUMMARY_FILE = "results.md"
_MAX_REASON = 200
_MARKS = {Standing.BEST: "**{}**", Standing.TIED: "{} ≈"}


def results_to_markdown(results: Results, slices: Sequence[Slice], keys: Sequence[KeyFigure] = KEY_FIGURES) -> str:
    """The key figures of every dataset with their intervals, then speed and failures.

    Args:
        results: the run.
        slices: its figures, see :func:`lanci_eval.results.summarize.summarize`.
        keys: the figures to show, as far as they are defined.
    """
    parts = [
        "# Results of the evaluation",
        "Figures are percentages unless a heading says otherwise, with the 95 % interval of a bootstrap over "
        "independent documents in brackets. ↑ more is better, ↓ less is better. The best of a column is bold; ≈ is "
        f"not told apart from it by a paired comparison (which takes at least {MIN_GROUPS} independent documents). "
        "Where all documents agree no interval is given: of n alike, up to about 3/n of all others may still differ.",
    ]
    timings = time_systems(results)
    for dataset in results.datasets:
        whole = next(part for part in slices if part.dataset == dataset.label and part.tag is None)
        outcomes = {(o.item, o.system): o for o in results.outcomes if o.dataset == dataset.label}
        parts += [f"## {to_inline(dataset.label)}", to_inline(dataset_facts(dataset)) + "."]
        for summary in to_summaries(whole, keys, {}):
            heads = [f"{to_inline(h.text)} {h.arrow}".rstrip() for h in summary.headings]
            body = [[to_inline(row.name), *map(_figure_to_text, row.figures)] for row in summary.rows]
            parts += [f"{summary.basis.capitalize()}:", to_table(["system", *heads], body)]
        if whole.n_groups < MIN_GROUPS and len(whole.systems) > 1:
            parts.append("Too few independent documents to tell systems apart.")
        speed = to_speed([timing for timing in timings if timing.dataset == dataset.label])
        parts.append(
            to_table(
                ["system", "documents read", "s per page (median)", "against the first", "peak MiB (median)"],
                [
                    [
                        to_inline(row.system),
                        row.finished,
                        row.seconds,
                        f"{row.ratio} ({row.interval})" if row.interval else row.ratio,
                        row.peak_median,
                    ]
                    for row in speed
                ],
            )
        )
        parts += _failures_to_list(to_failures(dataset, results.systems, outcomes))
    return "\n\n".join(part for part in parts if part) + "\n"


def to_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table, the first column to the left and all others to the right; empty without rows."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    if not lines:
        return ""
    rule = "| " + " | ".join([":--", *["--:"] * (len(heads) - 1)]) + " |"
    return "\n".join([f"| {' | '.join(heads)} |", rule, *lines])


def to_inline(text: str) -> str:
    """A foreign text as plain text of one line: no markup, no break of the table."""
    line = " ".join(text.split())
    for sign in "\\`*_{}[]<>|#~&":
        line = line.replace(sign, f"\\{sign}")
    return line


def _figure_to_text(figure: FigureView) -> str:
    value = _MARKS.get(Standing(figure.standing), "{}").format(figure.value)
    return f"{value} ({figure.interval})" if figure.interval else value


def _failures_to_list(failures: Sequence[FailureView]) -> list[str]:
    lines = []
    for failure in failures:
        first = to_inline(shorten(failure.reasons[0][1], _MAX_REASON))
        more = f" (and {len(failure.reasons) - 1} more)" if len(failure.reasons) > 1 else ""
        lines.append(f"- {to_inline(failure.system)}: {failure.summary}; {first}{more}")
    return ["\n".join(lines)] if lines else []
